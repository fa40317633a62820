"""Pictures in a docx: vector pictures become tables and text in their place, bitmaps are read or said to be missing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from corpora.document import Document
from corpora.parsers.base import ParserOptions, Source
from corpora.parsers.docx import DocxParser
from corpora.parsers.docx.scans import SAID
from corpora.parsers.legacy import drawn_as_pdf, find_office
from corpora.parsers.pdf import PdfParser
from tests.metafile_maker import EmfMaker, emf_table, glyph_numbers, wmf_table

ROWS = [["课程名称", "学分", "学时"], ["大学语文", "2", "32"], ["直播策划", "4", "64"]]
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
MILLIMETRE = 36_000
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


def paragraph(text: str) -> str:
    """A plain paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def heading(text: str) -> str:
    """A paragraph with an outline level."""
    return f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def drawing(number: int, width: int = 150, height: int = 100) -> str:
    """A picture in DrawingML, sizes in millimetres."""
    extent = f'<wp:extent xmlns:wp="{WP}" cx="{width * MILLIMETRE}" cy="{height * MILLIMETRE}"/>'
    inline = f'<wp:inline xmlns:wp="{WP}">{extent}<a:graphic><a:blip r:embed="p{number}"/></a:graphic></wp:inline>'
    return f"<w:p><w:r><w:drawing>{inline}</w:drawing></w:r></w:p>"


def vml(number: int) -> str:
    """A picture in VML, as the preview of an embedded object."""
    shape = f'<v:shape style="width:300pt;height:8cm"><v:imagedata r:id="p{number}"/></v:shape>'
    return f"<w:p><w:r><w:object>{shape}</w:object></w:r></w:p>"


@pytest.fixture
def read(make_docx: Callable[..., bytes]) -> Callable[..., Document]:
    """Reads a docx of a body and of pictures (name, bytes), numbered from 1."""

    def run(body: str, *pictures: tuple[str, bytes], ocr: bool = False) -> Document:
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(make_docx(body))) as plain, zipfile.ZipFile(stream, "w") as packed:
            for name in plain.namelist():
                data = plain.read(name)
                if name == "word/_rels/document.xml.rels":
                    rows = "".join(
                        f'<Relationship Id="p{i}" Type="{IMAGE}" Target="media/{picture}"/>'
                        for i, (picture, _) in enumerate(pictures, start=1)
                    )
                    data = data.replace(b"</Relationships>", rows.encode() + b"</Relationships>")
                packed.writestr(name, data)
            for picture, content in pictures:
                packed.writestr(f"word/media/{picture}", content)
        return DocxParser().parse(Source("方案.docx", stream.getvalue(), ParserOptions(ocr=ocr)))

    return run


@pytest.mark.parametrize("shape", [drawing, vml])
@pytest.mark.parametrize(("name", "data"), [("image7.emf", emf_table(ROWS)), ("image8.wmf", wmf_table(ROWS))])
def test_table_stands_where_the_picture_stands(
    read: Callable[..., Document], shape: Callable[[int], str], name: str, data: bytes
) -> None:
    """The table comes between the paragraphs around it; its caption names the picture; every cell resolves."""
    document = read(paragraph("前一段") + shape(1) + paragraph("后一段"), (name, data))
    assert [block.text for block in document.blocks] == ["前一段", *("\t".join(row) for row in ROWS), "后一段"]
    (table,) = document.tables
    assert (table.caption, table.header_rows, table.rows, table.columns) == (f"图片 {name}", 1, 3, 3)
    assert [document.text[c.start : c.end] for c in table.cells] == [text for row in ROWS for text in row]
    assert document.blocks[2].locator.row == 2


def test_caption_above_the_picture_is_kept(read: Callable[..., Document]) -> None:
    """A title above the picture stays the table's title."""
    document = read(paragraph("表3 教学进程表") + drawing(1), ("a.emf", emf_table(ROWS)))
    assert document.tables[0].caption == "表3 教学进程表（图片 a.emf）"


