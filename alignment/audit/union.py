"""What the documents of an audit cover together, read from its tables a group of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast

from alignment.audit.model import DocumentRow, GapRow, ProblemRow
from alignment.audit.tables import read_table
from alignment.portfolio import Entry, Portfolio, portfolio
from corpora.document import DocumentKind
from corpora.standard import TEACHABLE, Standard

#: Where a document must hold an element to teach it, and not only to promise or examine it.
_PRACTISED = frozenset(("content", "practice"))


@dataclass(frozen=True, slots=True)
class AuditedFile:
    """A document as tables list it: path, department ("" for none), what it is a copy of ("" for none), its row."""

    path: str
    department: str
    copy_of: str
    row: DocumentRow


@dataclass(frozen=True, slots=True)
class AuditedSet:
    """An audit as a whole.

    Parameters
    ----------
    folder : of its tables.
    portfolio : what the documents cover together; each content once, failed documents left out.
    files : all documents, by path.
    departments : by name, what the documents of a department cover together; empty without departments.
    problems : of all documents, each with its path.
    """

    folder: Path
    portfolio: Portfolio
    files: tuple[AuditedFile, ...]
    departments: Mapping[str, Portfolio]
    problems: tuple[tuple[str, ProblemRow], ...]

    @property
    def standard(self) -> Standard:
        """The standard."""
        return self.portfolio.standard

    @property
    def failed(self) -> tuple[AuditedFile, ...]:
        """Documents that could not be audited."""
        return tuple(file for file in self.files if file.row.status == "failed")

    def gaps(self, most: int) -> Iterator[tuple[str, GapRow]]:
        """The weightiest gaps of each document, at most so many of one, with its path."""
        path, count = "", 0
        for document, gap in _rows(self.folder, "gaps", GapRow):
            count = count + 1 if document == path else 1
            path = document
            if count <= most:
                yield document, gap


def read_audit(folder: Path, standard: Standard) -> AuditedSet:
    """An audit from its tables.

    Raises
    ------
    IndexFormatError : a table is missing or damaged.
    """
    files = tuple(_files(folder))
    entries = _entries(folder, standard, files)
    wanted = {file.path: file.department for file in files if file.path in entries}
    departments: dict[str, list[Entry]] = {}
    for path, department in wanted.items():
        if department:
            departments.setdefault(department, []).append(entries[path])
    return AuditedSet(
        folder,
        portfolio(standard, list(entries.values())),
        files,
        {name: portfolio(standard, some) for name, some in sorted(departments.items())},
        tuple(_rows(folder, "problems", ProblemRow)),
    )


class _Grades(Mapping[str, int]):
    """Grades by element id in a byte each: thousands of documents hold hundreds of them."""

    __slots__ = ("_place", "_row")

    def __init__(self, place: Mapping[str, int]) -> None:
        self._place, self._row = place, bytearray(len(place))

    def __getitem__(self, element: str) -> int:
        return self._row[self._place[element]]

    def __setitem__(self, element: str, grade: int) -> None:
        self._row[self._place[element]] = grade

    def __iter__(self) -> Iterator[str]:
        return iter(self._place)

    def __len__(self) -> int:
        return len(self._place)


@dataclass(slots=True)
class _Held:
    """What is gathered of one document."""

    grades: _Grades
    taught: set[str]
    short: set[str]
    failed: list[str]
    undetermined: list[str]


def _files(folder: Path) -> Iterator[AuditedFile]:
    for document, row in _rows(folder, "documents", DocumentRow, "department", "copy_of"):
        path, department, copy_of = document
        yield AuditedFile(path, department or "", copy_of or "", row)


def _entries(folder: Path, standard: Standard, files: tuple[AuditedFile, ...]) -> dict[str, Entry]:
    """By path, what a portfolio looks at."""
    place = {e.id: n for n, e in enumerate(e for s in standard.of_kind(*TEACHABLE) for e in s.elements)}
    counted = {file.path: file.row for file in files if file.row.status == "ok" and not file.copy_of}
    held = {path: _Held(_Grades(place), set(), set(), [], []) for path in counted}
    for group in read_table(folder, "elements", ("document", "element", "grade", "level_short", "where")):
        for path, element, grade, short, where in zip(*group.values(), strict=True):
            if grade and path in held:
                _hold(held[path], element, grade, short, where)
    for group in read_table(folder, "rules", ("document", "rule", "verdict")):
        for path, rule, verdict in zip(*group.values(), strict=True):
            if path in held and verdict != "pass":
                (held[path].failed if verdict == "fail" else held[path].undetermined).append(rule)
    return {path: _entry(path, row, held[path]) for path, row in counted.items()}


def _hold(held: _Held, element: str, grade: int, short: bool, where: list[str]) -> None:
    held.grades[element] = grade
    if short:
        held.short.add(element)
    if grade == 2 and not _PRACTISED.isdisjoint(where):
        held.taught.add(element)


def _entry(path: str, row: DocumentRow, held: _Held) -> Entry:
    return Entry(
        path,
        path,
        cast(DocumentKind, row.kind),
        held.grades,
        row.scope,
        frozenset(held.taught),
        frozenset(held.short),
        tuple(held.failed),
        tuple(held.undetermined),
    )


def _rows(folder: Path, name: str, kind: type[Any], *further: str) -> Iterator[tuple[Any, Any]]:
    """Rows of a table, each with its document's path (and further columns, together as a tuple)."""
    names = [field.name for field in fields(kind)]
    heads = ("document", *further)
    for group in read_table(folder, name, (*heads, *names)):
        for values in zip(*(group[column] for column in (*heads, *names)), strict=True):
            head, body = values[: len(heads)], values[len(heads) :]
            row = kind(*(tuple(value) if isinstance(value, list) else value for value in body))
            yield head if further else head[0], row
