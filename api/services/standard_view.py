"""A standard as its page shows it: sections with paragraphs and tables, each statement once, where the text has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from corpora.standard import Element, Rule, Section, Standard, Statement


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; ``element`` where it is an element's object."""

    text: str
    element: Element | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement in the text: its runs, elements marked."""

    statement: Statement
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its words, statements among them; statements that it is as a whole; those that are beside it."""

    parts: tuple[Run | Shown, ...]
    whole: tuple[Statement, ...] = ()
    beside: tuple[Shown, ...] = ()
    is_table = False

    @property
    def elements(self) -> tuple[Element, ...]:
        """The elements of all its statements."""
        inside = (part.statement for part in self.parts if isinstance(part, Shown))
        return tuple(e for s in (*inside, *self.whole, *(b.statement for b in self.beside)) for e in s.elements)


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A row of the table of core courses: the course, its tasks, its requirements."""

    course: Statement
    tasks: tuple[Shown, ...]
    requirements: tuple[Shown, ...]


@dataclass(frozen=True)
class Table:
    """A table of the source; ``courses`` instead of ``rows`` where it is that of core courses."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    courses: tuple[CourseRow, ...] = ()
    is_table = True


@dataclass(frozen=True)
class SectionView:
    """A section: number, title, how deep it stands (0 for a chapter), and what it holds in the source's order."""

    number: str
    title: str
    depth: int
    blocks: tuple[Paragraph | Table, ...]
    rest: tuple[Shown, ...] = ()
    unplaced: tuple[Any, ...] = ()
    count: int = 0

    @property
    def anchor(self) -> str:
        """Name of its place on the page."""
        return f"s-{re.sub('[^0-9A-Za-z.]+', '-', self.number).strip('-')}"


@dataclass
class _Shelf:
    """What has its place already."""

    standard: Standard
    placed: set[str] = field(default_factory=set)

    def take(self, ids: Iterable[str]) -> list[Statement]:
        """The statements of ids that have no place yet; they have one now."""
        known = self.standard.by_id
        found = [known[i] for i in dict.fromkeys(ids) if i in known and i not in self.placed]
        self.placed.update(statement.id for statement in found)
        return found


def view_of(standard: Standard, unplaced: Iterable[Any] = ()) -> tuple[SectionView, ...]:
    """The sections of a standard in order; a last one, without number, holds what stands in none.

    Parameters
    ----------
    unplaced : what an import could not place, shown with its section.
    """
    shelf, left = _Shelf(standard), list(unplaced)
    sections = [_section(shelf, section, left) for section in standard.sections if section.number != "0"]
    numbers = {section.number for section in sections}
    loose = tuple(item for item in left if item.section not in numbers)
    rest = shelf.take(statement.id for statement in standard.statements)
    if rest or loose:
        shown = tuple(_shown(statement) for statement in rest)
        sections.append(SectionView("", "", 0, (), rest=shown, unplaced=loose, count=len(rest)))
    return tuple(sections)


def _section(shelf: _Shelf, section: Section, unplaced: list[Any]) -> SectionView:
    before = len(shelf.placed)
    lined: list[tuple[float, Paragraph | Table]] = []
    captions: set[str] = set()
    if section.table:
        table = _table(shelf, section.table)
        first: dict[str, Any] = next(iter(section.table.get("rows") or ()), {})
        lined.append((_line(first.get("line")), table))
        captions = {"续表", table.caption}
    for paragraph, mine in zip(section.paragraphs, _shared(shelf, section), strict=True):
        if mine or paragraph.text.strip() not in captions:
            lined.append((_line(paragraph.line), _paragraph(paragraph.text, shelf.take(mine))))
    blocks = tuple(block for _, block in sorted(lined, key=lambda pair: pair[0]))
    found = tuple(item for item in unplaced if item.section == section.number)
    depth = section.number.count(".") + ("(" in section.number)
    return SectionView(section.number, section.title, depth, blocks, (), found, len(shelf.placed) - before)


def _line(line: Any) -> float:
    """A line number, of several the first; behind all others where there is none."""
    first = line[0] if isinstance(line, list | tuple) and line else line
    return float(first) if isinstance(first, int) else float("inf")


