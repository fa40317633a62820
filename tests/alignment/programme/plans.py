"""A small builder of programmes for tests: rows, totals, choices and facts with real places in a real document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from corpora.document import Document, Locator
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.programme.model import (
    Category,
    Choice,
    ChoiceKind,
    Fact,
    FactKind,
    Figure,
    ListedCourse,
    PlanCourse,
    Programme,
    Schedule,
    SemesterCell,
    ShareRow,
    StatedTotal,
    Unit,
    WeekRow,
)
from corpora.standard import Rule

_FIGURES = ("credits", "hours", "theory", "practice")
_SEMESTERS = ("1", "2", "3", "4", "5", "6")
_COLUMNS = ("课程", *_FIGURES, *_SEMESTERS)


@dataclass
class _Row:
    name: str
    values: dict[str, float | None]
    semesters: dict[str, str]
    more: dict[str, Any]


@dataclass
class Plan:
    """Collects what a plan holds; ``build`` makes the programme.

    Semester cells are texts: ``4`` weekly hours, ``2周`` weeks, ``32h`` hours of the semester.
    """

    name: str = "测试"
    rows: list[_Row] = field(default_factory=list)
    totals: list[_Row] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    sentences: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    shares: list[dict[str, Any]] = field(default_factory=list)
    weeks: list[tuple[str, dict[str, float], bool]] = field(default_factory=list)
    listed: list[tuple[str, Category]] = field(default_factory=list)

    def course(
        self,
        name: str,
        category: Category,
        credits: float | None = None,
        hours: float | None = None,
        theory: float | None = None,
        practice: float | None = None,
        block: str = "",
        semesters: dict[str, str] | None = None,
        **more: Any,
    ) -> int:
        """Add a row; gives its index."""
        values = dict(zip(_FIGURES, (credits, hours, theory, practice), strict=True))
        more = {"category": category, "category_text": block or category, **more}
        self.rows.append(_Row(name, values, semesters or {}, more))
        return len(self.rows) - 1

    def courses(self, count: int, category: Category, credits: float = 4, hours: float = 64, **more: Any) -> list[int]:
        """Add rows of equal size, half of their hours practice unless told otherwise."""
        practice = more.pop("practice", hours / 2)
        stem = more.pop("stem", category)
        return [
            self.course(
                f"{stem}课程甲乙丙丁戊己庚辛壬癸"[: len(stem) + 2] + chr(0x4E10 + n),
                category,
                credits,
                hours,
                hours - practice,
                practice,
                **more,
            )
            for n in range(count)
        ]

    def total(
        self,
        label: str = "合计",
        hours: float | None = None,
        credits: float | None = None,
        theory: float | None = None,
        practice: float | None = None,
        courses: list[int] | None = None,
        block: str = "",
        level: int = 0,
    ) -> None:
        """Add a printed total; without ``courses`` it is the sum of all rows."""
        values = dict(zip(_FIGURES, (credits, hours, theory, practice), strict=True))
        self.totals.append(_Row(label, values, {}, {"courses": courses, "block": block, "level": level}))

    def choice(
        self, id: str, kind: ChoiceKind, options: list[list[int]], take: int | None = 1, **stated: float | None
    ) -> None:
        """Add a choice between groups of rows."""
        amounts = {name: stated.get(name) for name in _FIGURES}
        self.choices.append(Choice(id, kind, tuple(map(tuple, options)), take, basis="测试", **amounts))

    def fact(
        self,
        kind: FactKind,
        value: float,
        sentence: str,
        unit: Unit = "count",
        **more: Any,
    ) -> None:
        """Add a sentence of the running text with the fact that was read from it."""
        self.sentences.append((sentence, {"kind": kind, "value": value, "unit": unit, **more}))

    def share(self, label: str, **row: Any) -> None:
        """Add a row of a share table; hours, practice and share are numbers."""
        self.shares.append({"label": label, **row})

    def week(self, semester: str, total: bool = False, **columns: float) -> None:
        """Add a semester of the table of weeks."""
        self.weeks.append((semester, columns, total))

    def build(self) -> Programme:
        """The programme, its document holding every number."""
        builder = DocumentBuilder(f"{self.name}.docx", b"plan", "docx")
        for sentence, _ in self.sentences:
            builder.add("paragraph", sentence)
        schedule = builder.add_table(_schedule_cells([*self.rows, *self.totals]), header_rows=1, caption="教学进程表")
        shares = builder.add_table(_share_cells(self.shares), caption="学时分配表") if self.shares else None
        weeks = builder.add_table(_week_cells(self.weeks), caption="教学时间分配表") if self.weeks else None
        document = builder.build()
        place = _Places(document)
        courses = tuple(place.course(schedule.number, n, row) for n, row in enumerate(self.rows))
        totals = tuple(
            place.total(schedule.number, len(self.rows) + n, row, len(courses)) for n, row in enumerate(self.totals)
        )
        listed = tuple(
            ListedCourse(name, 99, n, Locator(0, 0, 1), category) for n, (name, category) in enumerate(self.listed)
        )
        return Programme(
            document=document,
            name=self.name,
            end=len(document.text),
            annex_start=len(document.text),
            schedule=Schedule(courses, tuple(self.choices), totals, listed, (schedule.number,)),
            shares=tuple(place.share(shares.number, n, row) for n, row in enumerate(self.shares)) if shares else (),
            weeks=tuple(place.week(weeks.number, n, row) for n, row in enumerate(self.weeks)) if weeks else (),
            facts=tuple(place.fact(sentence, dict(fact)) for sentence, fact in self.sentences),
        )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _schedule_cells(rows: list[_Row]) -> list[CellSpec]:
    cells = [CellSpec(text, 0, column) for column, text in enumerate(_COLUMNS)]
    for number, row in enumerate(rows, 1):
        texts = [row.name, *(_number(row.values[name]) for name in _FIGURES)]
        texts += [row.semesters.get(semester, "") for semester in _SEMESTERS]
        cells += [CellSpec(text, number, column) for column, text in enumerate(texts)]
    return cells


def _share_cells(rows: list[dict[str, Any]]) -> list[CellSpec]:
    cells = []
    for number, row in enumerate(rows):
        texts = [row["label"], *(_number(row.get(name)) for name in ("hours", "practice", "share"))]
        cells += [CellSpec(text, number, column) for column, text in enumerate(texts)]
    return cells


def _week_cells(rows: list[tuple[str, dict[str, float], bool]]) -> list[CellSpec]:
    return [
        CellSpec(text, number, column)
        for number, (semester, columns, _) in enumerate(rows)
        for column, text in enumerate((semester, *(_number(value) for value in columns.values())))
    ]


class _Places:
    """Finds the cells of a built document again."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def cell(self, table: int, row: int, column: int) -> Locator:
        cell = self.document.tables[table - 1].cell_at(row, column)
        assert cell is not None
        return Locator(cell.start, cell.end, 1, table=table, row=row + 1, cell=column + 1)

    def figure(self, value: float | None, table: int, row: int, column: int) -> Figure | None:
        return None if value is None else Figure(float(value), _number(value), self.cell(table, row, column))

    def figures(self, table: int, row: int, values: dict[str, float | None]) -> dict[str, Any]:
        return {name: self.figure(values[name], table, row, column) for column, name in enumerate(_FIGURES, 1)}

    def course(self, table: int, number: int, row: _Row) -> PlanCourse:
        line = number + 1
        cells = tuple(
            _semester(semester, text, self.cell(table, line, 5 + _SEMESTERS.index(semester)))
            for semester, text in row.semesters.items()
        )
        in_weeks = [cell.value for cell in cells if cell.unit == "weeks" and cell.value]
        weeks = Figure(sum(in_weeks), "+".join(map(_number, in_weeks)), cells[0].locator) if in_weeks else None
        course = PlanCourse(
            name=row.name,
            table=table,
            row=line + 1,
            locator=self.cell(table, line, 0),
            semesters=cells,
            weeks=weeks,
            **self.figures(table, line, row.values),
            **row.more,
        )
        return course if course.theory or not course.theory_derived else replace(course, theory_derived=False)

    def total(self, table: int, number: int, row: _Row, courses: int) -> StatedTotal:
        line = number + 1
        summed = row.more["courses"]
        return StatedTotal(
            label=row.name,
            block=row.more["block"],
            level=row.more["level"],
            courses=tuple(range(courses)) if summed is None else tuple(summed),
            table=table,
            row=line + 1,
            locator=self.cell(table, line, 0),
            **self.figures(table, line, row.values),
        )

    def share(self, table: int, number: int, row: dict[str, Any]) -> ShareRow:
        amounts = {
            name: self.figure(row.get(name), table, number, column)
            for column, name in enumerate(("hours", "practice", "share"), 1)
        }
        return ShareRow(
            label=row["label"],
            table=table,
            locator=self.cell(table, number, 0),
            category=row.get("category"),
            required=row.get("required"),
            total=row.get("total", False),
            **amounts,
        )

    def week(self, table: int, number: int, row: tuple[str, dict[str, float], bool]) -> WeekRow:
        semester, columns, total = row
        weeks = {
            name: Figure(float(value), _number(value), self.cell(table, number, column))
            for column, (name, value) in enumerate(columns.items(), 1)
        }
        return WeekRow(semester, table, self.cell(table, number, 0), total, weeks)

    def fact(self, sentence: str, raw: dict[str, Any]) -> Fact:
        start = self.document.text.index(sentence)
        paragraph = self.document.block_at(start).locator.paragraph
        figure = Figure(float(raw.pop("value")), sentence, Locator(start, start + len(sentence), paragraph))
        return Fact(figure=figure, **raw)


