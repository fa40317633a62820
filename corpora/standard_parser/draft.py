"""The standard while it is being read: statements with running ids, placements, warnings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from corpora.standard import Mend, Statement
from corpora.standard_parser.report import Unplaced
from corpora.standard_parser.source import Line


@dataclass
class Draft:
    """Collects what the section readers find.

    ``placed`` maps block numbers to the ids made of them; an empty list means placed as a fact or heading.
    """

    statements: list[Statement] = field(default_factory=list)
    placed: dict[int, list[str]] = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    mends: list[Mend] = field(default_factory=list)
    _numbers: Counter[str] = field(default_factory=Counter)

    def add(self, prefix: str, kind: str, text: str, section: str, lines: tuple[int, ...], **fields: Any) -> Statement:
        """Append a statement with the next id of its series (``A7``, ``GE3``; competencies count ``Q01``)."""
        self._numbers[prefix] += 1
        number = self._numbers[prefix]
        name = f"{prefix}{number:02d}" if prefix == "Q" else f"{prefix}{number}"
        return self.put(Statement(name, kind, text, section=section, lines=lines, **fields))

    def put(self, statement: Statement) -> Statement:
        """Append a statement that has its id."""
        self.statements.append(statement)
        for number in statement.lines:
            self.placed.setdefault(number, []).append(statement.id)
        return statement

    def place(self, line: Line | int) -> None:
        """Mark a block as placed without a statement."""
        for number in (line,) if isinstance(line, int) else line.lines:
            self.placed.setdefault(number, [])

    def leave(self, section: str, number: int, text: str, reason: str) -> None:
        """Record a stretch that could not be placed."""
        self.unplaced.append(Unplaced(section, number, text, reason))

    def mend(self, kind: str, source: str, reading: str, lines: tuple[int, ...], *statements: str) -> None:
        """Record a layout defect that was mended."""
        self.mends.append(Mend(f"MD{len(self.mends) + 1:02d}", kind, source, True, reading, lines, statements))

    def of_kind(self, *kinds: str) -> list[Statement]:
        """Statements of the given kinds so far."""
        return [s for s in self.statements if s.kind in kinds]
