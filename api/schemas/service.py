"""What the API takes and gives besides the report itself: problems, pages, documents, jobs, audits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from api.schemas.parts import Model, Unit
from api.store import models
from api.store.models import FileRole, JobState, ReviewState

T = TypeVar("T")
V1 = "/api/v1"

DocumentKindName = Literal["auto", "syllabus", "plan", "textbook"]
Identifier = Annotated[str, Field(description="26 个小写字母和数字", examples=["01k0a2b3c4d5e6f7g8h9j0kmnp"])]


def _iso(value: Any) -> Any:
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d[Tt ]", value):
        raise ValueError(value)
    return value


#: A time with its zone, as text in ISO 8601 and not as a number of seconds.
Moment = Annotated[AwareDatetime, BeforeValidator(_iso)]


class RequestModel(BaseModel):
    """Base of what is sent: unknown fields are refused, and so is what is of another type (``false`` is no number)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FieldProblemOut(Model):
    """One wrong field of a request."""

    place: str
    field: str
    what: str
    what_en: str


class ProblemOut(Model):
    """A problem as RFC 9457 has it, with the same in English.

    ``type`` can be read: it tells what the kind of problem means. ``errors`` names wrong fields, ``request_id`` the
    entry in the service's log.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    where: str = ""
    advice: str = ""
    title_en: str
    detail_en: str
    errors: list[FieldProblemOut] | None = None
    request_id: str | None = None


class ProblemKindOut(Model):
    """A kind of problem."""

    type: str
    status: int
    title: str
    title_en: str
    detail_en: str


class PageOut(Model, Generic[T]):
    """A page of a list, newest first; ``next`` is what ``after`` asks the next page with, "" at the end."""

    items: list[T]
    next: str = ""


class PersonOut(Model):
    """A user, by name."""

    id: str
    name: str


class DepartmentOut(Model):
    """A department, by name."""

    id: str
    name: str


class StoredFileOut(Model):
    """One file of a document; ``link`` downloads its bytes."""

    position: int
    role: FileRole
    name: str
    sha256: str
    size: int
    link: str


class StoredDocumentOut(Model):
    """An uploaded document, its files in order."""

    id: Identifier
    name: str
    sha256: str
    size: int
    kind: str
    major: str
    owner: PersonOut
    department: DepartmentOut | None
    previous: str | None
    created_at: datetime
    files: list[StoredFileOut]
    links: dict[str, str]

    @classmethod
    def from_row(cls, row: models.Document) -> StoredDocumentOut:
        """From the table."""
        here = f"{V1}/documents/{row.id}"
        plain = ("id", "name", "sha256", "size", "kind", "major", "created_at")
        return cls(
            **{name: getattr(row, name) for name in plain},
            owner=PersonOut.model_validate(row.owner),
            department=DepartmentOut.model_validate(row.department) if row.department else None,
            previous=row.previous_id,
            files=[_file(here, position, file) for position, file in enumerate(row.files)],
            links={"self": here, "reports": f"{V1}/reports?document={row.id}"},
        )


class ReportRequest(RequestModel):
    """A document to be held against a standard.

    ``courses`` names the courses of the standard that it serves; without them the program finds out.
    """

    document: Annotated[str, Field(description="文档的编号", min_length=1, max_length=64)]
    standard: Annotated[str, Field(description="标准的专业代码", min_length=1, max_length=64)] = "530701"
    courses: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=64)]],
        Field(description="这份文档对应标准里的哪些课程，如 C5；不填则自动判断", max_length=64, default_factory=list),
    ]


class JobProblemOut(Model):
    """Why a job failed."""

    what: str
    where: str = ""
    advice: str = ""


class ServedCourseOut(Model):
    """A core course that the document serves."""

    id: str
    title: str
    probability: Unit


class WorstGapOut(Model):
    """One of the gaps that weigh most."""

    element: str
    text: str
    kind: str
    statement: str


class RuleCountsOut(Model):
    """How many rules came out how."""

    passed: int = Field(alias="pass", default=0)
    fail: int = 0
    cannot_determine: int = 0


class HeadlineOut(Model):
    """The report in short, with persons' decisions; ``decided`` counts the verdicts they decided."""

    title: str
    kind: str
    coverage_ratio: Unit
    covered: int
    touched: int
    missing: int
    review: int
    level_short: int
    decided: int = 0
    courses: list[ServedCourseOut]
    scope: list[str] = Field(default_factory=list)
    worst: list[WorstGapOut]
    rules: RuleCountsOut | None = None
    errors: int = 0
    chars: int = 0
    pages: int | None = None


