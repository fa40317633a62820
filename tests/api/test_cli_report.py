"""``duibiao report``: formats, options and exit codes of the contract, each in a fresh process."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import docx
import lxml.html
import openpyxl
import pytest

from api.schemas import ReportOut
from corpora.standard_json import load_standard

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

SYLLABUS = "网店运营_课程标准"
FORMATS = ("json", "html", "docx", "xlsx", "md", "csv")


@pytest.fixture(scope="module")
def written(duibiao: Run, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One report, written once in every format into a folder that is not there yet."""
    out = tmp_path_factory.mktemp("reports") / "审核" / "2026"
    wanted = [*FORMATS, *(["pdf"] if find_spec("weasyprint") else [])]
    options = [part for name in wanted for part in ("--format", name)]
    done = duibiao("report", samples / f"{SYLLABUS}.docx", *options, "--out", out)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr.decode()
    told = [line for line in done.stderr.decode().splitlines() if line.startswith("已写入")]
    assert len(told) == len(wanted)
    return {path.suffix[1:]: path for path in sorted(out.iterdir())}


@pytest.fixture(scope="module")
def told(written: dict[str, Path]) -> ReportOut:
    """The report as the JSON file tells it, checked by the models that the schema is made of."""
    return ReportOut.model_validate_json(written["json"].read_bytes(), strict=True)


def as_json(done: subprocess.CompletedProcess[bytes]) -> ReportOut:
    """The report on standard output, which must hold nothing else."""
    return ReportOut.model_validate(json.loads(done.stdout))


def test_terminal_summary_is_the_default(duibiao: Run, samples: Path) -> None:
    """Without --format a person reads a Chinese summary: the file, the course, the coverage, the gaps."""
    done = duibiao("report", samples / f"{SYLLABUS}.docx")
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    for words in (f"{SYLLABUS}.docx", "530701", "网店运营", "已覆盖", "先补这些", "运营规划"):
        assert words in text
    assert max(map(len, text.splitlines())) <= 100


def test_json_stands_alone_on_standard_output(duibiao: Run, samples: Path) -> None:
    """--format json without --out gives the report of the contract and not one byte besides.

    Below the ratio of --fail-under the exit code is 1, with the report all the same and one line why.
    """
    done = duibiao("report", samples / f"{SYLLABUS}.docx", "--format", "json", "--fail-under", "0.99")
    report = as_json(done)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "低于要求的 99%" in done.stderr.decode()
    assert json.loads(done.stdout)["schema"] == "duibiao.report/1"
    assert [element.id for element in report.elements] == [element.id for element in load_standard("530701").elements]
    assert all(element.evidence for element in report.elements if element.grade)
    assert any(element.grade for element in report.elements)


def test_json_stays_alone_beside_a_summary(duibiao: Run, samples: Path, told: ReportOut) -> None:
    """Asked for both, the summary goes to stderr, so that a pipe still gets JSON; enough coverage is exit code 0."""
    enough = told.indices.coverage_ratio - 0.001
    assert enough > 0
    formats = ("--format", "terminal", "--format", "json")
    done = duibiao("report", samples / f"{SYLLABUS}.docx", *formats, "--fail-under", enough)
    assert done.returncode == 0
    assert as_json(done).elements == told.elements
    assert "已覆盖" in done.stderr.decode()


def test_several_formats_go_into_a_folder(written: dict[str, Path]) -> None:
    """The folder is made, the files carry the document's name."""
    assert set(FORMATS) <= set(written)
    assert {path.stem for path in written.values()} == {f"{SYLLABUS}.report"}


def test_html_opens_from_disk_and_needs_nothing_else(written: dict[str, Path], told: ReportOut) -> None:
    """One file: no address outside it, and every gap's element on the page."""
    page = lxml.html.parse(str(written["html"])).getroot()
    outside = [value for _, _, value, _ in page.iterlinks() if not value.startswith(("#", "data:"))]
    assert outside == []
    text = page.text_content()
    elements = {element.id: element.text for element in told.elements}
    assert told.gaps
    assert [gap.element for gap in told.gaps if elements[gap.element] not in text] == []


def test_docx_opens_and_names_the_gaps(written: dict[str, Path], told: ReportOut) -> None:
    """The review form is a Word document with tables and the missing elements by name."""
    document = docx.Document(str(written["docx"]))
    cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    text = "\n".join(paragraph.text for paragraph in document.paragraphs) + cells
    missing = [element.text for element in told.elements if element.id in {g.element for g in told.gaps[:5]}]
    assert missing
    assert [words for words in missing if words not in text] == []


def test_xlsx_opens_with_its_four_sheets(written: dict[str, Path], told: ReportOut) -> None:
    """A workbook of overview, matrix, gaps and rules; no cell is a formula."""
    book = openpyxl.load_workbook(written["xlsx"])
    assert book.sheetnames == ["总览", "要求×证据", "差距", "规则"]
    assert book["差距"].max_row > len(told.gaps)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_csv_and_markdown_tell_the_same_report(written: dict[str, Path], told: ReportOut) -> None:
    """The CSV opens in a spreadsheet (byte order mark) and has each element; the Markdown has a title and tables."""
    data = written["csv"].read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert sorted({row["要素编号"] for row in rows}) == sorted(element.id for element in told.elements)
    markdown = written["md"].read_text(encoding="utf-8")
    assert markdown.startswith("# ")
    assert "\n|" in markdown


@pytest.mark.skipif(find_spec("weasyprint") is None, reason="pdf 附加包未安装")
def test_pdf_opens_with_its_text(written: dict[str, Path]) -> None:
    """The PDF has pages whose Chinese text can be copied."""
    import pypdfium2

    with pypdfium2.PdfDocument(written["pdf"]) as pdf:
        text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert "网店运营" in text


def test_one_format_goes_to_the_file_named(duibiao: Run, samples: Path, tmp_path: Path, told: ReportOut) -> None:
    """--course narrows the report to the courses asked for, --as overrules what the document looks like."""
    out = tmp_path / "新" / "r.json"
    source = samples / f"{SYLLABUS}.docx"
    asked = ("--as", "textbook", "--course", "C2", "--course", "C1")
    done = duibiao("report", source, *asked, "--format", "json", "--out", out)
    report = ReportOut.model_validate_json(out.read_bytes())
    assert (done.returncode, done.stdout) == (0, b"")
    assert {gap.element.split(".")[0] for gap in report.gaps} == {"C1", "C2"}
    assert report.document.kind == "textbook"
    assert told.document.kind == "syllabus"
