"""The curated standard 530701 comes out of the general parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpora.document import Document
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.parsers import read_document
from corpora.standard import Section, Standard
from corpora.standard_json import load_standard
from corpora.standard_parser import ImportedStandard, compare_standards, comparison_table, parse_standard

HEADER = ("序号", "专业核心课程", "典型工作任务描述", "主要教学内容与要求")


@pytest.fixture(scope="module")
def curated() -> Standard:
    return load_standard("530701")


@pytest.fixture(scope="module")
def imported(curated: Standard) -> ImportedStandard:
    return parse_standard(rebuilt(curated))


def rebuilt(standard: Standard) -> Document:
    """The source document again, from the curated sections: headings, paragraphs, tables in place."""
    builder = DocumentBuilder("530701.docx", b"530701", "docx")
    for section in standard.sections:
        if section.number != "0":
            builder.add("heading", f"{section.number} {section.title}", level=section.number.count(".") + 1)
        tables = dict(table_parts(section))
        for paragraph in section.paragraphs:
            builder.add("paragraph", paragraph.text)
            for text in tables.pop(paragraph.text, ()):
                add_rows(builder, text)
        for parts in tables.values():
            for rows in parts:
                add_rows(builder, rows)
    return builder.build()


def table_parts(section: Section) -> Iterator[tuple[str, list[list[list[str]]]]]:
    """(paragraph that stands before, parts of the table): the core-course table in three parts, 职业面向 in one."""
    if not section.table:
        return
    rows = [[cell["text"] for cell in row["cells"]] for row in section.table["rows"]]
    if section.number != "8.1.2":
        yield "", [rows]
        return
    listed = next(p.text for p in section.paragraphs if "零售门店 O2O 运营" in p.text)
    yield listed, [[list(HEADER), *rows[a:b]] for a, b in ((0, 3), (3, 6), (6, 8))]


def add_rows(builder: DocumentBuilder, rows: list[list[str]]) -> None:
    builder.add_table([CellSpec(text, r, c) for r, row in enumerate(rows) for c, text in enumerate(row)])


def test_every_statement_and_rule_is_reproduced(curated: Standard, imported: ImportedStandard) -> None:
    """Every kind: same ids, texts, numbers, parents, equipment and course references; every rule alike."""
    rows = compare_standards(curated, imported.standard)
    assert all(not (r.differ or r.missing or r.extra) for r in rows), comparison_table(rows)
    counts = {row.kind: len(row.same) for row in rows}
    assert (counts["competency"], counts["core_course"], counts["task"], counts["requirement"]) == (16, 8, 57, 33)
    assert (counts["numeric_rule"], counts["other_rule"], counts["training_room"]) == (18, 10, 9)


def test_nothing_is_left_unplaced(imported: ImportedStandard) -> None:
    """The report of the import lists no leftovers and no doubts."""
    assert imported.report.unplaced == ()
    assert imported.report.warnings == ()
    assert imported.report.placed_ratio == 1


def test_the_facts_of_sections_one_to_six(curated: Standard, imported: ImportedStandard) -> None:
    """Name, code, edition, duration, admission, occupations with codes, objective."""
    found = imported.standard
    for field in ("code", "name", "title", "level", "edition", "education_type", "duration_years", "admission"):
        assert getattr(found, field) == getattr(curated, field), field
    assert found.overview == curated.overview
    assert found.objective == curated.objective
    expected = [(c.name, c.code) for c in curated.occupations.occupations]
    assert [(c.name, c.code) for c in found.occupations.occupations] == expected
    assert found.occupations.positions == curated.occupations.positions


def test_the_course_named_twice_has_an_alias(imported: ImportedStandard) -> None:
    """The list says 零售门店 O2O 运营, the table 零售门店全渠道运营: one course."""
    assert imported.standard.by_id["C3"].aliases == ("零售门店 O2O 运营",)
    assert any(mend.kind == "name_variant" for mend in imported.standard.mends)


def test_typical_tasks_keep_their_groups(curated: Standard, imported: ImportedStandard) -> None:
    """互联网销售 has two typical tasks; its jobs belong to the first or the second."""
    assert imported.standard.by_id["C6"].typical_tasks == curated.by_id["C6"].typical_tasks
    assert [s.group for s in imported.standard.children("C6", "task")] == [1] * 7 + [2] * 5


@pytest.mark.shared
def test_the_text_file_itself(curated: Standard, shared: Path) -> None:
    """The source text, with its tab-separated table, <p> tags, 续表 and broken pages, read by the real parser."""
    found = parse_standard(read_document(shared / "standard" / "530701.txt"))
    rows = compare_standards(curated, found.standard)
    assert all(not (r.differ or r.missing or r.extra) for r in rows), comparison_table(rows)
    assert found.report.unplaced == ()
    source = [line.strip() for line in (shared / "standard" / "530701.txt").read_text("utf-8").splitlines()]
    kept = "".join(f"{s.title}{[p.text for p in s.paragraphs]}{s.table}" for s in found.standard.sections)
    words = [re.sub(r"^(?:\(\d\)|[\d.]+) ", "", line) for line in source if line and "\t" not in line]
    assert [line for line in words if line not in kept and line != "续表"] == []
