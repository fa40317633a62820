"""Gives each cell of a table row to a column of the header, also where the row's borders do not meet the header's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.document import Cell
from corpora.programme.schedule.cells import exam_of, flat, is_blank, number, required_of, weeks
from corpora.programme.schedule.columns import Column
from corpora.programme.schedule.roles import VALUES, Role

#: Columns that may take several cells of a row: labels within labels.
_MANY: frozenset[Role] = frozenset({"block", "name", "ignored"})
_CODE = re.compile(r"[A-Za-z]{0,4}\d{3,}[\dA-Za-z\-–—~～/]*|[A-Z]{1,4}-?\d+")
#: What it is worth that a text fits a column, beside its overlap (1 for a cell that lies wholly under the header).
_FIT = 0.3


def assign(columns: Sequence[Column], cells: Sequence[Cell]) -> list[tuple[Column, Cell]]:
    """Pairs of column and cell, left to right.

    Parameters
    ----------
    columns : the header's columns, left to right.
    cells : the cells over one row, left to right.

    Returns
    -------
    Every cell under exactly one column gets it; cells over several get, in order, the columns that they overlap most
    and whose kind they fit. Blank cells over several columns, and texts over three and more, are left out.
    """
    placed = [(cell, _overlapped(columns, cell)) for cell in cells]
    if all(len(found) <= 1 for _, found in placed):
        return [(columns[found[0]], cell) for cell, found in placed if found]
    usable = [(cell, found) for cell, found in placed if found and _usable(cell, [columns[n] for n in found])]
    return _best(columns, usable)


def _overlapped(columns: Sequence[Column], cell: Cell) -> list[int]:
    last = cell.column + cell.column_span - 1
    return [n for n, column in enumerate(columns) if column.first <= last and cell.column <= column.last]


def _usable(cell: Cell, over: Sequence[Column]) -> bool:
    if len(over) == 1:
        return True
    if is_blank(cell.text):
        return False
    values = sum(column.role in VALUES for column in over)
    return values < 3 or all(column.role == "semester" for column in over) or number(cell.text) is not None


def _best(columns: Sequence[Column], cells: Sequence[tuple[Cell, list[int]]]) -> list[tuple[Column, Cell]]:
    """The assignment, in order, of the greatest overlap and fit: dynamic programming over (cell, column)."""
    # states: last column used -> (worth, pairs); cells go left to right, so columns only rise
    states: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {-1: (0.0, ())}
    for position, (cell, over) in enumerate(cells):
        following = dict(states)
        for last, (worth, pairs) in states.items():
            for n in over:
                if n > last or (n == last and columns[n].role in _MANY):
                    better = worth + _worth(columns[n], cell)
                    if n not in following or better > following[n][0]:
                        following[n] = (better, (*pairs, (n, position)))
        states = following
    _, pairs = max(states.values(), key=lambda state: state[0])
    return [(columns[n], cells[position][0]) for n, position in pairs]


def _worth(column: Column, cell: Cell) -> float:
    last = cell.column + cell.column_span - 1
    shared = min(last, column.last) - max(cell.column, column.first) + 1
    return shared / cell.column_span + (_FIT if _fits(column.role, cell.text) else 0.0)


def _fits(role: Role, text: str) -> bool:
    plain = flat(text)
    if role == "code":
        return _CODE.fullmatch(plain) is not None
    if role == "nature":
        return required_of(plain) is not None and len(plain) <= 6
    if role in VALUES:
        return number(text) is not None or weeks(text) is not None
    if role in ("exam", "exam_test", "exam_check"):
        return bool(exam_of(plain)) or len(plain) == 1
    return role == "name" and number(text) is None and _CODE.fullmatch(plain) is None and len(plain) > 1
