"""8.1.3 and 8.1.4: practice projects, internship positions, topics to be woven into the courses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpora.standard import Statement
from corpora.standard_parser.draft import Draft
from corpora.standard_parser.outline import Part
from corpora.standard_parser.source import Grid
from corpora.standard_parser.wording import names, sentences

_DONE = re.compile(r"(?:进行|开展|完成|安排|从事)(?P<list>[^，；。]+)")
_PROJECT_TAIL = re.compile(
    r"等?(?:校内外|校内|项目|专项|单项|技能|专业|生产性)*(?:实训|实验|实习|训练)(?:项目|活动|教学)?$"
)
_POSITION_TAIL = re.compile(r"等?(?:相关|主要)?(?:岗位|职业岗位)?(?:群)?(?:的)?(?:岗位)?实习$")
_TOPICS = re.compile(
    r"(?:开设|设置)(?P<list>[^，；。]+?)等?(?:方面|内容)?的?(?=拓展课程|选修课程|专题讲座|专题教育|课程)"
)
_WOVEN = re.compile(r"将(?P<topic>[^，；。]+?)(?:等)?(?:内容|教育内容)?融入")
_ACTIVITIES = re.compile(r"组织(?:开展)?(?P<list>[^，；。]*活动)")
_OFFERED = re.compile(r"(?:自主)?开设(?P<topic>其他\S*?课程)")
_MODES = (
    ("拓展课程", "拓展课程"),
    ("专题讲座（活动）", "专题讲座（活动）"),
    ("专题讲座(活动)", "专题讲座（活动）"),
    ("专题讲座", "专题讲座"),
    ("融入专业课程教学", "融入专业课程教学"),
    ("实践性教学环节中", "融入实践性教学环节"),
)


@dataclass(frozen=True, slots=True)
class _Topic:
    text: str
    title: str
    mode: tuple[str, ...]
    parent: str | None
    lines: tuple[int, ...]


def read_practice(part: Part, draft: Draft) -> None:
    """Add A, and P for projects, comprehensive projects and internship positions."""
    for line in part.lines:
        for sentence in sentences(line.text, also_semicolon=True):
            provision = draft.add("A", "provision", sentence, part.number, line.lines)
            for kind, listed in practice_names(sentence):
                for name in listed:
                    draft.add("P", kind, name, part.number, line.lines, parent=provision.id, title=name)
    if not draft.of_kind("practice_project", "practice_comprehensive"):
        draft.warnings.append("“实践性教学环节”中没有找到实训项目")
    _leave_tables(part, draft)


def practice_names(sentence: str) -> list[tuple[str, tuple[str, ...]]]:
    """(kind, names) of what a sentence says is practised."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for match in _DONE.finditer(sentence):
        text = match["list"].strip()
        comprehensive = names(text)
        if len(comprehensive) > 1 and all(name.endswith("综合实训") for name in comprehensive):
            found.append(("practice_comprehensive", comprehensive))
        elif text.endswith("实习") and _POSITION_TAIL.search(text):
            found.append(("internship_position", names(_POSITION_TAIL.sub("", text))))
        elif _PROJECT_TAIL.search(text) and ("等" in text or "、" in text):
            found.append(("practice_project", names(_PROJECT_TAIL.sub("", text))))
    return [(kind, listed) for kind, listed in found if listed]


def read_cross_cutting(part: Part, draft: Draft) -> None:
    """Add A and S; what a school may offer besides (自主开设…) comes last."""
    topics: list[_Topic] = []
    optional: list[_Topic] = []
    for line in part.lines:
        for sentence in sentences(line.text, also_semicolon=True):
            offered = _OFFERED.search(sentence)
            if offered:
                optional.append(_Topic(sentence, offered["topic"], ("课程",), None, line.lines))
            else:
                topics += _topics(sentence, line.lines, draft)
    for topic in (*topics, *optional):
        draft.add(
            "S",
            "cross_cutting",
            topic.text,
            part.number,
            topic.lines,
            parent=topic.parent,
            title=topic.title,
            mode=topic.mode,
        )
    _leave_tables(part, draft)


def _topics(sentence: str, lines: tuple[int, ...], draft: Draft) -> list[_Topic]:
    listed, activities, woven = _TOPICS.search(sentence), _ACTIVITIES.search(sentence), _WOVEN.search(sentence)
    if listed or activities:
        parent = _provision(sentence, lines, draft).id
        mode = _mode(sentence) if listed else ("活动",)
        text = listed["list"] if listed else activities["list"].replace("和其他", "、其他") if activities else ""
        return [_Topic(name, _plain(name), mode, parent, lines) for name in names(text)]
    if woven and "课程思政" not in sentence:
        return [_Topic(sentence, _plain(woven["topic"]), _mode(sentence), None, lines)]
    if "课程思政" in sentence:
        return [_Topic(sentence, "课程思政", (), None, lines)]
    _provision(sentence, lines, draft)
    return []


def _provision(sentence: str, lines: tuple[int, ...], draft: Draft) -> Statement:
    return draft.add("A", "provision", sentence, "8.1.4", lines)


def _mode(sentence: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mode for word, mode in _MODES if word in sentence and not _longer(word, sentence)))


def _longer(word: str, sentence: str) -> bool:
    return word == "专题讲座" and ("专题讲座（活动）" in sentence or "专题讲座(活动)" in sentence)


def _plain(name: str) -> str:
    return re.sub(r"[（(][^）)]*[）)]", "", name)


def _leave_tables(part: Part, draft: Draft) -> None:
    for item in part.items:
        if isinstance(item, Grid):
            for row in item.rows:
                draft.leave(part.number, row.number, "\t".join(row.cells), "此节不应有表格")
