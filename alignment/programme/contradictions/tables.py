"""Tables that list courses (核心课程列表, 附表, a workbook beside the document) against the schedule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.programme.contradictions.plan import Finding, Plan, differs, listed, number, plain
from alignment.programme.contradictions.sums import name_of
from alignment.programme.quantities import QuantityName
from corpora.document import Locator
from corpora.programme.model import Fact, Figure, ListedCourse, PlanCourse

#: Groups of courses that every student takes.
_REQUIRED = re.compile(r"必修|基础课|核心课|方向课|限选|实习")
#: Fewest courses of a table for it to be called another plan's.
_FEWEST = 3
_NUMBER = re.compile(r"\d+")
_CREDIT_TURNS: tuple[QuantityName, ...] = ("total_hours", "hours_per_credit")


@dataclass(frozen=True)
class _Off:
    """One figure that another place gives otherwise than the schedule."""

    name: str
    shown: str
    sources: tuple[Figure | Locator | None, ...]


def find(plan: Plan) -> Iterator[Finding]:
    """Listed courses, the annex's course standards, and tables of several files against the schedule."""
    yield from _listed(plan)
    yield from _foreign(plan)
    yield from _described(plan, annex=False)
    yield from _described(plan, annex=True)
    yield from _files(plan)


def _listed(plan: Plan) -> Iterator[Finding]:
    """Courses of one list after the other: credits, hours, semesters."""
    tables: dict[int, list[_Off]] = {}
    listed_names: dict[str, list[ListedCourse]] = {}
    for entry in plan.schedule.listed:
        listed_names.setdefault(plain(entry.name), []).append(entry)
    for name, entries in listed_names.items():
        course = _only_course(plan, name)
        if course is None:
            continue
        for entry in entries:
            # An option list holds other majors' courses of the same name: one agreeing entry is enough.
            same = [other for other in entries if other.table == entry.table]
            if entry.pool and (len(same) > 1 or not _same_group(course, entry)):
                continue
            if off := _entry_off(entry, course):
                tables.setdefault(entry.table, []).append(off)
    for table, offs in tables.items():
        shown = [f"{off.name} {off.shown}" for off in offs]
        what = f"{plan.table_name(table)}与教学进程表不一致：{listed(shown)}"
        sources = [source for off in offs for source in off.sources]
        yield Finding("tables", what, "；".join(shown), plan.quotes(*sources), _CREDIT_TURNS)


def _foreign(plan: Plan) -> Iterator[Finding]:
    """A table of required courses of which the schedule has none: taken over from another plan."""
    tables: dict[int, list[ListedCourse]] = {}
    for entry in plan.schedule.listed:
        if not entry.pool and entry.credits and _REQUIRED.search(entry.group) and plan.in_body(entry.locator.start):
            tables.setdefault(entry.table, []).append(entry)
    names = tuple(plan.courses_by_name)
    for table, entries in tables.items():
        known = [e for e in entries if any(plain(e.name) in name or name in plain(e.name) for name in names)]
        if len(entries) >= _FEWEST and not known and names:
            shown = [f"{e.name} {number(e.credits.value)}学分" for e in entries if e.credits]
            what = f"{plan.table_name(table)}所列课程在教学进程表中都没有，像是取自另一方案：{listed(shown)}"
            sources = [source for e in entries for source in (e, e.credits)]
            yield Finding("tables", what, "", plan.quotes(*sources))


def _same_group(course: PlanCourse, entry: ListedCourse) -> bool:
    group = plain(entry.group)
    return bool(group) and any(
        group in plain(label) or plain(label) in group for label in course.category_text.split("/")
    )


def _only_course(plan: Plan, name: str) -> PlanCourse | None:
    """The schedule's one course of a name; None where it stands in several rows or in none."""
    found = [plan.schedule.courses[index] for index in plan.courses_by_name.get(name, ())]
    return found[0] if len(found) == 1 else None


def _entry_off(entry: ListedCourse, course: PlanCourse) -> _Off | None:
    parts: list[str] = []
    sources: list[Figure | Locator | None] = []
    pairs = ((entry.credits, course.credits, "学分"), (entry.hours, course.hours, "学时"))
    for here, there, unit in pairs:
        if here and there and differs(here.value, there.value):
            parts.append(f"{number(here.value)}{unit}≠{number(there.value)}{unit}")
            sources += [here, there]
    if not entry.pool and (text := _semesters_off(entry.semesters, course)):
        parts.append(text)
        sources += [entry.locator, *(cell.locator for cell in course.semesters)]
    return _Off(course.name, "、".join(parts), (*sources, entry.locator, course.locator)) if parts else None


def _semesters_off(stated: Sequence[str], course: PlanCourse) -> str:
    """``第4学期≠第3学期`` where a list and the schedule have no semester in common, else ""."""
    here = {number for text in stated for number in _NUMBER.findall(text)}
    there = {cell.semester for cell in course.semesters}
    if not here or not there or not all(_NUMBER.fullmatch(semester) for semester in there) or here & there:
        return ""
    return f"第{'、'.join(sorted(here))}学期≠第{'、'.join(sorted(there))}学期"


