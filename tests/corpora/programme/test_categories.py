"""The standard's categories behind the words of many colleges."""

from __future__ import annotations

import pytest

from corpora.programme.schedule.categories import category_of, is_direction, required_by


@pytest.mark.parametrize(
    ("path", "category", "alt"),
    [
        ("公共基础课程", "public", None),
        ("公共基础平台", "public", None),
        ("通识课", "public", None),
        ("思政课", "public", None),
        ("职业素养课", "public", None),
        ("平台课程/公共必修课", "public", None),
        ("模块课程/公共限选模块/外语", "public", None),
        ("公共基础课/任选", "public", "other"),
        ("选修课/公共选修", "other", "public"),
        ("全院任选课", "other", "public"),
        ("素质拓展课", "other", "public"),
        ("创新创业学习领域/必修课程", "other", "public"),
        ("专业平台课程", "foundation", "core"),
        ("专业（群）平台课程", "foundation", "core"),
        ("专业群共享课程", "foundation", "core"),
        ("职业基础课", "foundation", None),
        ("学科基础课/必修", "foundation", None),
        ("平台课程/专业基础课", "foundation", None),
        ("平台课程/专业核心课", "core", None),
        ("专业模块课程", "core", None),
        ("专业群模块课程", "core", None),
        ("专业技能课", "core", None),
        ("职业技能课", "core", None),
        ("学习领域课程", "core", None),
        ("专业课", "core", "foundation"),
        ("专业必修课", "core", "foundation"),
        ("专业拓展课程/限选", "extension", None),
        ("职业拓展课", "extension", None),
        ("专业（群）方向课程/新媒体", "extension", "core"),
        ("选修课/专业限选", "extension", None),
        ("模块课程/专业群任选模块2/数据分析模块", "extension", None),
        ("模块课程/专业群任选模块1/专业技术模块", "extension", None),
        ("专业选修课/共享技术模块", "extension", None),
        ("专业拓展模块/专业技术模块", "extension", None),
        ("专业课/选修课", "extension", "core"),
        ("专业核心课/方向一", "core", "extension"),
        ("综合实践环节", "practice", None),
        ("集中实践", "practice", None),
        ("岗位实践领域", "practice", None),
        ("实践教学/公共实践", "practice", "public"),
        ("实践教学/实习", "practice", None),
        ("选修课", "other", "extension"),
        ("选修课/限定选修", "other", "extension"),
        ("选修课/公共素养课", "other", "public"),
        ("公共选修课/通识课", "other", "public"),
        ("综合能力训练", "practice", None),
        ("必修课", "other", None),
    ],
)
def test_categories_of_block_labels(path: str, category: str, alt: str | None) -> None:
    """Labels, read from the inside out, mean one of the standard's categories, and a second one where both can be."""
    placed = category_of(path.split("/"))
    assert (placed.category, placed.alt) == (category, alt)


def test_words_other_than_the_standards_are_explained() -> None:
    """A note quotes the plan's word; the standard's own words need none."""
    assert "专业模块课程" in category_of(["专业模块课程"]).note
    assert category_of(["专业核心课程"]).note == ""


def test_military_training_in_either_block() -> None:
    """Military training stands in the public or in the practice block: the other one can be defended."""
    assert category_of(["公共基础课"], name="军事技能").alt == "practice"
    assert category_of(["集中实践环节"], name="军事技能").alt == "public"


def test_headings_are_asked_where_the_labels_are_silent() -> None:
    """A table per category names it in its heading; an internship without any label is practice."""
    assert category_of([], ["专业核心课程设置表"]).category == "core"
    assert category_of([], name="岗位实习").category == "practice"
    assert category_of([], name="会计").category == "other"


def test_compulsory_by_labels() -> None:
    """The innermost label decides."""
    assert required_by(["选修课", "必修"]) is True
    assert required_by(["公共必修课", "限选"]) is False
    assert required_by(["专业核心课"]) is None


def test_directions() -> None:
    """方向 and 分流 head directions."""
    assert is_direction("方向一：直播")
    assert is_direction("分流后")
    assert not is_direction("专业核心课")
