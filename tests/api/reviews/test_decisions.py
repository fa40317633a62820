"""Persons' decisions on verdicts: what they need, what they do to a report, whose they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from api.auth.principal import LOCAL, ConflictError, ForbiddenError, NotFoundError, StaleError
from api.service import Service
from api.services import reports, reviews
from api.store.models import Decision, LogEntry, Report
from corpora.errors import UsageError
from tests.api.reviews.judging import Desk, aligned
from tests.service import work_off


def test_a_raised_grade_stands_on_its_quote(desk: Desk) -> None:
    """The quote of a person becomes the evidence, with its own place, and coverage follows."""
    before, element = desk.open(), desk.of_grade(0).element.id
    row = desk.raised(desk.people.teacher, element)
    after = desk.open()
    match = after.match_of[element]
    document = reports.read_document(desk.service, desk.people.teacher, desk.row.id)
    (evidence,) = match.evidence
    assert (match.grade, match.level_found, match.review) == (2, 3, False)
    assert document.resolve(evidence.locator) == evidence.quote == "能够策划店铺促销活动"
    assert (evidence.role, match.where) == ("objective", ("objective",))
    assert evidence.heading_path[-1] == "一、课程目标"
    assert (row.start, row.end) == (evidence.locator.start, evidence.locator.end)
    assert match.decided is not None
    assert (match.decided.proposed_grade, match.decided.author, match.decided.reason) == (0, "teacher", "目标里写明了")
    assert after.count(2) == before.count(2) + 1
    assert not any(gap.element.id == element and gap.kind == "missing" for gap in after.gaps)


def test_lists_tell_what_persons_decided(desk: Desk) -> None:
    """The headline that lists show is drawn again after each decision."""
    element = desk.of_grade(0).element.id
    desk.raised(desk.people.teacher, element)
    row = reports.find_report(desk.service, desk.people.teacher, desk.row.id)
    assert row.headline is not None
    assert (row.headline["grades"][element], row.headline["decided"]) == (2, 1)
    desk.decide(desk.people.teacher, element, "withdraw")
    row = reports.find_report(desk.service, desk.people.teacher, desk.row.id)
    assert row.headline is not None
    assert (row.headline["grades"][element], row.headline["decided"]) == (0, 0)


def test_a_verdict_lowered_to_missing_drops_its_evidence(desk: Desk) -> None:
    """The nearest passage stays, so that a reader sees what was looked at."""
    covered = desk.of_grade(2)
    desk.decide(desk.people.teacher, covered.element.id, "override", grade=0, reason="只是标题")
    match = desk.match(covered.element.id)
    assert (match.grade, match.evidence, match.where, match.level_found) == (0, (), (), None)
    assert match.nearest == covered.nearest


def test_an_accepted_verdict_is_no_longer_open(desk: Desk) -> None:
    """It keeps its evidence and asks for no review."""
    covered = desk.of_grade(2)
    row = desk.decide(desk.people.teacher, covered.element.id, "accept", grade=2)
    match = desk.match(covered.element.id)
    assert (match.grade, match.evidence, match.review) == (2, covered.evidence, False)
    assert row.quote == covered.evidence[0].quote


def test_a_decision_is_pinned_when_the_document_is_read_again(desk: Desk) -> None:
    """A new report of the same document against the same standard begins with what persons decided."""
    element = desk.of_grade(0).element.id
    desk.raised(desk.people.teacher, element)
    again = reports.start(desk.service, desk.people.teacher, desk.row.document_id, "530701", ["C5"])
    work_off(desk.service)
    opened = reports.open_report(desk.service, desk.people.teacher, again.id)
    assert opened.report.match_of[element].grade == 2
    assert opened.row.headline is not None
    assert opened.row.headline["grades"][element] == 2


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"grade": 2, "reason": "应算覆盖"}, "没有引文"),
        ({"grade": 1, "reason": "应算涉及", "quote": "这句话文件里没有"}, "找不到这段引文"),
        ({"grade": 1, "reason": "应算涉及", "quote": "能"}, "引文太短"),
        ({"grade": 1, "quote": "能够策划店铺促销活动"}, "须写明理由"),
        ({"grade": 1, "quote": "能够策划店铺促销活动", "reason": "　 "}, "须写明理由"),
        ({"grade": 1, "quote": "能够策划店铺促销活动", "reason": "很" * 1001}, "最多 1000 字"),
        ({"grade": 1, "quote": "能" * 2001, "reason": "见目标"}, "最多 2000 字"),
        ({"grade": 3, "reason": "见目标"}, "结论应为"),
        ({"grade": 1, "level": 7, "reason": "见目标"}, "层次应为 1 到 6"),
        ({"grade": 0, "level": 2, "reason": "见目标"}, "没有层次"),
        ({"grade": 0, "reason": "见目标"}, "与系统的结论相同"),
        ({"reason": "见目标"}, "与系统的结论相同"),
    ],
)
def test_an_incomplete_override_is_refused(desk: Desk, asked: dict[str, Any], what: str) -> None:
    """Without reason, with a false quote, or saying nothing new, it changes nothing."""
    element = desk.of_grade(0).element.id
    with pytest.raises(UsageError, match=what):
        desk.decide(desk.people.teacher, element, "override", **asked)
    assert reviews.decisions(desk.service, desk.people.teacher, desk.row.id) == ()


def test_a_proposal_that_is_no_longer_what_was_seen_is_not_accepted(desk: Desk) -> None:
    """Accepting is of what the person saw."""
    with pytest.raises(StaleError):
        desk.decide(desk.people.teacher, desk.of_grade(2).element.id, "accept", grade=1)


def test_unknown_targets_are_not_found(desk: Desk) -> None:
    """Neither elements nor rules that the report does not have."""
    for kind in ("element", "rule"):
        with pytest.raises(NotFoundError):
            reviews.decide(desk.service, desk.people.teacher, desk.row.id, kind, "X9.e1", action="accept")  # type: ignore[arg-type]


def test_who_sees_nothing_decides_nothing(desk: Desk) -> None:
    """A report of others does not exist for them; an auditor reads and does not decide."""
    element = desk.of_grade(2).element.id
    for person in (desk.people.stranger, desk.people.colleague, desk.people.foreign_reviewer):
        with pytest.raises(NotFoundError):
            desk.decide(person, element, "accept")
    with pytest.raises(ForbiddenError):
        desk.decide(desk.people.auditor, element, "accept")


def test_a_teacher_does_not_undo_a_reviewer(desk: Desk) -> None:
    """What a reviewer decided only reviewers change or withdraw."""
    element = desk.of_grade(2).element.id
    desk.decide(desk.people.reviewer, element, "override", grade=1, reason="只提到名称")
    for action, asked in (("withdraw", {}), ("accept", {}), ("override", {"grade": 0, "reason": "不同意"})):
        with pytest.raises(ForbiddenError, match="reviewer"):
            desk.decide(desk.people.teacher, element, action, **asked)
    desk.decide(desk.people.admin, element, "withdraw")
    assert desk.match(element).grade == 2


def test_a_second_reviewer_confirms_or_objects(desk: Desk) -> None:
    """An objection opens the verdict again; it stands until its author confirms or somebody decides anew."""
    element = desk.of_grade(0).element.id
    desk.raised(desk.people.teacher, element)
    desk.decide(desk.people.reviewer, element, "object", reason="引文说的是促销，不是这一项")
    match = desk.match(element)
    assert match.decided is not None
    assert (match.grade, match.review, match.decided.disputed) == (2, True, True)
    assert (match.decided.second, match.decided.second_reason) == ("reviewer", "引文说的是促销，不是这一项")
    desk.decide(desk.people.admin, element, "confirm")
    assert desk.match(element).review
    desk.decide(desk.people.reviewer, element, "confirm")
    match = desk.match(element)
    assert match.decided is not None
    assert (match.review, match.decided.agrees, match.decided.disputed) == (False, True, False)


def test_nobody_confirms_themselves(desk: Desk) -> None:
    """Nor does a teacher confirm anybody, nor is there anything to confirm without a decision."""
    element = desk.of_grade(2).element.id
    with pytest.raises(ConflictError):
        desk.decide(desk.people.reviewer, element, "confirm")
    desk.decide(desk.people.reviewer, element, "accept")
    with pytest.raises(ForbiddenError, match="另一人"):
        desk.decide(desk.people.reviewer, element, "confirm")
    with pytest.raises(ForbiddenError, match="只有审核人"):
        desk.decide(desk.people.teacher, element, "confirm")
    with pytest.raises(UsageError, match="须写明理由"):
        desk.decide(desk.people.admin, element, "object")


def test_without_accounts_there_is_no_second_reviewer(service: Service) -> None:
    """The refusal says how to have one."""
    row = aligned(service, LOCAL)
    element = next(iter(reports.open_report(service, LOCAL, row.id).report.match_of))
    reviews.decide(service, LOCAL, row.id, "element", element, action="accept")
    with pytest.raises(ForbiddenError) as caught:
        reviews.decide(service, LOCAL, row.id, "element", element, action="confirm")
    assert "--auth" in caught.value.advice


def test_a_withdrawal_needs_something_to_withdraw(desk: Desk) -> None:
    """It is a row of its own; nothing is taken away."""
    element = desk.of_grade(2).element.id
    with pytest.raises(ConflictError):
        desk.decide(desk.people.teacher, element, "withdraw")
    desk.decide(desk.people.teacher, element, "accept")
    desk.decide(desk.people.teacher, element, "withdraw")
    rows = reviews.decisions(desk.service, desk.people.teacher, desk.row.id)
    assert [row.action for row in rows] == ["accept", "withdraw"]
    assert reviews.standing(rows) == {}
    assert desk.match(element).decided is None


def test_what_no_longer_fits_is_told_and_not_applied(desk: Desk) -> None:
    """An element worded otherwise since, or a quote that is gone, leaves the system's verdict and a note."""
    first, second = (m.element.id for m in [m for m in desk.open().matches if m.grade == 0][:2])
    desk.raised(desk.people.teacher, first)
    with desk.service.store.begin() as session:
        old = reviews.decisions(desk.service, desk.people.teacher, desk.row.id)[0]
        fields = {c.key: getattr(old, c.key) for c in Decision.__table__.columns if c.key not in ("id", "created_at")}
        session.add(Decision(**{**fields, "target_text": "原来的说法"}))
        session.add(Decision(**{**fields, "target_id": second, "quote": "文件里没有的话", "start": 3}))
    report = desk.open()
    assert [report.match_of[id].decided for id in (first, second)] == [None, None]
    (note,) = [note for note in report.provenance.notes if "人工结论未采用" in note]
    assert first in note
    assert second in note


