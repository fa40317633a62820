"""One small course standard in every readable format, for the suite over all parsers.

A format joins the suite by one builder, a function from nothing to the file's bytes marked with
``@sample("name", suffix)``. The content is the same everywhere: a title, three headings, two paragraphs, a table.
"""

from __future__ import annotations

import html
import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from corpora.document import Document

SHARED = Path(__file__).resolve().parents[3] / "shared"
READABLE = {".docx", ".doc", ".xls", ".xlsx", ".pdf", ".html", ".md", ".txt", ".pptx", ".epub"}

TITLE = "《网店运营》课程标准"
NATURE = "本课程是电子商务专业的核心课程，培养学生的网店运营能力。"
ASSESSMENT = "采用过程考核与期末考核相结合的方式，过程考核占百分之六十。"
HEADINGS = ("一、课程性质", "二、课程内容", "三、考核方式")
ROWS = (("项目", "教学内容", "学时"), ("网店开设", "店铺注册与装修", "8"), ("商品发布", "标题与详情页优化", "12"))


@dataclass(frozen=True)
class Sample:
    """A built file: format name, file name, bytes."""

    format: str
    name: str
    data: bytes


Builder = Callable[[], bytes]
BUILDERS: dict[str, tuple[str, Builder]] = {}


def sample(format: str, suffix: str) -> Callable[[Builder], Builder]:
    """Let a builder join the suite."""

    def register(builder: Builder) -> Builder:
        BUILDERS[format] = (suffix, cache(builder))
        return builder

    return register


@sample("docx", ".docx")
def docx() -> bytes:
    from docx import Document

    document = Document()
    document.add_heading(TITLE, 0)
    document.add_heading(HEADINGS[0], 1)
    document.add_paragraph(NATURE)
    document.add_heading(HEADINGS[1], 1)
    table = document.add_table(len(ROWS), 3)
    for row, texts in enumerate(ROWS):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    document.add_heading(HEADINGS[2], 1)
    document.add_paragraph(ASSESSMENT)
    return _saved(document.save)


@sample("xlsx", ".xlsx")
def xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    lines = [(TITLE,), (HEADINGS[0],), (NATURE,), (HEADINGS[1],), *ROWS, (HEADINGS[2],), (ASSESSMENT,)]
    for line in lines:
        sheet.append([float(text) if text.isdigit() else text for text in line])
    return _saved(book.save)


@sample("pptx", ".pptx")
def pptx() -> bytes:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    for title, text in zip((TITLE, *HEADINGS), ("", NATURE, "", ASSESSMENT), strict=True):
        slide = deck.slides.add_slide(deck.slide_layouts[1 if text else 5])
        slide.shapes.title.text = title
        if text:
            slide.placeholders[1].text = text
    shape = deck.slides[2].shapes.add_table(3, 3, Inches(1), Inches(2), Inches(8), Inches(2))
    for row, texts in enumerate(ROWS):
        for column, text in enumerate(texts):
            shape.table.cell(row, column).text = text
    return _saved(deck.save)


@sample("pdf", ".pdf")
def pdf() -> bytes:
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    registerFont(UnicodeCIDFont("STSong-Light"))
    look = {"fontName": "STSong-Light", "wordWrap": "CJK"}
    title = ParagraphStyle("t", fontSize=20, leading=30, alignment=1, **look)
    heading = ParagraphStyle("h", fontSize=15, leading=24, **look)
    body = ParagraphStyle("b", fontSize=11, leading=18, **look)
    table = Table(ROWS, style=[("FONT", (0, 0), (-1, -1), "STSong-Light"), ("GRID", (0, 0), (-1, -1), 1, colors.black)])
    story = [
        *(Paragraph(TITLE, title), Paragraph(HEADINGS[0], heading), Paragraph(NATURE, body)),
        *(Paragraph(HEADINGS[1], heading), table, Spacer(1, 12), Paragraph(HEADINGS[2], heading)),
        Paragraph(ASSESSMENT, body),
    ]
    return _saved(lambda stream: SimpleDocTemplate(stream, invariant=1).build(story))


