"""The report as Markdown (GitHub tables), every text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from alignment.model import GapReport, Match
from api.rendering import decided, words
from api.rendering.agreement import TITLE
from api.rendering.programme.view import plan_view
from api.rendering.view import GroupView, ReportView, advice, suggestion_text

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_LEADING = re.compile(r"^(\d+)([.)])|^([-+=])")


def render(report: GapReport) -> bytes:
    """UTF-8 Markdown."""
    return ("\n".join(_lines(ReportView(report))) + "\n").encode()


def escape(text: str) -> str:
    """Text on one line that Markdown shows as it is, in a table cell too."""
    line = _SPECIAL.sub(r"\\\1", words.flat(text))
    return _LEADING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", line)


def _lines(view: ReportView) -> Iterator[str]:
    yield from _head(view)
    plan = plan_view(view)
    if plan is not None:
        from api.rendering.programme.markdown import Markdown

        yield from Markdown(plan, escape).lines()
    yield from ("", "## 各课程覆盖情况", "")
    yield from _table(["课程", "已覆盖", "部分涉及", "未覆盖", "待复核", "覆盖率"], map(_counts, view.groups))
    yield from ("", "## 逐条对照", "")
    if not view.report.scope:
        yield f"{words.NO_COURSE}，以下列出标准的全部内容。"
    for group in view.scoped:
        yield from _group(view, group)
    yield from _gaps(view)
    yield from _levels(view)
    if plan is None:
        yield from _rules(view)
    yield from _decisions(view)
    yield from ("", f"## {TITLE}", "")
    yield from (f"- {escape(line)}" for line in view.agreement)
    yield from ("", "---", "")
    yield f"由 duibiao 对标 {escape(view.report.provenance.version)} 生成，供审核参考。引文均为文件原文。"


def _head(view: ReportView) -> Iterator[str]:
    yield f"# 对标报告：{escape(view.title)}"
    yield ""
    yield escape(view.summary())
    yield ""
    report = view.report
    yield f"- 文件：{escape(report.document.name)}（{escape(view.size)}）"
    yield f"- 标准：{escape(view.standard_name)}"
    yield f"- 对应课程：{escape(view.courses)}"
    if view.maybe:
        yield f"- 也可能涉及：{escape(view.maybe)}"
    if view.hours:
        yield f"- 学时：{escape(view.hours)}"
    yield f"- 生成日期：{escape(words.date(report.generated_at))}"
    for error in report.document.errors:
        yield f"- 未能读取：{escape(error.where)}：{escape(error.what)}"
    for note in report.provenance.notes:
        yield f"- 判定说明：{escape(note)}"


def _counts(group: GroupView) -> list[str]:
    tally = group.tally
    counts = (tally.covered, tally.touched, tally.missing, tally.review)
    return [escape(group.title), *map(str, counts), words.percent(tally.ratio)]


def _group(view: ReportView, group: GroupView) -> Iterator[str]:
    yield from ("", f"### {escape(group.title)}")
    for entry in group.statements:
        yield ""
        coverage = words.COVERAGE[entry.coverage.coverage]
        yield f"**{entry.statement.id}**　{escape(entry.statement.text)}（{coverage}）"
        yield ""
        yield from _table(["要素", "结论", "层次", "证据"], (_row(view, match) for match in entry.matches))


def _row(view: ReportView, match: Match) -> list[str]:
    verdict = words.GRADES[match.grade] + (f"（{words.REVIEW}）" if match.review else "")
    verdict += f"（{decided.tag(match)}，系统：{decided.proposal(match)}）" if match.decided else ""
    level = "—" if match.element.affective else words.level_pair(match.element.level, match.level_found)
    quotes = (f"“{escape(e.quote)}”（{escape(view.whole_place(e))}）" for e in match.evidence)
    short = "（层次不足）" if match.level_short else ""
    return [escape(match.element.text), verdict, level + short, "<br>".join(quotes) or "—"]


def _gaps(view: ReportView) -> Iterator[str]:
    yield from ("", "## 差距与修改建议", "")
    if not view.report.gaps:
        yield view.no_gaps
        return
    rows = (
        [
            str(number),
            f"{escape(gap.element.text)}（{gap.element.id}）",
            f"{words.GAPS[gap.kind]}，重要程度{words.SEVERITY[gap.severity]}",
            "<br>".join(escape(line) for line in suggestion_text(gap).split("\n")),
            escape(advice(gap)) or "—",
        ]
        for number, gap in enumerate(view.report.gaps, 1)
    )
    yield from _table(["序号", "要素", "问题", "建议", "写在哪里"], rows)


def _levels(view: ReportView) -> Iterator[str]:
    if not view.shortfalls:
        return
    yield from ("", "## 层次不足", "")
    for match in view.shortfalls:
        yield f"- {escape(match.element.text)}：{words.level_pair(match.element.level, match.level_found)}"


def _rules(view: ReportView) -> Iterator[str]:
    if not view.report.rules:
        return
    yield from ("", "## 规定核对", "")
    rows = (
        [
            rule.id,
            words.VERDICTS[rule.verdict] + (f"（{decided.tag(rule)}）" if rule.decided else ""),
            f"{words.FORCES[rule.force]} {escape(rule.expected)}",
            escape(words.plain(rule.value)),
            escape("；".join(text for text in (rule.arithmetic, rule.note) if text)) or "—",
        ]
        for rule in view.report.rules
    )
    yield from _table(["编号", "结论", "标准要求", "文中数值", "计算与说明"], rows)


def _decisions(view: ReportView) -> Iterator[str]:
    if view.decisions:
        yield from ("", f"## {decided.TITLE}", "")
        rows = ([escape(cell) or "—" for cell in line.cells] for line in view.decisions)
        yield from _table(list(decided.HEADER), rows)


def _table(header: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
