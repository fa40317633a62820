"""Documents made into records of the suggestion corpus, and records as text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from alignment.depth import AIMS
from alignment.exemplars.model import Line, Record
from corpora.document import Document
from corpora.errors import EmptyDocumentError, IndexFormatError
from corpora.kinds import document_title
from corpora.segments import segment

#: Characters below which a passage says too little to be quoted.
LEAST_CHARS = 4

_VERSION = 1


def record_of(document: Document) -> Record:
    """The passages of a read document, each text once.

    Raises
    ------
    EmptyDocumentError : no passage of it can be quoted.
    """
    segmented = segment(document)
    lines: dict[str, Line] = {}
    for item in segmented.segments:
        text = item.text.strip()
        if len(text) >= LEAST_CHARS:
            page = item.locators[0].page if item.locators else None
            lines.setdefault(text, Line(text, item.role, page, item.heading_path))
    if not lines:
        raise EmptyDocumentError("里面没有可以引用的段落", where=document.name, advice="请确认文件里有正文文字")
    aims = sum(item.role == "objective" for item in segmented.segments) >= AIMS
    return Record(
        document.name,
        document.sha256,
        document_title(document),
        segmented.kind,
        document.pages,
        aims,
        tuple(lines.values()),
        len(document.errors),
    )


def record_text(record: Record) -> str:
    """A record as one line of JSON."""
    fields = asdict(record) | {"lines": [[x.text, x.role, x.page, list(x.heading_path)] for x in record.lines]}
    return json.dumps({"version": _VERSION, **fields}, ensure_ascii=False, separators=(",", ":"))


def record_from(text: str | bytes, where: str) -> Record:
    """The record that ``record_text`` wrote.

    Raises
    ------
    IndexFormatError : it is damaged or of another version.
    """
    try:
        data: dict[str, Any] = json.loads(text)
        if data.pop("version") != _VERSION:
            raise ValueError("版本不同")
        data["lines"] = tuple(Line(words, role, page, tuple(path)) for words, role, page, path in data["lines"])
        return Record(**data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        advice = "请用 duibiao corpus add 重新加入这份文件"
        raise IndexFormatError(f"语料库里的文档记录已损坏（{error}）", where=where, advice=advice) from error
