"""The smallest Word and Excel files that hold headings, paragraphs and tables; equal content gives equal bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_MAIN = "http://schemas.openxmlformats.org"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = f"{_MAIN}/package/2006"
_OFFICE = f"{_MAIN}/officeDocument/2006/relationships"
_WORD, _SHEET = f"{_MAIN}/wordprocessingml/2006/main", f"{_MAIN}/spreadsheetml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument"
_RELATION = {"word/styles.xml": "styles", "xl/worksheets/sheet1.xml": "worksheet"}


@dataclass(frozen=True)
class Part:
    """A stretch of a document: a heading (``level`` from 1), a paragraph (0), or a table where there are ``rows``."""

    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def word_file(parts: Sequence[Part]) -> bytes:
    """A docx of headings (styles ``heading 1`` to ``heading 3``), paragraphs and tables."""
    body = "".join(_table(part.rows) if part.rows else _paragraph(part) for part in parts)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="H{n}"><w:name w:val="heading {n}"/>'
        f'<w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr></w:style>'
        for n in (1, 2, 3)
    )
    return _package(
        "word/document.xml",
        {
            "word/document.xml": (
                f'<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>',
                f"{_TYPES}.wordprocessingml.document.main+xml",
            ),
            "word/styles.xml": (
                f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
                f"{_TYPES}.wordprocessingml.styles+xml",
            ),
        },
    )


def sheet_file(parts: Sequence[Part], name: str = "授课计划") -> bytes:
    """An xlsx of one sheet: a heading or a paragraph is a row of one cell, a table its rows."""
    rows = [row for part in parts for row in (part.rows or ((part.text,),))]
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(number, column, text) for column, text in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return _package(
        "xl/workbook.xml",
        {
            "xl/workbook.xml": (
                f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
                f'<sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
                f"{_TYPES}.spreadsheetml.sheet.main+xml",
            ),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{_SHEET}"><sheetData>{lines}</sheetData></worksheet>',
                f"{_TYPES}.spreadsheetml.worksheet+xml",
            ),
        },
    )


def _paragraph(part: Part) -> str:
    style = f'<w:pPr><w:pStyle w:val="H{part.level}"/></w:pPr>' if part.level else ""
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{escape(part.text)}</w:t></w:r></w:p>'


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = ("".join(f"<w:tc>{_paragraph(Part(text))}</w:tc>" for text in row) for row in rows)
    grid = "<w:gridCol/>" * max(map(len, rows))
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{x}</w:tr>' for x in lines)}</w:tbl>"


def _cell(row: int, column: int, text: str) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    if text.isdecimal():
        return f'<c r="{place}"><v>{text}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _package(main: str, files: dict[str, tuple[str, str]]) -> bytes:
    """A zip of XML files with their types; files beside ``main`` are related to it, in order, as rId1, rId2, …"""
    folder, _, name = main.rpartition("/")
    others = [path for path in files if path != main]
    related = {f"rId{n}": (_RELATION[path], path.removeprefix(f"{folder}/")) for n, path in enumerate(others, start=1)}
    overrides = "".join(f'<Override PartName="/{path}" ContentType="{kind}"/>' for path, (_, kind) in files.items())
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>"
    )
    whole = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations({"rId1": ("officeDocument", main)}),
        f"{folder}/_rels/{name}.rels": _relations(related),
        **{path: text for path, (text, _) in files.items()},
    }
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for path, text in whole.items():
            archive.writestr(ZipInfo(path, (2020, 1, 1, 0, 0, 0)), _HEAD + text, ZIP_DEFLATED)
    return buffer.getvalue()


def _relations(related: dict[str, tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in related.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'
