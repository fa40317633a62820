"""Courses of which only some are taken: directions, rows that share a merged cell, electives beyond a quota."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from corpora.programme.model import Choice, Figure, PlanCourse, StatedTotal
from corpora.programme.schedule.categories import is_direction
from corpora.programme.schedule.quotas import read_quotas
from corpora.programme.schedule.sums import NEAR, Placed, Sums, choice_of, sums_of

_AMOUNTS = ("credits", "hours", "theory", "practice")


def read_choices(
    placed: Sequence[Placed], totals: Sequence[StatedTotal], quotas: Mapping[int, Figure]
) -> tuple[Choice, ...]:
    """The choices of a schedule; a course belongs to one of them at most.

    Parameters
    ----------
    placed : all courses with the block paths of their rows.
    totals : the stated totals.
    quotas : credits that must be taken of the block, by course, where a column says so.
    """
    directions = tuple(_directions(placed, totals, quotas))
    others = (*_merged(placed), *read_quotas(placed, totals, quotas))
    equal = _equal_blocks(placed, totals, _apart((*directions, *others)))
    return tuple(_unique(_apart((*directions, *equal, *others))))


def _apart(choices: Sequence[Choice]) -> list[Choice]:
    """The first choices of those that share a course."""
    taken: set[int] = set()
    found: list[Choice] = []
    for choice in choices:
        if not taken & set(choice.courses):
            taken |= set(choice.courses)
            found.append(choice)
    return found


def _unique(choices: Sequence[Choice]) -> Iterator[Choice]:
    """Ids made unique: 外语1, 外语2."""
    times = Counter(choice.id for choice in choices)
    seen: Counter[str] = Counter()
    for choice in choices:
        seen[choice.id] += 1
        yield choice if times[choice.id] == 1 else replace(choice, id=f"{choice.id}{seen[choice.id]}")


def _directions(
    placed: Sequence[Placed], totals: Sequence[StatedTotal], quotas: Mapping[int, Figure]
) -> Iterator[Choice]:
    """Blocks of directions (方向A, 方向B), of which the totals count one."""
    children: dict[tuple[str, ...], set[str]] = {}
    for course in placed:
        for depth in range(1, len(course.path)):
            children.setdefault(course.path[:depth], set()).add(course.path[depth])
    groups: dict[tuple[str, ...], dict[str, list[Placed]]] = {}
    for course in placed:
        if (found := _option(course.path, children)) is not None and course.index not in quotas:
            groups.setdefault(found[0], {}).setdefault(found[1], []).append(course)
    for outer, options in groups.items():
        if len(options) > 1 and not _all_counted(options, totals):
            yield _direction(outer, options, totals)


def _option(path: tuple[str, ...], children: Mapping[tuple[str, ...], set[str]]) -> tuple[tuple[str, ...], str] | None:
    """The block of directions that a course stands in and the direction's own label."""
    for depth, text in enumerate(path):
        if is_direction(text):
            inner = children.get(path[: depth + 1], set())
            if len(inner) > 1:
                return (path[: depth + 1], path[depth + 1]) if depth + 1 < len(path) else None
            return path[:depth], text
    return None


def _all_counted(options: Mapping[str, Sequence[Placed]], totals: Sequence[StatedTotal]) -> bool:
    """Whether a stated total of the block sums every option."""
    every = {p.index for rows in options.values() for p in rows}
    full = sum(p.course.hours.value for rows in options.values() for p in rows if p.course.hours)
    inside = (t.hours for t in totals if t.hours is not None and set(t.courses) == every)
    return any(abs(hours.value - full) < NEAR for hours in inside)


