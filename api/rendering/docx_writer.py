"""A Word document in the layout of Chinese official papers: A4, 宋体 and 黑体, ruled tables, page numbers.

The only file that imports python-docx. Tables are written as XML directly, for python-docx walks a whole table for
each of its cells. Every run hints at East Asian type, or Word would set “ ” and □ in the Latin face.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from api.rendering.words import clean

_TWIPS = 567  # per centimetre
_CELL_SIZE = 19  # half points: 9.5 pt
#: What a line of a cell begins with that is to be set bold.
STRONG = "◆"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: text (a line break starts a line), fill and ink as RRGGBB, bold, centred.

    ``joined`` cells continue the cell above them. Lines that begin with ``STRONG`` are bold.
    """

    text: str = ""
    fill: str = ""
    bold: bool = False
    centred: bool = False
    joined: bool = False
    ink: str = ""


Row = Sequence[Cell | str]


class DocxWriter:
    """Writes headings, paragraphs and tables one after the other; ``save`` gives the file's bytes.

    Parameters
    ----------
    title : for the file's properties.
    footer : words before the page number.
    """

    def __init__(self, title: str, footer: str) -> None:
        from docx import Document

        self._document: Any = Document()
        self._after_table = False
        self._document.core_properties.title = clean(title)[:200]
        self._document.core_properties.author = "duibiao"
        self._set_page()
        self._set_styles()
        self._set_footer(clean(footer))

    def title(self, text: str) -> None:
        """The paper's title, centred."""
        self._document.add_paragraph(clean(text), style="Title")

    def subtitle(self, text: str) -> None:
        """A line below the title, centred."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = self._document.add_paragraph(clean(text))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def heading(self, text: str, level: int = 1, new_page: bool = False) -> None:
        """A heading of level 1 or 2, at the head of a new page if asked for."""
        self._after_table = False
        heading = self._document.add_heading(clean(text), level)
        heading.paragraph_format.page_break_before = new_page

    def paragraph(self, text: str, indent: bool = True) -> None:
        """A paragraph; its first line is indented by two characters."""
        from docx.shared import Pt

        self._part()
        paragraph = self._document.add_paragraph(clean(text))
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(21)

    def turn(self, landscape: bool) -> None:
        """Begin a new page, upright or across, with everything that follows."""
        from docx.enum.section import WD_ORIENT, WD_SECTION
        from docx.shared import Cm

        self._part()
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        long, short = Cm(29.7), Cm(21)
        section.page_width, section.page_height = (long, short) if landscape else (short, long)

    def table(self, widths: Sequence[float], rows: Iterable[Row], header: Row = ()) -> None:
        """A ruled table.

        Parameters
        ----------
        widths : of the columns, in centimetres.
        rows : cells from left to right; plain text makes a plain cell.
        header : a row that is repeated at the head of each page.
        """
        table = _new("w:tbl")
        table.append(_properties(widths))
        grid = _new("w:tblGrid")
        grid.extend(_new("w:gridCol", w=str(round(width * _TWIPS))) for width in widths)
        table.append(grid)
        if header:
            named = [Cell(c, "E8EDF2", True, True) if isinstance(c, str) else c for c in header]
            table.append(_row(widths, named, repeat=True))
        table.extend(_row(widths, row) for row in _merged(rows))
        self._part()
        body = self._document.element.body
        body.insert(len(body) - 1, table)
        self._after_table = True

    def save(self) -> bytes:
        """The file's bytes."""
        self._part(1)
        for paragraph in self._document.paragraphs:
            for run in paragraph.runs:
                run._r.get_or_add_rPr().insert(0, _new("w:rFonts", hint="eastAsia"))
        buffer = io.BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()

    def _part(self, height: float = 8) -> None:
        """A thin empty line below a table, which Word needs before the next one and at the end of a file."""
        from docx.shared import Pt

        if self._after_table:
            style = self._document.add_paragraph().paragraph_format
            style.line_spacing, style.space_after = Pt(height), Pt(0)
        self._after_table = False

    def _set_page(self) -> None:
        from docx.shared import Cm

        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2.4)

    def _set_styles(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt, RGBColor

        looks = (("Normal", "宋体", 10.5), ("Title", "黑体", 20), ("Heading 1", "黑体", 14), ("Heading 2", "黑体", 12))
        for name, font, size in looks:
            style = self._document.styles[name]
            style.font.size, style.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
            style.font.bold = False
            _set_fonts(style.element.get_or_add_rPr(), font)
            style.paragraph_format.space_after = Pt(4)
            style.paragraph_format.line_spacing = 1.3
        language = self._document.styles.element.find(f".//{_name('w:rPrDefault')}//{_name('w:lang')}")
        language.set(_name("w:eastAsia"), "zh-CN")
        title = self._document.styles["Title"]
        title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for border in title.element.pPr.findall(_name("w:pBdr")):
            title.element.pPr.remove(border)

    def _set_footer(self, text: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = self._document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(f"{text}　第 ")
        _field(paragraph, "PAGE")
        paragraph.add_run(" 页，共 ")
        _field(paragraph, "NUMPAGES")
        paragraph.add_run(" 页")


def _merged(rows: Iterable[Row]) -> Iterable[Row]:
    """The rows; a cell above a ``joined`` one opens a vertical merge (marked by its row's follower)."""
    found = [[Cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    for index, row in enumerate(found):
        below = found[index + 1] if index + 1 < len(found) else []
        yield [
            _Opening(cell.text, cell.fill, cell.bold, cell.centred)
            if not cell.joined and column < len(below) and below[column].joined
            else cell
            for column, cell in enumerate(row)
        ]


class _Opening(Cell):
    """The first cell of a vertical merge."""


def _row(widths: Sequence[float], cells: Row, repeat: bool = False) -> Any:
    row, properties = _new("w:tr"), _new("w:trPr")
    properties.append(_new("w:cantSplit"))
    if repeat:
        properties.append(_new("w:tblHeader"))
    row.append(properties)
    for width, cell in zip(widths, cells, strict=True):
        row.append(_cell(width, Cell(cell) if isinstance(cell, str) else cell))
    return row


def _cell(width: float, cell: Cell) -> Any:
    element, properties = _new("w:tc"), _new("w:tcPr")
    properties.append(_new("w:tcW", w=str(round(width * _TWIPS)), type="dxa"))
    if isinstance(cell, _Opening):
        properties.append(_new("w:vMerge", val="restart"))
    elif cell.joined:
        properties.append(_new("w:vMerge"))
    if cell.fill:
        properties.append(_new("w:shd", val="clear", color="auto", fill=cell.fill))
    properties.append(_new("w:vAlign", val="center" if cell.centred else "top"))
    element.append(properties)
    for line in ("" if cell.joined else clean(cell.text)).split("\n"):
        element.append(_line(line, cell))
    return element


def _line(text: str, cell: Cell) -> Any:
    paragraph, properties = _new("w:p"), _new("w:pPr")
    properties.append(_new("w:spacing", before="20", after="20", line="264", lineRule="auto"))
    if cell.centred:
        properties.append(_new("w:jc", val="center"))
    paragraph.append(properties)
    run, look = _new("w:r"), _new("w:rPr")
    look.append(_new("w:rFonts", hint="eastAsia"))
    if cell.bold or text.startswith(STRONG):
        look.append(_new("w:b"))
    if cell.ink:
        look.append(_new("w:color", val=cell.ink))
    look.append(_new("w:sz", val=str(_CELL_SIZE)))
    content = _new("w:t")
    content.text = text
    content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.extend((look, content))
    paragraph.append(run)
    return paragraph


def _properties(widths: Sequence[float]) -> Any:
    properties, borders = _new("w:tblPr"), _new("w:tblBorders")
    properties.append(_new("w:tblW", w=str(round(sum(widths) * _TWIPS)), type="dxa"))
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_new(f"w:{side}", val="single", sz="4", space="0", color="7F8A96"))
    properties.append(borders)
    properties.append(_new("w:tblLayout", type="fixed"))
    margins = _new("w:tblCellMar")
    for side, width in (("top", 45), ("left", 90), ("bottom", 45), ("right", 90)):
        margins.append(_new(f"w:{side}", w=str(width), type="dxa"))
    properties.append(margins)
    return properties


def _field(paragraph: Any, code: str) -> None:
    field = _new("w:fldSimple", instr=code)
    run, text = _new("w:r"), _new("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _set_fonts(properties: Any, east_asian: str) -> None:
    fonts = properties.find(_name("w:rFonts"))
    if fonts is None:
        fonts = _new("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(_name(f"w:{script}"), "Times New Roman")
    fonts.set(_name("w:eastAsia"), east_asian)


def _new(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(_name(f"w:{name}"), value)
    return element


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(tag))
