"""``duibiao doctor`` tells whether the service can run, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.auth.principal import LOCAL
from api.service import Service
from api.services import documents, reports
from api.services.diagnosis import service_facts
from api.settings import Settings
from tests.service import make_people, make_settings, note


def facts(settings: Settings) -> dict[str, str]:
    return dict(service_facts(settings))


def test_before_the_first_start(tmp_path: Path) -> None:
    """Nothing is there yet, and nothing is made."""
    found = facts(make_settings(tmp_path))
    assert found["数据文件夹状态"].startswith("尚未建立，可以建立，剩余 ")
    assert "尚未建立" in found["数据库"]
    assert found["网页文件"] == "齐全"
    assert list(tmp_path.iterdir()) == []


def test_of_a_service_with_documents(service: Service) -> None:
    """On both databases: it answers; reports by state; accounts."""
    document = documents.upload(service, LOCAL, [note("能开设网店")])
    reports.start(service, LOCAL, document.id, "530701")
    make_people(service.store)
    found = facts(service.settings)
    assert found["数据文件夹状态"].startswith("可写")
    assert found["数据库"].endswith("，可用")
    assert found["任务"] == "排队 1，处理中 0，完成 0，失败 0，取消 0"
    assert found["账号"].startswith("未开启登录")
    assert found["账号"].endswith("7 个账号")


def test_accounts_without_an_account(tmp_path: Path) -> None:
    """Who turned accounts on and has none is told how to make one."""
    from api.store.database import Store

    settings = make_settings(tmp_path, auth=True)
    Store.open(settings).close()
    assert "duibiao user add" in facts(settings)["账号"]


@pytest.mark.parametrize(
    ("database", "words"),
    [("postgresql://who:geheim@127.0.0.1:1/x", "不能用"), ("mysql://who:geheim@h/x", "DUIBIAO_DATABASE")],
)
def test_a_database_that_cannot_be_used(tmp_path: Path, database: str, words: str) -> None:
    """The reason is told, the password is not."""
    found = facts(make_settings(tmp_path, database=database))
    assert words in found["数据库"]
    assert "geheim" not in str(found)
