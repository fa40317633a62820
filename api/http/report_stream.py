"""The JSON report in pieces: a list item at a time, so that a large plan is never whole in memory as text."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, TypeAdapter

from alignment.model import GapReport
from api.schemas import ReportOut

#: Pieces are sent when they are at least so long.
_PIECE = 1 << 16


def json_pieces(report: GapReport) -> Iterator[bytes]:
    """The report as JSON, schema ``duibiao.report/1``, in pieces of some 64 KiB."""
    held: list[str] = []
    size = 0
    for part in _parts(ReportOut.from_report(report)):
        held.append(part)
        size += len(part)
        if size >= _PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()


def _parts(model: BaseModel) -> Iterator[str]:
    before = "{"
    for name, info in type(model).model_fields.items():
        yield f'{before}"{info.serialization_alias or info.alias or name}":'
        yield from _value(getattr(model, name), TypeAdapter[object](info.annotation or object))
        before = ","
    yield "}\n"


def _value(value: object, adapter: TypeAdapter[object]) -> Iterator[str]:
    if not (isinstance(value, list) and value and isinstance(value[0], BaseModel)):
        yield adapter.dump_json(value, by_alias=True).decode()
        return
    before = "["
    for item in value:
        yield before + item.model_dump_json(by_alias=True)
        before = ","
    yield "]"
