"""Sections 9-11: faculty, facilities, training rooms, internship places, materials, quality, graduation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpora.standard_parser.draft import Draft
from corpora.standard_parser.outline import Part, number_value, split_number
from corpora.standard_parser.source import Grid, Line
from corpora.standard_parser.wording import clauses, names, sentences

_ROOM = re.compile(r"\S{0,28}(?:室|中心|基地|车间|场所|工场|工厂|馆|站|房)(?:[（(][^）)]*[）)])?$")
_ROOM_LEAD = re.compile(
    r"(?P<title>[^：。；，]{2,28}(?:室|中心|基地|车间|场所|工场|工厂|馆))\s*[：:。]\s*(?P<body>\S.*)", re.S
)
_EQUIPPED = re.compile(
    r"(?:配备|配置|配有|安装)(?:了|有)?(?P<list>[^。；]+?)(?=，?\s*(?:主要|可)"
    r"?用于|[，、]\s*(?:能够?|可|支持|满足|供)|。|；|$)"
)
_AND_SUCH = re.compile(
    r"等[^、，。；等]{0,6}?(?:设备|设施|仪器|软件|工具|系统|器材|用品|用具|家具|"
    r"资源|模型)(?:[（(]设施[）)]|设施)?(?:[及和与]?相关软件)?"
)
_USED_FOR = re.compile(
    r"用于(?:支持|满足)?(?P<list>[^。；]+?)(?:等)?(?:课程)?(?:的)?(?:理实一体化|实践|实训|实验)*(?:教学|实训|实验)"
)
_ACTIVITIES = re.compile(r"开展(?P<list>[^。；]+?)等?(?:实验|实训)(?:、(?:实验|实训))?(?:活动|项目|等)")
_PLACE_POSITIONS = re.compile(r"提供(?P<list>[^。；]+?)等?(?:与专业对口的|与专业相关的)?(?:相关)?(?:实习)?岗位")
_MATERIALS = {"10.2.1": "教材", "10.2.2": "图书", "10.2.3": "数字资源"}


def read_faculty(part: Part, draft: Draft) -> None:
    """Add F: section 9's lead by sentence, 9.1-9.4 by clause."""
    cut: Callable[[str], list[str]] = sentences if part.number == "9" else clauses
    for line in part.lines:
        for text in cut(_unnumbered(line.text)):
            draft.add("F", "faculty", text, part.number, line.lines)
    _leave_tables(part, draft)


def read_facilities(part: Part, draft: Draft) -> None:
    """Add D: 10.1.1 by sentence."""
    for line in part.lines:
        for text in sentences(_unnumbered(line.text)):
            draft.add("D", "facility", text, part.number, line.lines)
    _leave_tables(part, draft)


def read_rooms(part: Part, draft: Draft) -> None:
    """Add D for what stands before the first room, then L with equipment, courses and activities."""
    parent: str | None = None
    lead, rooms = _rooms(part.lines)
    for line in lead:
        for text in sentences(line.text):
            activities = activities_of(text)
            statement = draft.add("D", "facility", text, part.number, line.lines, activities=activities)
            parent = parent or statement.id
    for room in rooms:
        equipment, courses = equipment_of(room.text), courses_of(room.text)
        draft.add(
            "L",
            "training_room",
            room.text,
            part.number,
            room.lines,
            parent=parent,
            title=room.title,
            number=room.number,
            equipment=equipment,
            courses=courses,
            activities=() if courses else activities_of(room.text),
        )
        if not equipment and "基地" not in room.title:
            draft.warnings.append(f"实训室“{room.title}”没有解析出设备")
    if not rooms:
        draft.warnings.append("没有找到实训室")
    _leave_tables(part, draft)


def read_internship_places(part: Part, draft: Draft) -> None:
    """Add N: 10.1.3 by clause."""
    for line in part.lines:
        for text in clauses(_unnumbered(line.text)):
            found = _PLACE_POSITIONS.search(text)
            positions = names(found["list"]) if found else ()
            draft.add("N", "internship_place", text, part.number, line.lines, positions=positions)
    _leave_tables(part, draft)


def read_materials(part: Part, draft: Draft) -> None:
    """Add M: 10.2.x by sentence."""
    for line in part.lines:
        for text in sentences(_unnumbered(line.text)):
            draft.add("M", "teaching_material", text, part.number, line.lines, title=_MATERIALS[part.number])
    _leave_tables(part, draft)


def read_quality(part: Part, draft: Draft) -> None:
    """Add K: 11.1 by numbered paragraph."""
    for line in part.lines:
        number, rest = split_number(line.text)
        draft.add(
            "K", "quality_assurance", rest, part.number, line.lines, number=number_value(number) if number else None
        )
    _leave_tables(part, draft)


def read_graduation(part: Part, draft: Draft) -> None:
    """Add GR: 11.2 by sentence."""
    for line in part.lines:
        for text in sentences(_unnumbered(line.text)):
            draft.add("GR", "graduation", text, part.number, line.lines)
    _leave_tables(part, draft)


def equipment_of(text: str) -> tuple[str, ...]:
    """What a room has (配备A、B等设备，C、D等软件), each once, as worded."""
    found: list[str] = []
    for match in _EQUIPPED.finditer(text):
        listed = _AND_SUCH.sub("、", match["list"]).replace("，", "、")
        for name in names(listed):
            found.append(re.sub(r"^(?:以及|和|及|与|并配[备有置]|配[备有置]|安装)", "", name).removesuffix("等"))
    return tuple(dict.fromkeys(name for name in found if name))


def courses_of(text: str) -> tuple[str, ...]:
    """Courses that a room is used for (用于A、B等课程的教学与实训)."""
    found = _USED_FOR.search(text)
    return names(found["list"]) if found and "课程" in found.group() else ()


def activities_of(text: str) -> tuple[str, ...]:
    """What is practised there (开展A、B等实训活动, 用于A、B等实训教学)."""
    found = _ACTIVITIES.search(text)
    used = None if found else _USED_FOR.search(text)
    if used and "课程" not in used.group():
        found = used
    return names(found["list"]) if found else ()


@dataclass(frozen=True, slots=True)
class _Room:
    title: str
    text: str
    number: int | None
    lines: tuple[int, ...]


def _rooms(lines: list[Line]) -> tuple[list[Line], list[_Room]]:
    """(lines before the first room, rooms)."""
    lead: list[Line] = []
    found: list[_Room] = []
    for line in lines:
        opened = _opens_room(line)
        if opened:
            found.append(opened)
        elif found:
            last = found[-1]
            text = f"{last.text}\n{line.text}" if last.text else line.text
            found[-1] = _Room(last.title, text, last.number, (*last.lines, *line.lines))
        else:
            lead.append(line)
    return lead, found


def _opens_room(line: Line) -> _Room | None:
    number, rest = split_number(line.text)
    if not number and not line.level:
        return None
    value = number_value(number) if number else None
    if len(rest) <= 30 and _ROOM.fullmatch(rest):
        return _Room(rest, "", value, line.lines)
    named = _ROOM_LEAD.fullmatch(rest)
    return _Room(named["title"], named["body"], value, line.lines) if named else None


def _unnumbered(text: str) -> str:
    return split_number(text)[1] or text


def _leave_tables(part: Part, draft: Draft) -> None:
    for number, text in _table_rows(part):
        draft.leave(part.number, number, text, "此节不应有表格")


def _table_rows(part: Part) -> Iterator[tuple[int, str]]:
    for item in part.items:
        if isinstance(item, Grid):
            for row in item.rows:
                yield row.number, "\t".join(row.cells)
