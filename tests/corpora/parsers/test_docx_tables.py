"""Tables of a docx land on their grid: merges, left-out columns, nesting, controls, header rows."""

from __future__ import annotations

from collections.abc import Callable

from corpora.document import Document, Table

Reader = Callable[..., Document]


def cell(text: str, properties: str = "") -> str:
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split("|"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{lines}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


DOWN, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def grid(found: Table) -> list[list[str]]:
    return [
        [c.text if (c := found.cell_at(r, k)) else "·" for k in range(found.columns)] for r in range(found.rows)
    ]  # fmt: skip


def test_merges_keep_cells_in_their_columns(read_docx: Reader) -> None:
    """Vertical and horizontal merges give spans; the cells beside them stay in their true columns."""
    document = read_docx(
        table(
            row(cell("项目", DOWN), cell("内容", span(2))),
            row(cell("", ON), cell("知识"), cell("技能")),
            row(cell("一"), cell("开店", DOWN + span(2))),
            row(cell("二"), cell("", ON + span(2))),
        )
    )
    found = document.tables[0]
    assert grid(found) == [
        ["项目", "内容", "内容"], ["项目", "知识", "技能"], ["一", "开店", "开店"], ["二", "开店", "开店"],
    ]  # fmt: skip
    spans = {c.text: (c.row_span, c.column_span) for c in found.cells}
    assert spans["项目"] == (2, 1)
    assert spans["开店"] == (2, 2)
    assert found.header_rows == 2
    assert found.header(2) == ("内容", "技能")


def test_left_out_columns_move_a_row_right(read_docx: Reader) -> None:
    """A row that begins behind the first grid column (gridBefore) keeps its cells in the right columns."""
    document = read_docx(
        table(row(cell("甲"), cell("乙"), cell("丙")), row(cell("丁"), properties='<w:gridBefore w:val="2"/>'))
    )
    assert grid(document.tables[0]) == [["甲", "乙", "丙"], ["·", "·", "丁"]]


def test_continuation_without_a_beginning_is_a_cell(read_docx: Reader) -> None:
    """A merge that continues nothing is read as a cell of its own, and old horizontal merges widen their cell."""
    document = read_docx(table(row(cell("甲", ON), cell("乙", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"))))
    assert grid(document.tables[0]) == [["甲", "乙", "乙"]]


def test_nested_table_follows_with_its_parent(read_docx: Reader) -> None:
    """A table in a cell is a table of its own that names the cell; its text is not in the outer cell as well."""
    inner = table(row(cell("内一"), cell("内二")))
    document = read_docx(table(row(cell("外"), f"<w:tc>{inner}<w:p><w:r><w:t>旁</w:t></w:r></w:p></w:tc>")))
    assert [t.parent for t in document.tables] == [None, (1, 1, 2)]
    assert [b.text for b in document.blocks] == ["外\t旁", "内一\t内二"]
    assert [c.text for c in document.tables[1].cells] == ["内一", "内二"]


def test_controls_around_rows_and_cells(read_docx: Reader) -> None:
    """Content controls may wrap rows, cells or a cell's content."""
    wrapped = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = table(
        wrapped.format(row(cell("行"))),
        row(wrapped.format(cell("格"))),
        row("<w:tc>" + wrapped.format("<w:p><w:r><w:t>内</w:t></w:r></w:p>") + "</w:tc>"),
    )
    assert [b.text for b in read_docx(body).blocks] == ["行", "格", "内"]


def test_deleted_rows_and_cells_are_gone(read_docx: Reader) -> None:
    """Tracked deletion of a row or a cell takes it out; a tracked insertion stays."""
    document = read_docx(
        table(row(cell("删"), properties='<w:del w:id="1"/>'), row(cell("增"), properties='<w:ins w:id="2"/>'))
    )
    assert [b.text for b in document.blocks] == ["增"]
    assert document.tables[0].rows == 1


def test_cell_paragraphs_are_lines_and_resolve(read_docx: Reader) -> None:
    """Paragraphs of a cell are joined by line breaks, and every cell is found again at its offsets."""
    document = read_docx("<w:p><w:r><w:t>上文</w:t></w:r></w:p>" + table(row(cell("知识|技能"), cell("4"))))
    cells = document.tables[0].cells
    assert [document.text[c.start : c.end] for c in cells] == ["知识\n技能", "4"]
    locator = document.blocks[1].locator
    assert (locator.table, locator.row, locator.paragraph) == (1, 1, 2)


def test_repeated_header_flag_counts(read_docx: Reader) -> None:
    """Rows that Word repeats on each page are header rows whatever they look like; all rows flagged say nothing."""
    flag = "<w:tblHeader/>"
    flagged = table(row(cell("1"), cell("很长的一句话。"), properties=flag), row(cell("2"), cell("内容。")))
    everything = table(*(row(cell(str(i)), cell("内容。"), properties=flag) for i in range(3)))
    first, second = read_docx(flagged + everything).tables
    assert (first.header_rows, second.header_rows) == (1, 0)


def test_caption_is_the_line_above(read_docx: Reader) -> None:
    """A line such as 表1 … right above a table is its caption, and stays a block."""
    line = "<w:p><w:r><w:t>表1 教学内容安排</w:t></w:r></w:p>"
    document = read_docx(line + table(row(cell("项目"), cell("学时")), row(cell("一"), cell("4"))))
    assert document.tables[0].caption == "表1 教学内容安排"
    assert document.blocks[0].text == "表1 教学内容安排"


def test_text_box_in_a_cell_follows_the_table(read_docx: Reader) -> None:
    """A text box anchored in a cell is a block behind the table."""
    box = (
        "<w:tc><w:p><w:r><w:t>格</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r></w:p></w:tc>"
    )
    assert [(b.kind, b.text) for b in read_docx(table(row(box))).blocks] == [("table_row", "格"), ("text_box", "框")]


def test_absurd_spans_are_bounded(read_docx: Reader) -> None:
    """A span beyond any page cannot blow up the grid."""
    document = read_docx(table(row(cell("甲", span(2_000_000_000)))))
    assert document.tables[0].columns <= 512
