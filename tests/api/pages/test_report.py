"""Pages of one report as the server makes them: what they hold, who sees which buttons, what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml.html import fromstring

from tests.api.auth.house import House, housing
from tests.api.pages.report_samples import PLAN, SYLLABUS, big_report, chips, finished, stored
from tests.service import incoming, make_client, make_people, make_settings, note, work_off

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A browser of a service without accounts."""
    with make_client(make_settings(tmp_path_factory.mktemp("service"))) as client:
        yield client


@pytest.fixture(scope="module")
def home(browser: TestClient) -> str:
    """Address of a syllabus' report."""
    return f"/reports/{finished(browser.app.state.service, SYLLABUS)}"  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def plan(browser: TestClient) -> str:
    """Address of a plan's report."""
    return f"/reports/{finished(browser.app.state.service, *PLAN, kind='plan')}"  # type: ignore[attr-defined]


def visible(html: str) -> str:
    """The text of a page on one line."""
    return " ".join(fromstring(html).text_content().split())


def test_the_report_says_all_at_first_sight(browser: TestClient, home: str) -> None:
    """Coverage, counts, the three worst gaps with where to write, every requirement of the course."""
    answer = browser.get(home)
    assert answer.status_code == 200
    tree = fromstring(answer.text)
    counts = {a.get("data-only"): int(a.findtext("b")) for a in tree.xpath("//a[@data-only]")}
    covered, touched, missing = counts["covered"], counts["touched"], counts["missing"]
    ratio = tree.xpath("//p[contains(@class,'hl-number')]/b")[0].text
    assert ratio == f"{round(100 * covered / (covered + touched + missing))}%"
    assert len(tree.xpath("//ol[contains(@class,'worst')]/li")) == 3
    assert "写入“" in visible(answer.text)
    assert len(chips(answer.text)) == covered + touched + missing
    assert all(name.startswith("C1.") for name in chips(answer.text))


def test_the_address_filters(browser: TestClient, home: str) -> None:
    """States, words and scope in the query give the same list without a script."""
    every = chips(browser.get(home).text)
    missing = chips(browser.get(f"{home}?status=missing").text)
    both = chips(browser.get(f"{home}?status=missing&status=covered").text)
    assert 0 < len(missing) < len(both) < len(every)
    supply = ["C1.T3.e1", *(name for name in missing if name.startswith("C1.R3."))]
    assert chips(browser.get(f"{home}?q=供应&status=missing").text) == supply
    assert len(chips(browser.get(f"{home}?scope=all").text)) == 363
    assert chips(browser.get(f"{home}?status=nonsense").text) == every
    assert chips(browser.get(f"{home}?st=C1.T3").text) == ["C1.T3.e1"]


def test_no_text_of_the_document_becomes_markup(browser: TestClient) -> None:
    """Names and text that look like markup are shown as they are."""
    service: Any = browser.app.state.service  # type: ignore[attr-defined]
    from api.auth.principal import LOCAL
    from api.services import documents, reports

    text = "掌握关键词优化知识<script>alert(1)</script>\"'><img src=x onerror=alert(1)>，能独立完成店铺推广。"
    document = documents.upload(service, LOCAL, [note(text, "<b>大纲</b>.md")])
    report = reports.start(service, LOCAL, document.id, "530701")
    work_off(service)
    for path in ("", "/document", "/map", "/print", "/history", "/elements/C1.R1.e2"):
        html = browser.get(f"/reports/{report.id}{path}").text
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<b>大纲" not in html


def test_an_element_is_a_part_or_a_page(browser: TestClient, home: str) -> None:
    """htmx gets the part alone; an address opened by itself is a whole page with the same."""
    part = browser.get(f"{home}/elements/C1.T2.e1", headers=FRAGMENT).text
    page = browser.get(f"{home}/elements/C1.T2.e1").text
    assert "<html" not in part
    assert "<html" in page
    for html in (part, page):
        assert "商品选品" in html
        assert "<mark>" in html
        assert "改判" in html