def test_an_approved_report_is_closed(desk: Desk) -> None:
    """Its decisions, and those of every other report of the same document and standard, wait until it is returned."""
    element = desk.of_grade(2).element.id
    reviews.move(desk.service, desk.people.teacher, desk.row.id, "submitted")
    reviews.move(desk.service, desk.people.reviewer, desk.row.id, "approved")
    again = reports.start(desk.service, desk.people.teacher, desk.row.document_id, "530701")
    for report_id in (desk.row.id, again.id):
        with pytest.raises(ConflictError, match="通过审核"):
            reviews.decide(desk.service, desk.people.reviewer, report_id, "element", element, action="accept")
    reviews.move(desk.service, desk.people.reviewer, desk.row.id, "returned", "请再核对")
    desk.decide(desk.people.reviewer, element, "accept")


def test_a_report_that_is_not_done_takes_no_decision(desk: Desk) -> None:
    """There is nothing to decide on yet."""
    with desk.service.store.begin() as session:
        row = session.get(Report, desk.row.id)
        assert row is not None
        row.state = "running"
    with pytest.raises(ConflictError, match="没有完成"):
        desk.decide(desk.people.teacher, "C1.R1.e1", "accept")


def test_decisions_are_logged_without_text(desk: Desk) -> None:
    """Who decided what is in the audit log; quote and reason are not."""
    element = desk.of_grade(0).element.id
    desk.raised(desk.people.teacher, element)
    with desk.service.store.read() as session:
        found = session.scalars(select(LogEntry).where(LogEntry.action == "decision.add")).one()
    assert (found.user_id, found.object_id, found.department_id) == (
        desk.people.teacher.id,
        desk.row.id,
        desk.people.department,
    )
    assert found.detail == {"target": element, "decision": "override"}


def test_a_reviewer_without_departments_still_judges_their_own(service: Service, desk: Desk) -> None:
    """Own documents are one's own, whatever the role."""
    alone = replace(desk.people.reviewer, departments=frozenset())
    row = aligned(service, alone)
    element = next(iter(reports.open_report(service, alone, row.id).report.match_of))
    assert reviews.decide(service, alone, row.id, "element", element, action="accept").author_id == alone.id
