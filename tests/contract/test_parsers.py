"""One suite over all parsers: what every Document promises, whatever file it was read from."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpora.document import Document
from corpora.errors import DocumentError, DuibiaoError
from corpora.parsers import ParserOptions, read_bytes, read_document
from corpora.parsers.registry import FORMATS, format_of_suffix

if TYPE_CHECKING:
    from conftest import Sample

GOLDEN = Path(__file__).resolve().parents[1] / "corpora" / "parsers" / "golden"
PAGED = {"pdf", "pptx", "image"}


def check_promises(document: Document) -> None:
    """Numbering, offsets and tables of a document hang together."""
    assert document.blocks
    offset = 0
    for number, block in enumerate(document.blocks, 1):
        place = block.locator
        assert (place.paragraph, place.start) == (number, offset)
        assert document.resolve(place) == block.text
        assert block.text.strip()
        assert block.text == block.text.strip() or block.kind == "table_row"
        assert block.text.startswith(block.number)
        assert (block.level > 0) or block.kind != "heading"
        assert (block.kind == "table_row") == (place.table is not None)
        offset = place.end + 1
    assert offset == len(document.text) + 1
    check_tables(document)


def check_tables(document: Document) -> None:
    """Tables are numbered in order, their cells resolve inside their rows' blocks and do not lie over each other."""
    rows = {(b.locator.table, b.locator.row): b.locator for b in document.blocks if b.kind == "table_row"}
    for number, table in enumerate(document.tables, 1):
        assert table.number == number
        assert 0 <= table.header_rows < max(table.rows, 1)
        assert table.parent is None or table.parent[0] < number
        taken: set[tuple[int, int]] = set()
        for cell in table.cells:
            assert document.text[cell.start : cell.end] == cell.text
            if cell.text:
                row = rows[number, cell.row + 1]
                assert row.start <= cell.start <= cell.end <= row.end
            area = {
                (r, c)
                for r in range(cell.row, cell.row + cell.row_span)
                for c in range(cell.column, cell.column + cell.column_span)
            }
            assert not area & taken
            taken |= area


def summary(document: Document) -> dict[str, Any]:
    """What a golden file holds of a document."""
    return {
        "title": document.title,
        "pages": document.pages,
        "blocks": [[b.kind, b.level, b.number, b.text, b.locator.page, b.locator.row] for b in document.blocks],
        "tables": [
            [t.rows, t.columns, t.header_rows, t.caption, [[c.row, c.column, c.text] for c in t.cells]]
            for t in document.tables
        ],
        "errors": [[e.where, e.what] for e in document.errors],
    }


def outcome(read: Callable[[], Document]) -> Document | DuibiaoError:
    """The document, or the clear error that reading ends with."""
    try:
        return read()
    except DuibiaoError as error:
        return error


def test_document_keeps_its_promises(sample_file: Sample, document: Document) -> None:
    """Locators resolve, numbers are contiguous, tables hang together, and the document knows its file."""
    check_promises(document)
    assert (document.name, document.format) == (sample_file.name, sample_file.format)
    assert document.sha256 == sha256(sample_file.data).hexdigest()
    assert (document.pages is not None) == (sample_file.format in PAGED)
    assert not document.errors


def test_everything_is_read(document: Document, words: tuple[str, ...]) -> None:
    """Title, headings, sentences and cells are all in the text, sentences once; the table keeps rows and columns."""
    assert [word for word in words if word not in document.text] == []
    assert document.text.count(words[4]) == 1
    table = document.tables[0]
    place = next(c for c in table.cells if c.text == "商品发布")
    beside = table.cell_at(place.row, place.column + 1)
    assert beside is not None
    assert beside.text == "标题与详情页优化"


def test_headings_and_headers_are_told(document: Document, words: tuple[str, ...]) -> None:
    """The table's header row is found in every format, headings in all but the workbook, which has cells only."""
    assert document.tables[0].header(2)[-1:] == ("学时",)
    headings = [b.text for b in document.blocks if b.kind == "heading" and b.text in words[1:4]]
    assert headings == ([] if document.format in {"xlsx", "xls"} else list(words[1:4]))
    assert document.title == words[0]


def test_sandbox_gives_the_same(sample_file: Sample, document: Document) -> None:
    """Reading in the sandbox equals reading in this process."""
    assert read_bytes(sample_file.name, sample_file.data) == document


def test_truncated_file_is_an_error_or_a_part(sample_file: Sample) -> None:
    """A file cut in half is one clear error, or a document of what is left where the format allows; never a crash."""
    half = sample_file.data[: len(sample_file.data) // 2]
    found = outcome(lambda: read_bytes(sample_file.name, half))
    if isinstance(found, Document):
        check_promises(found)
        assert sample_file.format in {"text", "markdown", "html", "pdf"}
    else:
        assert isinstance(found, DocumentError)
        assert sample_file.name in str(found)
        assert "\n" not in str(found)


def test_empty_file_is_an_error(sample_file: Sample) -> None:
    """No bytes, no document."""
    with pytest.raises(DocumentError, match="空的"):
        read_bytes(sample_file.name, b"")


def test_golden(document: Document) -> None:
    """What is read stays what it was; ``DUIBIAO_GOLDEN=write`` writes the files anew after a wanted change."""
    file = GOLDEN / f"{document.format}.json"
    actual = summary(document)
    if os.environ.get("DUIBIAO_GOLDEN") == "write":
        file.write_text(json.dumps(actual, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert actual == json.loads(file.read_text(encoding="utf-8"))


def test_every_suffix_has_a_format() -> None:
    """Each format's suffixes lead back to it, in any case of letters."""
    assert all(format_of_suffix(f"a{s.upper()}") == f.name for f in FORMATS.values() for s in f.suffixes)
    assert format_of_suffix("无扩展名") is None


@pytest.mark.shared
def test_real_documents_are_read(real_file: Path) -> None:
    """Every real document is read and keeps the promises; a scan, read without OCR here, is one clear error."""
    found = outcome(lambda: read_document(real_file, ParserOptions(ocr=False)))
    if isinstance(found, Document):
        check_promises(found)
        assert len(found.text) > 30
    else:
        assert real_file.name in str(found)
        assert "通知" in real_file.name, str(found)  # the one scan among them
