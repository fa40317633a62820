"""The majors of a plan: one, or several one after another in one file, each with its name, code and stretch of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpora.document import Block, Document
from corpora.programme.boundaries import annex_start, chapters_in, is_heading

_TITLE_MOST = 60
_COVER_CHARS = 1500
_IDENTITY_CHARS = 3000
_TABLE_ROWS = 10
#: ``X专业人才培养方案``, with what may stand around it.
_TITLE = re.compile(
    r"^(?P<number>附[件录表]?[\d一二三四五六七八九十]*[：:、.]?|(?:专业|方案|计划)[\d一二三四五六七八九十][\d\-－—.]*[：:、.]?|"
    r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.]|第[一二三四五六七八九十\d]+[部分章篇]+)?"
    r"(?P<name>.{0,40}?)(?:本科|专科|高职|中职|五年制|三年制|两年制|二年制)*"
    r"(?:人才培养(?:方案|计划)|培养(?:方案|计划)|教学计划(?:进[程度]表|安排表|总表)?|实施性教学计划|专业教学标准)"
    r"(?:[（(][^（）()]{1,20}[）)])?$"
)
_NO_TITLE = re.compile(r"^[附续]?表|审[核批定]|论证|调研|意见|说明|执行|修订|制[订定]|指导|[。，,；;]")
_FIRST_CHAPTER = re.compile(r"^[一1][、.．]专业(?:名称|基本信息|及?代码)")
_PART = re.compile(r"^第[二三四五六七八九十]+[部篇]")
_NAME_LINE = re.compile(r"专业名称(?:[及与和、]?(?:专业)?代码|[（(](?:专业)?代码[）)])?[：:\s\t]+(?P<name>\S.*)$")
_NAME_HEADING = re.compile(r"专业名称(?:[及与和、]?(?:专业)?代码|[（(](?:专业)?代码[）)])?[：:]?$")
_CODE_WORD = re.compile(r"(?:专业|国标)[^\n]{0,8}代\s*码[^\n\d]{0,12}?(\d{6}[A-Z]{0,2})(?![\dA-Z])")
_ANY_CODE = re.compile(r"(?<![\dA-Z.\-])(\d{6}[A-Z]{0,2})(?![\dA-Z])")
_BRACKETED = re.compile(r"[（(【\[][^（）()]*\d{4,}[^（）()]*[）)】\]]|[（(]?(?:专业)?代码[：:]?.*$")
_GRADE = re.compile(r"(20\d\d)\s*(?:年\s*)?(?:级|年级)|适用[^\d\n]{0,6}(20\d\d)|(20\d\d)\s*[年版](?!\s*\d{1,2}\s*月)")
_CHINESE_GRADE = re.compile(r"(二[〇○零0O][一二三四五六七八九〇○零]{2})级")
_DIGITS = {**dict.fromkeys("〇○零0O", "0"), **{c: str(i) for i, c in enumerate("一二三四五六七八九", start=1)}}
_SCHOOL = re.compile(r"^.{2,20}?(?:职业技术大学|职业大学|学院|大学|学校|中专|技校)")
_DEGREE_WORDS = r"(?:高职|中职|[高中]等职业(?:教育)?|(?:五年一贯|[二两三四五]年)制|本科|专科|普通|全日制)+"
_DEGREE = re.compile(rf"^{_DEGREE_WORDS}(?=.)|{_DEGREE_WORDS}$|^[本我]?[校院系]$|^学[院校]$")
_LABEL = re.compile(r"专业|代码|类别|学制|年限|招生|方向|层次|所属")
_GRADE_BLOCKS = 8
_ORNAMENT = "《》“”：:，,。、-—·×xX*_＿ "
_YEAR = re.compile(r"20\d\d\s*(?:年\s*)?(?:级|版|年级|年)?")


@dataclass(frozen=True, slots=True)
class Major:
    """One major of a plan.

    Parameters
    ----------
    name, code : as the plan gives them, without 专业 at the end; "" where not found. The code has six digits.
    grade : year of entry (``2022``), "" where not found.
    start, end : stretch of ``Document.text`` that is about it; the whole text for a single major.
    annex_start : where course standards, reports and review sheets begin in it; ``end`` without an annex.
    shared : stretches outside it that speak of all majors of the file (a group's frame, 实施保障).
    """

    name: str
    code: str
    grade: str
    start: int
    end: int
    annex_start: int
    shared: tuple[tuple[int, int], ...] = ()

    @property
    def label(self) -> str:
        """Name and code as a person would call it."""
        name = self.name or "（未写明专业名称）"
        return f"{name}（{self.code}）" if self.code else name


@dataclass(frozen=True, slots=True)
class _Title:
    """The line that a plan begins with: index of its block, the name in it."""

    index: int
    name: str


def split_majors(document: Document) -> tuple[Major, ...]:
    """The majors of a plan in their order; one for a plan of a single major."""
    blocks = document.blocks
    titles = _titles(blocks)
    whole = [title for title, stop in _stretches(titles, len(blocks)) if _is_whole(blocks[title.index : stop])]
    named = [title for title in whole if not title.name.endswith("专业群")]
    if len(named) < 2:
        named = _table_plans(document, titles) if not whole else []
    if len(named) < 2:
        return (_single(document, (named or whole or titles or [_Title(0, "")])[0]),)
    return _several(document, named)


def is_plan(document: Document) -> bool:
    """Whether a document is a plan itself: its aims, its courses and what else makes a plan stand in it."""
    return _is_whole(document.blocks)


def choose_major(majors: Sequence[Major], wanted: str) -> Major | None:
    """The major of this name or code; of those whose name holds the words, the only one. None where that is unclear."""
    key = _plain(wanted)
    if not key:
        return None
    for same in (
        lambda major: key in (_plain(major.name), major.code),
        lambda major: key in _plain(major.name) or (len(major.name) > 1 and _plain(major.name) in key),
    ):
        found = [major for major in majors if same(major)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _plain(text: str) -> str:
    flat = "".join(text.split()).replace("(", "（").replace(")", "）")
    return flat.removesuffix("专业").replace("专业（", "（")


def _titles(blocks: Sequence[Block]) -> list[_Title]:
    """Lines that may begin a plan: titles, and first chapters without a title near above them."""
    found: list[_Title] = []
    for index, block in enumerate(blocks):
        flat = "".join(block.text.split())
        if block.kind in ("table_row", "footnote") or len(flat) > _TITLE_MOST:
            continue
        match = None if _NO_TITLE.search(flat) else _TITLE.match(flat)
        if match is not None:
            title = _title(blocks, index, match)
            found += [title] if title else []
        elif _FIRST_CHAPTER.match(flat) and is_heading(block) and not (found and index - found[-1].index <= 12):
            found.append(_Title(index, ""))
    return found


def _title(blocks: Sequence[Block], index: int, match: re.Match[str]) -> _Title | None:
    """A matched line as a title; one without a name takes it from the line above; a chapter's heading is none."""
    if _YEAR.sub("", match["name"]):
        return _Title(index, match["name"])
    if index and _is_name_line(blocks[index - 1]):
        return _Title(index - 1, "".join(blocks[index - 1].text.split()))
    return None if match["number"] or "培养" not in blocks[index].text else _Title(index, "")


def _is_name_line(block: Block) -> bool:
    flat = "".join(block.text.split())
    return block.kind != "table_row" and len(flat) <= 30 and "专业" in flat and not _NO_TITLE.search(flat)


def _stretches(titles: Sequence[_Title], end: int) -> list[tuple[_Title, int]]:
    """Each title with the index of the next one's block."""
    stops = [*(title.index for title in titles[1:]), end]
    return list(zip(titles, stops, strict=False))


def _is_whole(blocks: Sequence[Block]) -> bool:
    """Whether blocks make a plan: aims, courses or their schedule, and a chapter of what concerns one major only."""
    kinds = chapters_in(blocks[: annex_start(blocks)])
    return (
        "aims" in kinds and bool(kinds & {"courses", "schedule"}) and bool(kinds & {"schedule", "years", "entry"})
    ) and len(kinds) >= 3


def _table_plans(document: Document, titles: Sequence[_Title]) -> list[_Title]:
    """Titles with nothing but a long table under each, of different majors."""
    blocks = document.blocks
    found: dict[str, _Title] = {}
    for title, stop in _stretches(titles, len(blocks)):
        rows = sum(block.kind == "table_row" for block in blocks[title.index : stop])
        name = _cleaned(title.name)
        if rows >= _TABLE_ROWS and name:
            found.setdefault(name, title)
    return list(found.values())


def _single(document: Document, title: _Title) -> Major:
    end = len(document.text)
    at = annex_start(document.blocks)
    named = _TITLE.match("".join(document.title.split()))
    identity = _identity(document.blocks, title.name or (named["name"] if named else ""))
    grade = identity[2] or _grade(document.title) or _grade(document.name)
    return Major(*identity[:2], grade, 0, end, end if at is None else document.blocks[at].locator.start)


def _several(document: Document, titles: Sequence[_Title]) -> tuple[Major, ...]:
    blocks = document.blocks
    tail = _common_tail(blocks, titles[-1].index)
    shared = _shared(blocks, titles[0].index, tail)
    common_grade = _grade(document.title) or _grade(document.name)
    majors: list[Major] = []
    for title, stop in _stretches(titles, tail):
        own = blocks[title.index : stop]
        name, code, grade = _identity(own, title.name)
        start = own[0].locator.start
        end = blocks[stop].locator.start if stop < len(blocks) else len(document.text)
        at = annex_start(own)
        annex = end if at is None else own[at].locator.start
        majors.append(Major(name, code, grade or common_grade, start, end, annex, shared))
    return _told_apart(majors, titles)


def _common_tail(blocks: Sequence[Block], last: int) -> int:
    """Index of the block behind the last major at which parts common to all begin; the end without one."""
    for index in range(last + 1, len(blocks)):
        block = blocks[index]
        if block.kind == "heading" and _PART.match("".join(block.text.split())) and block.level <= _level(blocks[last]):
            return index
    return len(blocks)


def _level(block: Block) -> int:
    return block.level if block.kind == "heading" else 9


def _shared(blocks: Sequence[Block], first: int, tail: int) -> tuple[tuple[int, int], ...]:
    """What stands before the first major, where it is more than a cover, and behind the last one up to an annex."""
    stretches = []
    if first and blocks[first].locator.start > _COVER_CHARS:
        stretches.append((0, blocks[first - 1].locator.end))
    if tail < len(blocks):
        at = annex_start(blocks[tail:], begun=True)
        end = len(blocks) if at is None else tail + at
        if end > tail:
            stretches.append((blocks[tail].locator.start, blocks[end - 1].locator.end))
    return tuple(stretches)


def _told_apart(majors: Sequence[Major], titles: Sequence[_Title]) -> tuple[Major, ...]:
    """Majors of one name by what their titles add to it (美术类, 普通类)."""
    names = [major.name for major in majors]
    told = []
    for major, title in zip(majors, titles, strict=True):
        longer = _cleaned(title.name)
        told.append(replace(major, name=longer) if names.count(major.name) > 1 and longer else major)
    return tuple(told)


def _identity(blocks: Sequence[Block], title: str) -> tuple[str, str, str]:
    """Name, code and grade that the beginning of a plan tells."""
    begin = blocks[0].locator.start if blocks else 0
    near = [block for block in blocks if block.locator.start - begin < _IDENTITY_CHARS]
    written = _written_name(near)
    titled = _cleaned(title)
    name = titled if titled.startswith(written) or not written else written
    head = "\n".join(block.text for block in near[:_GRADE_BLOCKS])
    return name, _code(near, name), _grade(title) or _grade(head)


def _written_name(blocks: Sequence[Block]) -> str:
    """What follows 专业名称, on its line or below it."""
    for index, block in enumerate(blocks):
        match = _NAME_LINE.search(block.text)
        if match is not None and not (block.kind == "table_row" and _LABEL.search(match["name"].split("\t")[0])):
            return _cleaned(match["name"])
        if block.kind != "table_row" and is_heading(block) and _NAME_HEADING.search("".join(block.text.split())):
            below = blocks[index + 1] if index + 1 < len(blocks) else None
            if below is not None and _is_bare_name(below):
                return _cleaned(below.text)
    return ""


def _is_bare_name(block: Block) -> bool:
    text = block.text.strip()
    return block.kind not in ("table_row", "heading") and len(text) <= 40 and not re.search(r"[：:。；]", text)


def _code(blocks: Sequence[Block], name: str) -> str:
    for block in blocks:
        match = _CODE_WORD.search(block.text.replace("\t", " "))
        if match is not None:
            return match[1]
    for index, block in enumerate(blocks):
        flat = "".join(block.text.split())
        after_heading = index and _NAME_HEADING.search("".join(blocks[index - 1].text.split()))
        if (
            after_heading
            or "专业名称" in flat
            or "专业代码" in flat
            or (name and f"{name}（" in flat.replace("(", "（"))
        ):
            match = _ANY_CODE.search(block.text)
            if match is not None:
                return match[1]
    return ""


def _cleaned(text: str) -> str:
    """A major's name out of a title or a line: without school, year, code and 专业."""
    name = "".join(text.split("\t")[0].split()).replace("(", "（").replace(")", "）")
    name = _SCHOOL.sub("", _YEAR.sub("", _BRACKETED.sub("", name)))
    name = re.sub(r"专业(?=$|（)", "", name.strip(_ORNAMENT))
    return _DEGREE.sub("", name).strip(_ORNAMENT)


def _grade(text: str) -> str:
    match = _GRADE.search(text)
    if match is not None:
        return next(group for group in match.groups() if group)
    chinese = _CHINESE_GRADE.search(text)
    return "".join(_DIGITS[c] for c in chinese[1]) if chinese else ""
