"""The audit log: who saw and changed what. Entries are only ever added, and hold no text of documents."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Select, select

from api.auth.principal import Principal, Right, require
from api.i18n import mark
from api.rendering.csv import safe
from api.services.paging import Page, PageRequest
from api.store.models import LogEntry, now

if TYPE_CHECKING:
    from api.store.database import Store

#: Every action that is recorded, with its name for readers.
ACTIONS = {
    "session.open": mark("登录"),
    "session.fail": mark("登录失败"),
    "session.close": mark("退出登录"),
    "password.change": mark("修改密码"),
    "token.create": mark("新建访问令牌"),
    "token.delete": mark("删除访问令牌"),
    "user.create": mark("新建用户"),
    "user.change": mark("修改用户"),
    "user.disable": mark("停用用户"),
    "user.enable": mark("启用用户"),
    "user.password": mark("重设用户密码"),
    "user.delete": mark("删除用户"),
    "department.create": mark("新建院系"),
    "department.change": mark("修改院系"),
    "department.delete": mark("删除院系"),
    "documents.adopt": mark("移交本机文档"),
    "document.upload": mark("上传文档"),
    "document.download": mark("下载文档"),
    "document.delete": mark("删除文档"),
    "report.start": mark("开始对照"),
    "report.open": mark("查看报告"),
    "report.download": mark("下载报告"),
    "report.cancel": mark("取消对照"),
    "report.retry": mark("重新对照"),
    "report.delete": mark("删除报告"),
    "audit.create": mark("新建批次"),
    "audit.cancel": mark("取消批次"),
    "audit.retry": mark("重试批次"),
    "audit.delete": mark("删除批次"),
    "audit.export": mark("导出批次"),
    "decision.add": mark("复核结论"),
    "review.move": mark("审核流转"),
    "labels.export": mark("导出标注"),
    "comparison.open": mark("查看对比"),
    "dashboard.open": mark("查看看板"),
    "dashboard.export": mark("导出看板"),
    "standard.import": mark("导入标准"),
    "standard.remove": mark("删除标准"),
    "retention.delete": mark("到期删除"),
    "log.export": mark("导出日志"),
}

_CSV_HEADER = (
    "时间（UTC）",
    "用户",
    "用户编号",
    "操作",
    "操作代码",
    "对象",
    "对象编号",
    "院系编号",
    "来源地址",
    "详情",
)
_CSV_ROWS = 500
_LATELY = timedelta(hours=1)


class Keeper(Protocol):
    """Whatever has the store: the service, or the command line."""

    @property
    def store(self) -> Store: ...


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries are asked for; an empty field asks for all. ``since`` is included, ``until`` is not."""

    user_id: str = ""
    action: str = ""
    object_kind: str = ""
    object_id: str = ""
    department_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entry(
    principal: Principal,
    action: str,
    object_kind: str = "",
    object_id: str = "",
    department_id: str | None = None,
    address: str = "",
    **detail: Any,
) -> LogEntry:
    """An entry for the transaction that makes the change itself: ``session.add(entry(...))``.

    Parameters
    ----------
    action : what was done, of ``ACTIONS``.
    object_kind, object_id : to what.
    department_id : whose auditors may read it.
    address : where from; the principal's where it is not given.
    detail : names and numbers, never text of documents.
    """
    if action not in ACTIONS:
        raise ValueError(f"no such action: {action}")
    return LogEntry(
        user_id=principal.id,
        user_name=principal.name,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        department_id=department_id,
        address=address or principal.address,
        detail=detail,
    )


def record(
    keeper: Keeper,
    principal: Principal,
    action: str,
    object_kind: str = "",
    object_id: str = "",
    department_id: str | None = None,
    address: str = "",
    **detail: Any,
) -> None:
    """Add an entry in a transaction of its own; not to be called while another is open. See ``entry``."""
    with keeper.store.begin() as session:
        session.add(entry(principal, action, object_kind, object_id, department_id, address, **detail))


def lately(keeper: Keeper, principal: Principal, action: str, object_id: str) -> bool:
    """Whether a user did this within the last hour: parts of a page that is open need no entries of their own."""
    query = select(LogEntry.id).where(
        LogEntry.at > now() - _LATELY,
        LogEntry.user_id == principal.id,
        LogEntry.action == action,
        LogEntry.object_id == object_id,
    )
    with keeper.store.read() as session:
        return session.scalars(query.limit(1)).first() is not None


def list_log(keeper: Keeper, principal: Principal, page: PageRequest, wanted: LogFilter) -> Page[LogEntry]:
    """Entries, newest first; auditors see those of their departments.

    Raises
    ------
    ForbiddenError : the role has no right to the log.
    """
    require(principal, Right.LOG)
    query = _query(principal, wanted).limit(page.limit + 1)
    if page.after:
        query = query.where(LogEntry.id < page.after)
    with keeper.store.read() as session:
        found = session.scalars(query).all()
    items = found[: page.limit]
    return Page(items, items[-1].id if len(found) > page.limit else "")


def export_log(keeper: Keeper, principal: Principal, wanted: LogFilter) -> Iterator[bytes]:
    """All entries as CSV, piece by piece; the export is itself an entry.

    Raises
    ------
    ForbiddenError : the role has no right to the log.
    """
    require(principal, Right.LOG)
    record(keeper, principal, "log.export")
    return _export(keeper, principal, wanted)


def _export(keeper: Keeper, principal: Principal, wanted: LogFilter) -> Iterator[bytes]:
    yield "\ufeff".encode() + _csv([_CSV_HEADER])
    after = ""
    while True:
        page = list_log(keeper, principal, PageRequest(_CSV_ROWS, after), wanted)
        if page.items:
            yield _csv([_row(item) for item in page.items])
        after = page.next
        if not after:
            return


def _query(principal: Principal, wanted: LogFilter) -> Select[LogEntry]:
    query = select(LogEntry).order_by(LogEntry.id.desc())
    if principal.role != "admin":
        query = query.where(LogEntry.department_id.in_(principal.departments))
    for name in ("user_id", "action", "object_kind", "object_id", "department_id"):
        value = getattr(wanted, name)
        if value:
            query = query.where(getattr(LogEntry, name) == value)
    if wanted.since:
        query = query.where(LogEntry.at >= wanted.since)
    if wanted.until:
        query = query.where(LogEntry.at < wanted.until)
    return query


def _row(item: LogEntry) -> tuple[str, ...]:
    return (
        f"{item.at:%Y-%m-%d %H:%M:%S}",
        item.user_name,
        item.user_id,
        ACTIONS.get(item.action, item.action),
        item.action,
        item.object_kind,
        item.object_id,
        item.department_id or "",
        item.address,
        json.dumps(item.detail, ensure_ascii=False) if item.detail else "",
    )


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    """Lines of CSV; no cell can be taken for a formula."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([safe(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode()
