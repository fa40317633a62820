"""The PowerPoint parser on decks built here."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Inches

from corpora.document import Document
from corpora.errors import DamagedDocumentError, EmptyDocumentError
from corpora.parsers import pptx
from corpora.parsers.base import Source
from corpora.parsers.pptx import PptxParser


def parse(deck: Any) -> Document:
    stream = BytesIO()
    deck.save(stream)
    document = PptxParser().parse(Source("课件.pptx", stream.getvalue()))
    assert all(document.resolve(block.locator) == block.text for block in document.blocks)
    return document


def slide(deck: Any, layout: int, title: str) -> Any:
    made = deck.slides.add_slide(deck.slide_layouts[layout])
    made.shapes.title.text = title
    return made


def test_slides_are_pages_titles_headings_and_outlines_lists() -> None:
    """The title slide's heading stands above the others; levels of the outline and the notes are kept."""
    deck = Presentation()
    slide(deck, 0, "网店运营").placeholders[1].text = "课程说明"
    second = slide(deck, 1, "关键词优化")
    frame = second.placeholders[1].text_frame
    frame.text = "选词"
    inner = frame.add_paragraph()
    inner.text, inner.level = "长尾词", 1
    second.notes_slide.notes_text_frame.text = "讲十分钟"
    document = parse(deck)
    assert [(b.kind, b.level, b.text, b.locator.page) for b in document.blocks] == [
        ("heading", 1, "网店运营", 1),
        ("paragraph", 0, "课程说明", 1),
        ("heading", 2, "关键词优化", 2),
        ("list_item", 1, "选词", 2),
        ("list_item", 2, "长尾词", 2),
        ("footnote", 0, "讲十分钟", 2),
    ]
    assert (document.pages, document.title) == (2, "网店运营")


def test_tables_groups_and_text_boxes_in_reading_order() -> None:
    """Merged cells span; shapes of a group are read; what stands higher comes first, whatever was drawn first."""
    deck = Presentation()
    page = slide(deck, 5, "安排")
    low = page.shapes.add_textbox(Inches(1), Inches(6), Inches(3), Inches(1))
    low.text_frame.text = "下方说明。"
    table = page.shapes.add_table(2, 3, Inches(1), Inches(2), Inches(6), Inches(1)).table
    for column, text in enumerate(("项目", "学时", "")):
        table.cell(0, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    for column, text in enumerate(("选品", "2", "4")):
        table.cell(1, column).text = text
    group = page.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(4), Inches(3), Inches(1)).text_frame.text = "组内文字。"
    document = parse(deck)
    assert [b.text for b in document.blocks] == ["安排", "项目\t学时", "选品\t2\t4", "组内文字。", "下方说明。"]
    assert [(c.text, c.column_span) for c in document.tables[0].cells][:2] == [("项目", 1), ("学时", 2)]


def test_hidden_slides_and_struck_out_runs_are_left_out() -> None:
    """Neither is seen in the show."""
    deck = Presentation()
    page = slide(deck, 1, "要求")
    paragraph = page.placeholders[1].text_frame.paragraphs[0]
    for text, strike in (("保留", None), ("删去", "sngStrike"), ("的", None)):
        run = paragraph.add_run()
        run.text = text
        if strike:
            run._r.get_or_add_rPr().set("strike", strike)
    slide(deck, 1, "隐藏页")._element.set("show", "0")
    assert [b.text for b in parse(deck).blocks] == ["要求", "保留的"]


def test_a_bad_slide_is_an_error_item(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other slides are read, and the message names the slide."""
    deck = Presentation()
    for number in range(1, 4):
        slide(deck, 5, f"第{number}页标题")
    notes = pptx._notes

    def failing(page: Any, number: int) -> Any:
        if number == 2:
            raise KeyError("rId7")
        return notes(page, number)

    monkeypatch.setattr(pptx, "_notes", failing)
    document = parse(deck)
    assert [b.text for b in document.blocks] == ["第1页标题", "第3页标题"]
    assert [error.where for error in document.errors] == ["第 2 张幻灯片"]


def test_damaged_and_empty_decks() -> None:
    """One clear error each, with the file's name."""
    with pytest.raises(DamagedDocumentError, match=r"课件\.pptx"):
        PptxParser().parse(Source("课件.pptx", b"PK\x03\x04 not a deck"))
    with pytest.raises(EmptyDocumentError, match=r"课件\.pptx"):
        parse(Presentation())
