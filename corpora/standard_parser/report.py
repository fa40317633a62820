"""What an import hands over: the standard, and what it could not place."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpora.standard import Standard


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A stretch of the source that became no statement, fact or heading.

    Parameters
    ----------
    section : canonical number of the section it stands in (``0`` before the first).
    line : number of its block in the document, from 1.
    text : verbatim.
    reason : why, in Chinese.
    """

    section: str
    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """Counts and leftovers of an import.

    Parameters
    ----------
    paragraphs, cells : non-blank paragraphs and table cells of the source.
    counts : statements per kind, and ``numeric_rule``, ``other_rule``, ``element``.
    unplaced : what became nothing; it stands in ``Standard.sections`` all the same.
    warnings : doubts that a person should look at, in Chinese.
    """

    paragraphs: int = 0
    cells: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    unplaced: tuple[Unplaced, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def placed_ratio(self) -> float:
        """Share of the source's paragraphs and cells that were placed, in 0..1; 1 for an empty source."""
        total = self.paragraphs + self.cells
        return 1 - len(self.unplaced) / total if total else 1.0


@dataclass(frozen=True)
class ImportedStandard:
    """An imported standard with the report of its import."""

    standard: Standard
    report: ImportReport
