"""Small plans of many layouts: rows, cells and counted sums of each, as drawn and out of files of several formats."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from alignment.programme.counting.tally import tally
from corpora.document import Document
from corpora.parsers.base import ParserOptions, Source
from corpora.parsers.reading import parse
from corpora.programme.model import Schedule
from corpora.programme.reader import read_programmes
from eval.plan_rows import score_rows
from tests.corpora.programme.layout_files import FORMATS, Layout, as_docx, load_layouts

LAYOUTS = load_layouts()
#: What the table's reader gets hardly differs by format, but for a sheet that holds all tables: files of some layouts.
FILES = [
    *((layout, "xlsx") for layout in LAYOUTS),
    *((layout, "docx") for layout in LAYOUTS[0::4]),
    *((layout, "html") for layout in LAYOUTS[2::4]),
]
PRINTED = LAYOUTS[5::8]


def differences(layout: Layout, document: Document) -> list[str]:
    """What the schedule read from a document has otherwise than the layout's truth."""
    schedule = read_programmes(document)[0].schedule
    scores = score_rows(layout.truth, schedule.courses)
    found = [*scores.wrong, *(f"missed {name}" for name in scores.missed)]
    found += [f"invented {name}" for name in scores.invented]
    return found + [text for name, value in layout.counted.items() if (text := sum_wrong(schedule, name, value))]


def sum_wrong(schedule: Schedule, measure: str, value: float) -> str:
    """How a counted sum differs from the truth, "" where it does not."""
    found = tally(schedule, range(len(schedule.courses)), measure)  # type: ignore[arg-type]
    same = abs(found.low - value) < 0.01 and abs(found.high - value) < 0.01
    return "" if same else f"{measure} {found.low:g}..{found.high:g} not {value:g}"


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_rows_cells_and_sums(layout: Layout) -> None:
    """Every layout is read without a differing cell."""
    assert differences(layout, layout.document) == []


@pytest.mark.parametrize(("layout", "format"), FILES, ids=lambda value: getattr(value, "name", value))
def test_files(layout: Layout, format: str) -> None:
    """The same out of a Word file, one sheet of a workbook, a web page."""
    data = FORMATS[format](layout)
    assert differences(layout, parse(Source(f"方案.{format}", data, ParserOptions()))) == []


@pytest.mark.office
def test_printed(tmp_path: Path) -> None:
    """The same out of PDF files that LibreOffice prints."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    for layout in PRINTED:
        (tmp_path / f"{layout.name}.docx").write_bytes(as_docx(layout))
    files = map(str, sorted(tmp_path.glob("*.docx")))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    found = {}
    for layout in PRINTED:
        data = (tmp_path / f"{layout.name}.pdf").read_bytes()
        found[layout.name] = differences(layout, parse(Source("方案.pdf", data, ParserOptions())))
    assert {name: texts for name, texts in found.items() if texts} == {}
