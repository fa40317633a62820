"""The words of problems in English: a catalogue of our fixed sentences, Chinese to English.

The catalogue's keys are the sentences as they stand in the code, with ``{}`` for what is put in; so are its values,
with the same number of ``{}``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.i18n import Language, read_catalogue

CATALOGUE = Path(__file__).resolve().parents[1] / "i18n" / "problems.yaml"


@dataclass(frozen=True, slots=True)
class _Pattern:
    form: re.Pattern[str]
    english: str


def in_english(text: str) -> str | None:
    """One of our sentences in English; None for one that the catalogue does not hold."""
    plain, patterns = _sentences()
    if text in plain:
        return plain[text]
    for pattern in patterns:
        if found := pattern.form.fullmatch(text):
            return pattern.english.format(*(in_english(part) or part for part in found.groups()))
    return None


def preferred(accept: str | None) -> Language:
    """Chinese or English by an ``Accept-Language`` header; Chinese where it asks for neither."""
    wanted: dict[str, float] = {}
    for part in (accept or "").lower().split(","):
        tag, _, weight = part.strip().partition(";")
        wanted.setdefault(tag.strip().partition("-")[0], _weight(weight))
    return "en" if wanted.get("en", 0.0) > wanted.get("zh", 0.0) else "zh"


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    return float(value) if re.fullmatch(r"\s*[01](\.\d{0,3})?\s*", value) else 0.0


@cache
def _sentences() -> tuple[dict[str, str], tuple[_Pattern, ...]]:
    catalogue = read_catalogue(CATALOGUE)
    plain = {key: value for key, value in catalogue.items() if "{}" not in key}
    patterns = (
        _Pattern(re.compile("(.*?)".join(map(re.escape, key.split("{}"))), re.DOTALL), value)
        for key, value in sorted(catalogue.items(), key=lambda item: -len(item[0]))
        if "{}" in key
    )
    return plain, tuple(patterns)