def test_title_rows_of_a_pasted_sheet_stand_above_its_header(read: Callable[..., Document]) -> None:
    """Title and author rows above the column names do not hide the header."""
    sheet = [["教学计划表", "", "", ""], ["执笔：", "", "", ""], ["课程名称", "课程代码", "学分", "学时"]]
    document = read(drawing(1), ("a.emf", emf_table([*sheet, ["大学语文", "G01", "2", "32"]])))
    assert document.tables[0].header_rows == 3


def test_equations_icons_and_repeated_pictures_add_nothing(read: Callable[..., Document]) -> None:
    """A vector picture of a few letters is an equation; a picture shown twice is read once."""
    equation = EmfMaker()
    equation.font(1)
    equation.text(0, 0, "a+b=c")
    document = read(
        paragraph("公式") + drawing(1) + drawing(2) + drawing(2),
        ("1.emf", equation.build()),
        ("2.emf", emf_table(ROWS)),
    )
    assert (len(document.blocks), len(document.tables)) == (4, 1)


def test_longer_text_of_a_drawing_is_read(read: Callable[..., Document]) -> None:
    """A drawing with a good deal of text and no table gives its lines as text boxes."""
    drawn = EmfMaker()
    drawn.font(1)
    for line in range(4):
        drawn.text(0, 30 * line, f"第{line + 1}个模块由若干门课程组成")
    document = read(paragraph("体系") + drawing(1), ("1.emf", drawn.build()))
    assert {block.kind for block in document.blocks[1:]} == {"text_box"}
    assert "第4个模块由若干门课程组成" in document.text


def test_picture_in_a_table_cell_is_a_nested_table(read: Callable[..., Document]) -> None:
    """A picture used inside a layout table is read as a table in that cell."""
    cell = f"<w:tbl><w:tr><w:tc>{paragraph('进程')}{drawing(1)}</w:tc></w:tr></w:tbl>"
    document = read(cell, ("1.emf", emf_table(ROWS)))
    assert [table.parent for table in document.tables] == [None, (1, 1, 1)]


@pytest.mark.parametrize("title", ["八、教学进程总体安排", "七、课程设置与学时安排", "十三、教学计划安排表"])
def test_bitmap_in_the_schedules_place_is_said(read: Callable[..., Document], title: str) -> None:
    """Without OCR, a bitmap under a schedule's heading is named with its place and the way out."""
    document = read(heading("一、培养目标") + paragraph("目标") + heading(title) + drawing(1), ("image3.png", PNG))
    (error,) = document.errors
    assert error.what == SAID == "学时表是图片，请附上 Excel"
    assert error.where == f"“{title}”下的图片 image3.png"


@pytest.mark.parametrize("before", [heading("八、教学进程安排"), paragraph("表4 课程设置与学时分配表")])
def test_empty_vector_picture_in_the_schedules_place_is_said(read: Callable[..., Document], before: str) -> None:
    """A vector picture whose text cannot be read counts as a picture."""
    document = read(before + drawing(1) + paragraph("说明"), ("image3.emf", EmfMaker().build()))
    assert [error.what for error in document.errors] == [SAID]


COURSES = "<w:tbl>{}</w:tbl>".format(
    "".join("<w:tr>{}</w:tr>".format("".join(f"<w:tc>{paragraph(t)}</w:tc>" for t in row)) for row in ROWS)
)


@pytest.mark.parametrize(
    "body",
    [
        heading("八、师资队伍") + drawing(1),
        heading("七、课程设置") + drawing(1) + paragraph("图2 课程体系结构图"),
        heading("七、课程设置") + drawing(1) + COURSES,
        heading("八、教学进程") + drawing(1, width=20, height=20),
        paragraph("表4 教学进程表") + COURSES + drawing(1),
    ],
    ids=["another chapter", "a drawing", "the table is there", "an icon", "behind the table"],
)
def test_other_bitmaps_are_not_complained_about(read: Callable[..., Document], body: str) -> None:
    """Photographs, structure charts, icons and pictures beside a real schedule raise no error."""
    assert read(paragraph("文字") + body, ("image3.png", PNG)).errors == ()


