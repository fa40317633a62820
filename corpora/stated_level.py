"""The level that one clause of a document states: that of the verb which governs it, not of every verb in its line.

Nouns that are verbs elsewhere (营销活动, 数据分析) do not count; what a document trains (培养…能力, 具备…能力) counts
at the level of the ability; the verb of a clause governs the clauses after it that have none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.verbs import (
    COGNITIVE,
    CONDITION,
    LEVELS,
    NOMINAL,
    PREDICATES,
    clause_level,
    final_verb,
    predicate_after,
    strip_lead,
    verb_at,
    verb_level,
    without_head,
    word_set,
)

#: Verbs of training and of having an ability; the ability says the level.
ABILITY_VERBS = word_set("培养 锻炼 提升 提高 增强 具有 具备 拥有 形成 养成 发展")

#: Level of an ability, and of a predicate whose verb is not known.
APPLIED = 4

#: Verbs that teaching documents use at another level than the standards do: to use a tool is to apply it.
IN_DOCUMENTS = {"使用": APPLIED}

_CLAUSE = re.compile(r"[，,；;。！？!?：:\n]+")
_ITEM = re.compile(r"[、和与及]")
_ABILITY = re.compile(r"的?(?:基本|初步|综合|一定|专业|职业)?的?(?:能力|技能|素养|素质|意识|本领|水平|思维)等?$")
_LEAD_IN = 8

#: What follows a verb right away in the name of a thing (设计思维, 分析方法, 制作流程).
_NAMING = re.compile(
    r"(?:思维|理念|思路|方法|原则|原理|流程|步骤|要素|要点|要领|工具|软件|平台|系统|模型|概述|基础|技巧|技术|理论|类型|规范|师|员)+$"
)


def clauses_of(text: str) -> tuple[str, ...]:
    """The clauses of a passage, in order, without the marks between them."""
    return tuple(clause for part in _CLAUSE.split(text) if (clause := part.strip()))


def governing_level(clauses: Sequence[str], place: int, *, subjects: bool = True) -> int | None:
    """The level of the verb that governs a clause: its own, else that of the nearest clause before it that has one.

    Parameters
    ----------
    clauses : of one passage, in order.
    place : of the clause that is asked about.
    subjects : whether a predicate may stand behind a subject, see `level_stated`.

    Returns
    -------
    1..6, None when neither the clause nor one before it has a leading verb.
    """
    levels = (level_stated(clauses[i], subjects=subjects) for i in range(place, -1, -1))
    return next((level for level in levels if level is not None), None)


def lead_in_level(heading: str) -> int | None:
    """The level of a heading that only tells how well the list under it is to be known (了解：, 掌握以下内容)."""
    start, _ = strip_lead(heading)
    verb = verb_at(heading, start)
    return LEVELS[verb] if verb in COGNITIVE and len(heading) <= _LEAD_IN else None


def level_stated(clause: str, *, subjects: bool = True) -> int | None:
    """The level of a clause's leading verb, or of the first plain predicate behind a subject (各组制定计划).

    Parameters
    ----------
    clause : a clause.
    subjects : whether a predicate may stand behind a subject; in prose that is somebody's doing, not the learner's.

    Returns
    -------
    1..6, that of applying for what one 能够 do by a verb that the table lacks; None for a clause that only names things
    (用户画像分析).
    """
    verb, thing = _predicate(clause, subjects)
    if not verb:
        return APPLIED if strip_lead(clause)[1] else None
    ability = _ABILITY.sub("", thing)
    if verb in ABILITY_VERBS and (ability != thing or verb in ("具有", "具备")):
        return _ability_level(ability)
    return IN_DOCUMENTS.get(verb) or clause_level(verb + thing) or APPLIED


def _predicate(clause: str, subjects: bool) -> tuple[str, str]:
    """The governing verb of a clause and what follows it; ("", "") when it has none."""
    start, modal = strip_lead(clause)
    rest = clause[start:].strip()
    if CONDITION.match(rest):
        rest = rest[predicate_after(rest) or 0 :]
    verb = _training_verb(rest) or verb_at(rest)
    thing = rest[len(verb) :]
    if verb and (modal or not (verb in NOMINAL or (verb not in COGNITIVE and _NAMING.match(thing)))):
        return verb, thing
    for i in range(1, len(rest) - 1) if subjects else ():
        verb = _training_verb(rest[i : i + 2]) or verb_at(rest, i)
        if verb in PREDICATES | {"培养"}:
            return verb, rest[i + len(verb) :]
    return "", ""


def _training_verb(text: str) -> str:
    return "培养" if text.startswith("培养") else ""


def _ability_level(ability: str) -> int:
    """The highest level among the things that an ability is of, at least that of applying."""
    levels = [APPLIED]
    for item in _ITEM.split(ability.removeprefix("学生").removeprefix("的")):
        verb, last = verb_at(item), final_verb(without_head(item))
        if verb and verb not in NOMINAL:
            levels.append(verb_level(verb, item[len(verb) :]))
        elif last:
            levels.append(LEVELS[last])
    return max(levels)
