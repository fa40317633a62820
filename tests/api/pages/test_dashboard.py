"""The page of the dashboard: what is covered together, what nobody teaches, the map, the trend, the rights."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.auth.principal import LOCAL
from api.service import Service
from api.services import audits, dashboards
from api.services.dashboard_view import by_course, heat_map, usual_standard
from tests.api.reviews.judging import aligned
from tests.service import make_client, make_settings, note, work_off

TEXTS = ("掌握关键词优化知识，能够策划店铺促销活动。", "能进行用户画像分析，完成用户拉新、留存、促活和转化。")


@pytest.fixture
def service(client: TestClient) -> Service:
    """The service behind the client."""
    found: Service = client.app.state.service  # type: ignore[attr-defined]
    return found


def data(html: str, id: str) -> Any:
    """What a chart's script reads."""
    found = re.search(rf'<script type="application/json" id="{id}">(.*?)</script>', html, re.S)
    assert found is not None
    return json.loads(found[1])


def batch(service: Service, name: str, *texts: str) -> None:
    """An audit of short syllabi, finished."""
    files = [note(text, f"{name}-{n}.md") for n, text in enumerate(texts)]
    audits.create(service, LOCAL, name=name, files=files, standard="530701")
    work_off(service)


def test_an_empty_dashboard_says_what_to_do(client: TestClient) -> None:
    """Without a report there are no figures, and no script of charts."""
    html = client.get("/dashboard").text
    assert "还没有可以汇总的报告" in html
    assert "charts.js" not in html


def test_figures_are_those_of_the_service(client: TestClient, service: Service) -> None:
    """Orphans, thin and repeated elements, each with its documents."""
    for text in TEXTS:
        aligned(service, LOCAL, text=text)
    html = client.get("/dashboard").text
    whole = dashboards.dashboard(service, LOCAL, standard="530701").portfolio
    for name in ("orphans", "thin", "shortfalls", "repeated"):
        tile = re.search(rf'href="#{name}"><b[^>]*>(\d+)</b>', html)
        assert tile is not None
        assert int(tile[1]) == len(getattr(whole, name))
    assert whole.orphans[0].element.text in html
    for entry in whole.entries:
        assert f'href="/reports/{entry.id}"' in html


def test_the_map_and_its_table_hold_the_same(client: TestClient, service: Service) -> None:
    """Courses first, then competencies; or the statements of one course."""
    for text in TEXTS:
        aligned(service, LOCAL, text=text)
    html = client.get("/dashboard").text
    chart = data(html, "heat-data")
    heat = heat_map(dashboards.dashboard(service, LOCAL, standard="530701").portfolio)
    assert [column[0] for column in chart["columns"]] == [c.id for c in heat.columns]
    assert [c.kind for c in heat.columns] == ["core_course"] * 8 + ["competency"] * 16
    assert len(chart["cells"]) == 2 * 24
    x, y, value = max(chart["cells"], key=lambda cell: cell[2])
    assert value == round(100 * heat.rows[y].ratios[x]) > 0
    one = data(client.get("/dashboard", params={"course": "C1"}).text, "heat-data")
    assert [c[0] for c in one["columns"]] == [*(f"C1.T{n}" for n in range(1, 8)), *(f"C1.R{n}" for n in range(1, 5))]
    assert client.get("/dashboard", params={"course": "C99"}).status_code == 200


def test_elements_are_grouped_by_course(service: Service) -> None:
    """Every listed element once, courses in the standard's order, competencies last."""
    aligned(service, LOCAL)
    found = dashboards.dashboard(service, LOCAL, standard="530701")
    groups = by_course(found.standard, found.portfolio.orphans)
    listed = [held.element.id for group in groups for part in group.statements for held in part.held]
    assert sorted(listed) == sorted(held.element.id for held in found.portfolio.orphans)
    ids = [group.course.id if group.course else "" for group in groups]
    assert ids == [*sorted(id for id in ids if id), ""]
    assert sum(group.count for group in groups) == len(listed)


def test_the_trend_is_drawn_from_the_second_audit_on(client: TestClient, service: Service) -> None:
    """One audit is a row of the table, two are a line."""
    batch(service, "春季", TEXTS[0])
    assert "trend-data" not in client.get("/dashboard").text
    batch(service, "秋季", *TEXTS)
    html = client.get("/dashboard").text
    chart = data(html, "trend-data")
    assert chart["names"] == ["春季", "秋季"]
    assert chart["covered"][0] < chart["covered"][1] <= chart["reached"][1]
    audit = dashboards.dashboard(service, LOCAL, standard="530701").trend[0]
    narrowed = client.get("/dashboard", params={"audit": audit.audit_id}).text
    assert len(data(narrowed, "heat-data")["rows"]) == 1


def test_exports_keep_what_the_page_is_narrowed_to(client: TestClient, service: Service) -> None:
    """The links name the audit, and work."""
    batch(service, "春季", *TEXTS)
    (point,) = dashboards.dashboard(service, LOCAL, standard="530701").trend
    html = client.get("/dashboard", params={"audit": point.audit_id}).text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/api/v1/dashboard/export[^"]+)"', html)]
    assert len(links) == 3
    assert all(point.audit_id in link for link in links)
    assert {client.get(link).status_code for link in links} == {200}


def test_names_of_documents_are_no_markup(client: TestClient, service: Service) -> None:
    """Neither on the page nor in the data of its charts."""
    batch(service, "</script><b>批", *TEXTS)
    batch(service, "</script><b>批二", *TEXTS)
    html = client.get("/dashboard").text
    assert "</script><b>" not in html
    assert data(html, "trend-data")["names"][0] == "</script><b>批"


def test_the_usual_standard_is_that_of_the_latest_report(service: Service) -> None:
    """So that the page opens with something in it."""
    assert usual_standard(service, LOCAL, ["460301", "530701"]) == "460301"
    aligned(service, LOCAL)
    assert usual_standard(service, LOCAL, ["460301", "530701"]) == "530701"


def test_unknown_places_are_told(client: TestClient) -> None:
    """A standard, department or audit that is not there."""
    for name in ("department", "audit"):
        assert client.get("/dashboard", params={name: "nobody"}).status_code == 404
    assert client.get("/dashboard", params={"standard": "999999"}).status_code in (400, 404)


def test_dashboards_are_for_those_who_oversee(tmp_path: Any) -> None:
    """Nobody who is not signed in."""
    with make_client(make_settings(tmp_path, auth=True)) as guarded:
        answer = guarded.get("/dashboard", headers={"accept": "text/html"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].startswith("/sign-in")) == (303, True)
