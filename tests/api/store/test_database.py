"""The store opens, migrates, keeps writers in turn, and says clearly what is wrong with a database."""

from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from api.settings import Settings
from api.store.database import SQLITE_FILE, Store
from api.store.migrate import revision_of
from api.store.models import (
    Base,
    Decision,
    Department,
    Document,
    LogEntry,
    Report,
    ReviewEvent,
    User,
    now,
)
from corpora.errors import UsageError
from tests.service import PostgresServer, make_settings


def test_a_fresh_store_knows_the_local_user(store: Store) -> None:
    """Without accounts everything belongs to the user ``local``, an admin."""
    with store.read() as session:
        user = session.get(User, "local")
    assert user is not None
    assert (user.role, user.active, user.password_hash) == ("admin", True, None)


def test_a_store_opens_again_with_what_it_holds(settings: Settings, store: Store) -> None:
    """A second opening, as after a restart, finds the rows and makes no second user."""
    with store.begin() as session:
        session.add(Department(name="电子商务学院"))
    again = Store.open(settings)
    with again.read() as session:
        assert session.scalars(select(Department.name)).all() == ["电子商务学院"]
        assert session.scalar(select(func.count()).select_from(User)) == 1
    again.close()


def test_migrations_make_the_tables_of_the_models(store: Store) -> None:
    """Nothing is left that alembic would still change: columns, types, keys, indexes."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_name": _ours}
        )
        assert compare_metadata(context, Base.metadata) == []
        names = set(inspect(connection).get_table_names())
    assert set(Base.metadata.tables) <= names


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name in Base.metadata.tables


def test_foreign_keys_hold(store: Store) -> None:
    """A row that refers to nothing is refused."""
    with pytest.raises(IntegrityError), store.begin() as session:
        session.add(Document(name="x", sha256="0", size=1, owner_id="nobody"))


def test_an_error_undoes_the_whole_transaction(store: Store) -> None:
    """What was written before the error is not there afterwards."""
    with pytest.raises(IntegrityError), store.begin() as session:
        session.add_all([Department(name="一"), Department(name="二"), Department(name="二")])
    with store.read() as session:
        assert session.scalars(select(Department)).all() == []


def test_reading_writes_nothing(store: Store) -> None:
    """A transaction for reading refuses to write, on both databases; the next one for writing may."""
    with store.read() as session, pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM departments"))
    with store.begin() as session:
        session.add(Department(name="二"))
    with store.read() as session:
        assert session.scalars(select(Department.name)).all() == ["二"]


def test_a_reader_waits_for_no_writer(store: Store) -> None:
    """While one writes, another reads what was there before."""
    with store.begin() as writing:
        writing.add(Department(name="一"))
        writing.flush()
        with store.read() as reading:
            assert reading.scalars(select(Department)).all() == []


def test_many_writers_at_once_lose_nothing(store: Store) -> None:
    """Each of eight threads reads a row and writes it again forty times; no write fails and none is lost."""
    with store.begin() as session:
        session.add(Document(id="d", name="x", sha256="0", size=0, owner_id="local"))

    def work(_: int) -> None:
        for _turn in range(40):
            with store.alone() as session:
                document = session.get(Document, "d")
                assert document is not None
                document.size += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with store.read() as session:
        assert session.scalars(select(Document.size)).one() == 320


def test_only_one_is_alone(store: Store) -> None:
    """A second transaction of that kind begins when the first has ended."""
    order = []
    begun = threading.Event()

    def second() -> None:
        begun.set()
        with store.alone():
            order.append("second")

    with store.alone():
        thread = threading.Thread(target=second)
        thread.start()
        assert begun.wait(5)
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


@pytest.mark.parametrize("table", ["decisions", "review_events", "log_entries"])
def test_history_is_not_rewritten(store: Store, table: str) -> None:
    """The database itself refuses to change a decision, a step of a review or an entry of the log."""
    with store.begin() as session:
        _history(session)
    column = "address" if table == "log_entries" else "author_name"
    with pytest.raises(DBAPIError, match="only ever added"), store.begin() as session:
        session.execute(text(f"UPDATE {table} SET {column} = 'other'"))
    with store.begin() as session:  # deletion with the document is no change of history
        session.execute(text("DELETE FROM documents"))
        left = {name: session.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("decisions", "review_events")}
    assert left == {"decisions": 0, "review_events": 0}


def _history(session: Session) -> None:
    session.add(Document(id="d", name="x", sha256="0", size=1, owner_id="local"))
    session.flush()
    session.add(Report(id="r", document_id="d", standard="530701"))
    session.flush()
    target = {"target_kind": "element", "target_id": "C1.R1.e1", "target_text": "掌握", "proposed": {"grade": 0}}
    author = {"author_id": "local", "author_name": "本机用户"}
    session.add(Decision(document_id="d", standard="530701", action="accept", **target, **author))
    session.add(ReviewEvent(report_id="r", from_state="draft", to_state="submitted", **author))
    session.add(LogEntry(user_id="local", user_name="本机用户", action="document.upload"))


def test_times_come_back_in_utc(store: Store) -> None:
    """Also from a database that keeps no time zones."""
    moment = now()
    with store.begin() as session:
        session.add(Department(id="d", name="一", created_at=moment))
    with store.read() as session:
        assert session.get_one(Department, "d").created_at == moment


def test_a_database_of_a_newer_version_is_left_alone(settings: Settings, store: Store) -> None:
    """It is refused with advice, and stays at its revision."""
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UsageError, match="更新版本") as caught:
        Store.open(settings)
    assert "升级" in caught.value.advice
    with store.engine.connect() as connection:
        assert revision_of(connection) == "9999"


def test_a_migration_that_fails_leaves_nothing(settings: Settings, store: Store) -> None:
    """Tables are made whole or not at all, so that the next start can try again."""
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(UsageError):  # the tables are there already
        Store.open(settings)
    with store.engine.connect() as connection:
        assert revision_of(connection) is None


def test_several_processes_may_start_at_once(tmp_path: Path, request: pytest.FixtureRequest, database: str) -> None:
    """An empty database is migrated once, whoever comes first."""
    if database:
        database = request.getfixturevalue("postgres").empty()
    settings = make_settings(tmp_path, database=database)
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: Store.open(settings), range(4)))
    with stores[0].read() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1
    for store in stores:
        store.close()


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("mysql://root:geheim@localhost/x", "不支持“mysql”"),
        ("sqlite:////tmp/x.db", "不支持“sqlite”"),
        ("nonsense geheim", "不是可用的数据库地址"),
        ("postgresql://user:geheim@host:port/x", "不是可用的数据库地址"),
        ("postgresql://user:geheim@127.0.0.1:1/x", "数据库不能用"),
        ("postgresql+asyncpg://user:geheim@127.0.0.1/x", "不支持"),
    ],
)
def test_a_bad_address_is_told_without_its_password(tmp_path: Path, address: str, what: str) -> None:
    """One clear line, with the setting's name and an example."""
    with pytest.raises(UsageError) as caught:
        Store.open(make_settings(tmp_path, database=address))
    assert what in str(caught.value)
    assert caught.value.where == "DUIBIAO_DATABASE"
    assert caught.value.advice
    assert "geheim" not in str(caught.value)


