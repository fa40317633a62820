"""The document beside its report: outline, marks, quotes in context, chunks, map, filter."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.model import Decided, GapReport
from api.rendering.document_view import CHUNK, WHOLE, DocumentView, serving
from api.rendering.reading import wording
from api.rendering.reading.context import Surroundings
from api.rendering.reading.filter import Filter, states
from api.rendering.reading.heat_map import HeatMap
from api.rendering.reading.marks import Marks, Stretch, spans, stretches
from api.rendering.reading.outline import Outline
from api.rendering.view import ReportView
from corpora.document_builder import CellSpec, DocumentBuilder
from tests.api.conftest import Desk

STRETCHES = st.lists(
    st.builds(
        lambda start, length, element, grade: Stretch(start, start + length, element, grade),
        st.integers(0, 60),
        st.integers(1, 25),
        st.sampled_from(["a", "b", "c", "d"]),
        st.sampled_from([1, 2]),
    ),
    max_size=12,
)


@given(STRETCHES)
def test_marks_hold_exactly_what_the_quotes_hold(found: list[Stretch]) -> None:
    """Marks are in order and apart; at each character they name the elements quoted there and their best grade."""
    marks = Marks(found).marks
    assert all(one.end <= other.start for one, other in itertools.pairwise(marks))
    for place in range(100):
        here = [stretch for stretch in found if stretch.start <= place < stretch.end]
        mark = next((mark for mark in marks if mark.start <= place < mark.end), None)
        assert (set(mark.elements) if mark else set()) == {stretch.element for stretch in here}
        if mark:
            assert mark.grade == max(stretch.grade for stretch in here)


@given(STRETCHES, st.integers(0, 40), st.integers(0, 50), st.integers(0, 20))
def test_pieces_are_the_text(found: list[Stretch], start: int, length: int, here: int) -> None:
    """Nothing of a text is lost or said twice, wherever marks and the place asked for begin and end."""
    text = "".join(chr(0x4E00 + place) for place in range(length))
    pieces = Marks(found).pieces(text, start, (start + here, start + here + 5))
    assert "".join(piece.text for piece in pieces) == text
    assert all(text[piece.start - start :].startswith(piece.text) for piece in pieces)
    assert "".join(piece.text for piece in pieces if piece.here) == text[here : here + 5]


def test_a_quote_that_a_page_cuts_is_marked_on_both(desk: Desk) -> None:
    """The rest of a quote stands behind the page's border; what is not found again is not marked."""
    builder = DocumentBuilder("书.pdf", b"x", "pdf")
    builder.add("paragraph", "掌握市场调研的基本", page=1)
    builder.add("paragraph", "第 2 页", page=2)
    builder.add("paragraph", "方法，能够设计问卷。", page=2)
    document = builder.build()
    first = document.blocks[0].locator
    evidence = replace(desk.evidence("活动方案设计"), quote="掌握市场调研的基本方法", locator=first)
    assert [document.text[a:b] for a, b in spans(document, evidence)] == ["掌握市场调研的基本", "方法"]
    lost = replace(evidence, quote="掌握市场调研的基本原理")
    assert len(list(spans(document, lost))) == 1


def test_the_outline_is_the_whole_text(desk: Desk) -> None:
    """Sections follow each other without a gap; each offset is in the one that holds it."""
    outline = Outline.of(desk.document)
    assert [section.title for section in outline.sections] == ["一、课程目标", "二、教学内容与学时安排", "三、考核方式"]
    ends = [section.end for section in outline.sections]
    assert [section.start for section in outline.sections] == [0, *ends[:-1]]
    assert ends[-1] == len(desk.document.text)
    place = desk.document.text.index("期末提交")
    assert outline.at(place).title == "三、考核方式"


def test_lower_headings_belong_to_the_chapter_above() -> None:
    """Of three levels the upper two are chapters; what stands below counts to the chapter above it."""
    builder = DocumentBuilder("书.md", b"x", "md")
    builder.title = "网络营销"
    for level, text in ((1, "第一章 调研"), (2, "第一节 问卷"), (3, "一、设计"), (1, "第二章 策划")):
        builder.add("heading", text, level=level)
        builder.add("paragraph", f"{text}的正文说明了这一部分的内容。")
    document = builder.build()
    outline = Outline.of(document)
    assert [section.depth for section in outline.sections] == [1, 2, 3, 1]
    assert [section.title for section in outline.chapters.sections] == ["第一章 调研", "第一节 问卷", "第二章 策划"]
    assert outline.chapters.at(document.text.index("一、设计的正文")).title == "第一节 问卷"
    start, end = outline.below(outline.sections[0])
    assert document.text[start:end].strip().endswith("一、设计的正文说明了这一部分的内容。")


def test_a_document_without_headings_is_one_section() -> None:
    """And one without text is one too."""
    builder = DocumentBuilder("a.txt", b"x", "txt")
    assert len(Outline.of(builder.build()).sections) == 1
    builder.add("paragraph", "没有标题的一段话，只讲一件事。")
    assert [section.title for section in Outline.of(builder.build()).sections] == [""]


