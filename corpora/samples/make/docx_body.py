"""Lays a sample's markup out as a Word file."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from corpora.samples.make import docx_parts as parts
from corpora.samples.make.markup import Block, Grid, Source, TableCell, parse, runs
from corpora.samples.make.packing import pack

_PORTRAIT, _LANDSCAPE = (11906, 16838), (16838, 11906)
_MARGIN = 1417
_SMALL = '<w:sz w:val="21"/><w:szCs w:val="21"/>'
_ORDER = ("rFonts", "b", "strike", "sz", "szCs")  # Word wants a run's properties in this order
_CELL_SPACING = '<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>'
_AUTHOR = 'w:author="教研室" w:date="2025-08-20T09:00:00Z"'


class DocxWriter:
    """Turns one source into the bytes of a docx.

    Parameters
    ----------
    source : the sample.
    use : the fonts to name in it.
    """

    def __init__(self, source: Source, use: parts.Fonts) -> None:
        self.source, self.use = source, use
        self._lists = 0
        self._in_list = False
        self._ids = 0
        self._page = _PORTRAIT
        self._columns = 1
        self._begins = "nextPage"
        self._notes: list[str] = []

    def write(self) -> bytes:
        """The file's bytes."""
        body = "".join(self._block(block) for block in self.source.blocks) + self._section()
        document = f"{parts.DECLARATION}<w:document {parts.NAMESPACES}><w:body>{body}</w:body></w:document>"
        settings = self.source.settings
        fixed = parts.fixed_parts(settings["title"], settings.get("author", ""))
        own = {
            "word/document.xml": document.encode(),
            "word/styles.xml": parts.styles(self.use),
            "word/numbering.xml": parts.numbering(self._lists),
            "word/footnotes.xml": parts.footnotes(self._notes),
            "word/header1.xml": parts.header(settings["header"]),
            "word/footer1.xml": parts.footer(),
        }
        return pack({**fixed, **own})

    def _block(self, block: Block) -> str:
        if block.kind != "item":
            self._in_list = False
        if block.kind == "command":
            return self._command(block.text)
        if block.grid is not None:
            return self._table(block.grid)
        if block.kind == "box":
            return self._box(block.text)
        return f"<w:p><w:pPr>{self._paragraph_look(block)}</w:pPr>{self._runs(block.text, self._run_look(block))}</w:p>"

    def _paragraph_look(self, block: Block) -> str:
        match block.kind:
            case "heading":
                return f'<w:pStyle w:val="{block.level}"/>'
            case "caption":
                return '<w:pStyle w:val="a3"/><w:keepNext/>'
            case "title":
                return '<w:spacing w:before="360" w:after="240"/><w:jc w:val="center"/>'
            case "subtitle":
                return '<w:spacing w:before="60" w:after="60"/><w:jc w:val="center"/>'
            case "item":
                if not self._in_list:
                    self._lists += 1
                    self._in_list = True
                return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self._lists + 1}"/></w:numPr>'
        return '<w:ind w:firstLineChars="200" w:firstLine="480"/>'

    def _run_look(self, block: Block) -> str:
        if block.kind == "title":
            return f'{parts.fonts(self.use.heading, self.use.heading)}<w:b/><w:sz w:val="44"/><w:szCs w:val="44"/>'
        if block.kind == "subtitle":
            return '<w:sz w:val="28"/><w:szCs w:val="28"/>'
        return ""

    def _runs(self, text: str, look: str = "") -> str:
        return "".join(self._run(run.kind, run.text, look) for run in runs(text))

    def _run(self, kind: str, text: str, look: str) -> str:
        match kind:
            case "bold":
                return _text_run(text, look + "<w:b/>")
            case "strike":
                return _text_run(text, look + "<w:strike/>")
            case "insert":
                return f'<w:ins w:id="{self._id()}" {_AUTHOR}>{_text_run(text, look)}</w:ins>'
            case "delete":
                return f'<w:del w:id="{self._id()}" {_AUTHOR}>{_text_run(text, look, "delText")}</w:del>'
            case "control":
                head = f'<w:sdtPr><w:id w:val="{self._id()}"/><w:text/></w:sdtPr>'
                return f"<w:sdt>{head}<w:sdtContent>{_text_run(text, look)}</w:sdtContent></w:sdt>"
            case "note":
                self._notes.append(self.source.notes[text])
                raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                return f'<w:r>{raised}<w:footnoteReference w:id="{len(self._notes)}"/></w:r>'
        return _text_run(text, look)

    def _id(self) -> int:
        self._ids += 1
        return self._ids

    def _command(self, command: str) -> str:
        if command == "page":
            return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        end = f"<w:p><w:pPr>{self._section()}</w:pPr></w:p>"
        if command.startswith("columns"):
            self._columns, self._begins = int(command[-1]), "continuous"
        else:
            self._begins = "nextPage"
            self._page = _LANDSCAPE if command == "landscape" else _PORTRAIT
        return end

    def _section(self) -> str:
        """Properties of the section that ends here."""
        width, height = self._page
        orient = ' w:orient="landscape"' if self._page == _LANDSCAPE else ""
        edges = " ".join(f'w:{side}="{_MARGIN}"' for side in ("top", "right", "bottom", "left"))
        return (
            '<w:sectPr><w:headerReference w:type="default" r:id="rId5"/>'
            '<w:footerReference w:type="default" r:id="rId6"/>'
            f'<w:type w:val="{self._begins}"/><w:pgSz w:w="{width}" w:h="{height}"{orient}/>'
            f'<w:pgMar {edges} w:header="851" w:footer="851" w:gutter="0"/>'
            f'<w:cols w:num="{self._columns}" w:space="480"/></w:sectPr>'
        )

    def _table(self, grid: Grid) -> str:
        total = self._page[0] - 2 * _MARGIN
        share = sum(grid.widths)
        widths = [int(total * width / share) for width in grid.widths]
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        origins = {(cell.row, cell.column): cell for cell in grid.cells()}
        rows = "".join(self._row(grid, row, origins, widths) for row in range(len(grid.rows)))
        look = (
            f'<w:tblStyle w:val="a6"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
            "</w:tblCellMar>"
        )
        return f"<w:tbl><w:tblPr>{look}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"

    def _row(self, grid: Grid, row: int, origins: dict[tuple[int, int], TableCell], widths: list[int]) -> str:
        cells, column = "", 0
        while column < len(widths):
            above = row
            while (above, column) not in origins:
                above -= 1
            cell = origins[above, column]
            width = sum(widths[column : column + cell.column_span])
            cells += self._cell(cell, width, grid, continued=above < row)
            column += cell.column_span
        repeat = "<w:tblHeader/>" if row < grid.header_rows else ""
        look = f'<w:cantSplit/><w:trHeight w:val="380"/>{repeat}<w:jc w:val="center"/>'
        return f"<w:tr><w:trPr>{look}</w:trPr>{cells}</w:tr>"

    def _cell(self, cell: TableCell, width: int, grid: Grid, *, continued: bool) -> str:
        is_header = cell.row < grid.header_rows
        look = f'<w:tcW w:w="{width}" w:type="dxa"/>'
        if cell.column_span > 1:
            look += f'<w:gridSpan w:val="{cell.column_span}"/>'
        if cell.row_span > 1:
            look += "<w:vMerge/>" if continued else '<w:vMerge w:val="restart"/>'
        if is_header:
            look += '<w:shd w:val="clear" w:color="auto" w:fill="E7E6E6"/>'
        size = grid.options.get("size", "21")
        run = f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' + ("<w:b/>" if is_header else "")
        is_long = cell.column in grid.long_columns and cell.column_span == 1
        side = "left" if is_long and not is_header else "center"
        paragraph = f'<w:pPr>{_CELL_SPACING}<w:jc w:val="{side}"/></w:pPr>'
        lines = ("",) if continued else cell.lines
        text = "".join(f"<w:p>{paragraph}{self._runs(line, run)}</w:p>" for line in lines)
        return f'<w:tc><w:tcPr>{look}<w:vAlign w:val="center"/></w:tcPr>{text}</w:tc>'

    def _box(self, text: str) -> str:
        """A text box as Word writes it: a drawing, with a VML fallback that repeats the text."""
        content = "".join(
            f'<w:p><w:pPr><w:spacing w:line="300" w:lineRule="exact"/></w:pPr>{self._runs(line, _SMALL)}</w:p>'
            for line in text.split("//")
        )
        inner = f"<w:txbxContent>{content}</w:txbxContent>"
        extent = 'cx="5400000" cy="1150000"'
        line = '<a:ln w="9525"><a:solidFill><a:srgbClr val="7F7F7F"/></a:solidFill><a:prstDash val="dash"/></a:ln>'
        shape = (
            f'<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>{line}</wps:spPr>'
            f'<wps:txbx>{inner}</wps:txbx><wps:bodyPr anchor="ctr"/></wps:wsp>'
        )
        uri = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
        drawing = (
            f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
            f'<wp:docPr id="{self._id()}" name="文本框"/><a:graphic><a:graphicData uri="{uri}">{shape}</a:graphicData>'
            "</a:graphic></wp:inline></w:drawing>"
        )
        fallback = f'<w:pict><v:shape style="width:425pt;height:90pt"><v:textbox>{inner}</v:textbox></v:shape></w:pict>'
        choice = f'<mc:Choice Requires="wps">{drawing}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>'
        return (
            f'<w:p><w:pPr><w:spacing w:before="120" w:after="120"/><w:jc w:val="center"/></w:pPr><w:r>'
            f"<mc:AlternateContent>{choice}</mc:AlternateContent></w:r></w:p>"
        )


def _text_run(text: str, look: str, tag: str = "t") -> str:
    elements = sorted(re.findall(r"<w:(\w+)([^>]*)/>", look), key=lambda element: _ORDER.index(element[0]))
    ordered = "".join(f"<w:{name}{attributes}/>" for name, attributes in dict(elements).items())
    properties = f"<w:rPr>{ordered}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:{tag} xml:space="preserve">{escape(text)}</w:{tag}></w:r>'


def docx_bytes(text: str, use: parts.Fonts = parts.OFFICE_FONTS) -> bytes:
    """Lay out a sample's markup as a docx."""
    return DocxWriter(parse(text), use).write()
