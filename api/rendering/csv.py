"""The report as CSV for spreadsheets: one line an element; of a programme plan also each rule and contradiction."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from alignment.model import Evidence, GapReport, Match, RuleVerdict
from api.rendering import decided, words
from api.rendering.programme.view import PlanView, plan_view, turning_words
from api.rendering.programme.wording import CONTRADICTIONS
from api.rendering.view import GroupView, ReportView, StatementView

HEADER = (
    *("课程编号", "课程", "条目编号", "条目类型", "条目", "要素编号", "要素", "结论", "覆盖概率", "涉及概率"),
    *("建议人工复核", "要求层次", "文中层次", "层次不足", "所在部分", "证据", "证据位置", "问题", "建议", "写在哪里"),
)
#: Further columns of a report on which persons have decided.
DECIDED = ("人工结论", "系统结论", "审定", "理由", "复核")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def render(report: GapReport) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads Chinese; no cell can be taken for a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    view = ReportView(report)
    writer.writerow([*HEADER, *(DECIDED if view.decided else ())])
    for group in view.groups:
        for statement in group.statements:
            for match in statement.matches:
                row = (*_row(view, group, statement, match), *_decided(view, match))
                writer.writerow([safe(text) for text in row])
    plan = plan_view(view)
    if plan is not None:
        writer.writerows([safe(text) for text in line] for line in _of_plan(plan))
    return buffer.getvalue().encode("utf-8-sig")


def _of_plan(plan: PlanView) -> Iterator[list[str]]:
    """Rules and contradictions in the same columns, one a line: the arithmetic as 问题, the note as 建议."""
    for rule in plan.rules:
        found = rule.rule
        quote, place = _first(plan, found.evidence)
        problem = f"{rule.value}；{found.arithmetic}" if found.arithmetic else rule.value
        head = ["", "规定核算", found.id, "规定", f"{rule.force} {rule.expected}", found.id, rule.title, rule.verdict]
        line = _line(head, quote, place, problem, "；".join(filter(None, (found.note, turning_words(rule)))))
        yield [*line, *_decided(plan.view, found)]
    for item in plan.contradictions:
        quote, place = _first(plan, item.evidence)
        head = ["", "方案内部的矛盾", item.id, CONTRADICTIONS[item.kind], item.what, "", "", "矛盾"]
        yield _line(head, quote, place, item.arithmetic, "")


def _decided(view: ReportView, item: Match | RuleVerdict) -> Sequence[str]:
    """What a person decided on a verdict; no columns where nobody decided anything on the report."""
    if not view.decided:
        return ()
    if item.decided is None:
        return ("",) * len(DECIDED)
    line = decided.decision_line(item, item.decided)
    return (decided.tag(item), line.proposal, line.author, line.reason, line.second)


def _first(plan: PlanView, items: Sequence[Evidence]) -> tuple[str, str]:
    return (items[0].quote, plan.place(items[0])) if items else ("", "")


def _line(head: list[str], quote: str, place: str, problem: str, advice: str) -> list[str]:
    return [*head, *[""] * 7, quote, place, problem, advice, ""]


def safe(text: str) -> str:
    """Text that a spreadsheet takes as text: an apostrophe before what would begin a formula."""
    text = words.clean(text)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _row(view: ReportView, group: GroupView, statement: StatementView, match: Match) -> Iterator[str]:
    element, gap = match.element, view.gap_of.get(match.element.id)
    first = match.evidence[0] if match.evidence else None
    yield from (group.id if group.id in view.report.standard.by_id else "", group.title)
    yield statement.statement.id
    yield words.STATEMENT_KINDS.get(statement.statement.kind, statement.statement.kind)
    yield from (statement.statement.text, element.id, element.text, words.GRADES[match.grade])
    yield from (f"{match.p_covered:.3f}", f"{match.p_touched:.3f}", "是" if match.review else "")
    yield from (words.level(element.level), words.level(match.level_found) if match.level_found else "")
    yield "是" if match.level_short else ""
    yield words.roles(match.where)
    yield first.quote if first else ""
    yield view.whole_place(first) if first else ""
    yield from (words.GAPS[gap.kind], gap.suggestion.text, gap.suggestion.where) if gap else ("", "", "")
