"""Brings a database to the tables of this version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from corpora.errors import UsageError

MIGRATIONS = Path(__file__).with_name("migrations")
_TABLE = "alembic_version"
#: Number of the lock that one migrating process holds on PostgreSQL.
_LOCK = 0x6475_6962


def migrate(connection: Connection) -> None:
    """Make or change the tables, inside the connection's transaction.

    Raises
    ------
    UsageError : a newer version has written the database.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    found = revision_of(connection)
    if found == scripts.get_current_head():
        return
    try:
        if found is not None:
            scripts.get_revision(found)
    except CommandError:
        raise UsageError(
            "数据库由更新版本的 duibiao 建立，本版本不能用", advice="请升级 duibiao，或恢复升级前的备份"
        ) from None
    command.upgrade(config, "head")


def revision_of(connection: Connection) -> str | None:
    """The revision that a database is at, None for an empty one."""
    if not inspect(connection).has_table(_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()
