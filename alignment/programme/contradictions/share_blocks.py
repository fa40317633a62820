"""The table that splits hours by category against the schedule's blocks, and its grand totals against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from alignment.programme.contradictions.blocks import Block, block_named, blocks_of
from alignment.programme.contradictions.counting import UNITS, Amount, figure_of
from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number, plain
from alignment.programme.contradictions.shares import splits_of, whole_of
from alignment.programme.quantities import QuantityName
from corpora.programme.model import Figure, ShareRow

_TURNS: tuple[QuantityName, ...] = ("total_hours", "public_share", "practice_share", "elective_share")
_AMOUNTS: tuple[Amount, ...] = ("hours", "credits", "theory", "practice")
_WHOLES: tuple[Amount, ...] = ("hours", "credits")
#: Words by which a label names a kind of course.
_KIND = re.compile(r"课|模块|实践|环节|平台|类|选修|必修|实习|实训|方向|限选|任选|基础|核心|拓展")
#: A label that includes more than it names (含课程实践).
_INCLUDES = re.compile(r"[（(].*(?:含|包括)")
_PRACTICE = re.compile(r"(?:专业|集中|综合)?实践(?:教学|环节|课程?)?$")
_INTERNSHIP = re.compile(r"(?:岗位|顶岗|毕业|综合)?(?:实习|实训)")
#: Activities that plans list outside their blocks.
_ASIDE = re.compile(r"军事|军训|入学|毕业教育|劳动|社会实践")
_Whole = tuple[ShareRow, Figure]


def find(plan: Plan) -> Iterator[Finding]:
    """Rows that disagree with the schedule, grand totals that disagree with each other."""
    blocks = blocks_of(plan)
    off: list[tuple[str, tuple[Figure | None, ...]]] = []
    for row in plan.programme.shares:
        block = None if row.total or not _speaks(row.label) else block_named(blocks, row.label)
        if block:
            off += _row_off(plan, row, block)
    if off:
        shown = list(dict.fromkeys(text for text, _ in off))
        what = f"学时学分分配表与教学进程表不一致：{listed(shown)}"
        evidence = plan.quotes(*(source for _, sources in off for source in sources))
        yield Finding("tables", what, "；".join(shown), evidence, _TURNS)
    yield from _no_practice(plan)
    for amount in _WHOLES:
        yield from _grand_totals(plan, blocks, amount)


def _row_off(plan: Plan, row: ShareRow, block: Block) -> Iterator[tuple[str, tuple[Figure | None, ...]]]:
    for amount in _AMOUNTS:
        stated: Figure | None = getattr(row, amount)
        text = block.disagreement(amount, stated.value) if stated else ""
        if stated and text and not _aside(plan, block, amount, stated.value):
            shown = f"{_last(row)}写{number(stated.value)}{UNITS[amount]}而教学进程表中{text}"
            yield shown, (stated, block.figure(amount))


def _no_practice(plan: Plan) -> Iterator[Finding]:
    """A row of practice with no credits beside one of internship that has some."""
    rows = [row for row in plan.programme.shares if row.credits]
    empty = [row for row in rows if row.credits and not row.credits.value and _PRACTICE.match(_last(row))]
    full = [row for row in rows if row.credits and row.credits.value and _INTERNSHIP.match(_last(row))]
    for none in empty[:1]:
        for some in full[:1]:
            if none.credits and some.credits and (none.table, none.split) != (some.table, some.split):
                what = (
                    f"{_last(none)}写0学分（{plan.place(none.locator)}），"
                    f"{_last(some)}却有{number(some.credits.value)}学分（{plan.place(some.locator)}）"
                )
                yield Finding("tables", what, "", plan.quotes(none.credits, some.credits, none.locator, some.locator))


def _last(row: ShareRow) -> str:
    return plain(row.label.split("/")[-1])


def _speaks(label: str) -> bool:
    """Whether a row's label names a kind of course and nothing that it includes besides."""
    last = label.split("/")[-1]
    return bool(_KIND.search(last)) and not _INCLUDES.search(last)


def _aside(plan: Plan, block: Block, amount: Amount, value: float) -> bool:
    """Whether an activity that stands outside the block (军事技能, 入学教育) makes the difference."""
    stated = block.figure(amount)
    base = stated.value if stated else block.sums[amount].low
    others = (c for n, c in enumerate(plan.schedule.courses) if n not in block.courses and _ASIDE.search(c.name))
    values = [figure.value for course in others if (figure := figure_of(course, amount))]
    if amount == "credits":
        values += [fact.figure.value for fact in plan.programme.facts_of("activity_credits")]
    return any(not differs(found, value - base) for found in values)


def _grand_totals(plan: Plan, blocks: Sequence[Block], amount: Amount) -> Iterator[Finding]:
    """Two grand totals that differ, in one file."""
    by_file: dict[str, list[_Whole]] = {}
    for rows in splits_of(plan).values():
        whole = whole_of(rows)
        if whole and (figure := getattr(whole, amount)):
            by_file.setdefault(plan.part_of(figure.locator), []).append((whole, figure))
    for found in by_file.values():
        low, high = (pick(found, key=lambda item: item[1].value) for pick in (min, max))
        part = any(
            (figure := figure_of(total, amount)) and not differs(figure.value, low[1].value)
            for total in plan.schedule.totals
        )
        if differs(low[1].value, high[1].value) and not part:
            yield _grand_finding(plan, blocks, amount, low, high)


def _grand_finding(plan: Plan, blocks: Sequence[Block], amount: Amount, low: _Whole, high: _Whole) -> Finding:
    rows = splits_of(plan)[(low[0].table, low[0].split)]
    figures = [(row, figure) for row in rows if not row.total and (figure := getattr(row, amount))]
    short = []
    for row, figure in figures:
        block = block_named(blocks, row.label)
        if block and (text := block.disagreement(amount, figure.value)):
            short.append(f"{_last(row)}只计{number(figure.value)}而教学进程表{text}")
    why = f"（{listed(short)}）" if short else ""
    stated, other = (
        f"{_last(row)}写{number(f.value)}{UNITS[amount]}（{plan.place(f.locator)}）" for row, f in (low, high)
    )
    added = "+".join(number(figure.value) for _, figure in figures)
    arithmetic = f"{added}={number(sum(f.value for _, f in figures))}≠{number(high[1].value)}"
    return Finding("sum", f"{stated}，{other}{why}", arithmetic, plan.quotes(low[1], high[1]), _TURNS)
