"""Teachers in a plan's sentences: how many, 双师型, the leader, practice in enterprises, qualifications, agreements."""

from __future__ import annotations

import re

from corpora.programme.facts_patterns import PERCENT, Pattern
from corpora.programme.facts_text import LINK, NUMBER, Passage
from corpora.programme.facts_titles import TITLE, TITLE_SUFFIX, staff_before

_PEOPLE = r"余?多?(?:名|人|位)"
_COUNT = rf"(?<![\d.\-至到第])(?P<n>{NUMBER})(?![\-至到\d])"
_ROLE = r"(?:专兼结合|专兼职|专兼任|专任|专职|兼任|兼职|外聘|骨干|专业课?|任课|校内外?|校外|企业|行业|行企|本专业|现有|聘请)"
_STAFF = rf"(?P<s>{_ROLE}+的?(?:教学)?(?:教师|师资|导师)(?:团队|队伍)?)"
_TEAM = r"(?P<s>(?:核心|专业|课程|教学|师资|教师|体育)+(?:团队|队伍)(?:成员|教师)?)"
# Plans for later, classes and prizes are no teachers that are there.
_NOT_STAFF = re.compile(
    r"(?:引进|培养|培育|选派|送培|新增|派出)[^。;,]{0,10}\d|每个?班|每\d+名?学生|由\d+[至到-]\d+名|人次"
)
_DOUBLE = r"双师(?:型|素质|双能)?(?:素质)?"
_TEACHERS = r"(?:专业课?)?(?:专任)?(?:教师|师资)?(?:队伍)?"


def _staff(passage: Passage, match: re.Match[str]) -> str | None:
    """The group of people, with the course whose team it is."""
    return passage_owner(passage) + re.sub("^(?:现有|聘请)+", "", match["s"])


def _base(passage: Passage, match: re.Match[str]) -> str:
    """Of whom a share or count is: another staff than the major's full-time teachers, or the group of majors."""
    before = passage.compact[: match.start()]
    clause = re.split("[。;,]", before)[-1] + match[0]
    if "专业群" in clause:
        return passage_owner(passage) + "专业群"
    return passage_owner(passage) + staff_before(passage.compact, match.start() + 1)


def passage_owner(passage: Passage) -> str:
    """``《课程》`` for a sentence in the standard of one course, else ""."""
    return f"《{passage.course}》" if passage.course else ""


_NUMBERS = (
    Pattern(
        "teachers", "count", re.compile(rf"{_STAFF}(?:总数|人数)?{LINK}{_COUNT}{_PEOPLE}"), ("教师", "师资", "导师"), _staff,
        high=2000, unless=_NOT_STAFF,
    ),
    Pattern(
        "teachers", "count", re.compile(rf"{_COUNT}{_PEOPLE}(?:为|是)?{_STAFF}"), ("教师", "师资", "导师"), _staff,
        high=2000, unless=_NOT_STAFF,
    ),
    Pattern(
        "teachers", "count", re.compile(rf"{_TEAM}(?:由|共|现有|共有|有)*{LINK}{_COUNT}{_PEOPLE}(?!才)"), ("团队", "队伍"), _staff,
        low=2, high=2000, unless=_NOT_STAFF,
    ),
    Pattern(
        "double_qualified_count", "count",
        re.compile(rf"{_COUNT}{_PEOPLE}(?:专业)?(?:专任)?(?:教师)?(?:属于|为|是|具备|具有|被认定为|获得?|达到)*{_DOUBLE}"), ("双师",), _base,
        high=2000, unless=_NOT_STAFF,
    ),
    Pattern(
        "double_qualified_count", "count", re.compile(rf"{_DOUBLE}{_TEACHERS}(?:资格)?(?:的)?{LINK}{_COUNT}{_PEOPLE}"), ("双师",), _base,
        high=2000, unless=_NOT_STAFF,
    ),
)  # fmt: skip

_SHARES = (
    Pattern(
        "double_qualified_share", "percent",
        re.compile(rf"{_DOUBLE}{_TEACHERS}(?:(?!高级|副高|职称)[^。;%]){{0,30}}?(?<!分)(?:占|比|达|为|是)(?:(?!高级|副高|职称)[^。;%]){{0,24}}?{PERCENT}"),
        ("双师",), _base, low=1, high=100,
    ),
    Pattern(
        "double_qualified_share", "percent", re.compile(rf"{PERCENT}(?:以上|左右)?的?(?:专业)?(?:专任)?(?:教师)?(?:均?为|是|具备|具有|达到)*{_DOUBLE}"),
        ("双师",), _base, low=1, high=100,
    ),
    Pattern(
        "senior_share", "percent",
        re.compile(
            rf"(?:高级|副高级?|副教授|正高级?)(?:及以上|以上)?(?:专业)?(?:技术)?(?:职称|职务)?(?:(?!双师|硕士|博士|学历|学位|中级|初级)[^。;%]){{0,20}}?"
            rf"(?<!分)(?:占|比|达|为|是)(?:(?!双师|硕士|博士|中级|初级)[^。;%]){{0,20}}?{PERCENT}"
        ),
        ("高级", "副高", "教授", "正高"), _base, low=1, high=100, unless=re.compile("证书.*通过率"),
    ),
    Pattern(
        "student_teacher_ratio", "ratio",
        # 生师比18:1; 学生数与本专业专任教师数之比为22:1
        re.compile(r"(?:生师比|学生(?:人)?数?(?:与|和|:)(?:本专业)?(?:专任)?教师(?:人)?数?(?:之)?(?:比例?|比))[^。;\d]{0,14}?(?P<w>(?P<n>\d+(?:\.\d+)?)[:比]1)(?!\d)"),
        ("生师比", "学生"), low=2, high=100,
    ),
    Pattern(
        "student_teacher_ratio", "ratio",
        re.compile(r"(?:师生比|(?:专任)?教师(?:人)?数?(?:与|和)学生(?:人)?数?(?:之)?比例?)[^。;\d]{0,14}?(?P<w>1[:比](?P<n>\d+(?:\.\d+)?))"),
        ("师生比", "教师"), low=2, high=100,
    ),
    Pattern(
        "student_teacher_ratio", "ratio",  # 师生比 18:1, the words the wrong way round
        re.compile(r"师生比[^。;\d]{0,14}?(?P<w>(?P<n>\d+(?:\.\d+)?)[:比]1)(?!\d)"), ("师生比",), low=2, high=100,
    ),
)  # fmt: skip

