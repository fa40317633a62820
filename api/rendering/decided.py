"""What persons decided on a report, in the words of a reader: marks at verdicts, and the list of all decisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from alignment.model import Decided, GapReport, Match, RuleVerdict
from alignment.review import rule_text
from api.rendering import words

TITLE = "人工结论"
#: Stands at verdicts that a person decided, where there is no room for words; in GBK too.
MARK = "※"
ACTIONS = {"accept": "人工确认", "override": "人工改判"}
HEADER = ("编号", "要素或规定", "人工结论", "系统结论", "审定", "理由", "复核")


@dataclass(frozen=True)
class DecisionLine:
    """One decision in words: on what, the verdict and the system's, who and when, why, and the second reviewer."""

    id: str
    text: str
    verdict: str
    proposal: str
    author: str
    reason: str
    second: str

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of ``HEADER``."""
        return astuple(self)


def tag(item: Match | RuleVerdict) -> str:
    """``人工改判``, with a word where a second reviewer objects; empty without a decision."""
    decided = item.decided
    if decided is None:
        return ""
    return ACTIONS[decided.action] + ("（有异议）" if decided.disputed else "")


def proposal(item: Match | RuleVerdict) -> str:
    """What the system says; empty without a decision."""
    decided = item.decided
    if decided is None:
        return ""
    if isinstance(item, RuleVerdict):
        return words.VERDICTS[decided.proposed_verdict or item.verdict]
    grade = item.grade if decided.proposed_grade is None else decided.proposed_grade
    return _verdict(grade, decided.proposed_level)


def told(item: Match | RuleVerdict) -> str:
    """All of a decision in one line; empty without one."""
    if item.decided is None:
        return ""
    line = decision_line(item, item.decided)
    parts = [f"{tag(item)}：{line.author}", f"系统结论：{line.proposal}"]
    parts += [f"理由：{line.reason}"] if line.reason else []
    return "；".join([*parts, *([f"复核：{line.second}"] if line.second else [])])


def decision_lines(report: GapReport) -> tuple[DecisionLine, ...]:
    """Every decision of a report, elements before rules."""
    return tuple(decision_line(item, item.decided) for item in _items(report) if item.decided is not None)


def decision_line(item: Match | RuleVerdict, decided: Decided) -> DecisionLine:
    """One decision in words."""
    if isinstance(item, Match):
        id, text, verdict = item.element.id, item.element.text, _verdict(item.grade, item.level_found)
    else:
        id, text, verdict = item.id, item.title or rule_text(item), words.VERDICTS[item.verdict]
    return DecisionLine(
        id,
        words.flat(text),
        f"{verdict}（{tag(item)}）",
        proposal(item),
        f"{words.flat(decided.author)}，{words.date(decided.at)}",
        words.flat(decided.reason),
        _second(decided),
    )


def summary(report: GapReport) -> str:
    """How many verdicts persons decided, as a sentence; empty where they decided none."""
    found = [item.decided for item in _items(report) if item.decided is not None]
    if not found:
        return ""
    overridden = sum(decided.action == "override" for decided in found)
    disputed = sum(decided.disputed for decided in found)
    counts = [f"改判 {overridden} 项"] if overridden else []
    counts += [f"确认 {len(found) - overridden} 项"] if overridden < len(found) else []
    more = f"，其中 {disputed} 项复核人有异议" if disputed else ""
    return f"{len(found)} 项结论由审核人确定（{'，'.join(counts)}）{more}，系统的结论列在旁边。"


def _items(report: GapReport) -> Iterator[Match | RuleVerdict]:
    yield from report.matches
    yield from report.rules


def _verdict(grade: int, level: int | None) -> str:
    return words.GRADES[grade] + (f"，{words.level(level)}" if grade and level else "")


def _second(decided: Decided) -> str:
    if not decided.second:
        return ""
    word = "同意" if decided.agrees else "不同意"
    why = f"（{words.flat(decided.second_reason)}）" if decided.second_reason else ""
    return f"{words.flat(decided.second)}{word}{why}"
