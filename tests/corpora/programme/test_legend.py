"""Signs explained in the text around a table."""

from __future__ import annotations

import pytest

from corpora.programme.schedule.legend import read_legend


@pytest.mark.parametrize(
    ("text", "exams"),
    [
        ("（○考试 △考查）", {"○": "考试", "△": "考查"}),
        ("注：“★”表示考试课，“☆”表示考查课。", {"★": "考试", "☆": "考查"}),
        ("考试课用※表示", {"※": "考试"}),
        ("考核方式：考试、考查", {}),
    ],
)
def test_forms_of_assessment(text: str, exams: dict[str, str]) -> None:
    """A sign stands for what the text gives it, in either order."""
    assert read_legend(text, 0, 0).exams == exams


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("注：带“★”的为专业核心课程", {"★"}),
        ("专业核心课程用▲标注", {"▲"}),
        ("★专业群核心课", {"★"}),
        ("专业核心课程共6门", set()),
    ],
)
def test_core_courses(text: str, core: set[str]) -> None:
    """The sign of core courses."""
    assert read_legend(text, 0, 0).core == core


def test_letters_of_required_and_elective() -> None:
    """Letters that a header explains; a legend too far from the table explains nothing of it."""
    text = "课程性质（B：必修，X：选修）"
    assert read_legend(text, 0, len(text)).required == {"B": True, "X": False}
    assert read_legend(text + "。" * 400, 410, 410).required == {}
