"""Several files as one document: one text, one count of tables and paragraphs, places told by their own file."""

from __future__ import annotations

import re

import pytest

from corpora.bundle import column_letters, join_documents, local, part_of, place
from corpora.document import Document, Locator
from corpora.document_builder import CellSpec, DocumentBuilder


def document(name: str, format: str, *texts: str, table: bool = True, origin: tuple[int, int] = (0, 0)) -> Document:
    """Paragraphs, then a table of two rows."""
    builder = DocumentBuilder(name, name.encode(), format)
    builder.title = name.partition(".")[0]
    for text in texts:
        builder.add("paragraph", text)
    if table:
        cells = [CellSpec("课程", 0, 0), CellSpec("学时", 0, 1), CellSpec("写作", 1, 0), CellSpec("32", 1, 1)]
        builder.add_table(cells, header_rows=1, caption="公共课", origin=origin)
    builder.add_error("某处", "读不出")
    return builder.build()


def consistent(joined: Document) -> None:
    """Every offset and every number of a document is right."""
    assert [b.locator.paragraph for b in joined.blocks] == list(range(1, len(joined.blocks) + 1))
    assert [t.number for t in joined.tables] == list(range(1, len(joined.tables) + 1))
    assert all(joined.resolve(b.locator) == b.text for b in joined.blocks)
    assert all(joined.text[c.start : c.end] == c.text for t in joined.tables for c in t.cells)
    assert all(b.locator.table in (None, *range(1, len(joined.tables) + 1)) for b in joined.blocks)


PLAN = document("方案.docx", "docx", "一、培养目标", "二、课程", "附件1 课程标准")
BOOK = document("进程表.xls", "xls", origin=(2, 1))
SURVEY = document("调研.pdf", "pdf", "调研报告")


def test_single_document_stays_itself() -> None:
    """Nothing is joined to nothing, and nothing at all is no document."""
    assert join_documents([PLAN]) is PLAN
    with pytest.raises(ValueError, match="no documents"):
        join_documents([])


def test_joined_files_share_one_count() -> None:
    """Texts stand one after the other behind a heading with the file's name; parts tell where."""
    joined = join_documents([PLAN, BOOK, SURVEY])
    consistent(joined)
    assert (joined.name, joined.title, joined.format) == ("方案.docx", "方案", "docx")
    assert [part.name for part in joined.parts] == ["方案.docx", "进程表.xls", "调研.pdf"]
    assert [joined.text[p.start : p.end] for p in joined.parts] == [PLAN.text, BOOK.text, SURVEY.text]
    assert [b.text for b in joined.blocks if b.kind == "heading"] == ["进程表.xls", "调研.pdf"]
    assert [part.tables for part in joined.parts] == [0, 1, 2]
    assert [error.where for error in joined.errors] == ["方案.docx 某处", "进程表.xls 某处", "调研.pdf 某处"]


def test_digest_is_of_all_parts() -> None:
    """The same files give the same digest; another file, or another order, another one."""
    digest = join_documents([PLAN, BOOK]).sha256
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert digest == join_documents([PLAN, BOOK]).sha256
    assert digest not in (PLAN.sha256, join_documents([BOOK, PLAN]).sha256, join_documents([PLAN, SURVEY]).sha256)


def test_files_are_put_before_the_annex() -> None:
    """With a place given, the main file is cut there; both halves keep the numbers of the one file."""
    annex = PLAN.blocks[2].locator.start
    joined = join_documents([PLAN, BOOK], before=annex)
    consistent(joined)
    assert [part.name for part in joined.parts] == ["方案.docx", "进程表.xls", "方案.docx"]
    assert joined.text.index("进程表.xls") < joined.text.index("附件1")
    last = joined.blocks[-1].locator
    assert (local(joined, last).table, local(joined, last).paragraph) == (1, PLAN.blocks[-1].locator.paragraph)
    assert place(joined, last) == "方案.docx 表1 第2行"


def test_place_that_is_no_block_joins_at_the_end() -> None:
    """An offset inside a block, or at the end, cuts nothing."""
    for before in (3, len(PLAN.text), 0):
        assert len(join_documents([PLAN, BOOK], before=before).parts) == 2


def cell(number: int, row: int, column: int, start: int) -> Locator:
    """A cell's locator, row and column from 1."""
    return Locator(start, start + 1, 1, None, number, row, column)


def test_places_in_words() -> None:
    """Paragraphs, cells and sheets are told as a person finds them; the file only where there are several."""
    joined = join_documents([PLAN, BOOK, SURVEY])
    tables = joined.tables
    assert place(PLAN, PLAN.blocks[1].locator) == "第2段"
    assert place(PLAN, cell(1, 2, 2, PLAN.tables[0].cells[3].start)) == "表1 第2行第2列"
    assert place(BOOK, cell(1, 2, 2, 0)) == "工作表“公共课” C4"
    assert place(joined, joined.blocks[0].locator) == "方案.docx 第1段"
    assert place(joined, cell(2, 2, 2, tables[1].cells[3].start)) == "进程表.xls 工作表“公共课” C4"
    assert place(joined, cell(3, 2, 1, tables[2].cells[2].start)) == "调研.pdf 表1 第2行第1列"
    assert place(joined, Locator(0, 1, 1, 7)) == "方案.docx 第7页 第1段"
    row = Locator(tables[1].cells[2].start, tables[1].cells[3].end, 1, None, 2, 2)
    assert place(joined, row) == "进程表.xls 工作表“公共课” 第4行"


def test_place_in_a_picture_names_the_picture() -> None:
    """A table read from a picture is found by the picture's name."""
    builder = DocumentBuilder("a.docx", b"", "docx")
    builder.add_table([CellSpec("课程", 0, 0), CellSpec("学时", 0, 1)], caption="表3 进程表（图片 image5.emf）")
    assert place(builder.build(), cell(1, 1, 2, 0)) == "表1（图片 image5.emf） 第1行第2列"


def test_heading_between_files_is_of_no_part() -> None:
    """The names of the files are nobody's text."""
    joined = join_documents([PLAN, BOOK])
    heading = next(b for b in joined.blocks if b.text == "进程表.xls")
    assert part_of(joined, heading.locator) is None
    assert place(joined, heading.locator) == f"第{heading.locator.paragraph}段"


def test_nested_tables_keep_their_parents() -> None:
    """The cell of a nested table is counted on with the tables."""
    builder = DocumentBuilder("b.docx", b"b", "docx")
    outer = builder.add_table([CellSpec("外", 0, 0)])
    builder.add_table([CellSpec("内", 0, 0)], parent=(outer.number, 1, 1))
    joined = join_documents([PLAN, builder.build()])
    consistent(joined)
    assert joined.tables[2].parent == (2, 1, 1)


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_column_letters(number: int, letters: str) -> None:
    """Columns are counted as spreadsheet programs do."""
    assert column_letters(number) == letters
