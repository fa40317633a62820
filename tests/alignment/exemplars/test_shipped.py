"""What the corpus holds out of the box."""

from __future__ import annotations

from pathlib import Path

from alignment.exemplars.shipped import bank_exemplars, read_samples, sample_exemplars, sample_records
from corpora.expressions import load_expressions


def test_the_shipped_passages_are_those_of_the_samples() -> None:
    """The file is what ``python -m alignment.exemplars.shipped`` makes of the samples as they are now."""
    assert sample_records() == tuple(read_samples())


def test_samples_are_syllabi_and_textbooks() -> None:
    """No programme plan among them; each passage is filed under the standard of the samples."""
    records = sample_records()
    assert {record.kind for record in records} == {"syllabus", "textbook"}
    assert sum(len(record.lines) for record in records) == len(list(sample_exemplars()))
    assert {exemplar.group[:2] for exemplar in sample_exemplars()} == {("sample", "530701")}


def test_banks_give_the_expressions_that_teach(tmp_path: Path) -> None:
    """Only those, each with the element that it was written for."""
    found = list(bank_exemplars(tmp_path))
    teaching = [item for item in load_expressions("530701") if item.grade == 2]
    assert [exemplar.line.text for exemplar in found] == [item.text for item in teaching]
    assert teaching[0].element in found[0].line.heading_path[-1]
    assert len({exemplar.id for exemplar in found}) == len(found)
    assert {exemplar.line.role for exemplar in found} == {"objective", "content", "practice", "assessment"}
