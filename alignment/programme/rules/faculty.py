"""Numbers of the faculty: students per teacher, double-qualified, senior titles, practice in companies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from alignment.model import Evidence
from alignment.programme.counting.ledger import Ledger
from alignment.programme.counting.tally import plain, unique
from alignment.programme.rules.facts import (
    BODY_ONLY,
    Said,
    fact_count,
    fact_evidence,
    fact_text,
    said,
    stated_state,
)
from alignment.programme.rules.outcome import Answer, Count
from corpora.programme.model import Fact, FactKind
from corpora.standard import Rule

_CHAPTER = "应在“师资队伍”（教学团队、师资条件）一节"
_FULL_TIME = re.compile(r"专任|专职")
_PART_TIME = re.compile(r"兼职|外聘|企业")
_COURSE_TEAM = re.compile(r"《|课程(?:教学)?团队|教研室")
# 我系共有教师45人, 全校专任教师 …: a sentence about more than the major, up to a word that comes back to it.
_WIDER = re.compile(r"(?:[我全本](?:系|院|校)|(?:学校|学院|系部?)(?=[现共目已]))(?!.*(?:本|该)专业)")
_BOTH = re.compile(r"专兼|教师队伍|师资|教学团队|团队|教学队伍")


def is_part_time(subject: str) -> bool:
    """Whether only part-time teachers are meant (专兼职 means both)."""
    return bool(_PART_TIME.search(subject)) and "专兼" not in subject


def is_full_time(subject: str) -> bool:
    """Whether only full-time teachers are meant."""
    return bool(_FULL_TIME.search(subject)) and "兼" not in subject


def _of_the_major(subject: str) -> bool:
    """Whether neither the team of one course nor part-time teachers are meant."""
    return not is_part_time(subject) and not _COURSE_TEAM.search(subject)


def _wider(fact: Fact) -> bool:
    """Whether a sentence tells of the whole school or department, not of the major."""
    text = fact.figure.text
    return bool(_WIDER.search(text[: max(text.find(fact.words), 0) or len(text)]))


def _nearest(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The facts about the major; those of its school where there are no others."""
    return tuple(fact for fact in facts if not _wider(fact)) or facts


def student_teacher_ratio(ledger: Ledger, _rule: Rule) -> Answer:
    """Students per full-time teacher: as stated, else students over teachers."""
    stated, students = said(ledger, "student_teacher_ratio"), said(ledger, "students")
    bases = _teachers(ledger)
    base = next((f for f in bases if is_full_time(f.subject)), None)
    lacking = [] if students.state else ["本专业学生人数"]
    lacking += [] if base else ["本专业专任教师人数"]
    note = f"没有写师生比，也没有写{'和'.join(lacking)}；{_CHAPTER}" if lacking else ""
    if stated.state or not students.state or base is None:
        return stated_state(ledger, stated, note or f"没有写师生比；{_CHAPTER}")
    promises = tuple(fact_count(ledger, f, f"把承诺当作达到：{fact_text(f)}") for f in stated.norms)
    return Answer(_ratio(ledger, students.state[0], base, ""), promises, "由学生人数与专任教师人数算出")


def _ratio(ledger: Ledger, students: Fact, teachers: Fact, label: str) -> Count:
    value = students.figure.value / teachers.figure.value
    text = f"{plain(students.figure.value)}÷{plain(teachers.figure.value)}={plain(value)}:1"
    evidence = (fact_evidence(ledger, students), fact_evidence(ledger, teachers))
    return Count(round(value, 2), text, evidence, label, low=value, high=value)


def double_qualified_share(ledger: Ledger, _rule: Rule) -> Answer:
    """Double-qualified teachers: the stated share, else their number over the teachers that it counts among."""
    stated = said(ledger, "double_qualified_share")
    counts = said(ledger, "double_qualified_count", subject=_of_the_major)
    counted = list(_double_counts(ledger, counts))
    missing = f"没有写“双师型”教师人数或比例；{_CHAPTER}"
    if stated.state or not counted:
        answer = stated_state(ledger, stated, missing)
        return Answer(answer.own, (*answer.others, *counted), answer.note)
    promises = tuple(fact_count(ledger, f, f"把承诺当作达到：{fact_text(f)}") for f in stated.norms)
    return Answer(counted[0], (*counted[1:], *promises), "")


def _double_counts(ledger: Ledger, counts: Said) -> Iterator[Count]:
    """The number over every base that is stated, all teachers first; then what is left open of the full-time ones."""
    bases = _teachers(ledger)
    for fact in _nearest(counts.state):
        fitting = [b for b in bases if b.annex == fact.annex and b.figure.value >= fact.figure.value]
        fitting = [b for b in fitting if not is_part_time(b.subject)]
        same = [b for b in fitting if b.subject and b.subject == fact.subject]
        full_time = [b for b in fitting if is_full_time(b.subject)]
        both = [b for b in fitting if not is_full_time(b.subject)]
        ordered = same or ([*full_time, *both] if is_full_time(fact.subject) else [*both, *full_time])
        for base in ordered[:2]:
            yield _part(ledger, fact, base, f"按{base.subject or '全部教师'}计")
        if ordered and not is_full_time(ordered[0].subject) and not is_full_time(fact.subject):
            yield from _among_full_time(ledger, fact, bases)


