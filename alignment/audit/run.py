"""An audit from end to end: what is done is passed over, the rest is audited and kept, then the tables are written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from time import monotonic

from alignment.audit.engine import AuditedResult, Engine, Task
from alignment.audit.folder import AuditFolder
from alignment.audit.model import (
    AuditedDocument,
    DocumentRow,
    ProblemRow,
    content_digest,
    document_key,
)
from alignment.audit.sources import Listed, Listing
from alignment.audit.tables import Kept, Placed, write_tables
from corpora.errors import DuibiaoError, IndexFormatError

#: Documents of a part, and seconds after which a smaller one is written: what an accident of the machine can cost.
BATCH, _SECONDS = 32, 5.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an audit is: documents done of all, and how many of the done needed no work; seconds since it began."""

    done: int
    total: int
    reused: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Documents audited a second."""
        return (self.done - self.reused) / self.seconds if self.seconds else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds to go, None while nothing is known of the speed."""
        return (self.total - self.done) / self.per_second if self.per_second else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: documents in all, audited now, taken from before, listed as copies; and the parts in use."""

    documents: int
    audited: int
    reused: int
    copies: int
    parts: frozenset[Path]


def run_audit(
    listing: Listing,
    folder: AuditFolder,
    engine: Engine,
    progress: Callable[[Progress], None] = lambda _: None,
    department_level: int = 0,
) -> Outcome:
    """Audit all documents that are not done, and write the tables.

    Whenever it ends before its end, by an error, an interrupt or the death of the process, what is in the folder's
    parts stays done.

    Parameters
    ----------
    listing : the documents.
    folder : holds what is done and takes the tables.
    engine : audits documents.
    progress : is told after each document.
    department_level : which folder above a document, from 1, is its department; 0 for none.

    Raises
    ------
    DuibiaoError : the engine cannot work, or the disk takes no more.
    """

    def once() -> Outcome:
        run = _Run(listing.documents, folder, engine, progress)
        run.audit()
        placed = run.placed(department_level)
        about = {"standard": folder.manifest.standard, "identity": engine.identity.digest}
        write_tables(folder.path, placed, about, listing.passed_over)
        return run.outcome(placed)

    try:
        return once()
    except IndexFormatError:  # rows that were kept are damaged: their documents are audited again
        folder.clear_damaged()
        return once()


class _Run:
    """The state of one run. Tasks are taken from threads of the engine's; results come in the caller's."""

    def __init__(
        self, documents: Sequence[Listed], folder: AuditFolder, engine: Engine, progress: Callable[[Progress], None]
    ) -> None:
        self._documents, self._folder, self._engine, self._progress = documents, folder, engine, progress
        self._before = folder.kept()
        self._known: dict[str, Kept | None] = dict(self._before)  # None: done, not yet in a part
        self._keys: dict[int, str] = {}
        self._digests: dict[int, bytes] = {}
        self._unread: dict[int, AuditedDocument] = {}
        self._pending: list[AuditedDocument] = []
        self._deferred: list[int] = []
        self._sent: set[str] = set()
        self._lock = threading.Lock()
        self._audited = self._reused = 0
        self._began = self._flushed = monotonic()

    def audit(self) -> None:
        """Audit until every document has its rows.

        Copies of a document that is at work wait for the next pass: whether its rows are theirs too is known then.
        """
        numbers: Sequence[int] = range(len(self._documents))
        while numbers:
            self._deferred, self._sent = [], set()
            try:
                for found in self._engine.results(self._tasks(numbers)):
                    self._take(found)
            finally:
                self._flush()
            numbers = self._deferred

    def placed(self, department_level: int) -> list[Placed]:
        """All documents as the tables list them."""
        first: dict[bytes, str] = {}
        placed = []
        for number, listed in enumerate(self._documents):
            original = first.setdefault(self._digests[number], listed.path) if number in self._digests else listed.path
            copy_of = original if original != listed.path else ""
            placed.append(Placed(listed.path, _department(listed.path, department_level), copy_of, self._rows(number)))
        return placed

    def outcome(self, placed: Sequence[Placed]) -> Outcome:
        """What was done."""
        parts = frozenset(one.rows.part for one in placed if isinstance(one.rows, Kept))
        copies = sum(bool(one.copy_of) for one in placed)
        reused = sum(key in self._before for key in self._keys.values())
        return Outcome(len(placed), self._audited, reused, copies, parts)

    def _rows(self, number: int) -> Kept | AuditedDocument:
        if number in self._unread:
            return self._unread[number]
        kept = self._known[self._keys[number]]
        assert kept is not None
        return kept

    def _tasks(self, numbers: Sequence[int]) -> Iterator[Task]:
        """The documents that need work; the others get their rows at once."""
        for number in numbers:
            listed = self._documents[number]
            try:
                data = listed.read()
            except DuibiaoError as error:
                self._unread[number] = _unreadable(listed.path, error)
                self._count(reused=True)
                continue
            task = Task(number, PurePosixPath(listed.path).name, data)
            if self._needs_work(task):
                yield task

    def _needs_work(self, task: Task) -> bool:
        digest = content_digest(task.data)
        self._digests[task.number] = bytes.fromhex(digest)
        keys = [document_key(self._engine.identity, digest, task.name, by_name=by_name) for by_name in (False, True)]
        key = next((key for key in keys if key in self._known), None)
        if key is not None:
            self._keys[task.number] = key
            self._count(reused=True)
            return False
        if keys[0] in self._sent:
            self._deferred.append(task.number)
            return False
        self._sent.add(keys[0])
        return True

    def _take(self, found: AuditedResult) -> None:
        result = found.result
        self._pending.append(result)
        self._known[result.key] = None
        self._keys[found.number] = result.key
        self._audited += 1
        if len(self._pending) >= BATCH or monotonic() - self._flushed > _SECONDS:
            self._flush()
        self._count(reused=False)

    def _flush(self) -> None:
        if self._pending:
            self._known.update(self._folder.keep(self._pending))
            self._pending = []
        self._flushed = monotonic()

    def _count(self, *, reused: bool) -> None:
        with self._lock:
            self._reused += reused
            done = len(self._keys) + len(self._unread)
            self._progress(Progress(done, len(self._documents), self._reused, monotonic() - self._began))


def _unreadable(path: str, error: DuibiaoError) -> AuditedDocument:
    """The rows of a document whose bytes cannot be had; never kept, for they may be had next time."""
    problem = ProblemRow("unreadable", "", error.what, error.advice)
    return AuditedDocument(path, True, True, DocumentRow("", 0, "failed"), problems=(problem,))


def _department(path: str, level: int) -> str:
    folders = PurePosixPath(path).parts[:-1]
    return folders[level - 1] if 0 < level <= len(folders) else ""
