"""Reports and documents come back from their bytes as they were; bytes of another form are refused."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from alignment.aligner import Aligner
from alignment.model import Decided, GapReport
from api.plans import find_major, join_plan
from api.store.codec import (
    StaleResultError,
    decode_document,
    decode_report,
    encode_document,
    encode_report,
)
from corpora.document import Document
from corpora.parsers import read_bytes
from corpora.standard_json import load_standard

SAMPLES = Path(__file__).resolve().parents[3] / "corpora" / "samples"
NAMES = sorted(p.name for p in SAMPLES.iterdir() if p.suffix in (".docx", ".pdf", ".xlsx", ".epub"))

Read = Callable[[str], tuple[Document, GapReport]]


@pytest.fixture(scope="module")
def read() -> Read:
    """A sample document with its report, by name; a plan of two files by both names."""
    aligner, standard = Aligner.default(), load_standard("530701")
    known: dict[str, tuple[Document, GapReport]] = {}

    def read(name: str) -> tuple[Document, GapReport]:
        if name not in known:
            main, *others = (read_bytes(part, (SAMPLES / part).read_bytes()) for part in name.split(" "))
            document = join_plan(main, others, find_major(main).major) if others else main
            known[name] = document, aligner.align(document, standard)
        return known[name]

    return read


@pytest.mark.parametrize("name", [*NAMES, "直播电商专业_人才培养方案.docx 直播电商专业_教学进程表.xlsx"])
def test_every_sample_comes_back(read: Read, name: str) -> None:
    """Report and document are equal to what was stored, and count the same."""
    document, report = read(name)
    again = decode_report(encode_report(report))
    assert again == report
    assert (again.coverage_ratio, again.review_count) == (report.coverage_ratio, report.review_count)
    assert decode_document(encode_document(document)) == document


def test_plans_have_their_audit(read: Read) -> None:
    """The samples hold both kinds of report, so that the round trip above says something of audits."""
    kinds = {name: read(name)[1].programme is not None for name in NAMES}
    assert {name for name, audited in kinds.items() if audited} == {
        "电子商务专业_人才培养方案.docx",
        "直播电商专业_人才培养方案.docx",
        "直播电商专业_教学进程表.xlsx",
    }


def test_reports_made_by_hand_come_back(any_report: GapReport) -> None:
    """Empty, perfect and hostile ones, with markup and control characters in their texts."""
    assert decode_report(encode_report(any_report)) == any_report


def test_decisions_come_back(report: GapReport) -> None:
    """A report with a person's decision in it is stored whole, too."""
    decided = Decided("override", "王老师", "2026-03-01T00:00:00Z", "有实训", proposed_grade=0)
    first, *others = report.matches
    revised = replace(report, matches=(replace(first, decided=decided, grade=2), *others))
    assert decode_report(encode_report(revised)) == revised


def test_the_standard_is_inside_and_shared(read: Read) -> None:
    """A report is read without the standard's file; its matches hold the standard's own objects."""
    _, report = read("网店运营_课程标准.docx")
    again = decode_report(encode_report(report))
    own = {id(element) for element in again.standard.elements}
    assert {id(match.element) for match in again.matches} <= own
    assert {id(gap.element) for gap in again.gaps} <= own
    assert {id(c.statement) for c in again.statements} <= {id(s) for s in again.standard.statements}


def test_an_element_that_is_not_the_standards_stays_itself(report: GapReport) -> None:
    """What a match says of its element is kept where it differs from the standard."""
    first, *others = report.matches
    other = replace(first.element, text="掌握别的知识")
    changed = replace(report, matches=(replace(first, element=other), *others))
    assert decode_report(encode_report(changed)).matches[0].element.text == "掌握别的知识"


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[:-10],
        lambda data: data[: len(data) // 2],
        lambda data: data[:40] + b"\x00" * 40 + data[80:],
        lambda data: data.replace(b"report 1\n", b"report 9\n"),
        lambda _: b"duibiao report 1\n" + zlib.compress(b"{}"),
        lambda _: b"duibiao report 1\n" + zlib.compress(b'{"standard": 3'),
        lambda _: b"duibiao report 1\n" + zlib.compress(b"[]"),
        lambda data: _without(data, b'"generated_at":', b'"made_at":'),
        lambda data: _without(data, b'"p_covered":', b'"p_taught":'),
        lambda data: _without(data, b'"element":"C', b'"element":"Z'),
    ],
)
def test_other_bytes_are_stale(report: GapReport, damage: Callable[[bytes], bytes]) -> None:
    """Damaged, truncated, of another version, of other fields: each is one error with advice, no traceback."""
    data = damage(encode_report(report))
    for decode in (decode_report, decode_document):
        with pytest.raises(StaleResultError, match="重新对照"):
            decode(data)


def _without(data: bytes, old: bytes, new: bytes) -> bytes:
    head, _, body = data.partition(b"\n")
    text = zlib.decompress(body)
    assert old in text
    return head + b"\n" + zlib.compress(text.replace(old, new))


def test_a_field_that_is_new_since_has_its_default(report: GapReport) -> None:
    """A later version that adds a field with a default reads results from before."""
    data = encode_report(report)
    assert decode_report(_without(data, b'"porter":', b'"since_removed":')).porter is None
