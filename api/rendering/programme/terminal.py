"""The audit of a programme plan for a terminal: short, at 80 columns, without need of colour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.rendering import words
from api.rendering.decided import MARK
from api.rendering.programme import rows, wording
from api.rendering.programme.view import PlanView, RuleView, turning_words

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.measure import Measurement
    from rich.text import Text

_STYLES = {2: "green", 1: "yellow", 0: "red"}
_CONTRADICTIONS, _ARITHMETIC, _TURNING = 4, 110, 8
_BAR = 30
#: What stays on one line: a word or number of up to 24 characters with the marks that close it, else one character.
_PIECE = re.compile(r"[（《“‘]{0,2}(?:[\w.%/:+\-–]{1,24}|.)[，。；：、）》”’]{0,2}", re.ASCII)


def parts(plan: PlanView) -> Iterator[RenderableType]:
    """What to print, one after the other."""
    yield from _head(plan)
    yield from _hours(plan)
    yield from _rules(plan)
    yield from _turning(plan)
    yield from _contradictions(plan)
    yield from _missing(plan)
    yield ""


def _head(plan: PlanView) -> Iterator[RenderableType]:
    from rich.table import Table

    report = plan.view.report
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("文件", line(f"{words.flat('；'.join(plan.files), 120)}（{plan.view.size}）"))
    table.add_row("专业", line(plan.name))
    table.add_row("标准", line(plan.view.standard_name))
    table.add_row("规定", _counts(plan))
    yield table
    for caution in plan.cautions:
        yield line(f"! {caution}", "red")
    problems = plan.audit.programme.schedule.problems
    for error in dict.fromkeys((*problems, *report.document.errors)):
        left_out = "" if error in problems else "（没有读出的内容不参加审核）"
        yield line(f"! {words.flat(error.where)}：{words.flat(error.what)}{left_out}", "red")
    if plan.view.decided:
        yield line(f"{MARK} {plan.view.decided.removesuffix('。')}（下面标 {MARK}）。", "cyan")
    if plan.audit.others:
        yield line(f"· 文件中还有：{'、'.join(plan.audit.others)}，用 --major 选择。", "dim")


def _counts(plan: PlanView) -> Text:
    from rich.text import Text

    if not plan.rules:
        return Text(plan.counts)
    text = Text(f"共 {len(plan.rules)} 条：")
    for number, (verdict, name) in enumerate(words.VERDICTS.items()):
        text.append("，" if number else "")
        text.append(f"{name} {len(plan.with_verdict(verdict))}", _STYLES[wording.VERDICT_GRADES[verdict]])
    return text


def _hours(plan: PlanView) -> Iterator[RenderableType]:
    from rich.table import Table

    bars = rows.category_bars(plan)
    if not bars:
        return
    total = plan.audit.structure.total
    table = Table.grid(padding=(0, 1))
    for justify in ("left", "left", "right", "right"):
        table.add_column(no_wrap=True, justify=justify)
    for bar in bars:
        hours = f"{wording.hours(bar.cell.hours)} 学时"
        table.add_row(line(bar.cell.label), _bar(bar), hours, wording.share(bar.cell.hours, bar.whole))
    yield ""
    summed = (
        f"学时结构（{wording.hours(total.hours)} 学时，{wording.hours(total.credits)} 学分；# 理论，+ 实践，. 未分）"
    )
    yield line(summed, "bold")
    yield table


def _bar(bar: rows.Bar) -> Text:
    from rich.text import Text

    scale = _BAR / bar.longest if bar.longest else 0.0
    theory = round(bar.cell.theory * scale)
    practice = round((bar.cell.theory + bar.cell.practice) * scale) - theory
    rest = max(round(bar.cell.hours * scale) - theory - practice, 0)
    return Text.assemble(("#" * theory, "blue"), ("+" * practice, "cyan"), ("." * rest, "dim"))


def _rules(plan: PlanView) -> Iterator[RenderableType]:
    shown = [rule for rule in plan.ranked if rule.grade < 2]
    if not shown:
        return
    yield ""
    yield line("不符合与无法判定的规定", "bold")
    for rule in shown:
        yield from _rule(rule)


def _rule(rule: RuleView) -> Iterator[RenderableType]:
    value = "" if rule.value == "—" else f"{rule.brief_value}，"
    mark = wording.VERDICT_MARKS[rule.rule.verdict] + (MARK if rule.decided else "")
    head = f"{mark} {rule.rule.id} {rule.title}　{value}{rule.force} {rule.brief_expected}"
    if rule.grade == 1:
        head += f"：{words.flat(rule.rule.note.partition('；')[0], _ARITHMETIC)}" if rule.rule.note else ""
    yield line(head, _STYLES[rule.grade])
    reason = rule.missing or rule.rule.arithmetic or rule.rule.note
    if reason and rule.grade == 0:
        yield indented(words.flat(reason, _ARITHMETIC))


def _turning(plan: PlanView) -> Iterator[RenderableType]:
    if not plan.turning:
        return
    yield ""
    yield line(f"换一种算法结论会变的 {len(plan.turning)} 条", "bold")
    for rule in plan.turning[:_TURNING]:
        yield line(f"? {rule.label}：{rule.verdict}", "cyan")
        yield indented(words.flat(turning_words(rule), 160))
    yield from _rest(len(plan.turning) - _TURNING)


def _contradictions(plan: PlanView) -> Iterator[RenderableType]:
    found = plan.contradictions
    yield ""
    if not found:
        yield line("方案内部未发现矛盾。", "green")
        return
    yield line(f"方案内部的矛盾 {len(found)} 处", "bold")
    for number, item in enumerate(found[:_CONTRADICTIONS], 1):
        yield line(f"{number}. {words.flat(item.what, 110)}", "yellow")
    yield from _rest(len(found) - _CONTRADICTIONS)


def _missing(plan: PlanView) -> Iterator[RenderableType]:
    if plan.absent or plan.missing_chapters:
        yield ""
    for kind, names in plan.absent_by_kind:
        yield line(f"未开设（{kind}）：{names}", "red")
    if plan.missing_chapters:
        yield line(f"未见的章节：{'、'.join(plan.missing_chapters)}", "yellow")
    summary = rows.Union(plan).summary
    if summary:
        yield line(summary)


def _rest(count: int) -> Iterator[RenderableType]:
    if count > 0:
        yield line(f"其余 {count} 条见完整报告。", "dim")


def indented(text: str) -> RenderableType:
    """Text under what it explains."""
    return Wrapped(words.clean(text), "dim", 2)


def line(text: str, style: str = "") -> RenderableType:
    """Plain text: never read as rich markup."""
    return Wrapped(words.clean(text), style)


@dataclass(frozen=True)
class Wrapped:
    """Text broken at the console's width as Chinese is: between any two characters, but not within a number or word.

    Parameters
    ----------
    text, style : as they are printed.
    indent : columns before each line.
    """

    text: str
    style: str = ""
    indent: int = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        from rich.text import Text

        for row in wrapped(self.text, options.max_width - self.indent):
            yield Text(" " * self.indent + row, style=self.style, no_wrap=True)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.cells import cell_len
        from rich.measure import Measurement

        longest = max(map(cell_len, self.text.split("\n"))) + self.indent
        return Measurement(min(longest, 8), min(longest, options.max_width))


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most ``width`` columns; no line begins with a closing mark or ends with an opening one."""
    from rich.cells import cell_len

    for paragraph in text.split("\n"):
        row, filled = "", 0
        for piece in _PIECE.findall(paragraph):
            size = cell_len(piece)
            if row and filled + size > width:
                yield row.rstrip()
                row, filled = "", 0
            if row or piece.strip():
                row, filled = row + piece, filled + size
        yield row.rstrip()