@pytest.mark.postgres
def test_a_wrong_password_is_not_repeated(tmp_path: Path, postgres: PostgresServer) -> None:
    """The server's own words are told, without the password."""
    address = postgres.empty().replace(postgres.password, "falsch-geheim")
    with pytest.raises(UsageError, match="password authentication failed") as caught:
        Store.open(make_settings(tmp_path, database=address))
    assert "falsch" not in str(caught.value)


@pytest.mark.postgres
def test_a_missing_database_is_told(tmp_path: Path, postgres: PostgresServer) -> None:
    """By its name."""
    with pytest.raises(UsageError, match="nowhere"):
        Store.open(make_settings(tmp_path, database=postgres.address("nowhere")))


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    """A SQLite file that is none is left as it is."""
    settings = make_settings(tmp_path)
    settings.data.mkdir()
    file = settings.data / SQLITE_FILE
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(UsageError, match="数据库不能用") as caught:
        Store.open(settings)
    assert caught.value.where == str(settings.data)
    assert file.read_bytes() == b"no database at all" * 100


def test_a_file_in_place_of_the_data_folder_is_told(tmp_path: Path) -> None:
    """The folder cannot be made."""
    (tmp_path / "data").write_text("x")
    with pytest.raises(UsageError, match="数据文件夹不能写"):
        Store.open(make_settings(tmp_path))


def test_sqlite_keeps_its_promises(tmp_path: Path) -> None:
    """Write-ahead log, foreign keys, and flushes that survive the death of the process."""
    store = Store.open(make_settings(tmp_path))
    with store.engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _PRAGMAS}
    store.close()
    assert found == _PRAGMAS


_PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 60_000, "secure_delete": 1}


def test_other_users_of_the_machine_read_nothing(tmp_path: Path) -> None:
    """Database and files are open to their owner only: documents, and with accounts digests of passwords."""
    settings = make_settings(tmp_path)
    store = Store.open(settings)
    with store.begin() as session:
        session.add(Department(name="一"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in settings.data.iterdir()}
    store.close()
    assert modes.pop("blobs") == 0o700
    assert set(modes.values()) == {0o600}
    assert {"duibiao.sqlite", "duibiao.sqlite-wal"} <= set(modes)
