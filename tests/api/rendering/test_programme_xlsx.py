"""The workbook of a programme audit, opened again."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from alignment.model import GapReport
from api.rendering.programme.view import plan_view
from api.rendering.programme.xlsx_courses import course_columns
from api.rendering.view import ReportView
from api.rendering.xlsx import render


@pytest.fixture(scope="module")
def book(audited_report: GapReport):  # type: ignore[no-untyped-def]
    """The workbook, formulas visible."""
    return load_workbook(io.BytesIO(render(audited_report)))


def lines(sheet) -> list[dict[str, object]]:  # type: ignore[no-untyped-def]
    """A sheet's rows by the names of its columns."""
    header, *rest = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rest]


def test_sheets_stand_in_order(book) -> None:  # type: ignore[no-untyped-def]
    """The verdict first, the element report's sheets last."""
    assert book.sheetnames == [
        *("审核结论", "学时结构", "课程表", "选择组", "所列合计", "规则核算", "矛盾", "课程对照", "课程重复与合并"),
        *("支撑矩阵", "章节与条件", "附件课程", "要素合力", "总览", "要求×证据", "差距"),
    ]


def test_course_table_has_typed_numbers_and_the_place_of_each(book) -> None:  # type: ignore[no-untyped-def]
    """Hours are numbers, semester cells numbers or texts as printed, and every figure names its cell."""
    rows = lines(book["课程表"])
    assert len(rows) == 15
    first, last = rows[0], rows[-1]
    assert (first["课程名称"], first["学分"], first["学时"], first["第1学期"]) == ("思想道德与法治", 3, 48, 4)
    assert (last["第5学期"], last["第6学期"], last["第1学期"]) == ("8w", "16w", None)
    assert first["学时位置"] == "② 工作表“教学进程表” E2"
    assert [row["选择组"] for row in rows].count("方向") == 2
    assert rows[4]["也可归为"] == "其他"
    assert rows[4]["占位行"] == "是"


def test_semesters_stand_in_the_order_of_time(audited_report: GapReport) -> None:
    """Also where a later one is first filled in, and with a summer term between."""
    assert audited_report.programme is not None
    programme = audited_report.programme.programme
    schedule, first = programme.schedule, programme.schedule.courses[0]
    late = [replace(first.semesters[0], semester=name) for name in ("4", "暑假1", "3", "1")]
    courses = (replace(first, semesters=tuple(late)), *schedule.courses[1:])
    changed = replace(programme, schedule=replace(schedule, courses=courses))
    view = plan_view(
        ReportView(replace(audited_report, programme=replace(audited_report.programme, programme=changed)))
    )
    assert view is not None
    titles = [title for title, _ in course_columns(view) if "学期" in title or "假" in title]
    expected = ["第1学期", "第2学期", "暑假1", "第3学期", "第4学期", "第5学期", "第6学期"]
    assert [title for title in titles if title != "择一学期"] == expected


def test_rules_have_a_line_for_each_way_of_counting(book) -> None:  # type: ignore[no-untyped-def]
    """The plan's own reading, then the others, each with verdict, number and arithmetic."""
    found = [row for row in lines(book["规则核算"]) if row["编号"] == "NR06"]
    assert [(row["算法"], row["结论"], row["数值"], row["结论随算法改变"]) for row in found] == [
        ("方案自己的算法", "符合", 25.11, "是"),
        ("若公共选修不计入公共基础课", "不符合", 22.75, "是"),
        ("若分母用各行之和 1386", "符合", 24.53, "否"),
    ]
    assert found[0]["单位"] == "%"
    assert found[0]["依据位置"].split("\n")[0] == "② 工作表“教学进程表” E17"


def test_shares_are_numbers_shown_in_per_cent(book) -> None:  # type: ignore[no-untyped-def]
    """A share can be calculated with."""
    cell = next(row[6] for row in book["学时结构"].iter_rows(min_row=2) if row[1].value == "公共基础课")
    assert cell.value == pytest.approx(340 / 1354)
    assert cell.number_format == "0.0%"


def test_matrix_counts_the_courses_of_each_competency(book) -> None:  # type: ignore[no-untyped-def]
    """The marks, and below them how many courses support each competency by content."""
    rows = list(book["支撑矩阵"].iter_rows(values_only=True))
    assert rows[0][2:18] == tuple(f"Q{n:02}" for n in range(1, 17))
    counts = next(row for row in rows if row[1] == "支撑课程门数")
    assert sum(counts[2:18]) == sum(mark in ("●", "△") for row in rows[2:9] for mark in row[2:18])


def test_verdicts_and_statuses_have_their_colours(book) -> None:  # type: ignore[no-untyped-def]
    """未开设 is red, 已开设 green."""
    fills = {row[3].value: row[3].fill.fgColor.rgb for row in book["课程对照"].iter_rows(min_row=2)}
    assert fills["未开设"] == "00FDE9EA"
    assert fills["已开设"] == "00E0F3EA"


def test_hostile_names_are_never_formulas(audited_report: GapReport) -> None:
    """A course named like a formula is text in every sheet."""
    audit = audited_report.programme
    assert audit is not None
    schedule = audit.programme.schedule
    evil = replace(schedule.courses[0], name="=HYPERLINK(1)", code="+1", note="@x")
    programme = replace(audit.programme, schedule=replace(schedule, courses=(evil, *schedule.courses[1:])))
    report = replace(audited_report, programme=replace(audit, programme=programme))
    book = load_workbook(io.BytesIO(render(report)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {"=HYPERLINK(1)", "+1", "@x"} <= {cell.value for cell in risky}
    assert all(cell.quotePrefix for cell in risky)
