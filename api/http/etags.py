"""ETags: what a reader already has need not be sent again (RFC 9110, sections 8.8.3 and 13.1.2)."""

from __future__ import annotations

import re
from hashlib import sha256

from fastapi import Request
from fastapi.responses import Response

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def etag(*parts: object) -> str:
    """A weak tag over what the answer is made of: the same parts, the same meaning."""
    digest = sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def holds(request: Request, tag: str) -> bool:
    """Whether the sender already has it: ``If-None-Match`` names it, compared weakly, or says ``*``."""
    named = request.headers.get("if-none-match", "")
    return named.strip() == "*" or tag.removeprefix("W/") in _TAG.findall(named)


def not_modified(tag: str) -> Response:
    """304: the reader's copy holds."""
    return Response(status_code=304, headers=tag_headers(tag))


def tag_headers(tag: str) -> dict[str, str]:
    """Headers of an answer that its reader may keep, asking each time whether it still holds."""
    return {"ETag": tag, "Cache-Control": "private, no-cache"}
