"""Rules of a local pack that are judged on single courses: courses that must be offered, hours and credits of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.model import Reading, RuleVerdict, Verdict
from alignment.programme.contradictions.names import likeness
from alignment.programme.contradictions.plan import Plan, listed, number, plain
from alignment.programme.packs.model import PackRule, RequiredCourse, RulePack
from alignment.programme.quantities import QUANTITIES
from alignment.programme.rules.outcome import compare, expected_text
from corpora.programme.model import CATEGORY_NAMES, PlanCourse, Programme

#: Likeness from which a course under another name is offered as a reading.
_LIKE = 0.6
#: What a name may end with and still be the course: 课程, the number of a part, a form of assessment.
_END = re.compile(r"(?:课程|课)$|[(（]?(?:i{1,3}|iv|v|[一二三四五六]|[1-6])[)）]?$")
_NO_SCHEDULE = "没有读到教学进程表，无法核对课程"


@dataclass(frozen=True)
class _Check:
    """One required course: the rows that bear its name, and what they lack ("" when all is well)."""

    asked: RequiredCourse
    rows: tuple[PlanCourse, ...]
    lack: str


def judge_required_courses(pack: RulePack, programme: Programme) -> tuple[RuleVerdict, ...]:
    """Verdicts on the pack's rules about single courses, in the pack's order; the rest is the rule engine's."""
    plan = Plan(programme)
    return tuple(
        _required(pack, rule, plan) if rule.courses else _by_row(pack, rule, plan)
        for rule in pack.rules
        if rule.by_course
    )


def _required(pack: RulePack, rule: PackRule, plan: Plan) -> RuleVerdict:
    if not plan.schedule.courses:
        return _verdict(pack, rule, "cannot_determine", None, "", note=_NO_SCHEDULE)
    checks = [_check(asked, rule, plan) for asked in rule.courses]
    right = [check for check in checks if not check.lack]
    lacks = [check for check in checks if check.lack]
    value = f"{len(right)}/{len(checks)}"
    found = f"要求{len(checks)}门，符合{len(right)}门"
    if right:
        found += f"：{listed([_found(check) for check in right])}"
    arithmetic = found + (f"；不符{len(lacks)}门：{listed([check.lack for check in lacks])}" if lacks else "")
    rows = [source for check in checks for row in check.rows for source in (row, row.credits)]
    return _verdict(
        pack,
        rule,
        "fail" if lacks else "pass",
        value,
        arithmetic,
        evidence=plan.quotes(*rows),
        note=_elsewhere(lacks, plan),
        readings=tuple(_readings(lacks, plan)),
    )


def _found(check: _Check) -> str:
    names = "、".join(dict.fromkeys(row.name for row in check.rows))
    return names if plain(names) == plain(check.asked.name) else f"{check.asked.name}（{names}）"


def _check(asked: RequiredCourse, rule: PackRule, plan: Plan) -> _Check:
    named = tuple(course for course in plan.schedule.courses if _named(course, asked))
    if not named:
        return _Check(asked, (), f"没有{asked.name}")
    categories = (asked.category,) if asked.category else rule.categories
    placed = tuple(c for c in named if not categories or {c.category, c.category_alt} & set(categories))
    if not placed:
        wanted = "、".join(CATEGORY_NAMES[category] for category in categories if category)
        return _Check(asked, named, f"{asked.name}列在{named[0].category_text or '别处'}，应属于{wanted}")
    fit = tuple(c for c in placed if asked.compulsory is None or c.required is asked.compulsory)
    if not fit:
        return _Check(asked, placed, f"{asked.name}应为{'必修' if asked.compulsory else '选修'}")
    return _Check(asked, fit, _too_little(asked, fit))


def _named(course: PlanCourse, asked: RequiredCourse) -> bool:
    return not course.placeholder and bool(_forms(course.name) & set().union(*map(_forms, asked.names)))


def _forms(name: str) -> set[str]:
    """A name, and what is left of it without 课程 and the number of a part."""
    text = plain(name)
    shorter = _END.sub("", text)
    return {text, shorter} if len(shorter) >= 2 else {text}


