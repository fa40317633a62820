"""Sums over course rows, choices counted once, with the arithmetic as text and the cells behind every summand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from alignment.model import Evidence
from corpora.document import Document, Locator
from corpora.programme.model import Choice, Figure, PlanCourse, Programme, Schedule

Measure = Literal["hours", "credits", "theory", "practice"]
MEASURE_NAMES: dict[Measure, str] = {"hours": "学时", "credits": "学分", "theory": "理论学时", "practice": "实践学时"}
Read = Callable[[PlanCourse], "Figure | None"]


@dataclass(frozen=True)
class Term:
    """One summand: a block's stated subtotal, or its rows added up.

    ``low`` and ``high`` differ where it is not stated what a choice of different options counts for; ``cells`` are the
    figures added, each with the name of its row.
    """

    label: str
    low: float
    high: float
    cells: tuple[tuple[str, Figure], ...]
    courses: tuple[int, ...]
    stated: bool = False


@dataclass(frozen=True)
class Tally:
    """A sum with its summands; ``missing`` are the selected rows without such a figure."""

    terms: tuple[Term, ...]
    missing: tuple[int, ...] = ()

    @property
    def low(self) -> float:
        """The sum with the smallest options of every choice."""
        return sum(term.low for term in self.terms)

    @property
    def high(self) -> float:
        """The sum with the largest options of every choice."""
        return sum(term.high for term in self.terms)

    @property
    def courses(self) -> tuple[int, ...]:
        """The rows that stand behind the sum."""
        return tuple(sorted(course for term in self.terms for course in term.courses))

    @property
    def sum_text(self) -> str:
        """The summands joined by +, the bare number for one; 0 without any."""
        return "+".join(plain(term.low) for term in self.terms) or "0"

    @property
    def arithmetic(self) -> str:
        """``608+340+432=1380``; both ends of the range where options differ."""
        end = "" if self.low == self.high else f"（选项不同，最多 {plain(self.high)}）"
        return f"{added(self.sum_text, self.low)}{end}"

    def evidence(self, programme: Programme) -> tuple[Evidence, ...]:
        """The cells of all summands, each once, with the block as path."""
        document = programme.document
        found = (cell_evidence(document, f, term.label, name) for term in self.terms for name, f in term.cells)
        return unique(found)


def plain(value: float) -> str:
    """A number as people write it: at most two decimals, none that are zero."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def added(sum_text: str, value: float) -> str:
    """``a+b=c``; the bare number when there is one summand."""
    return f"{sum_text}={plain(value)}" if "+" in sum_text or "-" in sum_text else sum_text


def cell_evidence(document: Document, figure: Figure, *path: str) -> Evidence:
    """A figure's cell or sentence as evidence, under its table's caption."""
    return place_evidence(document, figure.locator, figure.text, *path)


def place_evidence(document: Document, locator: Locator, text: str, *path: str) -> Evidence:
    """A place as evidence; ``text`` is quoted where the place itself holds none."""
    number = locator.table
    caption = document.tables[number - 1].caption if number and number <= len(document.tables) else ""
    headings = tuple(part for part in (caption, *path) if part)
    return Evidence(document.resolve(locator) or text, locator, headings, 1.0)


