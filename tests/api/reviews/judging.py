"""A finished report of a short syllabus, and what tests ask of decisions on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from alignment.model import GapReport, Match
from api.auth.principal import Principal
from api.service import Service
from api.services import documents, reports, reviews
from api.store.models import Decision, Report
from tests.service import People, note, work_off

#: One sentence stands in the objectives, so that some elements are covered and most are not.
TEXT = "掌握关键词优化知识，能够策划店铺促销活动。了解电子商务法律法规。"


def aligned(
    service: Service, principal: Principal, department: str | None = None, text: str = TEXT, **sent: Any
) -> Report:
    """A finished report of a syllabus that holds a text."""
    document = documents.upload(service, principal, [note(text)], department_id=department, **sent)
    report = reports.start(service, principal, document.id, "530701")
    work_off(service)
    return reports.find_report(service, principal, report.id)


@dataclass(frozen=True)
class Desk:
    """A report and those who judge it."""

    service: Service
    people: People
    row: Report

    def open(self, principal: Principal | None = None) -> GapReport:
        """The report as a person reads it now."""
        return reports.open_report(self.service, principal or self.people.teacher, self.row.id).report

    def match(self, element: str) -> Match:
        """The verdict on an element as it stands now."""
        return self.open().match_of[element]

    def of_grade(self, grade: int) -> Match:
        """The first element of a core course with this grade."""
        report = self.open()
        return next(m for m in report.scoped_matches if m.grade == grade)

    def decide(self, principal: Principal, element: str, action: str, **asked: Any) -> Decision:
        """Decide on an element."""
        return reviews.decide(self.service, principal, self.row.id, "element", element, action=action, **asked)  # type: ignore[arg-type]

    def raised(self, principal: Principal, element: str) -> Decision:
        """Override a verdict to covered, with a quote."""
        return self.decide(
            principal, element, "override", grade=2, level=3, quote="能够策划店铺促销活动", reason="目标里写明了"
        )


@pytest.fixture
def desk(service: Service, people: People) -> Desk:
    """The teacher's report, in the department of the reviewer."""
    return Desk(service, people, aligned(service, people.teacher, people.department))
