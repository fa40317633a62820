"""Reports built by hand from the real standard 530701: a syllabus, a plan, an empty document, a hostile one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest

from alignment.model import (
    CourseFit,
    CoverageName,
    DocumentFacts,
    Evidence,
    Gap,
    GapReport,
    Match,
    Provenance,
    RuleVerdict,
    StatementCoverage,
    Suggestion,
)
from corpora.document import Document, ErrorItem, Hours, Role
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.standard import Element, Standard
from corpora.standard_json import load_standard

PARAGRAPHS: tuple[tuple[str, str], ...] = (
    ("heading", "一、课程目标"),
    ("paragraph", "掌握市场调研的基本方法，能够设计调研问卷并分析目标市场。"),
    ("paragraph", "能够确定营销活动的主题与目标，独立策划一份完整的营销活动方案。"),
    ("paragraph", "了解搜索引擎、信息流等各类平台的推广规则。"),
    ("heading", "二、教学内容与学时安排"),
    ("paragraph", "通过校企合作项目，学生整合文案、设计、投放等各类资源，完成广告投放与效果监测。"),
    ("heading", "三、考核方式"),
    ("paragraph", "期末提交营销活动复盘报告，占总评的 40%。"),
)
ROWS = (
    ("项目", "教学内容", "学时"),
    ("项目一 市场调研", "市场环境分析；调研问卷设计；使用统计工具整理数据", "12"),
    ("项目二 活动策划", "活动主题与目标的确定；活动方案设计；任务分解与分工", "20"),
    ("项目三 活动执行", "活动上线执行；线上活动过程跟踪；投放数据分析", "16"),
    ("项目四 复盘总结", "活动效果评估；撰写复盘报告", "12"),
)
#: element -> (grade, level found, [(quote, role, similarity)])
VERDICTS: dict[str, tuple[int, int | None, list[tuple[str, Role, float]]]] = {
    "C5.T1.e1": (2, 5, [("市场环境分析", "content", 0.93), ("分析目标市场", "objective", 0.90)]),
    "C5.T2.e1": (2, 6, [("活动主题与目标的确定", "content", 0.96)]),
    "C5.T2.e2": (2, 6, [("活动主题与目标的确定", "content", 0.95)]),
    "C5.T3.e1": (2, 6, [("活动方案设计", "content", 0.98)]),
    "C5.T3.e2": (2, 4, [("任务分解与分工", "content", 0.94)]),
    "C5.T4.e1": (2, 4, [("活动上线执行", "content", 0.92)]),
    "C5.T5.e1": (2, 4, [("线上活动过程跟踪", "content", 0.95)]),
    "C5.T5.e2": (2, 5, [("投放数据分析", "content", 0.88)]),
    "C5.T6.e1": (
        2,
        5,
        [("撰写复盘报告", "content", 0.91), ("期末提交营销活动复盘报告，占总评的 40%。", "assessment", 0.86)],
    ),
    "C5.R1.e1": (2, 3, [("掌握市场调研的基本方法", "objective", 0.97)]),
    "C5.R1.e2": (2, 3, [("分析目标市场", "objective", 0.88)]),
    "C5.R1.e3": (1, 3, [("使用统计工具整理数据", "content", 0.74)]),
    "C5.R1.e5": (2, 1, [("了解搜索引擎、信息流等各类平台的推广规则。", "objective", 0.84)]),
    "C5.R1.e6": (2, 5, [("能够设计调研问卷并分析目标市场", "objective", 0.87)]),
    "C5.R1.e7": (2, 6, [("能够确定营销活动的主题与目标", "objective", 0.95)]),
    "C5.R1.e8": (2, 6, [("能够确定营销活动的主题与目标", "objective", 0.95)]),
    "C5.R1.e9": (2, 6, [("独立策划一份完整的营销活动方案", "objective", 0.96)]),
    "C5.R2.e1": (2, 4, [("整合文案、设计、投放等各类资源", "practice", 0.93)]),
    "C5.R2.e2": (2, 4, [("任务分解与分工", "content", 0.92)]),
    "C5.R3.e2": (2, 4, [("完成广告投放与效果监测", "practice", 0.91)]),
    "C5.R4.e1": (1, 4, [("线上活动过程跟踪", "content", 0.79)]),
    "C5.R4.e3": (2, 5, [("活动效果评估", "content", 0.89)]),
    "C5.R5.e1": (2, 5, [("活动效果评估", "content", 0.86)]),
    "C5.R5.e2": (2, 5, [("撰写复盘报告", "content", 0.91)]),
    "C6.R1.e1": (1, 2, [("分析目标市场", "objective", 0.61)]),
    "Q06.e1": (1, 3, [("市场环境分析", "content", 0.66)]),
}
REVIEW = {"C5.R1.e3", "C5.R3.e2", "C5.R4.e1"}


@dataclass
class Desk:
    """Builds reports: a document of our own, the standard, verdicts as given."""

    standard: Standard
    document: Document

    def evidence(self, quote: str, role: Role = "content", similarity: float = 0.9) -> Evidence:
        """Evidence for a quote, found again in the document."""
        start = self.document.text.index(quote)
        block = self.document.block_at(start)
        locator = block.locator.slice(start, start + len(quote))
        if locator.table:
            table = self.document.tables[locator.table - 1]
            cell = next(c for c in table.cells if c.start <= start < c.end)
            locator = replace(locator, cell=cell.column + 1)
        heading = max((b for b in self.document.blocks if b.kind == "heading" and b.locator.start <= start), key=_start)
        return Evidence(quote, locator, (heading.text,), similarity, role)

    def match(self, element: Element, nearest: str = "使用统计工具整理数据") -> Match:
        """The verdict on one element as VERDICTS has it."""
        grade, level, quotes = VERDICTS.get(element.id, (0, None, []))
        found = tuple(self.evidence(*quote) for quote in quotes)
        return Match(
            element,
            grade,  # type: ignore[arg-type]
            (0.04, 0.71, 0.97)[grade],
            (0.01, 0.28, 0.93)[grade],
            element.id in REVIEW,
            level,
            tuple(dict.fromkeys(item.role for item in found)),
            found,
            found[0] if found else self.evidence(nearest, similarity=0.41),
        )

    def report(self, matches: Iterable[Match], scope: tuple[str, ...], **changes: object) -> GapReport:
        """A report over matches; ``changes`` replace its fields."""
        found = tuple(matches)
        by_id = self.standard.by_id
        courses = tuple(CourseFit(by_id[c], round(0.97 - 0.02 * n, 2)) for n, c in enumerate(scope))
        facts = DocumentFacts(
            "网络营销课程标准.docx", self.document.sha256, "syllabus", "网络营销课程标准", None, 12345, Hours(64, 60)
        )
        gaps = tuple(self.gaps(m for m in found if self.standard.course_of(m.element.statement) in scope))
        provenance = Provenance(
            "0.1.0", "static-zh 3f2a", "ab" * 32, {"touched": 0.45, "covered": 0.52}, {"parse": 0.08, "judge": 0.11}
        )
        report = GapReport(
            "2026-11-03T08:15:00Z",
            facts,
            self.standard,
            courses,
            scope,
            found,
            self.coverage(found),
            gaps,
            webb={"categorical_concurrence": 22.0, "depth_of_knowledge": 0.92, "range_of_knowledge": 0.8},
            porter={"index": 0.63},
            provenance=provenance,
        )
        return replace(report, **changes)  # type: ignore[arg-type]

    def coverage(self, matches: Iterable[Match]) -> tuple[StatementCoverage, ...]:
        """Coverage of each statement that has matches."""
        grades: dict[str, list[int]] = {}
        for match in matches:
            grades.setdefault(match.element.statement, []).append(match.grade)
        return tuple(
            StatementCoverage(self.standard.by_id[name], _name(found), sum(found) / 2 / len(found))
            for name, found in grades.items()
        )

    def gaps(self, matches: Iterable[Match]) -> list[Gap]:
        """A gap for each element that is not covered, or covered below its level; the weightiest first."""
        gaps = []
        for match in matches:
            kind = {0: "missing", 1: "touched"}.get(match.grade, "level_short" if match.level_short else "")
            if kind:
                text = f"在项目三中增加一个任务：{match.element.text}，并要求提交成果。"
                advice = Suggestion(text, "二、教学内容与学时安排", 2, ("530701 " + match.element.statement,))
                gaps.append(Gap(match.element, kind, 3 - match.grade, advice, match.nearest))  # type: ignore[arg-type]
        return sorted(gaps, key=lambda gap: -gap.severity)


def _start(block: object) -> int:
    return block.locator.start  # type: ignore[attr-defined, no-any-return]


def _name(grades: list[int]) -> CoverageName:
    if min(grades) == 2:
        return "full"
    return "partial" if max(grades) else "none"


@pytest.fixture(scope="session")
def desk() -> Desk:
    """The document of these tests and the standard 530701."""
    builder = DocumentBuilder("网络营销课程标准.docx", b"docx", "docx")
    for kind, text in PARAGRAPHS[:5]:
        builder.add(kind, text, level=int(kind == "heading"))  # type: ignore[arg-type]
    cells = [CellSpec(text, row, column) for row, line in enumerate(ROWS) for column, text in enumerate(line)]
    builder.add_table(cells, header_rows=1)
    for kind, text in PARAGRAPHS[5:]:
        builder.add(kind, text, level=int(kind == "heading"))  # type: ignore[arg-type]
    return Desk(load_standard("530701"), builder.build())


@pytest.fixture(scope="session")
def report(desk: Desk) -> GapReport:
    """A syllabus of 网络营销: most is covered, some is missing, one level falls short, the hours contradict."""
    by_id = desk.standard.by_id
    courses = (CourseFit(by_id["C5"], 0.97), CourseFit(by_id["C6"], 0.31))
    return desk.report([desk.match(element) for element in desk.standard.elements], ("C5",), courses=courses)


@pytest.fixture(scope="session")
def plan_report(desk: Desk) -> GapReport:
    """A programme plan: every core course in scope, rules checked, one part unreadable."""
    courses = tuple(course.id for course in desk.standard.core_courses)
    rules = (
        RuleVerdict("NR04", "fail", 2480, "≥ 2500 学时", "must", "1240 + 1240 = 2480 < 2500", note="毕业设计未计学时"),
        RuleVerdict("NR06", "pass", 26.2, "≥ 25 %", "should", "650 ÷ 2480 = 26.2%", (desk.evidence("12"),)),
        RuleVerdict(
            "OR01", "cannot_determine", None, "列出 G1、G2、G3、G4、G5", "should", "", note="课程表缺公共课一页"
        ),
    )
    facts = DocumentFacts(
        "电子商务专业人才培养方案（2026 级）.docx",
        "cd" * 32,
        "plan",
        "",
        38,
        41234,
        Hours(2600, 2600),
        (ErrorItem("第 7 页", "页面损坏，未能读取"),),
    )
    matches = [desk.match(element) for element in desk.standard.elements]
    return desk.report(matches, courses, document=facts, rules=rules)


@pytest.fixture(scope="session")
def audited_report(desk: Desk) -> GapReport:
    """A programme plan with the whole audit: course table, rules, contradictions, matrix, annex."""
    from tests.api.rendering.programme_audit import build

    courses = tuple(course.id for course in desk.standard.core_courses)
    matches = [desk.match(element) for element in desk.standard.elements]
    audit, rules = build(desk.standard, matches)
    document = audit.programme.document
    facts = DocumentFacts(document.name, document.sha256, "plan", "", None, len(document.text), Hours(1354, 1386))
    return desk.report(matches, courses, document=facts, rules=rules, programme=audit)


@pytest.fixture(scope="session")
def perfect_report(desk: Desk) -> GapReport:
    """A syllabus without a single gap."""
    quote = desk.evidence("活动方案设计")
    matches = [Match(e, 2, 0.99, 0.98, False, 6, ("content",), (quote,), quote) for e in desk.standard.elements]
    return desk.report(matches, ("C5",))


@pytest.fixture(scope="session")
def empty_report(desk: Desk) -> GapReport:
    """A document without text: no course fits, nothing is found."""
    matches = [Match(element, 0, 0.0, 0.0) for element in desk.standard.elements]
    facts = DocumentFacts("空白.pdf", "00" * 32, "syllabus", "", 1, 0, errors=(ErrorItem("第 1 页", "没有文字层"),))
    return desk.report(matches, (), document=facts, webb={}, porter=None)


@pytest.fixture(scope="session")
def hostile_report(desk: Desk) -> GapReport:
    """Quotes, names and suggestions that try to be markup, formulas, table cells and control characters."""
    quote = replace(
        desk.evidence("活动方案设计"),
        quote="<script>alert(1)</script> =SUM(A1)\t|a|b|\x00\x0b*粗*",
        heading_path=("<img src=x onerror=alert(1)>", "很长的标题" * 30),
    )
    element = desk.standard.by_id["C5.T3"].elements[0]
    other = desk.standard.by_id["C5.T4"].elements[0]
    formula = replace(quote, quote='=HYPERLINK("x","y")')
    hostile = {
        element.id: Match(element, 2, 0.9, 0.8, False, 6, ("content",), (quote,), quote),
        other.id: Match(other, 1, 0.6, 0.2, True, 4, ("content",), (formula,), formula),
    }
    matches = [hostile.get(e.id) or desk.match(e) for e in desk.standard.elements]
    suggestion = Suggestion("+cmd|' /C calc'!A0", "@SUM(1)", None, ("-1+1",))
    gaps = (Gap(other, "touched", 2, suggestion, formula),)
    facts = DocumentFacts(
        "=cmd" + "特别长的文件名" * 30 + "</title><b>.docx", "ef" * 32, "syllabus", "", None, 9, Hours(), ()
    )
    return desk.report(matches, ("C5",), document=facts, gaps=gaps)


@pytest.fixture(scope="session")
def all_reports(
    report: GapReport,
    plan_report: GapReport,
    audited_report: GapReport,
    perfect_report: GapReport,
    empty_report: GapReport,
    hostile_report: GapReport,
) -> dict[str, GapReport]:
    """Every report of this file by name."""
    return {
        "syllabus": report,
        "plan": plan_report,
        "audited": audited_report,
        "perfect": perfect_report,
        "empty": empty_report,
        "hostile": hostile_report,
    }


@pytest.fixture(params=["syllabus", "plan", "audited", "perfect", "empty", "hostile"])
def any_report(request: pytest.FixtureRequest, all_reports: dict[str, GapReport]) -> GapReport:
    """Each report in turn."""
    return all_reports[request.param]