def _shared(shelf: _Shelf, section: Section) -> list[list[str]]:
    """For each paragraph its statements: those of several paragraphs go to the one that has their text."""
    owner: dict[str, int] = {}
    known = shelf.standard.by_id
    for number, paragraph in enumerate(section.paragraphs):
        for id in paragraph.statements:
            text = known[id].text if id in known else ""
            if id not in owner or (text and text in paragraph.text and text not in section.paragraphs[owner[id]].text):
                owner[id] = number
    return [[i for i in p.statements if owner[i] == n] for n, p in enumerate(section.paragraphs)]


def _paragraph(text: str, found: list[Statement]) -> Paragraph:
    spans = sorted(_spans(text, found), key=lambda span: span[:2])
    within = {statement.id for _, _, statement in spans}
    whole = tuple(s for s in found if s.id not in within and (not s.text or s.text in text or text in s.text))
    beside = tuple(_shown(s) for s in found if s.id not in within and s not in whole)
    return Paragraph(tuple(_cut(text, spans)), whole, beside)


def _spans(text: str, statements: Iterable[Statement]) -> Iterator[tuple[int, int, Statement]]:
    """Where the texts of statements stand, the shorter ones first, none in another."""
    taken: list[tuple[int, int]] = []
    for statement in sorted(statements, key=lambda s: len(s.text)):
        start = _find(text, statement.text, taken)
        if start is not None:
            taken.append((start, start + len(statement.text)))
            yield *taken[-1], statement


def _find(text: str, wanted: str, taken: list[tuple[int, int]]) -> int | None:
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        if all(end <= start or begin >= start + len(wanted) for begin, end in taken):
            return start
        start = text.find(wanted, start + 1)
    return None


def _cut(text: str, spans: Iterable[tuple[int, int, Statement]]) -> Iterator[Run | Shown]:
    at = 0
    for start, end, statement in spans:
        if start > at:
            yield Run(text[at:start])
        yield _shown(statement)
        at = end
    if at < len(text):
        yield Run(text[at:])


def _shown(statement: Statement) -> Shown:
    return Shown(statement, tuple(_runs(statement)))


def _runs(statement: Statement) -> Iterator[Run]:
    """A statement's text, its elements' objects apart."""
    at = 0
    for element in sorted(statement.elements, key=lambda e: e.span):
        start, end = element.span
        if not at <= start < end <= len(statement.text):
            continue  # shares its words with the element before
        if start > at:
            yield Run(statement.text[at:start])
        yield Run(statement.text[start:end], element)
        at = end
    if at < len(statement.text):
        yield Run(statement.text[at:])


def _table(shelf: _Shelf, table: dict[str, Any]) -> Table:
    rows = table.get("rows") or ()
    columns = tuple(table.get("columns") or ())
    caption = table.get("caption") or ""
    courses = shelf.take(row["course"] for row in rows if row.get("course"))
    if courses and len(courses) == len(rows):
        return Table(caption, columns, courses=tuple(_course(shelf, course) for course in courses))
    return Table(caption, columns, tuple(tuple(cell.get("text", "") for cell in row["cells"]) for row in rows))


def _course(shelf: _Shelf, course: Statement) -> CourseRow:
    children = shelf.take(child.id for child in shelf.standard.children(course.id))
    tasks = tuple(_shown(child) for child in children if child.kind == "task")
    others = tuple(_shown(child) for child in children if child.kind != "task")
    return CourseRow(course, tasks, others)


def rules_of(standard: Standard) -> tuple[Rule, ...]:
    """All rules, the numeric ones first."""
    return (*standard.rules, *standard.other_rules)


def expression(rule: Rule) -> str:
    """What a rule demands, in signs and numbers: ≥ 2500 学时."""
    sign = {">=": "≥", "<=": "≤", "=": "=", "includes": "包含"}.get(rule.operator, "")
    if rule.operator == "between" and isinstance(rule.value, list | tuple) and len(rule.value) == 2:
        return f"{_plain(rule.value[0])}～{_plain(rule.value[1])} {rule.unit}".strip()
    value = "、".join(map(_plain, rule.value)) if isinstance(rule.value, list | tuple) else _plain(rule.value)
    gap = "" if rule.unit.startswith((":", "：", "%")) else " "
    return f"{sign} {value}{gap}{rule.unit}".strip()


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
