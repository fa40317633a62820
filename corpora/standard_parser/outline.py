"""The official template's sections, and which part of a document belongs to which of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from corpora.standard_parser.source import Grid, Line, SourceItem, is_contents_line, join_broken

NUMBER = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}(?:[、.．]|部分|章)|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|"
    r"\d{1,2}(?:[.．]\d{1,2}){0,3}[.．、)）]?(?!\d)|[①-⑳])\s*"
)
_CONTINUED = re.compile(r"^[（(]?(?:续上?表|接上表)\s*\d*[）)]?$")


@dataclass(frozen=True, slots=True)
class _Template:
    number: str
    title: str
    pattern: str


_TEMPLATE: tuple[_Template, ...] = tuple(
    _Template(*row)
    for row in (
        ("1", "概述", r"概述|前言"),
        ("2", "专业名称（专业代码）", r"专业名称.{0,8}|专业代码"),
        ("3", "入学基本要求", r"入学(?:基本)?要求|招生对象"),
        ("4", "基本修业年限", r"(?:基本)?(?:修业|学习)年限|学制"),
        ("5", "职业面向", r"职业面向"),
        ("6", "培养目标", r"培养目标"),
        ("7", "培养规格", r"(?:人才)?培养规格|人才规格"),
        ("8", "课程设置及学时安排", r"课程设置[及与和]学时安排"),
        ("8.1", "课程设置", r"课程(?:设置|结构|体系)"),
        ("8.1.1", "公共基础课程", r"公共基础课程?"),
        ("8.1.2", "专业课程", r"专业(?:[（(]技能[）)])?课程?"),
        ("8.1.2(1)", "专业基础课程", r"专业基础课程?"),
        ("8.1.2(2)", "专业核心课程", r"专业核心课程?"),
        ("8.1.2(3)", "专业拓展课程", r"专业[拓扩]展课程?"),
        ("8.1.3", "实践性教学环节", r"(?:主要)?实践性?教学环节"),
        ("8.1.4", "相关要求", r"[相有]关要求"),
        ("8.2", "学时安排", r"学时(?:安排|要求|分配)"),
        ("9", "师资队伍", r"师资队伍|教师队伍"),
        ("9.1", "队伍结构", r"(?:师资)?队伍结构"),
        ("9.2", "专业带头人", r"专业带头人"),
        ("9.3", "专任教师", r"专任教师"),
        ("9.4", "兼职教师", r"兼职教师"),
        ("10", "教学条件", r"教学(?:基本)?条件"),
        ("10.1", "教学设施", r"教学设施"),
        ("10.1.1", "专业教室基本要求", r"专业教室(?:基本)?(?:要求|条件)?"),
        (
            "10.1.2",
            "校内外实验、实训场所基本要求",
            r"(?:校内外?)?(?:实验、?)?实训(?:场所|室|基地)(?:基本)?要求|校内实训室(?:基本要求)?",
        ),
        ("10.1.3", "实习场所基本要求", r"(?:学生|校外)?实习(?:场所|基地|场地)(?:基本)?要求"),
        ("10.2", "教学资源", r"教学资源"),
        ("10.2.1", "教材选用基本要求", r"教材(?:选用)?(?:基本)?(?:要求)?"),
        ("10.2.2", "图书文献配备基本要求", r"图书文献(?:配备)?(?:基本)?(?:要求)?"),
        ("10.2.3", "数字教学资源配备基本要求", r"数字化?(?:教学)?资源(?:配[备置])?(?:基本)?(?:要求)?"),
        ("11", "质量保障和毕业要求", r"质量[保管][障理][和与及]毕业要求"),
        ("11.1", "质量保障", r"质量[保管][障理]"),
        ("11.2", "毕业要求", r"毕业要求"),
    )
)
_ORDER = {row.number: n for n, row in enumerate(_TEMPLATE)}


@dataclass
class Part:
    """One canonical section with its source items; ``heading`` is None for what stands before the first heading."""

    number: str
    title: str
    heading: Line | None = None
    items: list[SourceItem] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """Its paragraphs."""
        return [item for item in self.items if isinstance(item, Line)]

    @property
    def grids(self) -> list[Grid]:
        """Its tables."""
        return [item for item in self.items if isinstance(item, Grid)]


def outline(items: list[SourceItem]) -> list[Part]:
    """The document's parts in order, sentences that a page break cut joined."""
    parts, seen = [Part("0", "（题名）")], set[str]()
    for item in items:
        found = _section(item, parts[-1].number, seen) if isinstance(item, Line) else None
        if found is None or not isinstance(item, Line):
            parts[-1].items.append(item)
            continue
        row, rest = found
        seen.add(row.number)
        parts.append(Part(row.number, row.title, item))
        if rest:
            parts[-1].items.append(replace(item, text=rest, level=0))
    for part in parts:
        part.items = _joined(part)
    return parts


