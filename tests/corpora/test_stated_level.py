"""The level that a clause of a document states."""

from __future__ import annotations

import pytest

from corpora.stated_level import clauses_of, governing_level, lead_in_level, level_stated


@pytest.mark.parametrize(
    ("clause", "level"),
    [
        ("了解直播流程", 1),
        ("掌握活动策划的方法", 3),
        ("能够使用表格软件", 4),
        ("能进行访客分析", 5),
        ("理解并运用定价方法", 4),
        ("各小组制定促销计划", 6),
        ("让学员掌握剪枝要领", 3),
        ("能够营销农产品", 4),
        ("能够寻找货源", 4),
    ],
)
def test_the_leading_verb_decides(clause: str, level: int) -> None:
    """Also behind a subject; a verb inside the object (活动策划的方法) does not."""
    assert level_stated(clause) == level


@pytest.mark.parametrize(
    ("clause", "level"),
    [
        ("具备方案设计、页面制作的能力", 6),
        ("培养学生的数据分析能力", 5),
        ("培养解决问题的能力", 4),
        ("具有诚信意识", 4),
        ("具备撰写脚本的能力", 6),
    ],
)
def test_an_ability_counts_at_what_it_is_of(clause: str, level: int) -> None:
    """The highest thing named, at least applying."""
    assert level_stated(clause) == level


@pytest.mark.parametrize(
    "clause", ["营销活动", "数据分析", "智能客服", "功能介绍", "设计思维", "数字营销策划", "分析方法", "制作流程", ""]
)
def test_names_of_things_state_no_level(clause: str) -> None:
    """Nouns that are verbs elsewhere, and words that merely contain one, are no predicates."""
    assert level_stated(clause) is None


def test_a_verb_governs_the_clauses_after_it() -> None:
    """Up to the next verb; before the first verb nothing is stated."""
    clauses = clauses_of("直播概述；了解直播平台，直播话术，能够策划直播脚本。")
    assert clauses == ("直播概述", "了解直播平台", "直播话术", "能够策划直播脚本")
    assert [governing_level(clauses, i) for i in range(4)] == [None, 1, 1, 6]


def test_a_lead_in_tells_how_well_the_list_is_to_be_known() -> None:
    """了解： is one; a title that goes on, or has no verb of knowing, is none."""
    assert lead_in_level("1. 了解") == 1
    assert lead_in_level("掌握以下内容") == 3
    assert lead_in_level("了解客户需求与市场环境的变化") is None
    assert lead_in_level("设计思路") is None
