"""The corpus for a process that lives long: opened when first needed, again when it has changed on disk."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from alignment.exemplars.corpus import Exemplars
from alignment.exemplars.manifest import NAME
from alignment.exemplars.shipped import bank_exemplars, sample_exemplars
from alignment.exemplars.store import ExemplarStore
from index.protocols import Encoder

_Version = tuple[int, int] | None


class LiveExemplars:
    """Gives the corpus as it is now: the user's with what the product ships, or the latter alone.

    Parameters
    ----------
    folder : of the user's corpus.
    encoder : gives the vectors.
    standards : folder of imported standards.
    """

    def __init__(self, folder: Path, encoder: Encoder, standards: Path | None = None) -> None:
        self._store, self._encoder, self._standards = ExemplarStore(folder, standards), encoder, standards
        self._lock = Lock()
        self._version: _Version = None
        self._opened: Exemplars | None = None

    def __call__(self) -> Exemplars:
        """The corpus for suggestions: without a user's corpus the samples' passages.

        Raises
        ------
        IndexFormatError : the user's corpus is damaged, or another encoder made it.
        """
        with self._lock:
            version = _version(self._store.folder / NAME)
            if self._opened is None or version != self._version:
                self._opened = self._store.open(self._encoder) if version else self._samples()
                self._version = version
            return self._opened

    def whole(self) -> Exemplars:
        """The corpus for searches: without a user's corpus the samples' passages and the expression banks.

        Raises
        ------
        IndexFormatError : as calling it does.
        StandardFormatError : an expression bank is damaged.
        """
        if _version(self._store.folder / NAME):
            return self()
        return Exemplars.build([*bank_exemplars(self._standards), *sample_exemplars()], self._encoder)

    def _samples(self) -> Exemplars:
        return Exemplars.build(sample_exemplars(), self._encoder)


def _version(path: Path) -> _Version:
    """Tells one writing of a file from another; None where there is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size
