"""Tables that hold several course tables, and tables under a heading that names a semester."""

from __future__ import annotations

import pytest

from corpora.programme.schedule.reader import read_schedule
from corpora.programme.schedule.sections import sections
from corpora.programme.schedule.semesters import semester_heading
from tests.corpora.programme.plan_tables import plan

FIRST = "课程类别|课程名称|学分|学时|理论|实践|1|2|3\n公共基础课|语文|2|32|32|0|2||\n^|数学|2|32|32|0||2|\n"


def test_another_header_begins_a_part_with_its_title() -> None:
    """The title above the second header belongs to its part; rows keep their numbers."""
    text = FIRST + "二、实践环节|<|<|<|<|<|<|<|<\n实践项目|周数|学分|学期||||||\n金工实习|2|2|2||||||\n军训|2|2|1||||||"
    table = plan(text).tables[0]
    assert [(min(c.row for c in part.cells), part.rows) for part in sections(table)] == [(0, 3), (3, 7)]
    courses = {course.name: course for course in read_schedule(plan(text)).courses}
    assert list(courses) == ["语文", "数学", "金工实习", "军训"]
    assert (courses["金工实习"].category, courses["金工实习"].row, courses["金工实习"].hours) == ("practice", 6, None)


def test_a_repeated_header_begins_nothing() -> None:
    """A header printed again at a page break."""
    table = plan(FIRST + FIRST).tables[0]
    assert list(sections(table)) == [table]


def test_course_rows_with_words_are_no_header() -> None:
    """Rows whose cells read like header words (实践环节, 考查) are rows."""
    text = "课程类别|课程名称|性质|学分|学时|考核|1|2\n公共课|语文|必修|2|32|考试|2|\n实践环节|课程|必修|1||考查|√|\n"
    assert len(list(sections(plan(text + "公共课|数学|必修|2|32|考试||2").tables[0]))) == 1


@pytest.mark.parametrize(
    ("text", "semester"),
    [
        ("（一）第一学期课程安排", "1"),
        ("第二学年第1学期（18周）", "3"),
        ("三、第5学期", "5"),
        ("第一学期开设大学英语", ""),
        ("学期安排", ""),
    ],
)
def test_headings_of_one_semester(text: str, semester: str) -> None:
    """Only a heading that names the semester and nothing else."""
    assert semester_heading(text) == semester
