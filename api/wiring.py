"""The one place where parts are chosen and put together."""

from __future__ import annotations

from alignment.aligner import Aligner
from alignment.finder import StatementFinder
from api.settings import Settings
from corpora.expressions import load_expressions
from corpora.standard import Standard
from corpora.standard_json import load_standard
from index.encoders import load_encoder


def build_aligner(settings: Settings, encoder: str = "") -> Aligner:
    """The aligner with the encoder asked for, the setting's, or the built-in one."""
    return Aligner.default(
        load_encoder(encoder or settings.encoder or None),
        banks=lambda standard: load_expressions(standard.code, settings.standards),
    )


def find_standard(settings: Settings, code: str) -> Standard:
    """An imported or shipped standard.

    Raises
    ------
    UnknownStandardError : there is none of this code.
    """
    return load_standard(code, settings.standards)


def build_finder(settings: Settings, code: str) -> StatementFinder:
    """Search over the statements of one standard, with the setting's encoder or the built-in one."""
    return StatementFinder(find_standard(settings, code), load_encoder(settings.encoder or None))
