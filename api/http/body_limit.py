"""How many bytes of a request are read: much only where files are sent, and only from those who are known."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth.identify import identify
from api.errors import UploadTooLargeError

#: Bytes that anybody may send anywhere: forms, JSON.
SMALL = 1 << 20
#: Where files are sent.
UPLOADS = frozenset(
    {"/upload", "/standards/import", "/api/v1/documents", "/api/v1/audits", "/api/v1/standards/preview"}
)


class BodyLimit:
    """Stops reading a request that tells of, or sends, more bytes than allowed.

    The framework reads a body before it asks who sends it: so this asks, before more than ``SMALL`` is read.

    Parameters
    ----------
    app : the application behind it.
    most : bytes of an upload.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen, known = _told(scope), False
        read = 0

        async def counted() -> Message:
            nonlocal read, known
            message = await receive()
            read += len(message.get("body", b""))
            if not known and max(seen, read) > SMALL:
                await _let_in(Request(scope))
                known = True
            if max(seen, read) > self.most:
                raise UploadTooLargeError(
                    f"一次上传的内容超过 {self.most >> 20} MB", advice="请拆分文件或压缩其中的图片后再上传"
                )
            return message

        await self.app(scope, counted, send)


async def _let_in(request: Request) -> None:
    """Raises UploadTooLargeError where no files are sent, NotSignedInError where nobody is signed in."""
    sends_files = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    if request.url.path not in UPLOADS or not sends_files:
        raise UploadTooLargeError(f"提交的内容超过 {SMALL >> 20} MB", advice="请缩短内容后再提交")
    await run_in_threadpool(identify, request, request.app.state.service)


def _told(scope: Scope) -> int:
    """The length that the request tells of; 0 where it tells of none."""
    told = dict(scope.get("headers", ())).get(b"content-length", b"0")
    return int(told) if told.isdigit() and len(told) < 20 else 0
