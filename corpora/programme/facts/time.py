"""Years, internship, activities counted in weeks, and how many hours make a credit, in a plan's sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpora.programme.facts.patterns import Pattern, named, patterns
from corpora.programme.facts.text import NUMBER, Passage, number_of
from corpora.programme.model import Fact, Figure

_RANGE = rf"(?P<n>{NUMBER})(?:[-至到](?P<m>{NUMBER}))?"
# A number that is not the lower end of a range, nor a part of a larger one.
_SINGLE = rf"(?<![\d.\-至到])(?P<n>{NUMBER})(?![-至到\d])"

# --- years ------------------------------------------------------------------------------------------------------------
_LENGTH = r"修业(?:基本)?(?:年限|学制)|学制(?:年限|学历)?|学习年限|修学年限|(?<=基本)年限"
_YEARS_NAME = rf"(?:基本|标准|正常)?(?:{_LENGTH})(?:\((?:年限)?\))?"
_YEARS_CHAPTER = re.compile(r"修业年限|学制|学习年限|修学年限|修业$|年限")
_YEARS = (
    Pattern(
        "years",
        "years",
        # 修业年限为三年; 弹性 and 最长 name other lengths
        re.compile(rf"(?<!弹性)(?<!最长)(?<!延长){_YEARS_NAME}(?:基本|一般|均|全日制|以|为|是|:|,)*{_SINGLE}年"),
        ("修业", "学制", "学习年限", "修学年限", "基本年限"),
        high=8,
        norms=False,
        annex=False,
    ),
    Pattern(
        "years",
        "years",
        re.compile(rf"(?<![\d一二三四五六]){_SINGLE}年(?:制|学制)"),  # 三年制
        ("年制", "年学制"),
        high=8,
        norms=False,
        annex=False,
        places=("text",),
        unless=re.compile(r"学生|\d年制.*[二两三四五2-5]年制|中职|中专|中等|高中|初中|班级|五年制.*三年制"),
    ),
    Pattern(
        "years",
        "years",
        re.compile(
            rf"^(?:全日制|基本|一般为?|以|为)*{_SINGLE}年(?:为主)?(?=$|[。,;(])"
        ),  # the chapter 修业年限 holds 三年 alone
        ("年",),
        high=8,
        norms=False,
        annex=False,
        chapter=re.compile(rf"(?:{_YEARS_CHAPTER.pattern})[^/]*$"),
    ),
)

# --- internship -------------------------------------------------------------------------------------------------------
_NAMES = r"(?:顶岗实习|岗位实习|跟岗实习|毕业(?:综合)?实习|企业实习|生产实习|顶岗(?!实习))"
# Not the last of a list whose sum follows: 认知实习、综合实训、顶岗实习共35学分.
_INTERNSHIP = rf"(?:(?<![、和与及]){_NAMES}|{_NAMES}(?!等|共|合计|总计))"
# From the internship's name to its number, not past another kind of internship or course.
_OTHER = (
    r"(?!认知|认识|见习|或|毕业设计(?!\))|军训|入学教育|《|每个?学?期|每周|每学分|每\d|第\d+个|学生.{0,4}名|指导教师|"
    r"[顶跟]岗实习|岗位实习)"
)
_AFTER = rf"{_INTERNSHIP}(?:{_OTHER}[^。;]|\([^()]*\))"
_NEEDS = re.compile(r"满足.*实习|能够?接纳|可接纳|容纳")


_N = rf"(?<![\d.第月])(?P<n>{NUMBER})"
_MONTHS = (rf"{_AFTER}{{0,40}}?{_N}个月", rf"{_N}个月(?:以上|左右)?的?(?:企业)?{_INTERNSHIP}")
_HALF_YEAR = (rf"{_AFTER}{{0,20}}?(?P<n>半)年", rf"(?P<n>半)年(?:以上|左右)?的?(?:企业)?{_INTERNSHIP}")
_WEEKS = (rf"{_AFTER}{{0,40}}?{_N}个?(?:教学)?周(?!次|期|末|学时)", rf"{_N}个?周的?{_INTERNSHIP}")
_CREDITS = rf"{_AFTER}{{0,40}}?(?<![\d.])(?P<n>\d+(?:\.\d+)?)个?学分"
_INTERNSHIP_HOURS = rf"{_AFTER}{{0,40}}?(?<![\d.])(?P<n>\d+)个?[学课]时"
_INTERNSHIPS = (
    *patterns("internship_months", "months", _MONTHS, "个月", low=1, high=24, unless=_NEEDS),
    *patterns("internship_months", "months", _HALF_YEAR, "半年", high=24, scale=12, unless=_NEEDS),
    *patterns("internship_weeks", "weeks", _WEEKS, "周", low=1, high=60, unless=_NEEDS),
    *patterns("internship_credits", "credits", (_CREDITS,), "学分", low=1, high=60, unless=_NEEDS),
    *patterns("internship_hours", "hours", (_INTERNSHIP_HOURS,), "学时 课时", low=60, high=1500, unless=_NEEDS),
)
_NAME = re.compile(r"跟岗|顶岗|岗位|毕业|企业|生产")
_STATED_WEEKS = re.compile(rf"(?:合计|共计|总计|累计|共){_N.replace('?P<n>', '')}个?周")
# What a sentence says of the internship, up to something else, and the semesters in it.
_INTERNSHIP_STRETCH = re.compile(rf"{_INTERNSHIP}(?:{_OTHER}[^。;])*")
_SEMESTERS = re.compile(r"第(?:[1-8一二三四五六七八](?:学期)?(?:[、,和与及至-]|以及|到)*第?)+学期")

# --- activities -------------------------------------------------------------------------------------------------------
_ACTIVITY = (
    r"(?P<s>(?:军事技能(?:训练)?|军事训练|军训|入学(?:教育|入职教育)|毕业(?:离校)?教育|社会实践(?:活动)?|劳动(?:教育)?周|公益劳动)"
    r"(?:[与和及、]*(?:入学教育|军训|军事技能训练|军事理论|毕业教育))?)"
)


def _each_week(passage: Passage, match: re.Match[str]) -> str | None:
    """Credits of a week of activities; weeks of the internship are none."""
    return None if "实习" in passage.compact[max(0, match.start() - 24) : match.start()] else "每周"


_GAP = r"(?:第[一二三四五六\d]学期|(?![第每])[^。;\d一二三四五六七八九十]){0,12}?"
_ACTIVITIES = (
    Pattern(
        "activity_weeks",
        "weeks",
        re.compile(rf"{_ACTIVITY}{_GAP}(?<![\d.第每以按])(?P<n>{NUMBER})个?周"),
        ("军", "教育", "实践", "劳动"),
        subject=named,
        high=10,
        annex=False,
    ),
    Pattern(
        "activity_credits",
        "credits",
        re.compile(rf"{_ACTIVITY}(?:{_GAP}(?<![以按])\d个?周)?{_GAP}(?<![\d.第每])(?P<n>\d+(?:\.\d+)?)个?学分"),
        ("军", "教育", "实践", "劳动"),
        subject=named,
        high=10,
        annex=False,
    ),
    Pattern(
        "activity_credits",
        "credits",
        re.compile(r"(?<![\d.第十])(?:每|[1一]个?)周(?:折算|折合|计|为|记|算|可)*(?P<n>\d+(?:\.\d+)?|一)个?学分"),
        ("周",),
        subject=_each_week,
        high=5,
    ),
)

# --- hours that make a credit -----------------------------------------------------------------------------------------
_FOR = re.compile(
    r"理论课|理实一体|实践课|实践教学|实训|实习|体育|集中|整周|实践周|公共选修课|公选课|选修课|军训|毕业设计|网络课|慕课|第二课堂"
)
_EQUALS = r"(?:折算|折合|换算|计算|计|记|为|是|=|算|按|可|:|成)+"
_KIND = r"(?:(?:理论|实践|实训|一体化|选修|课堂教学|专业|公共)*课?(?:程)?)"
_HOURS = r"(?:个)?(?:学时|课时)"


def _converted(passage: Passage, match: re.Match[str]) -> str:
    """What a conversion is for: the kind of course named nearest before it, else what weeks tell."""
    before = passage.compact[max(0, match.start() - 30) : match.end()]
    if "周" in match[0]:
        return "实践周"
    found = _FOR.findall(re.split("[。;]", before)[-1])
    return str(found[-1]) if found else ""


_NAMED = re.compile(r"《(?![^》]*》[^。;]*每\d)")  # hours of a named course are no rule


def _conversion(regex: str) -> Pattern:
    return Pattern(
        "hours_per_credit",
        "ratio",
        re.compile(regex),
        ("学分",),
        subject=_converted,
        low=8,
        high=40,
        norms=False,
        upper=True,
        unless=_NAMED,
    )


_CONVERSIONS = (
    # 每16-18学时计1学分, 每16学时1学分
    _conversion(rf"每{_RANGE}{_HOURS},?{_EQUALS[:-1]}*(?<![\d.])[1一]个?学分"),
    # 16学时折算1学分: of one course when its name stands before
    _conversion(rf"(?:^|(?<=[,;:(、])|按|以|一般|原则上){_KIND}{_RANGE}{_HOURS}{_EQUALS}(?<![\d.])[1一]个?学分(?!的)"),
    # 1学分=16学时, 每个学分16课时
    _conversion(rf"每个?学分{_EQUALS[:-1]}*{_RANGE}{_HOURS}"),
    _conversion(rf"(?<![\d.])[1一]个?学分{_EQUALS}{_RANGE}{_HOURS}"),
    # 每周计1学分（折合20学时）
    _conversion(rf"(?:每|1|一)周{_EQUALS[:-1]}*[1一]个?学分[,、(]*{_EQUALS}(?P<n>\d+){_HOURS}"),
    # 每周计24学时、1学分; 每周按26学时计1学分
    _conversion(rf"(?:每|1|一)周{_EQUALS[:-1]}*(?P<n>\d+){_HOURS}(?:{_EQUALS}|[,、])*(?<![\d.])[1一]个?学分"),
)

PATTERNS: tuple[Pattern, ...] = (*_YEARS, *_INTERNSHIPS, *_ACTIVITIES, *_CONVERSIONS)


def internship_semesters(passage: Passage) -> Iterator[Fact]:
    """The semesters that the internship is put in (``第5学期以及第6学期``), one fact each."""
    if "学期" not in passage.compact or "实习" not in passage.compact:
        return
    stretches = (match.span() for match in _INTERNSHIP_STRETCH.finditer(passage.compact))
    for match in (match for span in stretches for match in _SEMESTERS.finditer(passage.compact, *span)):
        words = passage.words(*match.span())
        for number in re.findall(r"[1-8一二三四五六七八]", match[0]):
            figure = Figure(number_of(number) or 0.0, passage.text, passage.locator)
            yield Fact("internship_semester", figure, "count", annex=passage.annex, words=words)


def with_sums(passage: Passage, facts: Sequence[Fact]) -> Iterator[Fact]:
    """Facts of a sentence; weeks and months of two kinds of internship (跟岗 8 周、顶岗 16 周) are added to one."""
    for kind in ("internship_weeks", "internship_months"):
        parts = [fact for fact in facts if fact.kind == kind]
        names = {name[0] for fact in parts if (name := _NAME.search(fact.words))}
        terms = set(_SEMESTERS.findall(passage.compact)) if len(parts) > 1 else set()
        if len(names) > 1 or len(terms) > 1:
            facts = [fact for fact in facts if fact.kind != kind] + [_sum_of(passage, parts)]
    yield from facts


def _sum_of(passage: Passage, parts: Sequence[Fact]) -> Fact:
    stated = _STATED_WEEKS.search(passage.compact) if parts[0].unit == "weeks" else None
    value = (number_of(stated[1]) if stated else None) or sum(part.figure.value for part in parts)
    text = passage.text
    start = min(text.find(part.words) for part in parts)
    end = max(text.find(part.words) + len(part.words) for part in parts)
    return replace(parts[0], figure=replace(parts[0].figure, value=value), words=text[start:end])
