"""Documents: uploading, finding, listing, deleting."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth.principal import ForbiddenError, NotFoundError, Principal, Right, require
from api.service import Service
from api.services.access import check_changeable, check_visible, visible
from api.services.incoming import Incoming, Kept, check_file, keep
from api.services.log import entry
from api.services.paging import Page, PageRequest
from api.services.removing import put_away
from api.store.models import Department, Document, DocumentFile, LogEntry
from api.store.removal import remove_documents
from api.uploads import KINDS
from corpora.errors import UsageError

__all__ = ["Incoming", "delete_document", "find_document", "list_documents", "upload"]


def upload(
    service: Service,
    principal: Principal,
    files: Sequence[Incoming],
    *,
    kind: str = "auto",
    major: str = "",
    department_id: str | None = None,
    previous_id: str | None = None,
) -> Document:
    """Keep a document: one file, or a plan with further files and rule packs.

    Parameters
    ----------
    kind : a key of ``api.uploads.KINDS``.
    major : name or code of the major to audit, "" for the first.
    department_id : where it belongs; without one, the only department of the user.
    previous_id : the earlier version of the same text.

    Raises
    ------
    ForbiddenError : the user does not belong to the department.
    NotFoundError : there is no such department or earlier version.
    UsageError, DocumentError : the files cannot be what they are said to be.
    """
    require(principal, Right.UPLOAD)
    _check_files(service, files, kind, major)
    kept = [keep(service.store.blobs, file) for file in files]
    with service.store.alone() as session:
        for file, row in zip(files, kept, strict=True):
            if not service.store.blobs.holds(row.sha256):  # deleted with another document since
                keep(service.store.blobs, file)
        department = department_for(session, principal, department_id)
        if previous_id is not None:
            check_visible(principal, session.get(Document, previous_id), "没有找到上一版文档")
        document = add_document(session, principal, kept, kind, major, department)
        document.previous_id = previous_id
        session.add(_entry(principal, "document.upload", document, files=len(files)))
    return find_document(service, principal, document.id)


def find_document(service: Service, principal: Principal, id: str) -> Document:
    """A document.

    Raises
    ------
    NotFoundError : there is none that the principal may see.
    """
    require(principal, Right.READ)
    with service.store.read() as session:
        document = session.get(Document, id)
    check_visible(principal, document, "没有找到这份文档")
    assert document is not None
    return document


def list_documents(
    service: Service, principal: Principal, page: PageRequest, *, text: str = "", department_id: str | None = None
) -> Page[Document]:
    """The documents that the principal sees, newest first; those whose name holds a text, or of one department."""
    require(principal, Right.READ)
    query = select(Document).where(visible(principal, Document)).order_by(Document.id.desc()).limit(page.limit + 1)
    if page.after:
        query = query.where(Document.id < page.after)
    if text.strip():
        query = query.where(Document.name.icontains(text.strip(), autoescape=True))
    if department_id is not None:
        query = query.where(Document.department_id == department_id)
    with service.store.read() as session:
        return Page.of(session.scalars(query).unique().all(), page)


def delete_document(service: Service, principal: Principal, id: str) -> None:
    """Delete a document with its reports, decisions and files; running jobs are stopped.

    Raises
    ------
    NotFoundError, ForbiddenError : it is not there, or not the principal's.
    """
    require(principal, Right.UPLOAD)
    with service.store.alone() as session:
        document = session.get(Document, id)
        check_visible(principal, document, "没有找到这份文档")
        assert document is not None
        check_changeable(principal, document)
        session.add(_entry(principal, "document.delete", document))
        removed = remove_documents(session, [id])
    put_away(service.store, service.jobs, removed)


def department_for(session: Session, principal: Principal, wanted: str | None) -> str | None:
    """Where an upload belongs: the department wanted, or the only one of the user."""
    if not wanted:
        return next(iter(principal.departments)) if len(principal.departments) == 1 else None
    if principal.role == "admin" and session.get(Department, wanted) is None:
        raise NotFoundError("没有这个院系")
    if principal.role != "admin" and wanted not in principal.departments:
        raise ForbiddenError("只能上传到自己所在的院系")
    return wanted


def add_document(
    session: Session,
    principal: Principal,
    files: Sequence[Kept],
    kind: str,
    major: str,
    department_id: str | None,
) -> Document:
    """The rows of a document whose blobs are there; inside ``Store.alone``."""
    rows = [
        DocumentFile(position=position, role=file.role, name=file.name, sha256=file.sha256, size=file.size)
        for position, file in enumerate(files)
    ]
    digest = hashlib.sha256("".join(f"{row.role}:{row.sha256}\n" for row in rows).encode()).hexdigest()
    document = Document(
        name=rows[0].name,
        sha256=digest,
        size=sum(row.size for row in rows),
        kind=kind,
        major=major.strip(),
        owner_id=principal.id,
        department_id=department_id,
        files=rows,
    )
    session.add(document)
    session.flush()
    return document


def check_kind(kind: str) -> None:
    """Check what a document is said to be.

    Raises
    ------
    UsageError : it is no key of ``api.uploads.KINDS``.
    """
    if kind not in KINDS:
        raise UsageError(f"不认识文档类型“{kind}”", advice=f"可用：{'、'.join(KINDS)}")


def _entry(principal: Principal, action: str, document: Document, **detail: Any) -> LogEntry:
    return entry(principal, action, "document", document.id, document.department_id, name=document.name, **detail)


def _check_files(service: Service, files: Sequence[Incoming], kind: str, major: str) -> None:
    check_kind(kind)
    if [file.role for file in files[:1]] != ["main"] or sum(file.role == "main" for file in files) != 1:
        raise UsageError("一次上传一份文档", advice="请选择要对照的文档；多份文档请用批量对照")
    if (len(files) > 1 or major.strip()) and kind not in ("auto", "plan"):
        raise UsageError("其他文件、规则和专业只用于人才培养方案", advice="请把文档类型改为人才培养方案，或去掉它们")
    for file in files:
        check_file(file, service.settings.service.upload_mb)
