"""Cutting text into passages: boundaries, lists, joins, and the invariants that hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.segments.cutting import MAX_LENGTH, cut
from corpora.segments.noise import is_noise
from corpora.segments.outline import is_label, is_structural


def _texts(text: str) -> list[str]:
    return [text[start:end] for start, end in cut(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("（1）了解选品原则；", ["了解选品原则；"]),
        ("能分析客群。能制定方案！会写复盘", ["能分析客群。", "能制定方案！", "会写复盘"]),
        ("1.掌握定位方法2.掌握选品方法3.会定价", ["掌握定位方法", "掌握选品方法", "会定价"]),
        ("①选题②脚本编写③拍摄剪辑", ["选题", "脚本编写", "拍摄剪辑"]),
        ("熟悉：（1）标题写法（2）封面设计", ["熟悉：", "标题写法", "封面设计"]),
        (
            "看谁？看多少？先写目的。再写题目，最后试答一遍并删去没有用的问题。",
            ["看谁？看多少？先写目的。", "再写题目，最后试答一遍并删去没有用的问题。"],
        ),
        ("需求分析；预测", ["需求分析；预测"]),
        ("社会热点查找\n内容撰写", ["社会热点查找", "内容撰写"]),
        ("了解Web2.0与4P理论，完成3.5学时练习", ["了解Web2.0与4P理论，完成3.5学时练习"]),
        ("—— 1.", []),
        ("", []),
    ],
)
def test_cut(text: str, passages: list[str]) -> None:
    """Sentences, clauses and list items are passages; decimals and versions are not cut; bare signs are nothing."""
    assert _texts(text) == passages


def test_an_overlong_sentence_is_cut_at_commas() -> None:
    """No passage of a sentence with commas exceeds the limit, and nothing but white space is lost."""
    text = "，".join(f"第{i}步要根据店铺后台的数据调整推广计划与出价策略" for i in range(12)) + "。"
    passages = _texts(text)
    assert max(map(len, passages)) <= MAX_LENGTH
    assert "".join(passages) == text


@given(st.text(alphabet="一二三、。；，！？（）()12345.①②③ \n\tabc数据分析能力掌握：", max_size=400), st.integers(0, 5))
def test_passages_are_ordered_trimmed_and_disjoint(text: str, skip: int) -> None:
    """Whatever the text, passages lie inside it in order, do not overlap, and begin and end with a visible sign."""
    start = min(skip, len(text))
    last = start
    for left, right in cut(text, start, len(text)):
        assert last <= left < right <= len(text)
        assert not text[left].isspace()
        assert not text[right - 1].isspace()
        last = right


@given(st.lists(st.text(alphabet="数据分析能力掌握运营策划推广，", min_size=6, max_size=40), min_size=1, max_size=8))
def test_every_word_of_a_numbered_list_is_kept(items: list[str]) -> None:
    """The items of a glued list (1.…2.…) come back one by one."""
    text = "".join(f"（{number}）项{item}尾。" for number, item in enumerate(items, 1))
    assert [t for t in _texts(text) if t.startswith("项")]
    assert "".join(_texts(text)) == "".join(f"项{item}尾。" for item in items)


@pytest.mark.parametrize(
    "line",
    [
        "目  录",
        "一、课程性质……………3",
        "第二章 网店装修\t15",
        "制定人：张三",
        "审核：某某教研室",
        "2023年9月1日",
        "2023-09-01",
        "某某职业技术学院经济管理系",
        "表2-1 课程内容设计",
        "https://example.org/a",
        "第 3 页 共 9 页",
        "课程代码：A0801",
        "2021—2022学年第2学期",
    ],
)
def test_boilerplate_is_noise(line: str) -> None:
    """Lines of the cover, the table of contents and the page's edge are told from statements."""
    assert is_noise(line)


@pytest.mark.parametrize(
    "line",
    [
        "图文排版设计",
        "图片的拍摄与处理",
        "表现层的设计",
        "编写：短视频脚本，不少于三个镜头，并注明景别",
        "熟悉学校的网店",
        "能在3月大促前备货",
    ],
)
def test_statements_are_no_noise(line: str) -> None:
    """Statements that begin or end like boilerplate are kept."""
    assert not is_noise(line)


@pytest.mark.parametrize(
    "heading", ["一、课程性质", "（二）教学目标与要求", "2.课程设计思路", "五、教材选用", "第一部分 大纲说明"]
)
def test_structural_headings(heading: str) -> None:
    """Headings that only name a part of the paper carry no content."""
    assert is_structural(heading)


@pytest.mark.parametrize(
    "heading", ["项目三 社群活动策划与执行", "第2章 网店装修", "任务1：认识直播电商", "（一）短视频脚本"]
)
def test_headings_with_content(heading: str) -> None:
    """Titles of chapters, projects and tasks carry content."""
    assert not is_structural(heading)


def test_labels() -> None:
    """Names of what follows are labels; statements that begin alike are not."""
    assert all(map(is_label, ("知识点", "【教学重点】", "能力目标：", "（1）技能要求")))
    assert not any(map(is_label, ("掌握知识点的提炼", "数据分析", "用户画像")))
