"""Names of courses: plain form, stem, likeness, and what the data files know of them."""

from __future__ import annotations

import pytest

from alignment.programme.courses.names import PairWeights, plain_name, stem, strongest, topics, topics_of
from corpora.standard import Statement


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("大学英语（一）A", "大学英语"),
        ("体育Ⅱ", "体育"),
        ("体育(III)", "体育"),
        ("高等数学1/2", "高等数学"),
        ("形势与政策-4", "形势与政策"),
        ("《 茶艺 》*", "茶艺"),
        ("（未命名）", "未命名"),
        ("C语言", "c语言"),
        ("3.网店运营", "网店运营"),
        ("1.2 网店运营", "网店运营"),
        ("①★网店运营", "网店运营"),
        ("3D打印", "3d打印"),
        ("2.5维动画", "2.5维动画"),
    ],
)
def test_marks_brackets_and_part_numbers_are_no_part_of_a_name(name: str, plain: str) -> None:
    """A course in several parts has one plain name; a name in brackets keeps what is in them."""
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("网店运营实务", "网店运营"),
        ("管理学基础", "管理学原理"),
        ("市场营销学", "市场营销"),
        ("电子商务概论", "电子商务基础与应用"),
        ("大学生心理健康教育", "心理健康"),
        ("商务礼仪与沟通", "商务礼仪及沟通技巧"),
    ],
)
def test_words_on_how_a_course_is_taught_do_not_count(one: str, other: str) -> None:
    """Introductions, practice and the word course itself leave the subject alone."""
    assert stem(one) == stem(other)


@pytest.mark.parametrize("name", ["高等数学", "大学语文", "经济法", "数据可视化"])
def test_the_subject_itself_stays(name: str) -> None:
    """A stem keeps the last character of a subject that ends like a suffix."""
    assert len(stem(name)) >= 2
    assert stem(name)[-1] == name[-1]


def test_rare_pairs_of_characters_make_names_alike() -> None:
    """What every name holds tells nothing; what two of them hold alone tells much."""
    weights = PairWeights(["茶叶管理", "仓库管理", "班组管理", "宿舍管理", "茶叶营销"])
    assert weights.likeness("茶叶管理", "茶叶营销") > weights.likeness("茶叶管理", "仓库管理")
    assert weights.likeness("茶叶管理", "茶叶管理实务") == 1.0


@pytest.mark.parametrize(
    ("title", "name", "strength"),
    [
        ("思想政治", "思想道德修养与法律基础", "same"),
        ("思想政治", "形势与政策（二）", "same"),
        ("体育", "体育营销", "other"),
        ("军事理论与军训", "国防教育", "same"),
        ("劳动教育", "劳动关系管理", "other"),
        ("新中国史", "“四史”专题", "same"),
        ("高等数学", "经济数学", "same"),
        ("概率统计", "统计学基础", "part"),
        ("公共外语", "商务英语", "part"),
        ("公共外语", "英语Ⅱ", "same"),
        ("应用文写作", "大学语文", "part"),
        ("新一代信息技术", "人工智能通识", "same"),
        ("网络营销", "全域营销推广", "same"),
        ("网络营销", "新媒体营销", "part"),
        ("市场营销", "国际市场营销", "part"),
        ("电子商务基础", "跨境电子商务基础", "part"),
        ("零售基础", "新零售管理", "part"),
        ("视觉营销设计", "网页设计与开发", "other"),
        ("管理学基础", "人力资源管理", ""),
    ],
)
def test_what_the_data_files_know(title: str, name: str, strength: str) -> None:
    """The longest word decides, a part before the whole; a word may rule a name out."""
    known = topics_of(Statement("X", "core_course", title, title=title), "530701")
    assert strongest(known, name) == strength


def test_a_title_that_no_file_knows_has_no_topic() -> None:
    """Other majors' own courses are left to likeness and content."""
    assert topics_of(Statement("C1", "core_course", "果树栽培", title="果树栽培")) == ()


def test_aliases_of_one_standard_stay_with_it() -> None:
    """A standard's own file adds to the general ones; another code, or one that is no code, adds nothing."""
    assert len(topics("530701")) > len(topics())
    assert topics("../530701") == topics() == topics("999999")


@pytest.mark.parametrize(
    ("name", "strength"),
    [
        ("企业管理", "same"),
        ("企业管理实务", "same"),
        ("现代企业管理", "same"),
        ("陶瓷企业管理", "part"),
        ("物流企业管理", "other"),
    ],
)
def test_managing_the_firms_of_one_trade_is_part_of_management(name: str, strength: str) -> None:
    """A course on firms of one trade teaches a part of 管理学基础, not the subject."""
    found = [topic for topic in topics() if "管理" in topic.titles or stem("管理学基础") in topic.titles]
    assert strongest(found, name) == strength
