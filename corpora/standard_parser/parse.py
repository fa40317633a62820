"""The facade: a read document becomes a Standard and a report of the import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from corpora.document import Document
from corpora.elements import elements_of
from corpora.errors import StandardFormatError
from corpora.standard import COURSE_KINDS, TEACHABLE, Section, SectionParagraph, Standard, Statement
from corpora.standard_parser import competencies, conditions, core_table, courses, practice
from corpora.standard_parser.draft import Draft
from corpora.standard_parser.header import Header, read_header
from corpora.standard_parser.numeric_rules import numeric_rules
from corpora.standard_parser.outline import Part, is_continued, outline, split_number
from corpora.standard_parser.report import ImportedStandard, ImportReport
from corpora.standard_parser.set_rules import set_rules
from corpora.standard_parser.source import Line, source_items
from corpora.standard_parser.wording import bare

Reader = Callable[[Part, Draft], object]

_READERS: dict[str, Reader] = {
    "7": competencies.read_competencies,
    "8": courses.read_plain,
    "8.1": courses.read_plain,
    "8.1.1": courses.read_public_courses,
    "8.1.2": courses.read_plain,
    "8.1.2(1)": courses.read_course_list,
    "8.1.2(2)": core_table.read_core_courses,
    "8.1.2(3)": courses.read_course_list,
    "8.1.3": practice.read_practice,
    "8.1.4": practice.read_cross_cutting,
    "8.2": courses.read_plain,
    **dict.fromkeys(("9", "9.1", "9.2", "9.3", "9.4"), conditions.read_faculty),
    **dict.fromkeys(("10", "10.1", "10.2", "11"), courses.read_plain),
    "10.1.1": conditions.read_facilities,
    "10.1.2": conditions.read_rooms,
    "10.1.3": conditions.read_internship_places,
    **dict.fromkeys(("10.2.1", "10.2.2", "10.2.3"), conditions.read_materials),
    "11.1": conditions.read_quality,
    "11.2": conditions.read_graduation,
}
_EXPECTED = ("2", "5", "6", "7", "8.1.2(2)", "8.2", "9", "10", "11")


def parse_standard(document: Document, code: str = "") -> ImportedStandard:
    """Import a teaching standard of the official template.

    Parameters
    ----------
    document : the read file.
    code : the major's code, for a file that does not state it; overrides the stated one.

    Raises
    ------
    StandardFormatError : the document has neither competencies nor core courses, or no code.
    """
    parts = outline(source_items(document))
    core_table.gather_tables(parts)
    by_number = {part.number: part for part in parts}
    draft = Draft()
    header = read_header(by_number, draft)
    tables = {part.number: table for part in parts if (table := _read(part, draft))}
    _check(document, draft, code or header.code)
    statements = _finish(draft)
    standard = _standard(document, header, statements, draft, code)
    standard = replace(standard, rules=numeric_rules(standard, header.duration_text, header.duration))
    standard = replace(standard, other_rules=set_rules(standard), sections=tuple(_sections(parts, tables, draft)))
    return ImportedStandard(standard, _report(parts, standard, draft))


def _read(part: Part, draft: Draft) -> object:
    """Place the heading, then read the section."""
    if part.heading:
        draft.place(part.heading)
    for line in part.lines:
        if line.joined:
            draft.mend("page_break", "⏎", line.text, line.lines)
        if is_continued(line.text):
            draft.mend("table_continued", line.text, "", line.lines)
    for grid in part.grids:
        if is_continued(grid.caption):
            draft.mend("table_continued", grid.caption, "", (grid.number,))
    reader = _READERS.get(part.number)
    return reader(part, draft) if reader else None


def _check(document: Document, draft: Draft, code: str) -> None:
    if not draft.of_kind("competency", "core_course"):
        raise StandardFormatError(
            "没有找到培养规格，也没有专业核心课程",
            where=document.name,
            advice="请确认这是按官方模板编写的专业教学标准（含“培养规格”“专业核心课程”等章节）",
        )
    if not code:
        raise StandardFormatError("没有找到专业代码", where=document.name, advice="请用 --code 指定六位专业代码")


def _finish(draft: Draft) -> tuple[Statement, ...]:
    """Statements with elements, course references and same_as."""
    statements = _with_same(_with_references(draft))
    titles = {s.id: s.title for s in statements if s.kind == "core_course"}
    return tuple(
        replace(s, elements=elements_of(s, titles.get(s.parent or "", ""))) if s.kind in TEACHABLE else s
        for s in statements
    )


def _with_references(draft: Draft) -> list[Statement]:
    """Rooms' course names resolved to statement ids."""
    known: dict[str, str] = {}
    for kind in ("core_course", "foundation_course", "extension_course", *COURSE_KINDS):
        for statement in draft.of_kind(kind):
            for name in statement.names:
                known.setdefault(bare(name), statement.id)
    found: list[Statement] = []
    for statement in draft.statements:
        if statement.kind == "training_room":
            missing = [name for name in statement.courses if bare(name) not in known]
            draft.warnings += [f"实训室“{statement.title}”的课程“{name}”不在课程清单中" for name in missing]
            references = tuple(known[bare(name)] for name in statement.courses if bare(name) in known)
            statement = replace(statement, course_refs=references)
        found.append(statement)
    return found


