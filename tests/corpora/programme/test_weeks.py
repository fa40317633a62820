"""Tables of weeks: semesters in rows or in columns, their sums, and tables that only look like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.parsers import read_document
from corpora.programme.model import WeekRow
from corpora.programme.tables.weeks import read_weeks, semester_name
from tests.corpora.programme.plan_tables import plan

BY_ROWS = """学年|学期|教学周数|综合实践|<|考试|小计
^|^|^|综合实训|顶岗实习|^|^
一|1|16||||1|17
^|2|18|1||1|20
二|3|18|||1|19
^|4|18|2||1|21
三|5|10||8|1|19
^|6|||16||16
合计|<|80|3|24|5|112"""
BY_COLUMNS = """项目|第一学年|<|第二学年|<|合计
^|第1学期|第2学期|第3学期|第4学期|^
课堂教学|14|16|16|16|62
军训|2||||2
考试|1|1|1|1|4
合计|17|17|17|17|68"""


def weeks(*tables: str) -> dict[str, WeekRow]:
    """The week rows of a document by semester, each figure checked against its place."""
    document = plan(*tables)
    rows = read_weeks(document, 0, len(document.text))
    for row in rows:
        for figure in (*row.weeks.values(), *row.hours.values()):
            assert document.resolve(figure.locator) == figure.text
    return {row.semester: row for row in rows}


def numbers(row: WeekRow) -> dict[str, float]:
    """The weeks of a row."""
    return {name: figure.value for name, figure in row.weeks.items()}


def test_semesters_in_rows() -> None:
    """Columns are named by their innermost head; blank cells are left out; the sum comes last."""
    table = BY_ROWS.replace("一|1|16||||1|17", "一|1|16|||1|17")
    rows = weeks(table)
    assert list(rows) == ["1", "2", "3", "4", "5", "6", "合计"]
    assert numbers(rows["5"]) == {"教学周数": 10, "顶岗实习": 8, "考试": 1, "小计": 19}
    assert rows["合计"].total
    assert numbers(rows["合计"])["顶岗实习"] == 24


def test_a_remark_behind_a_number() -> None:
    """1（假期） is one week; a bracket alone stands outside the count and is none."""
    rows = weeks(BY_ROWS.replace("一|1|16||||1|17", "一|1|16|1（假期）|（2）|1|17"))
    assert numbers(rows["1"]) == {"教学周数": 16, "综合实训": 1, "考试": 1, "小计": 17}


def test_semesters_in_columns() -> None:
    """The same of a turned table."""
    rows = weeks(BY_COLUMNS)
    assert list(rows) == ["1", "2", "3", "4", "合计"]
    assert numbers(rows["1"]) == {"课堂教学": 14, "军训": 2, "考试": 1, "合计": 17}
    assert numbers(rows["合计"])["课堂教学"] == 62


def test_columns_of_hours_and_cells_without_a_number() -> None:
    """Columns of hours are kept apart; marks and bracketed alternatives are no weeks; sums in a cell are added."""
    rows = weeks(
        """学期|课堂教学|劳动教育|实习|实习学时|考试
一|16|（1）|※|0|1
二|15|1|1+2|48|1
三|18|||24|1"""
    )
    assert numbers(rows["1"]) == {"课堂教学": 16, "考试": 1}
    assert numbers(rows["2"])["实习"] == 3
    assert rows["2"].hours["实习学时"].value == 48


@pytest.mark.parametrize(
    ("text", "name"),
    [("一", "1"), ("第六学期", "6"), ("3（18周）", "3"), ("第二学年下", "4"), ("Ⅱ", "2"), ("第三周", ""), ("合计", "")],
)
def test_semester_names(text: str, name: str) -> None:
    """Semesters in digits, Chinese and Roman numerals, halves of years; other labels are none."""
    assert semester_name(text) == name


def test_halves_of_years() -> None:
    """上 and 下 count by the year that they stand in."""
    rows = weeks(
        """学年|学期|理论教学|考试
第一学年|上|16|1
^|下|17|1
第二学年|上|17|1
^|下|17|1"""
    )
    assert list(rows) == ["1", "2", "3", "4"]


def test_other_tables_are_none() -> None:
    """Numbered lists of contents, calendars of twenty weeks, and schedules of courses."""
    contents = "序号|教学内容|课时\n1|认识|4\n2|运营|4\n3|分析|6\n4|总结|2"
    calendar = "学期|" + "|".join(map(str, range(1, 21))) + "".join(f"\n{n}" + "|★" * 20 for n in "一二三")
    courses = "课程名称|学分|1|2|3|4\n国文|4|2|2||\n税法|4|||2|2\n会计|4|2|2||\n合计|12|4|4|2|2"
    assert weeks(contents, calendar, courses) == {}


def test_weeks_of_a_real_plan(shared: Path) -> None:
    """The plan's own sums, as people read them."""
    document = read_document(next((shared / "real" / "plans").glob("附件3_*.docx")))
    *semesters, total = read_weeks(document, 0, len(document.text))
    assert [row.semester for row in semesters] == ["1", "2", "3", "4", "5", "6"]
    assert sum(numbers(row).get("教学周数", 0) for row in semesters) == 106
    assert (numbers(total)["教学周数"], numbers(total)["小计"]) == (108, 120)
    assert numbers(semesters[5])["顶岗实习"] == 16
