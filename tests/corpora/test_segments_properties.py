"""Invariants of segments over arbitrary built documents and over the real ones."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.document import ROLES, Document
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.parsers import read_document
from corpora.segments import segment

_ALPHABET = "一二、（）()1234.①②。；：，\n 项目任务目标内容考核学时知识能力掌握了解运营数据营销策划"
_TEXT = st.text(alphabet=_ALPHABET, max_size=60)
_BLOCK = st.tuples(st.sampled_from(("heading", "paragraph", "list_item", "footnote")), _TEXT, st.integers(0, 3))


@st.composite
def _tables(draw: st.DrawFn) -> list[CellSpec]:
    """A grid of at most 4 x 4 cells whose first column may be merged downwards."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    merged = draw(st.booleans())
    cells = [
        CellSpec(draw(_TEXT), row, column)
        for row in range(rows)
        for column in range(columns)
        if not (merged and column == 0 and row > 0)
    ]
    if merged:
        cells[0] = CellSpec(cells[0].text, 0, 0, rows, 1)
    return cells


@st.composite
def _documents(draw: st.DrawFn) -> Document:
    builder = DocumentBuilder("文档.docx", b"", "docx")
    for part in draw(st.lists(st.one_of(_BLOCK, _tables()), max_size=8)):
        if isinstance(part, list):
            builder.add_table(part, header_rows=draw(st.integers(0, 2)))
        else:
            kind, text, level = part
            builder.add(kind, text, level=level)  # type: ignore[arg-type]
    return builder.build()


def _check(document: Document) -> None:
    result = segment(document)
    assert [s.number for s in result.segments] == list(range(len(result.segments)))
    for found in result.segments:
        assert "".join(document.resolve(locator) for locator in found.locators) == found.text
        assert found.text.strip() == found.text != ""
        assert found.role in ROLES
        block = document.blocks[found.locators[0].paragraph - 1]
        assert block.locator.start <= found.locators[0].start < found.locators[-1].end <= block.locator.end
        assert all(name.strip() for name in found.heading_path)


@settings(max_examples=150, deadline=None)
@given(_documents())
def test_locators_resolve_to_the_text(document: Document) -> None:
    """For any document, a segment's locators resolve to its text, inside the block that they name."""
    _check(document)


@settings(max_examples=50, deadline=None)
@given(_documents())
def test_segments_do_not_overlap(document: Document) -> None:
    """No character of a document belongs to two segments."""
    spans = sorted((s.locators[0].start, s.locators[0].end) for s in segment(document).segments)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


def _real_files(shared: Path) -> list[Path]:
    folders = (shared / "gold" / "docs", shared / "gold" / "train" / "docs", shared / "real" / "syllabi")
    return [path for folder in folders for path in sorted(folder.glob("*.docx"))]


@pytest.mark.shared
def test_locators_resolve_in_real_files(shared: Path) -> None:
    """The same holds in the real course standards, and each gives at least twenty segments."""
    for path in _real_files(shared):
        document = read_document(path)
        _check(document)
        assert len(segment(document).segments) >= 20, path.name


@pytest.mark.shared
def test_a_large_plan_is_cut_in_about_a_second(shared: Path) -> None:
    """141,000 characters with 25 course standards inside take well under two seconds on one core."""
    document = read_document(shared / "real" / "plans" / "大数据技术专业人培.docx")
    started = time.process_time()
    result = segment(document)
    assert time.process_time() - started < 2.0
    assert len(result.segments) > 1000
