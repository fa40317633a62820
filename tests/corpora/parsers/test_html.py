"""The HTML parser: what a reader of the page sees, and nothing else."""

from __future__ import annotations

import pytest

from corpora.document import Document
from corpora.errors import EmptyDocumentError
from corpora.parsers.base import Source
from corpora.parsers.html import HtmlParser


def parse(body: str, head: str = "", encoding: str = "utf-8") -> Document:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    document = HtmlParser().parse(Source("大纲.html", page.encode(encoding)))
    assert all(document.resolve(block.locator) == block.text for block in document.blocks)
    return document


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def test_headings_paragraphs_and_nested_lists() -> None:
    """Levels come from the tags; numbers of ordered lists are restored, also with start, value and type."""
    document = parse(
        "<h1>网店运营</h1><h2>目标</h2><p>掌握<b>关键词</b>优化。</p>"
        "<ol start='3'><li>选品<ul><li>看数据<li>看对手</ul><li value='7'>定价</ol><ol type='a'><li>推广</ol>"
    )
    assert [(b.kind, b.level, b.number, b.text) for b in document.blocks] == [
        ("heading", 1, "", "网店运营"),
        ("heading", 2, "", "目标"),
        ("paragraph", 0, "", "掌握关键词优化。"),
        ("list_item", 1, "3.", "3. 选品"),
        ("list_item", 2, "", "看数据"),
        ("list_item", 2, "", "看对手"),
        ("list_item", 1, "7.", "7. 定价"),
        ("list_item", 1, "a.", "a. 推广"),
    ]


def test_only_what_is_seen_is_read() -> None:
    """Scripts, styles, navigation, hidden and struck-out text are left out, by tag, by style and by class."""
    document = parse(
        "<nav>首页</nav><script>var x='脚本'</script><p>甲<del>删</del><s>去</s>乙</p><p hidden>藏一</p>"
        "<p style='display: none'>藏二</p><p>丙<span style='text-decoration:line-through'>划</span>丁</p>"
        "<p class='gone big'>藏三</p><!-- 注释 --><select><option>选项</option></select><footer>版权</footer>",
        "<style>.gone { display:none } .big { color:red }</style><title>课程 大纲</title>",
    )
    assert texts(document) == ["甲乙", "丙丁"]
    assert document.title == "课程 大纲"


def test_line_breaks_of_the_source_and_of_the_page() -> None:
    """A source line break between Chinese letters is nothing, between words a blank; <br> parts paragraphs."""
    document = parse("<p>网店\n   运营 search\nengine</p><p>第一行<br>第二行</p><pre>甲\n  乙</pre>")
    assert texts(document) == ["网店运营 search engine", "第一行", "第二行", "甲", "乙"]


def test_tables_with_spans_header_and_nested_table() -> None:
    """rowspan, colspan and thead become spans and header rows; a nested table knows the cell it stands in."""
    document = parse(
        "<table><caption>表1 安排</caption><thead><tr><th rowspan=2>项目<th colspan=2>学时</tr>"
        "<tr><th>理论<th>实<br>践</tr></thead><tbody><tr><td>选品<td>2<td><table><tr><td>a<td>b</table></tr>"
        "<tr style='display:none'><td>藏<td>1<td>1</tr></tbody></table>"
    )
    table, nested = document.tables
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells] == [
        ("项目", 0, 0, 2, 1),
        ("学时", 0, 1, 1, 2),
        ("理论", 1, 1, 1, 1),
        ("实践", 1, 2, 1, 1),
        ("选品", 2, 0, 1, 1),
        ("2", 2, 1, 1, 1),
        ("", 2, 2, 1, 1),
    ]
    assert (table.header_rows, table.caption) == (2, "表1 安排")
    assert nested.parent == (1, 3, 3)
    assert document.text.count("a\tb") == 1


def test_a_table_of_one_cell_is_a_frame() -> None:
    """Layout by a single cell does not hide headings and paragraphs."""
    document = parse("<table><tr><td><h2>内容</h2><p>甲。</p></td></tr></table>")
    assert [block.kind for block in document.blocks] == ["heading", "paragraph"]
    assert not document.tables


def test_numbered_paragraphs_without_tags_become_headings() -> None:
    """Pages saved from Word have their headings as paragraphs."""
    document = parse("<p>一、课程目标</p><p>（一）知识目标</p><p>掌握方法。</p><p>二、课程内容</p>")
    assert [(b.kind, b.level) for b in document.blocks] == [
        ("heading", 1), ("heading", 2), ("paragraph", 0), ("heading", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16"])
def test_declared_and_undeclared_encodings(encoding: str) -> None:
    """The declared encoding is used; without a declaration it is found out; a wrong one does not garble the text."""
    body = (
        "<p>電子商務課程標準：掌握關鍵詞優化方法。</p>" if encoding == "big5" else "<p>电子商务课程标准：掌握方法。</p>"
    )
    expected = body[3:-4]
    assert texts(parse(body, f"<meta charset='{encoding}'>", encoding)) == [expected]
    assert texts(parse(body, "", encoding)) == [expected]
    assert texts(parse(body, "<meta charset='utf-8'>", encoding)) == [expected]


@pytest.mark.parametrize("charset", ["utf-82", "hex", "idna", "gb2312"])
def test_a_wrong_or_unknown_declaration_does_not_matter(charset: str) -> None:
    """A codec that Python does not know, or that is none for text, is passed over; gb2312 stands for GB18030."""
    document = parse("<p>掌握关键词优化方法。</p>", f"<meta charset='{charset}'>", "gb18030")
    assert texts(document) == ["掌握关键词优化方法。"]


def test_external_entities_are_not_resolved() -> None:
    """A document type that names a local file does not bring its content in."""
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>正文&x;</p></body></html>'
    document = HtmlParser().parse(Source("a.html", page.encode()))
    assert "root:" not in document.text
    assert "正文" in document.text


def test_deep_nesting_and_server_code_do_no_harm() -> None:
    """Thousands of open tags end in a document, and JSP code is not text."""
    document = parse("<%@ page import='x' %><p>正文。</p>" + "<div>" * 3000 + "深处")
    assert document.blocks[0].text == "正文。"


def test_a_page_without_text_is_an_error() -> None:
    """An empty shell says so and names the file."""
    with pytest.raises(EmptyDocumentError, match=r"大纲\.html"):
        parse("<script>render()</script>")
