"""Programmes made by hand: tables typed as rows of text, read into courses, totals, and a document that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpora.document import Block, Cell, Document, Locator, Table
from corpora.programme.model import (
    Category,
    Choice,
    Fact,
    FactKind,
    Figure,
    PlanCourse,
    Programme,
    Schedule,
    SemesterCell,
    ShareRow,
    StatedTotal,
    Unit,
    WeekRow,
)


@dataclass
class PlanBuilder:
    """Collects blocks and what is read from them; ``programme()`` gives the whole."""

    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    courses: list[PlanCourse] = field(default_factory=list)
    totals: list[StatedTotal] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    shares: list[ShareRow] = field(default_factory=list)
    weeks: list[WeekRow] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    at: int = 0

    def paragraph(self, text: str, kind: str = "paragraph", level: int = 0) -> Block:
        """A paragraph or heading; gives its block."""
        block = Block(kind, text, Locator(self.at, self.at + len(text), len(self.blocks) + 1), level)  # type: ignore[arg-type]
        self.blocks.append(block)
        self.at += len(text) + 1
        return block

    def table(self, rows: Sequence[Sequence[str]], header_rows: int = 1) -> Table:
        """A table of plain cells."""
        number, cells = len(self.tables) + 1, []
        for row, texts in enumerate(rows):
            start = self.at
            for column, text in enumerate(texts):
                cells.append(Cell(text, row, column, self.at, self.at + len(text)))
                self.at += len(text) + 1
            line = "\t".join(texts)
            where = Locator(start, start + len(line), len(self.blocks) + 1, table=number, row=row + 1)
            self.blocks.append(Block("table_row", line, where))
        table = Table(number, len(rows), max(map(len, rows)), tuple(cells), header_rows)
        self.tables.append(table)
        return table

    def figure(self, table: Table, row: int, column: int) -> Figure | None:
        """The number of a cell (row and column from 0), None where it holds none."""
        cell = table.cell_at(row, column)
        try:
            value = float((cell.text if cell else "").rstrip("%"))
        except ValueError:
            return None
        assert cell is not None
        return Figure(value, cell.text, self.place(table, row, column))

    def place(self, table: Table, row: int, column: int) -> Locator:
        """The locator of a cell, row and column from 0."""
        cell = table.cell_at(row, column)
        assert cell is not None
        return Locator(cell.start, cell.end, 1, table=table.number, row=row + 1, cell=column + 1)

    def schedule(
        self,
        rows: Sequence[Sequence[str]],
        unit: Unit = "hours_per_week",
        categories: dict[str, Category] | None = None,
        elective: Sequence[str] = (),
    ) -> Table:
        """A schedule: ``块, 名称, 学分, 总学时, 理论, 实践`` and semester columns from the seventh on.

        Rows named 小计 sum the rows of their block since the last 小计, 总计 all rows.
        """
        table = self.table(rows)
        heads = rows[0][6:]
        for row in range(1, len(rows)):
            block, name = rows[row][0], rows[row][1]
            amounts = [self.figure(table, row, column) for column in range(2, 6)]
            cells = tuple(self._semesters(table, row, heads, unit))
            where = self.place(table, row, 1)
            if name in ("小计", "总计"):
                own = [n for n, c in enumerate(self.courses) if name == "总计" or c.category_text == block]
                total = StatedTotal(
                    name,
                    "" if name == "总计" else block,
                    0 if name == "总计" else 1,
                    tuple(own),
                    table.number,
                    row + 1,
                    where,
                    *amounts,
                    semesters=cells,
                )
                self.totals.append(total)
                continue
            weeks = [c.value for c in cells if c.unit == "weeks" and c.value]
            self.courses.append(
                PlanCourse(
                    name,
                    (categories or {}).get(block, "core"),
                    block,
                    table.number,
                    row + 1,
                    where,
                    required=block not in elective,
                    credits=amounts[0],
                    hours=amounts[1],
                    theory=amounts[2],
                    practice=amounts[3],
                    weeks=Figure(sum(weeks), "", where) if weeks else None,
                    semesters=cells,
                )
            )
        return table

    def _semesters(self, table: Table, row: int, heads: Sequence[str], unit: Unit) -> list[SemesterCell]:
        found = []
        for column, head in enumerate(heads, 6):
            text = table.cell_at(row, column).text if table.cell_at(row, column) else ""  # type: ignore[union-attr]
            if not text:
                continue
            weeks = text.endswith("W")
            value = float(text.rstrip("W"))
            found.append(SemesterCell(head[0], text, self.place(table, row, column), "weeks" if weeks else unit, value))
        return found

    def fact(self, kind: FactKind, value: float, text: str, unit: Unit = "hours", **more: object) -> Fact:
        """A fact that stands in a paragraph of its own."""
        block = self.paragraph(text)
        found = Fact(kind, Figure(value, text, block.locator), unit, **more)  # type: ignore[arg-type]
        self.facts.append(found)
        return found

    def programme(self, **more: object) -> Programme:
        """Everything as one programme."""
        text_end = max(self.at - 1, 0)
        document = Document("方案.docx", "", "docx", tuple(self.blocks), tuple(self.tables))
        schedules = tuple(dict.fromkeys(course.table for course in self.courses))
        schedule = Schedule(tuple(self.courses), tuple(self.choices), tuple(self.totals), tables=schedules)
        made = Programme(
            document,
            "烘焙工艺",
            end=text_end,
            annex_start=text_end,
            schedule=schedule,
            shares=tuple(self.shares),
            weeks=tuple(self.weeks),
            facts=tuple(self.facts),
        )
        return replace(made, **more)  # type: ignore[arg-type]
