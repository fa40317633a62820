"""Which documents cover a statement of a standard, told by the latest finished report of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.auth.principal import NotFoundError, Principal
from api.services.paging import MOST, PageRequest
from api.services.reports import list_reports
from api.services.standards import open_standard
from api.store.models import Report
from corpora.standard import Element, Standard, Statement

if TYPE_CHECKING:
    from api.service import Service

#: Most reports that are looked through, newest first.
LOOKED_THROUGH = 2000


@dataclass(frozen=True, slots=True)
class Covering:
    """A document's coverage of a statement: its grades by element, and their mean / 2, in 0..1."""

    report: Report
    grades: dict[str, int]
    ratio: float


@dataclass(frozen=True)
class Found:
    """A statement, its elements (for a course those of its tasks and requirements), and who covers it, best first."""

    standard: Standard
    statement: Statement
    elements: tuple[Element, ...]
    covering: tuple[Covering, ...]
    without: tuple[Covering, ...]


def covering(service: Service, principal: Principal, code: str, statement: str) -> Found:
    """Which of the documents that the principal sees cover a statement.

    Raises
    ------
    NotFoundError : there is no such standard or statement.
    """
    standard = open_standard(service, code)
    if statement not in standard.by_id:
        raise NotFoundError(f"标准 {code} 没有条目“{statement}”")
    elements = tuple(_elements(standard, statement))
    found = [_covering(report, elements) for report in latest(service, principal, code)]
    found.sort(key=lambda item: -item.ratio)
    with_it, without = [c for c in found if c.ratio > 0], [c for c in found if c.ratio == 0]
    return Found(standard, standard.by_id[statement], elements, tuple(with_it), tuple(without))


def reported(service: Service, principal: Principal, codes: Iterable[str]) -> frozenset[str]:
    """Those standards against which the principal sees a finished report."""
    one = PageRequest(1)
    return frozenset(c for c in codes if list_reports(service, principal, one, state="done", standard=c).items)


def latest(service: Service, principal: Principal, code: str) -> Iterator[Report]:
    """The latest finished report of each document against a standard, newest first."""
    seen: set[str] = set()
    page, looked = PageRequest(MOST), 0
    while looked < LOOKED_THROUGH:
        found = list_reports(service, principal, page, state="done", standard=code)
        for report in found.items:
            if report.document_id not in seen and report.headline:
                seen.add(report.document_id)
                yield report
        looked += len(found.items)
        if not found.next:
            return
        page = PageRequest(MOST, found.next)


def _covering(report: Report, elements: tuple[Element, ...]) -> Covering:
    known = (report.headline or {}).get("grades", {})
    grades = {element.id: int(known[element.id]) for element in elements if element.id in known}
    return Covering(report, grades, sum(grades.values()) / 2 / len(grades) if grades else 0.0)


def _elements(standard: Standard, statement: str) -> Iterator[Element]:
    yield from standard.by_id[statement].elements
    for child in standard.children(statement):
        yield from _elements(standard, child.id)
