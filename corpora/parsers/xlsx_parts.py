"""What calamine does not tell of an xlsx: how far its cells reach, which are percentages, which are struck out.

Reads the sheets' XML directly. Everything here is extra knowledge: a part that is missing or odd yields none.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

from corpora.parsers.base import Source
from corpora.parsers.zip_guard import open_guarded

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_REFERENCE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_PERCENT_BUILT_IN = {9: 0, 10: 2}
_PERCENT = re.compile(r"0(?:\.(0+))?%")

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks: ``percent_places`` of a percentage format (None for others), whether it is struck out."""

    percent_places: int | None = None
    struck: bool = False


PLAIN = Look()


class SheetParts:
    """The XML parts of one xlsx.

    Parameters
    ----------
    source : the file.
    """

    def __init__(self, source: Source) -> None:
        self._zip = open_guarded(source.data, source.options.limits, source.name)
        self._data = source.data
        self._sheets = _sheet_parts(self._zip)
        self._looks = _cell_looks(_xml(self._zip, "xl/styles.xml"))

    def extent(self, name: str) -> Position | None:
        """The last row and column, from 1, that a sheet has cells in; None when unknown."""
        data = _read(self._zip, self._sheets.get(name, ""))
        last_row = last_column = 0
        for match in _REFERENCE.finditer(data):
            last_row = max(last_row, int(match.group(2)))
            last_column = max(last_column, column_number(match.group(1)) + 1)
        return (last_row, last_column) if last_row else None

    def looks(self, name: str) -> dict[Position, Look]:
        """The look of each cell, by (row, column) from 0, that is a percentage or struck out."""
        if not self._looks:
            return {}
        found: dict[Position, Look] = {}
        for at, cell in _cells(_xml(self._zip, self._sheets.get(name, ""))):
            look = self._looks.get(cell.get("s", "0"))
            if look is not None:
                found[at] = look
        return found

    def trimmed(self, name: str, rows: int, columns: int) -> bytes:
        """The workbook with the cells of one sheet that lie outside bounds taken out."""
        root = _xml(self._zip, self._sheets.get(name, ""))
        if root is None:
            return self._data
        for (row, column), cell in list(_cells(root)):
            if row >= rows or column >= columns:
                parent = cell.getparent()
                if parent is not None:
                    parent.remove(cell)
        stream = BytesIO()
        with ZipFile(stream, "w", ZIP_DEFLATED) as copy:
            for entry in self._zip.namelist():
                own = entry == self._sheets[name]
                copy.writestr(entry, etree.tostring(root) if own else _read(self._zip, entry))
        return stream.getvalue()


def _cells(root: etree._Element | None) -> Iterator[tuple[Position, etree._Element]]:
    for cell in () if root is None else root.iter(f"{_NS}c"):
        match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", cell.get("r", ""))
        if match:
            yield (int(match.group(2)) - 1, column_number(match.group(1).encode())), cell


def column_number(letters: bytes) -> int:
    """The number, from 0, of a column such as ``XFD``."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _read(archive: ZipFile, name: str) -> bytes:
    try:
        return archive.read(name) if name else b""
    except Exception:
        return b""


def _xml(archive: ZipFile, name: str) -> etree._Element | None:
    data = _read(archive, name).replace(_STRICT, _NS[1:-1].encode())
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except etree.XMLSyntaxError:
        return None


def _sheet_parts(archive: ZipFile) -> dict[str, str]:
    book, relations = _xml(archive, "xl/workbook.xml"), _xml(archive, "xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return {}
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    sheets = {s.get("name", ""): targets.get(s.get(_RID), "") for s in book.iter(f"{_NS}sheet")}
    return {name: posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") for name, target in sheets.items()}


def _cell_looks(styles: etree._Element | None) -> dict[str, Look]:
    if styles is None:
        return {}
    places = dict(_PERCENT_BUILT_IN)
    for item in styles.iter(f"{_NS}numFmt"):
        match = _PERCENT.search(item.get("formatCode", ""))
        if match:
            places[int(item.get("numFmtId", "-1"))] = len(match.group(1) or "")
    fonts = styles.find(f"{_NS}fonts")
    struck = [_is_struck(font) for font in (() if fonts is None else fonts)]
    formats = styles.find(f"{_NS}cellXfs")
    found = {}
    for index, item in enumerate(() if formats is None else formats):
        font = int(item.get("fontId", "0"))
        look = Look(places.get(int(item.get("numFmtId", "0"))), font < len(struck) and struck[font])
        if look != PLAIN:
            found[str(index)] = look
    return found


def _is_struck(font: etree._Element) -> bool:
    strike = font.find(f"{_NS}strike")
    return strike is not None and strike.get("val", "1") not in ("0", "false")
