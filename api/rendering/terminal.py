"""The report for a terminal: useful at 80 columns and without colour."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from alignment.model import Gap, GapReport, Match
from api.rendering import decided, words
from api.rendering.programme.view import PlanView, plan_view
from api.rendering.view import GroupView, ReportView, Tally, advice

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

_STYLES = {2: "green", 1: "yellow", 0: "red"}
_GAPS_SHOWN = 5
_RULES_SHOWN = 20
_BAR = 40
_FIXED = ("条目", "结论", "编号", "已覆盖", "部分涉及", "未覆盖", "覆盖率")
_WIDE = ("要求",)


def render(report: GapReport) -> bytes:
    """Plain UTF-8 text, 80 columns wide."""
    from rich.console import Console

    buffer = io.StringIO()
    show(report, Console(file=buffer, width=80, color_system=None, legacy_windows=False))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()).encode() + b"\n"


def show(report: GapReport, console: Console) -> None:
    """Print the summary of a report to a rich console."""
    for part in _parts(ReportView(report)):
        console.print(part)


def _parts(view: ReportView) -> Iterator[RenderableType]:
    plan = plan_view(view)
    if plan is not None:
        yield from _of_plan(plan)
        return
    yield _head(view)
    yield from _warnings(view)
    if view.report.scope and not view.whole:
        for group in view.scoped:
            yield ""
            yield _statements(group)
        yield _line(_legend(), "dim")
    else:
        yield ""
        yield _courses(view)
    yield from _gaps(view)
    yield from _short(view)
    yield from _rules(view)
    yield ""
    yield _line("逐条证据与全部建议：加 --format html、docx、xlsx、pdf、md、csv 或 json。", "dim")


def _of_plan(plan: PlanView) -> Iterator[RenderableType]:
    """The audit, then the coverage of each course, then where to find the rest."""
    from api.rendering.programme.terminal import parts

    yield from parts(plan)
    yield _courses(plan.view)
    yield _line("计算、依据、课程表与修改建议：加 --format docx、xlsx、html、pdf、md、csv 或 json。", "dim")


def _head(view: ReportView) -> RenderableType:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("文件", _line(f"{words.flat(view.report.document.name, 120)}（{view.size}）"))
    table.add_row("标准", _line(view.standard_name))
    table.add_row("课程", _line(view.courses))
    if view.maybe:
        table.add_row("也可能", _line(view.maybe))
    tally = view.tally
    table.add_row("覆盖", _bar(tally))
    counts = f"已覆盖 {tally.covered}，部分涉及 {tally.touched}，未覆盖 {tally.missing}，共 {tally.total} 项要素"
    table.add_row("", _line(counts))
    if view.hours:
        table.add_row("学时", _line(view.hours, "yellow" if view.hours_contradict else ""))
    return table


def _bar(tally: Tally) -> Text:
    from rich.text import Text

    covered = round(_BAR * tally.covered / tally.total) if tally.total else 0
    touched = min(round(_BAR * tally.touched / tally.total) if tally.total else 0, _BAR - covered)
    return Text.assemble(
        ("#" * covered, "green"),
        ("+" * touched, "yellow"),
        ("." * (_BAR - covered - touched), "dim"),
        (f"  {words.percent(tally.ratio)}", "bold"),
    )


def _warnings(view: ReportView) -> Iterator[RenderableType]:
    report = view.report
    if view.empty:
        yield _line("! 文件中没有可以比对的文字；若是扫描件，请安装文字识别扩展（ocr）。", "red")
    elif not report.scope:
        yield _line(f"! {words.NO_COURSE}：以上按标准的全部要素统计，仅供参考。", "yellow")
    for error in report.document.errors:
        yield _line(f"! {words.flat(error.where)}：{words.flat(error.what)}（没有读出的内容不参加比对）", "red")
    for note in report.provenance.notes:
        yield _line(f"· {words.flat(note)}。", "dim")
    if view.decided:
        yield _line(f"{decided.MARK} {view.decided.removesuffix('。')}（下面标 {decided.MARK}）。", "cyan")
    if view.tally.review:
        yield _line(f"? 有 {view.tally.review} 项接近判定界限，建议人工复核（下面标 ?）。", "cyan")


def _statements(group: GroupView) -> Table:
    table = _table(f"{group.title}　已覆盖 {group.tally.covered}/{group.tally.total}", "条目", "结论", "要素")
    for entry in group.statements:
        table.add_row(
            _line(entry.statement.id),
            _line(words.COVERAGE[entry.coverage.coverage], _STYLES[words.COVERAGE_GRADE[entry.coverage.coverage]]),
            _chips(entry.matches),
        )
    return table


def _chips(matches: tuple[Match, ...]) -> Text:
    from rich.text import Text

    chips = Text()
    for match in matches:
        if chips:
            chips.append("　")
        mark = words.GRADE_MARKS[match.grade] + (words.REVIEW_MARK if match.review else "")
        mark += decided.MARK if match.decided else ""
        chips.append(f"{mark}{words.flat(match.element.text)}", _STYLES[match.grade])
    return chips


def _courses(view: ReportView) -> Table:
    table = _table("各课程覆盖情况", "课程", "已覆盖", "部分涉及", "未覆盖", "覆盖率")
    for group in view.groups:
        tally = group.tally
        counts = (tally.covered, tally.touched, tally.missing)
        table.add_row(_line(group.title), *(str(count) for count in counts), words.percent(tally.ratio))
    return table


def _gaps(view: ReportView) -> Iterator[RenderableType]:
    gaps = view.report.gaps
    yield ""
    if not gaps:
        yield _line(view.no_gaps, "green" if view.tally.missing == 0 else "yellow")
        return
    more = f"（共 {len(gaps)} 处，列出前 {_GAPS_SHOWN} 处）" if len(gaps) > _GAPS_SHOWN else ""
    yield _line(f"先补这些{more}", "bold")
    for number, gap in enumerate(gaps[:_GAPS_SHOWN], 1):
        yield _gap(number, gap)


def _gap(number: int, gap: Gap) -> RenderableType:
    from rich.padding import Padding
    from rich.table import Table

    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, justify="right", width=3)
    table.add_column(overflow="fold")
    table.add_row(f"{number}.", _line(f"{gap.element.text}　[{words.GAPS[gap.kind]}，{gap.element.id}]", "bold"))
    table.add_row("", _line(gap.suggestion.text))
    if advice(gap):
        table.add_row("", _line(advice(gap), "dim"))
    for example in gap.suggestion.examples[:1]:
        table.add_row("", _line(f"他人的写法：{example.text}", "dim"))
    return Padding(table, 0)


def _short(view: ReportView) -> Iterator[RenderableType]:
    if view.shortfalls:
        yield ""
        yield _line(f"层次不足 {len(view.shortfalls)} 项", "bold")
    for match in view.shortfalls[:_GAPS_SHOWN]:
        pair = words.level_pair(match.element.level, match.level_found)
        yield _line(f"  {match.element.text}：{pair}", "yellow")
    if len(view.shortfalls) > _GAPS_SHOWN:
        yield _line(f"  其余 {len(view.shortfalls) - _GAPS_SHOWN} 项见完整报告。", "dim")


def _rules(view: ReportView) -> Iterator[RenderableType]:
    rules = sorted(view.report.rules, key=lambda rule: ("fail", "cannot_determine", "pass").index(rule.verdict))
    if not rules:
        return
    table = _table("规定核对", "编号", "结论", "要求", "文中", "计算与说明")
    for rule in rules[:_RULES_SHOWN]:
        mark = decided.MARK if rule.decided else ""
        table.add_row(
            *(
                _line(rule.id),
                words.VERDICTS[rule.verdict] + mark,
                _line(f"{words.FORCES[rule.force]} {rule.expected}"),
            ),
            *(_line(words.plain(rule.value)), _line("；".join(t for t in (rule.arithmetic, rule.note) if t) or "—")),
        )
    yield ""
    yield table
    if len(rules) > _RULES_SHOWN:
        yield _line(f"其余 {len(rules) - _RULES_SHOWN} 条均列于完整报告。", "dim")


def _table(title: str, *columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=_line(title, "bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for place, column in enumerate(columns):
        wide = column in _WIDE or place == len(columns) - 1
        fixed = column in _FIXED
        table.add_column(column, no_wrap=fixed, overflow="fold", ratio=2 if wide and not fixed else None)
    return table


def _legend() -> str:
    marks = "　".join(f"{words.GRADE_MARKS[grade]} {name}" for grade, name in words.GRADES.items())
    return f"{marks}　{words.REVIEW_MARK} {words.REVIEW}"


def _line(text: str, style: str = "") -> Text:
    """One line of plain text: never read as rich markup, without line breaks of its own."""
    from rich.text import Text

    return Text(words.flat(text) if text.strip() == text else words.clean(text), style=style, overflow="fold")
