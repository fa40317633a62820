"""Tables that split the plan's hours and credits by categories (学时学分分配表), whichever way they are turned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpora.document import Cell, Document, Table
from corpora.programme.model import Category, Fact, Figure, ShareRow
from corpora.programme.schedule.categories import category_of, names_category, required_by
from corpora.programme.tables.share_layout import Name, Of, SplitRow, lists_courses, splits_of
from corpora.programme.tables.table_places import TablePlaces, plain_number

_NO_CATEGORY = re.compile(r"(?:选修|必修|任选|限选|专业|理论|技能)?课?(?:程)?(?:教学)?")
#: A split of a whole plan has at least so many hours or credits in its largest row.
_MIN_HOURS, _MIN_CREDITS = 400.0, 40.0
#: Fewest rows that tell credits from hours, and the fewest hours that a credit stands for in any plan.
_TOLD, _LEAST_HOURS = 3, 8.0


def read_shares(document: Document, start: int, end: int) -> tuple[ShareRow, ...]:
    """The rows of all tables of shares in a stretch of the document.

    Parameters
    ----------
    document : the document.
    start, end : the stretch, offsets into ``Document.text``.
    """
    places = TablePlaces(document, start, end)
    return tuple(row for table in places for row in _rows_of(places, table))


def practice_shares(places: TablePlaces) -> Iterator[Fact]:
    """The share of practice that a last row 比例 of a table of shares gives."""
    for table in places:
        for rows in splits_of(table) if _may_split(table) else ():
            cells = [row.figures["practice"][0] for row in rows if row.percents and "practice" in row.figures]
            if cells and _counts([row for row in rows if not row.percents]):
                value = plain_number(cells[0].text) or 0.0
                scale = 100.0 if value <= 1 and "%" not in cells[0].text else 1.0
                figure = places.figure(table, cells[0], scale)
                if figure is not None:
                    yield Fact("practice_share", figure, "percent", words=cells[0].text.strip())


def _may_split(table: Table) -> bool:
    return table.columns > 1 and table.rows > 1 and not lists_courses(table)


def _sound_splits(table: Table) -> Iterator[list[SplitRow]]:
    """The splits of a table that are of the plan's total, without rows of percentages."""
    for rows in splits_of(table) if _may_split(table) else ():
        plain = [row for row in rows if not row.percents]
        if _credits_as_hours(plain):
            plain = [replace(row, figures=_renamed(row.figures)) for row in plain]
        if _counts(plain):
            yield plain


def _credits_as_hours(rows: Sequence[SplitRow]) -> bool:
    """Whether the column of hours holds credits: its rows have many times as many hours of theory and practice."""
    if any("credits" in row.figures for row in rows):
        return False
    known = [(_number_in(row, "hours"), _number_in(row, "theory"), _number_in(row, "practice")) for row in rows]
    parts = [(hours, (theory or 0) + (practice or 0)) for hours, theory, practice in known if hours]
    told = [(hours, whole) for hours, whole in parts if whole]
    return len(told) >= _TOLD and all(_LEAST_HOURS * hours <= whole for hours, whole in told)


def _renamed(figures: dict[Name, tuple[Cell, str]]) -> dict[Name, tuple[Cell, str]]:
    """Figures whose hours are credits; their shares may be of either."""
    names: dict[Name, Name] = {"hours": "credits"}
    return {names.get(name, name): (cell, "" if name == "share" else of) for name, (cell, of) in figures.items()}


def _rows_of(places: TablePlaces, table: Table) -> Iterator[ShareRow]:
    split = 0
    for rows in _sound_splits(table):
        scale, of = _percent_scale(rows), _share_of(rows)
        for row in rows:
            yield _share_row(places, table, row, split, scale, of)
            if row.total and len(row.path) == 1 and row is not rows[-1]:
                split += 1  # what follows the total splits it another way
        split += 1


def _counts(rows: Sequence[SplitRow]) -> bool:
    """Whether rows are a split of a plan's total: categories, with enough hours or credits."""
    named = [row for row in rows if names_category(row.path[-1]) or row.total]
    large = any(
        (plain_number(row.figures[name][0].text) or 0) >= least
        for row in rows
        for name, least in (("hours", _MIN_HOURS), ("credits", _MIN_CREDITS))
        if name in row.figures
    )
    return bool(named) and len(named) >= len(rows) / 2 and large


def _share_of(rows: Sequence[SplitRow]) -> Of:
    """What the shares of a table are of, by the table's own head, else by its figures; "" where both or neither fit."""
    stated = [row.figures["share"][1] for row in rows if "share" in row.figures]
    if not stated or stated[0]:
        return stated[0] if stated else ""  # type: ignore[return-value]
    fitting: list[Of] = []
    totals = [row for row in rows if row.total]
    for name in ("hours", "credits"):
        whole = _number_in(totals[-1], name) if totals else None
        parts = [(_number_in(row, name), _number_in(row, "share")) for row in rows if not row.total]
        known = [(part, share) for part, share in parts if part is not None and share is not None]
        if whole and known and all(min(abs(100 * p / whole - s), abs(p / whole - s)) < 1 for p, s in known):
            fitting.append(name)
    return fitting[0] if len(fitting) == 1 else ""


def _number_in(row: SplitRow, name: Name) -> float | None:
    return plain_number(row.figures[name][0].text) if name in row.figures else None


def _percent_scale(rows: Sequence[SplitRow]) -> float:
    """100 where shares are printed as fractions of one."""
    shares = [row.figures["share"][0].text for row in rows if "share" in row.figures]
    values = [plain_number(text) or 0.0 for text in shares]
    return 100.0 if values and max(values) <= 1.0 and not any("%" in text or "％" in text for text in shares) else 1.0


def _category(path: Sequence[str]) -> Category | None:
    """The category that a row's labels mean; None for rows like 必修课, 专业课 that are none."""
    plain = [re.sub(r"[（(].*", "", text) for text in path]
    plain = [re.sub(r"^其中[:：]?|(?:总)?(?:学时|课时|学分)数?$", "", text) for text in plain if text]
    if not any(names_category(text) and not _NO_CATEGORY.fullmatch(text) for text in plain):
        return None
    return category_of(plain).category


def _share_row(places: TablePlaces, table: Table, row: SplitRow, split: int, scale: float, of: Of) -> ShareRow:
    total = row.total
    locator = places.locator(table, row.cell)
    category: Category | None = None if total else _category(row.path)
    figures: dict[str, Figure | None] = {
        name: places.figure(table, cell, scale if name == "share" else 1.0) for name, (cell, _) in row.figures.items()
    }
    return ShareRow(
        label="/".join(row.path),
        table=table.number,
        locator=locator,
        category=category,
        required=None if total else required_by(row.path),
        total=total,
        hours=figures.get("hours"),
        credits=figures.get("credits"),
        theory=figures.get("theory"),
        practice=figures.get("practice"),
        share=figures.get("share"),
        share_of=of if "share" in row.figures else "",
        split=split,
    )