_LEADER = r"专业(?:群)?(?:建设)?(?:带头人|负责人)"
_OTHER_STAFF = r"(?!骨干教师|专任教师|兼职教师|双师)"
_ENTERPRISE = r"(?:企业|行业|生产一线|实训基地|用人单位|企事业)"
_YEARLY = r"(?:每年|每学年|每人每年|年均)"
_FIVE = r"(?:每?(?:5|五)年)"
_TERMS = ((r"个?月", 1.0), (r"(?:天|个工作日|日)", 1 / 30), (r"(?:个)?周", 0.25))


def _practice(kind: str, term: str, unit: str, scale: float) -> tuple[Pattern, ...]:
    """``每年到企业实践不少于1个月`` in both orders of period and place."""
    gap = rf"(?:(?!{_FIVE if kind == 'enterprise_practice_yearly' else _YEARLY})[^。;])"
    number = rf"(?<![\d.第])(?P<n>{NUMBER}|半){unit}"
    high = 12.0 if kind == "enterprise_practice_yearly" else 60.0
    regexes = (
        rf"{term}{gap}{{0,30}}?{number}(?={gap}{{0,40}}?{_ENTERPRISE})",
        rf"{_ENTERPRISE}{gap}{{0,30}}?{term}{gap}{{0,20}}?{number}",
        rf"{term}{gap}{{0,30}}?{_ENTERPRISE}{gap}{{0,24}}?{number}",
    )
    return tuple(
        Pattern(kind, "months", re.compile(regex), ("年",), low=0.1, high=high, scale=scale, unless=re.compile("学生[^。;教]{0,8}(?:实习|实践)"))  # type: ignore[arg-type]
        for regex in regexes
    )


_QUALIFICATIONS = (
    Pattern(
        "leader_title", "text",
        re.compile(rf"{_LEADER}(?:{_OTHER_STAFF}[^。;]){{0,60}}?(?P<w>(?:{TITLE}){TITLE_SUFFIX})"),
        ("带头人", "负责人"), text=True, annex=False,
    ),
    Pattern(
        "leader_title", "text",
        re.compile(rf"^(?:{_OTHER_STAFF}[^。;]){{0,60}}?(?P<w>(?:{TITLE}){TITLE_SUFFIX})"),
        ("教授", "高级", "副高", "正高", "讲师", "研究员", "工程师"), text=True, annex=False, places=("text",),
        chapter=re.compile(r"(?:带头人|专业负责人)[^/]*$"),
    ),
    Pattern(
        "teacher_certificate", "text", re.compile(r"(?P<w>(?:高校|高等学校|高等院校|高职)教师(?:资格)(?:证书?)?|教师资格证书?)"),
        ("教师资格",), text=True, unless=re.compile("学生|考取|毕业生|职业资格证书一览"),
    ),
    Pattern(
        "teacher_degree", "text", re.compile(r"(?P<w>(?:大学)?(?:本科|硕士研究生|硕士|研究生)(?:及|或)?以上(?:的)?(?:学历|学位)(?:\(含本科\))?)"),
        ("本科", "硕士", "研究生"), text=True, annex=False, chapter=re.compile("师资|教师|教学团队|队伍|实施保障|教学条件"),
        unless=re.compile("招生|入学|毕业生"),
    ),
    Pattern(
        "internship_agreement", "text",
        re.compile(r"(?P<w>学校[、,和与及](?:学生|(?:实习)?(?:单位|企业))[^。;]{0,12}?(?:学生|单位|企业)[^。;]{0,10}?协议|三方(?:实习)?协议(?:书)?)"),
        ("协议",), text=True, annex=False,
    ),
)  # fmt: skip

PATTERNS: tuple[Pattern, ...] = (
    *_NUMBERS,
    *_SHARES,
    *(p for unit, scale in _TERMS for p in _practice("enterprise_practice_yearly", _YEARLY, unit, scale)),
    *(p for unit, scale in _TERMS[:1] for p in _practice("enterprise_practice_five_years", _FIVE, unit, scale)),
    *_QUALIFICATIONS,
)
