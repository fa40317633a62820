"""DBOS, which keeps the jobs: where it keeps them, and its start in this process."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, make_url

from api.settings import Settings
from api.store.database import database_url

if TYPE_CHECKING:
    from dbos import DBOSClient, StepOptions

APPLICATION = "duibiao"
QUEUE = "reports"
WORKFLOW = "report"
#: Never changes, so that jobs from before an upgrade are taken up after it.
VERSION = "1"
SQLITE_FILE = "jobs.sqlite"
#: Seconds between two looks for new jobs.
_POLL = 0.2
_POOL = 5
#: How often a document is aligned again whose result was deleted before it was written down.
_TIMES = 5

Align = Callable[[str, int], dict[str, Any]]
Finish = Callable[[str, int, dict[str, Any]], bool]


def jobs_url(settings: Settings) -> str:
    """Address of the database that keeps the jobs: a file of its own beside SQLite, a schema of its own otherwise."""
    url = database_url(settings)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{settings.data.absolute() / SQLITE_FILE}"
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def connect(settings: Settings) -> tuple[DBOSClient, Engine]:
    """A client that adds and cancels jobs, and its database; tables and queue are made where they are missing.

    The queue is there before any worker starts, because a worker that finds none looks again only after a second.
    """
    from dbos import DBOS, DBOSClient

    quiet()
    url = jobs_url(settings)
    if url.startswith("sqlite"):
        (settings.data / SQLITE_FILE).touch(mode=0o600)  # for no other user of the machine
    DBOS.migrate(url)
    database = _database(url)
    client = DBOSClient(system_database_engine=database, application_name=APPLICATION, retry_connection_errors=False)
    workers = settings.service.workers
    client.register_queue(
        QUEUE,
        worker_concurrency=max(1, workers),
        polling_interval_sec=_POLL,
        on_conflict="always_update" if workers else "never_update",
    )
    return client, database


def launch(settings: Settings, align: Align, finish: Finish) -> None:
    """Start working on jobs in this process; those that this worker had begun before it ended come first."""
    from dbos import DBOS

    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": jobs_url(settings),
            "application_version": VERSION,
            "executor_id": settings.service.worker_name,
            "sys_db_pool_size": _POOL,
            "log_level": "ERROR",
        }
    )

    @DBOS.workflow(name=WORKFLOW)
    def report(report_id: str, attempt: int) -> None:
        for _ in range(_TIMES):
            ended = DBOS.run_step(_patient("align"), align, report_id, attempt)
            if DBOS.run_step(_patient("finish"), finish, report_id, attempt, ended):
                return

    DBOS.launch()


def _patient(name: str) -> StepOptions:
    """A step that waits about four minutes for a database that does not answer."""
    return {"name": name, "retries_allowed": True, "max_attempts": 9, "interval_seconds": 1.0, "backoff_rate": 2.0}


def stop() -> None:
    """Stop working on jobs in this process."""
    from dbos import DBOS

    DBOS.destroy(destroy_registry=True)


def quiet() -> None:
    """Leave DBOS's own lines to the log of the service, and only those that tell of trouble."""
    log = logging.getLogger("dbos")
    log.handlers[:] = [logging.NullHandler()]  # DBOS adds one of its own where it finds none
    log.propagate = True
    log.setLevel(logging.ERROR)


def _database(url: str) -> Engine:
    """The database of the jobs, for those who add some."""
    if not url.startswith("sqlite"):
        return create_engine(make_url(url).set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=_POOL)
    database = create_engine(url, pool_size=_POOL)
    event.listen(database, "connect", _prepare)
    return database


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """As DBOS does; moreover readers wait for no writer, and writers for the disk only now and then.

    A job that a power cut takes is found again by ``api.services.reconcile``.
    """
    connection.isolation_level = "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
