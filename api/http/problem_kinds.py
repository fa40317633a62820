"""The kinds of problems that the API answers with: one type, one status, one title each."""

from __future__ import annotations

from dataclasses import dataclass

from api.auth.principal import (
    ConflictError,
    ForbiddenError,
    ForgeryError,
    NotFoundError,
    NotSignedInError,
    StaleError,
    UntrustedHostError,
)
from api.errors import InProgressError, KeyReusedError, TooManyRequestsError, UploadTooLargeError
from corpora import errors

#: Where the kinds are described; the ``type`` of a problem is this with its slug behind.
BASE = "/api/v1/problems/"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem.

    Parameters
    ----------
    slug : its name, the last part of ``type``.
    status : of the HTTP answer.
    title, title_en : the same for every problem of the kind.
    detail_en : an English sentence that holds for each of them, where the problem's own words are only Chinese.
    """

    slug: str
    status: int
    title: str
    title_en: str
    detail_en: str

    @property
    def type(self) -> str:
        """The problem's ``type``: a relative reference that can be read."""
        return BASE + self.slug


INTERNAL = Kind(
    "internal-error",
    500,
    "服务内部错误",
    "Internal error",
    "The service made a mistake; nothing of what was stored is lost. Name the request id when you report it.",
)
INVALID = Kind(
    "invalid-request",
    422,
    "请求里有填错的字段",
    "Fields of the request are missing or wrong",
    "Some fields of the request are missing or have values they cannot have; 'errors' names each.",
)
BAD_REQUEST = Kind(
    "bad-request",
    400,
    "请求有误",
    "The request is wrong",
    "The request asks for something that cannot be done as it stands.",
)
NO_ADDRESS = Kind("no-such-address", 404, "没有这个地址", "No such address", "The service has nothing at this address.")
METHOD = Kind(
    "method-not-allowed",
    405,
    "这个地址不支持这种请求",
    "Method not allowed",
    "This address does not answer requests of this method.",
)
OTHER = Kind("http-error", 400, "请求未能完成", "The request failed", "The request could not be completed.")
UNSTORABLE = Kind(
    "unstorable-text",
    422,
    "内容里有不能保存的字符",
    "Text that cannot be stored",
    "The request holds characters that cannot be stored, such as NUL.",
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    "服务暂时不能用",
    "Unavailable for the moment",
    "The database does not answer at the moment; nothing was changed. Try again after Retry-After.",
)
NO_SPACE = Kind(
    "no-space",
    507,
    "存储空间不足",
    "No space left",
    "There is no space left where the service keeps its files; nothing was changed. Tell the administrator.",
)
MEANWHILE = Kind(
    "changed-meanwhile",
    409,
    "内容刚刚被他人改变",
    "Changed at the same time",
    "Somebody else changed or deleted it at the same moment; nothing was changed. Look at it again.",
)

#: Kinds by class of error; of several that fit, the first counts, so the special stand before the general.
BY_ERROR: tuple[tuple[type[Exception], Kind], ...] = (
    (
        NotSignedInError,
        Kind("not-signed-in", 401, "请先登录", "Not signed in", "Sign in, or send an API token as a bearer token."),
    ),
    (
        ForgeryError,
        Kind(
            "forgery",
            403,
            "无法确认请求的来历",
            "Request of unknown origin",
            "The request does not carry the token of the pages of this service; reload the page, or use an API token.",
        ),
    ),
    (
        ForbiddenError,
        Kind("forbidden", 403, "没有这项权限", "Not permitted", "Your role does not permit this."),
    ),
    (
        NotFoundError,
        Kind(
            "not-found",
            404,
            "没有找到",
            "Not found",
            "There is no such thing, it was deleted, or you may not know of it.",
        ),
    ),
    (
        StaleError,
        Kind("stale", 412, "内容已有变化", "Changed meanwhile", "It has changed since you read it; read it again."),
    ),
    (
        InProgressError,
        Kind(
            "idempotency-in-progress",
            409,
            "相同的请求还在处理",
            "The same request is in progress",
            "The first request with this Idempotency-Key is not answered yet; try again a little later.",
        ),
    ),
    (
        ConflictError,
        Kind("conflict", 409, "当前状态不允许", "Conflict", "The present state of the thing does not allow this."),
    ),
    (
        KeyReusedError,
        Kind(
            "idempotency-key-reused",
            422,
            "Idempotency-Key 已被使用",
            "Idempotency-Key reused",
            "This Idempotency-Key was sent before with another request; take a new one for a new request.",
        ),
    ),
    (
        TooManyRequestsError,
        Kind(
            "too-many-requests",
            429,
            "请求过于频繁",
            "Too many requests",
            "Too many tries in a short time; wait as long as Retry-After tells.",
        ),
    ),
    (
        UploadTooLargeError,
        Kind(
            "upload-too-large",
            413,
            "上传的内容太大",
            "Upload too large",
            "What is sent exceeds a limit of this service; 'detail' names the limit.",
        ),
    ),
    (
        errors.UnknownStandardError,
        Kind("unknown-standard", 400, "没有这个标准", "Unknown standard", "No standard of this code is known here."),
    ),
    (
        errors.MissingExtraError,
        Kind(
            "missing-extra",
            400,
            "缺少可选组件",
            "An optional part is not installed",
            "This needs an optional part that is not installed on this server.",
        ),
    ),
    (
        UntrustedHostError,
        Kind(
            "untrusted-host",
            400,
            "不以这个名称提供服务",
            "Untrusted host",
            "The service does not answer under this host name, or not in this way.",
        ),
    ),
    (errors.UsageError, BAD_REQUEST),
    (
        errors.DocumentTooLargeError,
        Kind(
            "document-too-large",
            422,
            "文档超出限制",
            "Document too large",
            "The document, or what it unpacks to, exceeds a limit; 'detail' names it.",
        ),
    ),
    (
        errors.DocumentError,
        Kind(
            "unreadable-document",
            422,
            "文档无法读取",
            "Unreadable document",
            "A file cannot be read: unknown format, empty, encrypted or damaged.",
        ),
    ),
    (
        errors.StandardFormatError,
        Kind(
            "unreadable-standard",
            422,
            "不是可用的标准或规则",
            "Not a usable standard",
            "The file is no teaching standard or rule pack, or contradicts itself.",
        ),
    ),
    (
        errors.LanguageModelError,
        Kind(
            "language-model",
            502,
            "语言模型没有应答",
            "Language model unavailable",
            "The language model that is set up does not answer.",
        ),
    ),
    (errors.DuibiaoError, INTERNAL),
)

KINDS: dict[str, Kind] = {
    kind.slug: kind
    for kind in (
        *(BAD_REQUEST, INVALID, UNSTORABLE, UNAVAILABLE, NO_SPACE, MEANWHILE, NO_ADDRESS, METHOD, OTHER, INTERNAL),
        *dict(BY_ERROR).values(),
    )
}


def kind_of(error: errors.DuibiaoError) -> Kind:
    """The kind of an error of ours."""
    return next(kind for known, kind in BY_ERROR if isinstance(error, known))
