"""The running service for tests: fixtures on SQLite and on a PostgreSQL of the tests' own, and who calls it.

``tests/conftest.py`` makes the fixtures known everywhere.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from api.auth.principal import Principal
    from api.jobs.task import Outcome
    from api.service import Service
    from api.services.documents import Incoming
    from api.settings import Settings
    from api.store.blobs import Blobs
    from api.store.database import Store

SAMPLES = Path(__file__).resolve().parents[1] / "corpora" / "samples"
_PROGRAMS = ("initdb", "pg_ctl")
_SYSTEM_USER = "postgres"
#: What makes a throw-away cluster fast: it need not survive a power cut.
_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
}


class PostgresServer:
    """A throw-away cluster of databases on a loopback port.

    Parameters
    ----------
    programs : folder of ``initdb`` and ``pg_ctl``.
    folder : of the cluster; made, and removed by ``stop``.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self.password = secrets.token_hex(8)
        self.port = _free_port()
        self._names = iter(range(1_000_000))
        self._template = ""
        self._lock = threading.Lock()

    def start(self) -> None:
        """Make and start the cluster."""
        secret = self._folder / "password"
        secret.write_text(self.password)
        if os.getuid() == 0:  # the programs refuse to run as root
            account = pwd.getpwnam(_SYSTEM_USER)
            for path in (self._folder, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        data = self._folder / "data"
        self._run(
            "initdb", "-D", data, "-U", "duibiao", "-A", "scram-sha-256", f"--pwfile={secret}", "-N", "-E", "UTF8",
            "--locale=C",
        )  # fmt: skip
        options = {**_OPTIONS, "port": str(self.port), "unix_socket_directories": str(self._folder)}
        words = " ".join(f"-c {name}={value}" for name, value in options.items())
        self._run("pg_ctl", "-D", data, "-w", "-l", self._folder / "log", "-o", words, "start")

    def stop(self) -> None:
        """Stop the cluster and remove it."""
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def pause(self) -> None:
        """Stop the cluster as an administrator does; its databases stay."""
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "fast", "-w", "stop")

    def address(self, name: str) -> str:
        """Address of a database, as in the settings."""
        return f"postgresql://duibiao:{self.password}@127.0.0.1:{self.port}/{name}"

    def empty(self) -> str:
        """Address of a new database without tables."""
        return self._create("template0")

    def migrated(self) -> str:
        """Address of a new database that has this version's tables and those of the jobs."""
        with self._lock:
            if not self._template:
                self._template = self._migrated_template()
        return self._create(self._template)

    def _migrated_template(self) -> str:
        from api.jobs.queue import Jobs
        from api.store.database import Store

        address = self.empty()
        with tempfile.TemporaryDirectory() as folder:
            settings = make_settings(Path(folder), database=address)
            store = Store.open(settings)
            Jobs.open(settings, store).close()
            store.close()
        return address.rpartition("/")[2]

    def _create(self, template: str) -> str:
        import psycopg

        name = f"test_{next(self._names)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
        return self.address(name)

    def _run(self, program: str, *arguments: object) -> None:
        # A server that starts must not end with the tests' own interrupt: they stop it themselves.
        command = [self._programs / program, *map(str, arguments)]
        user = _SYSTEM_USER if os.getuid() == 0 else None
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            cwd=self._folder,
            start_new_session=True,
            timeout=60,
        )


def postgres_programs() -> Path | None:
    """Folder of the newest PostgreSQL's programs, None where there are none or nobody may run them."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    usable = [folder for folder in folders if all((folder / name).exists() for name in _PROGRAMS)]
    if os.getuid() == 0:
        try:
            pwd.getpwnam(_SYSTEM_USER)
        except KeyError:
            return None
    return usable[0] if usable else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of the tests' own; tests that need it are skipped where its programs are missing."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("没有 PostgreSQL 的程序（initdb、pg_ctl），跳过")
    server = PostgresServer(programs, Path(tempfile.mkdtemp(prefix="duibiao-postgres-")))
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Address of a fresh database with tables, as in the settings: each kind in turn."""
    if request.param == "sqlite":
        return ""
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.migrated()


