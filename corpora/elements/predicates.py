"""Predicates of a statement: which verbs govern which stretch of text; conditions (根据…) are skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpora.verbs import (
    COGNITIVE,
    FRAMES,
    HAVING,
    MEANS,
    NOMINAL,
    PREDICATES,
    final_verb,
    predicate_after,
    same_skill,
    strip_lead,
    verb_at,
)

_SENTENCE_END = re.compile(r"[；。;\n]")
_CONDITION = re.compile(r"根据|依据|按照|依照|按|结合|针对|围绕|基于|参照|遵循|在|以|为(?!主)|从|面向|与")
_THROUGH = re.compile(r"通过|利用|借助|采用|依托")
_LINK = re.compile(r"[、和与及或]|并且?")
_AND = re.compile(r"(?<![合兼])并且?(?![列发联行购])|(?<=[^，])且(?=能|会|具)")
_AS_GUIDE = re.compile(r"以(?P<what>[^，]+?)为(?:指导|引领|核心)")
_TOOL_END = re.compile(r"(?:软件|工具|平台|仪器|仪表|设备|系统|技术|方法|量具|器|仪|机)$")
_TOGETHER = re.compile(r"配合|协助|协同")
_INNER_CONDITION = re.compile(r"对|在|根据|依据|按照|结合|针对|按|通过|利用|借助|围绕|与\S+进行")
_ADDED = re.compile(r"加以\S{2}$|予以\S{2}$")


@dataclass(frozen=True, slots=True)
class Predicate:
    """Verbs over an object.

    Parameters
    ----------
    verbs : (verb, start, end) of each verb, in order; empty for a bare noun phrase.
    start, end : span of the object.
    modal : under 能/能够.
    patient : span of what stands behind 对, when the clause is 对…进行….
    having : 具有, 具备 when the predicate stands inside 具有…的能力.
    form : ``plain``, ``guide`` (以…为指导) or ``whole`` (结合…加以运用: the clause is the element).
    """

    verbs: tuple[tuple[str, int, int], ...]
    start: int
    end: int
    modal: bool
    patient: tuple[int, int] | None = None
    having: str = ""
    form: str = "plain"


def predicates(text: str) -> Iterator[Predicate]:
    """All predicates of a statement, in order."""
    begin = 0
    for stop in [*(m.start() for m in _SENTENCE_END.finditer(text)), len(text)]:
        modal = False
        for start, end in _clauses(text, begin, stop):
            modal = modal or strip_lead(text[start:end])[1]
            yield from _clause(text, start, end, modal)
        begin = stop + 1


def _clauses(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    """Spans between commas outside brackets."""
    depth, start = 0, begin
    for n in range(begin, stop):
        depth += (text[n] in "（(《“") - (text[n] in "）)》”")
        if text[n] in "，,：" and depth <= 0 and not _goes_on(text, start, n, stop):
            yield start, n
            start = n + 1
    yield start, stop


def _goes_on(text: str, start: int, comma: int, stop: int) -> bool:
    """Whether 具有…的能力，以及… goes on with its list behind the comma."""
    behind = text[comma + 1 : stop]
    having = verb_at(text[start + strip_lead(text[start:comma])[0] : comma]) in HAVING
    return behind.startswith("以及") and having and not _CONDITION.match(behind[2:]) and behind[2:3] != "对"


def _clause(text: str, start: int, end: int, modal: bool) -> Iterator[Predicate]:
    """Predicates of one clause, cut at 并 and at serial verbs."""
    for begin, finish in _at_and(text, start, end):
        while finish > begin and text[finish - 1] in " 的":
            finish -= 1
        for found in _predicate(text, begin, finish, modal):
            modal = modal or found.modal
            yield found


def _at_and(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for found in _AND.finditer(text, start + 2, end):
        lead, _ = strip_lead(text[found.end() : end])
        behind = text[found.end() + lead : end]
        bare = text[begin : found.start()]
        bare_verb = verb_at(bare[strip_lead(bare)[0] :])
        alone = bare_verb and bare[strip_lead(bare)[0] + len(bare_verb) :].strip() == ""
        if not alone and (verb_at(behind) or _CONDITION.match(behind) or _THROUGH.match(behind) or behind[:1] == "对"):
            yield begin, found.start()
            begin = found.end()
    yield begin, end


def _predicate(text: str, start: int, end: int, modal: bool) -> Iterator[Predicate]:
    lead, can = strip_lead(text[start:end])
    start, modal = start + lead, modal or can
    clause = text[start:end]
    if not clause.strip():
        return
    guide = _AS_GUIDE.match(clause)
    if guide:
        span = guide.span("what")
        yield Predicate((("以…为指导", start, start + 1),), start + span[0], start + span[1], modal, form="guide")
        return
    if _ADDED.search(clause):
        yield Predicate(((clause[-2:], end - 2, end),), start, end, modal, form="whole")
        return
    if clause[0] == "对" and (patient := _patient(text, start, end, modal)):
        yield patient
        return
    through = _THROUGH.match(clause)
    if through:
        yield from _means(text, start, start + through.end(), end, modal)
        return
    if _TOGETHER.match(clause) and (place := predicate_after(clause)) is not None:
        yield from _plain(text, start + place, end, modal)
        return
    if _CONDITION.match(clause) and not verb_at(clause):
        place = predicate_after(clause)
        if place is None:
            return
        start += place
    yield from _plain(text, start, end, modal)


def _patient(text: str, start: int, end: int, modal: bool) -> Predicate | None:
    """对…进行评估与考核, 对…评估与改进."""
    frame = re.compile(r"进行|开展|实施|做出").search(text, start + 2, end)
    if frame:
        verbs = ((frame.group(), *frame.span()),)
        return Predicate(verbs, frame.end(), end, modal, (start + 1, frame.start()))
    offset = predicate_after(text[start:end])
    if offset is None:
        return None
    return Predicate((), start + offset, end, modal, (start + 1, start + offset))


def _means(text: str, start: int, after: int, end: int, modal: bool) -> Iterator[Predicate]:
    """通过…进行…: the means, then what it is a means to."""
    offset = predicate_after(text[after:end])
    stop = after + offset if offset is not None else end
    yield Predicate(((text[start:after], start, after),), after, stop, modal)
    if offset is not None:
        yield from _plain(text, stop, end, modal)


def _plain(text: str, start: int, end: int, modal: bool) -> Iterator[Predicate]:
    verbs = _verb_run(text, start, end)
    begin = verbs[-1][2] if verbs else start
    inner = _embedded(text, begin, end) if verbs and verbs[-1][0] in HAVING else None
    if inner:
        yield from (replace(found, having=verbs[-1][0]) for found in _predicate(text, begin, inner, modal))
        return
    serial = serial_place(text, begin, end) if verbs and verbs[-1][0] in MEANS else None
    yield Predicate(verbs, begin, serial or end, modal)
    if serial:
        yield from _plain(text, serial, end, modal)


def _embedded(text: str, start: int, end: int) -> int | None:
    """Where the predicate inside 具有|对…进行…|的能力 ends; None when what stands there is a plain list."""
    clause = text[start:end].rstrip()
    tail = re.search(r"的+(?:(?:基本|初步|应用|实践|综合)?能力)$", clause)
    inner = clause[: tail.start()] if tail else clause
    lead, _ = strip_lead(inner)
    opened = inner[lead:]
    conditioned = _INNER_CONDITION.match(opened) and predicate_after(opened) is not None
    run = _verb_run(opened, 0, len(opened)) if tail else ()
    return start + len(inner) if conditioned or len(run) > 1 or (run and lead) else None


def serial_place(text: str, start: int, end: int) -> int | None:
    """Where 使用…工具|进行… goes on with a second predicate."""
    places = [n for n in range(start + 2, end - 2) if verb_at(text[:end], n)]
    frames = [n for n in places if verb_at(text[:end], n) in PREDICATES]
    behind_tools = [n for n in places if _TOOL_END.search(text[start:n]) and _leads(text, n, end)]
    return min([*frames[:1], *behind_tools[:1]], default=None)


def _leads(text: str, place: int, end: int) -> bool:
    """Whether the verb there has an object of its own and is no noun (工具|采集数据, not 工具使用)."""
    verb = verb_at(text[:end], place)
    behind = text[place + len(verb) : end]
    return verb not in NOMINAL and len(behind.strip()) >= 2 and behind[0] not in "的、等，"


def _verb_run(text: str, start: int, end: int) -> tuple[tuple[str, int, int], ...]:
    clause = text[start:end]
    first = verb_at(clause)
    if not first or len(first) >= len(clause.strip()):
        return ()
    nominal = first in NOMINAL and (final_verb(clause) or clause[len(first) : len(first) + 1] == "的")
    joined = first == "组织" and verb_at(clause, len(first))
    if nominal and not joined and not _coordinated(clause, first):
        return ()
    run = [(first, start, start + len(first))]
    while (following := _next_verb(text, run, end)) is not None:
        run.append(following)
    return tuple(run)


def _coordinated(clause: str, first: str) -> bool:
    link = _LINK.match(clause, len(first))
    second = verb_at(clause, link.end()) if link else ""
    return bool(second) and len(clause) > (link.end() if link else 0) + len(second) + 1


def _next_verb(text: str, run: list[tuple[str, int, int]], end: int) -> tuple[str, int, int] | None:
    """The verb that joins the run (制定和优化|…, 调整优化|…), None where the object begins."""
    last, _, place = run[-1]
    if last in FRAMES | HAVING | MEANS or last == "提出":
        return None
    link = _LINK.match(text, place, end)
    begin = link.end() if link else place
    verb = verb_at(text[:end], begin)
    behind = text[begin + len(verb) : end].strip()
    if not verb or not behind or behind[0] in "的等、，":
        return None
    if link:
        return None if last in COGNITIVE and verb in NOMINAL else (verb, begin, begin + len(verb))
    together = same_skill(last, verb) or last == "组织"
    return (verb, begin, begin + len(verb)) if together else None
