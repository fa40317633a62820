"""Credits per week of military training, social practice, induction and graduation education."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from alignment.model import Evidence, Verdict
from alignment.programme.counting.ledger import MILITARY, Ledger
from alignment.programme.counting.structure import taken_rows
from alignment.programme.counting.tally import cell_evidence, place_evidence, plain, unique
from alignment.programme.rules.facts import fact_evidence, said
from alignment.programme.rules.internship import weeks_of
from alignment.programme.rules.outcome import Answer, Count, compare, unknown
from corpora.programme.model import FactKind
from corpora.standard import Rule

_ALIASES: dict[str, re.Pattern[str]] = {
    "军训": MILITARY,
    "社会实践": re.compile(r"社会实践|暑期实践|假期实践|寒暑假.{0,2}实践"),
    "入学教育": re.compile(r"入学教育|新生教育|始业教育"),
    "毕业教育": re.compile(r"毕业教育|毕业离校"),
}
_THEORY = re.compile(r"理论")
_WHERE = "应在课程表的实践环节、教学时间分配表或说明文字中"


@dataclass(frozen=True)
class Activity:
    """One activity as the plan has it (or several under one row): weeks and credits, None where not stated."""

    names: tuple[str, ...]
    title: str
    weeks: float | None = None
    credits: float | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def text(self) -> str:
        """``军事技能 2 周/2 学分``."""
        weeks = f"{plain(self.weeks)} 周" if self.weeks is not None else "周数未写"
        credits = f"{plain(self.credits)} 学分" if self.credits is not None else "学分未写"
        return f"{self.title} {weeks}/{credits}"

    @property
    def ratio(self) -> float | None:
        """Credits per week."""
        return self.credits / self.weeks if self.weeks and self.credits is not None else None


def activity_credits_per_week(ledger: Ledger, rule: Rule) -> Answer:
    """Every activity that occurs, weeks and credits both."""
    asked = rule.applies_to or tuple(_ALIASES)
    found = _activities(ledger, asked)
    missing = [name for name in asked if not any(name in a.names for a in found)]
    if not found:
        return unknown(f"方案没有写{'、'.join(asked)}的周数和学分；{_WHERE}")
    partly = [a for a in found if a.ratio is None]
    count = _count(found, rule, "")
    others = []
    if partly and len(partly) < len(found):
        others.append(_count([a for a in found if a.ratio is not None], rule, "只核周数和学分都写明的活动"))
    if missing:
        label = f"{len(asked)} 项活动都要求有"
        others.append(Count(None, f"方案没有{'、'.join(missing)}", label=label, verdict="cannot_determine"))
    notes = [f"方案没有出现{'、'.join(missing)}" if missing else ""]
    notes.append(f"{'、'.join(a.title for a in partly)}没有同时写明周数和学分；{_WHERE}" if partly else "")
    return Answer(count, tuple(others), "；".join(note for note in notes if note))


def _count(found: Sequence[Activity], rule: Rule, label: str) -> Count:
    verdicts = [_verdict(activity, rule) for activity in found]
    verdict: Verdict = "pass"
    if "fail" in verdicts:
        verdict = "fail"
    elif "cannot_determine" in verdicts:
        verdict = "cannot_determine"
    text = "；".join(_arithmetic(activity) for activity in found)
    evidence = unique(e for activity in found for e in activity.evidence)
    return Count("；".join(a.text for a in found), text, evidence, label, verdict=verdict)


def _verdict(activity: Activity, rule: Rule) -> Verdict:
    ratio = activity.ratio
    return "cannot_determine" if ratio is None else compare(rule.operator, rule.value, ratio, ratio)


def _arithmetic(activity: Activity) -> str:
    if activity.ratio is None:
        return activity.text
    weeks, credits = activity.weeks or 0.0, activity.credits or 0.0
    return f"{activity.title} {plain(credits)} 学分÷{plain(weeks)} 周={plain(activity.ratio)}"


def _activities(ledger: Ledger, asked: Sequence[str]) -> list[Activity]:
    """From the schedule's rows, completed and extended by the text, then by the table of weeks."""
    found = list(_scheduled(ledger, asked))
    found = _with_facts(ledger, found, asked)
    return _with_weeks(ledger, found, asked)