@pytest.mark.parametrize(
    "path",
    [
        "/elements/C9.R9.e9",
        "/elements/<script>",
        "/passages/5-2",
        "/passages/0-99999999",
        "/document/999",
        "/plan/rules",
        "/rules/NR04",
    ],
)
def test_what_is_not_there_answers_404(browser: TestClient, home: str, path: str) -> None:
    """Unknown elements, places outside the text, an audit of what is no plan."""
    answer = browser.get(f"{home}{path}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "没有" in answer.text


def test_unknown_parts_of_a_plan_answer_404(browser: TestClient, plan: str) -> None:
    """No tab of that name, no rule of that id."""
    assert browser.get(f"{plan}/plan/../../x").status_code == 404
    assert browser.get(f"{plan}/plan/nonsense").status_code == 404
    assert browser.get(f"{plan}/rules/NR99").status_code == 404


@pytest.mark.parametrize(
    "part", ["rules", "hours", "contradictions", "courses", "support", "structure", "annex", "table"]
)
def test_a_plan_has_all_its_tabs(browser: TestClient, plan: str, part: str) -> None:
    """Each tab answers with what the audit found, places linked to the document."""
    html = browser.get(f"{plan}/plan/{part}").text
    assert len(visible(html)) > 400
    if part not in ("hours", "support", "annex"):
        assert "/document?at=" in html


def test_a_place_of_a_plan_is_found_in_its_own_file(browser: TestClient, plan: str) -> None:
    """The cell that a rule counts is marked in the document, which holds both files."""
    html = browser.get(f"{plan}/plan/rules").text
    places = re.findall(r"document\?at=(\d+)-(\d+)#at", html)
    assert len(places) > 10
    start, end = places[0]
    shown = browser.get(f"{plan}/document?at={start}-{end}").text
    assert 'id="at"' in shown


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (
            {"action": "override", "grade": "2", "offered": "", "quote": "没有的话", "reason": "x"},
            "找不到这段引文",
        ),
        ({"action": "override", "grade": "2", "offered": "", "quote": "", "reason": "x"}, "引用文件原文"),
        ({"action": "override", "grade": "2", "offered": "0", "reason": ""}, "须写明理由"),
        (
            {"action": "override", "grade": "2", "offered": "0", "quote": "文件里没有这句", "reason": "x"},
            "找不到这段引文",
        ),
        ({"action": "override", "grade": "7", "offered": "0", "reason": "x"}, "结论应为"),
        ({"action": "nonsense"}, "不认识的操作"),
        ({}, "不认识的操作"),
        ({"action": "confirm"}, "没有人工结论"),
    ],
)
def test_a_form_that_cannot_be_saved_says_why(browser: TestClient, home: str, form: dict[str, str], told: str) -> None:
    """The part keeps what was put in; the page without scripts answers with the error's status; nothing is saved."""
    address = f"{home}/elements/C1.T3.e1/decision"
    part = browser.post(address, data=form, headers=FRAGMENT)
    assert part.status_code == 200
    assert told in part.text
    assert 'role="alert"' in part.text
    assert "hx-swap-oob" not in part.text
    page = browser.post(address, data=form)
    assert 400 <= page.status_code < 500
    assert told in page.text
    assert "审定" in browser.get(f"{home}/history").text
    assert "C1.T3.e1" not in browser.get(f"{home}/history").text


def test_a_decision_changes_what_it_touches(browser: TestClient, home: str) -> None:
    """The answer holds the element, its statement, its course and the headline to swap; withdrawing brings all back."""
    address = f"{home}/elements/C1.T4.e1/decision"
    before = browser.get(home).text
    answer = browser.post(address, data={"action": "override", "grade": "0", "reason": "只是提到"}, headers=FRAGMENT)
    assert answer.status_code == 200
    tree = fromstring(f"<div>{answer.text}</div>")
    assert [node.get("id") for node in tree.xpath("//*[@hx-swap-oob]")] == ["headline", "st-C1.T4", "grp-C1"]
    assert "g0" in tree.get_element_by_id("C1.T4.e1").get("class")
    assert tree.xpath("//a[@data-only='decided']/b")[0].text == "1"
    assert "只是提到" in browser.get(f"{home}/history").text
    assert browser.post(address, data={"action": "withdraw"}, headers=FRAGMENT).status_code == 200
    assert browser.get(home).text == before


def test_a_report_under_way_shows_how_far_it_is(browser: TestClient) -> None:
    """Queued: the progress; cancelled: what to do; none of its other pages is there."""
    from api.auth.principal import LOCAL
    from api.services import documents, reports

    service: Any = browser.app.state.service  # type: ignore[attr-defined]
    document = documents.upload(service, LOCAL, [note("能分析直播间的流量来源与转化。")])
    report = reports.start(service, LOCAL, document.id, "530701")
    assert "排队" in browser.get(f"/reports/{report.id}").text
    assert browser.get(f"/reports/{report.id}/document").status_code == 409
    reports.cancel(service, LOCAL, report.id)
    assert "重试" in browser.get(f"/reports/{report.id}").text


def test_the_earlier_version_is_at_hand(browser: TestClient) -> None:
    """A later version of a document links to the comparison of both, the older first; a single one to the choice."""
    from api.auth.principal import LOCAL
    from api.services import documents, reports

    service: Any = browser.app.state.service  # type: ignore[attr-defined]
    first = documents.upload(service, LOCAL, [note("能策划店铺的促销活动。")])
    older = reports.start(service, LOCAL, first.id, "530701")
    second = documents.upload(service, LOCAL, [note("能策划并复盘店铺的促销活动。")], previous_id=first.id)
    newer = reports.start(service, LOCAL, second.id, "530701")
    work_off(service)
    assert f"/compare?report={older.id}&amp;report={newer.id}" in browser.get(f"/reports/{newer.id}").text
    assert f'"/compare?report={older.id}"' in browser.get(f"/reports/{older.id}").text


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Any, str]]:
    """A service with accounts, its people, and the address of a teacher's report."""
    from api.services import documents, reports

    with housing(tmp_path_factory.mktemp("house")) as opened:
        people = make_people(opened.service.store)
        service, teacher = opened.service, people.teacher
        document = documents.upload(service, teacher, [incoming(SYLLABUS)], department_id=people.department)
        report = reports.start(service, teacher, document.id, "530701")
        work_off(service)
        yield opened, people, f"/reports/{report.id}"


