"""Electives of which fewer are taken than are printed: by a subtotal, a column of credits, or the block's label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from corpora.programme.model import Choice, Figure, StatedTotal
from corpora.programme.schedule.categories import is_direction
from corpora.programme.schedule.cells import flat, ordinal
from corpora.programme.schedule.sums import NEAR, Placed, Sums, choice_of, sums_of

# 选修6学分, 任选不少于8学分, 修满10学分, 至少选4学分
_CREDITS = re.compile(r"(?:选|修满|修读|完成)[^\d]{0,8}(\d{1,2}(?:\.\d)?)个?学分|(\d{1,2}(?:\.\d)?)个?学分[^\d]{0,3}选")
# 六选三, 6选3, 任选2门, 选修三门
_OF = re.compile(r"([\d一二三四五六七八九十]{1,2})门?(?:课程)?选([\d一二三四五六七八九十]{1,2})门?(?!学分)")
_COUNT = re.compile(r"选(?:修|择|学)?([\d一二三四五六七八九两]{1,2})门")

#: Share of the courses of a pool that are taken at most, where no label says that it is one.
_MOST_OF_A_POOL = 0.75


def read_quotas(
    placed: Sequence[Placed], totals: Sequence[StatedTotal], quotas: Mapping[int, Figure]
) -> Iterator[Choice]:
    """Electives of which a subtotal, a column or the block's own label counts fewer than are printed."""
    yield from _by_subtotal(placed, totals)
    yield from _by_column(placed, quotas)
    yield from _by_label(placed)


def _by_subtotal(placed: Sequence[Placed], totals: Sequence[StatedTotal]) -> Iterator[Choice]:
    by_index = {p.index: p for p in placed}
    for total in sorted(totals, key=lambda t: len(t.courses)):
        rows = [by_index[n] for n in total.courses]
        credits, hours = total.credits, total.hours
        partner = _partner(total, totals)
        credits = credits or (partner.credits if partner else None)
        hours = hours or (partner.hours if partner else None)
        elective = all(p.course.required is False for p in rows)
        if len(rows) < 2 or not (elective or _some_of_equal(rows, credits, hours)):
            continue
        sums = sums_of([p.course for p in rows])
        if _merged_rows(rows) or not _fewer(hours or credits, sums[1] if hours else sums[0]):
            continue
        counts = (_value(credits), _value(hours), _theory(total, hours, rows), _value(total.practice))
        basis = f"印出 {len(rows)} 门，{total.label}只计 {_spoken(hours, credits)}"
        yield _quota(rows, counts, basis)


def _some_of_equal(rows: Sequence[Placed], credits: Figure | None, hours: Figure | None) -> bool:
    """Whether a subtotal of extension courses that are all as large counts some of them, by credits and hours alike.

    Such a block is a pool to choose from even where no label says 选修; one course short may be a slip.
    """
    if any(p.course.category != "extension" or any(map(is_direction, p.path)) for p in rows):
        return False
    counts = {_take(rows, _value(credits), None), _take(rows, None, _value(hours))}
    taken = counts.pop()
    return not counts and taken is not None and taken < _MOST_OF_A_POOL * len(rows)


def _theory(total: StatedTotal, hours: Figure | None, rows: Sequence[Placed]) -> float | None:
    """Theory hours that a total states, or leaves in a table that prints practice only."""
    if total.theory is None and hours and total.practice and all(p.course.theory_derived for p in rows):
        return hours.value - total.practice.value
    return _value(total.theory)


def _partner(total: StatedTotal, totals: Sequence[StatedTotal]) -> StatedTotal | None:
    """The row that states the other measure of the same courses (学分小计 under 课时小计)."""
    same = (t for t in totals if t is not total and t.courses == total.courses and t.counts != total.counts)
    return next(same, None)


def _merged_rows(rows: Sequence[Placed]) -> bool:
    """Whether rows share merged cells: then these are the choices."""
    starts = [p.course.hours.locator.start for p in rows if p.course.hours]
    return len(set(starts)) < len(starts)


def _fewer(stated: Figure | None, printed: float | None) -> bool:
    return stated is not None and printed is not None and 0 < stated.value < printed - NEAR


def _spoken(hours: Figure | None, credits: Figure | None) -> str:
    parts = [f"{credits.value:g} 学分" if credits else "", f"{hours.value:g} 学时" if hours else ""]
    return "、".join(part for part in parts if part)


