"""The desk of reviews: each queue holds what it says, for whom it says."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.auth.principal import LOCAL, Principal
from api.service import Service
from api.services import review_queue, reviews
from api.services.paging import PageRequest
from api.store.models import Report
from corpora.errors import UsageError
from tests.api.reviews.judging import aligned
from tests.service import People


def queues(service: Service, principal: Principal) -> dict[str, list[str]]:
    """Ids of the reports in each queue of a person."""
    return {
        name: [row.id for row in review_queue.queue(service, principal, name, PageRequest()).items]
        for name in review_queue.QUEUES
    }


@pytest.fixture
def report(service: Service, people: People) -> Report:
    """The teacher's finished report, in the department of the reviewer."""
    return aligned(service, people.teacher, people.department)


def test_a_report_goes_through_the_queues(service: Service, people: People, report: Report) -> None:
    """Submitted to the reviewer, back to its owner, and at last approved."""
    teacher, reviewer = people.teacher, people.reviewer
    nothing: dict[str, list[str]] = {name: [] for name in review_queue.QUEUES}
    assert queues(service, teacher) == queues(service, reviewer) == nothing
    reviews.move(service, teacher, report.id, "submitted", "请审")
    assert queues(service, reviewer) == nothing | {"waiting": [report.id]}
    assert queues(service, teacher) == nothing | {"sent": [report.id]}
    (row,) = review_queue.queue(service, reviewer, "waiting", PageRequest()).items
    assert row.submitted is not None
    assert (row.submitted.author_name, row.submitted.comment) == ("teacher", "请审")
    reviews.move(service, reviewer, report.id, "returned", "学时不对")
    assert queues(service, teacher) == nothing | {"returned": [report.id]}
    assert queues(service, reviewer) == nothing
    (row,) = review_queue.queue(service, teacher, "returned", PageRequest()).items
    assert row.last is not None
    assert (row.last.author_name, row.last.comment) == ("reviewer", "学时不对")
    reviews.move(service, teacher, report.id, "submitted")
    reviews.move(service, reviewer, report.id, "approved", "同意")
    assert queues(service, teacher) == queues(service, reviewer) == nothing | {"approved": [report.id]}
    assert review_queue.sizes(service, teacher) == {"waiting": 0, "returned": 0, "sent": 0, "approved": 1}


def test_nobody_sees_what_is_not_theirs(service: Service, people: People, report: Report) -> None:
    """Colleagues, auditors who review nothing, and reviewers elsewhere have empty queues."""
    reviews.move(service, people.teacher, report.id, "submitted")
    for principal in (people.colleague, people.auditor, people.stranger, people.foreign_reviewer):
        assert not any(queues(service, principal).values())
    assert queues(service, people.admin)["waiting"] == [report.id]


def test_a_reviewer_does_not_wait_for_themselves(service: Service, people: People) -> None:
    """One's own work is in the queue of others only."""
    own = aligned(service, people.reviewer, people.department)
    reviews.move(service, people.reviewer, own.id, "submitted")
    assert queues(service, people.reviewer) == {"waiting": [], "returned": [], "sent": [own.id], "approved": []}


def test_queues_come_in_pages_and_by_standard(service: Service, people: People) -> None:
    """Newest first; the next page begins where the last one ended."""
    rows = [aligned(service, people.teacher, people.department, text=f"第 {n} 份，掌握店铺运营。") for n in range(3)]
    for row in rows:
        reviews.move(service, people.teacher, row.id, "submitted")
    first = review_queue.queue(service, people.reviewer, "waiting", PageRequest(2))
    second = review_queue.queue(service, people.reviewer, "waiting", PageRequest(2, first.next))
    assert [row.id for row in (*first.items, *second.items)] == [row.id for row in reversed(rows)]
    assert second.next == ""
    assert review_queue.queue(service, people.reviewer, "waiting", PageRequest(), standard="999999").items == ()
    with pytest.raises(UsageError):
        review_queue.queue(service, people.reviewer, "all", PageRequest())


def test_the_page_shows_who_submitted_and_what_is_open(client: TestClient) -> None:
    """With the coverage and the comment; an empty queue says what comes there; an unknown one is refused."""
    service = client.app.state.service  # type: ignore[attr-defined]
    assert "没有等你审的报告" in client.get("/reviews").text
    row = aligned(service, LOCAL)
    reviews.move(service, LOCAL, row.id, "submitted", "请看<第二章>")
    html = client.get("/reviews", params={"queue": "waiting"}).text
    assert f'href="/reports/{row.id}"' in html
    assert "请看&lt;第二章&gt;" in html
    assert "本机用户" in html
    assert client.get("/reviews", params={"queue": "other"}, headers={"accept": "text/html"}).status_code == 400
