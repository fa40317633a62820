"""Official major profiles (专业简介): abilities, course lists, practice, certificates; many majors in one file.

A profile is a lighter form of a standard: no core-course table, no conditions, no numbers but the duration. Its
abilities become competencies ``Q01`` …, its course lists ``B`` and ``C``, its practice ``P``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpora.document import Document
from corpora.elements import elements_of
from corpora.standard import Coded, Objective, Occupations, Section, SectionParagraph, Standard, Statement
from corpora.standard_parser.header import years
from corpora.standard_parser.practice import practice_names
from corpora.standard_parser.wording import names

_CODE = re.compile(r"^[#\s]*专业代码\s*[:：]?\s*(?P<code>\d{6}[A-Z]?)(?P<rest>.*)$")
_FACT = re.compile(r"^[#\s]*(?P<key>专业名称|(?:基本|专业)?修业年限)\s*[:：]?\s*(?P<value>.*)$")
_HEADINGS = (
    ("occupations", re.compile(r"职业面向")),
    ("objective", re.compile(r"培养目标(?:定位)?")),
    ("abilities", re.compile(r"(?:主要)?专业能力(?:要求)?")),
    ("courses", re.compile(r"主要专业课程(?:[与和](?:实习实训|实训实习))?|主要专业课程")),
    ("certificates", re.compile(r"职业?类?(?:资格)?证书(?:举例|列举|类型)?|职业技能等级证书举例")),
    ("further", re.compile(r"接续专业(?:举例)?|接续(?:本科|高职).*举例")),
)
_NUMBERED = re.compile(r"^\s*(?P<number>\d{1,2})\s*[.．、]\s*(?P<text>.+)$")
_COURSE_LINE = re.compile(
    r"(?P<label>专业(?:技能)?基础课程?|专业核心课程?|专业(?:拓展|方向)(?:[（(]技能[）)])?课程?|专业[（(]技能[）)]方向课程?|实习实训)\s*[:：]\s*(?P<list>.*)$"
)
_PRACTISED = re.compile(r"进行(?P<list>[^。]+?)等?(?:综合|专项|项目)?(?:实训|训练|实习)。")
_LEVELS = {"2": "高职本科", "3": "高职本科", "4": "高职专科", "5": "高职专科", "6": "中职", "7": "中职"}
_TERMINAL = ("。", "；", ";", "：", ":")


@dataclass
class _Raw:
    """Lines of one profile by heading."""

    code: str
    first: int
    facts: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    major_class: Coded | None = None
    major_category: Coded | None = None


def parse_profiles(source: Document | str) -> tuple[Standard, ...]:
    """All majors of a file of official profiles.

    Parameters
    ----------
    source : the read file, or its text with a line per paragraph (Markdown headings allowed).

    Returns
    -------
    One Standard a major, in the file's order; empty when the file holds no profile.
    """
    return tuple(_standard(raw) for raw in _profiles(source))


def _lines(source: Document | str) -> Iterator[tuple[int, str]]:
    """(number, text) of the non-blank lines."""
    if isinstance(source, str):
        yield from ((n, line.strip()) for n, line in enumerate(source.splitlines(), 1) if line.strip())
        return
    for block in source.blocks:
        for line in block.text.split("\n"):
            if line.strip():
                yield block.locator.paragraph, line.strip()


def _profiles(source: Document | str) -> Iterator[_Raw]:
    current: _Raw | None = None
    part = ""
    category: Coded | None = None
    major_class: Coded | None = None
    for number, line in _lines(source):
        bare = line.lstrip("# ").strip()
        opened = _CODE.match(line)
        if group := re.fullmatch(r"(\d{2}|\d{4})\s*(\S+类)", bare):
            coded = Coded(group[2], group[1])
            category, major_class = (coded, major_class) if len(group[1]) == 2 else (category, coded)
        elif opened:
            if current:
                yield current
            current, part = _Raw(opened["code"], number), ""
            current.major_category, current.major_class = category, major_class
        elif current:
            part = _take(current, part, number, bare)
    if current:
        yield current


def _take(raw: _Raw, part: str, number: int, line: str) -> str:
    """Put a line where it belongs; returns the part that is open now."""
    fact = _FACT.match(line)
    heading = _heading(line)
    if heading:
        raw.titles[heading] = line
        raw.parts.setdefault(heading, [])
        return heading
    if fact and not part:
        raw.facts[fact["key"]] = fact["value"].strip()
    elif part:
        _append(raw.parts[part], number, line)
    elif raw.facts and not list(raw.facts.values())[-1]:
        raw.facts[list(raw.facts)[-1]] = line
    else:
        raw.parts.setdefault("other", []).append((number, line))
    return part


def _append(lines: list[tuple[int, str]], number: int, line: str) -> None:
    """Add a line, joined to the one before when that one was broken off."""
    fresh = not lines or lines[-1][1].endswith(_TERMINAL) or _NUMBERED.match(line) or _COURSE_LINE.match(line)
    if fresh or re.match(r"\S{2,14}(?:举例|证书)\s*[:：]", line):
        lines.append((number, line))
    else:
        lines[-1] = (lines[-1][0], lines[-1][1] + line)


def _heading(line: str) -> str:
    """The heading's key when the line is one."""
    title = re.sub(r"^[一二三四五六七八九十]+、", "", line).rstrip("：: ")
    return next((key for key, pattern in _HEADINGS if pattern.fullmatch(title)), "")


