"""Who calls, and what they may do and see. The one place where rights are written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from api.store.models import LOCAL_USER, RoleName
from corpora.errors import DuibiaoError, UsageError


class Right(StrEnum):
    """What a role may do; on which rows, ``may_see``, ``may_change`` and ``may_judge`` say."""

    READ = "read"  # documents, reports, standards, search
    UPLOAD = "upload"  # documents, reports, audits; delete one's own
    DECIDE = "decide"  # accept or override verdicts, submit for review
    REVIEW = "review"  # return and approve reports, be the second reviewer
    OVERSEE = "oversee"  # dashboards, exports of decisions
    LOG = "log"  # the audit log of the departments given
    STANDARDS = "standards"  # import and remove standards
    ACCOUNTS = "accounts"  # users, departments, retention, metrics


_EVERYONE = frozenset({Right.READ, Right.UPLOAD})
RIGHTS: dict[str, frozenset[Right]] = {
    "teacher": _EVERYONE | {Right.DECIDE},
    "reviewer": _EVERYONE | {Right.DECIDE, Right.REVIEW, Right.OVERSEE},
    "auditor": _EVERYONE | {Right.OVERSEE, Right.LOG},
    "admin": frozenset(Right),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """A user as the service knows them during one request.

    Parameters
    ----------
    id, login, name, role : of the user.
    departments : ids of the departments given.
    method : how they proved who they are; ``local`` without accounts.
    csrf : token that forms and scripts of a signed-in browser must send back.
    address : where the request came from.
    """

    id: str
    login: str
    name: str
    role: RoleName
    departments: frozenset[str] = frozenset()
    method: Literal["local", "session", "token"] = "session"
    csrf: str = ""
    address: str = field(default="", compare=False)

    def may(self, right: Right) -> bool:
        """Whether the role has a right."""
        return right in RIGHTS[self.role]


#: The one user of a service without accounts.
LOCAL = Principal(LOCAL_USER, LOCAL_USER, "本机用户", "admin", method="local")


class Owned(Protocol):
    """A row that belongs to a user and perhaps to a department."""

    @property
    def owner_id(self) -> str: ...

    @property
    def department_id(self) -> str | None: ...


def may_see(principal: Principal, row: Owned) -> bool:
    """Own rows; for reviewers and auditors those of their departments; for admins all."""
    if principal.role == "admin" or row.owner_id == principal.id:
        return True
    return principal.role in ("reviewer", "auditor") and row.department_id in principal.departments


def may_change(principal: Principal, row: Owned) -> bool:
    """Delete, run again, cancel: one's own rows; for admins all."""
    return principal.role == "admin" or row.owner_id == principal.id


def may_judge(principal: Principal, row: Owned) -> bool:
    """Decide on verdicts: whoever sees the row and has the right."""
    return may_see(principal, row) and principal.may(Right.DECIDE)


def may_review(principal: Principal, row: Owned) -> bool:
    """Return or approve: reviewers of the department, and never one's own work, unless there is one user only."""
    own = row.owner_id == principal.id and principal.method != "local"
    return may_see(principal, row) and principal.may(Right.REVIEW) and not own


class NotSignedInError(DuibiaoError):
    """Nobody is signed in (401)."""

    def __init__(self, what: str = "请先登录") -> None:
        super().__init__(what, advice="请登录后再试")


class ForbiddenError(DuibiaoError):
    """The role may not do this (403)."""

    def __init__(self, what: str = "没有这项权限") -> None:
        super().__init__(what, advice="如需办理，请联系管理员")


class ForgeryError(ForbiddenError):
    """A request that the user's browser seems to have been led into by another site (403)."""

    def __init__(self) -> None:
        super().__init__("无法确认这次操作出自本站页面")
        self.advice = "请刷新页面后重试"


class UntrustedHostError(UsageError):
    """The request names a host that is not this service, or reaches it in a way that is not allowed (400)."""


class NotFoundError(DuibiaoError):
    """There is no such thing, or none that the principal may know of (404)."""

    def __init__(self, what: str = "没有找到", where: str = "") -> None:
        super().__init__(what, where=where, advice="请检查地址；它可能已被删除")


class ConflictError(DuibiaoError):
    """The state of things does not allow it (409)."""


class StaleError(ConflictError):
    """It has changed since the caller read it (412)."""


def require(principal: Principal, right: Right) -> None:
    """Check a right of the role.

    Raises
    ------
    ForbiddenError : the role does not have it.
    """
    if not principal.may(right):
        raise ForbiddenError()
