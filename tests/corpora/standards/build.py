"""Writes the two test standards as docx and pdf from their text (``python tests/corpora/standards/build.py``).

``# `` … are headings, tab-separated lines table rows, ``^`` a cell merged with the one above, ``* `` an item that
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


def build(code: str) -> Path:
    """Write ``<code>.docx`` beside its text; returns its path."""
    document: Any = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Noto Serif CJK SC", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    rows: list[list[str]] = []
    for line in [*(HERE / f"{code}.md").read_text("utf-8").splitlines(), ""]:
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
            if text == "^":
                table.cell(r - 1, c).merge(cell)
                continue
            paragraphs = [p for p in re.split(r"</?p>|(?=[②-⑨])", text) if p]
            cell.text = paragraphs[0]
            for paragraph in paragraphs[1:]:
                cell.add_paragraph(paragraph)


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