def _equal_blocks(placed: Sequence[Placed], totals: Sequence[StatedTotal], known: Sequence[Choice]) -> Iterator[Choice]:
    """Blocks with the same subtotal of which a total counts one, whatever they are called (模块A, 模块B).

    Without subtotals of their own, where the total is what each of them sums to. Blocks of different categories are
    no alternatives; what choices inside a block leave out is not counted twice.
    """
    by_index = {p.index: p for p in placed}
    for total in (t for t in totals if t.hours is not None):
        rows = [by_index[n] for n in total.courses]
        depth = len(total.block.split("/")) if total.block else 0
        blocks: dict[tuple[str, ...], list[Placed]] = {}
        for course in rows:
            blocks.setdefault(course.path[: depth + 1], []).append(course)
        inside = [{p.index for p in own} for own in blocks.values()]
        left_out = sum(_left_out(c, by_index) for c in known if any(set(c.courses) <= own for own in inside))
        printed = (sums_of([p.course for p in rows])[1] or 0.0) - left_out
        alike: dict[tuple[float, str], dict[str, list[Placed]]] = {}
        for path, own in blocks.items():
            hours = sums_of([p.course for p in own])[1]
            stated = _subtotal(own, totals) is not None or (total.hours is not None and hours == total.hours.value)
            if hours and len(path) > depth and stated:
                alike.setdefault((hours, own[0].course.category), {})[path[-1]] = own
        for (hours, _), options in alike.items():
            excess = hours * (len(options) - 1)
            if len(options) > 1 and total.hours and abs(printed - excess - total.hours.value) < NEAR:
                yield _direction(tuple(total.block.split("/")) if total.block else (), options, totals)


def _left_out(choice: Choice, by_index: Mapping[int, Placed]) -> float:
    """Hours printed in a choice's rows that it does not count."""
    printed = sums_of([by_index[n].course for n in choice.courses])[1]
    return 0.0 if printed is None or choice.hours is None else printed - choice.hours


def _direction(
    outer: tuple[str, ...], options: Mapping[str, Sequence[Placed]], totals: Sequence[StatedTotal]
) -> Choice:
    sums = [sums_of([p.course for p in rows]) for rows in options.values()]
    agreed = [values[0] if len(set(values)) == 1 else None for values in zip(*sums, strict=True)]
    stated = [_agreed_subtotal(list(options.values()), totals, name) for name in _AMOUNTS]
    agreed = [own if said is None else said for own, said in zip(agreed, stated, strict=True)]
    names = "、".join(options)
    same = "各有小计，" if all(_subtotal(rows, totals) for rows in options.values()) else ""
    return Choice(
        id=outer[-1] if outer else "方向",
        kind="direction",
        options=tuple(tuple(p.index for p in rows) for rows in options.values()),
        take=1,
        credits=agreed[0],
        hours=agreed[1],
        theory=agreed[2],
        practice=agreed[3],
        basis=f"{len(options)} 个方向（{names}）{same}只选一个，总计只计一个",
    )


def _agreed_subtotal(options: Sequence[Sequence[Placed]], totals: Sequence[StatedTotal], name: str) -> float | None:
    """What the subtotals of all options state alike; None where one of them does not or they differ."""
    found = [
        {figure.value for t in totals if set(t.courses) == {p.index for p in rows} and (figure := getattr(t, name))}
        for rows in options
    ]
    values = set().union(*found)
    return values.pop() if len(values) == 1 and all(found) else None


def _subtotal(rows: Sequence[Placed], totals: Sequence[StatedTotal]) -> StatedTotal | None:
    indices = {placed.index for placed in rows}
    return next((t for t in totals if set(t.courses) == indices and t.counts != "credits"), None)


def _merged(placed: Sequence[Placed]) -> Iterator[Choice]:
    """Rows that share one merged cell of hours (one of them is taken) or of credits only (taken together)."""
    by_hours = _sharing(placed, "hours")
    for rows in by_hours:
        basis = f"{len(rows)} 门课共用一个合并的学时单元格，只计一次"
        yield choice_of(rows, "merged", 1, _own(rows[0].course), basis)
    shared = {p.index for rows in by_hours for p in rows}
    for rows in _sharing([p for p in placed if p.index not in shared], "credits"):
        basis = f"{len(rows)} 门课共用一个合并的学分单元格，学分只计一次"
        together = any(p.course.hours for p in rows)
        counts = sums_of([p.course for p in rows]) if together else _own(rows[0].course)
        yield choice_of(rows, "merged", 1, counts, basis, together=together)


def _own(course: PlanCourse) -> Sums:
    """What one course counts for."""
    return sums_of([course])


def _sharing(placed: Sequence[Placed], field: str) -> list[list[Placed]]:
    """Groups of courses whose figure is one and the same cell."""
    groups: dict[tuple[int, int], list[Placed]] = {}
    for course in placed:
        figure: Figure | None = getattr(course.course, field)
        if figure is not None and not (field == "hours" and _derived(course.course)):
            groups.setdefault((figure.locator.table or 0, figure.locator.start), []).append(course)
    return [rows for rows in groups.values() if len(rows) > 1]


def _derived(course: PlanCourse) -> bool:
    return course.hours is not None and course.hours.locator == course.locator
