"""Several files of one plan as one document, and places in it in words.

A programme plan comes as a text with its schedule in a workbook beside it. Joined, they have one text, one count of
paragraphs and one of tables; ``Document.parts`` keeps where each file stands, so that a place is told by its own file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpora.document import Document, ErrorItem, Locator, Part, Table
from corpora.document_builder import DocumentBuilder

WORKBOOKS = ("xls", "xlsx")
#: The name of the picture that a table was read from, in its caption.
_PICTURE = re.compile(r"图片 [^\s（）]+")


def join_documents(documents: Sequence[Document], before: int | None = None) -> Document:
    """One document out of several; a single one as it is.

    Parameters
    ----------
    documents : the main one first: it gives name, format and title. A heading with its file's name stands before each
        further one. The digest is that over the documents' digests; errors say which file they are of.
    before : offset in the main document's text, of a block that the others are put before (its annex, so that what
        belongs to its body stands together); None, or no block's beginning, for its end. The main document is then two
        parts, each counted as of the one file.

    Raises
    ------
    ValueError : there is no document.
    """
    if not documents:
        raise ValueError("no documents to join")
    first, *others = documents
    if not others:
        return first
    builder = DocumentBuilder(first.name, "".join(d.sha256 for d in documents).encode(), first.format)
    builder.title = first.title
    pages = [document.pages for document in documents if document.pages is not None]
    builder.pages = sum(pages) if pages else None
    starts = {block.locator.start: index for index, block in enumerate(first.blocks)}
    cut = starts.get(before, len(first.blocks)) if before else len(first.blocks)
    parts = [builder.add_document(first, 0, cut)]
    for document in others:
        builder.add("heading", document.name, level=1)
        parts.append(builder.add_document(document))
    if cut < len(first.blocks):
        parts.append(builder.add_document(first, cut))
    for document in documents:
        for error in document.errors:
            builder.add_error(_where(error, document.name), error.what)
    return builder.build(parts)


def _where(error: ErrorItem, name: str) -> str:
    return error.where if name in error.where else f"{name} {error.where}".strip()


def part_of(document: Document, locator: Locator) -> Part | None:
    """The file that a place stands in; None for a single file and for the headings between files."""
    return next((part for part in document.parts if part.start <= locator.start <= part.end), None)


def local(document: Document, locator: Locator) -> Locator:
    """A place counted within its own file: paragraph and table by the file's own numbers; offsets stay."""
    part = part_of(document, locator)
    if part is None:
        return locator
    table = None if locator.table is None else locator.table - part.tables
    return replace(locator, paragraph=locator.paragraph - part.paragraphs, table=table)


def place(document: Document, locator: Locator) -> str:
    """A place in words: the file (of several), the page, and the paragraph, the table's cell or the sheet's cell.

    ``第5页 第3段``, ``表2 第4行第2列``, ``表7（图片 image5.emf） 第9行``, ``进程表.xls 工作表“公共课” C12``.
    """
    part = part_of(document, locator)
    own = local(document, locator)
    words = [part.name] if part is not None else []
    if own.table is None or locator.table is None:
        words += [f"第{own.page}页"] if own.page else []
        return " ".join([*words, f"第{own.paragraph}段"])
    table = document.tables[locator.table - 1] if locator.table <= len(document.tables) else None
    if table is not None and (part.format if part else document.format) in WORKBOOKS:
        return " ".join([*words, f"工作表“{table.caption}”", *_sheet_cell(table, own)])
    words += [f"第{own.page}页"] if own.page else []
    picture = _PICTURE.search(table.caption) if table else None
    words.append(f"表{own.table}（{picture[0]}）" if picture else f"表{own.table}")
    row = f"第{own.row}行" if own.row else ""
    column = f"第{own.cell}列" if own.cell else ""
    return " ".join(words + [row + column] * bool(row + column))


def _sheet_cell(table: Table, locator: Locator) -> list[str]:
    """The address of a sheet's cell as spreadsheet programs write it, or its row."""
    if not locator.row:
        return []
    row = table.origin[0] + locator.row
    return [f"{column_letters(table.origin[1] + locator.cell)}{row}" if locator.cell else f"第{row}行"]


def column_letters(number: int) -> str:
    """The letters of a sheet's column, from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
