"""The review of a report: its states, who moves it, what waits for whom, its history."""

from __future__ import annotations

import threading

import pytest

from api.auth.principal import LOCAL, ConflictError, ForbiddenError, NotFoundError, StaleError
from api.service import Service
from api.services import reports, reviews
from api.services.paging import PageRequest
from api.store.models import Report
from corpora.errors import UsageError
from tests.api.reviews.judging import Desk, aligned


def _move(desk: Desk, who: str, to: str, comment: str = "", seen: str | None = None) -> Report:
    person = getattr(desk.people, who)
    return reviews.move(desk.service, person, desk.row.id, to, comment, seen)  # type: ignore[arg-type]


def test_the_way_of_a_report(desk: Desk) -> None:
    """Submitted, returned with a comment, submitted again, approved, and returned even then."""
    way = [
        ("teacher", "submitted", ""),
        ("reviewer", "returned", "请补充考核方式"),
        ("teacher", "submitted", "已补充"),
        ("admin", "approved", ""),
        ("reviewer", "returned", "漏看一处"),
    ]
    for who, to, comment in way:
        assert _move(desk, who, to, comment).review_state == to
    steps = [item for item in reviews.history(desk.service, desk.people.teacher, desk.row.id) if item.kind == "review"]
    assert [(item.author, item.action, item.text) for item in steps] == way


@pytest.mark.parametrize(
    ("before", "who", "to"),
    [
        ("draft", "reviewer", "approved"),
        ("draft", "teacher", "returned"),
        ("draft", "teacher", "draft"),
        ("submitted", "teacher", "submitted"),
        ("submitted", "teacher", "draft"),
        ("returned", "reviewer", "approved"),
        ("approved", "teacher", "submitted"),
        ("approved", "reviewer", "draft"),
    ],
)
def test_there_are_no_other_ways(desk: Desk, before: str, who: str, to: str) -> None:
    """Whoever asks for it."""
    with desk.service.store.begin() as session:
        row = session.get(Report, desk.row.id)
        assert row is not None
        row.review_state = before
    with pytest.raises(ConflictError):
        _move(desk, who, to, "意见")


def test_who_moves_it(desk: Desk) -> None:
    """The owner submits; a reviewer of the department judges, never their own work; others know nothing of it."""
    for who in ("reviewer", "auditor"):
        with pytest.raises(ForbiddenError):
            _move(desk, who, "submitted")
    for who in ("stranger", "colleague", "foreign_reviewer"):
        with pytest.raises(NotFoundError):
            _move(desk, who, "submitted")
    _move(desk, "teacher", "submitted")
    for who in ("teacher", "auditor"):
        with pytest.raises(ForbiddenError, match="只有审核人"):
            _move(desk, who, "approved")


def test_a_reviewer_does_not_approve_their_own_work(desk: Desk) -> None:
    """Another one does; without accounts there is only one user, who may."""
    people, service = desk.people, desk.service
    row = aligned(service, people.reviewer, people.department)
    reviews.move(service, people.reviewer, row.id, "submitted")
    with pytest.raises(ForbiddenError, match="不能审核自己的文件"):
        reviews.move(service, people.reviewer, row.id, "approved")
    assert reviews.move(service, people.admin, row.id, "approved").review_state == "approved"
    alone = aligned(service, LOCAL)
    reviews.move(service, LOCAL, alone.id, "submitted")
    assert reviews.move(service, LOCAL, alone.id, "approved").review_state == "approved"


def test_a_return_needs_a_comment(desk: Desk) -> None:
    """White space is none, and there is a limit."""
    _move(desk, "teacher", "submitted")
    for comment, what in ((" 　", "须写明意见"), ("长" * 1001, "最多 1000 字")):
        with pytest.raises(UsageError, match=what):
            _move(desk, "reviewer", "returned", comment)
    assert _move(desk, "reviewer", "returned", "长" * 1000).review_state == "returned"


def test_a_state_that_has_changed_is_told(desk: Desk) -> None:
    """Whoever saw an older state reads what it is now; nothing moves."""
    _move(desk, "teacher", "submitted", seen="draft")
    with pytest.raises(StaleError, match="待审"):
        _move(desk, "reviewer", "returned", "意见", seen="draft")
    assert reports.find_report(desk.service, desk.people.teacher, desk.row.id).review_state == "submitted"


def test_of_two_reviewers_at_once_one_moves_it(desk: Desk) -> None:
    """The other one is told; there is one step in the history."""
    _move(desk, "teacher", "submitted")
    barrier, outcomes = threading.Barrier(2), []

    def go(who: str, to: str) -> None:
        barrier.wait()
        try:
            _move(desk, who, to, "意见", seen="submitted")
            outcomes.append("moved")
        except ConflictError:
            outcomes.append("refused")

    threads = [threading.Thread(target=go, args=args) for args in (("reviewer", "approved"), ("admin", "returned"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    steps = [item for item in reviews.history(desk.service, desk.people.admin, desk.row.id) if item.kind == "review"]
    assert outcomes.count("moved") == len(steps) - 1 == 1


def test_a_report_that_is_not_done_is_not_submitted(desk: Desk) -> None:
    """There is nothing to review."""
    with desk.service.store.begin() as session:
        row = session.get(Report, desk.row.id)
        assert row is not None
        row.state = "failed"
    with pytest.raises(ConflictError, match="没有完成"):
        _move(desk, "teacher", "submitted")


def test_what_waits_for_whom(desk: Desk, service: Service) -> None:
    """Submitted reports of one's departments, not one's own, newest first, page by page."""
    people = desk.people
    rows = [desk.row, *(aligned(service, people.teacher, people.department) for _ in range(2))]
    own = aligned(service, people.reviewer, people.department)
    for row, who in (*((row, people.teacher) for row in rows), (own, people.reviewer)):
        reviews.move(service, who, row.id, "submitted")
    first = reviews.waiting(service, people.reviewer, PageRequest(2))
    second = reviews.waiting(service, people.reviewer, PageRequest(2, first.next))
    assert [row.id for row in (*first.items, *second.items)] == [row.id for row in reversed(rows)]
    assert (bool(first.next), second.next) == (True, "")
    assert len(reviews.waiting(service, people.admin, PageRequest()).items) == 4
    for person in (people.teacher, people.auditor, people.foreign_reviewer):
        assert reviews.waiting(service, person, PageRequest()).items == []


def test_history_tells_everything_in_order(desk: Desk) -> None:
    """The job, decisions with their withdrawal, the review."""
    element = desk.of_grade(2).element.id
    desk.decide(desk.people.teacher, element, "accept")
    desk.decide(desk.people.reviewer, element, "confirm", reason="同意")
    _move(desk, "teacher", "submitted")
    desk.decide(desk.people.reviewer, element, "withdraw", reason="再看看")
    items = reviews.history(desk.service, desk.people.auditor, desk.row.id)
    assert [(item.kind, item.author, item.action, item.target, item.text) for item in items] == [
        ("job", "teacher", "started", "", ""),
        ("job", "", "done", "", ""),
        ("decision", "teacher", "accept", element, ""),
        ("decision", "reviewer", "confirm", element, "同意"),
        ("review", "teacher", "submitted", "", ""),
        ("decision", "reviewer", "withdraw", element, "再看看"),
    ]
    with pytest.raises(NotFoundError):
        reviews.history(desk.service, desk.people.stranger, desk.row.id)
