"""Vector pictures (EMF, WMF): strings, tables and what spreadsheet programs do to both."""

from __future__ import annotations

import gzip
import struct

import pytest

from corpora.parsers.metafile import is_metafile, read_metafile, unpacked
from corpora.parsers.outline import Piece, TablePiece
from corpora.parsers.pdf.pages import flow_of, raw_page
from corpora.parsers.pdf.paragraphs import pieces_of
from tests.metafile_maker import (
    CELL_HEIGHT,
    CELL_WIDTH,
    EmfMaker,
    emf_record,
    emf_table,
    glyph_numbers,
    with_hidden_emf,
    wmf_file,
    wmf_table,
)

ROWS = [["课程名称", "学分", "学时"], ["Java程序设计", "4", "64"], ["网页设计 基础", "2.5", "40"]]


def pieces(data: bytes) -> list[Piece | TablePiece]:
    """Text and tables of a picture."""
    return pieces_of(flow_of([raw_page(read_metafile(data).content)]))


def table(data: bytes) -> list[list[str]]:
    """The one table of a picture as rows of texts, merged cells at their origin."""
    (found,) = [piece for piece in pieces(data) if isinstance(piece, TablePiece)]
    rows = [
        [""] * max(c.column + c.column_span for c in found.cells) for _ in range(1 + max(c.row for c in found.cells))
    ]
    for cell in found.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


@pytest.mark.parametrize(
    "data",
    [
        emf_table(ROWS),
        emf_table(ROWS, bars=True),
        wmf_table(ROWS),
        with_hidden_emf(wmf_file([]), emf_table(ROWS)),
        unpacked(gzip.compress(emf_table(ROWS))),
    ],
    ids=["emf", "emf with bars", "wmf", "emf inside wmf", "emz"],
)
def test_ruled_table_is_read_exactly(data: bytes) -> None:
    """Each string stands in its cell as it was written: no blank inside a Latin word, a written blank kept."""
    assert is_metafile(data)
    assert table(data) == ROWS


def test_scale_of_the_picture_does_not_matter() -> None:
    """The same table drawn a hundred times as large, or behind a transform, reads the same."""
    large = EmfMaker()
    large.font(1, height=-1200)
    for row in range(3):
        large.line(0, row * 2000, 16000, row * 2000)
    for column in range(3):
        large.line(column * 8000, 0, column * 8000, 4000)
    for column, text in enumerate(("学期", "周数")):
        large.text(column * 8000 + 200, 300, text, [1200, 1200])
    assert table(large.build())[0] == ["学期", "周数"]
    shrunk = EmfMaker([emf_record(36, struct.pack("<6fI", 0.01, 0, 0, 0.01, 5, 5, 4)), *large.records])
    assert table(shrunk.build())[0] == ["学期", "周数"]


def test_text_over_its_border_stays_in_its_cell() -> None:
    """A text longer than its cell belongs to the cell that it begins in, a right-aligned one to that it ends in."""
    made = EmfMaker()
    made.font(1)
    for row in range(3):
        made.line(0, row * CELL_HEIGHT, 3 * CELL_WIDTH, row * CELL_HEIGHT)
    for column in range(4):
        made.line(column * CELL_WIDTH, 0, column * CELL_WIDTH, 2 * CELL_HEIGHT)
    made.text(2, 3, "中华优秀传统文化概论")
    made.add(22, 2)  # TA_RIGHT
    made.text(3 * CELL_WIDTH - 2, CELL_HEIGHT + 3, "每学期以讲座形式开展")
    assert table(made.build()) == [["中华优秀传统文化概论", "", ""], ["", "", "每学期以讲座形式开展"]]


def test_merged_cells_are_cells_without_rules_between() -> None:
    """A rule that stops short of a cell merges it with the one below."""
    made = EmfMaker()
    made.font(1)
    made.line(0, 0, 160, 0)
    made.line(80, 20, 160, 20)
    made.line(0, 40, 160, 40)
    for x in (0, 80, 160):
        made.line(x, 0, x, 40)
    made.text(2, 13, "数学")
    made.text(82, 3, "高等数学A")
    made.text(82, 23, "高等数学B")
    (found,) = [piece for piece in pieces(made.build()) if isinstance(piece, TablePiece)]
    assert [(c.text, c.row, c.row_span) for c in found.cells] == [
        ("数学", 0, 2),
        ("高等数学A", 0, 1),
        ("高等数学B", 1, 1),
    ]


