"""The plain text parser and the detection of encodings."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.document import Document
from corpora.errors import EmptyDocumentError, UnsupportedFormatError
from corpora.parsers.base import Source
from corpora.parsers.decoding import decode
from corpora.parsers.text import TextParser

SIMPLIFIED = [
    "网店运营课程标准\n教学目标：掌握关键词优化的方法",
    "课程",
    "教学大纲\t学时\n选品\t4\n",
    "ＳＥＯ优化 10%，①一、课程性质",
]
TRADITIONAL = ["網店營運課程標準\n教學目標：掌握關鍵詞優化", "電子商務", "社群經營與行銷活動企劃"]


def parse(text: str) -> Document:
    document = TextParser().parse(Source("大纲.txt", text.encode()))
    assert all(document.resolve(block.locator) == block.text for block in document.blocks)
    return document


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


@pytest.mark.parametrize("text", SIMPLIFIED + TRADITIONAL)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
def test_encodings_are_told_apart(text: str, encoding: str) -> None:
    """With and without a byte order mark, long texts and single words."""
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", TRADITIONAL)
def test_big5_is_not_taken_for_gb18030(text: str) -> None:
    """GB18030 decodes Big5 without a complaint, into other letters."""
    data = text.encode("big5")
    assert data.decode("gb18030", "replace") != text
    assert decode(data) == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_one_broken_byte_does_not_lose_the_file(encoding: str) -> None:
    """The fault is one replacement sign; the rest is read."""
    data = ("電子商務課程標準：掌握關鍵詞優化方法。\n" * 20).encode(encoding)
    text = decode(data[:100] + b"\xff" + data[100:])
    assert text.count("掌握關鍵詞優化方法。") >= 18


def test_other_encodings_and_line_ends() -> None:
    """Western text is read too; every kind of line end is one."""
    assert decode("Übergrößen für Käufer: täglich geöffnet.\r\nSchöne Grüße\r".encode("cp1252")).count("\n") == 2


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00" * 500, b"PK\x03\x04" + bytes(range(0, 256, 3)) * 99])
def test_binary_content_is_refused(data: bytes) -> None:
    """A file that is no text is an error that names it, not a page of signs."""
    with pytest.raises(UnsupportedFormatError, match=r"假的\.txt"):
        TextParser().parse(Source("假的.txt", data))


def test_title_headings_and_items() -> None:
    """A first short line is the title; numbers make headings and items, levels follow their nesting."""
    document = parse(
        "网店运营课程标准\n\n1 课程性质\n核心课程。\n1.1 定位\n面向学生。\n(1) 选品；\n(2) 定价。\n2 课程内容\n"
    )
    assert document.title == "网店运营课程标准"
    assert [(b.kind, b.level, b.number) for b in document.blocks] == [
        ("heading", 1, ""), ("heading", 2, "1"), ("paragraph", 0, ""), ("heading", 3, "1.1"), ("paragraph", 0, ""),
        ("list_item", 1, "(1)"), ("list_item", 1, "(2)"), ("heading", 2, "2"),
    ]  # fmt: skip


def test_headings_marked_by_number_signs() -> None:
    """Notes kept as .txt often mark headings as Markdown does; the signs are no text, a remark with # is no heading."""
    document = parse("# 网店运营\n## 选品\n看数据。\n# 来源: 网页\n")
    assert [(b.kind, b.level, b.text) for b in document.blocks][:2] == [
        ("heading", 1, "网店运营"),
        ("heading", 2, "选品"),
    ]
    assert document.blocks[-1].kind == "paragraph"


def test_tab_separated_lines_are_one_table_over_xubiao() -> None:
    """Cells with <p> keep their paragraphs; 续表 and the repeated header are dropped."""
    document = parse(
        "前文。\n序号\t课程\t内容\n1\t网店运营\t<p>① 选品。</p> <p>② 定价</p>\n\n续表\n\n"
        "序号\t课程\t内容\n2\t社群运营\t<p>建群</p>\n后文。"
    )
    [table] = document.tables
    assert [[c.text for c in table.row_cells(row)] for row in range(3)] == [
        ["序号", "课程", "内容"],
        ["1", "网店运营", "① 选品。\n② 定价"],
        ["2", "社群运营", "建群"],
    ]
    assert table.header_rows == 1
    assert "续表" not in document.text


def test_one_line_with_a_tab_is_a_paragraph() -> None:
    """So is an indent by a tab."""
    document = parse("姓名\t张三\n\n\t缩进的段落。\n\t又一段。")
    assert not document.tables
    assert texts(document) == ["姓名 张三", "缩进的段落。", "又一段。"]


def test_a_sentence_cut_by_a_page_is_joined() -> None:
    """An open end after a long text goes on behind one blank line; a list does not run together."""
    cut = "实习岗位包括运营主管、全渠道营销主管、智能客服主管、视觉营销设计师等多种。学生在企业中从事互联网产品开"
    document = parse(f"{cut}\n\n发主管等岗位实习。\n选品\n定价\n")
    assert texts(document) == [f"{cut}发主管等岗位实习。", "选品", "定价"]


def test_hard_wrapped_text_is_joined_to_paragraphs() -> None:
    """Lines of one width are lines of a paragraph; an indent starts the next one."""
    body = "本课程讲授网店运营的方法与工具" * 12
    lines = ["　　" + body[:28], *(body[i : i + 30] for i in range(28, len(body), 30))]
    document = parse("\n".join([*lines, *lines]))
    assert texts(document) == [body, body]


def test_invisible_characters_are_removed() -> None:
    """Zero-width signs and soft hyphens do not make the text unfindable."""
    assert texts(parse("关键\u200b词优\u00ad化\ufeff方法。")) == ["关键词优化方法。"]


def test_blank_text_is_an_error() -> None:
    """Blanks and rules of dashes are nothing to read."""
    with pytest.raises(EmptyDocumentError, match=r"大纲\.txt"):
        parse(" \n\t\n------\n　\n")


@pytest.mark.shared
def test_the_national_standard(shared: Path) -> None:
    """The standard's text: both tables whole, all eleven sections, sentences cut by pages joined."""
    file = shared / "standard/530701.txt"
    document = TextParser().parse(Source(file.name, file.read_bytes()))
    assert [(t.rows, t.columns) for t in document.tables] == [(6, 2), (9, 4)]
    sections = [b.number for b in document.blocks if b.kind == "heading" and b.number.isdigit()]
    assert sections == [str(n) for n in range(1, 12)]
    assert "互联网产品开发主管等岗位实习" in document.text
