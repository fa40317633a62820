"""Which rows a principal sees, as a condition of the query; and one row or none."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, true

from api.auth.principal import ForbiddenError, NotFoundError, Owned, Principal, may_change, may_see
from api.store.models import Audit, Document


def visible(principal: Principal, table: type[Document] | type[Audit]) -> ColumnElement[bool]:
    """The condition that says what ``may_see`` says, for queries over documents or audits."""
    if principal.role == "admin":
        return true()
    own = table.owner_id == principal.id
    if principal.role in ("reviewer", "auditor") and principal.departments:
        return or_(own, table.department_id.in_(sorted(principal.departments)))
    return own


def check_visible(principal: Principal, row: Owned | None, what: str) -> None:
    """Check that there is a row and that the principal may know of it.

    Raises
    ------
    NotFoundError : there is none, or none for them.
    """
    if row is None or not may_see(principal, row):
        raise NotFoundError(what)


def check_changeable(principal: Principal, row: Owned) -> None:
    """Check that a principal who sees a row may change it.

    Raises
    ------
    ForbiddenError : it belongs to somebody else.
    """
    if not may_change(principal, row):
        raise ForbiddenError("只有上传者或管理员可以这样做")
