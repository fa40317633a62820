"""Lays a sample's markup out as an EPUB 3: one file a chapter, a navigation document, a style sheet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from corpora.samples.make.markup import Block, Grid, Source, parse, runs
from corpora.samples.make.packing import pack

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_STYLE = """body { font-family: "Songti SC", "SimSun", "Noto Serif CJK SC", serif; line-height: 1.7; margin: 1em; }
h1, h2, h3 { font-family: "Heiti SC", "SimHei", "Noto Sans CJK SC", sans-serif; line-height: 1.4; }
p { text-indent: 2em; margin: 0.3em 0; }
p.caption { text-indent: 0; text-align: center; font-weight: bold; }
table { border-collapse: collapse; width: 100%; font-size: 0.9em; }
th, td { border: 1px solid #555; padding: 0.3em 0.5em; vertical-align: top; }
th { background: #eee; }
"""
_CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def epub_bytes(text: str) -> bytes:
    """Lay out a sample's markup as an EPUB."""
    source = parse(text)
    chapters = list(_chapters(source.blocks))
    files = {f"OEBPS/chapter{n}.xhtml": _page(title, body) for n, (title, body) in enumerate(chapters, start=1)}
    links = "".join(
        f'<li><a href="chapter{n}.xhtml">{escape(title)}</a></li>' for n, (title, _) in enumerate(chapters, start=1)
    )
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": _DECLARATION + _CONTAINER,
        "OEBPS/content.opf": _package(source, len(chapters)),
        "OEBPS/nav.xhtml": _page("目录", f'<nav epub:type="toc"><h1>目录</h1><ol>{links}</ol></nav>'),
        "OEBPS/style.css": _STYLE,
        **files,
    }
    return pack({name: part.encode() for name, part in parts.items()}, stored=("mimetype",))


def _chapters(blocks: list[Block]) -> Iterator[tuple[str, str]]:
    """Title and body of each chapter; a chapter begins at a first-level heading."""
    starts = [n for n, block in enumerate(blocks) if block.kind == "heading" and block.level == 1]
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        yield blocks[start].text, _body(blocks[start:end])


def _body(blocks: list[Block]) -> str:
    out = ""
    for is_item, group in groupby(blocks, key=lambda block: block.kind == "item"):
        if is_item:
            out += "<ol>" + "".join(f"<li>{_inline(block.text)}</li>" for block in group) + "</ol>\n"
        else:
            out += "".join(_element(block) for block in group)
    return out


def _element(block: Block) -> str:
    if block.grid:
        return _table(block.grid)
    if block.kind == "heading":
        return f"<h{block.level}>{_inline(block.text)}</h{block.level}>\n"
    attribute = ' class="caption"' if block.kind == "caption" else ""
    return f"<p{attribute}>{_inline(block.text)}</p>\n"


def _inline(text: str) -> str:
    return "".join(
        f"<strong>{escape(run.text)}</strong>" if run.kind == "bold" else escape(run.text) for run in runs(text)
    )


def _table(grid: Grid) -> str:
    rows = [""] * len(grid.rows)
    for cell in grid.cells():
        tag = "th" if cell.row < grid.header_rows else "td"
        spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
        spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
        rows[cell.row] += f"<{tag}{spans}>{'<br/>'.join(_inline(line) for line in cell.lines)}</{tag}>"
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>\n"


def _page(title: str, body: str) -> str:
    return (
        f'{_DECLARATION}<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="zh-CN" lang="zh-CN"><head>'
        f'<title>{escape(title)}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>'
        f"<body>\n{body}</body></html>\n"
    )


def _package(source: Source, chapters: int) -> str:
    names = [f"chapter{n}" for n in range(1, chapters + 1)]
    page = 'media-type="application/xhtml+xml"'
    items = "".join(f'<item id="{name}" href="{name}.xhtml" {page}/>' for name in names)
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    title, author = escape(source.settings["title"]), escape(source.settings["author"])
    return (
        f'{_DECLARATION}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        'xml:lang="zh-CN"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:duibiao:sample:{title}</dc:identifier><dc:title>{title}</dc:title>'
        f"<dc:creator>{author}</dc:creator><dc:language>zh-CN</dc:language>"
        '<meta property="dcterms:modified">2025-09-01T08:00:00Z</meta></metadata>'
        f'<manifest><item id="nav" href="nav.xhtml" {page} properties="nav"/>'
        f'<item id="style" href="style.css" media-type="text/css"/>{items}</manifest><spine>{spine}</spine></package>'
    )