def _with_same(statements: list[Statement]) -> list[Statement]:
    """Courses and topics that the standard lists twice point at each other."""
    kinds = {*COURSE_KINDS, "cross_cutting"}
    by_title: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.kind in kinds:
            by_title.setdefault(bare(statement.title), []).append(statement)
    return [
        replace(s, same_as=tuple(o.id for o in by_title[bare(s.title)] if o.id != s.id)) if s.kind in kinds else s
        for s in statements
    ]


def _standard(
    document: Document, header: Header, statements: tuple[Statement, ...], draft: Draft, code: str
) -> Standard:
    return Standard(
        code or header.code,
        header.name or document.title or document.name,
        title=header.title,
        level=header.level,
        edition=header.edition,
        education_type=header.education_type,
        duration_years=header.duration,
        admission=header.admission,
        source={"file": document.name, "sha256": document.sha256, "format": document.format},
        occupations=header.occupations,
        overview=header.overview,
        objective=header.objective,
        statements=statements,
        mends=tuple(draft.mends),
    )


def _sections(parts: list[Part], tables: dict[str, object], draft: Draft) -> Iterator[Section]:
    """The source in order: every paragraph and every table row."""
    for part in parts:
        paragraphs = tuple(
            SectionParagraph(text, number, tuple(dict.fromkeys(draft.placed.get(number, ()))))
            for number, text in _paragraphs(part)
        )
        title = split_number(part.heading.text.lstrip("# "))[1] if part.heading else part.title
        number = part.heading.number if part.heading else None
        yield Section(part.number, title, number, paragraphs, _table(part, tables, draft))


def _paragraphs(part: Part) -> Iterator[tuple[int, str]]:
    for item in part.items:
        if isinstance(item, Line):
            yield item.number, item.text


def _table(part: Part, tables: dict[str, object], draft: Draft) -> object:
    """The core-course table as it was put together, else the raw rows; None without a table."""
    table = tables.get(part.number)
    if isinstance(table, dict) and table:
        left = [{"line": u.line, "text": u.text} for u in draft.unplaced if u.section == part.number]
        return {**table, "other_rows": left} if left else table
    rows = [row for grid in part.grids for row in grid.rows]
    captions = [grid.caption for grid in part.grids if grid.caption]
    data = {"rows": [{"line": row.number, "cells": [{"text": c} for c in row.cells]} for row in rows]}
    return {"captions": captions, **data} if rows else None


def _report(parts: list[Part], standard: Standard, draft: Draft) -> ImportReport:
    counts = Counter(s.kind for s in standard.statements)
    counts.update(
        numeric_rule=len(standard.rules), other_rule=len(standard.other_rules), element=len(standard.elements)
    )
    lines = [line for part in parts for line in part.lines]
    for part in parts:
        for line in part.lines:
            if line.number not in draft.placed and all(u.line != line.number for u in draft.unplaced):
                draft.leave(part.number, line.number, line.text, "没有归入任何条目")
    present = {part.number for part in parts}
    missing = [number for number in _EXPECTED if number not in present]
    warnings = [*draft.warnings, *(f"没有找到模板的第 {number} 节" for number in missing)]
    if not standard.title:
        warnings.append("题名中没有“专业教学标准”，请确认文件是不是教学标准")
    cells = sum(row.filled for part in parts for grid in part.grids for row in grid.rows)
    return ImportReport(len(lines), cells, dict(counts), tuple(draft.unplaced), tuple(warnings))
