"""Subtotals and totals of a schedule: what they state, and which courses they should sum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from corpora.programme.cells import flat
from corpora.programme.courses import CourseBuilder, locate
from corpora.programme.model import StatedTotal, Unit
from corpora.programme.rows import Row
from corpora.programme.sums import Placed

_CREDITS = re.compile(r"学分")
_HOURS = re.compile(r"(?:学|课)时")
_GRAND = re.compile(r"^总计|^总学[时分]|^总课时|总合计|^合计|^共计|^总学分|全部|^总")


def stated_total(
    builder: CourseBuilder, row: Row, above: Sequence[Placed], whole: Sequence[Placed]
) -> StatedTotal | None:
    """What a total row states; None for one that states nothing.

    Parameters
    ----------
    builder : builder of the row's table.
    above : the courses of the same table above the row.
    whole : all courses read so far, for a total of the whole plan.
    """
    counts = _counts(row.label)
    hours, credits = builder.hours(row), builder.credits(row)
    theory, practice = builder.part(row, "theory"), builder.part(row, "practice")
    unit: Unit | None = "credits" if counts == "credits" else None
    semesters = builder.semesters(row, unit)
    if hours is None and credits is None and (theory is None or practice is None) and len(semesters) < 2:
        return None
    if row.name is None:
        return None
    value = (hours.value if hours else None, credits.value if credits else None)
    level, scope = _scope(row, above, whole, value)
    return StatedTotal(
        label=row.label,
        block="/".join(row.path) if level else "",
        level=level,
        courses=tuple(placed.index for placed in scope),
        table=builder.source.table.number,
        row=row.index + 1,
        locator=locate(builder.source.document, builder.source.table, row.name),
        credits=credits,
        hours=hours,
        theory=theory,
        practice=practice,
        semesters=semesters,
        counts=counts,
    )


def _counts(text: str) -> Literal["both", "hours", "credits"]:
    plain = flat(text)
    credits, hours = _CREDITS.search(plain), _HOURS.search(plain)
    if credits and not hours:
        return "credits"
    return "hours" if hours and not credits else "both"


def _scope(
    row: Row, above: Sequence[Placed], whole: Sequence[Placed], value: tuple[float | None, float | None]
) -> tuple[int, Sequence[Placed]]:
    """Level of a total and the courses that it should sum."""
    if not row.path:
        if row.covers or _GRAND.search(flat(row.label)) or not any(placed.path for placed in above):
            return 0, _nearer(above, whole, value)
        return 1, _since_block(above)
    inside = [placed for placed in above if placed.path[: len(row.path)] == row.path]
    if not inside:
        inside = [placed for placed in above if row.path[-1] in placed.path]
    level = min(len(row.path), 2)
    return level, _suffix(inside, len(row.path), value)


def _since_block(above: Sequence[Placed]) -> Sequence[Placed]:
    """The courses at the end that stand in the same block as the last one."""
    if not above:
        return above
    last = above[-1].path[:1]
    first = next((n for n in range(len(above) - 1, -1, -1) if above[n].path[:1] != last), -1)
    return above[first + 1 :]


def _nearer(
    above: Sequence[Placed], whole: Sequence[Placed], value: tuple[float | None, float | None]
) -> Sequence[Placed]:
    """Whether a grand total sums its own table or all tables so far: the one nearer to what it states."""
    if len(above) == len(whole) or not above:
        return whole
    return min((whole, above), key=lambda scope: _distance(scope, value))


def _distance(scope: Sequence[Placed], value: tuple[float | None, float | None]) -> float:
    hours, credits = value
    if hours is not None:
        return abs(_sum_hours(scope) - hours)
    return abs(sum(p.course.credits.value if p.course.credits else 0.0 for p in scope) - (credits or 0.0))


def _sum_hours(scope: Sequence[Placed]) -> float:
    seen = {f.locator.start: f.value for p in scope if (f := p.course.hours) is not None}
    return sum(seen.values())


def _suffix(inside: Sequence[Placed], depth: int, value: tuple[float | None, float | None]) -> Sequence[Placed]:
    """The last blocks that a total sums, where these give it exactly and all blocks together do not."""
    hours = value[0]
    blocks = list(dict.fromkeys(placed.path[: depth + 1] for placed in inside))
    if hours is None or len(blocks) < 3 or _sum_hours(inside) == hours:
        return inside
    for first in range(1, len(blocks) - 1):
        part = [placed for placed in inside if placed.path[: depth + 1] in blocks[first:]]
        if _sum_hours(part) == hours:
            return part
    return inside


def with_partners(totals: Sequence[StatedTotal]) -> Iterator[StatedTotal]:
    """A credit total beside an hour total of the same block sums the same courses (学分合计 under 课时合计)."""
    before: StatedTotal | None = None
    for total in totals:
        partner = before is not None and total.counts == "credits" and before.counts == "hours"
        if partner and before is not None and before.block == total.block and before.table == total.table:
            total = replace(total, courses=before.courses, level=before.level)
        yield total
        before = total
