"""Rules on single courses, as local packs have them: names that must occur, hours and credits of a course."""

from __future__ import annotations

import re

from alignment.model import Evidence
from alignment.programme.counting.ledger import Ledger
from alignment.programme.counting.tally import Measure, cell_evidence, place_evidence, plain, unique
from alignment.programme.rules.outcome import Answer, Count, compare, unknown
from alignment.programme.rules.totals import no_schedule
from corpora.standard import Rule

_NOISE = re.compile(r"[\s（）()《》“”\"、，,·\-—]")
_GENERIC = re.compile(r"^(|课程|单门课程|每门课程|各门课程|所有课程|全部课程|专业课程?|学时安排|课程设置)$")


def required_courses(ledger: Ledger, rule: Rule) -> Answer:
    """Whether every named course is in the schedule, under its name or one that contains it."""
    names = tuple(map(str, rule.value)) if isinstance(rule.value, tuple | list) else (str(rule.value),)
    if not ledger.courses:
        return unknown(no_schedule(ledger))
    found = {name: _rows(ledger, name) for name in names}
    missing = [name for name, rows in found.items() if not rows]
    text = "；".join(f"{name}：{_names(ledger, rows) if rows else '没有找到'}" for name, rows in found.items())
    document, courses = ledger.programme.document, ledger.courses
    evidence = unique(
        place_evidence(document, courses[n].locator, courses[n].name) for rows in found.values() for n in rows
    )
    value = f"缺 {'、'.join(missing)}" if missing else "齐全"
    return Answer(Count(value, text, evidence, verdict="fail" if missing else "pass"))


def course_hours(ledger: Ledger, rule: Rule) -> Answer:
    """Hours of the course that the rule names, or of every course."""
    return _each(ledger, rule, "hours", "学时")


def course_credits(ledger: Ledger, rule: Rule) -> Answer:
    """Credits of the course that the rule names, or of every course."""
    return _each(ledger, rule, "credits", "学分")


def _each(ledger: Ledger, rule: Rule, measure: Measure, unit: str) -> Answer:
    if not ledger.courses:
        return unknown(no_schedule(ledger))
    generic = bool(_GENERIC.match(rule.subject))
    rows = sorted(ledger.everything) if generic else _rows(ledger, rule.subject)
    if not rows:
        return unknown(f"课程表没有“{rule.subject}”；应在课程表")
    figures = [(ledger.courses[n].name, figure) for n in rows if (figure := getattr(ledger.courses[n], measure))]
    if not figures:
        return unknown(f"“{rule.subject}”没有写{unit}；应在课程表的{unit}列")
    outside = [(n, f) for n, f in figures if compare(rule.operator, rule.value, f.value, f.value) != "pass"]
    shown = outside or figures[:12]
    text = "；".join(f"{name} {plain(figure.value)} {unit}" for name, figure in shown)
    evidence: tuple[Evidence, ...] = unique(cell_evidence(ledger.programme.document, f, n) for n, f in shown)
    if len(figures) == 1:
        return Answer(Count(figures[0][1].value, text, evidence))
    value = f"{len(figures)} 门中 {len(outside)} 门不符"
    return Answer(
        Count(
            value,
            f"{value}：{text}" if outside else f"{len(figures)} 门全部符合",
            evidence,
            verdict="fail" if outside else "pass",
        )
    )


def _rows(ledger: Ledger, name: str) -> list[int]:
    """Rows of the name itself, else those whose name contains it."""
    wanted = _NOISE.sub("", name)
    flat = [_NOISE.sub("", course.name) for course in ledger.courses]
    same = [n for n, text in enumerate(flat) if text == wanted]
    return same or [n for n, text in enumerate(flat) if wanted and wanted in text]


def _names(ledger: Ledger, rows: list[int]) -> str:
    return "、".join(ledger.courses[n].name for n in rows)
