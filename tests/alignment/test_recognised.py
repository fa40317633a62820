"""What is said beside figures that OCR read, and beside failures while pages were not read."""

from __future__ import annotations

from dataclasses import replace

from alignment.model import Evidence, RuleVerdict
from alignment.programme.model import Contradiction
from alignment.recognised import doubted, recognition_notes, with_doubts
from corpora.bundle import join_documents
from corpora.document import Document, ErrorItem
from corpora.document_builder import CellSpec, DocumentBuilder


def scanned() -> Document:
    """Three pages, of which OCR read the second and third."""
    builder = DocumentBuilder("方案.pdf", b"x", "pdf")
    builder.add("paragraph", "总学分 140。", page=1)
    builder.add_table([CellSpec("总学时", 0, 0), CellSpec("2600", 0, 1)], page=2)
    builder.add("paragraph", "周数 20。", page=3)
    builder.recognised_pages |= {2, 3}
    return builder.build()


def evidence(document: Document, block: int) -> tuple[Evidence, ...]:
    found = document.blocks[block]
    return (Evidence(found.text, found.locator, (), 1.0),)


def verdict(document: Document, block: int, said: str) -> RuleVerdict:
    return RuleVerdict("NR04", said, 2600, ">= 2500", "must", "2600", evidence(document, block))  # type: ignore[arg-type]


def test_pages_read_by_ocr_are_named_once() -> None:
    document = scanned()
    assert document.recognised == ((document.blocks[1].locator.start, document.blocks[2].locator.end),)
    [note] = recognition_notes(document)
    assert note.startswith("第 2–3 页没有文字层")
    assert recognition_notes(replace(document, recognised=())) == ()


def test_joined_files_keep_what_ocr_read() -> None:
    """The stretch moves with its file."""
    builder = DocumentBuilder("正文.docx", b"y", "docx")
    builder.add("paragraph", "正文。")
    joined = join_documents([builder.build(), scanned()])
    [(start, end)] = joined.recognised
    assert joined.text[start:end] == "总学时\t2600\n周数 20。"


def test_only_verdicts_on_recognised_figures_are_doubted() -> None:
    document = scanned()
    sure, doubtful = with_doubts([verdict(document, 0, "pass"), verdict(document, 1, "pass")], document)
    assert sure.note == ""
    assert "对照原件" in doubtful.note


def test_contradictions_of_recognised_figures_say_so() -> None:
    document = scanned()
    both = [Contradiction("X1", "text", "总学分不一致", "", evidence(document, n)) for n in (0, 2)]
    sure, doubtful = doubted(both, document)
    assert sure.what == "总学分不一致"
    assert "对照原件" in doubtful.what


def test_a_failure_with_unread_pages_says_so() -> None:
    document = replace(scanned(), recognised=(), errors=(ErrorItem("第 4 页", "本页未识别"),))
    failed, passed = with_doubts([verdict(document, 0, "fail"), verdict(document, 0, "pass")], document)
    assert failed.note == "文件有 1 页没有读出，结论可能因此不同"
    assert passed.note == ""