def _names(text: str, asked: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in asked if _pattern(name).search(text))


def _pattern(name: str) -> re.Pattern[str]:
    return _ALIASES.get(name) or re.compile(re.escape(name))


def _scheduled(ledger: Ledger, asked: Sequence[str]) -> Iterator[Activity]:
    document = ledger.programme.document
    for number in taken_rows(ledger):
        course = ledger.courses[number]
        names = _names(course.name, asked)
        if not names or (_THEORY.search(course.name) and "军训" in names):
            continue
        weeks = weeks_of(course)
        evidence = [place_evidence(document, locator, text, course.name) for _, text, locator in weeks]
        evidence += [cell_evidence(document, course.credits, course.name)] if course.credits else []
        evidence = evidence or [place_evidence(document, course.locator, course.name)]
        yield Activity(
            names,
            course.name,
            sum(value for value, *_ in weeks) if weeks else None,
            course.credits.value if course.credits else None,
            tuple(evidence),
        )


def _with_facts(ledger: Ledger, found: list[Activity], asked: Sequence[str]) -> list[Activity]:
    kinds: tuple[FactKind, ...] = ("activity_weeks", "activity_credits")
    for kind in kinds:
        facts = said(ledger, kind)
        for fact in (*facts.body, *facts.norms):
            if names := _names(fact.subject, asked):
                value, evidence = fact.figure.value, fact_evidence(ledger, fact)
                weeks, credits = (value, None) if kind == "activity_weeks" else (None, value)
                found = _merge(found, Activity(names, fact.subject, weeks, credits, (evidence,)))
    return found


def _with_weeks(ledger: Ledger, found: list[Activity], asked: Sequence[str]) -> list[Activity]:
    document = ledger.programme.document
    columns: dict[str, list[tuple[float, Evidence]]] = {}
    for row in ledger.programme.weeks:
        for name, figure in row.weeks.items():
            if not row.total and figure.value > 0 and _names(name, asked):
                evidence = cell_evidence(document, figure, f"第{row.semester}学期", name)
                columns.setdefault(name, []).append((figure.value, evidence))
    for name, cells in columns.items():
        weeks = sum(value for value, _ in cells)
        found = _merge(found, Activity(_names(name, asked), name, weeks, None, tuple(e for _, e in cells)))
    return found


def _merge(found: list[Activity], new: Activity) -> list[Activity]:
    """Fill what the activities of the same names lack; rows under one figure are taken together."""
    same = [a for a in found if set(a.names) <= set(new.names)]
    if not same:
        known = any(set(a.names) & set(new.names) for a in found)
        return found if known else [*found, new]
    if new.credits is None and all(a.weeks is None for a in same):
        credits = [a.credits for a in same if a.credits is not None]
        joined = _joined(same, new)
        return _replaced(found, same, replace(joined, weeks=new.weeks, credits=sum(credits) if credits else None))
    if new.weeks is None and all(a.credits is None for a in same):
        weeks = [a.weeks for a in same if a.weeks is not None]
        joined = _joined(same, new)
        return _replaced(found, same, replace(joined, credits=new.credits, weeks=sum(weeks) if weeks else None))
    return found


def _joined(same: Sequence[Activity], new: Activity) -> Activity:
    names = tuple(dict.fromkeys(name for a in same for name in a.names))
    evidence = unique(e for a in (*same, new) for e in a.evidence)
    return Activity(names, "、".join(a.title for a in same), evidence=evidence)


def _replaced(found: list[Activity], same: Sequence[Activity], joined: Activity) -> list[Activity]:
    place = min(found.index(a) for a in same)
    rest = [a for a in found if a not in same]
    return [*rest[:place], joined, *rest[place:]]