def _quota(rows: Sequence[Placed], counts: Sums, basis: str) -> Choice:
    return choice_of(rows, "quota", _take(rows, counts[0], counts[1]), counts, basis)


def _take(rows: Sequence[Placed], credits: float | None, hours: float | None) -> int | None:
    """How many courses fill the quota, where all count the same."""
    for value, figures in ((hours, [p.course.hours for p in rows]), (credits, [p.course.credits for p in rows])):
        each = {figure.value for figure in figures if figure}
        if value and len(each) == 1 and all(figures):
            times = value / each.pop()
            return int(times) if times == int(times) else None
    return None


def _by_column(placed: Sequence[Placed], quotas: Mapping[int, Figure]) -> Iterator[Choice]:
    """Blocks with a merged cell of credits to be taken (完成学分)."""
    groups: dict[int, list[Placed]] = {}
    for course in placed:
        if (figure := quotas.get(course.index)) is not None and course.course.required is not True:
            groups.setdefault(figure.locator.start, []).append(course)
    for rows in groups.values():
        figure = quotas[rows[0].index]
        sums = sums_of([p.course for p in rows])
        if len(rows) > 1 and _fewer(figure, sums[0]):
            yield _quota(
                rows, _in_proportion(rows, figure.value), f"印出 {len(rows)} 门，要求完成 {figure.value:g} 学分"
            )


def _by_label(placed: Sequence[Placed]) -> Iterator[Choice]:
    """Blocks whose label says how much is taken: 专业选修课（选修6学分）, 任选2门, 六选三."""
    groups: dict[tuple[str, ...], list[Placed]] = {}
    for course in placed:
        for depth in range(len(course.path), 0, -1):
            if _CREDITS.search(flat(course.path[depth - 1])) or number_taken(course.path[depth - 1]):
                groups.setdefault(course.path[:depth], []).append(course)
                break
        else:
            if number_taken(course.course.note):
                groups.setdefault((*course.path, course.course.note), []).append(course)
    for path, rows in groups.items():
        text = flat(path[-1])
        match = _CREDITS.search(text)
        count = number_taken(text)
        credits = sums_of([p.course for p in rows])[0]
        if match and credits and float(match[1] or match[2]) < credits:
            values = _in_proportion(rows, float(match[1] or match[2]))
            yield _quota(rows, values, f"“{path[-1]}”：印出 {len(rows)} 门，共 {credits:g} 学分")
        elif not match and count and count < len(rows):
            yield _counted(rows, count, path[-1])


def number_taken(text: str) -> int | None:
    """How many courses a text says are taken: 2 for 四选二, 任选2门; None for any other text."""
    match = _OF.search(flat(text))
    found = match[2] if match else (count[1] if (count := _COUNT.search(flat(text))) else None)
    return 2 if found == "两" else ordinal(found) if found else None


def _counted(rows: Sequence[Placed], count: int, text: str) -> Choice:
    courses = [p.course for p in rows]
    counts = (
        _each([c.credits for c in courses], count),
        _each([c.hours for c in courses], count),
        _each([c.theory for c in courses], count),
        _each([c.practice for c in courses], count),
    )
    return choice_of(rows, "quota", count, counts, f"“{text}”：印出 {len(rows)} 门，选 {count} 门")


def _each(figures: Sequence[Figure | None], count: int) -> float | None:
    values = {figure.value for figure in figures if figure}
    return values.pop() * count if len(values) == 1 and all(figures) else None


def _in_proportion(rows: Sequence[Placed], credits: float) -> Sums:
    """Hours that a quota of credits stands for, where all its courses have the same hours a credit."""
    courses = [p.course for p in rows]
    return (
        credits,
        _scaled([(c.hours, c.credits) for c in courses], credits),
        _scaled([(c.theory, c.credits) for c in courses], credits),
        _scaled([(c.practice, c.credits) for c in courses], credits),
    )


def _scaled(pairs: Sequence[tuple[Figure | None, Figure | None]], credits: float) -> float | None:
    if not all(figure and own and own.value for figure, own in pairs):
        return None
    ratios = {figure.value / own.value for figure, own in pairs if figure and own}
    return ratios.pop() * credits if len(ratios) == 1 else None


def _value(figure: Figure | None) -> float | None:
    return figure.value if figure else None