def _among_full_time(ledger: Ledger, fact: Fact, bases: list[Fact]) -> Iterator[Count]:
    """Of the full-time teachers alone, where the number may hold part-time ones as well: a range."""
    full = next((b for b in bases if is_full_time(b.subject)), None)
    part = next((b for b in bases if is_part_time(b.subject)), None)
    if full is None or full.figure.value <= 0:
        return
    size, number = full.figure.value, fact.figure.value
    least = max(number - part.figure.value, 0.0) if part else 0.0
    most = min(number, size)
    low, high = 100 * least / size, 100 * most / size
    text = f"{plain(size)} 名专任教师中“双师型”{plain(least)}~{plain(most)} 人，即 {plain(low)}%~{plain(high)}%"
    evidence = unique(fact_evidence(ledger, f) for f in (fact, full, part) if f)
    yield Count(f"{plain(low)}%~{plain(high)}%", text, evidence, "只按专任教师计", low=low, high=high)


def _part(ledger: Ledger, count: Fact, base: Fact, label: str) -> Count:
    value = 100 * count.figure.value / base.figure.value
    text = f"{plain(count.figure.value)}÷{plain(base.figure.value)}={plain(value)}%"
    evidence: tuple[Evidence, ...] = unique((fact_evidence(ledger, count), fact_evidence(ledger, base)))
    return Count(round(value, 2), text, evidence, label, low=value, high=value)


def senior_share(ledger: Ledger, _rule: Rule) -> Answer:
    """Full-time teachers with senior titles: the stated share, else their number over the same teachers."""
    stated = said(ledger, "senior_share", subject=_of_the_major)
    counts = said(ledger, "senior_count", subject=_of_the_major)
    counted = [c for fact in _nearest(counts.state) if (c := _senior(ledger, fact))]
    missing = f"没有写专任教师的高级职称人数或比例；{_CHAPTER}"
    if stated.state or not counted:
        if counts.state and not stated.state:
            missing = f"写了高级职称 {fact_text(counts.state[0])} 人，没有写相应的教师总数；{_CHAPTER}"
        answer = stated_state(ledger, stated, missing)
        return Answer(answer.own, (*answer.others, *counted), answer.note)
    promises = tuple(fact_count(ledger, f, f"把承诺当作达到：{fact_text(f)}") for f in stated.norms)
    annex = (Count(None, "正文没有这一数字", label=BODY_ONLY, verdict="cannot_determine"),)
    from_annex = counts.state[0].annex
    others = (*(annex if from_annex else ()), *counted[1:], *promises)
    return Answer(counted[0], others, "数字只见于附件" if from_annex else "")


def _senior(ledger: Ledger, fact: Fact) -> Count | None:
    bases = [b for b in _teachers(ledger) if b.annex == fact.annex and b.figure.value >= fact.figure.value]
    bases = [b for b in bases if not is_part_time(b.subject)]
    same = [b for b in bases if b.subject == fact.subject] or [b for b in bases if _together(b, fact)]
    full_time = [b for b in bases if is_full_time(b.subject)]
    base = next(iter(same or full_time or bases), None) or _all_ranks(ledger, fact)
    return _part(ledger, fact, base, f"按{base.subject or '全部教师'}计") if base else None


def _all_ranks(ledger: Ledger, fact: Fact) -> Fact | None:
    """All teachers, where a sentence counts every rank of them (副教授3人、讲师5人、助教2人)."""
    kinds: tuple[FactKind, ...] = ("intermediate_or_above_count", "below_intermediate_count")
    ranks = [f for f in said(ledger, *kinds).state if f.figure.locator == fact.figure.locator]
    ranks = [f for f in ranks if f.subject == fact.subject]
    if {f.kind for f in ranks} != set(kinds) or len(ranks) != len(kinds):
        return None
    total = sum(f.figure.value for f in ranks)
    return replace(fact, kind="teachers", figure=replace(fact.figure, value=total))


def _together(one: Fact, other: Fact) -> bool:
    return one.figure.locator.paragraph == other.figure.locator.paragraph


def _teachers(ledger: Ledger) -> list[Fact]:
    """Stated numbers of teachers, those of full- and part-time ones together first."""
    facts = [f for f in said(ledger, "teachers").state if f.figure.value > 0 and not _COURSE_TEAM.search(f.subject)]
    return sorted(facts, key=lambda f: (f.annex, is_part_time(f.subject), not _BOTH.search(f.subject)))


def enterprise_practice_yearly(ledger: Ledger, _rule: Rule) -> Answer:
    """Months a year that the teachers spend in companies."""
    return _practice(ledger, "enterprise_practice_yearly", "教师每年到企业或实训基地锻炼的时间")


def enterprise_practice_five_years(ledger: Ledger, _rule: Rule) -> Answer:
    """Months of company practice in five years."""
    return _practice(ledger, "enterprise_practice_five_years", "教师每 5 年累计企业实践的时间")


def _practice(ledger: Ledger, kind: FactKind, what: str) -> Answer:
    return stated_state(ledger, said(ledger, kind), f"没有写{what}；{_CHAPTER}")
