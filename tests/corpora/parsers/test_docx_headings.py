"""Headings are found by style, by number or by look, and the title on the cover."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpora.document import Document

Reader = Callable[..., Document]

STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="24"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="mine"><w:name w:val="院标题"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
)
BODY = "本课程是电子商务专业的核心课程，培养学生从事网店运营的能力。"


def line(text: str, paragraph: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def styled(text: str, style: str) -> str:
    return line(text, f'<w:pStyle w:val="{style}"/>')


def headings(document: Document) -> list[tuple[int, str]]:
    return [(b.level, b.text) for b in document.blocks if b.kind == "heading"]


BOLD = "<w:b/>"


def test_styles_tell_headings(read_docx: Reader) -> None:
    """Outline levels of styles count, inherited ones and those told by a style's name too, and direct ones win."""
    body = (
        styled("甲", "mine")
        + styled("乙", "2")
        + line("丙", '<w:outlineLvl w:val="2"/>')
        + line("丁", '<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>')
        + line(BODY)
    )
    assert headings(read_docx(body, styles=STYLES)) == [(1, "甲"), (2, "乙"), (3, "丙")]


def test_sentences_in_heading_style_are_no_headings(read_docx: Reader) -> None:
    """A whole sentence that an author put into a heading style stays a paragraph or list item."""
    document = read_docx(styled("（1）掌握市场营销基本理论知识。", "2") + styled(BODY, "1"), styles=STYLES)
    assert [b.kind for b in document.blocks] == ["list_item", "paragraph"]


def test_unstyled_numbered_lines_are_headings(read_docx: Reader) -> None:
    """一、（一）1. lines without any style are headings when short; long or listed ones are list items."""
    body = "".join(
        line(text)
        for text in (
            "一、课程性质",
            BODY,
            "二、课程目标",
            "（一）总目标",
            BODY,
            "1.知识目标",
            "（1）了解网店规则；",
            "（2）熟悉商品分类；",
            "2.能力目标",
            "（1）能开设网店；",
            "三、教学条件",
            "1．多媒体教室",
            "2．实训软件",
            "3．网络环境",
        )
    )
    assert headings(read_docx(body, styles=STYLES)) == [
        (1, "一、课程性质"),
        (1, "二、课程目标"),
        (2, "（一）总目标"),
        (3, "1.知识目标"),
        (3, "2.能力目标"),
        (1, "三、教学条件"),
    ]


def test_unstyled_levels_follow_the_styled_ones(read_docx: Reader) -> None:
    """Where 一、 has a style of level 2, an unstyled （一） stands on level 3."""
    body = styled("第一部分 总则", "1") + styled("一、目标", "2") + line("（一）知识目标", "", BOLD) + line(BODY)
    assert headings(read_docx(body, styles=STYLES)) == [(1, "第一部分 总则"), (2, "一、目标"), (3, "（一）知识目标")]


def test_annexed_course_standards_keep_their_own_outline(read_docx: Reader) -> None:
    """Course standards annexed to a styled plan stand under the annex, each with its own 一、 and （一） below it."""
    large, one = '<w:b/><w:sz w:val="36"/>', line("一、性质", "", BOLD) + line("（一）定位", "", BOLD) + line(BODY)
    annexed = "".join(line(f"《{name}》课程标准", "", large) + one for name in ("社群运营", "网络营销"))
    body = styled("培养方案", "1") + styled("一、目标", "2") + line(BODY) + styled("附件 课程标准", "2") + annexed
    assert [level for level, _ in headings(read_docx(body, styles=STYLES))] == [1, 2, 2, 3, 4, 5, 3, 4, 5]


def test_a_stray_style_does_not_turn_the_outline_over(read_docx: Reader) -> None:
    """One （一） that an author gave the style of 一、 does not lift all the others above their 一、."""
    upper = "".join(styled(f"{n}、目标", "2") + line("（一）知识", "", BOLD) + line(BODY) for n in "一二三")
    found = headings(read_docx(upper + styled("（一）误用", "1"), styles=STYLES))
    assert [level for level, text in found if text == "（一）知识"] == [3, 3, 3]


def test_bold_lines_are_headings_below_the_last(read_docx: Reader) -> None:
    """A short bold line without a number is a heading one level below the one before it; a caption is not."""
    body = (
        line("一、课程内容", "", BOLD)
        + line("专业课程：", "", BOLD)
        + line(BODY)
        + line("表1 学时", "", BOLD)
        + line(BODY)
    )
    assert headings(read_docx(body, styles=STYLES)) == [(1, "一、课程内容"), (2, "专业课程：")]


def test_large_titles_inside_open_a_document_of_their_own(read_docx: Reader) -> None:
    """In a file of several course standards, each large title stands above its 一、 headings."""
    large = '<w:b/><w:sz w:val="36"/>'
    one = line("一、性质", "", BOLD) + line(BODY)
    body = one + line("《社群运营》课程标准", "", large) + one + line("《网络营销》课程标准", "", large) + one
    assert headings(read_docx(body, styles=STYLES)) == [
        (2, "一、性质"),
        (1, "《社群运营》课程标准"),
        (2, "一、性质"),
        (1, "《网络营销》课程标准"),
        (2, "一、性质"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (styled("网店运营教学大纲", "T"), "网店运营教学大纲"),
        (
            line("某某职业学院", '<w:jc w:val="center"/>', '<w:sz w:val="44"/>')
            + line("《网店运营》课程标准", '<w:jc w:val="center"/>', '<w:sz w:val="36"/>'),
            "《网店运营》课程标准",
        ),
        (
            line("2025级电子商务专业", '<w:jc w:val="center"/>', '<w:sz w:val="44"/>')
            + line("人才培养方案", '<w:jc w:val="center"/>', '<w:sz w:val="44"/>'),
            "2025级电子商务专业人才培养方案",
        ),
        (line("《网店运营》课程标准", "", '<w:sz w:val="32"/>'), "《网店运营》课程标准"),
        (line("普通正文"), "属性里的标题"),
    ],
)
def test_title(read_docx: Reader, body: str, expected: str) -> None:
    """The title is a Title-styled line, else the largest line of the cover, else the file's property."""
    document = read_docx(body + line("一、课程性质") + line(BODY), styles=STYLES, title="属性里的标题")
    assert document.title == expected


def test_list_items_carry_number_and_level(read_docx: Reader) -> None:
    """Typed list numbers are told apart: the number is kept, （1） stands below 1."""
    document = read_docx(
        line("1.能开设网店，并完成装修；") + line("（1）能选择平台，并说明理由；") + line(BODY), styles=STYLES
    )
    assert [(b.kind, b.number, b.level) for b in document.blocks] == [
        ("list_item", "1.", 1),
        ("list_item", "（1）", 2),
        ("paragraph", "", 0),
    ]