def _described(plan: Plan, annex: bool) -> Iterator[Finding]:
    """Hours and credits of single courses in the running text, or in annexed course standards."""
    offs = list(
        _facts_off(plan, [f for f in plan.programme.facts_of("course_hours", "course_credits") if f.annex == annex])
    )
    if offs:
        shown = [f"{off.name} {off.shown}" for off in offs]
        where = "附件中的课程标准" if annex else "正文"
        what = f"{where}所写学分学时与教学进程表不一致：{listed(shown)}"
        sources = [source for off in offs for source in off.sources]
        yield Finding("tables" if annex else "text", what, "；".join(shown), plan.quotes(*sources), _CREDIT_TURNS)


def _facts_off(plan: Plan, facts: Sequence[Fact]) -> Iterator[_Off]:
    by_name: dict[str, list[Fact]] = {}
    for fact in facts:
        by_name.setdefault(plain(fact.subject), []).append(fact)
    for name, own in by_name.items():
        rows = _rows_named(plan, name)
        if not rows:
            continue
        parts: list[str] = []
        sources: list[Figure | Locator | None] = []
        for kind, unit in (("course_credits", "学分"), ("course_hours", "学时")):
            figures = [fact for fact in own if fact.kind == kind and fact.operator == "="]
            amounts = [c.credits if kind == "course_credits" else c.hours for c in rows]
            known = [figure for figure in amounts if figure]
            right = {figure.value for figure in known} | {sum(figure.value for figure in known)}
            if figures and known and not any(not differs(f.figure.value, v) for f in figures for v in right):
                total = sum(figure.value for figure in known)
                parts.append(f"{number(figures[0].figure.value)}{unit}≠{number(total)}{unit}")
                sources += [figures[0].figure, *known]
        if parts:
            yield _Off(
                rows[0].name if len(rows) == 1 else own[0].subject,
                "、".join(parts),
                (*sources, *(r.locator for r in rows)),
            )


def _rows_named(plan: Plan, name: str) -> list[PlanCourse]:
    """Rows of a name, or of the parts of a course split over semesters (体育 for 体育（Ⅰ）, 体育（Ⅱ））."""
    exact = plan.courses_by_name.get(name)
    if exact:
        return [plan.schedule.courses[index] for index in exact]
    part = re.compile(rf"{re.escape(name)}[(（]?(?:[ivx]+|\d|[一二三四五六])[)）]?$")
    return [c for c in plan.schedule.courses if len(name) >= 2 and part.match(plain(c.name))]


def _files(plan: Plan) -> Iterator[Finding]:
    """The same total or share stated otherwise in another file or another table of the plan."""
    found: dict[tuple[str, str], list[Figure]] = {}
    for total in plan.schedule.totals:
        for unit in ("credits", "hours", "theory", "practice"):
            if figure := getattr(total, unit):
                found.setdefault((plain(name_of(total)), unit), []).append(figure)
    shares: dict[tuple[str, str], list[Figure]] = {}
    for share in plan.programme.shares:
        for unit in ("credits", "hours", "theory", "practice", "share"):
            if figure := getattr(share, unit):
                shares.setdefault((f"{plain(share.label)}{share.split}{share.share_of}", unit), []).append(figure)
    yield from _parted(plan, [*found.items(), *shares.items()])


_WORDS = {"credits": "学分", "hours": "学时", "theory": "理论学时", "practice": "实践学时", "share": "%"}


def _parted(plan: Plan, groups: Sequence[tuple[tuple[str, str], list[Figure]]]) -> Iterator[Finding]:
    shown: list[str] = []
    sources: list[Figure] = []
    for (name, unit), figures in groups:
        files = {plan.part_of(figure.locator) for figure in figures}
        values = {round(figure.value, 2) for figure in figures}
        if len(files) < 2 or len(values) < 2 or any(_agree(plan, figures, file) for file in files):
            continue
        label = re.sub(r"\d(?:hours|credits)?$", "", name)
        shown.append(f"{label} {'≠'.join(number(f.value) for f in figures[:2])}{_WORDS[unit]}")
        sources += figures[:2]
    if shown:
        what = f"文档与另附的教学进程表（工作簿）所写不一致：{listed(shown)}"
        yield Finding("tables", what, "；".join(shown), plan.quotes(*sources), ("total_hours", "practice_share"))


def _agree(plan: Plan, figures: Sequence[Figure], file: str) -> bool:
    """Whether some figure of this file stands in another file too."""
    own = {round(f.value, 2) for f in figures if plan.part_of(f.locator) == file}
    return any(round(f.value, 2) in own for f in figures if plan.part_of(f.locator) != file)
