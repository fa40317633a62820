"""Many documents at once: union, orphans, thin and repeated elements, levels, rules, strays."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import numpy as np
import pytest

from alignment.coverage import coverage_of
from alignment.portfolio import Entry, portfolio
from corpora.standard import TEACHABLE, Standard


def _entry(name: str, grades: dict[str, int], courses: tuple[str, ...] = ("C1",), **more: object) -> Entry:
    return Entry(name, name, more.pop("kind", "syllabus"), grades, courses, **more)  # type: ignore[arg-type]


@pytest.fixture
def entries() -> list[Entry]:
    """Four documents of the small standard: three of orchards, one of nothing."""
    return [
        _entry("甲", {"C1.R1.e1": 2, "C1.T1.e1": 2}, taught=frozenset(("C1.R1.e1",)), short=frozenset(("C1.T1.e1",))),
        _entry("乙", {"C1.R1.e1": 2, "C1.R1.e2": 1}),
        _entry("丙", {"C1.R1.e1": 2, "C1.T1.e1": 2}, short=frozenset(("C1.T1.e1", "C1.R1.e1"))),
        _entry("丁", {"X.e9": 2}, ()),
    ]


def _ids(rows: object) -> list[str]:
    return [row.element.id for row in rows]  # type: ignore[attr-defined]


def test_the_union_covers_what_any_document_covers(mini: Standard, entries: list[Entry]) -> None:
    """Counts are over the elements of core courses; those of competencies are listed all the same."""
    found = portfolio(mini, entries)
    assert found.counts == (2, 1, 2)
    assert found.coverage_ratio == 2 / 5
    assert _ids(found.orphans) == ["Q01.e1", "C2.R1.e1", "C2.R1.e2"]


def test_thin_elements_hang_on_one_document_or_are_only_touched(mini: Standard, entries: list[Entry]) -> None:
    """Those that are only touched come first."""
    found = portfolio(mini, entries[:2])
    assert _ids(found.thin) == ["C1.R1.e2", "C1.T1.e1"]
    touched, taught = found.thin
    assert ([e.title for e in touched.covering], [e.title for e in touched.touching]) == ([], ["乙"])
    assert [e.title for e in taught.covering] == ["甲"]


def test_repeated_elements_are_taught_by_three(mini: Standard, entries: list[Entry]) -> None:
    """Whoever only promises an element does not repeat it, nor does a plan, which is made of its courses."""
    (row,) = portfolio(mini, entries).repeated
    assert (row.element.id, [e.title for e in row.covering]) == ("C1.R1.e1", ["甲", "乙", "丙"])
    promised = replace(entries[0], taught=frozenset())
    assert portfolio(mini, [promised, *entries[1:]]).repeated == ()
    plan = replace(entries[1], kind="plan")
    assert portfolio(mini, [entries[0], plan, entries[2]]).repeated == ()


def test_shortfalls_are_taught_nowhere_at_the_level(mini: Standard, entries: list[Entry]) -> None:
    """One document at the level is enough."""
    found = portfolio(mini, entries)
    assert _ids(found.shortfalls) == ["C1.T1.e1"]


def test_rules_of_plans(mini: Standard) -> None:
    """The most often broken first, with who breaks it and where it could not be checked."""
    plans = [
        _entry("一", {}, kind="plan", failed=("NR04",), undetermined=("NR07",)),
        _entry("二", {}, kind="plan", failed=("NR04", "NR06")),
    ]
    found = portfolio(mini, plans).broken_rules
    assert [(r.id, len(r.failed), len(r.undetermined)) for r in found] == [
        ("NR04", 2, 0),
        ("NR06", 1, 0),
        ("NR07", 0, 1),
    ]


def test_strays_and_courses(mini: Standard, entries: list[Entry]) -> None:
    """A document that fits no course is told, a plan is none; each course names its documents, be there none."""
    plan = _entry("方案", {}, (), kind="plan")
    found = portfolio(mini, [*entries, plan])
    assert [entry.title for entry in found.homeless] == ["丁"]
    assert {id: [e.title for e in held] for id, held in found.course_documents.items()} == {
        "C1": ["甲", "乙", "丙"],
        "C2": [],
    }


def test_the_matrix_is_the_coverage_of_statements(ecommerce: Standard) -> None:
    """For random grades it is what ``coverage_of`` says of each statement, courses with their tasks."""
    rng = np.random.default_rng(7)
    elements = [e for s in ecommerce.of_kind(*TEACHABLE) for e in s.elements]
    made = [_entry(str(n), {e.id: int(rng.integers(3)) for e in elements}) for n in range(4)]
    found = portfolio(ecommerce, made)
    for row, entry in enumerate(made):
        for column, statement in enumerate(found.statements):
            mine = [
                entry.grades[e.id] for e in elements if statement.id in (e.statement, ecommerce.course_of(e.statement))
            ]
            assert found.matrix[row, column] == pytest.approx(coverage_of(mine)[1])
    assert (found.union == np.max([[entry.grades[e.id] for e in elements] for entry in made], axis=0)).all()
    assert [len(h.covering) for h in found.held] == (found.grades == 2).sum(axis=0).tolist()


def test_no_documents(mini: Standard) -> None:
    """Everything is an orphan, nothing else is said."""
    found = portfolio(mini, [])
    assert found.coverage_ratio == 0
    assert len(found.orphans) == len(found.elements)
    assert (found.thin, found.repeated, found.shortfalls, found.broken_rules, found.homeless) == ((), (), (), (), ())
    assert found.matrix.shape == (0, len(found.statements))


def test_a_standard_without_courses(mini: Standard) -> None:
    """All its elements decide."""
    bare = replace(mini, statements=tuple(s for s in mini.statements if s.kind == "competency"))
    assert portfolio(bare, [_entry("甲", {"Q01.e1": 2}, ())]).coverage_ratio == 1


def test_five_hundred_documents_in_a_moment(ecommerce: Standard) -> None:
    """All findings over 500 documents and 363 elements; the bound, of processor time, is twice the goal."""
    rng = np.random.default_rng(0)
    elements = [e for s in ecommerce.of_kind(*TEACHABLE) for e in s.elements]
    ids = [e.id for e in elements]
    made = [
        _entry(
            str(n),
            dict(zip(ids, rng.choice(3, len(ids), p=[0.8, 0.1, 0.1]).tolist(), strict=True)),
            taught=frozenset(ids[::3]),
            short=frozenset(ids[::7]),
        )
        for n in range(500)
    ]
    seconds = []
    for _ in range(9):
        start = process_time()
        found = portfolio(ecommerce, made)
        _ = (found.counts, found.orphans, found.thin, found.repeated, found.shortfalls, found.union_ratios)
        seconds.append(process_time() - start)
    assert len(elements) == 363
    assert min(seconds) < 0.1