def split_number(text: str) -> tuple[str, str]:
    """(leading number, rest) of a line; the number is "" when it has none."""
    found = NUMBER.match(text)
    return (found.group().strip(), text[found.end() :].strip()) if found else ("", text)


def number_value(number: str) -> int | None:
    """The value of an enumerator (（3）, ③, 三、, 3.), None for a dotted number."""
    bare = number.strip(" （()）、.．第章部分")
    if len(bare) == 1 and "①" <= bare <= "⑳":
        return ord(bare) - ord("①") + 1
    if bare.isdigit():
        return int(bare)
    return chinese_number(bare)


def chinese_number(text: str) -> int | None:
    """一…九十九 as a number, None for anything else."""
    digits = "零一二三四五六七八九"
    text = text.replace("两", "二")
    if not text or any(c not in digits + "十" for c in text):
        return None
    if "十" not in text:
        return digits.index(text) if len(text) == 1 else None
    tens, _, ones = text.partition("十")
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)


def is_continued(text: str) -> bool:
    """Whether a line only says that a table goes on (续表)."""
    return bool(_CONTINUED.match(text.strip()))


def _section(line: Line, current: str, seen: set[str]) -> tuple[_Template, str] | None:
    """The template's section that a line opens, with the text behind a colon (修业年限：三年)."""
    text = re.sub(r"^#+\s*", "", line.text).strip().strip("*")
    if len(text) > 60 or is_contents_line(line.text):
        return None
    number, title = split_number(text)
    name, _, rest = re.sub(r"\s+", "", title).removesuffix("。").partition("：")
    for row in _TEMPLATE:
        if row.number in seen or not re.fullmatch(row.pattern, name):
            continue
        forward = _ORDER[row.number] > _ORDER.get(current, -1)
        if (forward or ((number or line.level) and not _PARENTHESISED.match(number))) and _fits(row.number, current):
            if not rest:
                return row, ""
            return (row, rest) if row.number in ("2", "3", "4") else None
    return None


_PARENTHESISED = re.compile(r"[（(]\d")


def _fits(number: str, current: str) -> bool:
    """专业基础课程 and its like only inside section 8; nothing before section 1 but a top section."""
    return not number.startswith("8.1.2(") or current.startswith("8")


def _joined(part: Part) -> list[SourceItem]:
    """Items with broken sentences joined; the title page and the short sections stay as they are."""
    if part.number in ("0", "2", "3", "4"):
        return part.items
    out: list[SourceItem] = []
    for item in part.items:
        previous = out[-1] if out else None
        if isinstance(item, Line) and isinstance(previous, Line) and _broken(previous, item):
            text = join_broken(previous.text, item.text)
            out[-1] = replace(previous, text=text, joined=(*previous.joined, item.number))
        else:
            out.append(item)
    return out


def _broken(previous: Line, line: Line) -> bool:
    ends = previous.text.endswith(("。", "；", ";", "：", ":", "！", "？", "”", "）"))
    return (
        not ends
        and not previous.level
        and not line.level
        and len(previous.text) >= 30
        and not split_number(line.text)[0]
    )
