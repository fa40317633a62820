"""Reports and documents as bytes of the store, and back: exact, compressed, refused when they are of another form."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic_core import PydanticSerializationError, from_json, to_json

from api.auth.principal import ConflictError
from corpora.errors import StandardFormatError
from corpora.standard_json import standard_from_json, standard_to_json

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from alignment.model import GapReport
    from corpora.document import Document

T = TypeVar("T")

#: Raised by one whenever older bytes can no longer be read into today's types.
VERSION = 1
_REPORT = b"duibiao report %d\n" % VERSION
_DOCUMENT = b"duibiao document %d\n" % VERSION
_LEVEL = 6


class StaleResultError(ConflictError):
    """A stored result is damaged or of another version: the document has to be read again."""

    def __init__(self) -> None:
        super().__init__("保存的结果来自另一个版本，或已损坏", advice="请重新对照这份文档")


def encode_report(report: GapReport) -> bytes:
    """The bytes of a report, its standard inside."""
    fields = {name: value for name, value in vars(report).items() if name in report.__dataclass_fields__}
    fields["standard"] = standard_to_json(report.standard)
    return _REPORT + zlib.compress(_dumped(fields), _LEVEL)


def decode_report(data: bytes) -> GapReport:
    """The report of its bytes; its elements and statements are the standard's own objects.

    Raises
    ------
    StaleResultError : the bytes are damaged or of another version.
    """
    return _decoded(data, _REPORT, _report)


def encode_document(document: Document) -> bytes:
    """The bytes of a read document."""
    return _DOCUMENT + zlib.compress(_dumped(document), _LEVEL)


def decode_document(data: bytes) -> Document:
    """The document of its bytes.

    Raises
    ------
    StaleResultError : the bytes are damaged or of another version.
    """
    return _decoded(data, _DOCUMENT, lambda fields: _document_adapter().validate_python(fields))


def _dumped(value: object) -> bytes:
    return to_json(value, inf_nan_mode="constants")


def _decoded(data: bytes, head: bytes, build: Callable[[Any], T]) -> T:
    if not data.startswith(head):
        raise StaleResultError()
    try:
        return build(from_json(zlib.decompress(data[len(head) :]), allow_inf_nan=True, cache_strings="all"))
    except (zlib.error, ValueError, TypeError, KeyError, StandardFormatError, PydanticSerializationError):
        raise StaleResultError() from None


def _report(fields: dict[str, Any]) -> GapReport:
    fields["standard"] = standard_from_json(fields["standard"])
    return _report_adapter().validate_python(fields)


@cache
def _report_adapter() -> TypeAdapter[GapReport]:
    from pydantic import TypeAdapter

    from alignment.model import GapReport
    from alignment.programme.model import ProgrammeAudit

    adapter = TypeAdapter(GapReport, config=None)
    adapter.rebuild(force=True, _types_namespace={"ProgrammeAudit": ProgrammeAudit})
    return adapter


@cache
def _document_adapter() -> TypeAdapter[Document]:
    from pydantic import TypeAdapter

    from corpora.document import Document

    return TypeAdapter(Document)
