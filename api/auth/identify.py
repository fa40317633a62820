"""Who sent a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, cast

from fastapi import Request
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from api.auth.cookies import digest, read_cookie
from api.auth.principal import LOCAL, NotSignedInError, Principal
from api.store.models import LOCAL_USER, LoginSession, RoleName, Token, User, now

if TYPE_CHECKING:
    from api.service import Service

#: How exact the time of last use is: each request that moves it is a write.
_EXACT = timedelta(minutes=1)


def identify(request: Request, service: Service) -> Principal:
    """The user behind a request; kept as ``request.state.principal`` for the page's frame and its forms.

    A token in the ``Authorization`` header counts before a cookie.

    Raises
    ------
    NotSignedInError : accounts are on, and neither a session cookie nor a token proves who it is.
    """
    address = client_address(request)
    if not service.settings.service.auth:
        principal = replace(LOCAL, address=address)
    else:
        principal = replace(_signed_in(request, service), address=address)
    request.state.principal = principal
    return principal


def client_address(request: Request) -> str:
    """Where a request came from; behind a proxy that is trusted, what the proxy says."""
    return request.client.host if request.client else ""


def bearer(request: Request) -> str | None:
    """The token that a request carries; None where it does not try to use one."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def principal_of(user: User, method: Literal["session", "token"], csrf: str = "") -> Principal:
    """A user as the service knows them during one request."""
    departments = frozenset(department.id for department in user.departments)
    return Principal(user.id, user.login, user.name, cast(RoleName, user.role), departments, method, csrf)


def _signed_in(request: Request, service: Service) -> Principal:
    secret = bearer(request)
    found: Token | LoginSession | None
    with service.store.read() as session:
        if secret is not None:
            found = _token(session, secret)
        else:
            found = _session(session, read_cookie(request, service.settings.service))
    _note_use(service, found)
    if isinstance(found, Token):
        return principal_of(found.user, "token")
    return principal_of(found.user, "session", found.csrf)


def _token(session: Session, secret: str) -> Token:
    user = joinedload(Token.user).selectinload(User.departments)
    query = select(Token).where(Token.digest == digest(secret), Token.user_id != LOCAL_USER).options(user)
    found = session.scalars(query).first()
    if found is None or not found.user.active or (found.expires_at and found.expires_at <= now()):
        raise NotSignedInError("访问令牌无效或已过期")
    return found


def _session(session: Session, cookie: str) -> LoginSession:
    if not cookie:
        raise NotSignedInError()
    user = joinedload(LoginSession.user).selectinload(User.departments)
    query = select(LoginSession).where(LoginSession.digest == digest(cookie)).options(user)
    found = session.scalars(query).first()
    if found is None or not found.user.active or found.expires_at <= now():
        raise NotSignedInError("登录已失效")
    return found


def _note_use(service: Service, found: Token | LoginSession) -> None:
    """Keep the time of last use."""
    last = found.used_at if isinstance(found, Token) else found.user.seen_at
    if last is not None and last + _EXACT > now():
        return
    with service.store.begin() as session:
        if isinstance(found, Token):
            session.execute(update(Token).where(Token.id == found.id).values(used_at=now()))
        else:
            session.execute(update(User).where(User.id == found.user_id).values(seen_at=now()))
