"""The report as a teacher and a reviewer use it, in a real browser."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.pages.report_samples import PLAN, SYLLABUS, TEXTBOOK, big_report, finished, stored
from tests.service import make_settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium，浏览器测试跳过（apt-get install chromium）"),
]

DESKTOP = {"width": 1360, "height": 900}
PHONE = {"width": 375, "height": 780}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of finished reports in a running service: a syllabus, a textbook, a plan."""
    import uvicorn

    from api.app import create_app

    app = create_app(make_settings(tmp_path_factory.mktemp("service")))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        home = f"http://127.0.0.1:{listening.getsockname()[1]}/reports"
        _wait_for(home.replace("/reports", "/help"))
        service = app.state.service
        yield {
            "syllabus": f"{home}/{finished(service, SYLLABUS)}",
            "textbook": f"{home}/{finished(service, TEXTBOOK)}",
            "plan": f"{home}/{finished(service, *PLAN, kind='plan')}",
            "big": f"{home}/{stored(service, *big_report())}",
            "long": f"{home}/{stored(service, *big_report(80, chapters=60))}",
        }
        server.should_exit = True
        thread.join(timeout=30)
    assert not thread.is_alive()


def _wait_for(address: str) -> None:
    """The socket takes connections before the service is up; its first answer comes when it is."""
    from urllib.request import urlopen

    with urlopen(address, timeout=60) as answer:
        assert answer.status == 200


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, without its own calls home."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*quiet, "--no-first-run"])
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Any]:
    """Opens pages of a size; none of them may complain of anything, or ask anything of another machine."""
    complaints: list[str] = []
    contexts = []

    def opened(address: str, size: dict[str, int] = DESKTOP) -> Any:
        context = browser.new_context(viewport=size, locale="zh-CN", accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda sent: None if "//127.0.0.1:" in sent.url else complaints.append(sent.url))
        page.goto(address)
        page.wait_for_load_state("load")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [text for text in complaints if not text.startswith("data:")] == []


def overflow(page: Any) -> int:
    """Pixels that the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def shown(page: Any) -> int:
    """How many elements the list shows."""
    return int(page.locator(".els .el:visible").count())


def focused(page: Any) -> str:
    """Id of the focused node, else its classes."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


def test_filtering_narrows_the_list_and_stays_in_the_address(reports: dict[str, str], open_page: Any) -> None:
    """A state, then a word; the address leads back to the same list; clearing shows all."""
    page = open_page(reports["syllabus"])
    everything = shown(page)
    page.locator("label.pill", has_text="未覆盖").click()
    missing = shown(page)
    assert 0 < missing < everything
    assert page.locator("#shown").inner_text() == str(missing)
    page.get_by_placeholder("搜索要求或要素").fill("供应")
    few = shown(page)
    assert 0 < few < missing
    assert "status=missing" in page.url
    page.reload()
    assert shown(page) == few
    page.get_by_role("link", name="清除筛选").click()
    assert shown(page) == everything
    page.get_by_placeholder("搜索要求或要素").fill("没有这样的要素")
    assert page.get_by_text("没有符合条件的要素").is_visible()


#: Milliseconds of script, style and layout that a change of the filter costs, five times.
TIMED = """async () => {
  const box = document.querySelector("#filter [value=missing]");
  const times = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const start = performance.now();
    box.checked = !box.checked;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    document.body.offsetHeight;
    times.push(performance.now() - start);
    await new Promise(requestAnimationFrame);
  }
  return times;
}"""


def test_five_thousand_elements_stay_quick(reports: dict[str, str], open_page: Any) -> None:
    """A change of the filter over so many elements is done before a person notices."""
    page = open_page(reports["big"])
    times = page.evaluate(TIMED)
    assert page.locator("#shown").inner_text() == str(len(page.locator(".els li:not([hidden])").all()))
    assert min(times) < 100, times


def test_counts_of_the_headline_filter_the_list(reports: dict[str, str], open_page: Any) -> None:
    """Each number of the headline leads to just those elements."""
    page = open_page(reports["syllabus"])
    for state in ("covered", "touched", "missing"):
        link = page.locator(f"#headline a[data-only={state}]")
        link.click()
        assert str(shown(page)) == link.locator("b").inner_text()


def test_an_element_opens_beside_the_list(reports: dict[str, str], open_page: Any) -> None:
    """Its quotes stand in context with their place; Escape closes, and the focus goes back to the chip."""
    page = open_page(reports["syllabus"])
    chip = page.locator(".els .el.g2").first
    name = chip.get_attribute("id")
    chip.click()
    page.locator("#panel .cite mark").first.wait_for()
    assert focused(page) == "detail-name"
    assert page.url.endswith(f"#{name}")
    assert page.locator("#panel .law mark").inner_text()
    assert page.locator("#panel .where").count() >= 1
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert focused(page) == name
    assert "#" not in page.url