@pytest.mark.parametrize("escapement", [900, 2700])
def test_upright_text_is_read_in_its_order(escapement: int) -> None:
    """A heading turned by a quarter, either way, reads as one word in its cell."""
    made = EmfMaker()
    made.font(1)
    for y in (0, 100):
        made.line(0, y, 200, y)
    for x in (0, 100, 200):
        made.line(x, 0, x, 100)
    made.text(102, 3, "说明")
    made.font(2, escapement=escapement)
    made.add(22, 24)
    made.text(50, 80 if escapement == 900 else 20, "课程性质")
    assert table(made.build()) == [["课程性质", "说明"]]


def test_strings_without_a_table_are_lines() -> None:
    """Text outside rules is read line by line, by whatever alignment it was placed."""
    made = EmfMaker()
    made.font(1)
    made.text(10, 10, "备注：选修课任选三门。")
    made.add(22, 6)  # TA_CENTER
    made.text(200, 40, "第二行文字")
    assert [piece.text for piece in pieces(made.build()) if isinstance(piece, Piece)] == [
        "备注：选修课任选三门。",
        "第二行文字",
    ]


def test_white_and_empty_pens_draw_nothing() -> None:
    """Rules in white, or with the null pen, are not seen; so no table is made of them."""
    for pen in (struct.pack("<IIiiI", 3, 0, 1, 0, 0xFFFFFF), struct.pack("<IIiiI", 3, 5, 1, 0, 0)):
        made = EmfMaker([emf_record(38, pen)])
        made.add(37, 3)
        table_records = EmfMaker()
        table_records.font(1)
        for y in (0, 20, 40):
            made.line(0, y, 160, y)
        for x in (0, 80, 160):
            made.line(x, 0, x, 40)
        made.records += table_records.records
        made.text(2, 3, "无框")
        assert not any(isinstance(piece, TablePiece) for piece in pieces(made.build()))


def test_broken_records_end_the_reading_quietly() -> None:
    """A cut-off file gives what stands before the cut; nonsense gives nothing."""
    whole = emf_table(ROWS)
    assert read_metafile(whole[: len(whole) * 2 // 3]).letters < read_metafile(whole).letters
    assert read_metafile(whole[:200]).letters == 0
    noise = whole[:108] + bytes(range(256)) * 20
    assert read_metafile(noise).letters == 0
    assert not is_metafile(b"\x89PNG\r\n\x1a\n" + b"\0" * 60)


def test_gzip_bomb_is_not_unpacked() -> None:
    """A compressed picture of absurd size is dropped before it fills the memory."""
    assert unpacked(gzip.compress(bytes(70 << 20))) == b""
    assert unpacked(b"\x1f\x8bnonsense") == b""


def test_bitmap_inside_is_handed_out() -> None:
    """A metafile that only wraps a bitmap gives it as a bmp file."""
    information = struct.pack("<IiiHHIIiiII", 40, 2, 2, 1, 24, 0, 16, 0, 0, 0, 0)
    body = struct.pack("<4i6i4I", *[0] * 4, *[0] * 6, 80, 40, 120, 16) + struct.pack("<IIii", 0, 0xCC0020, 2, 2)
    made = EmfMaker([emf_record(81, body + information + b"\x7f" * 16)])
    (bitmap,) = read_metafile(made.build()).bitmaps
    assert bitmap[:2] == b"BM"
    assert bitmap.endswith(b"\x7f" * 16)


def test_strings_that_are_not_read_are_counted() -> None:
    """Glyph numbers and strings of GDI+ alone are known to be there; strings drawn both ways are read once."""
    made = EmfMaker()
    made.text(0, 0, "课程")
    plus = struct.pack("<II", 16, 0x2B464D45) + struct.pack("<HHII", 0x401C, 0, 12, 0)
    hidden = read_metafile(EmfMaker([glyph_numbers(), emf_record(70, plus)]).build())
    assert (hidden.letters, hidden.unread) == (0, 2)
    both = read_metafile(EmfMaker([emf_record(70, plus), *made.records]).build())
    assert (both.letters, both.unread) == (2, 1)
