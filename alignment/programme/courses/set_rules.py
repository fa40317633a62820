"""Rules of a standard that name what a plan must offer: its set of courses, contents or topics, counted one by one.

The rule is counted as the standard's kinds of course ask for it: compulsory ones must be compulsory, topics may also be
a lecture or an activity that the text names, all others must be offered to at least some students. What only comes near
(a neighbouring subject, a mention in the text) is missing, and a reading counts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from alignment.model import Evidence, Reading, RuleVerdict, Verdict
from alignment.programme.courses.matches import WHOLLY, offered
from alignment.programme.model import CourseMatch
from corpora.programme.model import Programme
from corpora.standard import Rule, Standard

#: Quotes of one rule at most.
QUOTED = 40

#: Courses of a schedule from which it is taken to be whole although a part of it could not be read.
WHOLE_SCHEDULE = 25

#: What is said of a course that may stand in the part of a plan that was not read.
OPEN = "课程表不全，无法判断是否开设"

_ACTIVITIES = ("讲座", "专题", "活动", "课程")
_STATUS = {
    "partial": "仅部分内容或相近课程",
    "pool_only": "仅在选修一览表中",
    "offered_elective": "选修",
    "offered_one_direction": "仅一个方向",
}
Counts = Callable[[CourseMatch], bool]


@dataclass(frozen=True)
class _Way:
    """One way of counting: its name and what it counts."""

    label: str
    counts: Counts


def with_open(matches: Sequence[CourseMatch], programme: Programme) -> tuple[CourseMatch, ...]:
    """The matches with a note on each absent course of a plan whose schedule was not read: it may be there."""
    if not _unread(programme):
        return tuple(matches)
    return tuple(replace(m, note=OPEN) if m.status == "absent" else m for m in matches)


def judge_sets(standard: Standard, matches: Sequence[CourseMatch], programme: Programme) -> tuple[RuleVerdict, ...]:
    """Verdicts on the rules whose value is a set of statements, in the standard's order.

    Parameters
    ----------
    standard : its ``other_rules`` of the type ``set`` whose ids were matched; sets of words are other rules' business.
    matches : what ``match_courses`` found.
    programme : the plan; without a schedule no verdict is given.
    """
    by_id = {match.statement.id: match for match in matches}
    rules = (rule for rule in (*standard.other_rules, *standard.rules) if rule.type == "set" and _is_ids(rule, by_id))
    return tuple(_judge(rule, [by_id[id] for id in rule.value], programme) for rule in rules)


def _is_ids(rule: Rule, by_id: dict[str, CourseMatch]) -> bool:
    return bool(isinstance(rule.value, tuple | list) and rule.value and all(id in by_id for id in rule.value))


def _judge(rule: Rule, matches: Sequence[CourseMatch], programme: Programme) -> RuleVerdict:
    own, *others = _ways(matches)
    titles = "、".join(match.statement.label for match in matches)
    unread = _unread(programme)
    missing = [match for match in matches if not own.counts(match)]
    verdict: Verdict = "pass" if not missing else "cannot_determine" if unread else "fail"
    readings = [_reading(way, matches, unread) for way in others]
    readings = [r for r in readings if r.value != tuple(match.statement.label for match in missing)]
    if rule.strength != "must" and missing and len(missing) < len(matches):
        readings.append(_any_of(own, matches))
    return RuleVerdict(
        id=rule.id,
        verdict=verdict,
        value=tuple(match.statement.label for match in missing),
        expected=f"应包含 {len(matches)} 项：{titles}",
        force=rule.strength,
        arithmetic=_arithmetic(own, matches),
        evidence=tuple(_evidence(matches)),
        note=_note(missing, unread),
        readings=tuple(readings),
        title=f"{rule.subject}（{rule.quantity}）" if rule.quantity else rule.subject,
        text=rule.text,
        section=rule.section,
    )


def _ways(matches: Sequence[CourseMatch]) -> Iterator[_Way]:
    """The rule's own way of counting first."""
    kinds = {match.statement.kind for match in matches}
    some = any(match.status not in ("offered", "absent") for match in matches)
    if kinds == {"public_required"}:
        yield _Way("只计必修课", lambda match: match.status == "offered")
        yield _Way("选修的也计入", offered)
    elif kinds == {"cross_cutting"}:
        yield _Way("计课程和正文写明的讲座、专题、活动", lambda match: offered(match) or _as_activity(match))
        yield _Way("只计课程表中的课程", offered)
    else:
        yield _Way("必修、选修和方向课都计入", offered)
        if some:
            yield _Way("只计全体学生必修的", lambda match: match.status == "offered")
    if some:
        yield _Way("部分内容、相近课程、只在正文或一览表中的也计入", lambda match: match.status != "absent")


