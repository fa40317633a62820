"""Pages to compare: the choice of reports, two versions, several documents."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from api.auth.principal import LOCAL
from api.service import Service
from api.services import comparisons
from api.services.comparison_view import choice, matrix, moves
from api.store.models import Report
from tests.api.reviews.judging import aligned
from tests.service import People

OLD = "掌握关键词优化知识，能够策划店铺促销活动。能进行用户画像分析。"
NEW = "了解关键词优化知识。制定网店运营目标、推广策略及预算，进行竞品数据分析。"


@pytest.fixture
def service(client: TestClient) -> Service:
    """The service behind the client."""
    found: Service = client.app.state.service  # type: ignore[attr-defined]
    return found


@pytest.fixture
def versions(service: Service) -> tuple[Report, Report]:
    """Reports of two versions of one text."""
    old = aligned(service, LOCAL, text=OLD)
    return old, aligned(service, LOCAL, text=NEW, previous_id=old.document_id)


def test_nothing_to_compare_says_what_to_do(client: TestClient) -> None:
    """An empty service offers the upload."""
    html = client.get("/compare").text
    assert "还没有可以比较的报告" in html
    assert 'href="/"' in html


def test_versions_are_offered_first(client: TestClient, versions: tuple[Report, Report]) -> None:
    """The older one first, and a chosen report is ticked."""
    old, new = versions
    html = client.get("/compare", params={"report": old.id}).text
    assert f"/compare?report={old.id}&amp;report={new.id}" in html
    assert re.findall(r'value="(\w+)"[^>]*checked', html) == [old.id]
    assert f'value="{new.id}"' in html


def test_the_choice_is_searched_by_name(service: Service) -> None:
    """What is chosen already stays in the list."""
    first, second = aligned(service, LOCAL), aligned(service, LOCAL, text="掌握社群运营。")
    assert {r.id for r in choice(service, LOCAL).reports} == {first.id, second.id}
    assert choice(service, LOCAL, "没有").reports == ()
    assert [r.id for r in choice(service, LOCAL, "没有", [first.id]).reports] == [first.id]


def test_only_what_one_may_see_is_offered(client: TestClient, service: Service) -> None:
    """Neither in the choice nor by its address."""
    from tests.service import make_people

    people: People = make_people(service.store)
    foreign = aligned(service, people.stranger, people.elsewhere)
    assert choice(service, people.teacher).reports == ()
    assert [r.id for r in choice(service, people.stranger).reports] == [foreign.id]
    assert client.get("/compare", params={"report": ["0" * 26, foreign.id]}).status_code == 404


def test_two_versions_show_what_changed(client: TestClient, versions: tuple[Report, Report]) -> None:
    """Won and lost elements each with the quotes of both sides, whatever the order asked for."""
    old, new = versions
    html = client.get("/compare", params={"report": [new.id, old.id]}).text
    found = comparisons.compare(client.app.state.service, LOCAL, [old.id, new.id])  # type: ignore[attr-defined]
    (change,) = found.comparison.changes
    moved = moves(change.better, change.lost, change.levels)
    assert moved.better
    assert moved.gone
    assert set(moved.gone).isdisjoint(moved.worse)
    assert len(moved.gone) + len(moved.worse) == len(change.lost)
    for item in (*moved.better, *moved.gone):
        assert item.element.text in html
        for match, row in ((item.before, old), (item.after, new)):
            assert f"/reports/{row.id}/elements/{match.element.id}" in html
    assert moved.better[0].after.evidence[0].quote[:20] in html
    assert "个百分点" in html


def test_the_same_twice_has_no_changes(client: TestClient, service: Service) -> None:
    """Two equal documents differ in nothing."""
    first = aligned(service, LOCAL)
    second = aligned(service, LOCAL, previous_id=first.document_id)
    html = client.get("/compare", params={"report": [first.id, second.id]}).text
    assert "两份的结论完全一样" in html


def test_none_covers_most_where_all_cover_alike(client: TestClient, service: Service) -> None:
    """A mark that every document bears says nothing."""
    alike = [aligned(service, LOCAL, text=text).id for text in (OLD, OLD + "\n另一句。")]
    assert "覆盖最多" not in client.get("/compare", params={"report": alike}).text
    one = aligned(service, LOCAL, text="第一章 绪论").id
    assert client.get("/compare", params={"report": [alike[0], one]}).text.count("覆盖最多") == 1


def test_the_matrix_shows_every_element_or_those_asked_for(client: TestClient, versions: tuple[Report, Report]) -> None:
    """All in scope, those that differ, those that none covers."""
    ids = [row.id for row in versions]
    comparison = comparisons.compare(client.app.state.service, LOCAL, ids).comparison  # type: ignore[attr-defined]

    def listed(only: str) -> list[str]:
        groups = matrix(comparison, only)  # type: ignore[arg-type]
        return [row.element.id for group in groups for part in group.statements for row in part.elements]

    rows = comparison.scoped
    assert listed("all") == [row.element.id for row in rows]
    assert listed("differ") == [row.element.id for row in rows if len(set(row.grades)) > 1] != []
    assert listed("gaps") == [row.element.id for row in rows if max(row.grades) < 2] != []
    html = client.get("/compare", params={"report": ids, "view": "matrix", "only": "differ"}).text
    cells = re.findall(r'class="g g(\d)"', html)
    assert len(cells) == 2 * len(listed("differ"))
    assert client.get("/compare", params={"report": ids, "view": "matrix", "only": "x"}).status_code == 200


def test_exports_are_offered_and_work(client: TestClient, versions: tuple[Report, Report]) -> None:
    """As workbook, table and paper."""
    html = client.get("/compare", params={"report": [row.id for row in versions]}).text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/api/v1/comparisons/export[^"]+)"', html)]
    assert len(links) == 3
    for link in links:
        answer = client.get(link)
        assert (answer.status_code, "attachment" in answer.headers["content-disposition"]) == (200, True)


def test_what_cannot_be_compared_leads_back_to_the_choice(client: TestClient, versions: tuple[Report, Report]) -> None:
    """With the reason, and what was chosen still ticked."""
    old, new = versions
    answer = client.get("/compare", params={"report": [old.id, new.id, new.id]})
    assert (answer.status_code, "同一份报告选了两次" in answer.text) == (400, True)
    assert len(re.findall(r'name="report" value="\w+" id="r-\w+"[^>]*checked', answer.text)) == 2
