"""What single cells of a course table say."""

from __future__ import annotations

import pytest

from corpora.programme.schedule.cells import (
    clean_name,
    credits_beside_weeks,
    exam_of,
    is_kind,
    label,
    number,
    ordinal,
    pair,
    required_of,
    semester_numbers,
    semester_value,
    weeks,
    weeks_inside,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("48", 48.0),
        ("3.5", 3.5),
        ("6（8）", 6.0),
        ("112（2周）", 112.0),
        ("16*3", 48.0),
        ("4×18周", 72.0),
        ("2+1", 3.0),
        ("1+1+2", 4.0),
        ("64*", 64.0),
        ("★32", 32.0),
        ("(108)", 108.0),
        ("４８", 48.0),
        ("48 学时", 48.0),
        ("≥6", 6.0),
        ("1w", None),
        ("2周", None),
        ("16-18", None),
        ("2800-3300", None),
        ("×××", None),
        ("—", None),
        ("", None),
        ("必修", None),
    ],
)
def test_numbers_of_credit_and_hour_cells(text: str, value: float | None) -> None:
    """Products and sums are worked out, brackets and marks left out, weeks and ranges are no numbers."""
    assert number(text) == value


@pytest.mark.parametrize(("text", "value"), [("8W", 8.0), ("1w", 1.0), ("2 周", 2.0), ("（1W）", 1.0), ("8", None)])
def test_weeks(text: str, value: float | None) -> None:
    """Only a number with w or 周 counts weeks."""
    assert weeks(text) == value


def test_pairs() -> None:
    """Credits and hours in one cell; weeks instead of hours are told apart."""
    assert pair("3/48") == (3.0, 48.0)
    assert pair("4学分/64学时") == (4.0, 64.0)
    assert pair("4/4周") is None
    assert credits_beside_weeks("4/4周") == (4.0, 4.0)
    assert pair("32") is None


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("4", 4.0, None),
        ("2+1", 3.0, None),
        ("4+4/期", 8.0, "hours"),
        ("4/期", 4.0, "hours"),
        ("4/14W", 56.0, "hours"),
        ("16*3", 48.0, "hours"),
        ("8W", 8.0, "weeks"),
        ("2周", 2.0, "weeks"),
        ("4+1w", 4.0, None),
        ("√", None, None),
        ("※", None, None),
        ("讲座", None, "text"),
    ],
)
def test_semester_cells(text: str, value: float | None, unit: str | None) -> None:
    """Each way of filling a semester cell is read with its unit where it carries one."""
    found = semester_value(text)
    assert found is not None
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize("text", ["", " ", "—", "/", "毕业实习与毕业设计（十六周）", "见学校统一安排"])
def test_semester_cells_that_say_nothing(text: str) -> None:
    """Blanks and sentences are no semester figures."""
    assert semester_value(text) is None


def test_bracketed_semester_is_an_alternative() -> None:
    """A figure in brackets stands for another semester."""
    found = semester_value("（2/14W）")
    assert found is not None
    assert found.optional
    assert found.value == 28.0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("3", ("3",)),
        ("1-4", ("1", "2", "3", "4")),
        ("第一、二学期", ("1", "2")),
        ("5、6", ("5", "6")),
        ("2春", ("4",)),
        ("1秋", ("1",)),
        ("2022-2023-1", ()),
        ("详见附件", ()),
        ("", ()),
    ],
)
def test_semesters_named_in_a_cell(text: str, names: tuple[str, ...]) -> None:
    """Lists, ranges and autumn/spring of a year name semesters."""
    assert semester_numbers(text) == names


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("三", 3), ("Ⅲ", 3), ("第十", 10), ("IV", 4), ("课", None)])
def test_ordinals(text: str, value: int | None) -> None:
    """Arabic, Chinese and Roman numerals."""
    assert ordinal(text) == value


def test_weeks_inside_a_header() -> None:
    """The weeks of a semester stand in its header."""
    assert weeks_inside("1（16w）") == 16.0
    assert weeks_inside("第三学期") is None


@pytest.mark.parametrize(
    ("text", "exam"),
    [("考试", "考试"), ("考查", "考查"), ("S", "考试"), ("C", "考查"), ("必修（考查）", "考查"), ("*", "")],
)
def test_forms_of_assessment(text: str, exam: str) -> None:
    """Words and the letters S and C."""
    assert exam_of(text) == exam


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("必修", True),
        ("(必)", True),
        ("限选", False),
        ("任意选修课", False),
        ("选", False),
        ("*限选", False),
        ("外语", None),
    ],
)
def test_choice_words(text: str, required: bool | None) -> None:
    """必修 is compulsory, every sort of 选修 elective, other words neither."""
    assert required_of(text) is required


def test_types_of_lesson() -> None:
    """Types of lesson are no categories."""
    assert all(map(is_kind, ("理论课", "理论+实践课", "A类", "理实一体化课程", "B")))
    assert not is_kind("专业核心课")


def test_names_and_labels() -> None:
    """Line breaks and spaces go, words of Latin letters stay apart, an English name below is left out."""
    assert clean_name("毛泽东思想\n概论") == "毛泽东思想概论"
    assert clean_name("Linux  系统 管理") == "Linux系统管理"
    assert clean_name("Office Automation\n实务") == "Office Automation实务"
    assert clean_name("程序设计\nComputer Programming (II)") == "程序设计"
    assert label("专业\n平台\n课程") == "专业平台课程"
    assert label("专业选修\n专业选修") == "专业选修"