def _too_little(asked: RequiredCourse, rows: Sequence[PlanCourse]) -> str:
    """``大学语文只有1学分，应不少于2学分`` where the rows together have less than asked; "" otherwise."""
    for least, figures, unit in (
        (asked.credits, [row.credits for row in rows if row.credits], "学分"),
        (asked.hours, [row.hours for row in rows if row.hours], "学时"),
    ):
        total = sum(figure.value for figure in figures)
        if least is not None and figures and total < least:
            return f"{asked.name}只有{number(total)}{unit}，应不少于{number(least)}{unit}"
        if least is not None and not figures:
            return f"{asked.name}没有写明{unit}，应不少于{number(least)}{unit}"
    return ""


def _elsewhere(lacks: Sequence[_Check], plan: Plan) -> str:
    """Required courses that only an option list or another table names."""
    found = [
        f"{check.asked.name}只列在{plan.table_name(entry.table)}"
        for check in lacks
        if not check.rows
        for entry in plan.schedule.listed
        if _forms(entry.name) & set().union(*map(_forms, check.asked.names))
    ]
    return f"{listed(list(dict.fromkeys(found)))}，教学进程表中没有" if found else ""


def _readings(lacks: Sequence[_Check], plan: Plan) -> Iterator[Reading]:
    """The verdict when courses under like names are taken for the missing ones; only where each has one."""
    near = {check.asked.name: _nearest(check.asked, plan) for check in lacks}
    if lacks and all(near.values()) and all(not check.rows for check in lacks):
        pairs = [f"“{course.name}”视为“{name}”" for name, course in near.items() if course]
        rows = [course for course in near.values() if course]
        yield Reading(f"把{'、'.join(pairs)}", "pass", None, "名称相近的课程计入", plan.quotes(*rows))


def _nearest(asked: RequiredCourse, plan: Plan) -> PlanCourse | None:
    courses = [course for course in plan.schedule.courses if not course.placeholder]
    best = max(courses, key=lambda course: likeness(asked.name, course.name), default=None)
    return best if best and likeness(asked.name, best.name) >= _LIKE else None


def _by_row(pack: RulePack, rule: PackRule, plan: Plan) -> RuleVerdict:
    """Hours, credits or hours per credit of every course of the rule's categories."""
    rows = [course for course in plan.schedule.courses if _concerned(course, rule)]
    known = [(course, value) for course in rows if (value := _amount(course, rule)) is not None]
    if not known:
        note = _NO_SCHEDULE if not plan.schedule.courses else f"没有可核算{QUANTITIES[rule.quantity][0]}的课程"
        return _verdict(pack, rule, "cannot_determine", None, "", note=note)
    off = [(c, v) for c, v in known if compare(rule.rule.operator, rule.rule.value, v, v) != "pass"]
    unit = QUANTITIES[rule.quantity][1]
    share = f"{len(known) - len(off)}/{len(known)}"
    shown = listed([f"{course.name} {_shown(course, rule)}{number(found)}" for course, found in off])
    arithmetic = f"{len(known)}门课程中{len(off)}门不符：{shown}（{unit}）" if off else f"{len(known)}门课程都符合"
    evidence = plan.quotes(*(source for c, _ in off for source in (c.hours, c.credits, c)))
    empty = len(rows) - len(known)
    note = f"另有{empty}门课程没有写明" if empty else ""
    return _verdict(pack, rule, "fail" if off else "pass", share, arithmetic, evidence=evidence, note=note)


def _concerned(course: PlanCourse, rule: PackRule) -> bool:
    return not course.placeholder and (not rule.categories or course.category in rule.categories)


def _amount(course: PlanCourse, rule: PackRule) -> float | None:
    hours = course.hours.value if course.hours else None
    credits = course.credits.value if course.credits else None
    if rule.quantity == "hours_per_credit":
        return hours / credits if hours and credits else None
    return credits if rule.quantity == "course_credits" else hours


def _shown(course: PlanCourse, rule: PackRule) -> str:
    if rule.quantity == "hours_per_credit" and course.hours and course.credits:
        return f"{number(course.hours.value)}÷{number(course.credits.value)}="
    return ""


def _verdict(
    pack: RulePack, rule: PackRule, verdict: Verdict, value: object, arithmetic: str, **rest: object
) -> RuleVerdict:
    own = rule.rule
    return RuleVerdict(
        id=own.id,
        verdict=verdict,
        value=value,
        expected=expected_text(own),
        force=own.strength,
        arithmetic=arithmetic,
        title=QUANTITIES[rule.quantity][0],
        text=own.text,
        section=own.section,
        source=pack.name,
        **rest,  # type: ignore[arg-type]
    )
