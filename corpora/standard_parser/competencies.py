"""Section 7, 培养规格: the lead and the numbered competencies, in every numbering style."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpora.standard_parser.draft import Draft
from corpora.standard_parser.outline import Part, number_value, split_number
from corpora.standard_parser.source import Grid, Line

_INLINE = re.compile(r"(?<=[；。;：:])\s*(?=[（(]\d{1,2}[）)]|[①-⑳])")


def read_competencies(part: Part, draft: Draft) -> None:
    """Add A (lead) and Q statements."""
    pieces = [piece for line in part.lines for piece in _inline(line)]
    numbered = any(_competency(text) for _, text in pieces)
    parent: str | None = None
    begun = False
    for line, text in pieces:
        number, rest = split_number(text)
        if _group_heading(number, rest):
            draft.place(line)
        elif (numbered and _competency(text)) or (not numbered and parent and text.endswith(("；", "。", ";"))):
            body = rest.lstrip("-•·◆●■ ") if number else text.lstrip("-•·◆●■ ")
            count = len(draft.of_kind("competency")) + 1
            value = number_value(number) if number else count
            draft.add("Q", "competency", body, "7", line.lines, parent=parent, number=value)
            begun = True
        elif not begun:
            statement = draft.add("A", "provision", text, "7", line.lines)
            parent = parent or statement.id
        else:
            draft.leave("7", line.number, text, "培养规格中没有编号的段落")
    for item in part.items:
        if isinstance(item, Grid):
            for row in item.rows:
                draft.leave("7", row.number, "\t".join(row.cells), "培养规格中的表格")


def _inline(line: Line) -> Iterator[tuple[Line, str]]:
    """The line, or its parts where several numbered competencies stand in one paragraph."""
    parts = [part for part in _INLINE.split(line.text) if part.strip()]
    if sum(bool(_competency(part)) for part in parts) < 2:
        parts = [line.text]
    for part in parts:
        yield line, part.strip()


def _competency(text: str) -> bool:
    number, rest = split_number(text)
    return bool(number) and not _group_heading(number, rest)


def _group_heading(number: str, rest: str) -> bool:
    """（一）素质, 2. 知识 and the like, which only group competencies."""
    return bool(number) and len(rest) <= 8 and not rest.endswith(("；", "。"))