def _semester(semester: str, text: str, locator: Locator) -> SemesterCell:
    unit: Unit = "weeks" if text.endswith("周") else "hours" if text.endswith("h") else "hours_per_week"
    number = text.rstrip("周h")
    value = float(number) if number.replace(".", "").isdigit() else None
    return SemesterCell(semester, text, locator, unit, value)


def rule(quantity: str = "总学时", operator: str = ">=", value: Any = 0, unit: str = "", **more: Any) -> Rule:
    """A rule with what a test does not care about filled in."""
    fields = {"id": "R1", "type": "numeric", "subject": "学时安排", "strength": "must", "text": "", "section": "8.2"}
    return Rule(quantity=quantity, operator=operator, value=value, unit=unit, **{**fields, **more})


def usual_plan() -> Plan:
    """A plan of 2,560 hours that meets the usual rules; tests change what they are about."""
    plan = Plan()
    plan.courses(10, "public", block="公共基础课", stem="公共")
    plan.courses(8, "foundation", block="专业基础课", stem="基础")
    plan.courses(8, "core", block="专业核心课", stem="核心", practice=40)
    plan.courses(4, "extension", block="专业选修课", stem="选修", required=False)
    plan.course("军事技能", "practice", 2, 60, 0, 60, block="实践环节", semesters={"1": "2周"})
    plan.course("社会实践", "practice", 2, 52, 0, 52, block="实践环节", semesters={"2": "2周"})
    plan.course("岗位实习", "practice", 24, 576, 0, 576, block="实践环节", semesters={"5": "8周", "6": "16周"})
    return plan
