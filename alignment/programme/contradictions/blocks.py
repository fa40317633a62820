"""Blocks of the schedule (公共必修课, 专业核心课 …) by name, with what they state and what their rows add up to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alignment.programme.contradictions.counting import UNITS, Amount, RowSum, figure_of, sum_rows
from alignment.programme.contradictions.plan import Plan, number, plain
from corpora.programme.model import Figure, StatedTotal

#: What stands in brackets in a block's name, with the brackets.
_BRACKETS = re.compile(r"[（(](.*?)[)）]")
#: Words around a block's name that tell nothing apart, and those that do only when little else is left.
_COURSES = re.compile(r"(?:学时|课时|学分)?(?:小计|合计|总计)$|(?:课程|课)$")
_KINDS = re.compile(r"(?:模块|环节|平台|类)$")
#: The number of one block among several of a kind (专业群任选模块3).
_NUMBERED = re.compile(r"^(.{3,}?)[（(]?(?:\d{1,2}|[一二三四五六七八九十])[)）]?$")
#: Fewest characters that must be left of a name when 模块 or 环节 is taken off it.
_LEFT = 4


@dataclass(frozen=True)
class Block:
    """One block: its rows, and the subtotals that state its amounts."""

    name: str
    courses: tuple[int, ...]
    totals: tuple[StatedTotal, ...]
    sums: dict[Amount, RowSum]

    def figure(self, amount: Amount) -> Figure | None:
        """What the block's subtotal states of an amount."""
        return next((figure for total in self.totals if (figure := figure_of(total, amount))), None)

    def disagreement(self, amount: Amount, value: float) -> str:
        """How the block contradicts a value, in words; "" when its subtotal or its rows agree or do not tell."""
        stated, rows = self.figure(amount), self.sums[amount]
        if (stated and abs(stated.value - value) < 0.011) or rows.agrees(value):
            return ""
        if stated:
            return f"小计{number(stated.value)}{UNITS[amount]}"
        sure = rows.exact and rows.terms and not rows.gaps
        return f"各行合计{number(rows.low)}{UNITS[amount]}" if sure else ""


def blocks_of(plan: Plan) -> tuple[Block, ...]:
    """Every block that the schedule names, at each depth of its labels, and families of numbered blocks."""
    rows: dict[str, list[int]] = {}
    families: dict[str, list[str]] = {}
    for index, course in enumerate(plan.schedule.courses):
        labels = [label for label in course.category_text.split("/") if label.strip()]
        for depth, label in enumerate(labels):
            path = "/".join(labels[: depth + 1])
            rows.setdefault(path, []).append(index)
            if (match := _NUMBERED.match(plain(label))) and path not in families.setdefault(match[1], []):
                families[match[1]].append(path)
    for name, paths in families.items():
        if len(paths) > 1:
            rows[name] = [index for path in paths for index in rows[path]]
    return tuple(_block(plan, path, tuple(courses)) for path, courses in rows.items())


def _block(plan: Plan, path: str, courses: tuple[int, ...]) -> Block:
    own = set(courses)
    totals = tuple(total for total in plan.schedule.totals if set(total.courses) == own)
    amounts: tuple[Amount, ...] = ("credits", "hours", "theory", "practice")
    sums = {amount: sum_rows(plan.schedule, courses, amount) for amount in amounts}
    return Block(path.split("/")[-1], courses, totals, sums)


def cores_of(label: str) -> frozenset[str]:
    """What is left of a block's name, and of what it adds in brackets, without the words that all blocks share."""
    text = plain(label)
    parts = [_BRACKETS.sub("", text), *_BRACKETS.findall(text)]
    return frozenset(core for part in parts if len(core := _core(part)) >= 2 and core not in ("必修", "选修", "群"))


def _core(text: str) -> str:
    for _ in range(2):
        text = _COURSES.sub("", text)
    shorter = _KINDS.sub("", text)
    return (shorter if len(shorter) >= _LEFT else text).replace("专业群", "专业")


def block_named(blocks: Sequence[Block], label: str) -> Block | None:
    """The one block that a label names, None when none or several do."""
    label = label.split("/")[-1]
    exact = [block for block in blocks if plain(block.name) == plain(label)]
    wanted = cores_of(label)
    found = exact or [block for block in blocks if wanted & cores_of(block.name)]
    distinct = {block.courses: block for block in found}
    return next(iter(distinct.values())) if len(distinct) == 1 else None
