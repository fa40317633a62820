"""The Markdown parser."""

from __future__ import annotations

import pytest

from corpora.document import Document
from corpora.errors import EmptyDocumentError
from corpora.parsers.base import Source
from corpora.parsers.markdown import MarkdownParser


def parse(text: str) -> Document:
    document = MarkdownParser().parse(Source("笔记.md", text.encode()))
    assert all(document.resolve(block.locator) == block.text for block in document.blocks)
    return document


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def test_headings_of_both_styles_and_title() -> None:
    """# and underlined headings carry their level; the first of level one is the title."""
    document = parse("网店运营\n====\n\n目标\n---\n\n### 知识 ###\n\n正文。")
    assert [(b.kind, b.level, b.text) for b in document.blocks] == [
        ("heading", 1, "网店运营"), ("heading", 2, "目标"), ("heading", 3, "知识"), ("paragraph", 0, "正文。"),
    ]  # fmt: skip
    assert document.title == "网店运营"


def test_front_matter_gives_the_title_and_is_no_text() -> None:
    """Its other keys are left out."""
    document = parse('---\ntitle: "社群 运营"\ntags:\n- 秘密\n---\n\n# 正题\n\n内容。')
    assert document.title == "社群 运营"
    assert "秘密" not in document.text


def test_lists_in_every_marker_style() -> None:
    """Bullets and numbers nest; the number stays in the text; Chinese enumerators work without markup."""
    document = parse("- 甲\n  * 乙\n    1) 丙\n\n3. 丁\n4. 戊\n\n（1）己；\n（2）庚。\n① 辛\n\n+ 壬\n\n  续段。")
    assert [(b.kind, b.level, b.number, b.text) for b in document.blocks] == [
        ("list_item", 1, "", "甲"),
        ("list_item", 2, "", "乙"),
        ("list_item", 3, "1)", "1) 丙"),
        ("list_item", 1, "3.", "3. 丁"),
        ("list_item", 1, "4.", "4. 戊"),
        ("list_item", 1, "（1）", "（1）己；"),
        ("list_item", 1, "（2）", "（2）庚。"),
        ("list_item", 2, "①", "① 辛"),
        ("list_item", 1, "", "壬"),
        ("paragraph", 0, "", "续段。"),
    ]


def test_markup_is_stripped_and_struck_out_text_dropped() -> None:
    """Bold, code and links leave their words; ~~…~~ and <del> leave nothing."""
    document = parse("掌握**关键词**`SEO`与[标题](http://a.b/c)优化~~旧要求~~<del>删</del>。\n")
    assert texts(document) == ["掌握关键词SEO与标题优化。"]


def test_pipe_table_and_html_table() -> None:
    """Both kinds are tables; struck-out cells are empty; blank lines inside HTML do not break it."""
    document = parse(
        "| 项目 | 学时 |\n|:--|--:|\n| 选品\\|定价 | 4 |\n| ~~推广~~ | 2 |\n\n"
        "<table>\n<tr><td rowspan=2>甲</td><td>乙</td></tr>\n\n<tr><td>丙</td></tr>\n</table>\n\n完。"
    )
    pipe, html = document.tables
    assert [cell.text for cell in pipe.cells] == ["项目", "学时", "选品|定价", "4", "", "2"]
    assert pipe.header_rows == 1
    assert [(c.text, c.row_span) for c in html.cells] == [("甲", 2), ("乙", 1), ("丙", 1)]
    assert texts(document)[-1] == "完。"


def test_code_fences_are_paragraphs() -> None:
    """Each line is one; it never becomes a heading."""
    document = parse("```\n一、不是标题\nprint(1)\n```\n")
    assert [(b.kind, b.text) for b in document.blocks] == [("paragraph", "一、不是标题"), ("paragraph", "print(1)")]


def test_source_line_breaks_in_a_paragraph() -> None:
    """A wrapped sentence is joined; finished sentences on lines of their own stay apart."""
    document = parse("本课程讲授网店\n运营的方法。\n第二句另起一行。\n\n行尾两空格  \n硬换行")
    assert texts(document) == ["本课程讲授网店运营的方法。", "第二句另起一行。", "行尾两空格", "硬换行"]


def test_a_file_of_markup_only_is_an_error() -> None:
    """Nothing to read is said, with the file's name."""
    with pytest.raises(EmptyDocumentError, match=r"笔记\.md"):
        parse("---\n\n***\n")
