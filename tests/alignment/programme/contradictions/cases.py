"""A small plan that adds up, ways to change it, and what is found in it."""

from __future__ import annotations

from alignment.programme.contradictions import find_contradictions
from alignment.programme.model import Contradiction
from tests.alignment.programme.plan_builder import PlanBuilder

HEAD = ["类别", "课程", "学分", "总学时", "理论", "实践", "1（16周）", "2（16周）"]
CLEAN = [
    HEAD,
    ["公共基础课", "书法鉴赏", "2", "32", "32", "0", "2", ""],
    ["公共基础课", "体能训练", "2", "32", "8", "24", "2", ""],
    ["公共基础课", "小计", "4", "64", "40", "24", "4", ""],
    ["专业核心课", "面包制作", "4", "64", "24", "40", "", "4"],
    ["专业核心课", "裱花技艺", "3", "48", "16", "32", "", "3"],
    ["专业核心课", "甜品设计", "3", "48", "24", "24", "", "3"],
    ["专业核心课", "小计", "10", "160", "64", "96", "", "10"],
    ["", "总计", "14", "224", "104", "120", "4", "10"],
]


def changed(rows: list[list[str]], name: str, column: int, text: str, block: str = "") -> list[list[str]]:
    """The rows with one cell changed, found by course name (and block for totals)."""
    return [
        [*row[:column], text, *row[column + 1 :]] if row[1] == name and block in ("", row[0]) else row for row in rows
    ]


def plan_of(rows: list[list[str]]) -> PlanBuilder:
    plan = PlanBuilder()
    plan.schedule(rows, categories={"公共基础课": "public"})
    return plan


def find(plan: PlanBuilder, kind: str = "") -> list[Contradiction]:
    programme = plan.programme()
    found = find_contradictions(programme)
    for contradiction in found:
        for quote in contradiction.evidence:
            assert programme.document.resolve(quote.locator) == quote.quote
    return [contradiction for contradiction in found if kind in ("", contradiction.kind)]


def one(plan: PlanBuilder, kind: str) -> Contradiction:
    found = find(plan, kind)
    assert len(found) == 1, [contradiction.what for contradiction in found]
    return found[0]
