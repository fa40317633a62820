"""The page of a programme audit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html as lxml_html

from alignment.model import GapReport
from api.rendering.html import page, render


@pytest.fixture(scope="module")
def tree(audited_report: GapReport):  # type: ignore[no-untyped-def]
    """The page, parsed."""
    return lxml_html.fromstring(render(audited_report))


def text(node) -> str:  # type: ignore[no-untyped-def]
    """A node's text on one line."""
    return " ".join(node.text_content().split())


def test_contents_lead_to_every_section(tree) -> None:  # type: ignore[no-untyped-def]
    """Each entry of the contents is the id of a section, in the page's order."""
    targets = [link.get("href") for link in tree.xpath("//nav//a")]
    sections = [f"#{node.get('id')}" for node in tree.xpath("//section[@id]")]
    assert targets == sections
    assert targets[:4] == ["#verdict", "#hours", "#rules", "#contradictions"]


def test_verdict_stands_first_with_its_counts(tree) -> None:  # type: ignore[no-untyped-def]
    """Five figures, then the lines."""
    tiles = [text(tile) for tile in tree.find_class("tile")]
    assert tiles == ["4条规定符合", "3条规定不符合", "1条规定无法判定", "1条结论随算法改变", "2处内部矛盾"]
    verdict = text(tree.get_element_by_id("verdict"))
    assert "总学时（NR04）：1354 学时（要求 ≥ 2500 学时）" in verdict
    assert "心理健康教育、劳动教育" in verdict


def test_hours_are_drawn_to_scale(tree) -> None:  # type: ignore[no-untyped-def]
    """The whole is split by category; the longest category fills its row, theory and practice to scale."""
    whole, public, *_ = tree.get_element_by_id("hours").find_class("bar")
    widths = [float(rect.get("width").rstrip("%")) for rect in whole.iterchildren("rect")]
    assert widths == pytest.approx([100 * part / 1354 for part in (340, 168, 182, 64, 600)], abs=0.01)
    theory, practice = list(public.iterchildren("rect"))
    assert (theory.get("width"), practice.get("width")) == ("35.67%", "21.00%")
    assert public.get("aria-label") == "公共基础课 340 学时，25.1%，其中理论 214、实践 126"


def test_rule_shows_the_reading_that_turns_it(tree) -> None:  # type: ignore[no-untyped-def]
    """The turning reading is in sight, the steady one folded away."""
    row = tree.get_element_by_id("r-NR06")
    turning = row.find_class("turn")
    assert [text(item) for item in turning] == [
        "若公共选修不计入公共基础课 不符合 308 ÷ 1354 = 22.75% < 25%依据：“32”（② 工作表“教学进程表” E6）"
    ]
    folded = [item for item in row.iter("details") if "结论不变" in item.findtext("summary")]
    assert len(folded) == 1
    assert "open" not in folded[0].attrib


def test_paper_unfolds_readings_and_has_no_links(audited_report: GapReport) -> None:
    """For print the readings, clauses and the course table stand open, without contents."""
    tree = lxml_html.fromstring(page(audited_report, paper=True))
    assert not tree.xpath("//nav")
    row = tree.get_element_by_id("r-NR06")
    assert all("open" in item.attrib for item in row.iter("details"))
    assert len(tree.xpath("//section[@id='table']//tbody/tr")) == 15


def test_audit_of_an_unreadable_schedule_says_what_to_do(audited_report: GapReport) -> None:
    """Without courses the page says why, and draws no empty chart."""
    audit = audited_report.programme
    assert audit is not None
    schedule = replace(audit.programme.schedule, courses=(), choices=(), totals=())
    empty = replace(
        audit,
        programme=replace(audit.programme, schedule=schedule),
        structure=type(audit.structure)(),
        support=type(audit.support)(),
        findings=(),
        courses=(),
    )
    tree = lxml_html.fromstring(render(replace(audited_report, programme=empty, rules=())))
    assert "学时表是图片，请附上 Excel" in text(tree.get_element_by_id("table"))
    assert "没有从方案中读出课程表" in text(tree.get_element_by_id("table"))
    assert not tree.xpath("//section[@id='hours']")
    assert not tree.xpath("//section[@id='matrix']")


def test_hostile_text_stays_text(audited_report: GapReport) -> None:
    """Markup in course names and contradictions is shown, not run."""
    audit = audited_report.programme
    assert audit is not None
    bad = replace(audit.contradictions[0], what="<script>alert(1)</script>", arithmetic='"><img src=x>')
    report = replace(audited_report, programme=replace(audit, contradictions=(bad,)))
    tree = lxml_html.fromstring(render(report))
    assert not tree.xpath("//img")
    assert len(tree.xpath("//script")) == 1
    assert "<script>alert(1)</script>" in text(tree.get_element_by_id("contradictions"))
