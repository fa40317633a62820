"""The tables. Rows of ``decisions``, ``review_events`` and ``log_entries`` are only ever added.

All times are UTC. ``owner_id`` always names a user: without accounts it is the user ``local``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from api.store.ids import new_id

RoleName = Literal["teacher", "reviewer", "auditor", "admin"]
FileRole = Literal["main", "more", "rules"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]
#: 草稿, 待审, 退回, 通过.
ReviewState = Literal["draft", "submitted", "returned", "approved"]
TargetKind = Literal["element", "rule"]
#: accept: the proposal holds; override: another verdict; withdraw: back to the proposal; confirm, object: a second
#: reviewer on the decision that stands.
DecisionAction = Literal["accept", "override", "withdraw", "confirm", "object"]

#: The user who owns everything while the service runs without accounts.
LOCAL_USER = "local"


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC, also where the database keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To the database."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Base(DeclarativeBase):
    """Base of all tables. Constraints have names, so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ix": "%(table_name)s_%(column_0_name)s_idx",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        str: String(),
    }


class Department(Base):
    """A department (院系) whose documents its reviewers and auditors see."""

    __tablename__ = "departments"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Membership(Base):
    """A user's place in a department."""

    __tablename__ = "memberships"
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id", ondelete="CASCADE"), primary_key=True)


class User(Base):
    """A person with an account. ``subject`` is the identity at the OIDC provider, where there is one."""

    __tablename__ = "users"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    subject: Mapped[str | None] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime | None]
    departments: Mapped[list[Department]] = relationship(secondary="memberships", order_by=Department.name)


class LoginSession(Base):
    """A signed-in browser; ``digest`` is the SHA-256 of the cookie's secret, ``csrf`` the token of its forms."""

    __tablename__ = "login_sessions"
    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    user: Mapped[User] = relationship()


class Token(Base):
    """An API token; ``digest`` is the SHA-256 of its secret."""

    __tablename__ = "tokens"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class Document(Base):
    """An uploaded document: one file, or a plan of several.

    ``kind`` is what the sender says it is (``auto`` where the program shall find out), ``major`` which one to audit;
    ``sha256`` is the digest over roles and digests of its files; ``previous_id`` the earlier version of the same text.
    """

    __tablename__ = "documents"
    __table_args__ = (Index("documents_by_place", "department_id", "id"),)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    kind: Mapped[str] = mapped_column(default="auto")
    major: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    previous_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    owner: Mapped[User] = relationship(lazy="joined")
    department: Mapped[Department | None] = relationship(lazy="joined")
    files: Mapped[list[DocumentFile]] = relationship(
        order_by="DocumentFile.position", cascade="all, delete-orphan", lazy="selectin"
    )


class DocumentFile(Base):
    """One file of a document; its bytes are the blob of its digest."""

    __tablename__ = "document_files"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    role: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]


class Audit(Base):
    """A batch of documents held against one standard.

    ``problems`` lists what of the upload was left out: ``{"where", "what"}`` each.
    """

    __tablename__ = "audits"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    standard: Mapped[str]
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"), index=True)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
    owner: Mapped[User] = relationship(lazy="joined")
    department: Mapped[Department | None] = relationship(lazy="joined")


class Report(Base):
    """A document held against a standard: a job, and once done its result.

    ``stage`` and ``progress`` (0..1) tell how far the job is; ``problem`` what it failed of (``{"what", "where",
    "advice"}``); ``headline`` what lists show without opening the result (see ``api.services.headline``); ``attempt``
    counts retries from 1.
    """

    __tablename__ = "reports"
    __table_args__ = (Index("reports_by_state", "state", "id"),)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    audit_id: Mapped[str | None] = mapped_column(ForeignKey("audits.id", ondelete="CASCADE"), index=True)
    standard: Mapped[str]
    courses: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="queued")
    stage: Mapped[str] = mapped_column(default="")
    progress: Mapped[float] = mapped_column(default=0.0)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    result_key: Mapped[str | None] = mapped_column(ForeignKey("results.key"), index=True)
    headline: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    attempt: Mapped[int] = mapped_column(default=1)
    review_state: Mapped[str] = mapped_column(default="draft", index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    finished_at: Mapped[datetime | None]
    document: Mapped[Document] = relationship(lazy="joined")


class Result(Base):
    """A finished alignment, shared by all reports of the same bytes, standard, model, version and options.

    ``report_blob`` and ``document_blob`` are digests of blobs: the gap report and the read document
    (``api.store.codec``); ``headline`` is the report's, its title left empty where it is the file's name.
    """

    __tablename__ = "results"
    key: Mapped[str] = mapped_column(primary_key=True)
    report_blob: Mapped[str] = mapped_column(index=True)
    document_blob: Mapped[str] = mapped_column(index=True)
    seconds: Mapped[float]
    headline: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Decision(Base):
    """What a person decided on one verdict of a document against a standard; the last word on a target counts.

    Kept by document and standard, not by report, so that it stays when the document is read again. ``proposed`` is what
    the system said then (``{"grade", "level"}`` or ``{"verdict"}``); ``grade``, ``level``, ``verdict`` what the person
    says; ``quote`` with ``start``/``end`` the passage that proves a grade above the proposal.
    """

    __tablename__ = "decisions"
    __table_args__ = (Index("decisions_by_target", "document_id", "standard", "target_kind", "target_id"),)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    standard: Mapped[str]
    target_kind: Mapped[str]
    target_id: Mapped[str]
    target_text: Mapped[str]
    action: Mapped[str]
    proposed: Mapped[dict[str, Any]]
    grade: Mapped[int | None]
    level: Mapped[int | None]
    verdict: Mapped[str | None]
    quote: Mapped[str | None]
    start: Mapped[int | None]
    end: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)


class ReviewEvent(Base):
    """One step of a report's review: 草稿, 待审, 退回, 通过."""

    __tablename__ = "review_events"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), index=True)
    from_state: Mapped[str]
    to_state: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)


class LogEntry(Base):
    """Who saw or changed what. No text of documents, no foreign keys: it outlives what it tells of."""

    __tablename__ = "log_entries"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    user_id: Mapped[str]
    user_name: Mapped[str]
    action: Mapped[str]
    object_kind: Mapped[str] = mapped_column(default="")
    object_id: Mapped[str] = mapped_column(default="")
    department_id: Mapped[str | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class IdempotencyRecord(Base):
    """The answer to a request that was sent with an idempotency key, for its repetition."""

    __tablename__ = "idempotency_records"
    __table_args__ = (UniqueConstraint("user_id", "key"),)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[str]
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int | None]
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
