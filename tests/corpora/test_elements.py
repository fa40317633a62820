"""Clause decomposition: what is cut, what stays whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.elements import decompose, elements_of
from corpora.standard import TEACHABLE
from corpora.standard_json import load_standard


def keys(text: str, kind: str = "requirement") -> list[str]:
    return [cut.key for cut in decompose(text, kind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("掌握增值税、企业所得税等知识。", ["增值税", "企业所得税"]),
        ("制定和优化服务方案", ["制定", "优化服务方案"]),
        ("设计与制作宣传册及海报", ["宣传册", "海报"]),
        ("采集与处理温度、转速等数据", ["处理", "温度", "转速"]),
        ("协调和整合资源", ["协调和整合资源"]),
        ("根据测量要求选用传感器", ["传感器"]),
        ("根据经营目标，编制预算", ["预算"]),
        ("通过直播平台进行商品推广", ["直播平台", "商品推广"]),
        ("使用示教器进行编程", ["示教器", "编程"]),
        ("对设备运行状态进行检测与评估", ["设备运行状态进行检测", "评估"]),
        ("建立客户档案并开展回访", ["客户档案", "回访"]),
        ("能进行海报、包装盒的设计", ["海报", "包装盒"]),
        ("整合各类资源，分解活动任务。", ["整合各类资源", "分解活动任务"]),
        ("操作智能客服系统，测试系统功能", ["操作智能客服系统", "测试系统功能"]),
        ("监控线上线下活动", ["线上", "线下活动"]),
    ],
)
def test_what_is_cut(text: str, expected: list[str]) -> None:
    """Lists, coordinated verbs, means and serial verbs are cut; conditions are none; verbs that go together stay."""
    assert sorted(keys(text)) == sorted(expected)


def test_verbs_and_levels() -> None:
    """The governing verb, then the verb inside; 能 where the source has it; the highest level counts."""
    first, second = decompose("能进行用户画像分析，制作分析报告", "requirement")
    assert (first.verb, first.level, first.text) == ("能进行/分析", 5, "进行用户画像分析")
    assert (second.verb, second.level) == ("能制作", 6)


def test_knowing_fixes_the_level() -> None:
    """掌握…设计 is 3 whatever the object's verb."""
    assert [cut.level for cut in decompose("掌握页面设计、活动策划等方法", "requirement")] == [3, 3]


def test_attitudes_only_in_competencies() -> None:
    """意识 and 精神 are affective in a competency; abilities are not, nor anything in a requirement."""
    cuts = decompose("具有服务意识、创新精神，具有良好的沟通能力", "competency")
    assert [(cut.key, cut.affective) for cut in cuts] == [("服务意识", True), ("创新精神", True), ("沟通能力", False)]
    assert not any(cut.affective for cut in decompose("遵守操作规程，具有服务意识", "requirement"))


def test_left_out_words_are_put_back() -> None:
    """The phrase stands alone: a bare verb takes the thing before it, a bare modifier the head behind it."""
    assert [cut.text for cut in decompose("流量获取与转化", "task")] == ["流量获取", "流量转化"]
    assert decompose("制定商品配置与新品促销策略", "requirement")[0].text == "制定商品配置策略"
    assert decompose("持续跟踪", "task", "数据化运营")[0].text == "持续跟踪数据化运营"


def test_ids_and_spans() -> None:
    """Elements are numbered within their statement and their spans cut their keys from its text."""
    statement = replace(load_standard("530701").by_id["C1.R2"], elements=())
    elements = elements_of(statement)
    assert [e.id for e in elements] == [f"C1.R2.e{n}" for n in range(1, len(elements) + 1)]
    assert all(statement.text[slice(*e.span)] == e.key for e in elements)


@given(
    st.text(alphabet="能进行设计和与、，。；的等对根据数据分析方案并 A1（）", max_size=40), st.sampled_from(TEACHABLE)
)
def test_any_text_gives_ordered_disjoint_spans(text: str, kind: str) -> None:
    """Whatever the text, cuts come in order, do not overlap, are not blank and carry a level 1-6."""
    cuts = decompose(text, kind)
    assert all(text[slice(*cut.span)] == cut.key and cut.key.strip() for cut in cuts)
    assert all(a.span[1] <= b.span[0] for a, b in pairwise(cuts))
    assert all(1 <= cut.level <= 6 for cut in cuts)
