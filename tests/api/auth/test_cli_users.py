"""``duibiao user``: accounts from the command line, in a fresh process."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.auth.passwords import verify_password
from api.auth.principal import LOCAL
from api.cli import serving
from api.services import accounts, documents
from api.settings import read_settings
from api.store.database import Store
from api.store.models import Document
from api.wiring import build_service
from tests.api.auth.house import PASSWORD, House
from tests.service import make_settings, note

ROOT = Path(__file__).resolve().parents[3]
ENTRY = "from api.cli import main; main()"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Data folder of the commands."""
    return tmp_path / "data"


@pytest.fixture
def user(folder: Path) -> Run:
    """Runs ``duibiao user`` with a standard input."""

    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-c", ENTRY, "user", *arguments],
            input=given,
            env=environment(folder),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done

    return run


def environment(folder: Path) -> dict[str, str]:
    """Variables of a command with a data folder of its own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("DUIBIAO_")}
    return {**plain, "DUIBIAO_DATA": str(folder), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def test_users_are_made_listed_changed_and_disabled(user: Run, folder: Path) -> None:
    """The first administrator is made here; the last one is not disabled."""
    made = user("add", "Boss", "--role", "admin", "--password-stdin", given=f"{PASSWORD}\n")
    assert (made.returncode, made.stdout) == (0, "已新建 boss（admin）\n")
    again = ("add", "li.na", "--name", "李娜", "--department", "商学院", "--department", "外语学院", "--password-stdin")
    assert user(*again, given=PASSWORD).returncode == 0
    lines = user("list").stdout.splitlines()
    assert lines == ["li.na\t李娜\tteacher\t商学院、外语学院\t启用\t-", "boss\tBoss\tadmin\t-\t启用\t-"]
    assert user("disable", "li.na").returncode == 0
    assert "停用" in user("list").stdout
    assert user("enable", "LI.NA").returncode == 0
    last = user("disable", "boss")
    assert (last.returncode, "管理员" in last.stderr) == (1, True)
    assert user("passwd", "boss", "--password-stdin", given="quite another one\n").returncode == 0
    store = Store.open(read_settings({"DUIBIAO_DATA": str(folder)}))
    with store.read() as session:
        row = accounts.by_login(session, "boss")
    store.close()
    assert row is not None
    assert row.password_hash is not None
    assert verify_password(row.password_hash, "quite another one")


@pytest.mark.parametrize(
    ("arguments", "given", "code", "said"),
    [
        (("add", "anna", "--password-stdin"), "short", 2, "密码太短"),
        (("add", "two words", "--password-stdin"), PASSWORD, 2, "登录名不可用"),
        (("add", "anna"), "", 2, "--password-stdin"),
        (("add", "anna", "--role", "root"), "", 2, "--role"),
        (("passwd", "nobody", "--password-stdin"), PASSWORD, 2, "没有这个用户"),
        (("disable", "nobody"), "", 2, "没有这个用户"),
        (("disable", "local"), "", 2, "没有这个用户"),
        (("adopt", "nobody"), "", 1, "没有这个用户"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    user: Run, arguments: tuple[str, ...], given: str, code: int, said: str
) -> None:
    """With a code and without a traceback."""
    done = user(*arguments, given=given)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stdout == ""


def test_a_password_is_asked_for_twice_and_not_shown(folder: Path) -> None:
    """At a terminal; two different ones are refused."""
    assert ask(folder, ["correct horse battery", "correct horse batterx"])[0] == 2
    code, shown = ask(folder, [PASSWORD, PASSWORD])
    assert code == 0
    assert "密码：" in shown
    assert PASSWORD not in shown


def ask(folder: Path, typed: list[str]) -> tuple[int, str]:
    """Run ``user add`` at a terminal of its own and type answers; its exit code and all that was shown."""
    child, terminal = pty.fork()
    if child == 0:
        command = [sys.executable, "-c", ENTRY, "user", "add", "anna"]
        os.execve(sys.executable, command, environment(folder))
    shown = b""
    answers = iter(typed)
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if shown.decode("utf-8", "replace").endswith(("密码：", "再输一次：")):
            os.write(terminal, next(answers).encode() + b"\n")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode("utf-8", "replace")


def test_documents_of_local_mode_are_handed_over(user: Run, folder: Path) -> None:
    """Turning accounts on loses nothing."""
    assert user("add", "anna", "--password-stdin", given=PASSWORD).returncode == 0
    service = build_service(make_settings(folder.parent))
    row = documents.upload(service, LOCAL, [note("了解市场。")])
    service.close()
    done = user("adopt", "anna")
    assert "1 份文档" in done.stdout
    store = Store.open(read_settings({"DUIBIAO_DATA": str(folder)}))
    with store.read() as session:
        found = session.get(Document, row.id)
    store.close()
    assert found is not None
    assert found.owner.login == "anna"


def test_serve_tells_when_nobody_keeps_the_accounts(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """With the command that makes the first administrator; not when there is one."""
    serving._tell_of_admins(house.service)
    assert "duibiao user add 登录名 --role admin" in capsys.readouterr().err
    house.make_user("boss", "admin")
    serving._tell_of_admins(house.service)
    assert capsys.readouterr().err == ""


def test_a_provider_that_cannot_work_is_told_at_the_start(folder: Path) -> None:
    """Before anything is opened."""
    done = subprocess.run(
        [sys.executable, "-c", ENTRY, "serve", "--auth", "--port", "0"],
        env={**environment(folder), "DUIBIAO_OIDC_ISSUER": "http://127.0.0.1:9"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert "DUIBIAO_OIDC_CLIENT" in done.stderr
    assert "Traceback" not in done.stderr
    assert not folder.exists()