@sample("html", ".html")
def html_page() -> bytes:
    return _page().encode()


@sample("markdown", ".md")
def markdown() -> bytes:
    lines = [" | ".join(row) for row in ROWS]
    table = "\n".join(f"| {line} |" for line in (lines[0], "--- | --- | ---", *lines[1:]))
    parts = (f"# {TITLE}", f"## {HEADINGS[0]}", NATURE, f"## {HEADINGS[1]}", table, f"## {HEADINGS[2]}", ASSESSMENT)
    return "\n\n".join(parts).encode()


@sample("text", ".txt")
def text() -> bytes:
    table = "\n".join("\t".join(row) for row in ROWS)
    return "\n\n".join((TITLE, HEADINGS[0], NATURE, HEADINGS[1], table, HEADINGS[2], ASSESSMENT)).encode("gb18030")


@sample("epub", ".epub")
def epub() -> bytes:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{TITLE}</dc:title></metadata>'
        '<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for name, content in {"META-INF/container.xml": container, "book.opf": package, "a.xhtml": _page()}.items():
            archive.writestr(name, content)
    return stream.getvalue()


@sample("doc", ".doc")
def doc() -> bytes:
    return _converted(docx(), ".docx", "doc:MS Word 97")


@sample("xls", ".xls")
def xls() -> bytes:
    return _converted(xlsx(), ".xlsx", "xls")


def _page() -> str:
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(t)}</td>" for t in row) + "</tr>" for row in ROWS)
    return (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="utf-8"/><title>{TITLE}</title></head><body>'
        f"<h1>{TITLE}</h1><h2>{HEADINGS[0]}</h2><p>{NATURE}</p><h2>{HEADINGS[1]}</h2><table>{rows}</table>"
        f"<h2>{HEADINGS[2]}</h2><p>{ASSESSMENT}</p></body></html>"
    )


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def _converted(data: bytes, suffix: str, target: str) -> bytes:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("没有 LibreOffice，跳过")
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / f"sample{suffix}"
        given.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", target, "--outdir", folder, str(given)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (Path(folder) / f"sample.{target.split(':')[0]}").read_bytes()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes ``sample_file`` over all formats, one that takes ``real_file`` over all real documents."""
    if "sample_file" in metafunc.fixturenames:
        office = {"doc", "xls"}
        marked = [pytest.param(f, marks=pytest.mark.office) if f in office else f for f in BUILDERS]
        metafunc.parametrize("sample_file", marked, indirect=True)
    if "real_file" in metafunc.fixturenames:
        folders = (SHARED / "real", SHARED / "gold" / "docs", SHARED / "gold" / "train" / "docs")
        files = sorted(f for folder in folders for f in folder.rglob("*") if f.suffix.lower() in READABLE)
        none = [pytest.param(None, marks=pytest.mark.skip("../shared（真实文档）不在，跳过"))]
        metafunc.parametrize("real_file", files or none, ids=lambda f: f.name if f else "none")


@pytest.fixture
def sample_file(request: pytest.FixtureRequest) -> Sample:
    """The small course standard in one format."""
    suffix, builder = BUILDERS[request.param]
    return Sample(request.param, f"网店运营{suffix}", builder())


_DOCUMENTS: dict[str, Document] = {}


@pytest.fixture
def document(sample_file: Sample) -> Document:
    """The sample as its parser reads it in this process; read once for all tests."""
    from corpora.parsers.base import Source
    from corpora.parsers.reading import parse

    if sample_file.format not in _DOCUMENTS:
        _DOCUMENTS[sample_file.format] = parse(Source(sample_file.name, sample_file.data))
    return _DOCUMENTS[sample_file.format]


@pytest.fixture
def words() -> tuple[str, ...]:
    """Texts that every sample holds."""
    return (TITLE, *HEADINGS, NATURE, ASSESSMENT, *(text for row in ROWS for text in row))
