"""Plans for the tests on courses: a schedule typed as rows, with paragraphs and tables around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpora.document import Locator
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.programme.model import Category, Choice, ListedCourse, PlanCourse, Programme, Schedule, SemesterCell

#: name, category, compulsory (None: of a direction), and, where it matters, the block, the code and the semesters.
Row = tuple[str, Category, bool | None] | tuple[str, Category, bool | None, dict[str, str]]


def plan(
    rows: Sequence[Row],
    *,
    before: Sequence[str | Sequence[Sequence[str]]] = (),
    annex: Sequence[str | Sequence[Sequence[str]]] = (),
    choices: Sequence[Choice] = (),
    pool: Sequence[str] = (),
) -> Programme:
    """A plan whose schedule is its last table before the annex.

    Parameters
    ----------
    rows : the courses.
    before, annex : paragraphs (``#`` begins a heading) and tables, in order.
    pool : courses of an option list.
    """
    builder = DocumentBuilder("方案.docx", b"plan", "docx")
    tables = sum(_add(builder, part) for part in before)
    builder.add("heading", "教学进程表", level=1)
    cells = [CellSpec(row[0], number, 0) for number, row in enumerate(rows)]
    schedule = builder.add_table(cells).number if rows else tables
    start = builder.add("heading", "附件", level=1)
    for part in annex:
        _add(builder, part)
    document = builder.build()
    assert start is not None
    places = {
        b.locator.row: replace(b.locator, cell=1) for b in document.blocks if b.locator.table == schedule and rows
    }
    courses = tuple(_course(row, number, schedule, places[number + 1]) for number, row in enumerate(rows))
    listed = tuple(ListedCourse(name, 0, 0, Locator(0, 0, 1), pool=True) for name in pool)
    return Programme(
        document,
        "测试",
        end=len(document.text),
        annex_start=start.locator.start,
        schedule=Schedule(courses, tuple(choices), listed=listed, tables=(schedule,) if rows else ()),
    )


def _add(builder: DocumentBuilder, part: str | Sequence[Sequence[str]]) -> int:
    if isinstance(part, str):
        text = part.lstrip("#")
        builder.add("heading" if text != part else "paragraph", text, level=len(part) - len(text))
        return 0
    builder.add_table([CellSpec(text, r, c) for r, row in enumerate(part) for c, text in enumerate(row)], header_rows=1)
    return 1


def _course(row: Row, number: int, table: int, place: Locator) -> PlanCourse:
    name, category, required, *more = row
    extra = more[0] if more else {}
    terms = tuple(SemesterCell(s, "2", place, "hours_per_week", 2.0) for s in extra.get("semesters", ""))
    return PlanCourse(
        name,
        category,
        extra.get("block", ""),
        table,
        number + 1,
        place,
        code=extra.get("code", ""),
        required=required,
        semesters=terms,
        placeholder=bool(extra.get("placeholder")),
    )
