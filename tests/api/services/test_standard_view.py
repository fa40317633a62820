"""A standard as its page shows it: nothing of it is lost or shown twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from api.services.standard_view import Paragraph, SectionView, Shown, Table, expression, rules_of, view_of
from corpora.parsers import read_bytes
from corpora.standard import Rule, Standard
from corpora.standard_import import import_standards
from corpora.standard_json import load_standard
from tests.conftest import ROOT

FILES = ROOT / "tests" / "corpora" / "standards"


@pytest.fixture(scope="module", params=["530701", "460301.docx", "460301.md", "520201.pdf"])
def standard(request: pytest.FixtureRequest) -> Standard:
    """The shipped standard, and imported ones of several formats."""
    if request.param == "530701":
        return load_standard("530701")
    return import_standards(read_bytes(request.param, (FILES / request.param).read_bytes()))[0].standard


def _shown(view: tuple[SectionView, ...]) -> Counter[str]:
    """How often each statement has a place."""
    found: Counter[str] = Counter()
    for section in view:
        found.update(shown.statement.id for shown in section.rest)
        for block in section.blocks:
            found.update(_of_table(block) if isinstance(block, Table) else _of_paragraph(block))
    return found


def _of_paragraph(block: Paragraph) -> list[str]:
    inside = [part.statement.id for part in block.parts if isinstance(part, Shown)]
    return [*inside, *(s.id for s in block.whole), *(b.statement.id for b in block.beside)]


def _of_table(block: Table) -> list[str]:
    rows = [(row.course.id, [s.statement.id for s in (*row.tasks, *row.requirements)]) for row in block.courses]
    return [id for course, others in rows for id in (course, *others)]


def _text(block: Paragraph) -> str:
    parts = [part.runs if isinstance(part, Shown) else (part,) for part in block.parts]
    return "".join(run.text for runs in parts for run in runs)


def test_every_statement_has_one_place(standard: Standard) -> None:
    """So that each anchor is there, once."""
    assert _shown(view_of(standard)) == Counter(statement.id for statement in standard.statements)


def test_paragraphs_are_verbatim(standard: Standard) -> None:
    """The statements marked in a paragraph change none of its words; only captions of tables are left to the table."""
    source = {p.text for section in standard.sections for p in section.paragraphs}
    shown = [_text(block) for s in view_of(standard) for block in s.blocks if isinstance(block, Paragraph)]
    assert set(shown) <= source
    captions = {s.table.get("caption") for s in standard.sections if s.table} | {"续表"}
    titles = {p.text for p in standard.sections[0].paragraphs}
    assert {text for text in source - set(shown) if text.strip() not in captions} <= titles


def test_elements_are_marked_where_their_words_stand(standard: Standard) -> None:
    """A marked run is the element's key."""
    runs = [
        run
        for section in view_of(standard)
        for block in section.blocks
        if isinstance(block, Paragraph)
        for part in block.parts
        if isinstance(part, Shown)
        for run in part.runs
        if run.element
    ]
    assert len(runs) > 50
    assert [run.text for run in runs] == [run.element.key for run in runs if run.element]


def test_the_table_of_courses_stands_between_its_paragraphs() -> None:
    """Behind the paragraph that announces it, before the extension courses."""
    section = next(s for s in view_of(load_standard("530701")) if s.number == "8.1.2")
    kinds = [block.is_table for block in section.blocks]
    at = kinds.index(True)
    before, after = section.blocks[at - 1], section.blocks[at + 1]
    assert isinstance(before, Paragraph)
    assert isinstance(after, Paragraph)
    assert _text(before).startswith("一般设置 8 门")
    assert "专业拓展课程" in _text(after)


def test_statements_without_a_section_come_last() -> None:
    """A standard that was written by hand may name no section at all."""
    bare = replace(load_standard("530701"), sections=())
    (rest,) = view_of(bare)
    assert len(rest.rest) == len(bare.statements)


def test_expressions_of_rules() -> None:
    """In signs and numbers, units close to the number where they are written so."""
    found = {rule.id: expression(rule) for rule in rules_of(load_standard("530701"))}
    assert found["NR04"] == "≥ 2500 学时"
    assert found["NR05"] == "16～18 学时/学分"
    assert found["NR06"] == "≥ 25%"
    assert found["NR11"] == "≤ 25:1"
    odd = Rule("R", "numeric", "", "", "between", (1, 2, 3), "must", "", "")
    assert expression(odd) == "1、2、3"
