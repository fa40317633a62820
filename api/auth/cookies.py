"""The cookie of a signed-in browser, and the digests under which secrets are kept."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from api.settings import ServiceSettings

_NAME = "duibiao_session"


def new_secret() -> str:
    """A secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What the database keeps of a secret: its SHA-256. A secret of 256 bits needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def cookie_name(settings: ServiceSettings) -> str:
    """Under TLS the prefix ``__Host-`` binds the cookie to this very host."""
    return f"__Host-{_NAME}" if settings.https else _NAME


def cookie_options(settings: ServiceSettings) -> dict[str, Any]:
    """Options of all cookies: no script reads them, other sites' forms do not send them."""
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": settings.https}


def read_cookie(request: Request, settings: ServiceSettings) -> str:
    """The session's secret, empty where the browser sent none."""
    return request.cookies.get(cookie_name(settings), "")


def set_cookie(response: Response, settings: ServiceSettings, secret: str) -> None:
    """Sign the browser in."""
    age = settings.session_hours * 3600
    response.set_cookie(cookie_name(settings), secret, max_age=age, **cookie_options(settings))


def drop_cookie(response: Response, settings: ServiceSettings) -> None:
    """Sign the browser out."""
    response.delete_cookie(cookie_name(settings), **cookie_options(settings))
