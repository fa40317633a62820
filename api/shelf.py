"""Standards at hand: read once, again when their file changes, with a finder each."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from alignment.finder import StatementFinder
from api.settings import Settings
from corpora.standard import Standard
from corpora.standard_json import load_standard, standard_files
from index.encoders import load_encoder

_Version = tuple[Path, int, int] | None


class StandardShelf:
    """Keeps standards and finders of a data folder, so that all who ask get the same objects.

    Parameters
    ----------
    settings : names the folder of imported standards and the encoder.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._standards: dict[str, tuple[_Version, Standard]] = {}
        self._finders: dict[str, StatementFinder] = {}

    def standard(self, code: str) -> Standard:
        """The standard of a code, as its file is now.

        Raises
        ------
        UnknownStandardError : there is none.
        StandardFormatError : its file is damaged.
        """
        with self._lock:
            version = self._version(code)
            known = self._standards.get(code)
            if known is None or known[0] != version:
                known = (version, load_standard(code, self._settings.standards))
                self._standards[code] = known
            return known[1]

    def finder(self, code: str) -> StatementFinder:
        """Search over the standard of a code; raises as ``standard`` does."""
        standard = self.standard(code)
        known = self._finders.get(code)
        if known is None or known.standard is not standard:
            known = StatementFinder(standard, load_encoder(self._settings.encoder or None))
            self._finders[code] = known
        return known

    def _version(self, code: str) -> _Version:
        path = standard_files(self._settings.standards).get(code)
        if path is None:
            return None
        facts = path.stat()
        return path, facts.st_mtime_ns, facts.st_size
