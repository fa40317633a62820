"""Errors of the service that no lower floor knows; rights and rows have theirs in ``api.auth.principal``."""

from __future__ import annotations

from api.auth.principal import ConflictError
from corpora.errors import DuibiaoError, UsageError


class UploadTooLargeError(UsageError):
    """More bytes, or more files, are sent than an upload may have (413)."""


class TooManyRequestsError(DuibiaoError):
    """Too many tries in a short time (429).

    Parameters
    ----------
    seconds : after which the next try may succeed; told in ``Retry-After``.
    """

    def __init__(self, what: str = "请求过于频繁", *, seconds: int = 60) -> None:
        super().__init__(what, advice=f"请在 {seconds} 秒后再试")
        self.seconds = seconds

    def __reduce__(self):  # type: ignore[no-untyped-def]
        """Pickle with what the constructor takes."""
        return _too_many, (self.what, self.seconds)


class KeyReusedError(DuibiaoError):
    """An idempotency key comes again with another request (422)."""

    def __init__(self) -> None:
        super().__init__(
            "这个 Idempotency-Key 已用于另一个请求", where="Idempotency-Key", advice="请为新的请求换一个新的值"
        )


class InProgressError(ConflictError):
    """The first request with this idempotency key is not answered yet (409)."""

    def __init__(self) -> None:
        super().__init__(
            "带有这个 Idempotency-Key 的请求还在处理", where="Idempotency-Key", advice="请稍后用同一个值再试"
        )


def _too_many(what: str, seconds: int) -> TooManyRequestsError:
    return TooManyRequestsError(what, seconds=seconds)
