"""The unit of an audit: name and bytes in, rows out, whatever the document is."""

from __future__ import annotations

import io
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from alignment.aligner import Aligner
from alignment.audit.model import AuditOptions, document_key
from alignment.audit.work import Auditor
from corpora.errors import UnknownStandardError
from corpora.parsers import read_document
from tests.alignment.audit.conftest import NAMELESS


def bomb() -> bytes:
    """A small Word file that would unpack to 400 MB."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(400):
                part.write(b" " * (1 << 20))
    return data.getvalue()


def test_rows_say_what_the_report_says(auditor: Auditor, samples: Path) -> None:
    """Grades, probabilities, levels, quotes with places, gaps in order and figures are those of a single report."""
    path = samples / "网店运营_课程标准.docx"
    found = auditor.audit(path.name, path.read_bytes())
    report = Aligner.default().align(read_document(path), auditor.standard)
    assert [(row.element, row.grade, row.level_found) for row in found.elements] == [
        (match.element.id, match.grade, match.level_found) for match in report.matches
    ]
    assert [row.p_covered for row in found.elements] == pytest.approx([m.p_covered for m in report.matches], abs=1e-6)
    best = next(match for match in report.matches if match.evidence)
    row = next(row for row in found.elements if row.element == best.element.id)
    assert (row.quote, row.start, row.paragraph) == (
        best.evidence[0].quote,
        best.evidence[0].locator.start,
        best.evidence[0].locator.paragraph,
    )
    assert [(gap.element, gap.kind, gap.suggestion) for gap in found.gaps] == [
        (gap.element.id, gap.kind, gap.suggestion.text) for gap in report.gaps
    ]
    document = found.document
    assert (document.title, document.scope, document.covered) == (report.document.title, report.scope, report.count(2))
    assert document.coverage_ratio == pytest.approx(report.coverage_ratio, abs=1e-6)
    assert all((row.grade > 0) == bool(row.quotes) for row in found.elements)


def test_a_plan_has_rules(auditor: Auditor, samples: Path) -> None:
    """Verdicts on rules and contradictions of a programme plan are rows."""
    path = samples / "电子商务专业_人才培养方案.docx"
    found = auditor.audit(path.name, path.read_bytes())
    assert found.document.kind == "plan"
    assert {rule.verdict for rule in found.rules} <= {"pass", "fail", "cannot_determine"}
    assert found.document.rules_failed == sum(rule.verdict == "fail" for rule in found.rules)
    assert len(found.rules) > 5


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.docx", b"", "空"),
        ("坏.pdf", b"%PDF-1.7\nnothing", ""),
        ("坏.docx", b"PK\x03\x04\0\0", "损坏"),
        ("炸弹.docx", None, "压缩"),
        ("程序.txt", b"\x7fELF\x02\x01\x01" + b"\0" * 400, ""),
    ],
)
def test_a_bad_document_is_a_row(auditor: Auditor, name: str, data: bytes | None, words: str) -> None:
    """Empty, damaged, hostile files: one failed document with one reason, without the name, and nothing raised."""
    found = auditor.audit(name, bomb() if data is None else data)
    assert (found.document.status, found.elements, found.gaps) == ("failed", (), ())
    (problem,) = found.problems
    assert words in problem.what
    assert name not in problem.where
    assert problem.kind == "unreadable"


def test_a_name_counts_only_where_the_document_has_no_title(auditor: Auditor, samples: Path) -> None:
    """The same bytes give the same rows under any name; a document without a title is called as its file."""
    data = (samples / "互联网销售_课程标准.docx").read_bytes()
    one, other = auditor.audit("文件一.docx", data), auditor.audit("深/处\\文件二.docx", data)
    assert one == other
    assert not one.by_name
    first, second = (auditor.audit(f"第{n}周.txt", NAMELESS.encode()) for n in (1, 2))
    assert first.by_name
    assert (first.document.title, second.document.title) == ("第1周", "第2周")
    assert first.key != second.key


def test_rows_survive_pickling_and_have_their_key(auditor: Auditor) -> None:
    """Results cross processes as they are; their key is that of identity, bytes and format."""
    found = auditor.audit("周.txt", NAMELESS.encode())
    assert pickle.loads(pickle.dumps(found)) == found
    sha256 = found.document.sha256
    assert found.key == document_key(auditor.identity, sha256, "周.txt", by_name=True)
    other = replace(auditor.identity, encoder="another")
    keys = {document_key(i, sha256, n) for i in (auditor.identity, other) for n in ("a.txt", "b.TXT", "c.md")}
    assert len(keys) == 4


def test_what_documents_are_taken_for_is_part_of_the_identity(auditor: Auditor) -> None:
    """Rows of documents taken for textbooks are not those of recognised ones."""
    assert Auditor(AuditOptions(kind="textbook")).identity != auditor.identity


def test_no_such_standard() -> None:
    """A wrong call is an error of the auditor, not of a document."""
    with pytest.raises(UnknownStandardError):
        Auditor(AuditOptions(standard="000000"))
