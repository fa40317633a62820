"""Roles of headings, places and passages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpora.document import Role, Segment
from corpora.judgments import load_judgments, locate
from corpora.parsers import read_document
from corpora.roles import heading_role, path_role, role_of
from corpora.segments import segment


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("（二）学习目标", "objective"),
        ("1.素质目标", "objective"),
        ("六、课程内容设计", "content"),
        ("教学内容与教学要求", "content"),
        ("重点难点", "content"),
        ("实训项目", "practice"),
        ("任务实施", "practice"),
        ("四、教学方法", "practice"),
        ("教学活动设计建议", "practice"),
        ("七、成绩考核", "assessment"),
        ("实训考核标准", "assessment"),
        ("评价方式", "assessment"),
        ("教材选用", "resource"),
        ("五、教学资源建设及信息化应用情况", "resource"),
        ("校内实训室", "resource"),
        ("一、课程性质", "other"),
        ("（三）参考学分 学时", "other"),
        ("项目三 社群活动策划与执行", "content"),
        ("第五章 绩效考核", "content"),
        ("任务14：综合实训", "practice"),
        ("目标用户分析", None),
        ("数据分析最佳实践", None),
        ("店铺装修", None),
    ],
)
def test_heading_role(heading: str, role: Role | None) -> None:
    """A heading's words name the role; titles of chapters give content, and names of subjects give none."""
    assert heading_role(heading) == role


def test_the_innermost_telling_heading_decides() -> None:
    """A subheading overrides its chapter; one that tells nothing leaves it to the chapter."""
    assert path_role(("六、课程内容设计", "（二）课程资源建设")) == "resource"
    assert path_role(("二、课程目标", "店铺装修")) == "objective"
    assert path_role(("店铺装修",)) is None


def test_columns_override_the_section_but_not_assessment() -> None:
    """教学活动 in a content section is practice; 考核内容 and even 教学内容 in an assessment section is assessment."""
    assert path_role(("课程内容设计",), ("项目一 选品", "教学活动设计")) == "practice"
    assert path_role(("七、成绩考核",), ("平时成绩", "教学内容")) == "assessment"
    assert path_role(("课程内容设计",), ("教学活动设计", "2、教学项目")) == "practice"


def test_words_decide_only_where_the_place_says_nothing() -> None:
    """通过本课程使学生… under 课程性质 is an objective; under 教学内容 the place wins."""
    text = "通过本课程的学习，使学生掌握选品方法"
    assert role_of(("一、课程性质",), (), text) == "objective"
    assert role_of(("课程内容",), (), text) == "content"
    assert role_of((), (), "电子商务的历史") == "other"
    assert role_of((), (), "电子商务的历史", default="content") == "content"


def _labelled(folder: Path) -> Iterator[tuple[Segment, tuple[str, ...]]]:
    """Segments that hold a labelled quote, with the places that the label names."""
    for path, judgments in load_judgments(folder):
        if path.suffix != ".docx":
            continue
        document = read_document(path)
        segments = segment(document).segments
        for judgment in judgments.by_element.values():
            for quote in judgment.quotes:
                place = locate(document, quote)
                assert place is not None, (path.name, quote)
                holder = [s for s in segments if s.locators[0].start < place.end and place.start < s.locators[0].end]
                assert holder, (path.name, quote)
                yield holder[0], judgment.where


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["gold", "gold/train"])
def test_roles_agree_with_the_labels(shared: Path, folder: str) -> None:
    """Every labelled quote is found and lies in a segment; over 90 in 100 segments have a role that the label names."""
    pairs = list(_labelled(shared / folder))
    agreeing = sum(found.role in where for found, where in pairs)
    assert len(pairs) > 150
    assert agreeing / len(pairs) >= 0.9
