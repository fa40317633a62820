"""Where to sign in, and where to go after it."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request

SIGN_IN = "/sign-in"


def local_path(address: str, otherwise: str = "/") -> str:
    """An address of this service as given; ``otherwise`` for one that may lead elsewhere."""
    leads_elsewhere = not address.startswith("/") or address.startswith("//") or "\\" in address
    if leads_elsewhere or not address.isprintable() or address.split("?")[0] == SIGN_IN:
        return otherwise
    return address


def sign_in_address(request: Request) -> str:
    """The sign-in page, which leads back to the page that was asked for."""
    asked = request.url.path if request.method == "GET" else "/"
    if request.method == "GET" and request.url.query:
        asked += f"?{request.url.query}"
    wanted = local_path(asked)
    return SIGN_IN if wanted == "/" else f"{SIGN_IN}?next={quote(wanted, safe='')}"