def test_keys_walk_through_the_elements(reports: dict[str, str], open_page: Any) -> None:
    """j and k go to the next element and back, Enter opens; with the panel open they change what it shows."""
    page = open_page(reports["syllabus"])
    ids = page.locator(".els .el").evaluate_all("nodes => nodes.map(node => node.id)")
    page.keyboard.press("j")
    assert focused(page) == ids[0]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == ids[1]
    page.keyboard.press("Enter")
    page.locator(f"#panel [data-element='{ids[1]}']").wait_for()
    page.keyboard.press("j")
    page.locator(f"#panel [data-element='{ids[2]}']").wait_for()


def test_a_deep_link_opens_its_element(reports: dict[str, str], open_page: Any) -> None:
    """The address that a colleague was sent shows the element at once."""
    page = open_page(f"{reports['syllabus']}#C1.R2.e1")
    page.locator("#panel [data-element='C1.R2.e1']").wait_for()
    assert page.locator("[id='C1.R2.e1']").get_attribute("aria-current") == "true"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_worst_gap_opens_in_sight(reports: dict[str, str], open_page: Any, size: dict[str, int]) -> None:
    """The panel is below the window where the gaps are read: the page goes to it."""
    from playwright.sync_api import expect

    page = open_page(reports["syllabus"], {**size, "height": 700})
    page.locator(".worst-in").first.click()
    expect(page.locator("#panel .detail-name")).to_be_focused()
    expect(page.locator("#panel .detail-name")).to_be_in_viewport()


def test_override_with_a_quote_marks_page_and_word_file(
    reports: dict[str, str], open_page: Any, tmp_path: Path
) -> None:
    """The chip, the counts and the headline follow at once; the Word file holds the decision."""
    page = open_page(f"{reports['syllabus']}#C1.T3.e1")
    panel = page.locator("#panel")
    panel.locator("summary", has_text="改判").click()
    before = int(page.locator("#headline a[data-only=covered] b").inner_text())
    form = panel.locator("form", has=page.locator("input[name=action][value=override]"))
    form.locator("label.pill", has_text="已覆盖").click()
    (pasted := form.get_by_label("另一处原文", exact=True)).fill("这句话文件里没有，所以不能作依据。")
    assert form.locator("input[name=offered]:checked").input_value() == "", "a quote pasted is the one meant"
    form.get_by_label("理由").fill("货盘表就是供应链管理的成果")
    form.get_by_role("button", name="保存改判").click()
    panel.get_by_text("文件里找不到这段引文").wait_for()
    assert form.get_by_label("理由").input_value() == "货盘表就是供应链管理的成果"
    form.locator("input[name=offered][value='0']").check()
    assert pasted.input_value() == "", "a passage chosen puts the pasted one aside"
    form.get_by_role("button", name="保存改判").click()
    panel.get_by_text("改判已保存").wait_for()
    page.locator("#said", has_text="改判已保存").wait_for(state="attached")
    page.locator("[id='C1.T3.e1'].g2.dc").wait_for()
    assert int(page.locator("#headline a[data-only=covered] b").inner_text()) == before + 1
    assert page.locator("#headline a[data-only=decided] b").inner_text() == "1"
    assert page.locator("[data-count=decided]").inner_text() == "1"

    page.locator("summary", has_text="下载").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Word 审核意见").click()
    coming.value.save_as(tmp_path / "report.docx")
    with zipfile.ZipFile(tmp_path / "report.docx") as file:
        text = re.sub(r"<[^>]+>", "", file.read("word/document.xml").decode())
    assert "货盘表就是供应链管理的成果" in text

    page.goto(f"{reports['syllabus']}/history")
    assert "供应链管理" in page.locator(".timeline").inner_text()
    page.goto(f"{reports['syllabus']}#C1.T3.e1")
    panel.get_by_role("button", name="撤回").click()
    panel.get_by_text("人工结论已撤回").wait_for()
    page.locator("[id='C1.T3.e1'].g0").wait_for()


def test_the_document_tells_what_each_passage_serves(reports: dict[str, str], open_page: Any) -> None:
    """From a passage to its elements, to one of them; by mouse and by key."""
    page = open_page(f"{reports['syllabus']}/document")
    marks = page.locator("#doc-body .mk")
    assert marks.count() > 20
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    page.locator("#panel [data-passage]").wait_for()
    page.locator("#panel .serving .el").first.click()
    page.locator("#panel [data-element]").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert "mk" in focused(page) or focused(page).startswith("p")
    assert page.locator("#doc-body table").count() >= 5
    page.locator("#dim").check()
    assert page.locator("#doc-body.dim").count() == 1


def test_a_long_document_comes_as_it_is_read(reports: dict[str, str], open_page: Any) -> None:
    """Scrolling and the outline bring the parts; a place far down is there with the page."""
    from playwright.sync_api import expect

    page = open_page(f"{reports['long']}/document")
    waiting = page.locator(".chunk.waiting").count()
    assert waiting > 5
    page.locator(".chunk.waiting").first.scroll_into_view_if_needed()
    expect(page.locator(".chunk.waiting")).not_to_have_count(waiting)
    assert page.locator("#doc-body .mk").count() == 0
    page.locator(".outline a", has_text="第60章").click()
    page.locator("#doc-body .mk").first.wait_for()
    expect(page.locator(".dh", has_text="第60章")).to_be_in_viewport()
    page.goto(f"{reports['long']}#C1.R1.e1")
    page.locator("#panel .where").first.click()
    page.wait_for_url("**/document?at=*")
    assert "第 60 章" in page.locator("#at").inner_text()
    assert page.locator(".chunk.waiting").count() > 5


