"""The verb table and the level of a passage."""

from __future__ import annotations

import pytest

from corpora.standard import Standard
from corpora.standard_json import load_standard
from corpora.verbs import FRAMES, HAVING, LEVELS, MEANS, NOMINAL, VERBS, level_of, predicate_after, strip_lead


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("了解网店运营的流程", 1),
        ("理解定价原理", 2),
        ("掌握平面设计软件的使用方法", 3),
        ("使用原型设计工具", 3),
        ("能够实施推广活动", 4),
        ("能进行用户画像分析", 5),
        ("评估并复盘整个活动", 5),
        ("能制定营销方案", 6),
        ("店铺页面设计", 6),
        ("完成活动文案设计", 6),
        ("提出改进建议", 5),
        ("提出改进方案", 6),
        ("理解并运用定价方法", 4),
        ("根据店铺定位进行页面装修", 4),
        ("对电商产品开发进度进行评估", 5),
        ("了解行业特点，能设计调研问卷", 6),
        ("1. 掌握商品发布流程；", 3),
    ],
)
def test_level_of_a_passage(text: str, level: int) -> None:
    """The governing verb decides; a frame verb leaves it to the verb inside its object; the highest clause counts."""
    assert level_of(text) == level


@pytest.mark.parametrize("text", ["", "智能客服系统", "功能", "人工智能", "本课程共 64 学时"])
def test_no_verb_no_level(text: str) -> None:
    """Where the table finds no verb there is no level: 智能 and 功能 are not 能."""
    assert level_of(text) is None


def test_the_table_is_consistent() -> None:
    """Each verb has a level 1-6; helper lists name only words of the table, longest verbs come first."""
    assert set(LEVELS.values()) == {1, 2, 3, 4, 5, 6}
    assert all(LEVELS[verb] for verb in NOMINAL)
    assert not HAVING & MEANS
    assert {"进行", "完成"} <= FRAMES
    assert [len(verb) for verb in VERBS] == sorted((len(verb) for verb in VERBS), reverse=True)


@pytest.mark.parametrize(
    ("clause", "rest", "modal"),
    [
        ("能够熟练掌握法规", "掌握法规", True),
        ("可编程控制器编程", "可编程控制器编程", False),
        ("会计凭证审核", "会计凭证审核", False),
        ("并发症预警", "并发症预警", False),
        ("系统调试与维护", "系统调试与维护", False),
        ("（3）能进行分析", "进行分析", True),
        ("及时分析发展", "分析发展", False),
    ],
)
def test_what_stands_before_the_predicate(clause: str, rest: str, modal: bool) -> None:
    """Numbering, modals and adverbs are skipped; words that merely begin like them are not."""
    offset, found = strip_lead(clause)
    assert (clause[offset:], found) == (rest, modal)


@pytest.mark.parametrize(
    ("clause", "predicate"),
    [
        ("根据店铺定位进行装修", "进行装修"),
        ("根据用户和产品或服务属性定位社群", "定位社群"),
        ("结合幼儿年龄特点设计教育活动方案", "设计教育活动方案"),
        ("在相应的社交平台上建群", "建群"),
        ("根据企业销售目标", ""),
        ("按照运营规划", ""),
    ],
)
def test_the_predicate_behind_a_condition(clause: str, predicate: str) -> None:
    """The condition ends where a verb with an object begins; a bare condition has no predicate."""
    place = predicate_after(clause)
    assert ("" if place is None else clause[place:]) == predicate


def test_levels_of_the_curated_elements() -> None:
    """level_of agrees with at least 99 in 100 curated levels of 530701 (attitudes have nominal levels)."""
    standard: Standard = load_standard("530701")
    skills = [element for element in standard.elements if not element.affective]
    agreed = sum(level_of(element.text) == element.level for element in skills)
    assert agreed / len(skills) >= 0.99
