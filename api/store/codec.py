"""Reports and documents as bytes of the store, and back: exact, compressed, refused when they are of another form."""

from __future__ import annotations

import dataclasses
import math
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic_core import from_json, to_json, to_jsonable_python

from api.auth.principal import ConflictError
from corpora.errors import StandardFormatError
from corpora.standard_json import standard_from_json, standard_to_json

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from alignment.model import GapReport
    from corpora.document import Document
    from corpora.standard import Element, Standard, Statement

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
    """The bytes of a report, its standard inside; what the report repeats of the standard is told by its id."""
    standard = report.standard
    fields = {field.name: getattr(report, field.name) for field in dataclasses.fields(report)}
    fields = to_jsonable_python({**fields, "standard": None}, inf_nan_mode="constants")
    fields["standard"] = standard_to_json(standard)
    known = to_jsonable_python(_named(standard))
    for holder, key in _repeated(fields):
        item = holder[key]
        if known.get(item["id"]) == item:
            holder[key] = item["id"]
    return _REPORT + zlib.compress(to_json(fields, inf_nan_mode="constants"), _LEVEL)


def decode_report(data: bytes) -> GapReport:
    """The report of its bytes; its elements and statements are the standard's own objects.

    Raises
    ------
    StaleResultError : the bytes are damaged or of another version.
    """
    return _decoded(data, _REPORT, _report)


def encode_document(document: Document) -> bytes:
    """The bytes of a read document."""
    return _DOCUMENT + zlib.compress(to_json(document), _LEVEL)


def decode_document(data: bytes) -> Document:
    """The document of its bytes.

    Raises
    ------
    StaleResultError : the bytes are damaged or of another version.
    """
    return _decoded(data, _DOCUMENT, lambda fields: _document_adapter().validate_python(fields))


def _decoded(data: bytes, head: bytes, build: Callable[[Any], T]) -> T:
    if not data.startswith(head):
        raise StaleResultError()
    try:
        return build(from_json(zlib.decompress(data[len(head) :]), allow_inf_nan=True, cache_strings="all"))
    except (zlib.error, ValueError, TypeError, LookupError, AttributeError, StandardFormatError):
        raise StaleResultError() from None


def _report(fields: dict[str, Any]) -> GapReport:
    fields["standard"] = standard = standard_from_json(fields["standard"])
    known = _named(standard)
    for holder, key in _repeated(fields):
        if isinstance(holder[key], str):
            holder[key] = known[holder[key]]
    for rule in fields["rules"]:
        for judged in (rule, *rule["readings"]):
            judged["value"] = _frozen(judged["value"])
    for fact in fields["programme"]["programme"]["facts"] if fields["programme"] else ():
        if math.isnan(fact["figure"]["value"]):
            fact["figure"]["value"] = math.nan  # the one that facts without a number have, so that they stay equal
    return _report_adapter().validate_python(fields)


def _named(standard: Standard) -> dict[str, Statement | Element]:
    """Statements and elements of a standard by id."""
    return {**standard.by_id, **{element.id: element for element in standard.elements}}


def _repeated(fields: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Where a report repeats statements and elements of its standard: what holds each, and under which key."""
    judged = [*fields["matches"], *fields["gaps"]]
    statements = list(fields["statements"])
    if fields["programme"]:
        audit = fields["programme"]
        judged += [match for course in audit["annex"] for match in course["matches"]]
        statements += [*audit["courses"], *audit["clauses"]]
        competencies = audit["support"]["competencies"]
        yield from ((competencies, index) for index in range(len(competencies)))
    yield from ((item, "element") for item in judged)
    yield from ((item, "statement") for item in statements)
    yield from ((item, "course") for item in fields["courses"])


def _frozen(value: Any) -> Any:
    """A rule's value with its lists as the tuples that they were."""
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


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
