"""The registry of formats, and what all of them have in common."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from alignment.model import GapReport
from api.rendering import FORMATS, renderer
from corpora.errors import MissingExtraError, UsageError

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = {"docx", "openpyxl", "weasyprint", "jinja2", "rich", "pydantic", "torch", "fastapi"}
NEEDS = {
    "terminal": {"rich"},
    "json": {"pydantic"},
    "html": {"jinja2"},
    "docx": {"docx"},
    "xlsx": {"openpyxl"},
    "md": set(),
    "csv": set(),
}


def test_the_formats_are_those_of_the_command_line() -> None:
    """Eight formats, by the names that the contract gives."""
    assert list(FORMATS) == ["terminal", "json", "html", "docx", "xlsx", "pdf", "md", "csv"]


def test_unknown_format_is_a_usage_error_that_names_the_known_ones() -> None:
    """A wrong name is answered with the list of right ones."""
    with pytest.raises(UsageError, match=r"odt.*terminal、json、html"):
        renderer("odt")


@pytest.mark.parametrize("format", NEEDS)
def test_a_format_loads_its_own_library_and_no_other(format: str) -> None:
    """Rendering one format imports the heavy library of that format only."""
    code = f"""
import sys
from alignment.model import DocumentFacts, GapReport
from api.rendering import renderer
from corpora.standard_json import load_standard
facts = DocumentFacts("a", "0", "syllabus", "", None, 0)
renderer({format!r})(GapReport("2026-01-01T00:00:00Z", facts, load_standard("530701"), (), (), (), (), ()))
print(" ".join(sorted({LIBRARIES!r} & set(sys.modules))))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == NEEDS[format]


@pytest.mark.parametrize("format", ["terminal", "json", "html", "docx", "xlsx", "md", "csv"])
def test_every_format_takes_every_report(any_report: GapReport, format: str) -> None:
    """No course, no gap, no text, rules, errors, hostile text: each gives a file."""
    data = renderer(format)(any_report)
    assert len(data) > 500


def test_pdf_without_its_library_names_the_extra(report: GapReport, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without WeasyPrint the error says which extra to install."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(MissingExtraError, match=r"WeasyPrint.*duibiao\[pdf\]"):
        renderer("pdf")(report)


def test_pdf_embeds_the_chinese_text(report: GapReport) -> None:
    """The PDF is A4, and its text layer holds title, verdicts and a quote."""
    pytest.importorskip("weasyprint", reason="the pdf extra is not installed", exc_type=ImportError)
    import pypdfium2

    document = pypdfium2.PdfDocument(renderer("pdf")(report))
    text = "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    for expected in ("网络营销课程标准", "已覆盖", "了解搜索引擎、信息流等各类平台的推广规则。", "第 1 页"):
        assert expected in text
