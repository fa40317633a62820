"""The sample documents and their fixtures: consistent with the standard, with each other and with what is read."""

from __future__ import annotations

import json
import unicodedata
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest

from corpora.document import Document, Table
from corpora.judgments import locate, read_label_file
from corpora.parsers import read_document
from corpora.samples.make.build import FORMATS, document, fixture, has_fixture
from corpora.segments import segment
from corpora.standard import Standard
from corpora.standard_json import load_standard

SAMPLES = Path(__file__).resolve().parents[2] / "corpora" / "samples"
STEMS = [stem for stem in FORMATS if has_fixture(stem)]


@pytest.fixture(scope="module")
def standard() -> Standard:
    """The standard that the fixtures speak of."""
    return load_standard("530701")


@cache
def _read(stem: str) -> Document:
    return read_document(SAMPLES / f"{stem}.{FORMATS[stem]}")


def _expected(stem: str) -> dict[str, Any]:
    text = (SAMPLES / f"{stem}.expected.json").read_text(encoding="utf-8")
    fixture: dict[str, Any] = json.loads(text)
    return fixture


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("stem", [stem for stem in FORMATS if FORMATS[stem] != "pdf"])
def test_samples_are_what_their_sources_make(stem: str) -> None:
    """Building a sample gives the committed bytes: nobody edited a product by hand, and building is deterministic."""
    assert document(stem) == (SAMPLES / f"{stem}.{FORMATS[stem]}").read_bytes()


@pytest.mark.parametrize("stem", STEMS)
def test_fixtures_are_what_their_labels_make(stem: str) -> None:
    """Building a fixture gives the committed bytes."""
    assert fixture(stem) == (SAMPLES / f"{stem}.expected.json").read_bytes()


def test_samples_stay_small() -> None:
    """The folder stays under 2 MB and the PDF under 500 KB."""
    files = [path for path in SAMPLES.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 2_000_000
    assert (SAMPLES / "社群运营_教学大纲.pdf").stat().st_size < 500_000


def test_pdf_is_readable_without_chinese_fonts() -> None:
    """Every font of the PDF is embedded, so that it looks the same on a machine that has none of them."""
    pdf = pdfium.PdfDocument(SAMPLES / "社群运营_教学大纲.pdf")
    texts = [item for page in pdf for item in page.get_objects() if isinstance(item, pdfium.PdfTextObj)]
    assert len(texts) > 100
    assert all(text.get_font().is_embedded for text in texts)


@pytest.mark.parametrize("stem", STEMS)
def test_fixtures_speak_of_the_standard(stem: str, standard: Standard) -> None:
    """Every judged element exists, lies in what was judged, and is either labelled or left out on purpose."""
    expected = _expected(stem)
    judgments = read_label_file(SAMPLES / f"{stem}.expected.json")
    teachable = {element.id: element for element in standard.elements}
    scopes = tuple(f"{scope}." for scope in expected["judged"])
    for element in [*judgments.by_element, *expected["absent"]]:
        assert element in teachable
        assert element.startswith(scopes)
    assert not set(expected["absent"]) & set(judgments.by_element)
    courses = {course for labeller in judgments.best_courses for course in labeller}
    assert courses <= set(expected["judged"])


@pytest.mark.parametrize("stem", STEMS)
def test_every_course_leaves_something_out_and_teaches_something(stem: str, standard: Standard) -> None:
    """A sample covers elements of each course it serves and misses others; the one of another field covers none."""
    expected = _expected(stem)
    for course in expected["best_courses"][0]:
        covered = [x for x in expected["labels"] if x["element"].startswith(f"{course}.") and x["grade"] == 2]
        required = [element for element in standard.elements if element.id.startswith(f"{course}.R")]
        assert 0 < len(covered) < len(required)
    if not expected["best_courses"][0]:
        assert expected["labels"] == []


@pytest.mark.parametrize("stem", STEMS)
def test_quotes_are_found_in_the_documents(stem: str) -> None:
    """Every quote of a fixture is found again in the document as our parsers read it."""
    read = _read(stem)
    quotes = [quote for label in _expected(stem)["labels"] for quote in label["quotes"]]
    assert [quote for quote in quotes if locate(read, quote) is None] == []


@pytest.mark.parametrize("stem", STEMS)
def test_parsers_deliver_what_counts_and_drop_what_does_not(stem: str) -> None:
    """Text boxes, footnotes, insertions, columns are read whole; deletions, struck-out text and furniture are not."""
    facts, text = _expected(stem)["facts"], _folded(_read(stem).text)
    assert [passage for passage in facts["reads"] if _folded(passage) not in text] == []
    assert [passage for passage in facts["never_reads"] if _folded(passage) in text] == []


@pytest.mark.parametrize("stem", STEMS)
def test_kind_and_hours(stem: str) -> None:
    """The document's kind, the hours it states and the sum of its schedule are the fixture's; 72 against 68 shows."""
    facts, read = _expected(stem)["facts"], segment(_read(stem))
    assert read.kind == facts["kind"]
    assert (read.hours.stated, read.hours.table_sum) == (facts["hours_stated"], facts["hours_sum"])


def test_low_levels_of_the_partial_syllabus(standard: Standard) -> None:
    """The elements listed as short in level are exactly the covered ones that are taught below the required level."""
    expected = _expected("互联网销售_课程标准")
    required = {element.id: element.level for element in standard.elements}
    short = [
        label["element"]
        for label in expected["labels"]
        if label["grade"] == 2
        and label["element"].startswith("C6.")
        and label["doc_level"][0] < required[label["element"]]
    ]
    assert short == expected["facts"]["level_short"]


def _course_table(document: Document) -> Table:
    return next(table for table in document.tables if table.columns == 16)


def _texts(table: Table, row: int) -> list[str]:
    """Text over each column of a row, merged cells repeated."""
    cells = [table.cell_at(row, column) for column in range(table.columns)]
    return [cell.text if cell else "" for cell in cells]


def test_plan_arithmetic() -> None:
    """The plan's course table adds up to its total row and to the fixture's numbers; only the planted ones differ."""
    facts, table = _expected("电子商务专业_人才培养方案")["facts"], _course_table(_read("电子商务专业_人才培养方案"))
    rows = [_texts(table, row) for row in range(table.rows)]
    courses = [row for row in rows if row[2].isdecimal()]
    numbers = [[int(text) for text in row[5:9]] for row in courses]
    credits, total, theory, practice = (sum(column) for column in zip(*numbers, strict=True))
    assert len(courses) == 47
    assert [str(n) for n in (credits, total, theory, practice)] == rows[-1][5:9]
    assert (credits, total, practice) == (facts["credits"], facts["hours_sum"], facts["practice_hours_sum"])
    assert all(hours == t + p and 16 * c <= hours <= 18 * c for c, hours, t, p in numbers)
    assert sum(int(row[6]) for row in courses if row[1] == "选修") == facts["elective_hours"] < total / 10
    assert practice != facts["practice_hours_stated"]


def test_word_sample_has_what_it_is_for() -> None:
    """The Word sample really holds numbering, merges, a text box, a footnote, revisions, strikes and a control."""
    with zipfile.ZipFile(SAMPLES / "网店运营_课程标准.docx") as archive:
        body = archive.read("word/document.xml").decode()
    for tag in (
        "w:vMerge",
        "w:gridSpan",
        "w:txbxContent",
        "w:footnoteReference",
        "w:ins ",
        "w:del ",
        "w:strike",
        "w:sdt",
    ):
        assert f"<{tag}" in body
    assert "（一）" not in body
