"""An audit of many documents as a workbook and as a page; both are made of the same tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from alignment.audit.union import AuditedSet
from api.rendering import words
from api.rendering.html import TEMPLATES
from api.rendering.portfolio import rows
from api.rendering.sheets import Line, Sheet, Value
from api.rendering.xlsx import workbook
from api.services.dashboards import Dashboard

if TYPE_CHECKING:
    from jinja2 import Template

#: Gaps of one document that the workbook lists, the weightiest; the table of gaps holds all.
GAPS = 5
#: Lines of a table that the page shows; the workbook holds all.
SHOWN = 300
PROBLEMS = {
    "unreadable": "不能审核",
    "accident": "处理中断（下次再试）",
    "partial": "部分未读",
    "note": "说明",
    "contradiction": "方案前后矛盾",
    "passed_over": "略过",
}

_FACTS = (("项目", 24), ("内容", 110))
_FILES = (
    *(("文件", 50), ("院系", 16), ("题名", 34), ("类型", 14), ("对应课程", 34), ("覆盖率", 9), ("已覆盖", 8)),
    *(("部分涉及", 9), ("未覆盖", 8), ("待复核", 8), ("层次不足", 9), ("缺口", 8), ("不符合规定", 10), ("情况", 40)),
)
_DEPARTMENTS = (("院系", 30), ("文件数", 9), ("覆盖率", 9), ("有人讲授", 10), ("只有涉及", 10), ("无人讲授", 10))
_GAPS = (
    *(("文件", 44), ("重要程度", 9), ("问题", 12), ("要素编号", 12), ("要素", 32), ("建议", 60), ("写在哪里", 26)),
    *(("学时", 7), ("最接近的原文", 46)),
)
_RULES = (("编号", 10), ("标准原文", 60), ("不符合份数", 11), ("不符合的方案", 50), ("无法判定的方案", 50))
_PROBLEMS = (("文件", 50), ("性质", 18), ("位置", 24), ("问题", 60), ("怎么办", 50))


def book(found: AuditedSet) -> bytes:
    """The bytes of a workbook."""
    return workbook(sheets(found))


def page(found: AuditedSet) -> bytes:
    """The bytes of one self-contained HTML file; of long tables the beginning."""
    standard = found.standard
    return (
        _template()
        .render(
            name=f"{standard.title or standard.name}，{standard.code}",
            ratio=words.percent(found.portfolio.coverage_ratio),
            sheets=list(sheets(found)),
            most=SHOWN,
            told=_told,
        )
        .encode()
    )


def sheets(found: AuditedSet) -> Iterator[Sheet]:
    """All tables, the most important first."""
    put = Dashboard(found.portfolio, (), ())
    yield Sheet("总览", _FACTS, tuple(facts(found)))
    if found.departments:
        yield Sheet("院系", _DEPARTMENTS, tuple(_departments(found)))
    yield Sheet("文件", _FILES, tuple(_files(found, put)), "B2")
    yield rows.element_sheet(put)
    yield _matrix(found)
    yield Sheet("缺口", _GAPS, tuple(_gaps(found)), "B2")
    rules = tuple(rows.rule_lines(put))
    if rules:
        yield Sheet("规定", _RULES, rules)
    yield Sheet("问题", _PROBLEMS, tuple(_problems(found)))


def facts(found: AuditedSet) -> Iterator[tuple[str, str]]:
    """What a reader should know first."""
    put, standard = found.portfolio, found.standard
    missing, touched, covered = put.counts
    copies = sum(bool(file.copy_of) for file in found.files)
    passed_over = sum(problem.kind == "passed_over" for _, problem in found.problems)
    yield "标准", f"{standard.title or standard.name}，{standard.code}"
    yield (
        "文件",
        f"{len(found.files)} 份：计入 {len(put.entries)} 份，内容重复 {copies} 份，不能审核 {len(found.failed)} 份",
    )
    if passed_over:
        yield "略过", f"{passed_over} 个不是文档的文件（见“问题”）"
    if put.homeless:
        yield "未识别出对应课程", f"{len(put.homeless)} 份"
    yield "合力覆盖率", f"{words.percent(put.coverage_ratio)}（核心课程的要素至少有一份文件讲授的占比）"
    yield "核心课程的要素", f"有文件讲授 {covered} 项，只有涉及 {touched} 项，无人讲授 {missing} 项"
    yield "无人讲授", f"{len(put.orphans)} 项（含培养规格）"
    yield "只有涉及或只有一份文件讲授", f"{len(put.thin)} 项（含培养规格）"
    yield "三份以上文件重复讲授", f"{len(put.repeated)} 项"
    yield "层次都低于要求", f"{len(put.shortfalls)} 项"
    if put.broken_rules:
        broken = sum(bool(rule.failed) for rule in put.broken_rules)
        yield "规定", f"有方案不符合的 {broken} 条，无法判定的见“规定”"
    yield "说明", f"“缺口”列出每份文件最重要的 {GAPS} 项；全部缺口与逐项证据见同一文件夹的 gaps、elements 表（Parquet）"


def _departments(found: AuditedSet) -> Iterator[Line]:
    for name, put in found.departments.items():
        missing, touched, covered = put.counts
        yield [words.flat(name), len(put.entries), float(put.coverage_ratio), covered, touched, missing]


def _files(found: AuditedSet, put: Dashboard) -> Iterator[Line]:
    reasons = {path: p.what for path, p in found.problems if p.kind in ("unreadable", "accident")}
    for file in found.files:
        row = file.row
        courses = rows.course_names(put, row.scope) if row.status == "ok" else ""
        state = f"与 {words.flat(file.copy_of)} 内容相同" if file.copy_of else reasons.get(file.path, "")
        yield [
            *(words.flat(file.path), words.flat(file.department), words.flat(row.title or "")),
            *(words.KINDS.get(row.kind or ""), courses, row.coverage_ratio, row.covered, row.touched, row.missing),
            *(row.review, row.level_short, row.gaps, row.rules_failed or None, state),
        ]


def _matrix(found: AuditedSet) -> Sheet:
    """Documents by courses and competencies; the last line is all of them together."""
    put = found.portfolio
    wanted = [n for n, s in enumerate(put.statements) if s.kind in ("core_course", "competency")]
    labels = [f"{put.statements[n].id} {words.flat(put.statements[n].label, 16)}" for n in wanted]
    lines: list[Line] = [
        [words.flat(entry.title), *ratios]
        for entry, ratios in zip(put.entries, put.matrix[:, wanted].tolist(), strict=True)
    ]
    lines.append(["全部文件合力", *put.union_ratios[wanted].tolist()])
    shares = frozenset(range(1, len(wanted) + 1))
    return Sheet("覆盖矩阵", [("文件", 50), *((label, 11) for label in labels)], tuple(lines), "B2", shares)


def _gaps(found: AuditedSet) -> Iterator[Line]:
    for path, gap in found.gaps(GAPS):
        yield [
            *(words.flat(path), words.SEVERITY[gap.severity], words.GAPS[gap.kind], gap.element, gap.text),
            *(gap.suggestion, words.flat(gap.suggestion_where), gap.suggestion_hours, words.flat(gap.nearest or "")),
        ]


def _problems(found: AuditedSet) -> Iterator[Line]:
    for path, problem in found.problems:
        kind = PROBLEMS.get(problem.kind, problem.kind)
        yield [words.flat(path), kind, words.flat(problem.where), words.flat(problem.what), problem.advice]


def _told(value: Value, share: bool) -> str:
    """A cell's value as text."""
    if value is None:
        return ""
    if share and isinstance(value, float):
        return words.percent(value)
    return words.clean(value) if isinstance(value, str) else words.plain(value)


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    return environment.get_template("audit.html.j2")
