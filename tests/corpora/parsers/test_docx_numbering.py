"""Numbers that Word writes by itself come back as a reader sees them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpora.document import Document
from corpora.parsers.docx.number_formats import format_number

Reader = Callable[..., Document]
Texts = Callable[..., list[str]]


def level(index: int, format: str, text: str, extra: str = "") -> str:
    inner = f'<w:start w:val="1"/><w:numFmt w:val="{format}"/>{extra}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{index}">{inner}</w:lvl>'


def numbering(levels: str, *lists: str) -> str:
    nums = "".join(lists) or '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{nums}'


def item(text: str, index: int = 0, num: int = 1) -> str:
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{index}"/><w:numId w:val="{num}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
    )


CHINESE = level(0, "chineseCounting", "%1、") + level(1, "chineseCounting", "（%2）") + level(2, "decimal", "%3.")
DECIMAL = level(0, "decimal", "%1") + level(1, "decimal", "%1.%2") + level(2, "decimal", "%1.%2.%3")


def test_chinese_outline_numbers(docx_texts: Texts) -> None:
    """一、（一）1. count on, and lower levels start again under a new upper one."""
    body = item("性质") + item("定位", 1) + item("任务", 1) + item("能力", 2) + item("内容") + item("项目", 1)
    assert docx_texts(body, numbering=numbering(CHINESE)) == [
        "一、性质", "（一）定位", "（二）任务", "1. 能力", "二、内容", "（一）项目",
    ]  # fmt: skip


def test_decimal_outline_shows_all_levels(docx_texts: Texts) -> None:
    """1.1.1 shows the counters of the levels above, and a level that was never counted shows its start."""
    body = item("甲", 1) + item("乙") + item("丙", 1) + item("丁", 2) + item("戊", 1)
    texts = docx_texts(body, numbering=numbering(DECIMAL))
    assert texts == ["1.1 甲", "1 乙", "1.1 丙", "1.1.1 丁", "1.2 戊"]


def test_legal_levels_write_digits(docx_texts: Texts) -> None:
    """A level marked isLgl shows every level in digits."""
    levels = level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    assert docx_texts(item("章") + item("节", 1), numbering=numbering(levels)) == ["第一章 章", "1.1 节"]


def test_two_lists_of_one_definition_count_together(docx_texts: Texts) -> None:
    """Two w:num of one definition go on counting; one with a start override begins at it, once."""
    lists = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = item("a") + item("b", num=2) + item("c", num=3) + item("d", num=3)
    assert docx_texts(body, numbering=numbering(CHINESE, lists)) == ["一、a", "二、b", "五、c", "六、d"]


def test_level_override_changes_the_look(docx_texts: Texts) -> None:
    """A list may bring its own definition of a level."""
    own = level(0, "decimalEnclosedCircle", "%1")
    lists = f'<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">{own}</w:lvlOverride></w:num>'
    assert docx_texts(item("a") + item("b"), numbering=numbering(CHINESE, lists)) == ["①a", "②b"]


def test_style_brings_its_number(read_docx: Reader) -> None:
    """A paragraph style, also an inherited one, brings list and level; numId 0 takes the number away."""
    levels = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2", '<w:pStyle w:val="H2"/>')
    styles = (
        '<w:style w:type="paragraph" w:styleId="H2"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="X"><w:basedOn w:val="H2"/></w:style>'
    )
    styled = '<w:p><w:pPr><w:pStyle w:val="{}"/>{}</w:pPr><w:r><w:t>文</w:t></w:r></w:p>'
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    document = read_docx(
        styled.format("H2", "") + styled.format("X", "") + styled.format("X", none),
        numbering=numbering(levels), styles=styles,
    )  # fmt: skip
    assert [(b.text, b.number) for b in document.blocks] == [("1.1 文", "1.1"), ("1.2 文", "1.2"), ("文", "")]


def test_numbering_style_is_followed(docx_texts: Texts) -> None:
    """A definition that only points at a numbering style takes that style's levels."""
    linked = (
        '<w:abstractNum w:abstractNumId="0">' + CHINESE + "</w:abstractNum>"
        '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    )
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    )
    assert docx_texts(item("a"), numbering=linked, styles=styles) == ["一、a"]


def test_bullets_are_list_items_without_a_number(read_docx: Reader) -> None:
    """A bullet is no number and no text; the paragraph is a list item all the same."""
    document = read_docx(item("点"), numbering=numbering(level(0, "bullet", "\uf0b7")))
    assert [(b.kind, b.text, b.number) for b in document.blocks] == [("list_item", "点", "")]


def test_empty_numbered_paragraphs_count(docx_texts: Texts) -> None:
    """Word counts a numbered paragraph without text; it gives no block."""
    assert docx_texts(item("a") + item("") + item("c"), numbering=numbering(CHINESE)) == ["一、a", "三、c"]


def test_numbers_in_cells_are_restored(docx_texts: Texts) -> None:
    """Lists inside table cells have their numbers, too."""
    body = f"<w:tbl><w:tr><w:tc>{item('了解')}{item('掌握')}</w:tc></w:tr></w:tbl>"
    assert docx_texts(body, numbering=numbering(level(0, "decimal", "%1、"))) == ["1、了解\n2、掌握"]


@pytest.mark.parametrize(
    ("value", "format", "expected"),
    [
        (10, "chineseCounting", "十"), (15, "chineseCounting", "十五"), (20, "japaneseCounting", "二十"),
        (105, "chineseCountingThousand", "一百零五"), (3, "chineseLegalSimplified", "叁"),
        (12, "ideographDigital", "一二"), (99, "decimalEnclosedCircle", "99"), (7, "unheard", "7"),
        (4, "upperRoman", "IV"), (9, "lowerRoman", "ix"), (28, "lowerLetter", "bb"), (2, "upperLetter", "B"),
        (20, "decimalEnclosedCircle", "⑳"), (21, "decimalEnclosedCircleChinese", "㉑"),
        (2, "decimalEnclosedParen", "⑵"), (1, "ideographTraditional", "甲"), (7, "decimalZero", "07"),
        (7, "bullet", ""), (0, "upperRoman", "0"),
    ],
)  # fmt: skip
def test_number_formats(value: int, format: str, expected: str) -> None:
    """Each number format is written as Word writes it; out of its range, in digits."""
    assert format_number(value, format) == expected
