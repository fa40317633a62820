"""Documents made by recombination: repeatable, readable without errors, and each of its own."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document as open_docx
from openpyxl import load_workbook

from corpora.document import ROLES
from corpora.errors import UsageError
from corpora.parsers import read_document
from corpora.segments import segment
from eval.bench.office_files import Part, sheet_file, word_file
from eval.bench.recombine import recombine, sample_pools

COUNT = 24


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Enough documents for every format to be among them."""
    return recombine(tmp_path_factory.mktemp("many") / "new", COUNT)


def test_the_same_again(written: list[Path], tmp_path: Path) -> None:
    """A document depends on the seed and its number only: not on the count, and another seed gives another one."""
    again = recombine(tmp_path, 3)
    assert [path.name for path in again] == [path.name for path in written[:3]]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written[:3]]
    (other,) = recombine(tmp_path / "other", 1, seed=1)
    assert other.read_bytes() != written[0].read_bytes()


def test_every_document_is_read_whole(written: list[Path]) -> None:
    """All formats are there; each is read without an error, as a syllabus of realistic size with several roles."""
    assert {path.suffix for path in written} == {".docx", ".md", ".txt", ".xlsx"}
    for path in written:
        read = segment(read_document(path))
        assert (read.document.errors, read.kind) == ((), "syllabus")
        assert 1_500 < len(read.document.text) < 12_000
        if path.suffix != ".xlsx":
            assert {passage.role for passage in read.segments} == set(ROLES)
        if path.suffix == ".docx":
            assert read.hours.stated == read.hours.table_sum


def test_documents_differ(written: list[Path]) -> None:
    """Most passages of a document stand in no other one; some do, as in real folders."""
    documents = [{passage.text for passage in segment(read_document(path)).segments} for path in written]
    for i, own in enumerate(documents):
        elsewhere = set().union(*documents[:i], *documents[i + 1 :])
        assert 0.5 < len(own - elsewhere) / len(own) < 1


def test_content_comes_from_the_samples(written: list[Path]) -> None:
    """Passages are those of the samples, as they are or behind an example of the document's own."""
    known = {text for texts in sample_pools().values() for text in texts}
    path = next(path for path in written if path.suffix == ".md")
    items = [block.text for block in read_document(path).blocks if block.kind == "table_row"]
    topics = [row.split("\t")[1] for row in items if row.split("\t")[0].isdecimal()]
    assert len(topics) > 5
    assert all(topic in known or topic.split("，", 1)[1] in known for topic in topics)


def test_too_few() -> None:
    """Less than one document is a wrong call."""
    with pytest.raises(UsageError, match="至少为 1"):
        recombine(Path("nowhere"), 0)


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """A folder that cannot be made is said in the user's words."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="写不进文件夹"):
        recombine(tmp_path / "file", 1)


PARTS = [Part("一、<目标> & 内容", 1), Part("说明"), Part(rows=(("序号", "学时"), ("1", "2")))]


def test_word_file_is_a_word_file() -> None:
    """Another reader finds the heading with its style, the paragraph and the cells."""
    document = open_docx(io.BytesIO(word_file(PARTS)))
    heading = document.paragraphs[0]
    assert (heading.text, heading.style.name if heading.style else "") == ("一、<目标> & 内容", "Heading 1")
    assert document.paragraphs[1].text == "说明"
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [["序号", "学时"], ["1", "2"]]


def test_sheet_file_is_a_workbook() -> None:
    """Another reader finds text as text and numbers as numbers."""
    sheet = load_workbook(io.BytesIO(sheet_file(PARTS))).worksheets[0]
    assert list(sheet.iter_rows(values_only=True)) == [
        ("一、<目标> & 内容", None),
        ("说明", None),
        ("序号", "学时"),
        (1, 2),
    ]
