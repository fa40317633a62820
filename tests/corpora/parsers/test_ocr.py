"""Pictures and scanned pages, drawn here and read by OCR."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from corpora.document import Document
from corpora.errors import DamagedDocumentError, EmptyDocumentError, MissingExtraError, UnsupportedFormatError
from corpora.parsers import ocr
from corpora.parsers.base import Limits, ParserOptions, Source
from corpora.parsers.ocr import OcrParser
from corpora.parsers.pdf import PdfParser

NOTO = [
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc"),
]
ROWS = (("项目", "教学内容", "学时"), ("选品", "看数据选商品", "8"), ("推广", "写推广方案", "12"))

pytestmark = pytest.mark.ocr


@pytest.fixture(scope="module")
def font_file() -> Path:
    """A Chinese font to draw with."""
    found = next((path for path in NOTO if path.exists()), None)
    if found is None:
        pytest.skip("没有 Noto CJK 字体，跳过")
    return found


@pytest.fixture(scope="module")
def scan(font_file: Path) -> Image.Image:
    """A page with a title, a wrapped paragraph and a ruled table."""
    pytest.importorskip("rapidocr", reason="没有 ocr 扩展，跳过")
    page = Image.new("RGB", (1000, 700), "white")
    draw, body = ImageDraw.Draw(page), ImageFont.truetype(str(font_file), 26)
    draw.text((330, 40), "网店运营课程标准", fill="black", font=ImageFont.truetype(str(font_file), 44))
    draw.text((80, 130), "一、课程性质", fill="black", font=body)
    text = "　　本课程是电子商务专业的核心课程，培养学生开设与运营网店的能力，面向网店运营岗位。"
    for number in range(0, len(text), 32):
        draw.text((80, 190 + 50 * (number // 32)), text[number : number + 32], fill="black", font=body)
    xs, ys = (80, 260, 640, 800), (320, 380, 440, 500)
    for x in xs:
        draw.line((x, ys[0], x, ys[-1]), fill="black", width=2)
    for y in ys:
        draw.line((xs[0], y, xs[-1], y), fill="black", width=2)
    for y, row in zip(ys, ROWS, strict=False):
        for x, cell in zip(xs, row, strict=False):
            draw.text((x + 20, y + 12), cell, fill="black", font=body)
    return page


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    stream = BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def check(document: Document) -> None:
    """Title, heading, joined paragraph and the table's cells are all there."""
    assert all(document.resolve(block.locator) == block.text for block in document.blocks)
    assert document.title in ("", "网店运营课程标准")
    assert [block.kind for block in document.blocks[:3]] == ["heading", "heading", "paragraph"]
    assert document.blocks[1].number == "一、"
    assert "培养学生开设与运营网店的能力" in document.blocks[2].text
    [table] = document.tables
    assert tuple(tuple(c.text for c in table.row_cells(row)) for row in range(table.rows)) == ROWS
    assert all(block.locator.page == 1 for block in document.blocks)


def test_a_picture_is_read_with_its_table(scan: Image.Image) -> None:
    """Lines become paragraphs, ruled lines a table."""
    check(OcrParser().parse(Source("扫描.png", encoded(scan, "PNG"))))


def test_a_scanned_pdf_page_is_read_alike(scan: Image.Image) -> None:
    """A page without a text layer goes through OCR."""
    document = PdfParser().parse(Source("扫描.pdf", encoded(scan, "PDF", resolution=100)))
    check(document)
    assert (document.format, document.pages, document.errors) == ("pdf", 1, ())


def test_a_slanted_scan_is_straightened(scan: Image.Image) -> None:
    """A page laid in at two degrees has the same table."""
    slanted = scan.rotate(2, fillcolor="white", resample=Image.Resampling.BICUBIC)
    [table] = OcrParser().parse(Source("斜.jpg", encoded(slanted, "JPEG", quality=90))).tables
    assert tuple(tuple(c.text for c in table.row_cells(row)) for row in range(table.rows)) == ROWS


def test_faults_have_one_clear_error_each(scan: Image.Image) -> None:
    """Damaged, blank and switched off are told apart, with the file's name."""
    data = encoded(scan, "PNG")
    with pytest.raises(DamagedDocumentError, match=r"坏\.png"):
        OcrParser().parse(Source("坏.png", data[:300]))
    with pytest.raises(EmptyDocumentError, match=r"白\.png"):
        OcrParser().parse(Source("白.png", encoded(Image.new("RGB", (400, 300), "white"), "PNG")))
    with pytest.raises(UnsupportedFormatError, match="文字识别"):
        OcrParser().parse(Source("关.png", data, ParserOptions(ocr=False)))


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scanned PDF and a picture say what to install."""
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    ocr._engine.cache_clear()
    noise = Image.effect_noise((600, 400), 90).convert("RGB")
    for parser, name, kind in ((OcrParser(), "图.png", "PNG"), (PdfParser(), "扫描.pdf", "PDF")):
        with pytest.raises(MissingExtraError, match=r"duibiao\[ocr\]"):
            parser.parse(Source(name, encoded(noise, kind)))
    ocr._engine.cache_clear()


def test_a_scan_is_an_error_item_beside_pages_with_text(scan: Image.Image) -> None:
    """With OCR off, the page is named and the rest is read; a lone scan says that it has no text."""
    from pypdfium2 import PdfDocument
    from reportlab.pdfgen.canvas import Canvas

    stream = BytesIO()
    canvas = Canvas(stream)
    canvas.drawString(80, 700, "Plain text on the first page.")
    canvas.save()
    merged = PdfDocument.new()
    merged.import_pages(PdfDocument(stream.getvalue()))
    merged.import_pages(PdfDocument(encoded(scan, "PDF")))
    out = BytesIO()
    merged.save(out)
    document = PdfParser().parse(Source("混合.pdf", out.getvalue(), ParserOptions(ocr=False)))
    assert document.text == "Plain text on the first page."
    assert [error.where for error in document.errors] == ["第 2 页"]
    with pytest.raises(EmptyDocumentError, match=r"扫描\.pdf"):
        PdfParser().parse(Source("扫描.pdf", encoded(scan, "PDF"), ParserOptions(ocr=False)))


def test_pages_that_would_break_the_time_limit_are_named(scan: Image.Image) -> None:
    """OCR stops before the limit ends the process; what was not read is an error item."""
    options = ParserOptions(limits=Limits(cpu_seconds=0.0))
    with pytest.raises(EmptyDocumentError, match=r"第 1 页：.*上限"):
        PdfParser().parse(Source("扫描.pdf", encoded(scan, "PDF"), options))
