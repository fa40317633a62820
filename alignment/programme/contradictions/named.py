"""Courses that a sentence names as electives (or as required kinds) and the schedule holds otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from alignment.programme.contradictions.names import Names, name_lists
from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number, plain
from corpora.document import Block
from corpora.programme.model import PlanCourse

_ELECTIVE = re.compile(r"选修|限选|任选|拓展")
_COMPULSORY = re.compile(r"必修")
#: ``其中美育类、传统文化类课程分别不低于2学分``: kinds of course, each with a least number of credits.
_EACH = re.compile(
    r"((?:[^、，,。；;：:]{2,10}、)+[^、，,。；;：:]{2,14}?)(?:课程|课)?分别?(?:不低于|不少于|至少(?:修满?)?|各?修满)\s*(\d+(?:\.\d+)?)\s*个?学分"
)
_AND = re.compile(r"、|和|以及|及(?!其)")
_KIND = re.compile(r"^其中|(?:类课程|课程|类|课)$")


def find(plan: Plan) -> Iterator[Finding]:
    """Electives by the text that are compulsory in the schedule, and kinds of course that the schedule lacks."""
    yield from _electives(plan)
    for block in plan.body_blocks:
        if block.kind != "table_row" and "分别" in block.text and "学分" in block.text:
            yield from _kinds(plan, block)


def _electives(plan: Plan) -> Iterator[Finding]:
    for names in name_lists(plan):
        if not names.context or not _says_elective(names.context):
            continue
        courses = [_one(plan, plain(name.text)) for name in names.names]
        compulsory = [course for course in courses if course and course.required and not _elective_block(course)]
        if len(compulsory) >= 2 and len(compulsory) > len(courses) // 2:
            yield _elective_finding(plan, names, compulsory)


def _says_elective(text: str) -> bool:
    """Whether a sentence is about electives only."""
    return bool(_ELECTIVE.search(text)) and not _COMPULSORY.search(text)


def _one(plan: Plan, name: str) -> PlanCourse | None:
    rows = plan.courses_by_name.get(name, ())
    return plan.schedule.courses[rows[0]] if len(rows) == 1 else None


def _elective_block(course: PlanCourse) -> bool:
    return bool(_ELECTIVE.search(course.category_text))


def _elective_finding(plan: Plan, names: Names, compulsory: Sequence[PlanCourse]) -> Finding:
    blocks = listed(list(dict.fromkeys(course.category_text.split("/")[-1] for course in compulsory)))
    there = [c for c in plan.schedule.courses if c.required is False and c.category != "public" and not c.placeholder]
    own = [course.name for course in there if plain(course.category_text).find("专业") >= 0] or [c.name for c in there]
    beside = f"，教学进程表所列选修课为{listed(own, 6)}" if own else ""
    shown = listed([course.name for course in compulsory])
    what = f"正文列为选修课的{shown}，在教学进程表中属于{blocks}（必修）{beside}"
    evidence = tuple(e for name in names.names for e in (name.evidence,))
    return Finding("text", what, "", (*evidence, *plan.quotes(*compulsory)), ("elective_share",))


def _kinds(plan: Plan, block: Block) -> Iterator[Finding]:
    """Kinds of course of which the text wants so many credits each, looked for among the schedule's rows."""
    for match in _EACH.finditer(block.text):
        least = float(match[2])
        kinds = [_KIND.sub("", _KIND.sub("", kind.strip())) for kind in _AND.split(match[1])]
        rows = {kind: [c for c in plan.schedule.courses if _holds(c, kind)] for kind in kinds if len(kind) >= 2}
        if not any(rows.values()):
            continue
        missing = [kind for kind, courses in rows.items() if not courses]
        shared = list(_shared(rows, least))
        if not missing and not shared:
            continue
        parts = [f"教学进程表中没有{listed(missing)}类课程"] if missing else []
        parts += [text for text, _ in shared]
        start = block.locator.start + match.start()
        what = f"正文要求{listed(kinds)}类课程分别不低于{number(least)}学分，{'；'.join(parts)}"
        courses = [course for _, course in shared] or [course for found in rows.values() for course in found[:1]]
        sources = [source for course in courses for source in (course, course.credits)]
        quote = plan.quote_span(start, start + len(match[0]))
        arithmetic = "；".join(f"{number(c.credits.value)}<{number(2 * least)}" for _, c in shared if c.credits)
        yield Finding("text", what, arithmetic, (quote, *plan.quotes(*sources)), ("elective_share",))


def _holds(course: PlanCourse, kind: str) -> bool:
    return kind in plain(course.name) or kind in plain(course.category_text)


def _shared(rows: dict[str, list[PlanCourse]], least: float) -> Iterator[tuple[str, PlanCourse]]:
    """Rows that stand for two kinds at once with the credits of one."""
    seen: dict[int, str] = {}
    for kind, courses in rows.items():
        if len(courses) != 1:
            continue
        course = courses[0]
        if id(course) in seen and course.credits and differs(course.credits.value, 2 * least):
            text = f"{seen[id(course)]}与{kind}合为一行“{course.name}”，只有{number(course.credits.value)}学分"
            yield text, course
        seen.setdefault(id(course), kind)
