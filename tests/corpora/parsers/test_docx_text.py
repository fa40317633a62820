"""What of a paragraph is text: everything the reader of the final document sees, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpora.document import Document
from corpora.errors import DamagedDocumentError, EmptyDocumentError
from corpora.parsers.base import Source
from corpora.parsers.docx import DocxParser

Texts = Callable[..., list[str]]
Reader = Callable[..., Document]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (run("前") + "<w:ins>" + run("插入") + "</w:ins>" + run("后"), "前插入后"),
        (run("前") + "<w:del><w:r><w:delText>删去</w:delText></w:r></w:del>" + run("后"), "前后"),
        (run("前") + "<w:moveFrom>" + run("移走") + "</w:moveFrom>" + run("后"), "前后"),
        ("<w:moveTo>" + run("移来") + "</w:moveTo>", "移来"),
        (run("留") + run("划掉", "<w:strike/>") + run("双划", "<w:dstrike/>"), "留"),
        (run("没划掉", '<w:strike w:val="0"/>'), "没划掉"),
        (run("见") + run("不见", "<w:vanish/>"), "见"),
        ('<w:hyperlink r:id="x">' + run("链接") + "</w:hyperlink>", "链接"),
        ("<w:smartTag>" + run("标签") + "</w:smartTag>", "标签"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + run("控件") + "</w:sdtContent></w:sdt>", "控件"),
        ("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + run("提示") + "</w:sdtContent></w:sdt>", ""),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>", "a\tb\nc-d"),
        (run("软\u00ad连\u200b字"), "软连字"),
        ("<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>" + run("已选"), "☑已选"),
        ("<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>", "x+1"),
        ("<w:r><w:ruby><w:rt>" + run("pin") + "</w:rt><w:rubyBase>" + run("拼") + "</w:rubyBase></w:ruby></w:r>", "拼"),
    ],
)  # fmt: skip
def test_text_is_what_the_final_document_shows(docx_texts: Texts, inner: str, expected: str) -> None:
    """Insertions, links, controls and symbols stay; deletions, struck and hidden text, prompts and readings go."""
    assert docx_texts(paragraph(inner) + paragraph(run("。"))) == [*filter(None, [expected]), "。"]


def test_field_codes_go_and_results_stay(docx_texts: Texts) -> None:
    """A field shows its result only, also when fields are nested; a code without a result hides nothing after it."""
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate", "end"))
    code = "<w:r><w:instrText> PAGEREF x </w:instrText></w:r>"
    nested = begin + code + begin + code + separate + run("内") + end + separate + run("外") + end
    assert docx_texts(paragraph(nested)) == ["外"]
    assert docx_texts(paragraph(begin + code + run("码")) + paragraph(run("后文"))) == ["后文"]


def test_enclosed_number_field_becomes_a_circled_number(docx_texts: Texts) -> None:
    """Word's 带圈字符 is a field without a result; its number is written as ①."""
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "end"))
    code = "<w:r><w:instrText>eq \\o\\ac(○,3)</w:instrText></w:r>"
    assert docx_texts(paragraph(begin + code + end + run("发布商品"))) == ["③发布商品"]


