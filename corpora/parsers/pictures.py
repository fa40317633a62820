"""Pictures inside a document: which of them hold text, and what it is.

Vector pictures are read by ``corpora.parsers.metafile``. A bitmap is read by OCR, a vector picture that draws its text
in other ways by LibreOffice, and both only where their caller expects a table; see ``corpora.parsers.docx.scans``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpora.document import Document
from corpora.document_builder import CellSpec
from corpora.parsers.base import ParserOptions, Source
from corpora.parsers.headers import guess_header_rows
from corpora.parsers.metafile import is_metafile, read_metafile, unpacked
from corpora.parsers.outline import Piece, TablePiece
from corpora.parsers.pdf.pages import flow_of, raw_page
from corpora.parsers.pdf.paragraphs import pieces_of

_FEW_LETTERS, _TABLE_LETTERS, _TABLE_CELLS = 40, 8, 4
_PREAMBLE_ROWS = 10

PicturePiece = Piece | TablePiece


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands in a document.

    Parameters
    ----------
    name : file name of the picture inside the document.
    data : its bytes; a bitmap inside a vector picture in its place.
    width, height : size on the page in millimetres, 0 where it is not told.
    """

    name: str
    data: bytes
    width: float = 0.0
    height: float = 0.0

    @property
    def label(self) -> str:
        """What a person calls it."""
        return f"图片 {self.name}"


def opened(picture: Picture) -> Picture | tuple[PicturePiece, ...]:
    """The pieces of a vector picture that holds text; a picture for a bitmap and for what cannot be read so simply.

    Returns
    -------
    Nothing at all (an empty tuple) for a vector picture of little text: an equation, an icon, the label of a drawing.
    """
    data = unpacked(picture.data)
    if not is_metafile(data):
        return picture
    found = read_metafile(data)
    if not found.letters:
        return replace(picture, data=data if found.unread else max(found.bitmaps, key=len, default=b""))
    pieces = pieces_of(flow_of([raw_page(found.content)]))
    return tuple(_with_header(piece) for piece in pieces) if _is_worth_reading(pieces) else ()


def _is_worth_reading(pieces: Sequence[PicturePiece]) -> bool:
    letters = sum(len(piece.text) for piece in pieces if isinstance(piece, Piece))
    for piece in pieces:
        if isinstance(piece, TablePiece):
            filled = [cell.text for cell in piece.cells if cell.text]
            letters += sum(map(len, filled))
            if len(filled) >= _TABLE_CELLS and sum(map(len, filled)) >= _TABLE_LETTERS:
                return True
    return letters >= _FEW_LETTERS


def _with_header(piece: PicturePiece) -> PicturePiece:
    """A pasted sheet has its title, its author and its date above the names of its columns."""
    if isinstance(piece, Piece):
        return piece
    header = guess_header_rows(piece.cells, preamble=_PREAMBLE_ROWS)
    return replace(piece, header_rows=header or piece.header_rows)


def recognised(picture: Picture, options: ParserOptions) -> tuple[PicturePiece, ...]:
    """Text and tables of a picture that ``opened`` did not read: a bitmap by OCR, a vector one by LibreOffice.

    Raises
    ------
    DuibiaoError : what is needed is not installed or switched off, or the picture is damaged or blank.
    """
    source = Source(picture.name, picture.data, options)
    if not is_metafile(picture.data):
        from corpora.parsers.ocr import OcrParser

        return _pieces(OcrParser().parse(source))

    from corpora.parsers.legacy import drawn_as_pdf
    from corpora.parsers.pdf import PdfParser

    return _pieces(PdfParser().parse(replace(source, data=drawn_as_pdf(source))))


def _pieces(document: Document) -> tuple[PicturePiece, ...]:
    pieces: list[PicturePiece] = []
    done: set[int] = set()
    for block in document.blocks:
        number = block.locator.table
        if number is None:
            pieces.append(Piece(block.text))
        elif number not in done:
            done.add(number)
            table = document.tables[number - 1]
            cells = [CellSpec(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells]
            pieces.append(TablePiece(tuple(cells), table.header_rows, table.caption))
    return tuple(pieces)
