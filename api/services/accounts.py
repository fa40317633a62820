"""Users: listed, made, changed, disabled, deleted by those who keep the accounts; one's own password."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from api.auth.limits import Limits
from api.auth.passwords import check_password, hash_password, verify_password
from api.auth.principal import ConflictError, ForbiddenError, NotFoundError, Principal, Right, require
from api.services import log
from api.services.departments import find_departments
from api.services.paging import Page, PageRequest
from api.store.models import LOCAL_USER, Audit, Document, LogEntry, LoginSession, RoleName, Token, User
from corpora.errors import UsageError

_LONGEST_LOGIN, _LONGEST_NAME = 64, 60


def list_users(keeper: log.Keeper, principal: Principal, page: PageRequest, text: str = "") -> Page[User]:
    """Users, the newest first; ``text`` is part of a login or a name.

    Raises
    ------
    ForbiddenError : the role may not keep the accounts.
    """
    require(principal, Right.ACCOUNTS)
    query = select(User).where(User.id != LOCAL_USER).options(selectinload(User.departments))
    query = query.order_by(User.id.desc()).limit(page.limit + 1)
    if text.strip():
        part = text.strip()
        query = query.where(
            or_(User.login.contains(plain_login(part), autoescape=True), User.name.contains(part, autoescape=True))
        )
    if page.after:
        query = query.where(User.id < page.after)
    with keeper.store.read() as session:
        found = session.scalars(query).all()
    items = found[: page.limit]
    return Page(items, items[-1].id if len(found) > page.limit else "")


def find_user(keeper: log.Keeper, principal: Principal, user_id: str) -> User:
    """One user; raises ForbiddenError, NotFoundError."""
    require(principal, Right.ACCOUNTS)
    with keeper.store.read() as session:
        return _find(session, user_id)


def create_user(
    keeper: log.Keeper,
    principal: Principal,
    *,
    login: str,
    name: str,
    role: str,
    password: str,
    departments: Sequence[str] = (),
) -> User:
    """A new user.

    Raises
    ------
    ForbiddenError : the role may not keep the accounts.
    UsageError : a field is not usable.
    ConflictError : the login is taken.
    """
    require(principal, Right.ACCOUNTS)
    login = checked_login(login)
    check_password(password, login)
    row = User(login=login, name=_checked_name(name), role=_checked_role(role), password_hash=hash_password(password))
    return add_user(keeper, principal, row, departments)


def add_user(keeper: log.Keeper, principal: Principal, row: User, departments: Sequence[str] = ()) -> User:
    """Put a new user's row in; raises ConflictError where the login is taken."""
    try:
        with keeper.store.begin() as session:
            row.departments = find_departments(session, departments)
            session.add(row)
            session.flush()
            session.add(log.entry(principal, "user.create", "user", row.id, login=row.login, role=row.role))
    except IntegrityError:
        raise ConflictError("登录名已被使用", where=row.login, advice="请换一个登录名") from None
    return row


@dataclass(frozen=True, slots=True)
class UserChange:
    """What shall be different with a user; None leaves it. ``departments`` are ids."""

    name: str | None = None
    role: str | None = None
    departments: Sequence[str] | None = None
    active: bool | None = None


def change_user(keeper: log.Keeper, principal: Principal, user_id: str, change: UserChange) -> User:
    """Change a user, in force at the user's next request.

    One who is disabled is signed out everywhere at once, and never in again until enabled; their tokens end for good.

    Raises
    ------
    ForbiddenError, NotFoundError, UsageError.
    ConflictError : nobody would be left to keep the accounts.
    """
    require(principal, Right.ACCOUNTS)
    with keeper.store.begin() as session:
        admins = _admins(session, lock=True)
        row = _find(session, user_id)
        session.add_all(_apply(session, principal, row, change))
        _keep_an_admin(session, admins)
    return row


def _apply(session: Session, principal: Principal, row: User, change: UserChange) -> Iterator[LogEntry]:
    """Make the changes; an entry for each kind of change."""
    if change.active is not None and change.active != row.active:
        row.active = change.active
        if not row.active:
            _sign_out(session, row.id, tokens=True)
        yield log.entry(principal, "user.enable" if row.active else "user.disable", "user", row.id, login=row.login)
    if (change.name, change.role, change.departments) == (None, None, None):
        return
    if change.name is not None:
        row.name = _checked_name(change.name)
    if change.role is not None:
        row.role = _checked_role(change.role)
    if change.departments is not None:
        row.departments = find_departments(session, change.departments)
    places = [department.name for department in row.departments]
    yield log.entry(
        principal, "user.change", "user", row.id, login=row.login, name=row.name, role=row.role, departments=places
    )


def delete_user(keeper: log.Keeper, principal: Principal, user_id: str) -> None:
    """Delete a user to whom nothing belongs.

    Raises
    ------
    ForbiddenError, NotFoundError.
    ConflictError : it is the last admin, or documents or decisions are theirs.
    """
    require(principal, Right.ACCOUNTS)
    try:
        with keeper.store.begin() as session:
            admins = _admins(session, lock=True)
            row = _find(session, user_id)
            login = row.login
            session.add(log.entry(principal, "user.delete", "user", row.id, login=login))
            session.delete(row)
            session.flush()
            _keep_an_admin(session, admins)
    except IntegrityError:
        raise ConflictError("这个用户名下还有文档或意见", where=login, advice="请改为停用") from None


