"""The HTML report: self-contained, well-formed, escaped, readable."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from lxml import html as lxml_html

from alignment.model import GapReport
from api.rendering.html import GAPS_SHOWN, TEMPLATES, page, render

VOID = {"meta", "input", "br", "rect", "path", "link", "img"}


class Strict(HTMLParser):
    """Checks that each tag is closed in turn, and collects attributes and ids."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"


def parsed(text: str) -> Strict:
    """The page, read strictly."""
    reader = Strict()
    reader.feed(text)
    reader.close()
    return reader


def test_page_is_well_formed_and_fetches_nothing(any_report: GapReport) -> None:
    """Tags nest, ids are unique, and no attribute, style or script names anything outside the file."""
    text = render(any_report).decode()
    reader = parsed(text)
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    assert not {"src", "srcset", "action", "style"} & {name for name, _ in reader.attributes}
    assert {value for name, value in reader.attributes if name == "href"} <= {f"#{name}" for name in reader.ids}
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert "http://" not in text
    assert "https://" not in text
    assert "@import" not in text
    assert set(re.findall(r"url\((.*?)\)", text)) <= {f"#{name}" for name in reader.ids}


def test_headline_and_worst_gaps_come_first(report: GapReport) -> None:
    """The reader sees the share covered, the courses, the hours, and three gaps of three statements."""
    tree = lxml_html.fromstring(render(report))
    assert tree.findtext(".//h1") == "网络营销课程标准"
    assert tree.find_class("big")[0].text == "76%"
    facts = tree.find_class("facts")[0].text_content()
    assert "网络营销（C5，概率 97%）" in facts
    assert "互联网销售（C6，概率 31%）" in facts
    assert "载明 64 学时，教学安排表合计 60 学时，两者不一致" in facts
    worst = [card.findtext("h3") for card in tree.find_class("worst")]
    assert worst == ["掌握营销推广工具的使用方法", "开展整合营销", "跟踪、监控线下营销活动"]


def test_every_element_stands_on_the_page_with_verdict_and_evidence(report: GapReport) -> None:
    """All 363 elements are there; each of the document's quotes is shown with heading path and place."""
    tree = lxml_html.fromstring(render(report))
    assert len(tree.find_class("el")) == 363
    shown = [quote.text_content() for quote in tree.find_class("el") for quote in quote.iter("blockquote")]
    assert shown.count("活动主题与目标的确定") == 2
    row = next(el for el in tree.find_class("el") if "掌握各类平台的运营规则" in el.text_content())
    text = " ".join(row.text_content().split())
    assert "已覆盖 要求掌握，文中了解 见于目标" in text
    assert "一、课程目标 第4段" in text
    assert "建议 在项目三中增加一个任务" in text
    assert "二、教学内容与学时安排　表1 行2 列2" in tree.text_content()


def test_bars_are_as_wide_as_the_shares(report: GapReport) -> None:
    """The headline's bar is 22/29 solid and 2/29 hatched, and says so aloud."""
    svg = lxml_html.fromstring(render(report)).find_class("bar")[0]
    assert svg.get("aria-label") == "已覆盖 22 项，部分涉及 2 项，未覆盖 5 项，共 29 项"
    _, covered, touched = list(svg.iterchildren("rect"))
    assert (covered.get("x"), covered.get("width")) == ("0.00%", "75.86%")
    assert (touched.get("x"), touched.get("width")) == ("75.86%", "6.90%")


def test_hostile_text_stays_text(hostile_report: GapReport) -> None:
    """Markup in quotes, headings and names is shown, not run; control characters are dropped."""
    text = render(hostile_report).decode()
    tree = lxml_html.fromstring(text)
    assert text.count("<script") == 1
    assert not tree.xpath("//img | //b[contains(., '.docx')]")
    assert "<script>alert(1)</script> =SUM(A1)\t|a|b|*粗*" in tree.text_content()
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text)
    assert tree.findtext(".//title").startswith("对标报告：=cmd特别长的文件名")


def test_document_that_fits_no_course_is_told_so(empty_report: GapReport) -> None:
    """No course, no text: the page says so and does not praise the lack of gaps."""
    text = lxml_html.fromstring(render(empty_report)).text_content()
    assert "未识别出对应的专业核心课程" in text
    assert "文件中没有可以比对的文字" in text
    assert "第 1 页：没有文字层" in text
    assert "未发现需要补充的要素" not in text


def test_document_without_gaps_has_no_worst_gaps(perfect_report: GapReport) -> None:
    """A complete document is told that nothing is missing."""
    tree = lxml_html.fromstring(render(perfect_report))
    assert tree.find_class("big")[0].text == "100%"
    assert tree.find_class("worst") == []
    assert "未发现需要补充的要素。" in tree.text_content()


def test_rules_and_errors_of_a_plan_are_shown(plan_report: GapReport) -> None:
    """Each rule has its verdict, force, wording and arithmetic; unread parts are named; long gap lists fold."""
    tree = lxml_html.fromstring(render(plan_report))
    rows = [" ".join(row.text_content().split()) for row in tree.xpath("//section[h2='规则核对']//tbody/tr")]
    assert rows[0] == (
        "NR04 不符合 必须 ≥ 2500 学时 总学时不少于 2500 学时 2480 1240 + 1240 = 2480 < 2500；毕业设计未计学时"
    )
    assert rows[2].startswith("OR01 无法判定 一般应")
    assert "第 7 页：页面损坏，未能读取" in tree.text_content()
    assert f"其余 {len(plan_report.gaps) - GAPS_SHOWN} 条" in tree.text_content()


def test_paper_has_everything_unfolded_and_no_script(report: GapReport) -> None:
    """For print and PDF all details are open, without filters, script, or courses outside the scope."""
    text = page(report, paper=True)
    tree = lxml_html.fromstring(text)
    assert "<script" not in text
    assert not tree.find_class("filter")
    assert len(tree.find_class("el")) == 29
    assert all("open" in details.attrib for details in tree.iter("details"))


def luminance(color: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("front", "back"),
    [
        *((name, f"{name}-bg") for name in ("covered", "touched", "missing", "review")),
        *((name, ground) for name in ("ink", "soft", "brand", "review", "touched") for ground in ("paper", "ground")),
    ],
)
def test_text_has_the_contrast_of_wcag_aa(front: str, back: str) -> None:
    """Each text colour has at least 4.5:1 on the grounds it stands on."""
    colors = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{3,6})", (TEMPLATES / "report.css").read_text(encoding="utf-8")))
    full = [c if len(c) == 7 else "#" + "".join(2 * d for d in c[1:]) for c in (colors[front], colors[back])]
    dark, light = sorted(map(luminance, full))
    assert (light + 0.05) / (dark + 0.05) >= 4.5
