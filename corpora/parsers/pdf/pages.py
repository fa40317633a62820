"""One page's content in reading order: lines and tables, furniture left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from corpora.parsers.pdf.columns import lines_in_order
from corpora.parsers.pdf.content import Char, Edge, PageContent
from corpora.parsers.pdf.continued import continued, goes_on
from corpora.parsers.pdf.furniture import furniture
from corpora.parsers.pdf.lattice import Grid, find_grids, merge_edges
from corpora.parsers.pdf.lines import Line, Run, line_of, rows_of, runs_of
from corpora.parsers.pdf.open_tables import find_open_tables
from corpora.parsers.pdf.tables import PageTable, grid_table, middle_of

_MARGIN_ROWS = 8
_RAGGED, _LONG_ROW = 1.5, 24
_STRIKE_LOW, _STRIKE_HIGH = 0.12, 0.6
_CONTINUED = re.compile(
    r"^[（(]?\s*(?:续表?|接上表|(?:附?表\s*[\d.\-一二三四五六七八九十]*\s*)?[（(]?续[)）]?)\s*[\d.\-]*.{0,20}$"
)
_GOES_ON = re.compile(r"^(?:续|接上)|[（(](?:续表?|接上表|接上页)[一二三四五六七八九十\d]*[)）]|续表?$")
_TITLE_LINES = 3
_CAPTION = re.compile(r"^附?表\s*[\d一二三四五六七八九十]|.{2,38}(?:表|一览)(?:（[^）]*）)?$")


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page before its lines are ordered: tables, and the runs outside of them."""

    number: int
    width: float
    height: float
    tables: tuple[PageTable, ...]
    runs: tuple[Run, ...]
    rules: tuple[Edge, ...]


def raw_page(content: PageContent) -> RawPage:
    """Ruled tables and the remaining runs of a page; struck-out characters are dropped."""
    edges = merge_edges(content.edges)
    grids = find_grids(edges)
    rules = [e for e in edges if not e.vertical and not any(_borders(grid, e) for grid in grids)]
    chars = [c for c in content.chars if not any(_strikes(rule, c) for rule in rules)] if rules else content.chars
    inside: dict[int, list[Char]] = {i: [] for i in range(len(grids))}
    outside: list[Char] = []
    for char in (*chars, *content.turned):
        home = next((i for i, grid in enumerate(grids) if grid.place(*middle_of(char)) is not None), None)
        if home is not None:
            inside[home].append(char)
        elif not char.turn:
            outside.append(char)
    tables = [grid_table(grid, inside[i], content.number) for i, grid in enumerate(grids)]
    filled = tuple(table for table in tables if any(cell.text for cell in table.cells))
    return RawPage(content.number, content.width, content.height, filled, tuple(runs_of(outside)), tuple(rules))


def _borders(grid: Grid, edge: Edge) -> bool:
    x0, _, x1, _ = grid.box
    return edge.end > x0 - 3 and edge.start < x1 + 3 and any(abs(edge.position - y) < 3 for y in grid.ys)


def _strikes(rule: Edge, char: Char) -> bool:
    raised = (char.baseline - rule.position) / max(char.size, 0.1)
    if not _STRIKE_LOW < raised < _STRIKE_HIGH:
        return False
    return min(rule.end, char.x1) - max(rule.start, char.x0) > 0.7 * (char.x1 - char.x0)


def flow_of(pages: Sequence[RawPage]) -> list[Line | PageTable]:
    """Lines and tables of all pages in reading order; tables continued overleaf are joined."""
    cleaned = _without_furniture(pages)
    margins = _margins(cleaned)
    flow: list[Line | PageTable] = []
    for page, (left, right) in zip(cleaned, margins, strict=True):
        flow += _ordered(page, left, right)
    return _captioned(_tables_joined(flow))


def _without_furniture(pages: Sequence[RawPage]) -> list[RawPage]:
    rows = [[(row, line_of(row, page.number, 0.0, page.width)) for row in rows_of(page.runs)] for page in pages]
    dropped = furniture([[line for _, line in page] for page in rows], [page.height for page in pages])
    return [
        replace(page, runs=tuple(run for row, line in found if line not in dropped for run in row))
        for page, found in zip(pages, rows, strict=True)
    ]


