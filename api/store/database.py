"""The store: the database of the settings, brought to the tables of this version, and the blobs beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from api.auth.principal import LOCAL
from api.settings import Settings
from api.store.blobs import Blobs
from api.store.migrate import migrate
from api.store.models import LOCAL_USER, User
from api.store.recent import Recent
from corpora.errors import UsageError

SQLITE_FILE = "duibiao.sqlite"
_SETTING = "DUIBIAO_DATABASE"
#: Seconds that a writer waits for the others.
_WAIT = 60
_POOL = 20
#: A log for writing, so that readers and the writer do not wait for each other; deleted rows are overwritten.
_PRAGMAS = (
    f"busy_timeout={_WAIT * 1000}",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "secure_delete=ON",
)
#: Results kept in memory; one takes a megabyte or two.
_RECENT = 24
#: Number of the lock of ``Store.alone`` on PostgreSQL.
_LOCK = 0x6475_6963


class Store:
    """Rows in a database, files as blobs.

    Parameters
    ----------
    engine : of a database that has this version's tables.
    blobs : the files.

    Attributes
    ----------
    recent : results that were read last.
    """

    def __init__(self, engine: Engine, blobs: Blobs) -> None:
        self.engine, self.blobs = engine, blobs
        self.recent = Recent(_RECENT)
        self._reading = engine.execution_options(duibiao_reads=True)

    @classmethod
    def open(cls, settings: Settings) -> Store:
        """The store of the settings: tables made or brought up to date, the user ``local`` there.

        Raises
        ------
        UsageError : the database cannot be reached or used, or a newer version has written it.
        """
        where = _SETTING if settings.service.database else str(settings.data)
        engine = _engine(settings)
        try:
            blobs = Blobs(settings.data / "blobs")
            if not settings.service.database:
                (settings.data / SQLITE_FILE).touch(mode=0o600)  # for no other user of the machine
            with engine.begin() as connection:
                migrate(connection)
                _make_local_user(connection)
        except OSError as error:
            engine.dispose()
            raise UsageError(f"数据文件夹不能写（{error.strerror}）", where=str(settings.data)) from error
        except DBAPIError as error:
            engine.dispose()
            raise UsageError(f"数据库不能用（{_reason(error)}）", where=where, advice=_advice(settings)) from None
        except UsageError:
            engine.dispose()
            raise
        return cls(engine, blobs)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that may write: committed at the end, undone by an error. Writers wait for one another."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def alone(self) -> Iterator[Session]:
        """A writing transaction beside which no other of its kind runs, in whatever process.

        For all that gives out or takes back blobs and results: what one counts as unused, no other takes meanwhile.
        """
        with self.begin() as session:
            session.connection()  # takes SQLite's one place for a writer now, not at the first statement
            if self.dialect == "postgresql":
                session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads: it sees one state of things and waits for no writer."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as session, session.begin():
            yield session

    def settle(self) -> None:
        """Bring SQLite's log into its file and empty it, unless others are using it: deleted rows are then gone."""
        if self.dialect != "sqlite":
            return
        connection = self.engine.raw_connection()
        try:
            for pragma in ("busy_timeout=100", "wal_checkpoint(TRUNCATE)", _PRAGMAS[0]):
                connection.execute(f"PRAGMA {pragma}").fetchall()
        finally:
            connection.close()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def database_url(settings: Settings) -> URL:
    """Address of the settings' database, with the driver in it.

    Raises
    ------
    UsageError : it is none that the service can use.
    """
    address = settings.service.database
    if not address:
        return URL.create("sqlite+pysqlite", database=str(settings.data / SQLITE_FILE))
    advice = "例如 postgresql://用户:密码@主机/数据库；不设置则用数据文件夹里的 SQLite"
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise UsageError("不是可用的数据库地址", where=_SETTING, advice=advice) from None
    if url.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise UsageError(f"不支持“{url.drivername}”数据库", where=_SETTING, advice=advice)
    return url.set(drivername="postgresql+psycopg")


def _engine(settings: Settings) -> Engine:
    url = database_url(settings)
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _WAIT}, pool_size=_POOL, max_overflow=_POOL)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options: dict[str, Any] = {"pool_pre_ping": True, "pool_size": _POOL, "max_overflow": _POOL}
    engine = create_engine(url, connect_args={"connect_timeout": 10}, **options)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _make_local_user(connection: Connection) -> None:
    if connection.scalar(select(User.id).where(User.id == LOCAL_USER)) is None:
        local = {"id": LOCAL_USER, "login": LOCAL.login, "name": LOCAL.name, "role": LOCAL.role}
        connection.execute(insert(User).values(**local))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own accord
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take their turn at the beginning: a reader that turns writer would fail, however long it waits."""
    reads = bool(connection.get_execution_options().get("duibiao_reads"))
    connection.exec_driver_sql(f"PRAGMA query_only={int(reads)}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("duibiao_reads"):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _reason(error: DBAPIError) -> str:
    """The first line of what the driver says; it names host, user and database, never the password."""
    return str(error.orig).strip().partition("\n")[0]


def _advice(settings: Settings) -> str:
    if settings.service.database:
        return "请检查数据库地址、账号，以及数据库是否在运行"
    return "请检查数据文件夹的权限和剩余空间"
