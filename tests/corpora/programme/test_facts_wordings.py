"""Wordings of the length of study, of students and of titles."""

from __future__ import annotations

import pytest

from tests.corpora.programme.test_facts import values


@pytest.mark.parametrize(
    "lines",
    [("实行学分制，基本年限为3年，弹性年限2至6年。",), ("#修业年限", "以三年为主，最长不超过六年。")],
)
def test_years(lines: tuple[str, ...]) -> None:
    """The basic length without the words 修业 or 学制."""
    assert values("years", *lines) == [(3.0, "=", "")]


def test_students_of_all_years() -> None:
    """The number of years of students stands between the students and their number."""
    assert values("students", "本专业在校学生三个年级共300人，专任教师10人。") == [(300.0, "=", "")]


def test_ranks_without_the_word_title() -> None:
    """高级, 中级 and 初级 right before a number are titles."""
    text = "专任教师职称结构：高级3人、中级5人、初级2人。"
    assert values("senior_count", "#师资队伍", text) == [(3.0, "=", "专任教师")]
    assert values("below_intermediate_count", "#师资队伍", text) == [(2.0, "=", "专任教师")]


def test_hours_of_a_course_behind_its_weekly_hours() -> None:
    """The hours in all are the course's, not those of a week."""
    text = "大学英语每周4学时，开设两个学期，共144学时9学分。"
    assert values("course_hours", text) == [(144.0, "=", "大学英语")]
    assert values("course_credits", text) == [(9.0, "=", "大学英语")]
    assert values("course_hours", f"公共课由必修课和选修课组成。{text}") == [(144.0, "=", "大学英语")]