def make_settings(folder: Path, *, database: str = "", **service: Any) -> Settings:
    """Settings with a data folder in ``folder``; this process works on no jobs unless ``workers`` says so.

    Parameters
    ----------
    service : fields of ``ServiceSettings``.
    """
    from api.settings import ServiceSettings, Settings

    chosen = {"workers": 0, "database": database, **service}
    return Settings(data=folder / "data", service=ServiceSettings(**chosen))


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    """Settings of a fresh service, on each database in turn."""
    return make_settings(tmp_path, database=database)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """A fresh store, on each database in turn."""
    from api.store.database import Store

    opened = Store.open(settings)
    yield opened
    opened.close()


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    """A fresh service, on each database in turn; its jobs wait until ``work_off`` does them."""
    from api.wiring import build_service

    built = build_service(settings)
    yield built
    built.close()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A browser or program on this machine that calls a fresh service without accounts."""
    with make_client(make_settings(tmp_path)) as opened:
        yield opened


def make_client(settings: Settings, address: str = "127.0.0.1") -> TestClient:
    """A client of a service with these settings; to be used in a ``with``, which starts and ends the service."""
    from fastapi.testclient import TestClient

    from api.app import create_app

    return TestClient(create_app(settings), base_url="http://localhost", client=(address, 50_000))


def work_off(service: Service) -> None:
    """Do the jobs that wait, one after the other, as a worker does, but in this process."""
    from sqlalchemy import select

    from api.jobs.work import Work
    from api.store.models import Report

    work = Work(service.settings, service.store, _Here(service))  # type: ignore[arg-type]
    with service.store.read() as session:
        waiting = select(Report.id, Report.attempt).where(Report.state == "queued").order_by(Report.id)
        jobs = session.execute(waiting).all()
    for report_id, attempt in jobs:
        work.finish(report_id, attempt, work.align(report_id, attempt))


class _Here:
    """Runs tasks in this process."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def run(self, task: Any, on_stage: Callable[[str], None], wanted: Callable[[], bool]) -> Any:  # noqa: ARG002
        """Do a task; a document that cannot be read is told as the pool tells it."""
        from api.jobs.pool import TaskFailedError
        from api.jobs.task import run
        from corpora.errors import DuibiaoError

        service = self._service
        try:
            return run(task, service.settings, service.store.blobs, service.aligner(), on_stage)
        except DuibiaoError as error:
            raise TaskFailedError(error.what, where=error.where, advice=error.advice) from None


def incoming(name: str, role: str = "main", data: bytes | None = None) -> Incoming:
    """A file as it is sent: a sample by its name, or other bytes."""
    from api.services.incoming import Incoming

    return Incoming(name, role, (SAMPLES / name).read_bytes() if data is None else data)  # type: ignore[arg-type]


def note(text: str, name: str = "课程标准.md") -> Incoming:
    """A short syllabus that holds a text."""
    body = f"# 网店运营课程标准\n\n## 一、课程目标\n\n{text}\n\n## 二、教学内容\n\n店铺装修与商品上架，网店推广。\n"
    return incoming(name, data=body.encode())


def made_outcome(blobs: Blobs, text: str) -> Outcome:
    """What a job leaves of a document that holds a text; its report is no more than bytes."""
    from api.jobs.task import Outcome
    from api.store.codec import encode_document
    from corpora.document_builder import DocumentBuilder

    builder = DocumentBuilder("课程标准.md", text.encode(), "markdown")
    builder.add("paragraph", text)
    report, document = blobs.put(f"report of {text}".encode()), blobs.put(encode_document(builder.build()))
    return Outcome(report, document, 1.0, {}, {"title": "x"})


@dataclass(frozen=True)
class People:
    """Users of two departments, as principals."""

    teacher: Principal
    colleague: Principal
    reviewer: Principal
    auditor: Principal
    stranger: Principal
    foreign_reviewer: Principal
    admin: Principal
    department: str
    elsewhere: str

    def __iter__(self) -> Iterator[Principal]:
        return iter(
            (
                self.teacher,
                self.colleague,
                self.reviewer,
                self.auditor,
                self.stranger,
                self.foreign_reviewer,
                self.admin,
            )
        )


def make_people(store: Store) -> People:
    """Put two departments with users of every role into the database."""
    from api.auth.principal import Principal
    from api.store.models import Department, User

    plan: Sequence[tuple[str, str, str]] = (
        ("teacher", "teacher", "here"),
        ("colleague", "teacher", "here"),
        ("reviewer", "reviewer", "here"),
        ("auditor", "auditor", "here"),
        ("stranger", "teacher", "there"),
        ("foreign_reviewer", "reviewer", "there"),
        ("admin", "admin", ""),
    )
    with store.begin() as session:
        places = {"here": Department(name="电子商务学院"), "there": Department(name="机电工程学院")}
        users = {
            login: User(login=login, name=login, role=role, departments=[places[place]] if place else [])
            for login, role, place in plan
        }
        session.add_all([*places.values(), *users.values()])
    principals = {
        login: Principal(user.id, login, login, user.role, frozenset(d.id for d in user.departments))  # type: ignore[arg-type]
        for login, user in users.items()
    }
    return People(**principals, department=places["here"].id, elsewhere=places["there"].id)


@pytest.fixture
def people(service: Service) -> People:
    """Users of every role in two departments of the fresh service."""
    return make_people(service.store)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
