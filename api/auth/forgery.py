"""Protection against request forgery: other sites that make a signed-in browser send something here.

Two walls: the browser says where a request comes from (``from_elsewhere``, asked by the middleware of every unsafe
request), and a signed-in browser sends a token back that only our own pages know (``check_token``). Requests with an
API token need neither: a browser does not add it by itself.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from fastapi import Request
from markupsafe import Markup
from starlette.datastructures import Headers

from api.auth.principal import ForgeryError, Principal

#: Name of the form field and of the header that carry the token.
FIELD, HEADER = "csrf_token", "X-CSRF-Token"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def from_elsewhere(headers: Headers) -> bool:
    """Whether the browser says that a page of another site makes it send this.

    Every browser tells one of the two on unsafe requests: ``Sec-Fetch-Site`` to addresses it deems secure, ``Origin``
    to all. A request with neither is sent by a program, which nobody can lead here with somebody else's cookie.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


async def check_token(request: Request, principal: Principal) -> None:
    """Check the token of an unsafe request by a signed-in browser, in the header or in the form.

    Raises
    ------
    ForgeryError : it is missing, or not the session's.
    """
    if principal.method != "session" or request.method in SAFE_METHODS:
        return
    sent = request.headers.get(HEADER)
    if sent is None and request.headers.get("content-type", "").startswith(_FORMS):
        field = (await request.form()).get(FIELD)
        sent = field if isinstance(field, str) else None
    if sent is None or not hmac.compare_digest(sent.encode(), principal.csrf.encode()):
        raise ForgeryError()


def csrf_token(request: Request) -> str:
    """The token for the forms of this request's page; empty where nobody is signed in by a session."""
    principal: Principal | None = getattr(request.state, "principal", None)
    return principal.csrf if principal else ""


def csrf_field(request: Request) -> Markup:
    """The hidden field that every form with an unsafe method carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token(request))
