"""From predicates and their objects to cuts: key, span, verb, level and a phrase that stands alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpora.elements.items import Item, ability_tail, opens_predicate, share_heads, split_items, tail_after_etc, trim
from corpora.elements.phrases import phrase, restore, restored_items
from corpora.elements.predicates import Predicate, predicates, serial_place
from corpora.standard import Element, Statement
from corpora.verbs import (
    ATTITUDE_LEVEL,
    ATTITUDES,
    DEFAULT_LEVEL,
    HAVING,
    HAVING_LEVEL,
    LEVELS,
    MEANS,
    same_skill,
    strip_lead,
    verb_at,
    verb_level,
    word_set,
)

#: Verbs of doing whose object alone says little (整合资源, 分解任务): the verb stays in the key.
_DROPPED = word_set(
    "运用 应用 跟进 选择 选用 选取 细化 跟踪 监控 监测 推广 达到 遵守 践行 拥护 弘扬 培育 养成 传承 坚持 "
    "尊重 提升 提高 促进 推进 进行 开展 完成 实施 实现 参与 承担 落实 组织 使用"
)
_KEPT = frozenset(verb for verb, level in LEVELS.items() if level == 4) - _DROPPED | {"热爱", "珍惜"}
_NAMES_ITS_DEED = word_set("进行 开展 完成 实施") | HAVING
_SKILL_ENDS = ("能力", "技能", "技术", "方法", "知识")


@dataclass(frozen=True, slots=True)
class Cut:
    """One element before it has an id; see ``corpora.standard.Element`` for the fields."""

    text: str
    key: str
    span: tuple[int, int]
    verb: str
    level: int
    affective: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    text: str
    kind: str
    modal: bool
    having: str = ""


def elements_of(statement: Statement, course_title: str = "") -> tuple[Element, ...]:
    """The elements of a statement, with ids ``<statement>.e1`` …."""
    cuts = decompose(statement.text, statement.kind, course_title)
    return tuple(
        Element(f"{statement.id}.e{n}", statement.id, c.text, c.key, c.span, c.verb, c.level, c.affective)
        for n, c in enumerate(cuts, 1)
    )


def decompose(statement_text: str, kind: str, course_title: str = "") -> tuple[Cut, ...]:
    """Cut a statement into its smallest teachable pieces.

    Parameters
    ----------
    statement_text : verbatim text of a competency, task or requirement.
    kind : ``competency``, ``task`` or ``requirement``; only competencies have affective elements, a task's own verb
        is the one inside its noun phrase.
    course_title : title of its core course; stands in where a task names no object (持续跟踪).

    Returns
    -------
    Cuts in order of their spans; spans never overlap.
    """
    found: list[Cut] = []
    for predicate in predicates(statement_text):
        found += _cut(predicate, _Context(statement_text, kind, predicate.modal and kind != "task"))
    if not any(cut.key.strip() for cut in found):
        found = list(_whole(_Context(statement_text, kind, False)))
    kept: list[Cut] = []
    for cut in sorted(found, key=lambda c: c.span):
        if cut.key.strip() and (not kept or cut.span[0] >= kept[-1].span[1]):
            kept.append(restore(cut, course_title, kind))
    return tuple(kept)


def _cut(predicate: Predicate, context: _Context) -> Iterator[Cut]:
    text = context.text
    if predicate.form == "whole":
        item = trim(text, predicate.start, predicate.end)
        yield _make(context, (predicate.verbs[0][0],), item, item.text)
        return
    if predicate.form == "guide":
        item = trim(text, predicate.start, predicate.end)
        yield _make(context, ("以…为指导",), item, f"以{item.text}为指导")
        return
    items = split_items(text, predicate.start, predicate.end)
    tail = tail_after_etc(text, predicate.start, predicate.end)
    governing = predicate.verbs[0][0] if predicate.verbs else ""
    if predicate.having:
        context = replace(context, having=predicate.having)
    if governing in HAVING and (ability := ability_tail(text, predicate.start, predicate.end)):
        tail, context = ability, replace(context, having=governing)
    if predicate.patient:
        yield from _patient_cuts(predicate, share_heads(items), context)
        return
    for verbs, members in _own_predicates(text, predicate.verbs, items):
        own_tail = "" if context.having and verbs and verbs[0][0] not in HAVING else tail
        yield from _governed(verbs, share_heads(members), own_tail, context)


def _whole(context: _Context) -> Iterator[Cut]:
    """The statement as one element, where no predicate could be told apart; nothing for a blank one."""
    item = trim(context.text, 0, len(context.text.rstrip("。；; ")))
    if re.search(r"\w", item.text):
        yield _make(context, item.deeds, item, item.text)


def _own_predicates(
    text: str, verbs: tuple[tuple[str, int, int], ...], items: list[Item]
) -> Iterator[tuple[tuple[tuple[str, int, int], ...], list[Item]]]:
    """Split a list whose members have verbs of their own (细化目标、构建漏斗、运用系统)."""
    current, members, seen = verbs, list[Item](), False
    for item in items:
        skip, _ = strip_lead(item.text)
        bare = Item(item.start + skip, item.end, item.text[skip:], item.lead)
        verb = opens_predicate(bare, seen) if _may_open(verbs, item, seen) else ""
        if verb:
            if members:
                yield current, members
            place = bare.start
            seen, current = True, ((verb, place, place + len(verb)),)
            serial = serial_place(text, place + len(verb), bare.end) if verb in MEANS else None
            if serial:
                yield current, [trim(text, place + len(verb), serial, bare.lead)]
                verb, place = verb_at(text, serial), serial
                current = ((verb, place, place + len(verb)),)
            members = [trim(text, place + len(verb), bare.end, bare.lead)]
        else:
            members.append(item)
    if members:
        yield current, members


def _may_open(verbs: Sequence[tuple[str, int, int]], item: Item, seen: bool) -> bool:
    if not verbs:
        return seen or bool(item.lead)
    return bool(item.lead) or verbs[-1][0] in HAVING


def _governed(
    verbs: tuple[tuple[str, int, int], ...], items: list[Item], tail: str, context: _Context
) -> Iterator[Cut]:
    """Cuts of one verb run over its items."""
    if not items:
        return
    if not verbs:
        yield from _nominal(items, context)
        return
    runs = _skills(verbs)
    if len(runs) == 1:
        yield from _one_skill(runs[0], items, tail, context)
    elif len(items) == 1:
        yield from _many_on_one(runs, items[0], context)
    else:
        yield from _spread(runs, items, tail, context)


def _skills(verbs: tuple[tuple[str, int, int], ...]) -> list[tuple[tuple[str, int, int], ...]]:
    """Verbs grouped into skills: neighbours that go together share a group."""
    runs: list[list[tuple[str, int, int]]] = []
    for verb in verbs:
        together = runs and (same_skill(runs[-1][-1][0], verb[0]) or runs[-1][-1][0] == "组织")
        if together:
            runs[-1].append(verb)
        else:
            runs.append([verb])
    return [tuple(run) for run in runs]


def _one_skill(run: tuple[tuple[str, int, int], ...], items: list[Item], tail: str, context: _Context) -> Iterator[Cut]:
    names = tuple(verb for verb, _, _ in run)
    whole = len(items) == 1 and len(run) > 1 and names[0] != "组织"
    verb, words = context.text[run[0][1] : run[-1][2]], restored_items(items)
    for n, item in enumerate(items):
        kept = whole or (names[0] in _KEPT and n == 0 and len(run) == 1)
        if kept:
            item = Item(run[0][1], item.end, context.text[run[0][1] : item.end], item.lead)
        governing = item.shared or verb
        wording = item.text if whole else phrase(governing, words[n], tail)
        yield _make(context, names, item, wording, _shared_deed(items, n))


def _many_on_one(runs: list[tuple[tuple[str, int, int], ...]], item: Item, context: _Context) -> Iterator[Cut]:
    """制定和优化方案: the first verbs alone, the last with the object."""
    for run in runs[:-1]:
        start, end = run[0][1], run[-1][2]
        alone = Item(start, end, context.text[start:end])
        yield _make(context, tuple(v for v, _, _ in run), alone, f"{alone.text}{item.text}")
    last = runs[-1]
    whole = Item(last[0][1], item.end, context.text[last[0][1] : item.end])
    yield _make(context, tuple(v for v, _, _ in last), whole, whole.text)


def _spread(
    runs: list[tuple[tuple[str, int, int], ...]], items: list[Item], tail: str, context: _Context
) -> Iterator[Cut]:
    """采集与处理…、…、…数据: the first skill over every object, each further one once over all."""
    first = context.text[runs[0][0][1] : runs[0][-1][2]]
    for item in items:
        yield _make(context, tuple(v for v, _, _ in runs[0]), item, phrase(first, item.text, tail))
    everything = context.text[items[0].start : items[-1].end] + tail
    for run in runs[1:]:
        start, end = run[0][1], run[-1][2]
        alone = Item(start, end, context.text[start:end])
        yield _make(context, tuple(v for v, _, _ in run), alone, f"{alone.text}{everything}")


def _nominal(items: list[Item], context: _Context) -> Iterator[Cut]:
    """A noun phrase without a verb of its own: the verb is the one inside it (店铺页面设计)."""
    whole = restored_items(items)
    for n, item in enumerate(items):
        deeds = item.deeds or tuple(filter(None, [_shared_deed(items, n)]))
        deed = deeds[-1] if deeds else ""
        used = deed in MEANS and item.text.endswith(deed) and len(item.text) > len(deed)
        kept = Item(item.start, item.end - len(deed), item.text[: -len(deed)], item.lead) if used else item
        words = phrase(deed, kept.text, "") if used else whole[n]
        yield _make(context, deeds, kept, words, deed)


def _patient_cuts(predicate: Predicate, items: list[Item], context: _Context) -> Iterator[Cut]:
    """对 objects 进行 deeds: the first deed over every object, each further deed once over all."""
    assert predicate.patient is not None
    objects = split_items(context.text, *predicate.patient)
    frame = tuple(verb for verb, _, _ in predicate.verbs)
    if not objects or not items:
        return
    named = f"对{context.text[objects[0].start : objects[-1].end]}"
    if len(objects) == 1:
        first = Item(objects[0].start, items[0].end, context.text[objects[0].start : items[0].end])
        yield _make(context, (*frame, *items[0].deeds), first, f"对{first.text}", items[0].deed)
    else:
        for thing in objects:
            yield _make(context, (*frame, *items[0].deeds), thing, f"对{thing.text}{_verb(frame)}{items[0].text}")
    for item, words in zip(items[1:], restored_items(items)[1:], strict=True):
        yield _make(context, (*frame, *item.deeds), item, f"{named}{_verb(frame)}{words}")


def _verb(frame: tuple[str, ...]) -> str:
    return frame[0] if frame else "进行"


def _shared_deed(items: list[Item], n: int) -> str:
    """The deed of the next member where this one has none (目标商品 | 竞品数据分析), else ""."""
    linked = n + 1 < len(items) and (items[n + 1].lead not in ("", "、") or (n == 0 and len(items) == 2))
    return items[n + 1].deed if linked and not items[n].deed else ""


def _make(context: _Context, verbs: tuple[str, ...], item: Item, words: str, deed: str = "") -> Cut:
    names = tuple(verb for verb in verbs if verb)
    governing = names[0] if names else ""
    attitude = context.kind == "competency" and not context.having and _is_attitude(governing, item)
    if attitude:
        level = HAVING_LEVEL if governing in HAVING else ATTITUDE_LEVEL
    else:
        thing = f"{item.text}{item.shared or deed}"
        level = max((verb_level(verb, thing) for verb in names), default=DEFAULT_LEVEL)
    return Cut(
        words.strip(), item.text, (item.start, item.end), _label(names, item, deed, attitude, context), level, attitude
    )


def _is_attitude(verb: str, item: Item) -> bool:
    if verb in ATTITUDES or verb == "以…为指导":
        return True
    return verb in HAVING and not item.text.endswith(_SKILL_ENDS) and not item.deed


def _label(names: tuple[str, ...], item: Item, deed: str, attitude: bool, context: _Context) -> str:
    """The verb as the standard's notation has it: 能进行/分析, 具有…能力/策划."""
    parts, inner = list(names), item.deeds or tuple(filter(None, [deed]))
    governing = parts[0] if parts else ""
    if context.having and governing not in HAVING:
        parts.insert(0, f"{context.having}…能力")
    elif governing in HAVING and context.kind == "competency" and not attitude:
        parts[0] += "…能力"
    if governing in _NAMES_ITS_DEED and not attitude:
        parts += inner
    unique = tuple(dict.fromkeys(parts))
    return ("能" if context.modal and unique else "") + "/".join(unique)