def test_a_quote_in_running_text_has_its_neighbours(desk: Desk) -> None:
    """The sentence before and after, within the paragraph or from the ones beside it; headings are no neighbours."""
    around = Surroundings(desk.document)
    found = around.of(desk.evidence("能够设计调研问卷并分析目标市场"))
    assert found.before == "掌握市场调研的基本方法，"
    assert found.after.startswith("。")
    first = around.of(desk.evidence("掌握市场调研的基本方法，能够设计调研问卷并分析目标市场。"))
    assert first.before == ""
    assert first.after == "\n能够确定营销活动的主题与目标，独立策划一份完整的营销活动方案。"


def test_a_quote_in_a_table_has_its_row(desk: Desk) -> None:
    """Cells stand under their columns' names, mere numbers left out; the rows above and below on a line."""
    found = Surroundings(desk.document).of(desk.evidence("任务分解与分工"))
    assert [(cell.label, cell.quote) for cell in found.cells] == [("项目", ""), ("教学内容", "任务分解与分工")]
    assert found.cells[1].before.endswith("活动方案设计；")
    assert found.before.startswith("项目一 市场调研")
    assert found.after.startswith("项目三 活动执行")
    assert "20" not in found.before + found.after


def test_the_first_row_has_no_header_above_it(desk: Desk) -> None:
    """Names of columns are no row of content."""
    assert Surroundings(desk.document).of(desk.evidence("市场环境分析")).before == ""


def test_a_place_outside_the_document_leaves_the_quote_alone(desk: Desk) -> None:
    """A stored report whose document is another one shows the quote all the same."""
    evidence = desk.evidence("市场环境分析")
    lost = replace(evidence, locator=replace(evidence.locator, start=10**6, end=10**6 + 6))
    assert Surroundings(desk.document).of(lost).quote == "市场环境分析"


def test_the_document_view_holds_all_text_once(desk: Desk, report: GapReport) -> None:
    """Every block and every cell is in the chunks, marked where it serves an element."""
    view = DocumentView(desk.document, report)
    said = []
    for chunk in view.chunks:
        for item in chunk.items:
            if item.kind == "table":
                said += ["".join(p.text for p in c.pieces) for row in view.rows(item) for c in row]
            else:
                said.append("".join(piece.text for piece in view.pieces(item)))
    texts = [b.text for b in desk.document.blocks if b.kind != "table_row"]
    cells = [cell.text for cell in desk.document.tables[0].cells]
    assert sorted(said) == sorted(texts + cells)
    assert 0 < view.idle_chars < 1


def test_marks_are_of_the_scope_unless_all_is_asked(desk: Desk, report: GapReport) -> None:
    """What serves another course's element only is marked when somebody asks for it."""
    some, every = DocumentView(desk.document, report), DocumentView(desk.document, report, everything=True)
    names = {name for mark in some.marks.marks for name in mark.elements}
    assert names
    assert all(name.startswith("C5.") for name in names)
    assert "Q06.e1" in {name for mark in every.marks.marks for name in mark.elements}
    place = desk.document.text.index("分析目标市场")
    assert serving(report, every.marks.elements(place, place + 2))[-1] == "C6.R1.e1"


def test_a_long_table_is_cut_where_no_cell_reaches_over() -> None:
    """Parts repeat the header, hold every row once, and no merged cell is torn."""
    cells = [CellSpec("周次", 0, 0), CellSpec("内容", 0, 1)]
    cells += [CellSpec(f"项目{row}", row, 0, row_span=3) for row in range(1, 301, 3)]
    cells += [CellSpec(f"任务{row}的教学内容", row, 1) for row in range(1, 301)]
    builder = DocumentBuilder("表.docx", b"x", "docx")
    builder.add_table(cells, header_rows=1)
    document = builder.build()
    view = DocumentView(document, _nothing())
    items = [item for chunk in view.chunks for item in chunk.items]
    assert len(items) >= 3
    assert [item.rows[0] for item in items] == [0, *(item.rows[1] for item in items[:-1])]
    rows = [[cell.cell.text for cell in row] for item in items for row in view.rows(item)]
    assert sum(row[:1] == ["周次"] for row in rows) == len(items)
    assert [row[-1] for row in rows if row[:1] != ["周次"]] == [f"任务{row}的教学内容" for row in range(1, 301)]
    for item in items[1:]:
        assert (item.rows[0] - 1) % 3 == 0


def test_a_long_document_begins_with_a_part() -> None:
    """Of more than ``WHOLE`` blocks the first chunk is there at once, and the one that holds the place asked for."""
    builder = DocumentBuilder("书.md", b"x", "md")
    for number in range(WHOLE + 200):
        if number % 40 == 0:
            builder.add("heading", f"第{number // 40 + 1}章 内容", level=1)
        builder.add("paragraph", f"第 {number} 段的正文。")
    document = builder.build()
    place = document.text.index("第 1500 段")
    view = DocumentView(document, _nothing(), (place, place + 4))
    shown = [chunk for chunk in view.chunks if view.shown(chunk)]
    assert len(view.chunks) > 10
    assert next(chunk.number for chunk in shown) == 0
    assert len(shown) == 2
    assert shown[1].start <= place <= shown[1].end
    assert all(chunk.items[0].kind == "heading" and chunk.weight <= 2 * CHUNK for chunk in view.chunks)


