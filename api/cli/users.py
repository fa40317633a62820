"""``duibiao user``: accounts without a browser; the first administrator is made here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.usage import Command, Group

if TYPE_CHECKING:
    from api.auth.principal import Principal
    from api.services.log import Keeper
    from api.store.models import User

app = typer.Typer(help="账号：新建、列出、改密码、停用。", cls=Group, no_args_is_help=True, rich_markup_mode=None)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="登录名")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="从标准输入读密码（一行），不提示")]


class Role(StrEnum):
    """Roles of users."""

    teacher = "teacher"
    reviewer = "reviewer"
    auditor = "auditor"
    admin = "admin"


@app.command("add", cls=Command)
def add(
    login: Login,
    role: Annotated[Role, typer.Option("--role", help="teacher、reviewer、auditor 或 admin")] = Role.teacher,
    name: Annotated[str, typer.Option("--name", help="姓名；默认与登录名相同")] = "",
    department: Annotated[list[str] | None, typer.Option("--department", help="院系名称，可多次；没有则新建")] = None,
    from_stdin: FromStdin = False,
) -> None:
    """新建用户；第一位管理员用 --role admin 新建。"""
    from api.services import accounts

    with _accounts() as (keeper, principal):
        accounts.checked_login(login)
        password = _password(from_stdin)
        places = [_department(keeper, principal, each) for each in department or ()]
        fields = {"login": login, "name": name or login, "role": role.value, "departments": places}
        row = accounts.create_user(keeper, principal, password=password, **fields)  # type: ignore[arg-type]
    print(f"已新建 {row.login}（{row.role}）")


@app.command("list", cls=Command)
def list_users() -> None:
    """列出用户：登录名、姓名、角色、院系、是否启用、最近来访（UTC）。"""
    from api.services import accounts
    from api.services.paging import MOST, PageRequest

    with _accounts() as (keeper, principal):
        page = accounts.list_users(keeper, principal, PageRequest(MOST))
        while True:
            for row in page.items:
                print(_line(row))
            if not page.next:
                return
            page = accounts.list_users(keeper, principal, PageRequest(MOST, page.next))


@app.command("passwd", cls=Command)
def passwd(login: Login, from_stdin: FromStdin = False) -> None:
    """重设密码；这位用户的登录与令牌随即失效。"""
    from api.services import accounts

    with _accounts() as (keeper, principal):
        user_id = _find(keeper, login)
        accounts.reset_password(keeper, principal, user_id, _password(from_stdin))
    print(f"已重设 {login} 的密码")


@app.command("disable", cls=Command)
def disable(login: Login) -> None:
    """停用用户：立即退出登录，令牌失效。"""
    _switch(login, False)
    print(f"已停用 {login}")


@app.command("enable", cls=Command)
def enable(login: Login) -> None:
    """启用停用的用户。"""
    _switch(login, True)
    print(f"已启用 {login}")


@app.command("adopt", cls=Command)
def adopt(login: Login) -> None:
    """把本机模式下留下的文档和批次移交给一位用户。"""
    from api.services import accounts

    with _accounts() as (keeper, principal):
        documents, audits = accounts.adopt(keeper, principal, login)
    print(f"已移交 {documents} 份文档、{audits} 个批次给 {login}")


@contextmanager
def _accounts() -> Iterator[tuple[Keeper, Principal]]:
    """The store of the settings, and who the command line is."""
    from dataclasses import dataclass, replace

    from api.auth.principal import LOCAL
    from api.settings import read_settings
    from api.store.database import Store

    @dataclass(frozen=True)
    class Shell:
        store: Store

    store = Store.open(read_settings())
    try:
        yield Shell(store), replace(LOCAL, name="命令行")
    finally:
        store.close()


def _switch(login: str, active: bool) -> None:
    from api.services import accounts

    with _accounts() as (keeper, principal):
        accounts.change_user(keeper, principal, _find(keeper, login), accounts.UserChange(active=active))


def _find(keeper: Keeper, login: str) -> str:
    """The id of a login; raises UsageError."""
    from api.services.accounts import by_login
    from corpora.errors import UsageError

    with keeper.store.read() as session:
        row = by_login(session, login)
    if row is None:
        raise UsageError("没有这个用户", where=login, advice="用 duibiao user list 查看全部用户")
    return row.id


def _department(keeper: Keeper, principal: Principal, name: str) -> str:
    """The id of a department by name; a new one where there is none."""
    from api.services.departments import create_department, list_departments

    for row in list_departments(keeper, principal):
        if row.name == name.strip():
            return row.id
    row = create_department(keeper, principal, name)
    print(f"已新建院系 {row.name}", file=sys.stderr)
    return row.id


def _password(from_stdin: bool) -> str:
    """A password, typed twice and not shown, or a line of the standard input; raises UsageError."""
    from getpass import getpass

    from corpora.errors import UsageError

    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("没有终端，不能提示输入密码", advice="请加上 --password-stdin，从标准输入给出密码")
    password = getpass("密码：")
    if getpass("再输一次：") != password:
        raise UsageError("两次输入的密码不同", advice="请重新运行")
    return password


def _line(row: User) -> str:
    places = "、".join(department.name for department in row.departments) or "-"
    seen = f"{row.seen_at:%Y-%m-%d %H:%M}" if row.seen_at else "-"
    return "\t".join((row.login, row.name, row.role, places, "启用" if row.active else "停用", seen))
