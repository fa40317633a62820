"""Makes the sample documents and their fixtures: ``python -m corpora.samples.make.build [--without-pdf]``.

Content stands in ``content/*.md``, hand-written labels in ``labels/*.txt``. Everything but the PDF comes out with the
same bytes each time; the PDF is printed by LibreOffice, which dates it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from corpora.samples.make import pdf
from corpora.samples.make.docx_body import docx_bytes
from corpora.samples.make.docx_parts import EMBEDDED_FONTS
from corpora.samples.make.epub import epub_bytes
from corpora.samples.make.expected import expected_json
from corpora.samples.make.workbook import workbook_bytes

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent
FORMATS = {
    "网店运营_课程标准": "docx",
    "社群运营_教学大纲": "pdf",
    "数据化运营_授课进度计划": "xlsx",
    "网络营销_教材节选": "epub",
    "电子商务专业_人才培养方案": "docx",
    "机械制图_课程标准": "docx",
    "互联网销售_课程标准": "docx",
    "直播电商专业_人才培养方案": "docx",
    "直播电商专业_教学进程表": "xlsx",
}


def _pdf_bytes(text: str) -> bytes:
    return pdf.print_pdf(docx_bytes(text, EMBEDDED_FONTS))


_WRITERS: dict[str, Callable[[str], bytes]] = {
    "docx": docx_bytes,
    "pdf": _pdf_bytes,
    "xlsx": workbook_bytes,
    "epub": epub_bytes,
}


def document(stem: str) -> bytes:
    """The bytes of one sample."""
    return _WRITERS[FORMATS[stem]]((HERE / "content" / f"{stem}.md").read_text(encoding="utf-8"))


def fixture(stem: str) -> bytes:
    """The bytes of one sample's fixture."""
    labels = (HERE / "labels" / f"{stem}.txt").read_text(encoding="utf-8")
    return expected_json(f"{stem}.{FORMATS[stem]}", labels)


def has_fixture(stem: str) -> bool:
    """Whether a sample has labels; the truth of a programme plan stands in ``plans/`` instead."""
    return (HERE / "labels" / f"{stem}.txt").is_file()


def main(arguments: list[str]) -> None:
    """Write every sample and fixture beside this folder."""
    with_pdf = "--without-pdf" not in arguments and pdf.available()
    for stem, suffix in FORMATS.items():
        if has_fixture(stem):
            (SAMPLES / f"{stem}.expected.json").write_bytes(fixture(stem))
        if suffix != "pdf" or with_pdf:
            (SAMPLES / f"{stem}.{suffix}").write_bytes(document(stem))
            print(f"{stem}.{suffix}")
        else:
            print(f"{stem}.pdf 保留原件（没有 LibreOffice，或要求不打印）")


if __name__ == "__main__":
    main(sys.argv[1:])
