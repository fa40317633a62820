"""What ``duibiao doctor`` tells of the service: data folder, database, jobs, page, accounts; it changes nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from api.settings import Settings
from corpora.errors import DuibiaoError

if TYPE_CHECKING:
    from sqlalchemy import Connection


def service_facts(settings: Settings) -> Iterator[tuple[str, str]]:
    """Named facts, in Chinese."""
    yield "数据文件夹状态", _folder(settings.data)
    yield from _database(settings)
    yield "网页文件", _assets()
    yield "处理进程", _workers(settings)


def _folder(folder: Path) -> str:
    """Whether a folder, or the one that it would be made in, can be written to, and how much room it has."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    writable = os.access(there, os.W_OK) and there.is_dir()
    state = ("可写" if folder.exists() else "尚未建立，可以建立") if writable else "不能写，请检查权限"
    return f"{state}，剩余 {shutil.disk_usage(there).free / (1 << 30):.1f} GB"


def _database(settings: Settings) -> Iterator[tuple[str, str]]:
    """The kind of the database and whether it answers; what its tables hold, where there are any."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError

    from api.store.database import database_url

    try:
        url = database_url(settings)
    except DuibiaoError as error:
        yield "数据库", str(error)
        return
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and not Path(url.database or "").exists():
        yield "数据库", "SQLite，尚未建立（第一次 duibiao serve 时建立）"
        return
    engine = create_engine(url, connect_args={} if sqlite else {"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            yield "数据库", f"{'SQLite' if sqlite else 'PostgreSQL'}，可用"
            yield "任务", _told(_jobs, connection)
            yield "账号", _told(lambda one: _accounts(settings, one), connection)
    except (DBAPIError, ModuleNotFoundError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        yield "数据库", f"{'SQLite' if sqlite else 'PostgreSQL'}，不能用（{reason}）"
    finally:
        engine.dispose()


def _told(fact: Callable[[Connection], str], connection: Connection) -> str:
    from sqlalchemy.exc import DBAPIError

    try:
        return fact(connection)
    except DBAPIError:
        connection.rollback()
        return "还没有数据表（第一次 duibiao serve 时建立）"


def _jobs(connection: Connection) -> str:
    from sqlalchemy import func, select

    from api.store.models import Report

    query = select(Report.state, func.count().label("number")).group_by(Report.state)
    counts = {row.state: row.number for row in connection.execute(query)}
    words = {"queued": "排队", "running": "处理中", "done": "完成", "failed": "失败", "cancelled": "取消"}
    return "，".join(f"{word} {counts.get(state, 0)}" for state, word in words.items())


def _accounts(settings: Settings, connection: Connection) -> str:
    from sqlalchemy import func, select

    from api.store.models import LOCAL_USER, User

    others = select(func.count()).select_from(User).where(User.id != LOCAL_USER, User.active)
    count = connection.scalar(others) or 0
    state = "要求登录" if settings.service.auth else "未开启登录（--auth 或 DUIBIAO_AUTH），只服务本机"
    hint = "；请先用 duibiao user add 建立管理员" if settings.service.auth and not count else ""
    return f"{state}，{count} 个账号{hint}"


def _assets() -> str:
    """Whether the page's scripts and styles are installed."""
    here = Path(__file__).parents[1] / "static"
    needed = ("app.css", "app.js", "vendor/htmx.min.js", "vendor/echarts.min.js")
    missing = [name for name in needed if not (here / name).is_file()]
    return f"缺少 {'、'.join(missing)}，请重新安装" if missing else "齐全"


def _workers(settings: Settings) -> str:
    service = settings.service
    return f"{service.workers} 个（名称 {service.worker_name}），每份文档最多 {service.job_seconds} 秒"
