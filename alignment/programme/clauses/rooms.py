"""The practice rooms of the standard: which room of the plan each is, which of its equipment and courses it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignment.model import Evidence, Grade
from alignment.programme.clauses.equipment import named_equipment
from alignment.programme.clauses.plan_rooms import PlanRoom, plan_rooms
from alignment.programme.model import ClauseFinding
from alignment.programme.quotes import Quoter
from alignment.programme.stretches import body_stretches
from corpora.programme.model import Programme
from corpora.standard import Standard, Statement
from corpora.tokens import content_tokens
from index.protocols import Encoder

Floats = NDArray[np.float32]

#: What the name, the courses and the telling equipment of a plan's room weigh when it is compared with one of the
#: standard, and what all must reach.
NAME, COURSES, EQUIPMENT, SAME = 0.6, 0.25, 0.15, 0.42

#: A room whose name says something else is the same from this closeness of the rest on.
DESPITE_NAME = 0.5

#: Share of the equipment that a room must name to be covered. What every room has weighs less than what sets one apart:
#: each piece weighs the inverse of the number of rooms that list it.
EQUIPPED = 0.5

_KIND = re.compile(r"(?:综合|虚拟|仿真|模拟|实战)?(?:实训|实验|实践|教学)*(?:室|中心|基地|场所|机房|工作室|场)$")
_WORDS = re.compile(r"[^\W\d_]{2}")
_WORDLESS = frozenset(("实训室", "实训", "室", "实验室", "中心", "基地", "工作室"))


@dataclass(frozen=True)
class _Match:
    """A room of the plan that may be a room of the standard, with their closeness in 0..1 and the courses in common."""

    room: PlanRoom
    closeness: float
    courses: frozenset[str]


def judge_rooms(
    programme: Programme, standard: Standard, rooms: Sequence[Statement], encoder: Encoder
) -> Iterator[ClauseFinding]:
    """A finding on each room of the standard, in order.

    Covered when the plan has the room and names half of its equipment, partly when it has the room.
    """
    found = plan_rooms(programme.document, body_stretches(programme))
    names = [_core(statement.title) for statement in rooms] + [_core(room.name) for room in found]
    vectors = encoder.encode(names) if names else np.zeros((0, encoder.dimension), np.float32)
    quoter = Quoter(programme.document)
    for row, statement in enumerate(rooms):
        cosines = vectors[len(rooms) :] @ vectors[row]
        weights = _weights(rooms, statement)
        telling = [name for name, weight in weights.items() if weight == 1]
        matches = [
            _matched(standard, statement, room, float(cosine), telling, encoder)
            for room, cosine in zip(found, cosines, strict=True)
        ]
        same = [match for match in matches if match.closeness >= SAME]
        same.sort(key=lambda match: -match.closeness)
        yield _finding(statement, same, weights, quoter, encoder, bool(found))


def _core(name: str) -> str:
    return _KIND.sub("", name) or name


def _matched(
    standard: Standard, statement: Statement, room: PlanRoom, cosine: float, telling: Sequence[str], encoder: Encoder
) -> _Match:
    courses = frozenset(
        name for name, names in _course_names(standard, statement) if any(other in room.text for other in names)
    )
    core, general = _core(statement.title), set(content_tokens(standard.name)) | _WORDLESS
    wanted, named = (set(content_tokens(text)) - general for text in (core, _core(room.name)))
    shared = len(wanted & named) / len(wanted) if wanted else 0.0
    name = 1.0 if core in room.name else (shared + max(cosine, 0.0)) / 2 if shared else max(cosine, 0.0) / 2
    serves = min(1.0, len(courses) / 2)
    if name < 0.2 and not courses:
        return _Match(room, 0.0, courses)
    has = len(named_equipment(telling, room.text, encoder)) / len(telling) if telling else serves
    rest = (COURSES * serves + EQUIPMENT * has) / (COURSES + EQUIPMENT)
    closeness = NAME * name + (1 - NAME) * rest
    return _Match(room, max(closeness, SAME) if rest >= DESPITE_NAME else closeness, courses)


def _course_names(standard: Standard, statement: Statement) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(course as the room lists it, all its names) of the courses that a room serves."""
    references = dict(zip(statement.courses, statement.course_refs, strict=False))
    for course in statement.courses:
        known = standard.by_id.get(references.get(course, ""))
        yield course, tuple(dict.fromkeys((course, *(known.names if known else ()))))


def _weights(rooms: Sequence[Statement], room: Statement) -> dict[str, float]:
    """Weight of each piece of a room's equipment: the inverse of the number of rooms that list it."""
    return {name: 1 / sum(name in other.equipment for other in rooms) for name in room.equipment}


def _finding(
    statement: Statement,
    same: Sequence[_Match],
    weights: dict[str, float],
    quoter: Quoter,
    encoder: Encoder,
    any_room: bool,
) -> ClauseFinding:
    courses = [f"课程：{course}" for course in statement.courses]
    if not same:
        note = "方案中没有对应的实训室" if any_room else "方案没有写明校内实训室"
        missing = (*statement.equipment, *courses)
        return ClauseFinding(statement, statement.section, 0, 0.0, missing=missing, note=note)
    best = [match for match in same if match.closeness >= 0.9 * same[0].closeness][:3]
    text = "；".join(match.room.text for match in best)
    named = named_equipment(statement.equipment, text, encoder)
    served = frozenset().union(*(match.courses for match in best))
    share = sum(weights[name] for name in named) / sum(weights.values()) if weights else 1.0
    grade: Grade = 2 if share >= EQUIPPED else 1
    found = [name for name in statement.equipment if name in named]
    found += [f"课程：{course}" for course in statement.courses if course in served]
    missing = tuple(name for name in (*statement.equipment, *courses) if name not in found)
    return ClauseFinding(
        statement,
        statement.section,
        grade,
        min(1.0, best[0].closeness) * (0.5 + 0.5 * share),
        tuple(_evidence(quoter, best)),
        tuple(found),
        missing,
        _note(best, bool(named)),
    )


def _evidence(quoter: Quoter, matches: Sequence[_Match]) -> Iterator[Evidence]:
    for match in matches:
        for start, end in match.room.spans[:4]:
            if _WORDS.search(quoter.document.text, start, end):
                yield quoter.quote(start, end, min(1.0, match.closeness))


def _note(matches: Sequence[_Match], equipped: bool) -> str:
    names = "、".join(f"“{name}”" for name in dict.fromkeys(match.room.name for match in matches))
    return f"对应方案中的{names}" + ("" if equipped else "；方案没有列出其设备")