def buttons(html: str) -> set[str]:
    """Names of all buttons of a page."""
    return {" ".join(node.text_content().split()) for node in fromstring(html).xpath("//button[@type='submit']")}


def test_everybody_has_their_own_buttons(house: tuple[House, Any, str]) -> None:
    """From the teacher's decision to the approval: each step is offered to whoever may do it, and to nobody else."""
    opened, people, home = house
    element = f"{home}/elements/C1.T4.e1"

    def seen(who: Any, path: str) -> set[str]:
        return buttons(opened.call(who, "GET", path).text) - {"退出登录", "搜索"}

    assert {"认可", "保存改判"} <= seen(people.teacher, element)
    assert seen(people.auditor, element) & {"认可", "保存改判", "提交审核"} == set()
    assert "提交审核" in seen(people.teacher, home)
    assert "提交审核" not in seen(people.reviewer, home)

    answer = opened.call(people.teacher, "POST", f"{element}/decision", data={"action": "accept", "grade": "1"})
    assert answer.status_code == 200
    assert {"复核同意", "提出异议"} <= seen(people.reviewer, element)
    assert "复核同意" not in seen(people.teacher, element)
    opened.call(people.reviewer, "POST", f"{element}/decision", data={"action": "object", "reason": "引文只是标题"})
    assert "引文只是标题" in opened.call(people.teacher, "GET", element).text

    assert opened.call(people.teacher, "POST", f"{home}/review", data={"to": "submitted"}).status_code == 303
    assert {"审核通过", "退回修改"} <= seen(people.reviewer, home)
    assert seen(people.teacher, home) & {"审核通过", "退回修改", "提交审核"} == set()
    assert opened.call(people.teacher, "POST", f"{home}/review", data={"to": "approved"}).status_code == 403
    assert opened.call(people.reviewer, "POST", f"{home}/review", data={"to": "approved"}).status_code == 303
    assert seen(people.teacher, element) & {"认可", "保存改判", "撤回"} == set()
    assert "报告已经通过审核" in opened.call(people.teacher, "GET", element).text


def test_who_reads_is_logged(house: tuple[House, Any, str]) -> None:
    """Each page that somebody opens is an entry; the parts that it fetches are none."""
    opened, people, home = house
    before = len(opened.entries("report.open"))
    opened.call(people.auditor, "GET", f"{home}/document")
    opened.call(people.auditor, "GET", f"{home}/elements/C1.T4.e1", headers=FRAGMENT)
    entries = opened.entries("report.open")
    assert len(entries) == before + 1
    assert (entries[0].user_id, entries[0].object_id) == (people.auditor.id, home.rpartition("/")[2])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/document"),
        ("GET", "/document/0"),
        ("GET", "/map"),
        ("GET", "/print"),
        ("GET", "/history"),
        ("GET", "/elements/C1.T4.e1"),
        ("GET", "/passages/0-5"),
        ("GET", "/plan/rules"),
        ("GET", "/rules/NR04"),
        ("POST", "/elements/C1.T4.e1/decision"),
        ("POST", "/rules/NR04/decision"),
        ("POST", "/review"),
    ],
)
def test_strangers_find_nothing(house: tuple[House, Any, str], method: str, path: str) -> None:
    """Whoever may not see the document gets 404 on every page of its report; nobody signed in gets no page."""
    opened, people, home = house
    sent = {"data": {"action": "accept", "to": "submitted"}} if method == "POST" else {}
    for who in (people.stranger, people.colleague, people.foreign_reviewer):
        assert opened.call(who, method, f"{home}{path}", **sent).status_code == 404
    assert opened.call(None, method, f"{home}{path}", **sent).status_code in (303, 401, 403)


@pytest.mark.slow
def test_five_thousand_elements_are_listed_in_time(browser: TestClient) -> None:
    """A standard of that size: the page within 1.5 s of its second request, one element within 0.5 s."""
    report, document = big_report()
    home = f"/reports/{stored(browser.app.state.service, report, document)}"  # type: ignore[attr-defined]
    assert len(chips(browser.get(home).text)) == 5000
    times = {}
    for path in ("", "/elements/C1.R300.e3", "/map"):
        start = perf_counter()
        assert browser.get(f"{home}{path}", headers=FRAGMENT).status_code == 200
        times[path] = perf_counter() - start
    assert times[""] < 1.5, times
    assert times["/elements/C1.R300.e3"] < 0.5, times
