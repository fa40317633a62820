"""Plans written as plain lines: ``# `` headings, ``| a | b |`` table rows, everything else paragraphs."""

from __future__ import annotations

from corpora.document import Document
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.programme.model import Programme


def write(text: str, name: str = "方案.docx") -> Document:
    """The document of a text; the number of ``#`` is a heading's level, neighbouring rows make one table."""
    builder = DocumentBuilder(name, text.encode(), "docx")
    rows: list[list[str]] = []
    for line in [*text.strip().splitlines(), ""]:
        line = line.strip()
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            cells = [CellSpec(cell, r, c) for r, row in enumerate(rows) for c, cell in enumerate(row)]
            builder.add_table(cells, header_rows=1)
            rows = []
        words = line.lstrip("#")
        if words != line:
            builder.add("heading", words, level=len(line) - len(words))
        else:
            builder.add("paragraph", line)
    return builder.build()


def plan(text: str, annex: str = "", **facts: str) -> Programme:
    """A programme of one major whose body is ``text``, with an annex behind it."""
    document = write(f"{text.strip()}\n{annex.strip()}" if annex else text)
    body = len(write(text).text)
    return Programme(document, end=len(document.text), annex_start=body + 1 if annex else len(document.text), **facts)