def _as_activity(match: CourseMatch) -> bool:
    """Whether the text names the topic as a lecture, an activity or a course."""
    mentions = [hit for hit in match.hits if hit.course is None]
    return any(word in quote.quote for hit in mentions for quote in hit.evidence for word in _ACTIVITIES)


def _reading(way: _Way, matches: Sequence[CourseMatch], unread: str) -> Reading:
    missing = tuple(match.statement.label for match in matches if not way.counts(match))
    verdict: Verdict = "pass" if not missing else "cannot_determine" if unread else "fail"
    return Reading(way.label, verdict, missing, _arithmetic(way, matches))


def _any_of(own: _Way, matches: Sequence[CourseMatch]) -> Reading:
    missing = tuple(match.statement.label for match in matches if not own.counts(match))
    found = len(matches) - len(missing)
    return Reading("所列为举例，开设其中若干项即可", "pass", missing, f"{len(matches)} 项中有 {found} 项 ≥ 1")


def _arithmetic(way: _Way, matches: Sequence[CourseMatch]) -> str:
    there = [match for match in matches if way.counts(match)]
    missing = [match for match in matches if not way.counts(match)]
    words = f"{len(matches)} 项中有 {len(there)} 项"
    if there:
        words += "：" + "；".join(f"{match.statement.label}←{_names(match)}" for match in there)
    return words + (f"；缺 {len(missing)} 项：" + "、".join(map(_missing, missing)) if missing else "")


def _names(match: CourseMatch) -> str:
    whole = [hit for hit in match.hits if hit.probability >= WHOLLY] if offered(match) else []
    names = list(dict.fromkeys(hit.name for hit in whole or match.hits))
    shown = "、".join(names[:3]) + (" 等" if len(names) > 3 else "")
    status = _STATUS.get(match.status, "")
    return f"{shown}（{status}）" if status else shown


def _missing(match: CourseMatch) -> str:
    if match.status == "absent":
        return match.statement.label
    reason = match.note or f"{_STATUS.get(match.status, '')}：{'、'.join(hit.name for hit in match.hits[:3])}"
    return f"{match.statement.label}（{reason}）"


def _evidence(matches: Sequence[CourseMatch]) -> Iterator[Evidence]:
    quotes = [hit.evidence[0] for match in matches for hit in match.hits[:3] if hit.evidence]
    distinct = {(quote.locator.start, quote.quote): quote for quote in quotes}
    yield from list(distinct.values())[:QUOTED]


def _unread(programme: Programme) -> str:
    """Why something may be offered that was not read, "" when the schedule is there."""
    schedule = programme.schedule
    problems = "；".join(problem.what for problem in schedule.problems)
    if not schedule.courses:
        return problems or "没有读到课程表"
    if len(schedule.courses) >= WHOLE_SCHEDULE:
        return ""
    if problems:
        return problems
    public = any(course.category == "public" for course in schedule.courses)
    return "" if public else f"课程表只读到 {len(schedule.courses)} 门课，没有公共基础课"


def _note(missing: Sequence[CourseMatch], unread: str) -> str:
    if missing and unread:
        return f"{OPEN}：{unread}"
    near = [match for match in missing if match.status != "absent"]
    return f"未开设但有相近内容或提及：{'、'.join(match.statement.label for match in near)}" if near else ""