def reset_password(keeper: log.Keeper, principal: Principal, user_id: str, password: str) -> None:
    """Give a user another password; signs the user out everywhere and ends all tokens.

    Raises
    ------
    ForbiddenError, NotFoundError, UsageError.
    """
    require(principal, Right.ACCOUNTS)
    login = find_user(keeper, principal, user_id).login
    check_password(password, login)
    kept = hash_password(password)
    with keeper.store.begin() as session:
        _find(session, user_id).password_hash = kept
        _sign_out(session, user_id, tokens=True)
        session.add(log.entry(principal, "user.password", "user", user_id, login=login))


def change_password(
    keeper: log.Keeper, limits: Limits, principal: Principal, old: str, new: str, session_digest: str = ""
) -> None:
    """Change one's own password; ends all other sessions than the one of ``session_digest``.

    Raises
    ------
    ForbiddenError : without accounts, or by a token.
    UsageError : the old one is wrong, or the new one is not taken.
    TooManyRequestsError : the old one was wrong too often.
    """
    require_person(principal)
    key = f"login {principal.login}"
    limits.sign_ins.take(key)
    with keeper.store.read() as session:
        kept = _find(session, principal.id).password_hash
    if not verify_password(kept, old):
        raise UsageError("原密码不对", advice="请重新输入；忘记了请联系管理员重设")
    limits.sign_ins.give_back(key)
    check_password(new, principal.login)
    kept = hash_password(new)
    with keeper.store.begin() as session:
        _find(session, principal.id).password_hash = kept
        _sign_out(session, principal.id, keep=session_digest)
        session.add(log.entry(principal, "password.change", "user", principal.id, login=principal.login))


def adopt(keeper: log.Keeper, principal: Principal, login: str) -> tuple[int, int]:
    """Hand all that was made without accounts over to a user; how many documents and audits these are.

    Raises
    ------
    ForbiddenError : the role may not keep the accounts.
    NotFoundError : there is no such user.
    """
    require(principal, Right.ACCOUNTS)
    counts = []
    with keeper.store.begin() as session:
        row = by_login(session, login)
        if row is None:
            raise NotFoundError("没有这个用户", where=login)
        for table in (Document, Audit):
            moved = session.scalars(
                update(table).where(table.owner_id == LOCAL_USER).values(owner_id=row.id).returning(table.id)
            )
            counts.append(len(moved.all()))
        documents, audits = counts
        session.add(log.entry(principal, "documents.adopt", "user", row.id, documents=documents, audits=audits))
    return documents, audits


def has_admin(keeper: log.Keeper) -> bool:
    """Whether anyone can keep the accounts."""
    with keeper.store.read() as session:
        return bool(_admins(session))


def by_login(session: Session, login: str) -> User | None:
    """The user of a login, however it is written; never the user ``local``."""
    query = select(User).where(User.login == plain_login(login), User.id != LOCAL_USER)
    return session.scalars(query.options(selectinload(User.departments))).first()


def checked_login(login: str) -> str:
    """A login as it is kept: one form of letters, lower case.

    Raises
    ------
    UsageError : it cannot be one.
    """
    found = plain_login(login)
    usable = found.isprintable() and not any(c.isspace() or c in ",;/\\\"'<>" for c in found)
    if not 1 <= len(found) <= _LONGEST_LOGIN or not usable or found == LOCAL_USER:
        raise UsageError("登录名不可用", advice="请用字母、数字、点、横线，例如工号或邮箱")
    return found


def require_person(principal: Principal) -> None:
    """Only a person signed in by a browser: a token must not be able to outlive itself.

    Raises
    ------
    ForbiddenError : it is a token, or there are no accounts.
    """
    if principal.method == "local":
        raise ForbiddenError("本机模式没有账号")
    if principal.method == "token":
        raise ForbiddenError("访问令牌不能办理账号事务")


def _find(session: Session, user_id: str) -> User:
    query = select(User).where(User.id == user_id, User.id != LOCAL_USER).options(selectinload(User.departments))
    row = session.scalars(query).first()
    if row is None:
        raise NotFoundError("没有这个用户")
    return row


def _admins(session: Session, lock: bool = False) -> Sequence[str]:
    """Active admins; ``lock`` keeps them as they are until the end, so that no two remove one another."""
    query = select(User.id).where(User.role == "admin", User.active, User.id != LOCAL_USER).order_by(User.id)
    return session.scalars(query.with_for_update() if lock else query).all()


def _keep_an_admin(session: Session, before: Sequence[str]) -> None:
    """Where somebody could keep the accounts before, somebody still can."""
    session.flush()
    if before and not _admins(session):
        raise ConflictError("至少要有一位启用的管理员", advice="请先让另一位用户成为管理员")


def _sign_out(session: Session, user_id: str, keep: str = "", tokens: bool = False) -> None:
    session.execute(delete(LoginSession).where(LoginSession.user_id == user_id, LoginSession.digest != keep))
    if tokens:
        session.execute(delete(Token).where(Token.user_id == user_id))


def plain_login(text: str) -> str:
    """One form for all ways to write a login."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError(f"姓名应为 1–{_LONGEST_NAME} 个字")
    return name


def _checked_role(role: str) -> str:
    if role not in get_args(RoleName):
        raise UsageError(f"没有“{role[:40]}”这种角色", advice=f"可用：{'、'.join(get_args(RoleName))}")
    return role
