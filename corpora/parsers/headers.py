"""Guesses how many leading rows of a table name its columns; one heuristic for all formats."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.document_builder import CellSpec

_LABEL_LENGTH = 24
_TITLE_LENGTH = 40
_MAX_HEADER_ROWS = 4
_NUMBERISH = re.compile(r"^(?=.*\d)[\d\s.,%％/（）()+\-—–*×√:：]+$")
_SENTENCE = re.compile(r"[。；;！？]")
_FORM_KEY = re.compile(
    r"(?:课程|专业|教材|英文|中文)?(?:名称|代码|编码|编号|类别|类型|性质|负责人)|(?:总|参考|计划|周)?学[时分]数?|学制"
    r"|开课(?:学期|院部|单位|系部|部门|学院)|授课(?:对象|学期|教师|班级|时间)|适用(?:专业|对象|年级|范围)"
    r"|(?:先修|前导|前置|前修|后续|后修)课程?|考核(?:方式|性质|形式)|(?:制[订定]|审[核批定]|编[制写]|执笔)(?:人|者|日期|时间)?(?:[：:].*)?"
    r"|所属.{1,6}|(?:任课|主讲)?教师|(?:教学|授课)?班级|学[年期]"
)
_MARKED = re.compile(r"^\s*(?:\d+[.．、)）]|[（(]?[一二三四五六七八九十]+[)）、]|[①-⑳])")


def guess_header_rows(cells: Sequence[CellSpec], preamble: int = 0) -> int:
    """Number of leading rows that are headers.

    A form of keys and values has none. Rows that hold only the table's title count along. A header row has at least two
    labelled columns, and all its texts are short labels: no sentence, no bare number, no enumerator. A second (third …)
    row is a header only when a cell of the rows above spans several columns over it, or spans down into it, so that it
    refines the labels above.

    Parameters
    ----------
    cells : the table's origin cells with spans; cells without text may be left out.
    preamble : number of sparse rows (title, author, date) that may stand above the headers, as they do in sheets.

    Returns
    -------
    0 when the first row is no header or when no row would be left under the headers.
    """
    if not cells or _is_form(cells):
        return 0
    total = max(c.row + c.row_span for c in cells)
    rows: dict[int, list[CellSpec]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    first = _preamble_rows(rows, preamble) if preamble else _title_rows(rows, _columns(cells))
    if not _is_label_row(rows.get(first, [])):
        return 0
    most = min(first + _MAX_HEADER_ROWS, total - 1)
    count = min(first + _common_depth(rows[first]), most)
    while count < most and _is_label_row(rows.get(count, [])) and _refines(cells, rows[count], count):
        count += 1
    return count


def _common_depth(row: Sequence[CellSpec]) -> int:
    """How many rows deep a header row is, told by the cells that are merged down to its bottom."""
    spans = [c.row_span for c in row if c.text.strip()]
    deepest = max(spans)
    return deepest if spans.count(deepest) > 1 and min(spans) < deepest else 1


def _title_rows(rows: dict[int, list[CellSpec]], columns: int) -> int:
    """Number of leading rows that hold the table's title alone: one short text over most of the columns."""
    count = 0
    while count < 2 and count in rows:
        filled = [c for c in rows[count] if c.text.strip()]
        if len(filled) != 1 or len(filled[0].text) > _TITLE_LENGTH or columns < 2 or filled[0].row_span > 1:
            break
        if filled[0].column_span * 2 < columns and len(rows[count]) < columns:
            break
        count += 1
    return count


def _columns(cells: Sequence[CellSpec]) -> int:
    return max(c.column + c.column_span for c in cells)


def _preamble_rows(rows: dict[int, list[CellSpec]], most: int) -> int:
    """Number of leading rows that fill less than half as many cells as the fullest row does and merge none down."""
    filled = {row: sum(bool(c.text.strip()) for c in cells) for row, cells in rows.items()}
    full = max(filled.values())
    count = 0
    while count < most and filled.get(count, 0) * 2 < full and all(c.row_span == 1 for c in rows.get(count, [])):
        count += 1
    return count if count < most else 0


def _is_form(cells: Sequence[CellSpec]) -> bool:
    """Whether the table is a form of keys and values (课程名称 | … | 课程代码 | …), which has no header row."""
    keys = [re.sub(r"\s+", "", c.text) for c in cells if c.column == 0]
    return len(keys) > 1 and bool(_FORM_KEY.fullmatch(keys[0])) and any(_FORM_KEY.fullmatch(key) for key in keys[1:3])


def _is_label_row(row: Sequence[CellSpec]) -> bool:
    texts = [c.text.strip() for c in row if c.text.strip()]
    if len(texts) < 2 and not any(c.row_span > 1 for c in row):
        return False
    return bool(texts) and all(_is_label(text) for text in texts)


def _is_label(text: str) -> bool:
    flat = re.sub(r"\s+", "", text)
    return len(flat) <= _LABEL_LENGTH and not (_NUMBERISH.match(flat) or _SENTENCE.search(flat) or _MARKED.match(text))


def _refines(cells: Sequence[CellSpec], row: Sequence[CellSpec], number: int) -> bool:
    above = [c for c in cells if c.row < number and c.text.strip()]
    spanning_down = any(c.row + c.row_span > number for c in above)
    wide = [c for c in above if c.column_span > 1 and c.row + c.row_span == number]
    under = any(w.column <= c.column < w.column + w.column_span for w in wide for c in row if c.text.strip())
    return spanning_down or under
