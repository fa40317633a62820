"""Subtotals and totals of a schedule: what they state, and which courses they should sum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from corpora.programme.model import StatedTotal, Unit
from corpora.programme.schedule.categories import category_of, means_category
from corpora.programme.schedule.cells import flat, required_of
from corpora.programme.schedule.courses import CourseBuilder
from corpora.programme.schedule.rows import Row
from corpora.programme.schedule.sums import Placed, sum_hours
from corpora.programme.schedule.table_rows import locate

_CREDITS = re.compile(r"学分")
_HOURS = re.compile(r"(?:学|课)时")
_TOTAL_WORDS = re.compile(r"(?:学分|学时|课时)?(?:小计|合计|总计|共计)(?:[(（].*)?$|总(?:学|课)时数?$|总学分数?$")
_WHOLE = re.compile(r"总计|^总学[时分]|^总课时|总合计")
_SUBTOTAL = re.compile(r"小计")
_GRAND = re.compile(r"^总计|^总学[时分]|^总课时|总合计|^合计|^共计|^总学分|全部|^总")


def stated_total(
    builder: CourseBuilder,
    row: Row,
    above: Sequence[Placed],
    since: Sequence[Placed],
    final: bool,
    before: Sequence[StatedTotal] = (),
) -> StatedTotal | None:
    """What a total row states; None for one that states nothing.

    Parameters
    ----------
    builder : builder of the row's table.
    above : the courses of the same table above the row.
    since : those of them below the total before.
    final : whether no course follows in the table.
    before : the totals of the same table above the row.
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
    value = hours.value if hours else None
    block, scope = _scope(row, above, since, value, final, before)
    scope = _of_one(row, scope)
    return StatedTotal(
        label=row.label,
        block="/".join(block),
        level=min(len(block), 2),
        courses=tuple(placed.index for placed in scope),
        table=builder.source.table.number,
        row=row.index + 1,
        locator=locate(builder.source.document, builder.source.table, row.name),
        credits=credits,
        hours=hours,
        theory=theory,
        practice=practice,
        other=builder.third_part(row, hours, theory, practice),
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
    row: Row,
    above: Sequence[Placed],
    since: Sequence[Placed],
    hours: float | None,
    final: bool,
    before: Sequence[StatedTotal],
) -> tuple[tuple[str, ...], Sequence[Placed]]:
    """The block of a total (() for the whole plan) and the courses that it should sum.

    A subtotal that a merged label cell does not reach, or reaches wrongly, sums the courses below the total before it:
    where its own block holds none, or these give exactly what it states and the block does not.
    """
    if row.grouped:
        return _of_groups(row, above, hours, final)
    if (word := _named_block(row.label)) and not row.path:
        return (word,), _of_category(word, above, hours)
    if not row.path:
        if row.covers or _GRAND.search(flat(row.label)) or not any(placed.path for placed in above):
            return (), above
        return _common(since), since
    inside: Sequence[Placed] = [placed for placed in above if placed.path[: len(row.path)] == row.path]
    inside = _of_sort(row.label, inside)
    exact = since and hours is not None and sum_hours(since) == hours != sum_hours(inside)
    if not inside or exact:
        return _common(since) or row.path, since
    if {placed.index for placed in inside} <= {placed.index for placed in since}:
        return row.path, inside  # no total before it inside the block: the block's own
    return row.path, _suffix(inside, len(row.path), hours, before)


def _named_block(text: str) -> str:
    """The block that a total's own label names: 公共课 of 公共课合计; "" for a total of everything."""
    word = _TOTAL_WORDS.sub("", text)
    return word if word != text and means_category(word) else ""


def _of_category(word: str, above: Sequence[Placed], hours: float | None) -> Sequence[Placed]:
    """Courses of a block that only the total's label names: the last blocks that sum to it, else by category."""
    exact = _suffix(above, 0, hours)
    if len(exact) < len(above) or (hours is not None and sum_hours(above) == hours):
        return exact
    named = category_of((word,)).category
    wanted = {"public", "other"} if named in ("public", "other") else {named}
    if "专业" in word and not re.search(r"基础|核心|拓展|平台|模块|方向|选", word):
        wanted = {"foundation", "core", "extension"}
    return [placed for placed in above if placed.course.category in wanted] or above


def _of_sort(text: str, scope: Sequence[Placed]) -> Sequence[Placed]:
    """Only the compulsory or only the elective courses where a total's label says so (必修小计)."""
    sort = required_of(text)
    chosen = [placed for placed in scope if placed.course.required in (sort, None)]
    return chosen if sort is not None and chosen else scope


def _of_groups(
    row: Row, above: Sequence[Placed], hours: float | None, final: bool
) -> tuple[tuple[str, ...], Sequence[Placed]]:
    """Scope of a total below rows that name categories: the innermost group that gives what it states.

    Without one, a 总计 sums everything, also a 合计 behind the last course of several groups; else the innermost group.
    """
    inside = [(row.path[:n], [p for p in above if p.path[:n] == row.path[:n]]) for n in range(len(row.path), 0, -1)]
    inside = [(block, courses) for block, courses in inside if courses]
    exact = next(
        (found for found in (*inside, ((), above)) if hours is not None and sum_hours(found[1]) == hours), None
    )
    if exact is not None:
        return exact
    several = inside and len(inside[0][1]) < len(above)
    whole = _WHOLE.search(flat(row.label)) or (final and several and not _SUBTOTAL.search(flat(row.label)))
    return ((), above) if whole or not inside else inside[0]


def _common(scope: Sequence[Placed]) -> tuple[str, ...]:
    """The block labels that all courses share."""
    first = scope[0].path if scope else ()
    depth = next((n for n in range(len(first), 0, -1) if all(p.path[:n] == first[:n] for p in scope)), 0)
    return first[:depth]


def _of_one(row: Row, scope: Sequence[Placed]) -> Sequence[Placed]:
    """Without the sister blocks of the one that a total names beside its label (总学时 | 方向一)."""
    names = {p.path[depth]: p.path[:depth] for p in scope for depth in range(len(p.path))}
    name = next((text for text in names if text and row.label.endswith(f" {text}")), "")
    if not name:
        return scope
    outer = names[name]
    return [p for p in scope if p.path[: len(outer)] != outer or name in p.path]


def _suffix(
    inside: Sequence[Placed], depth: int, hours: float | None, before: Sequence[StatedTotal] = ()
) -> Sequence[Placed]:
    """The last blocks that a total sums, where these give it exactly and all blocks together do not.

    Blocks count by their rows, else by the subtotals that ``before`` states for them.
    """
    blocks: dict[tuple[str, ...], list[Placed]] = {}
    for placed in inside:
        blocks.setdefault(placed.path[: depth + 1], []).append(placed)
    if hours is None or len(blocks) < 3 or sum_hours(inside) == hours:
        return inside
    said = {total.courses: total.hours.value for total in before if total.hours}
    rows = {path: sum_hours(own) for path, own in blocks.items()}
    stated = {path: said.get(tuple(p.index for p in own), rows[path]) for path, own in blocks.items()}
    for counted in (rows, stated):
        if counted is stated and sum(stated.values()) == hours:
            return inside
        for first in range(1, len(blocks) - 1):
            last = list(blocks)[first:]
            if sum(counted[path] for path in last) == hours:
                return [placed for path in last for placed in blocks[path]]
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