def test_struck_style_drops_its_text(docx_texts: Texts) -> None:
    """Striking out through a character style that is based on another counts like a direct one."""
    styles = (
        '<w:style w:type="character" w:styleId="A"><w:rPr><w:strike/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    )
    assert docx_texts(paragraph(run("留") + run("去", '<w:rStyle w:val="B"/>')), styles=styles) == ["留"]


def test_deleted_paragraph_mark_joins_two_paragraphs(docx_texts: Texts) -> None:
    """Where a tracked change deletes the mark between two paragraphs, the reader sees one."""
    first = paragraph(run("能进行"), "<w:rPr><w:del/></w:rPr>")
    assert docx_texts(first + paragraph(run("商品发布"))) == ["能进行商品发布"]
    assert docx_texts(first) == ["能进行"]


def test_text_box_is_read_once(read_docx: Reader) -> None:
    """A text box stands twice in the markup (drawing and its fallback); it is read once, behind its paragraph."""
    box = "<w:txbxContent>" + paragraph(run("框内文字")) + "</w:txbxContent>"
    inner = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>" + box + "</wps:txbx></w:drawing>"
        "</mc:Choice><mc:Fallback><w:pict><v:textbox>" + box + "</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    document = read_docx(paragraph(run("正文") + inner))
    assert [(b.kind, b.text) for b in document.blocks] == [("paragraph", "正文"), ("text_box", "框内文字")]


def test_old_text_box_is_read(docx_texts: Texts) -> None:
    """A VML text box without a newer counterpart is read."""
    box = (
        "<w:r><w:pict><v:textbox><w:txbxContent>"
        + paragraph(run("旧框"))
        + "</w:txbxContent></v:textbox></w:pict></w:r>"
    )
    assert docx_texts(paragraph(box)) == ["旧框"]


def test_smart_art_is_read(read_docx: Reader) -> None:
    """The texts of a SmartArt graphic are text boxes behind the paragraph that it stands in."""
    shapes = "".join(f"<dgm:pt><dgm:t><a:p><a:r><a:t>{t}</a:t></a:r></a:p></dgm:t></dgm:pt>" for t in ("选品", "推广"))
    drawing = '<w:r><w:drawing><dgm:relIds r:dm="data1"/></w:drawing></w:r>'
    document = read_docx(paragraph(run("流程") + drawing), data1=shapes)
    assert [(b.kind, b.text) for b in document.blocks] == [
        ("paragraph", "流程"),
        ("text_box", "选品"),
        ("text_box", "推广"),
    ]


def test_notes_follow_their_paragraph(read_docx: Reader) -> None:
    """A footnote and an endnote are blocks right behind the paragraph that refers to them."""
    notes = '<w:{0} w:id="2">' + paragraph(run("{1}")) + '</w:{0}><w:{0} w:id="0" w:type="separator"/>'
    document = read_docx(
        paragraph(run("正文") + '<w:r><w:footnoteReference w:id="2"/><w:endnoteReference w:id="2"/></w:r>')
        + paragraph(run("下文")),
        footnotes=notes.format("footnote", "脚注"),
        endnotes=notes.format("endnote", "尾注"),
    )
    kinds = [(b.kind, b.text) for b in document.blocks]
    assert kinds == [("paragraph", "正文"), ("footnote", "脚注"), ("footnote", "尾注"), ("paragraph", "下文")]


def test_contents_are_not_read_twice(docx_texts: Texts) -> None:
    """Lines of a table of contents repeat the headings and are left out, as a control or by their style."""
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        "<w:sdtContent>" + paragraph(run("目录")) + "</w:sdtContent></w:sdt>"
    )
    line = paragraph(run("一、课程性质 1"), '<w:pStyle w:val="T"/>')
    assert docx_texts(control + line + paragraph(run("正文")), styles=styles) == ["正文"]


def test_block_control_is_read(docx_texts: Texts) -> None:
    """Paragraphs in a content control around them are read."""
    control = (
        "<w:sdt><w:sdtPr/><w:sdtContent>" + paragraph(run("甲")) + paragraph(run("乙")) + "</w:sdtContent></w:sdt>"
    )
    assert docx_texts(control) == ["甲", "乙"]


def test_strict_namespace_is_read(make_docx: Callable[..., bytes]) -> None:
    """A docx saved as strict Open XML reads like any other."""
    data = make_docx(paragraph(run("严格")))
    strict = _replaced(
        data,
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert DocxParser().parse(Source("s.docx", strict)).text == "严格"


def test_broken_xml_is_read_as_far_as_possible(make_docx: Callable[..., bytes]) -> None:
    """A body that is not well-formed gives what can be read and an ErrorItem that says so."""
    data = _replaced(make_docx(paragraph(run("前半")) + paragraph(run("后半"))), b"</w:body>", b"</w:bxdy")
    document = DocxParser().parse(Source("s.docx", data))
    assert document.text == "前半\n后半"
    assert "document.xml" in document.errors[0].where


def test_document_without_body_is_damaged(make_docx: Callable[..., bytes]) -> None:
    """A container without a readable main part is one clear error."""
    data = _replaced(make_docx(""), b"word/document.xml", b"word/document.xyz")
    with pytest.raises(DamagedDocumentError, match="正文部分缺失"):
        DocxParser().parse(Source("坏.docx", data))


def test_pictures_only_is_empty_and_says_so(make_docx: Callable[..., bytes]) -> None:
    """A docx of nothing but pictures is empty, and the message names the way out."""
    data = make_docx(paragraph("<w:r><w:drawing/></w:r>"))
    with pytest.raises(EmptyDocumentError, match=r"图.*OCR"):
        DocxParser().parse(Source("图.docx", data))


def _replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            renamed = name.replace(old.decode(), new.decode())
            target.writestr(
                renamed, source.read(name).replace(old, new) if not name.startswith("_rels") else source.read(name)
            )
    return stream.getvalue()