def unique(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each place once, in order."""
    return tuple({(e.locator, e.quote): e for e in evidence}.values())


def reader(measure: Measure) -> Read:
    """What a row counts of a measure."""

    def read(course: PlanCourse) -> Figure | None:
        figure: Figure | None = getattr(course, measure)
        return figure

    return read


def tally(schedule: Schedule, selection: Iterable[int], measure: Measure, read: Read | None = None) -> Tally:
    """Add up the selected rows, choices once.

    Parameters
    ----------
    selection : indices into ``schedule.courses``.
    measure : what is added; for choices it names their stated value.
    read : what a row counts, where that is not the measure's own column.
    """
    chosen = sorted(set(selection))
    figures = {n: (read or reader(measure))(schedule.courses[n]) for n in chosen}
    choices = effective_choices(schedule, measure)
    label = block_labels(schedule.courses)
    groups: dict[str, list[int]] = {}
    for number in chosen:
        groups.setdefault(label[number], []).append(number)
    homes = {n: choice for choice in choices for n in choice.courses if n in figures}
    terms, done = [], set[str]()
    for name, rows in groups.items():
        parts = [_rows([n for n in rows if n not in homes], figures)]
        for choice in {homes[n].id: homes[n] for n in rows if n in homes}.values():
            if choice.id not in done:
                done.add(choice.id)
                parts.append(
                    _choice(choice, figures, getattr(choice, measure), options_taken(choice, schedule.courses))
                )
        low, high = sum(p[0] for p in parts), sum(p[1] for p in parts)
        cells = tuple((schedule.courses[n].name, f) for *_, used in parts for n in used if (f := figures[n]))
        if cells or high:
            terms.append(Term(name, low, high, cells, tuple(rows)))
    return Tally(tuple(terms), tuple(n for n in chosen if figures[n] is None))


def effective_choices(schedule: Schedule, measure: Measure) -> tuple[Choice, ...]:
    """Choices that do not overlap: of two that share rows the one with a stated value, else the smaller one."""
    taken: set[int] = set()
    found = []
    ordered = sorted(schedule.choices, key=lambda c: (getattr(c, measure) is None, -len(c.courses)))
    stated = [c for c in ordered if getattr(c, measure) is not None]
    unstated = sorted((c for c in ordered if getattr(c, measure) is None), key=lambda c: len(c.courses))
    for choice in (*stated, *unstated):
        if not taken & set(choice.courses):
            taken |= set(choice.courses)
            found.append(choice)
    return tuple(found)


def block_labels(courses: Sequence[PlanCourse]) -> list[str]:
    """The block that each row is added up under: the outermost label, with the next one where those are few."""
    parts = [course.category_text.split("/") if course.category_text else [course.category] for course in courses]
    if len({part[0] for part in parts}) >= 4:
        return [part[0] for part in parts]
    return ["/".join(part[:2]) for part in parts]


#: Low, high, and the rows whose cells are used.
_Sum = tuple[float, float, tuple[int, ...]]


def _rows(rows: Sequence[int], figures: dict[int, Figure | None]) -> _Sum:
    """Rows outside choices; a cell merged over several of them counts once."""
    found: dict[object, int] = {}
    for number in rows:
        figure = figures[number]
        if figure is not None:
            found.setdefault(figure.locator if figure.locator.cell else number, number)
    value = sum(figure.value for n in found.values() if (figure := figures[n]))
    return value, value, tuple(found.values())


def _choice(choice: Choice, figures: dict[int, Figure | None], stated: float | None, take: int | None) -> _Sum:
    """What a choice counts for, low and high, and its cells, when only the rows in ``figures`` are selected."""
    options = [_rows([n for n in option if n in figures], figures) for option in choice.options]
    cells = tuple(n for *_, used in options for n in used)
    values = sorted(value for value, *_ in options)
    whole = all(n in figures for n in choice.courses)
    if stated is not None and whole:
        complete = all(figures[n] is not None for n in choice.courses)
        value = min(stated, sum(values)) if complete else stated
        return value, value, cells
    if take is not None:
        return sum(values[:take]), sum(values[max(len(values) - take, 0) :]), cells
    if stated is not None:
        return 0.0, min(stated, sum(values)), cells
    return min(values, default=0.0), sum(values), cells


def options_taken(choice: Choice, courses: Sequence[PlanCourse]) -> int | None:
    """How many options are taken, for a quota worked out where all its options count the same; None if unknown."""
    if choice.take is not None:
        return choice.take
    for measure in ("hours", "credits"):
        stated, read = getattr(choice, measure), reader(measure)
        amounts = {f.value if (f := read(courses[n])) else 0.0 for n in choice.courses}
        amount = amounts.pop() if len(amounts) == 1 and all(len(option) == 1 for option in choice.options) else 0.0
        if stated and amount and stated % amount == 0 and stated / amount <= len(choice.options):
            return int(stated / amount)
    return None
