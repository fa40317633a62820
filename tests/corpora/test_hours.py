"""Hours: cells, stated totals, sums over schedules, contradictions."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.document import Document, Hours
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.hours import hours_of, parse_hours, row_hours, stated_hours
from corpora.judgments import load_judgments
from corpora.parsers import read_document
from corpora.table_layout import layout_of


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("6", 6.0),
        (" 4学时 ", 4.0),
        ("48课时", 48.0),
        ("1.5", 1.5),
        ("64（理论32+实践32）", 64.0),
        ("6（8）", 6.0),
        ("3/48", 48.0),
        ("4*2", 8.0),
        ("2+2", 4.0),
        ("0\n（可选）", 0.0),
        ("2-4", None),
        ("第3周", None),
        ("1w", None),
        ("", None),
        ("若干", None),
    ],
)
def test_parse_hours(text: str, hours: float | None) -> None:
    """Plain numbers, numbers with units or brackets, weekly/total and products are read; ranges and weeks are not."""
    assert parse_hours(text) == hours


def _document(*lines: str, rows: tuple[tuple[str, ...], ...] = (), header_rows: int = 1) -> Document:
    builder = DocumentBuilder("课程标准.docx", b"", "docx")
    for line in lines:
        builder.add("paragraph", line)
    if rows:
        cells = [CellSpec(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts)]
        builder.add_table(cells, header_rows=header_rows)
    return builder.build()


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        (("总学时：64",), 64.0),
        (("学时：32学时    理论学时：16   实践学时：16",), 32.0),
        (("理论学时：16，实践学时：16",), None),
        (("参考学分 学时", "3学分 48学时"), 48.0),
        (("学时 / 学分：32 学时 / 2 学分",), 32.0),
        (("学分/学时：4/64",), 64.0),
        (("课时共计 48课时  其中实践课时24课时",), 48.0),
        (("本课程共64个课时",), 64.0),
        (("实践学时占总学时的50%",), None),
        (("每周4学时，先讲后练",), None),
        (("7．实践教学内容（参考学时：8学时）",), None),
        (("掌握直播的流程",), None),
    ],
)
def test_stated_hours(lines: tuple[str, ...], hours: float | None) -> None:
    """The total is told from parts, shares, weekly hours and hours of one chapter."""
    assert stated_hours(_document(*lines)) == hours


def test_a_cover_table_states_hours() -> None:
    """The cell beside 学时 in a form is the total."""
    assert stated_hours(_document(rows=(("课程名称", "直播运营", "学时", "48"), ("学分", "3", "性质", "必修")))) == 48.0


_SCHEDULE = (
    ("项目", "内容", "参考课时"),
    ("选品", "选品原则", "4"),
    ("选品", "选品工具", "6（8）"),
    ("项目一小计", "", "10"),
    ("项目", "内容", "参考课时"),
    ("复盘", "复盘方法", "6"),
    ("合计", "", "16"),
)


def test_schedule_sum_leaves_out_totals_and_repeated_headers() -> None:
    """Subtotal, total and repeated header rows do not count; the contradiction with the stated total shows."""
    hours = hours_of(_document("总学时：32", rows=_SCHEDULE))
    assert (hours.stated, hours.table_sum, hours.contradict) == (32.0, 16.0, True)


def test_a_merged_number_counts_once() -> None:
    """Sixteen hours merged over two rows are sixteen, not thirty-two, and belong to neither row alone."""
    builder = DocumentBuilder("课程标准.docx", b"", "docx")
    table = builder.add_table(
        [
            CellSpec("任务", 0, 0),
            CellSpec("学时", 0, 1),
            CellSpec("选题", 1, 0),
            CellSpec("16", 1, 1, 2, 1),
            CellSpec("写作", 2, 0),
            CellSpec("排版", 3, 0),
            CellSpec("2", 3, 1),
        ],
        header_rows=1,
    )
    assert hours_of(builder.build()).table_sum == 18.0
    layout = layout_of(table)
    assert [row_hours(layout, row) for row in (1, 2, 3)] == [None, None, 2.0]


def test_theory_and_practice_columns_are_added_unless_a_total_stands_beside_them() -> None:
    """With columns 理论 and 实践 the row's hours are their sum; a 合计 column wins."""
    parts = (("任务", "理论学时", "实践学时"), ("选题", "2", "4"), ("写作", "2", "2"))
    assert hours_of(_document(rows=parts)).table_sum == 10.0
    total = (("任务", "学时合计", "理论学时", "实践学时"), ("选题", "6", "2", "4"), ("写作", "4", "2", "2"))
    assert hours_of(_document(rows=total)).table_sum == 10.0


def test_a_detailed_table_after_its_summary_counts_once() -> None:
    """Two tables with the same sum are a summary and its detail."""
    builder = DocumentBuilder("课程标准.docx", b"", "docx")
    for rows in (
        (("模块", "学时"), ("一", "10"), ("二", "6")),
        (("任务", "内容", "课时"), ("甲", "子", "8"), ("乙", "丑", "8")),
    ):
        cells = [CellSpec(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts)]
        builder.add_table(cells, header_rows=1)
    assert hours_of(builder.build()).table_sum == 16.0


def test_a_plan_has_thousands_of_hours() -> None:
    """In a programme plan 32 hours of one course are not the total, nor is the schedule of one course; 2600 are."""
    assert hours_of(_document("总学时：32", rows=_SCHEDULE), kind="plan") == Hours(None, None)
    courses = (("课程名称", "学时"), *((f"课程{number}", "128") for number in range(20)), ("合计", "2560"))
    assert hours_of(_document("总学时：2600学时", rows=courses), kind="plan") == Hours(2600.0, 2560.0)
    assert hours_of(_document(rows=courses), kind="plan") == Hours(2560.0, 2560.0), "the total row states it"


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["gold", "gold/train"])
def test_stated_hours_agree_with_the_labels(shared: Path, folder: str) -> None:
    """Stated hours of every labelled course standard are as labelled, and where the label notes a contradiction, so."""
    for path, judgments in load_judgments(shared / folder):
        if path.suffix == ".docx":
            hours = hours_of(read_document(path))
            assert hours.stated == judgments.total_hours, path.name
            assert hours.contradict or not judgments.hours_note, path.name