class ReportJobOut(Model):
    """A report as a job: how far it is, and once done what it says in short."""

    id: Identifier
    document: str
    document_name: str
    audit: str | None
    standard: str
    courses: list[str]
    state: JobState
    stage: str
    progress: Unit
    problem: JobProblemOut | None
    headline: HeadlineOut | None
    attempt: int
    review_state: ReviewState
    created_at: datetime
    changed_at: datetime
    finished_at: datetime | None
    links: dict[str, str]

    @classmethod
    def from_row(cls, row: models.Report) -> ReportJobOut:
        """From the table."""
        special = {"document", "document_name", "audit", "links", "headline"}
        return cls(
            **{name: getattr(row, name) for name in cls.model_fields if name not in special},
            document=row.document_id,
            document_name=row.document.name,
            audit=row.audit_id,
            headline=HeadlineOut.model_validate(row.headline) if row.headline else None,
            links=_report_links(row),
        )


class LeftOutOut(Model):
    """What of a batch was left out."""

    where: str
    what: str


class AuditOut(Model):
    """A batch: how many of its reports are in which state, and what of the upload was left out."""

    id: Identifier
    name: str
    standard: str
    owner: PersonOut
    department: DepartmentOut | None
    problems: list[LeftOutOut]
    counts: dict[JobState, int]
    done: bool
    created_at: datetime
    links: dict[str, str]

    @classmethod
    def from_row(cls, row: models.Audit, counts: Mapping[Any, int], done: bool) -> AuditOut:
        """From the table and the numbers of its reports."""
        here = f"{V1}/audits/{row.id}"
        links = {name: f"{here}/{name}" for name in ("events", "export", "cancel", "retry")}
        return cls(
            **{name: getattr(row, name) for name in ("id", "name", "standard", "created_at")},
            owner=PersonOut.model_validate(row.owner),
            department=DepartmentOut.model_validate(row.department) if row.department else None,
            problems=[LeftOutOut.model_validate(problem) for problem in row.problems],
            counts=dict(counts),
            done=done,
            links={"self": here, "reports": f"{V1}/reports?audit={row.id}", **links},
        )


class ProgressOut(Model):
    """Data of the event ``progress``: how far a report is."""

    report: str
    document: str
    state: JobState
    stage: str
    progress: Unit
    problem: JobProblemOut | None = None

    @classmethod
    def from_row(cls, row: models.Report) -> ProgressOut:
        """From the table."""
        plain = {name: getattr(row, name) for name in ("state", "stage", "progress", "problem")}
        return cls(report=row.id, document=row.document.name, **plain)


class CountsOut(Model):
    """Data of the event ``counts``: how many reports of a batch are in which state."""

    audit: str
    counts: dict[JobState, int]
    done: bool


def _file(document: str, position: int, row: models.DocumentFile) -> StoredFileOut:
    plain = {name: getattr(row, name) for name in ("role", "name", "sha256", "size")}
    return StoredFileOut(position=position, link=f"{document}/files/{position}", **plain)


def _report_links(row: models.Report) -> dict[str, str]:
    here = f"{V1}/reports/{row.id}"
    links = {"self": here, "document": f"{V1}/documents/{row.document_id}", "events": f"{here}/events"}
    if row.audit_id:
        links["audit"] = f"{V1}/audits/{row.audit_id}"
    if row.state == "done":
        links["result"] = f"{here}/result"
    links["cancel" if row.state in ("queued", "running") else "retry"] = ""
    return {name: link or f"{here}/{name}" for name, link in links.items()}
