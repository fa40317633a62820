"""Writes the two test standards as docx, pdf, Markdown and HTML from their text.

Run it as ``python tests/corpora/standards/build.py``.

``# `` … are headings, tab-separated lines table rows, an empty cell is merged with the one above, ``* `` an item that
Word numbers itself, 续表 starts the next part of the core-course table with its header repeated. The pdf is printed
by LibreOffice, with table rows broken over pages.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

HERE = Path(__file__).resolve().parent
WIDTHS = {2: (4.0, 11.5), 4: (1.2, 2.6, 5.2, 6.5)}


def source(code: str) -> list[str]:
    """Lines of a standard's text, a blank one at the end."""
    return [*(HERE / f"{code}.txt").read_text("utf-8").splitlines(), ""]


def build(code: str) -> Path:
    """Write ``<code>.docx`` beside its text; returns its path."""
    document: Any = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Noto Serif CJK SC", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    rows: list[list[str]] = []
    for line in source(code):
        if "\t" in line:
            rows.append(line.split("\t"))
            continue
        if rows:
            add_table(document, rows)
            rows = []
        add_paragraph(document, line)
    target = HERE / f"{code}.docx"
    document.save(str(target))
    return target


def add_paragraph(document: Any, line: str) -> None:
    heading = re.match(r"(#+) (.*)", line)
    if heading:
        document.add_heading(heading[2], level=len(heading[1]))
    elif line.startswith("* "):
        document.add_paragraph(line[2:], style="List Number")
    elif line:
        document.add_paragraph(line)


def add_table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    table.autofit = False
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            cell = table.cell(r, c)
            cell.width = Cm(WIDTHS[len(row)][c])
            if not text:
                table.cell(r - 1, c).merge(cell)
                continue
            paragraphs = [p for p in re.split(r"</?p>|(?=[②-⑨])", text) if p]
            cell.text = paragraphs[0]
            for paragraph in paragraphs[1:]:
                cell.add_paragraph(paragraph)


def write_markdown(code: str) -> None:
    """Paragraphs with blank lines between, pipe tables with a rule under the header."""
    out: list[str] = []
    in_table = False
    for line in source(code):
        if "\t" in line:
            cells = line.split("\t")
            out.append(f"| {' | '.join(cells)} |")
            if not in_table:
                out.append("|" + " --- |" * len(cells))
            in_table = True
            continue
        out += ["", line] if not line.startswith("* ") or not out[-1].startswith("* ") else [line]
        in_table = False
    (HERE / f"{code}.md").write_text("\n".join(out).strip() + "\n", "utf-8")


def write_html(code: str) -> None:
    """Headings, paragraphs, an ordered list, and tables with rowspan."""
    out: list[str] = []
    rows: list[list[str]] = []
    for line in source(code):
        if "\t" in line:
            rows.append(line.split("\t"))
            continue
        if rows:
            out.append(html_table(rows))
            rows = []
        heading = re.match(r"(#+) (.*)", line)
        if heading:
            out.append(f"<h{len(heading[1])}>{heading[2]}</h{len(heading[1])}>")
        elif line.startswith("* "):
            out.append(f"<ol><li>{line[2:]}</li></ol>")
        elif line:
            out.append(f"<p>{line}</p>")
    body = "\n".join(out).replace("</ol>\n<ol>", "\n")
    (HERE / f"{code}.html").write_text(f"<!doctype html><meta charset='utf-8'><body>{body}</body>\n", "utf-8")


def html_table(rows: list[list[str]]) -> str:
    spanned = {(r - 1, c) for r, row in enumerate(rows) for c, text in enumerate(row) if not text}
    out: list[str] = []
    for r, row in enumerate(rows):
        cells = [f"<td{' rowspan=2' if (r, c) in spanned else ''}>{text}</td>" for c, text in enumerate(row) if text]
        out.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(out)}</table>"


def print_pdf(path: Path) -> None:
    """Let LibreOffice write the pdf beside the docx."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(HERE),
                str(path),
            ],
            check=True,
            timeout=180,
            stdout=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    for standard in ("460301", "520201"):
        print_pdf(build(standard))
        write_markdown(standard)
        write_html(standard)
