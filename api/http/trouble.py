"""Trouble of the machine below: the database away or busy, no space left, two changes at the same moment."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

from api.http import problem_kinds as kinds
from api.http.problem_kinds import Kind

#: Classes of errors that may be such trouble.
TROUBLES: tuple[type[Exception], ...] = (DBAPIError, PoolTimeoutError, StaleDataError, OSError)
_SECONDS = "5"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FULL_WORDS = ("disk is full", "no space left", "disk full")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is told of it."""

    kind: Kind
    what: str
    advice: str
    headers: dict[str, str] = field(default_factory=dict)


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What trouble an error tells of; None where it is a mistake of ours."""
    if _no_space(error):
        return Trouble(kinds.NO_SPACE, "服务器的存储空间不足，这次操作没有保存", "请管理员腾出空间后再试")
    if isinstance(error, DataError):
        return Trouble(kinds.UNSTORABLE, "内容里有不能保存的字符", "请去掉控制字符后再试")
    if isinstance(error, IntegrityError | StaleDataError):
        return Trouble(kinds.MEANWHILE, "内容刚刚被他人改变或删除", "请刷新页面后再试")
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError):
        return Trouble(kinds.UNAVAILABLE, "数据库暂时不能用", "请稍候再试", {"Retry-After": _SECONDS})
    return None


def _no_space(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL
    return isinstance(error, OperationalError) and any(word in str(error.orig).lower() for word in _FULL_WORDS)
