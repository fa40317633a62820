"""Names of blocks of courses in a plan's sentences."""

from __future__ import annotations

import pytest

from tests.corpora.programme.test_facts import values


@pytest.mark.parametrize("block", ["专业群共享课程", "专业通用课程", "职业能力课程", "专业主干课", "专业学习领域课程"])
def test_names_of_blocks(block: str) -> None:
    """A line with a block's name alone says of which block the next one gives numbers."""
    text = "共计9门，共21个学分。培养学生的专业能力，包含：甲课、乙课。"
    assert values("category_courses", "#七、课程设置", f"{block}：", text) == [(9.0, "=", block)]
    assert values("category_credits", f"{block}共21学分。") == [(21.0, "=", block)]


def test_shared_resources_are_no_block() -> None:
    """Courses of a resource library are none of a block."""
    assert values("category_courses", "资源共享课程建成3门。") == []
