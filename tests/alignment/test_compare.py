"""Documents side by side and versions of one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alignment.aligner import Aligner
from alignment.compare import MOST, compare
from alignment.model import GapReport, Match, RuleVerdict
from corpora.document import Document
from corpora.errors import UsageError
from corpora.standard import Standard


@pytest.fixture(scope="module")
def base(orchard: Document, mini: Standard, aligner: Aligner) -> GapReport:
    """The report of the small syllabus, which serves the first course."""
    return aligner.align(orchard, mini, courses=["C1"])


def _with(base: GapReport, grades: dict[str, int], scope: tuple[str, ...] = ("C1",), **levels: int) -> GapReport:
    """The report with these grades, all others missing; of ``C1_R1_e1=1`` a level."""
    quote = base.match_of["C1.R1.e1"].evidence[:1]

    def match(old: Match) -> Match:
        grade = grades.get(old.element.id, 0)
        level = levels.get(old.element.id.replace(".", "_"), old.element.level) if grade else None
        return replace(old, grade=grade, evidence=quote if grade else (), level_found=level)  # type: ignore[arg-type]

    return replace(base, matches=tuple(match(m) for m in base.matches), scope=scope)


def test_side_by_side(base: GapReport) -> None:
    """Who covers what, what nobody covers, what only one covers, what more than one covers."""
    first = _with(base, {"C1.T1.e1": 2, "C1.R1.e1": 2, "C2.R1.e1": 2})
    second = _with(base, {"C1.R1.e1": 2, "C1.R1.e2": 1})
    third = _with(base, {"C2.R1.e1": 2}, ())
    found = compare([("甲", first), ("乙", second), ("丙", third)])
    assert found.scope == ("C1",)
    assert [row.element.id for row in found.scoped] == ["C1.T1.e1", "C1.R1.e1", "C1.R1.e2"]
    assert found.counts == ((1, 0, 2), (1, 1, 1), (3, 0, 0))
    assert found.ratios == (2 / 3, 1 / 3, 0.0)
    assert found.best == (0,)
    assert [row.element.id for row in found.common_gaps] == ["C1.R1.e2"]
    assert [[row.element.id for row in found.unique(n)] for n in range(3)] == [["C1.T1.e1"], [], []]
    assert [row.element.id for row in found.shared] == ["C1.R1.e1"]
    assert found.overlap == ((1.0, 0.5, 0.0), (0.5, 1.0, 0.0), (0.0, 0.0, 0.0))
    assert len(found.elements) == len(base.matches)


def test_the_best_of_equal_grades_reaches_the_level(base: GapReport) -> None:
    """Two cover it; one of them below the required level."""
    low = _with(base, {"C1.R1.e2": 2, "C1.R1.e1": 1}, C1_R1_e2=2)
    high = _with(base, {"C1.R1.e2": 2})
    rows = {row.element.id: row for row in compare([("甲", low), ("乙", high)]).elements}
    assert rows["C1.R1.e2"].best == (1,)
    assert rows["C1.R1.e2"].covering == (0, 1)
    assert rows["C1.R1.e1"].best == (0,)
    assert rows["C2.R1.e1"].best == ()


def test_statements_and_courses(base: GapReport) -> None:
    """Their ratios stand beside each other; nobody is best where nobody covers anything."""
    found = compare([("甲", base), ("乙", base)])
    assert [row.statement.id for row in found.courses] == ["C1"]
    (course,) = found.courses
    assert course.ratios[0] == course.ratios[1] > 0
    assert course.best == (0, 1)
    empty = next(row for row in found.statements if not any(row.ratios))
    assert empty.best == ()


def test_two_versions(base: GapReport) -> None:
    """What got better, what was lost, levels and rules that changed, and by how much the coverage rose."""
    rules = (
        RuleVerdict("NR04", "fail", 2480, ">= 2500", "must", ""),
        RuleVerdict("NR06", "pass", 26.0, ">= 25", "should", ""),
        RuleVerdict("NR07", "pass", 1, ">= 1", "should", ""),
    )
    before = replace(_with(base, {"C1.T1.e1": 2, "C1.R1.e2": 2, "C1.R1.e1": 1}, C1_R1_e2=3), rules=rules)
    after = replace(
        _with(base, {"C1.R1.e1": 2, "C1.R1.e2": 2}),
        rules=(replace(rules[0], verdict="pass", value=2510), rules[1], replace(rules[2], id="NR08")),
    )
    (changes,) = compare([("旧", before), ("新", after)]).changes
    assert [c.element.id for c in changes.better] == ["C1.R1.e1"]
    assert [c.element.id for c in changes.lost] == ["C1.T1.e1"]
    assert [(c.element.id, c.before.level_found, c.after.level_found) for c in changes.levels] == [("C1.R1.e2", 3, 6)]
    assert [(c.rule.id, bool(c.before), bool(c.after)) for c in changes.rules] == [
        ("NR04", True, True),
        ("NR07", True, False),
        ("NR08", False, True),
    ]
    assert changes.coverage == (2 / 3, 2 / 3)
    assert changes.gained == 0
    assert changes.better[0].after.evidence


def test_without_a_fitting_course_all_elements_count(base: GapReport) -> None:
    """Nothing is left out of the scope where no document serves a course."""
    found = compare([("甲", replace(base, scope=())), ("乙", replace(base, scope=()))])
    assert found.scope == ()
    assert found.scoped == found.elements


def test_what_cannot_be_compared(base: GapReport) -> None:
    """Too few, too many, another standard, another text of the same standard."""
    other = replace(base, standard=replace(base.standard, code="990002"))
    match = base.matches[0]
    element = replace(match.element, text="另一种说法")
    worded = replace(base, matches=(replace(match, element=element), *base.matches[1:]))
    for reports, what in (
        ([base], "2 到 6"),
        ([base] * (MOST + 1), "2 到 6"),
        ([base, other], "不是同一个标准：990001、990002"),
        ([base, worded], "有过改动"),
    ):
        with pytest.raises(UsageError, match=what):
            compare([(str(number), report) for number, report in enumerate(reports)])
