"""Who sent a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, cast

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from api.auth.cookies import digest, read_cookie
from api.auth.principal import LOCAL, NotSignedInError, Principal
from api.store.models import LoginSession, RoleName, Token, User, now

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
    with service.store.begin() as session:
        if secret is not None:
            return _by_token(session, secret)
        cookie = read_cookie(request, service.settings.service)
        return _by_cookie(session, cookie)


def _by_token(session: Session, secret: str) -> Principal:
    user = joinedload(Token.user).selectinload(User.departments)
    query = select(Token).where(Token.digest == digest(secret)).options(user)
    token = session.scalars(query).first()
    if token is None or not token.user.active or (token.expires_at and token.expires_at <= now()):
        raise NotSignedInError("访问令牌无效或已过期")
    if token.used_at is None or token.used_at + _EXACT < now():
        token.used_at = now()
    return principal_of(token.user, "token")


def _by_cookie(session: Session, cookie: str) -> Principal:
    if not cookie:
        raise NotSignedInError()
    user = joinedload(LoginSession.user).selectinload(User.departments)
    query = select(LoginSession).where(LoginSession.digest == digest(cookie)).options(user)
    found = session.scalars(query).first()
    if found is None or not found.user.active or found.expires_at <= now():
        raise NotSignedInError("登录已失效")
    if found.user.seen_at is None or found.user.seen_at + _EXACT < now():
        found.user.seen_at = now()
    return principal_of(found.user, "session", found.csrf)
