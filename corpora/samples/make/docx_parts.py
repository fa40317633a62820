"""The parts of a Word file that hold no text of the document: styles, numbering, settings, relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml."
LIST_ABSTRACT = 2


@dataclass(frozen=True, slots=True)
class Fonts:
    """Font names: of the text, of headings, of Latin letters."""

    text: str
    heading: str
    latin: str


OFFICE_FONTS = Fonts("宋体", "黑体", "Times New Roman")
EMBEDDED_FONTS = Fonts("Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Serif CJK SC")


def fonts(latin: str, east_asia: str) -> str:
    """The ``rFonts`` element for a pair of fonts."""
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east_asia}" w:cs="{latin}"/>'


def styles(use: Fonts) -> bytes:
    """``word/styles.xml``: 正文, 标题 1-3, 题注, 页眉, 脚注, table grid; sizes in half points."""
    body = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts(use.latin, use.text)}<w:kern w:val="2"/><w:sz w:val="24"/>'
        '<w:szCs w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:pPr>'
        '<w:spacing w:line="360" w:lineRule="auto"/><w:jc w:val="both"/></w:pPr></w:style>'
    )
    body += "".join(_heading_style(level, size, use) for level, size in ((1, 30), (2, 28), (3, 24)))
    body += _style("a3", "caption", '<w:spacing w:before="120" w:after="60"/><w:jc w:val="center"/>', use, 21, "<w:b/>")
    body += _style("a4", "header", '<w:jc w:val="center"/>', use, 18)
    body += _style("a5", "footnote text", '<w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="left"/>', use, 18)
    body += (
        '<w:style w:type="table" w:styleId="a6"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>'
        + "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        + "</w:tblBorders></w:tblPr></w:style>"
    )
    return f"{DECLARATION}<w:styles {NAMESPACES}>{body}</w:styles>".encode()


def _heading_style(level: int, size: int, use: Fonts) -> str:
    paragraph = (
        f'<w:keepNext/><w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="1"/></w:numPr>'
        f'<w:spacing w:before="160" w:after="80" w:line="360" w:lineRule="auto"/><w:outlineLvl w:val="{level - 1}"/>'
    )
    look = f'{fonts(use.heading, use.heading)}<w:b/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{level}"><w:name w:val="heading {level}"/><w:basedOn w:val="a"/>'
        f'<w:next w:val="a"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{look}</w:rPr></w:style>'
    )


def _style(style_id: str, name: str, paragraph: str, use: Fonts, size: int, extra: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/><w:basedOn w:val="a"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{fonts(use.latin, use.text)}{extra}"
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def numbering(lists: int) -> bytes:
    """``word/numbering.xml``: 一、（一）1. for headings; （1） for ``lists`` lists, each starting anew."""
    levels = (
        ("chineseCountingThousand", "%1、", "1"),
        ("chineseCountingThousand", "（%2）", "2"),
        ("decimal", "%3.", "3"),
    )
    body = '<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>'
    for index, (form, text, style) in enumerate(levels):
        body += (
            f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:pStyle w:val="{style}"/>'
            f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        )
    body += (
        f'</w:abstractNum><w:abstractNum w:abstractNumId="{LIST_ABSTRACT}"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/>'
        '<w:lvlText w:val="（%1）"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:firstLine="480"/></w:pPr></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    for number in range(2, lists + 2):
        body += (
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{LIST_ABSTRACT}"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    return f"{DECLARATION}<w:numbering {NAMESPACES}>{body}</w:numbering>".encode()


def header(text: str) -> bytes:
    """``word/header1.xml``: one centred line over a rule."""
    rule = '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="a4"/>{rule}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>'
    return f"{DECLARATION}<w:hdr {NAMESPACES}>{paragraph}</w:hdr>".encode()


def footer() -> bytes:
    """``word/footer1.xml``: 第 n 页 共 m 页."""
    field = (
        '<w:r><w:t xml:space="preserve"> </w:t></w:r><w:fldSimple w:instr=" {} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    )
    text = "<w:r><w:t>第</w:t></w:r>{}<w:r><w:t> 页  共</w:t></w:r>{}<w:r><w:t> 页</w:t></w:r>"
    line = text.format(field.format("PAGE"), field.format("NUMPAGES"))
    return f'{DECLARATION}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="a4"/></w:pPr>{line}</w:p></w:ftr>'.encode()


def footnotes(bodies: Sequence[str]) -> bytes:
    """``word/footnotes.xml``: the two separators and the notes, numbered from 1."""
    body = (
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
        "</w:footnote>"
    )
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    for number, text in enumerate(bodies, start=1):
        body += (
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="a5"/></w:pPr>{mark}'
            f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
        )
    return f"{DECLARATION}<w:footnotes {NAMESPACES}>{body}</w:footnotes>".encode()


def fixed_parts(title: str, author: str) -> dict[str, bytes]:
    """Content types, relations, settings and properties."""
    kinds = ("styles", "numbering", "settings", "footnotes", "header", "footer")
    files = {kind: f"{kind}1.xml" if kind in ("header", "footer") else f"{kind}.xml" for kind in kinds}
    overrides = "".join(
        f'<Override PartName="/word/{name}" ContentType="{_TYPES}{kind}+xml"/>' for kind, name in files.items()
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}{kind}" Target="{name}"/>'
        for n, (kind, name) in enumerate(files.items(), start=1)
    )
    package = "http://schemas.openxmlformats.org/package/2006/"
    core = package + "metadata/core-properties"
    texts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{package}content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPES}document.main+xml"/>{overrides}'
            '<Override PartName="/docProps/core.xml" '
            'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}relationships"><Relationship Id="rId1" Type="{_OFFICE}officeDocument" '
            'Target="word/document.xml"/><Relationship Id="rId2" '
            f'Type="{package}relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>'
        ),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator></cp:coreProperties>"
        ),
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}relationships">{relations}</Relationships>',
        "word/settings.xml": (
            f'<w:settings {NAMESPACES}><w:defaultTabStop w:val="420"/><w:characterSpacingControl '
            'w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode" '
            'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
        ),
    }
    return {name: (DECLARATION + text).encode() for name, text in texts.items()}