def _margins(pages: Sequence[RawPage]) -> list[tuple[float, float]]:
    """Left and right margin of each page's text; pages with few rows take the document's."""
    own = [_page_margins(page) for page in pages]
    full = [margins for page, margins in zip(pages, own, strict=True) if len(rows_of(page.runs)) >= _MARGIN_ROWS]
    full = full or own or [(0.0, 0.0)]
    left, right = median(m[0] for m in full), median(m[1] for m in full)
    return [
        margins
        if len(rows_of(page.runs)) >= _MARGIN_ROWS
        else (min(left, margins[0]), max(right if right <= page.width else margins[1], margins[1]))
        for page, margins in zip(pages, own, strict=True)
    ]


def _page_margins(page: RawPage) -> tuple[float, float]:
    """Where lines begin and where they would end; where no line is full, the right margin mirrors the left."""
    rows = rows_of(page.runs)
    if not rows:
        return 0.0, page.width
    letter = median(run.size for run in page.runs)
    starts, ends = sorted(row[0].x0 for row in rows), sorted((max(r.x1 for r in row) for row in rows), reverse=True)
    spare = 1 if len(rows) >= _MARGIN_ROWS else 0
    left = starts[0] if starts[spare] - starts[0] < letter else starts[spare]
    right = ends[0] if ends[0] - ends[spare] < letter else ends[spare]
    filled = sum(right - end < _RAGGED * letter for end in ends) >= 2 or right - left > _LONG_ROW * letter
    return left, right if filled else max(right, page.width - left)


def _ordered(page: RawPage, left: float, right: float) -> list[Line | PageTable]:
    """Tables cut the page into bands; each band's runs are ordered by themselves."""
    open_tables = find_open_tables(page.rules, page.runs, page.number)
    runs = [run for run in page.runs if not any(_within(run, table.box) for table in open_tables)]
    tables = sorted((*page.tables, *open_tables), key=lambda t: (t.box[1], t.box[0]))
    bands: list[list[Run]] = [[] for _ in range(len(tables) + 1)]
    for run in runs:
        bands[sum(run.middle > (table.box[1] + table.box[3]) / 2 for table in tables)].append(run)
    flow: list[Line | PageTable] = []
    for position, band in enumerate(bands):
        flow += lines_in_order(band, page.number, left, right)
        flow += tables[position : position + 1]
    return flow


def _within(run: Run, box: tuple[float, float, float, float]) -> bool:
    x0, y0, x1, y1 = box
    return y0 <= run.middle <= y1 and x0 - 4 <= (run.x0 + run.x1) / 2 <= x1 + 4


def _tables_joined(flow: Sequence[Line | PageTable]) -> list[Line | PageTable]:
    joined: list[Line | PageTable] = []
    for item in flow:
        if isinstance(item, PageTable):
            at = _open_table(joined)
            last = joined[at] if at is not None else None
            if at is not None and isinstance(last, PageTable) and goes_on(last, item, marked=len(joined) - at > 1):
                del joined[at:]
                item = continued(last, item)
        joined.append(item)
    return joined


def _open_table(flow: Sequence[Line | PageTable]) -> int | None:
    """Position of the last table when nothing but a 续表 line or its own title once more stands behind it."""
    at = next((n for n in range(len(flow) - 1, -1, -1) if isinstance(flow[n], PageTable)), None)
    if at is None or len(flow) - at > _TITLE_LINES + 1:
        return None
    titles = {_flat(item) for item in flow[max(at - _TITLE_LINES, 0) : at] if isinstance(item, Line)}
    behind = [item for item in flow[at + 1 :] if isinstance(item, Line)]
    return at if all(_CONTINUED.match(line.text) or _flat(line) in titles for line in behind) else None


def _flat(line: Line) -> str:
    """A title without blanks and without the mark that it goes on."""
    return _GOES_ON.sub("", "".join(line.text.split()))


def _captioned(flow: Sequence[Line | PageTable]) -> list[Line | PageTable]:
    captioned: list[Line | PageTable] = []
    for item in flow:
        above = captioned[-1] if captioned else None
        if isinstance(item, PageTable) and isinstance(above, Line) and _CAPTION.match(above.text):
            item = replace(item, caption=above.text.strip())
        captioned.append(item)
    return captioned
