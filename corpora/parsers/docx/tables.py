"""Places the cells of a ``w:tbl`` on its grid: spans, merges, left-out columns, nested tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpora.document_builder import CellSpec
from corpora.parsers.docx.story import Grid, Paragraph, Story
from corpora.parsers.docx.xml import Element, Settings, W, as_number, child, is_on, number, setting, settings
from corpora.parsers.pictures import Picture

_MAX_SPAN = 512
_WRAPPERS = {W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo")}


@dataclass
class _Placing:
    """The table so far; ``open`` maps a grid column to the cell that may grow down from it."""

    cells: list[CellSpec] = field(default_factory=list)
    open: dict[int, int] = field(default_factory=dict)
    nested: list[tuple[int, int, Grid]] = field(default_factory=list)
    beside: list[Paragraph | Picture] = field(default_factory=list)


def read_table(table: Element, story: Story) -> Grid:
    """Read one table, its nested ones included."""
    placing = _Placing()
    flagged, row, in_header = 0, 0, True
    for element in _children(table, "tr"):
        properties = child(element, "trPr")
        if child(properties, "del") is not None:
            continue
        _place_row(element, properties, row, placing, story)
        in_header = in_header and _is_header(properties)
        flagged += in_header
        row += 1
    return Grid(tuple(placing.cells), flagged, tuple(placing.nested), tuple(placing.beside))


def _place_row(element: Element, properties: Element | None, row: int, placing: _Placing, story: Story) -> None:
    column = min(max(number(properties, "gridBefore") or 0, 0), _MAX_SPAN)
    still_open: dict[int, int] = {}
    for tc in _children(element, "tc"):
        layout = settings(tc, "tcPr")
        span = min(max(as_number(setting(layout, "gridSpan")) or 1, 1), _MAX_SPAN)
        if "cellDel" in layout:
            column += span
            continue
        if _continues(layout, "hMerge") and placing.cells and placing.cells[-1].row == row:
            placing.cells[-1] = replace(placing.cells[-1], column_span=placing.cells[-1].column_span + span)
            column += span
            continue
        origin = placing.open.get(column) if _continues(layout, "vMerge") else None
        if origin is None:
            origin = len(placing.cells)
            placing.cells.append(_cell(tc, row, column, span, placing, story))
        else:
            placing.cells[origin] = replace(placing.cells[origin], row_span=row - placing.cells[origin].row + 1)
        if "vMerge" in layout:
            still_open[column] = origin
        column += span
    placing.open = still_open


def _cell(tc: Element, row: int, column: int, span: int, placing: _Placing, story: Story) -> CellSpec:
    lines: list[str] = []
    for block in story.inside(tc):
        if isinstance(block, Grid):
            placing.nested.append((row, column, block))
        elif isinstance(block, Paragraph) and block.kind == "paragraph":
            lines.append(block.text.replace("\t", " "))
        else:
            placing.beside.append(block)
    return CellSpec("\n".join(lines), row, column, 1, span)


def _continues(layout: Settings, name: str) -> bool:
    merge = layout.get(name)
    return merge is not None and merge.get(f"{W}val", "continue") != "restart"


def _is_header(properties: Element | None) -> bool:
    flag = child(properties, "tblHeader")
    return flag is not None and is_on(flag)


def _children(element: Element, name: str) -> Iterator[Element]:
    wanted = W + name
    for item in element:
        tag = item.tag
        if tag == wanted:
            yield item
        elif tag in _WRAPPERS:
            yield from _children(item, name)