def _standard(raw: _Raw) -> Standard:
    duration = next((value for key, value in raw.facts.items() if "年限" in key), "")
    objective = _text(raw, "objective")
    areas = re.search(r"能够?从事(?P<list>[^。；]*?)(?:等(?:相关)?工作|工作)的", objective)
    return Standard(
        raw.code,
        raw.facts.get("专业名称", ""),
        title=f"{raw.facts.get('专业名称', '')}专业简介",
        level=_LEVELS.get(raw.code[:1], ""),
        edition="2022",
        education_type="中等职业教育" if raw.code[0] in "67" else "高等职业教育",
        duration_years=years(duration),
        occupations=_occupations(raw),
        objective=Objective(objective, work_areas=names(areas["list"]) if areas else ()),
        statements=tuple(_statements(raw)),
        sections=tuple(_sections(raw)),
    )


def _text(raw: _Raw, part: str) -> str:
    return "".join(line for _, line in raw.parts.get(part, ()))


def _occupations(raw: _Raw) -> Occupations:
    text = _text(raw, "occupations")
    jobs = re.search(r"面向(?:[^。；]*?[，,]从事)?(?P<list>[^。；]*?)等?职业", text)
    posts = re.search(r"(?:职业[，,]?|面向)(?P<list>[^。；，]*?)等?(?:岗位|技术领域)", text)
    certificates = [
        name for _, line in raw.parts.get("certificates", ()) for name in names(line.partition("：")[2] or line)
    ]
    return Occupations(
        major_category=raw.major_category,
        major_class=raw.major_class,
        occupations=tuple(Coded(name) for name in _listed(jobs["list"])) if jobs else (),
        positions=names(posts["list"]) if posts else (),
        certificates=tuple(dict.fromkeys(certificates)),
    )


def _listed(text: str) -> tuple[str, ...]:
    """Names of a list whose last two are joined by 和."""
    return names(re.sub(r"和(?=[^、和]+$)", "、", text))


def _statements(raw: _Raw) -> Iterator[Statement]:
    for count, (number, line) in enumerate(raw.parts.get("abilities", ()), 1):
        found = _NUMBERED.match(line)
        text = (found["text"] if found else line).strip()
        value = int(found["number"]) if found else None
        statement = Statement(f"Q{count:02d}", "competency", text, section="7", number=value, lines=(number,))
        yield replace(statement, elements=elements_of(statement))
    yield from _courses(raw)


def _courses(raw: _Raw) -> Iterator[Statement]:
    counts = {"B": 0, "C": 0, "X": 0, "P": 0}
    for number, line in raw.parts.get("courses", ()):
        for prefix, kind, section, name in _course_line(line):
            counts[prefix] += 1
            yield Statement(f"{prefix}{counts[prefix]}", kind, name, section=section, title=name, lines=(number,))


def _course_line(line: str) -> Iterator[tuple[str, str, str, str]]:
    found = _COURSE_LINE.match(line)
    if not found:
        return
    label, listed = found["label"], found["list"]
    if label == "实习实训":
        found_names = practice_names(listed)
        wide = _PRACTISED.search(listed)
        if wide and not any(kind == "practice_project" for kind, _ in found_names):
            found_names.insert(
                0, ("practice_project", names(re.sub(r"(?:综合)?(?:实训|训练)?[，；]", "、", wide["list"])))
            )
        yield from (("P", kind, "8.1.3", name) for kind, listed_names in found_names for name in listed_names)
        return
    if "核心" in label:
        prefix, kind, section = "C", "core_course", "8.1.2(2)"
    elif "基础" in label:
        prefix, kind, section = "B", "foundation_course", "8.1.2(1)"
    else:
        prefix, kind, section = "X", "extension_course", "8.1.2(3)"
    yield from ((prefix, kind, section, name) for name in names(listed))


def _sections(raw: _Raw) -> Iterator[Section]:
    facts = tuple(SectionParagraph(f"{key} {value}".strip()) for key, value in raw.facts.items())
    yield Section("0", "专业", raw.first, (SectionParagraph(f"专业代码 {raw.code}", raw.first), *facts))
    for n, (part, lines) in enumerate(raw.parts.items(), 1):
        yield Section(
            str(n), raw.titles.get(part, ""), None, tuple(SectionParagraph(text, line) for line, text in lines)
        )