def _nothing() -> GapReport:
    from corpora.standard_json import load_standard

    return Desk(load_standard("530701"), DocumentBuilder("x", b"x", "md").build()).report([], ())


def test_the_map_counts_elements_by_chapter(desk: Desk, report: GapReport) -> None:
    """A cell counts the elements with a quote in the chapter; the totals count each element once."""
    heat = HeatMap.of(ReportView(report), Outline.of(desk.document).chapters)
    assert heat.by == "statement"
    columns = [column.id for column in heat.columns]
    rows = {section.title: dict(zip(columns, cells, strict=True)) for section, cells in heat.rows}
    assert (rows["一、课程目标"]["C5.R1"].covered, rows["一、课程目标"]["C5.R1"].touched) == (7, 0)
    assert (rows["二、教学内容与学时安排"]["C5.R1"].covered, rows["二、教学内容与学时安排"]["C5.R1"].touched) == (0, 1)
    assert rows["三、考核方式"]["C5.T6"].total == 1
    totals = dict(zip(columns, heat.totals, strict=True))
    assert (totals["C5.R1"].covered, totals["C5.R1"].touched) == (7, 1)
    assert totals["C5.T6"].covered == 1
    assert all(0 <= cell.shade <= 4 for cells in rows.values() for cell in cells.values())


def test_the_map_of_courses_has_all_of_them(desk: Desk, report: GapReport) -> None:
    """By course every core course and the competencies are columns."""
    heat = HeatMap.of(ReportView(report), Outline.of(desk.document).chapters, "course")
    assert {column.id for column in heat.columns} == {*(c.id for c in desk.standard.core_courses), "competency"}
    data = heat.data()
    assert all(x < len(data["columns"]) and y < len(data["rows"]) for x, y, *_ in data["cells"])


@pytest.mark.parametrize(
    ("filter", "shown"),
    [
        (Filter(), True),
        (Filter.of(["touched"]), True),
        (Filter.of(["review", "missing"]), True),
        (Filter.of(["missing", "short", "decided"]), False),
        (Filter.of(["no such state"]), True),
        (Filter.of(course="C5"), True),
        (Filter.of(course="C1"), False),
        (Filter.of(q="数据 分析工具"), True),
        (Filter.of(q="c5.r1"), True),
        (Filter.of(q="供应链"), False),
        (Filter.of(section=2), True),
        (Filter.of(section=3), False),
        (Filter.of(st="C5.R1"), True),
        (Filter.of(st="C5.R2"), False),
    ],
)
def test_a_filter_shows_what_fits(report: GapReport, filter: Filter, shown: bool) -> None:
    """C5.R1.e3: touched, to be reviewed, of course C5, quoted in the second chapter."""
    match = report.match_of["C5.R1.e3"]
    statement = report.standard.by_id["C5.R1"]
    assert states(match) == ("touched", "review")
    assert filter.shows(match, statement, "C5", (2,)) is shown


def test_certainty_is_of_what_the_system_said(report: GapReport) -> None:
    """Far from the threshold it is sure, near it not; a person's verdict does not change that."""
    covered = report.match_of["C5.T3.e1"]
    assert wording.certainty(covered) == "较有把握"
    assert wording.certainty(replace(covered, p_covered=0.55)) == "接近判定界限"
    person = Decided("override", "李老师", "2026-11-01T00:00:00Z", proposed_grade=2)
    assert wording.certainty(replace(covered, grade=0, decided=person)) == "较有把握"


def test_stretches_are_of_what_is_found(desk: Desk, report: GapReport) -> None:
    """Missing elements mark nothing."""
    found = stretches(desk.document, report.matches)
    assert {stretch.element for stretch in found} == {m.element.id for m in report.matches if m.grade}


def test_every_word_of_the_report_is_translated() -> None:
    """Grades, levels, kinds and statuses that the page shows stand among the terms with an English text."""
    from api.rendering import words
    from api.rendering.programme import rows
    from api.rendering.programme import wording as plan
    from corpora.programme.model import CATEGORY_NAMES

    shown = [words.GRADES, words.COVERAGE, words.LEVELS, words.ROLES, words.GAPS, words.VERDICTS, words.FORCES]
    shown += [plan.STATUSES, plan.BASES, plan.CONTRADICTIONS, plan.FINDINGS, plan.CHOICES, rows.UNION_KINDS]
    texts = {text for names in (*shown, CATEGORY_NAMES) for text in names.values()}
    texts |= {text for text, _ in plan.AGREES.values()} | {plan.PARTLY, plan.UNDECIDED, words.NO_COURSE}
    assert texts <= set(wording.TERMS)