def test_evidence_leads_to_its_place_in_the_document(reports: dict[str, str], open_page: Any) -> None:
    """The place of a quote is a link; there the quote is marked and in sight."""
    from playwright.sync_api import expect

    page = open_page(f"{reports['syllabus']}#C1.T2.e1")
    quote = page.locator("#panel .cite mark").first.inner_text()
    page.locator("#panel .where").first.click()
    page.wait_for_url("**/document?at=*")
    assert page.locator(".at").first.inner_text() == quote
    expect(page.locator("#at")).to_be_in_viewport()


def test_the_map_is_drawn_and_leads_to_the_list(reports: dict[str, str], open_page: Any) -> None:
    """The drawing is there without a word of the browser's policy; its table says the same, and each cell is a link."""
    page = open_page(f"{reports['textbook']}/map")
    page.locator("[data-drawn] svg").wait_for()
    page.locator("#map-table summary").click()
    cell = page.locator("#map-table tbody td a").first
    count = int(cell.inner_text())
    cell.click()
    page.wait_for_url("**section=*")
    assert shown(page) == count


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_tab_of_a_plan_fits_its_window(reports: dict[str, str], open_page: Any, size: dict[str, int]) -> None:
    """All tabs of the plan's audit open, say something and never scroll sideways as a whole."""
    page = open_page(reports["plan"], size)
    tabs = page.locator("nav.tabs a").evaluate_all("nodes => nodes.map(node => node.href)")
    assert len(tabs) == 12
    for address in tabs:
        page.goto(address)
        assert page.locator("nav.tabs a[aria-current]").get_attribute("href") in address
        assert len(page.locator(".report").inner_text()) > 150
        assert overflow(page) <= 0, address


def test_a_rule_is_decided_and_filtered(reports: dict[str, str], open_page: Any) -> None:
    """Hours are drawn; a failing rule is overridden with a reason; the filter finds it."""
    page = open_page(f"{reports['plan']}/plan/hours")
    page.locator("[data-drawn] svg").first.wait_for()
    page.goto(f"{reports['plan']}/plan/rules?verdict=fail")
    failing = page.locator(".rule:visible")
    count = failing.count()
    rule = failing.first
    name = rule.get_attribute("id")
    rule.locator("summary", has_text="人工结论").click()
    rule.locator("summary", has_text="改判").click()
    form = rule.locator("form", has=page.locator("input[name=action][value=override]"))
    form.locator("label.pill").first.click()
    form.get_by_label("理由").fill("另有教学文件规定")
    form.get_by_role("button", name="保存改判").click()
    page.locator(f"#{name} .note-ok").wait_for()
    page.locator("#rule-counts", has_text=f"不符合 {count - 1}").wait_for()
    page.goto(f"{reports['plan']}/plan/rules?verdict=decided")
    assert page.locator(".rule:visible").evaluate_all("nodes => nodes.map(node => node.id)") == [name]


def test_a_thumb_is_enough_on_a_phone(reports: dict[str, str], open_page: Any) -> None:
    """The element comes as a sheet that holds the focus; what can be tapped is large enough."""
    page = open_page(reports["syllabus"], PHONE)
    assert overflow(page) <= 0
    page.locator(".els .el").first.click()
    panel = page.locator("#panel[role=dialog][aria-modal=true]")
    panel.wait_for()
    panel.locator(".detail-name").wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.getElementById('panel').contains(document.activeElement)")
    small = page.locator(".els .el:visible").evaluate_all(
        "n => n.filter(x => x.getBoundingClientRect().height < 40).length"
    )
    assert small == 0
    panel.get_by_label("关闭").click()
    assert panel.is_hidden()


def test_the_whole_report_can_be_printed(reports: dict[str, str], open_page: Any) -> None:
    """On paper stand the quotes of every covered element, and no form."""
    page = open_page(f"{reports['syllabus']}/print")
    page.emulate_media(media="print")
    proofs = page.locator(".proof:visible")
    assert proofs.count() >= page.locator(".el.g2").count() > 0
    assert page.locator("nav.tabs").is_hidden()
    assert page.locator("form:visible").count() == 0


def test_the_page_reads_without_scripts(reports: dict[str, str], browser: Any) -> None:
    """Filter, element and decision work as plain links and forms."""
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    page = context.new_page()
    page.goto(reports["syllabus"])
    page.locator("label.pill", has_text="未覆盖").click()
    page.get_by_role("button", name="筛选").click()
    assert "status=missing" in page.url
    page.locator(".els .el:visible").first.click()
    page.get_by_role("button", name="认可").click()
    assert page.get_by_text("已认可系统结论").first.is_visible()
    page.get_by_role("button", name="撤回").click()
    assert page.get_by_text("人工结论已撤回").first.is_visible()
    context.close()
