"""Leaders of a major in tables of people behind the plan."""

from __future__ import annotations

import pytest

from corpora.programme.facts.leaders import leader_facts
from tests.corpora.programme.plan_tables import plan

AUTHORS = """姓名|单位|职务（职称）|对应专业
甲|某学院|系主任（教授）|
乙|某学院|专业带头人（副教授）|园艺技术
丙|某学院|专业带头人（讲师）|茶艺
丁|某公司|经理、工程师|园艺技术"""
STAFF = "姓名|职务|职称\n甲|专业负责人|高级农艺师\n乙|教师|讲师"


def titles(table: str, name: str) -> list[str]:
    """The titles found, each checked against its place."""
    document = plan(table)
    facts = list(leader_facts(document, 0, len(document.text), name))
    for fact in facts:
        assert document.resolve(fact.figure.locator) == fact.figure.text
        assert (fact.kind, fact.annex) == ("leader_title", True)
    return [fact.words for fact in facts]


@pytest.mark.parametrize(
    ("table", "name", "found"),
    [
        (AUTHORS, "园艺技术（普通类）", ["专业带头人（副教授）"]),
        (AUTHORS, "茶艺", ["专业带头人（讲师）"]),
        (AUTHORS, "园艺", []),
        (STAFF, "园艺", ["高级农艺师"]),
        (STAFF.replace("姓名", "课程"), "园艺", []),
        (STAFF.replace("高级农艺师", ""), "园艺", []),
    ],
)
def test_the_leader_of_the_major_and_no_other(table: str, name: str, found: list[str]) -> None:
    """A column of majors decides whose leader a row is; the title stands in the same cell or in a column of its own."""
    assert titles(table, name) == found
