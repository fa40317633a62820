"""Merged cells that a page cut in two: whether the two parts are one, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpora.document_builder import CellSpec

_LONGEST = 16
_TOTAL = re.compile(r"(?:小计|合计|总计|共计)")
# what begins a label and is none by itself: 专业 | 平台课程
_BEGIN = re.compile(r"(?:公共|专业|职业|综合|通识|素质|实践|集中|学科)(?:基础|核心|拓展|群|技能|平台|模块|方向|能力)?")
_MIDDLE = re.compile(r"基础|核心|拓展|平台|模块|群|技能|能力|方向|领域|课|教育|环节|限选|选修|必修|实践|实训")
# what ends a label and is none by itself: 公共基础 | 课程
_END = re.compile(r"课|课程|程|模块|块|平台|台|环节|节|方向|向|领域|教育|类|部分|[（(].*|.{0,8}[)）]")


def spans_joined(
    cells: Sequence[CellSpec], rest: Sequence[CellSpec], rows: int, shared: int
) -> tuple[list[CellSpec], list[CellSpec]]:
    """The cells of both pages, merged cells that the page cut in two made one again.

    Parameters
    ----------
    cells : cells of the first page, ``rows`` rows.
    rest : cells overleaf, rows counted from 0.
    shared : 1 when the first row overleaf is the rest of the last row of the first page, else 0.
    """
    upper = {(c.column, c.column_span): c for c in cells if c.row + c.row_span == rows}
    grown: dict[int, CellSpec] = {}
    kept: list[CellSpec] = []
    for cell in rest:
        above = upper.get((cell.column, cell.column_span)) if cell.row == 0 else None
        if above is None or max(cell.row_span, above.row_span) == 1 or not _is_one(cells, above, cell, rows):
            kept.append(cell)
            continue
        text = above.text if cell.text == above.text else above.text + cell.text
        grown[id(above)] = replace(above, text=text, row_span=above.row_span + cell.row_span - shared)
    return [grown.get(id(c), c) for c in cells], kept


def _is_one(cells: Sequence[CellSpec], above: CellSpec, below: CellSpec, rows: int) -> bool:
    if below.text in ("", above.text):
        return True
    if len(above.text) + len(below.text) > _LONGEST or _has_total(cells, rows - 1):
        return False
    if not above.text:  # a figure over several rows is none of a single blank cell above them
        return above.row_span > 1 or not below.text.replace(".", "").isdigit()
    if _END.fullmatch(below.text):
        return True
    if _BEGIN.fullmatch(above.text) and _MIDDLE.match(below.text):
        return True
    return not _BEGIN.match(below.text) and _blocks_end_in_totals(cells, above)


def _blocks_end_in_totals(cells: Sequence[CellSpec], above: CellSpec) -> bool:
    """Whether every earlier merged cell of the column ends in a row of subtotals, so that one without any goes on."""
    blocks = [c for c in cells if c.column == above.column and c.row_span > 1 and c.text and c.row < above.row]
    first = min((c.row for c in blocks), default=0)
    named = [c for c in blocks if c.row > first or not _over_header(cells, c)]
    return bool(named) and all(_has_total(cells, c.row + c.row_span - 1) for c in named)


def _over_header(cells: Iterable[CellSpec], block: CellSpec) -> bool:
    """Whether a merged cell stands in the header: its rows hold no figure."""
    rows = range(block.row, block.row + block.row_span)
    return not any(c.row in rows and c.text.replace(".", "").isdigit() for c in cells)


def _has_total(cells: Iterable[CellSpec], row: int) -> bool:
    return any(c.row == row and len(c.text) <= _LONGEST and _TOTAL.search(c.text) for c in cells)
