"""The title page and sections 1-6: name and code, admission, duration, occupations, objective."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpora.standard import Coded, Objective, Occupations
from corpora.standard_parser.draft import Draft
from corpora.standard_parser.outline import Part, chinese_number
from corpora.standard_parser.source import Grid, Line
from corpora.standard_parser.wording import names

_TITLE = re.compile(r"(?P<type>(?:高等|中等)?职业(?:教育|学校))?(?P<level>专科|本科)?(?P<name>\S+?)专业教学标准")
_EDITION = re.compile(r"[（(](试行|\d{4}\s*年(?:版|修订)?|修订|征求意见稿)[）)]")
_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")
_CODED = re.compile(r"(?P<name>[^、，；（(]+?(?:[（(][^（）()\d]+[）)])?)\s*[（(](?P<code>[A-Z]?\d[\d\-\s]*)[）)]")
_LEVELS = {"专科": "高职专科", "本科": "高职本科"}


@dataclass
class Header:
    """Facts of the title page and sections 1-6."""

    title: str = ""
    edition: str = ""
    education_type: str = ""
    level: str = ""
    name: str = ""
    code: str = ""
    admission: str = ""
    duration_text: str = ""
    duration: float | None = None
    overview: str = ""
    occupations: Occupations = field(default_factory=Occupations)
    objective: Objective = field(default_factory=Objective)


def read_header(parts: dict[str, Part], draft: Draft) -> Header:
    """Read the title page and sections 1-6; every paragraph and cell of theirs is placed."""
    header = Header()
    _title_page(parts.get("0"), header, draft)
    header.overview = _text(parts.get("1"), draft)
    _name_and_code(_text(parts.get("2"), draft), header)
    header.admission = _text(parts.get("3"), draft)
    header.duration_text = _text(parts.get("4"), draft)
    header.duration = years(header.duration_text)
    if "5" in parts:
        header.occupations = read_occupations(parts["5"], draft)
    header.objective = read_objective(_text(parts.get("6"), draft))
    return header


def years(text: str) -> float | None:
    """三年, 3 年, 2.5年 -> number of years."""
    found = re.search(r"(\d+(?:\.\d+)?|[一二两三四五六七八])\s*年", text)
    if not found:
        return None
    value = float(found[1]) if found[1][0].isdigit() else float(chinese_number(found[1]) or 0)
    return int(value) if value == int(value) else value


def read_occupations(part: Part, draft: Draft) -> Occupations:
    """Section 5, as a table of label and value or as lines 标签：值."""
    values: dict[str, str] = {}
    for label, value in _labelled(part, draft):
        values[re.sub(r"\s+", "", label)] = value
    return Occupations(
        major_category=next(iter(coded(_pick(values, "专业大类"))), None),
        major_class=next(iter(coded(_pick(values, "专业类"))), None),
        industries=coded(_pick(values, "行业")),
        occupations=coded(_pick(values, "职业类别")),
        positions=names(_pick(values, "岗位")),
        certificates=names(_pick(values, "证书")),
    )


def coded(text: str) -> tuple[Coded, ...]:
    """Names with codes (电子商务师（4-01-02-02）、…); names without a code are kept without one."""
    found = tuple(
        Coded(m["name"].strip(), re.sub(r"\s", "", m["code"])) for m in _CODED.finditer(text.replace("\n", "、"))
    )
    return found or tuple(Coded(name) for name in names(text.replace("\n", "、")))


def read_objective(text: str) -> Objective:
    """Section 6: the positions it trains for and the fields of work."""
    positions = re.search(r"面向[^。；]*?的(?P<list>[^。；，]*?)等?(?:岗位|职业|技术领域)", text)
    areas = re.search(r"能够?从事(?P<list>[^。；]*?)(?:等(?:工作|岗位|方面)?[^。；]*|工作[^。；]*)?的(?:高|技术)", text)
    return Objective(
        text, positions=names(positions["list"]) if positions else (), work_areas=names(areas["list"]) if areas else ()
    )


def _title_page(part: Part | None, header: Header, draft: Draft) -> None:
    """The title, the edition in brackets, and leading facts; a table of contents is placed without effect."""
    for line in part.lines if part else ():
        draft.place(line)
        edition, title = _EDITION.search(line.text), _TITLE.search(line.text.replace(" ", ""))
        if edition:
            header.edition = edition[1]
        if title and not header.title:
            header.title = _EDITION.sub("", line.text).strip()
            header.level = _LEVELS.get(title["level"] or "", "中职" if (title["type"] or "").startswith("中等") else "")
            header.education_type = title["type"] or ""
            header.name = title["name"]
            _code_of(line.text, header)


def _code_of(text: str, header: Header) -> None:
    found = _CODE.search(text)
    if found:
        header.code = found[1]


def _name_and_code(text: str, header: Header) -> None:
    found = re.search(r"([^\s（(：:、]+(?:[（(][^\d（）()]+[）)])?)\s*[（(]\s*(\d{6}[A-Z]?)\s*[）)]", text)
    if found:
        header.name, header.code = found[1], found[2]
    elif text:
        _code_of(text, header)
        header.name = _CODE.sub("", text).strip("（）() ：:") or header.name


def _labelled(part: Part, draft: Draft) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for item in part.items:
        if isinstance(item, Grid):
            found += _table_values(item, draft)
        elif isinstance(item, Line):
            label, colon, value = item.text.partition("：")
            draft.place(item)
            if colon:
                found.append((label, value))
    return found


def _table_values(grid: Grid, draft: Draft) -> list[tuple[str, str]]:
    """Rows of label and value, or a header row over one row of values."""
    for row in grid.rows:
        draft.place(row.number)
    upright = [row.cells for row in grid.rows if row.filled]
    if len(upright) == 2 and len(upright[0]) > 2:
        return list(zip(upright[0], upright[1], strict=False))
    rows: list[tuple[str, str]] = []
    for cells in upright:
        filled = [cell for cell in cells if cell]
        if cells[0] or not rows:
            rows.append((filled[0], "\n".join(filled[1:])))
        else:
            rows[-1] = (rows[-1][0], rows[-1][1] + "".join(filled))
    return rows


def _pick(values: dict[str, str], word: str) -> str:
    return next((value for label, value in values.items() if word in label), "")


def _text(part: Part | None, draft: Draft) -> str:
    """All text of a part, its paragraphs and cells placed."""
    if part is None:
        return ""
    texts: list[str] = []
    for item in part.items:
        if isinstance(item, Line):
            draft.place(item)
            texts.append(item.text)
        else:
            for row in item.rows:
                draft.place(row.number)
                texts.append(" ".join(filter(None, row.cells)))
    return "\n".join(texts)
