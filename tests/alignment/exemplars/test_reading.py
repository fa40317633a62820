"""Documents as records of the corpus."""

from __future__ import annotations

import json

import pytest

from alignment.exemplars.model import Exemplar, Line, Record
from alignment.exemplars.reading import record_from, record_of, record_text
from corpora.document import Document
from corpora.errors import EmptyDocumentError, IndexFormatError
from tests.alignment.conftest import MakeDocument


def test_each_text_once_with_its_place(make_document: MakeDocument) -> None:
    """Role, headings and verbatim text are kept; what repeats or says nothing is not."""
    record = record_of(
        make_document(
            "#《果树栽培》课程标准",
            "#二、课程内容",
            "冬季怎样剪枝。",
            "冬季怎样剪枝。",
            "好",
            "#三、实训安排",
            "到果园动手剪枝。",
        )
    )
    texts = [line.text for line in record.lines]
    assert texts.count("冬季怎样剪枝。") == 1
    assert "好" not in texts
    practised = next(line for line in record.lines if line.text == "到果园动手剪枝。")
    assert practised.role == "practice"
    assert practised.heading_path[-1] == "三、实训安排"
    assert record.title == "《果树栽培》课程标准"
    assert not record.aims


def test_a_document_with_objectives_states_aims(orchard: Document, make_document: MakeDocument) -> None:
    """As the judge counts it."""
    more = make_document("#一、课程目标", "掌握修剪方法。", "了解常见病虫害。", "能够嫁接树苗。")
    assert record_of(more).aims
    assert not record_of(orchard).aims


def test_a_record_comes_back_as_it_was(orchard: Document) -> None:
    """Through its file form."""
    record = record_of(orchard)
    assert record_from(record_text(record), "x") == record


def test_a_document_without_text_is_refused(make_document: MakeDocument) -> None:
    """There is nothing to quote."""
    with pytest.raises(EmptyDocumentError, match="没有可以引用"):
        record_of(make_document("好"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 9}', '{"version": 1, "name": "a"}'])
def test_damaged_records_are_named(text: str) -> None:
    """With what to do about it."""
    with pytest.raises(IndexFormatError, match="已损坏") as caught:
        record_from(text, "a.json")
    assert "corpus add" in caught.value.advice


def test_a_record_of_another_version_is_refused(orchard: Document) -> None:
    """It may mean something else."""
    data = json.loads(record_text(record_of(orchard))) | {"version": 2}
    with pytest.raises(IndexFormatError, match="版本"):
        record_from(json.dumps(data), "a.json")


def test_a_passage_says_where_it_stands() -> None:
    """Title, chapter, page; our own samples say that they are."""
    line = Line("动手剪枝", "practice", 45, ("第3章 果树修剪", "3.1 冬剪", "步骤"))
    made = Exemplar("user", "", "a" * 64, 7, "book.pdf", "果树栽培", False, line)
    assert made.source == "《果树栽培》 第3章 果树修剪 > 3.1 冬剪，第 45 页"
    record = Record("b.docx", "b" * 64, "《剪枝》课程标准", "syllabus", None, True, (Line("动手剪枝"),))
    (sample,) = record.exemplars("sample", "530701")
    assert sample.source == "《剪枝》课程标准（内置样例）"
    assert Exemplar.of(made.passage()) == made