def test_damaged_bitmap_is_said_not_raised(read: Callable[..., Document]) -> None:
    """With OCR installed or not, a picture that cannot be decoded leaves the document readable."""
    document = read(heading("八、教学进程") + drawing(1) + paragraph("后文"), ("a.png", PNG), ocr=True)
    assert [error.what for error in document.errors] == [SAID]
    assert document.blocks[-1].text == "后文"


@pytest.mark.ocr
def test_bitmap_of_a_schedule_is_read_by_ocr(read: Callable[..., Document], tmp_path: Path) -> None:
    """With OCR, the schedule's bitmap becomes a table, and it is said that its figures come from a picture."""
    pytest.importorskip("rapidocr")
    image = pytest.importorskip("PIL.Image")
    draw_module, font_module = pytest.importorskip("PIL.ImageDraw"), pytest.importorskip("PIL.ImageFont")
    fonts = [p for name in ("*CJK*Regular*.ttc", "*wqy*.ttc") for p in Path("/usr/share/fonts").rglob(name)]
    if not fonts:
        pytest.skip("no Chinese font")
    rows = [["课程名称", "学分", "总学时"], ["大学语文", "2", "32"], ["直播策划", "4", "64"], ["网店运营", "6", "96"]]
    picture = image.new("RGB", (960, 280), "white")
    pen, font = draw_module.Draw(picture), font_module.truetype(str(fonts[0]), 30)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            x, y = 20 + 300 * column, 20 + 60 * row
            pen.rectangle((x, y, x + 300, y + 60), outline="black", width=2)
            pen.text((x + 20, y + 10), text, font=font, fill="black")
    picture.save(tmp_path / "a.png")
    document = read(heading("八、教学进程") + drawing(1), ("a.png", (tmp_path / "a.png").read_bytes()), ocr=True)
    assert document.tables[0].caption == "图片 a.png"
    assert {"大学语文", "64", "网店运营"} <= {cell.text for cell in document.tables[0].cells}
    assert "识别" in document.errors[0].what


@pytest.mark.office
def test_picture_is_drawn_by_libreoffice_where_its_strings_are_hidden(read: Callable[..., Document]) -> None:
    """A metafile whose strings are not read here goes through LibreOffice, where a schedule is expected."""
    if find_office() is None:
        pytest.skip("LibreOffice is not installed")
    hidden = EmfMaker([glyph_numbers()]).build()
    document = read(heading("八、教学进程") + drawing(1) + paragraph("后文"), ("a.emf", hidden))
    assert [error.what for error in document.errors] == [SAID]
    made = drawn_as_pdf(Source("a.emf", emf_table(ROWS)))
    tables = PdfParser().parse(Source("a.pdf", made)).tables
    assert [[c.text for c in t.cells] for t in tables] == [[text for row in ROWS for text in row]]


@pytest.mark.shared
def test_pasted_schedule_agrees_with_its_workbook(shared: Path) -> None:
    """A real plan whose schedule is four pictures: names and hours are those of the workbook it came from."""
    from corpora.parsers.reading import parse

    plans = shared / "real" / "plans"
    plan, book = plans / "大数据技术专业人培.docx", next(plans.glob("03*.xls"), None)
    if not plan.exists() or book is None:
        pytest.skip("the plan and its workbook are not there")
    pictures = [t for t in parse(Source(plan.name, plan.read_bytes())).tables if "图片" in t.caption]
    sheets = parse(Source(book.name, book.read_bytes())).tables
    assert len(pictures) == 5
    for picture, sheet in zip(pictures[1:3], sheets[:2], strict=True):
        shown = {cell.text.replace("\n", "") for cell in picture.cells if len(cell.text) > 1}
        written = {cell.text.replace("\n", "") for cell in sheet.cells if len(cell.text) > 1}
        assert len(shown & written) >= 0.9 * len(shown)
