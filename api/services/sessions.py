"""Signing in and out, and API tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from api.auth.cookies import digest, new_secret
from api.auth.identify import principal_of
from api.auth.limits import Limits, address_key
from api.auth.passwords import hash_password, outdated, verify_password
from api.auth.principal import ConflictError, NotFoundError, NotSignedInError, Principal
from api.services import log
from api.services.accounts import by_login, checked_login, plain_login, require_person
from api.store.models import LoginSession, Token, User, now
from corpora.errors import UsageError

if TYPE_CHECKING:
    from api.auth.oidc import Identity
    from api.service import Service

#: Begins every token, so that leaked ones can be found by scanners.
PREFIX = "dbk_"
_LONGEST_NAME, _LONGEST_DAYS = 60, 3650
_NOBODY = Principal("", "", "", "teacher")


def sign_in(service: Service, limits: Limits, login: str, password: str, address: str = "") -> tuple[Principal, str]:
    """Who it is, and the secret for the browser's cookie. Only tries that fail count for the limits.

    Raises
    ------
    NotSignedInError : login or password is wrong, or the user is disabled; which of them is not told.
    TooManyRequestsError : too many tries for this login or from this address.
    ConflictError : there are no accounts.
    """
    _require_accounts(service)
    keys = (f"address {address_key(address)}", f"login {plain_login(login)[:200]}")
    for key in keys:
        limits.sign_ins.take(key)
    principal, secret = _try(service, login, password, address)
    for key in keys:
        limits.sign_ins.give_back(key)
    return principal, secret


def sign_in_with(service: Service, identity: Identity, address: str = "") -> tuple[Principal, str]:
    """Sign in whom the provider has identified; at the first time they become a teacher.

    Raises
    ------
    NotSignedInError : the user is disabled here.
    ConflictError : there are no accounts.
    """
    _require_accounts(service)
    with service.store.begin() as session:
        known = select(User).where(User.subject == identity.subject).options(selectinload(User.departments))
        user = session.scalars(known).first()
        if user is None:
            user = _newcomer(session, identity)
            session.add(log.entry(principal_of(user, "session"), "user.create", "user", user.id, login=user.login))
        if user.active:
            return _open(service, session, user, address)
    who = principal_of(user, "session")
    log.record(service, who, "session.fail", "user", user.id, address=address, login=user.login)
    raise NotSignedInError("账号已停用")


def sign_out(service: Service, principal: Principal, secret: str) -> None:
    """End the session of a cookie."""
    with service.store.begin() as session:
        session.execute(delete(LoginSession).where(LoginSession.digest == digest(secret)))
        session.add(log.entry(principal, "session.close", "user", principal.id, login=principal.login))


def list_tokens(service: Service, principal: Principal) -> Sequence[Token]:
    """One's own tokens, the newest first."""
    query = select(Token).where(Token.user_id == principal.id).order_by(Token.id.desc())
    with service.store.read() as session:
        return session.scalars(query).all()


def create_token(service: Service, principal: Principal, name: str, days: int = 0) -> tuple[Token, str]:
    """A new token and its secret, which is told this once; it ends after some days, or never (0).

    Raises
    ------
    ForbiddenError : without accounts, or by a token.
    UsageError : the name or the number of days is not usable.
    """
    require_person(principal)
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError(f"令牌名称应为 1–{_LONGEST_NAME} 个字")
    if not 0 <= days <= _LONGEST_DAYS:
        raise UsageError(f"有效天数应在 0 到 {_LONGEST_DAYS} 之间", advice="0 表示长期有效")
    secret = PREFIX + new_secret()
    end = now() + timedelta(days=days) if days else None
    row = Token(user_id=principal.id, name=name, digest=digest(secret), expires_at=end)
    with service.store.begin() as session:
        session.add(row)
        session.flush()
        session.add(log.entry(principal, "token.create", "token", row.id, name=name))
    return row, secret


def delete_token(service: Service, principal: Principal, token_id: str) -> None:
    """End one of one's own tokens; raises NotFoundError."""
    with service.store.begin() as session:
        row = session.get(Token, token_id)
        if row is None or row.user_id != principal.id:
            raise NotFoundError("没有这个令牌")
        session.add(log.entry(principal, "token.delete", "token", row.id, name=row.name))
        session.delete(row)


def _require_accounts(service: Service) -> None:
    if not service.settings.service.auth:
        raise ConflictError("本机模式不需要登录", advice="要使用账号，请用 duibiao serve --auth 启动")


def _try(service: Service, login: str, password: str, address: str) -> tuple[Principal, str]:
    with service.store.read() as session:
        user = by_login(session, login)
    kept = user.password_hash if user else None
    right = verify_password(kept, password)
    if user is None or kept is None or not right or not user.active:
        who = principal_of(user, "session") if user else _NOBODY
        known = {"login": user.login} if user else {}
        log.record(service, who, "session.fail", "user", who.id, address=address, **known)
        raise NotSignedInError("登录名或密码不对")
    renewed = hash_password(password) if outdated(kept) else kept
    with service.store.begin() as session:
        found = session.get(User, user.id)
        if found is None or not found.active or found.password_hash != kept:
            raise NotSignedInError("登录名或密码不对")  # changed in between
        found.password_hash = renewed
        return _open(service, session, found, address)


def _open(service: Service, session: Session, user: User, address: str) -> tuple[Principal, str]:
    """A new session; those that have ended are cleared away."""
    secret, csrf = new_secret(), new_secret()
    end = now() + timedelta(hours=service.settings.service.session_hours)
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now()))
    session.add(LoginSession(digest=digest(secret), user_id=user.id, csrf=csrf, expires_at=end))
    user.seen_at = now()
    principal = principal_of(user, "session", csrf)
    session.add(log.entry(principal, "session.open", "user", user.id, address=address, login=user.login))
    return principal, secret


def _newcomer(session: Session, identity: Identity) -> User:
    """A user for an identity; a login that is taken is never shared, whoever has it."""
    for login in _logins(identity):
        taken = session.scalars(select(User.id).where(User.login == login)).first()
        if taken is None:
            break
    user = User(login=login, name=identity.name or login, role="teacher", subject=identity.subject, departments=[])
    try:
        session.add(user)
        session.flush()
    except IntegrityError:
        raise ConflictError("登录名刚刚被使用", advice="请再登录一次") from None
    return user


def _logins(identity: Identity) -> list[str]:
    """Logins to try, the wished one first."""
    try:
        wished = checked_login(identity.login)
    except UsageError:
        wished = "oidc"
    return [wished, f"{wished[:50]}-{digest(identity.subject)[:12]}"]
