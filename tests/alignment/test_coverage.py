"""Coverage of statements."""

from __future__ import annotations

import pytest

from alignment.coverage import coverage_of, statement_coverage
from alignment.model import Match
from corpora.standard_json import load_standard


@pytest.mark.parametrize(
    ("grades", "name", "ratio"),
    [([2, 2], "full", 1.0), ([0, 0, 0], "none", 0.0), ([2, 0], "partial", 0.5), ([1], "partial", 0.5)],
)
def test_a_statement_is_full_only_when_every_element_is_covered(grades: list[int], name: str, ratio: float) -> None:
    """full / partial / none follow from the elements' grades, the ratio is their mean."""
    assert coverage_of(grades) == (name, ratio)


def test_a_course_is_covered_by_its_tasks_and_requirements() -> None:
    """Grading every element of C1.R* and no task leaves C1 partly covered, its requirements fully."""
    standard = load_standard("530701")
    matches = [Match(e, 2 if e.id.startswith("C1.R") else 0, 0.9, 0.9) for e in standard.elements]
    found = {c.statement.id: c for c in statement_coverage(standard, matches)}
    assert found["C1.R1"].coverage == "full"
    assert found["C1.T1"].coverage == "none"
    assert found["C1"].coverage == "partial"
    assert 0 < found["C1"].ratio < 1
    assert found["C2"].coverage == "none"
    assert [c for c in found if c in standard.by_id] == [s.id for s in standard.statements if s.id in found]
