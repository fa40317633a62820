"""Semesters that the running text gives a course, against its semester cells in the schedule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alignment.model import Evidence
from alignment.programme.contradictions.column_weeks import weekly_cells
from alignment.programme.contradictions.layout import value_of
from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number, plain
from corpora.document import Block
from corpora.programme.model import PlanCourse

_DIGIT = r"[1-9一二三四五六七八九十]"
#: ``安排在第1或第2学期``, ``第3-4学期开设``: one semester or several.
_WHEN = re.compile(rf"第\s*({_DIGIT}(?:\s*(?:[、,，/~～至到和或及-]|学期)+\s*第?\s*{_DIGIT})*)\s*学期")
_RANGE = re.compile(rf"({_DIGIT})\s*(?:-|~|～|至|到)\s*第?\s*({_DIGIT})")
_TITLE = re.compile(r"《([^》]{2,40})》")
#: ``信息技术。64学时 … 在第一学期开设``: the title that a paragraph begins with.
_LEAD = re.compile(r"[\W_]*(?:\d+[.、])?([^。：:，,；;\d《》]{2,24}?)[。：:]")
_SENTENCE = re.compile(r"[^。；;\n]+")
#: ``第一学期3学分``: credits of one semester.
_CREDITS = re.compile(rf"第\s*({_DIGIT})\s*学期\s*(\d+(?:\.\d+)?)\s*个?学分")
_HOURS = re.compile(r"(\d{2,3})\s*(?:个)?(?:学时|课时)")


def find(plan: Plan) -> Iterator[Finding]:
    """Courses whose semesters in text and schedule have nothing in common, or whose credits part otherwise."""
    off: list[tuple[str, Evidence, PlanCourse]] = []
    for block in plan.body_blocks:
        if block.kind != "table_row" and "学期" in block.text:
            off += _elsewhere(plan, block)
            yield from _credits(plan, block)
    if off:
        shown = [text for text, _, _ in off]
        what = f"正文所写开课学期与教学进程表不一致：{listed(shown)}"
        cells = [plan.quote(cell.locator) for _, _, course in off for cell in course.semesters]
        yield Finding("text", what, "", (*(quote for _, quote, _ in off), *cells))


def _elsewhere(plan: Plan, block: Block) -> Iterator[tuple[str, Evidence, PlanCourse]]:
    match = _LEAD.match(block.text)
    lead = {match[1]} if match else set()
    for sentence in _SENTENCE.finditer(block.text):
        titles = set(_TITLE.findall(sentence[0])) or lead
        rows = plan.courses_by_name.get(plain(next(iter(titles))), ()) if len(titles) == 1 else ()
        stated = {number for match in _WHEN.finditer(sentence[0]) for number in semesters_in(match[1])}
        if len(rows) != 1 or not stated:
            continue
        course = plan.schedule.courses[rows[0]]
        there = {int(cell.semester) for cell in course.semesters if cell.semester.isdigit()}
        if there and len(there) == len(course.semesters) and not stated & there:
            said = "、".join(map(str, sorted(stated)))
            text = f"{course.name}正文第{said}学期≠教学进程表第{'、'.join(map(str, sorted(there)))}学期"
            start = block.locator.start + sentence.start()
            yield text, plan.quote_span(start, start + len(sentence[0])), course


def semesters_in(text: str) -> set[int]:
    """Numbers of the semesters that a phrase names, ranges filled in."""
    found = {value_of(digit) for digit in re.findall(_DIGIT, text)}
    for first, last in _RANGE.findall(text):
        found.update(range(value_of(first), value_of(last) + 1))
    return found


def _credits(plan: Plan, block: Block) -> Iterator[Finding]:
    """Credits by semester in the text against the weekly hours of the one course of these hours and credits."""
    stated = {str(value_of(semester)): float(credits) for semester, credits in _CREDITS.findall(block.text)}
    hours = {float(text) for text in _HOURS.findall(block.text)}
    if len(stated) < 2:
        return
    found = [course for course in plan.schedule.courses if _matches(course, stated, hours)]
    if len(found) != 1:
        return
    course = found[0]
    weekly = {cell.semester: cell.value or 0.0 for cell in weekly_cells(course)}
    if all(not differs(weekly[semester], credits) for semester, credits in stated.items()):
        return
    text = "、".join(f"第{semester}学期{number(credits)}学分" for semester, credits in stated.items())
    cells = "、".join(f"第{semester}学期{number(value)}" for semester, value in weekly.items())
    what = f"“{course.name}”正文写{text}，教学进程表的周学时却是{cells}"
    total, whole = sum(stated.values()), sum(weekly.values())
    arithmetic = f"{'+'.join(map(number, stated.values()))}={number(total)}≠{'+'.join(map(number, weekly.values()))}"
    match = next(_CREDITS.finditer(block.text))
    last = list(_CREDITS.finditer(block.text))[-1]
    quote = plan.quote_span(block.locator.start + match.start(), block.locator.start + last.end())
    evidence = (quote, plan.quote(course), *(plan.quote(cell.locator) for cell in course.semesters))
    yield Finding("text", what, f"{arithmetic}={number(whole)}", evidence, ("hours_per_credit",))


def _matches(course: PlanCourse, stated: dict[str, float], hours: set[float]) -> bool:
    """Whether a course has the credits, the hours and the semesters that a sentence gives."""
    if not course.credits or not course.hours or course.hours.value not in hours:
        return False
    same = {cell.semester for cell in weekly_cells(course)} == set(stated)
    # 16 hours a credit and 16 weeks: weekly hours and credits of a semester are the same number.
    return same and not differs(course.credits.value, sum(stated.values())) and _sixteen(course)


def _sixteen(course: PlanCourse) -> bool:
    return bool(course.hours and course.credits and not differs(course.hours.value / course.credits.value, 16, 0.1))
