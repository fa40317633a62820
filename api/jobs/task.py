"""What a child process does for one report: read the files, align, keep the result as blobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alignment.aligner import Aligner
    from alignment.model import GapReport
    from api.settings import Settings
    from api.store.blobs import Blobs
    from api.uploads import Upload

#: The stages of a job in their order, with the share of the work that lies before each.
STAGES: Mapping[str, float] = {
    "parse": 0.05,
    "segment": 0.2,
    "prepare": 0.3,
    "encode": 0.4,
    "judge": 0.5,
    "audit": 0.7,
    "report": 0.9,
}


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A file to read: its bytes are the blob of its digest."""

    name: str
    role: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Task:
    """A document to hold against a standard (see ``api.store.models.Document`` and ``Report``)."""

    report_id: str
    files: tuple[TaskFile, ...]
    standard: str
    courses: tuple[str, ...] = ()
    kind: str = "auto"
    major: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished alignment: digests of its blobs, how long it took as a whole and by stage, what lists show of it."""

    report_blob: str
    document_blob: str
    seconds: float
    stages: dict[str, float] = field(default_factory=dict)
    headline: dict[str, Any] = field(default_factory=dict)


def run(task: Task, settings: Settings, blobs: Blobs, aligner: Aligner, progress: Callable[[str], None]) -> Outcome:
    """Do a task.

    Parameters
    ----------
    blobs : where the files are, and where the result is kept.
    progress : is told each of ``STAGES`` as it begins.

    Raises
    ------
    DuibiaoError : a file cannot be read, there is no such standard or course, or the document is no plan.
    """
    from api.services.headline import headline
    from api.store.codec import encode_document, encode_report
    from api.wiring import find_standard

    start = perf_counter()
    standard = find_standard(settings, task.standard)
    progress("parse")
    upload = _read(task, blobs)
    parsed = perf_counter() - start
    report = _align(task, upload, aligner, standard, progress)
    progress("report")
    return Outcome(
        report_blob=blobs.put(encode_report(report)),
        document_blob=blobs.put(encode_document(upload.document)),
        seconds=perf_counter() - start,
        stages={"parse": parsed, **report.provenance.seconds},
        headline=headline(report),
    )


def _read(task: Task, blobs: Blobs) -> Upload:
    from api.uploads import read_upload

    files: dict[str, list[tuple[str, bytes]]] = {"main": [], "more": [], "rules": []}
    for file in task.files:
        files[file.role].append((file.name, blobs.read(file.sha256)))
    return read_upload(files["main"], files["more"], files["rules"], task.kind, task.major)


def _align(task: Task, upload: Upload, aligner: Aligner, standard: Any, progress: Callable[[str], None]) -> GapReport:
    from api.uploads import KINDS

    def stage(name: str) -> None:
        if name in STAGES:
            progress(name)

    return aligner.align(
        upload.document,
        standard,
        kind=KINDS[upload.kind],
        courses=task.courses,
        plan=upload.options,
        progress=stage,
    )
