"""Teachers in a plan's sentences: how many, 双师型, the leader, practice in enterprises, qualifications, agreements."""

from __future__ import annotations

import re
from functools import partial

from corpora.programme.facts.patterns import PERCENT, Pattern, patterns
from corpora.programme.facts.text import LINK, NUMBER, Passage
from corpora.programme.facts.titles import TITLE, TITLE_SUFFIX, staff_before

_PEOPLE = r"余?多?(?:名|人|位)"
_COUNT = rf"(?<![\d.\-至到第])(?P<n>{NUMBER})(?![\-至到\d])"
_ROLE = (
    r"(?:专兼结合|专兼职|专兼任|专任|专职|兼任|兼职|外聘|专业课?|"
    r"校内外?|校外|企业|行业|行企|本专业|现有|聘请)"
)
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
    return passage_owner(passage) + re.sub("^.*?(?:现有|聘请|本专业)(?!教师)", "", match["s"])


def _base(passage: Passage, match: re.Match[str]) -> str:
    """Of whom a share or count is: another staff than the major's full-time teachers, or the group of majors."""
    before = passage.compact[: match.start()]
    clause = re.split("[。;,]", before)[-1] + match[0]
    if "专业群" in clause:
        return passage_owner(passage) + "专业群"
    if of := _OF_TEACHERS.search(passage.compact[match.start() : match.end() + 10]):
        return passage_owner(passage) + ("专任教师" if of[1] == "任" else "")
    return passage_owner(passage) + staff_before(passage.compact, match.start() + 1)


# 占专任教师的83.3%: the base is named.
_OF_TEACHERS = re.compile(r"(?:占|比)[^,。;]{0,3}专(任|业课?)教师")


def passage_owner(passage: Passage) -> str:
    """``《课程》`` for a sentence in the standard of one course, else ""."""
    return f"《{passage.course}》" if passage.course else ""


# Regexes of one kind, the surer before the others; the first that finds a stretch of a sentence has it.
_TEACHERS_ARE = (
    rf"{_STAFF}(?:总数|人数)?{LINK}{_COUNT}{_PEOPLE}",  # 专任教师6人
    rf"{_COUNT}{_PEOPLE}(?:为|是)?{_STAFF}",  # 6名专任教师
)
_TEAM_IS = rf"{_TEAM}(?:由|共|现有|共有|有)*(?:教师|成员)?{LINK}{_COUNT}{_PEOPLE}(?!才)"  # 核心教学队伍7人
_DOUBLE_COUNT = (
    # 9名教师属于双师型; 双师型教师11人
    rf"{_COUNT}{_PEOPLE}(?:专业)?(?:专任)?(?:教师)?(?:属于|为|是|具备|具有|被认定为|获得?|达到)*{_DOUBLE}",
    rf"{_DOUBLE}{_TEACHERS}(?:资格)?(?:的)?{LINK}{_COUNT}{_PEOPLE}",
)
_NO_TITLE = r"(?:(?!高级|副高|职称)[^。;%])"
_DOUBLE_SHARE = (
    # 双师型教师占专业课教师数比例达到95%; 80%的专业教师为双师型
    rf"{_DOUBLE}{_TEACHERS}{_NO_TITLE}{{0,30}}?(?<!分)(?:占|比|达|为|是){_NO_TITLE}{{0,24}}?{PERCENT}",
    rf"{PERCENT}(?:以上|左右)?的?(?:专业)?(?:专任)?(?:教师)?(?:均?为|是|具备|具有|达到)*{_DOUBLE}",
)
_ONLY_TITLE = r"(?:(?!双师|硕士|博士|学历|学位|中级|初级)[^。;%])"
_SENIOR_SHARE = (
    rf"(?:高级|副高级?|副教授|正高级?)(?:及以上|以上)?(?:专业)?(?:技术)?(?:职称|职务)?{_ONLY_TITLE}{{0,20}}?"
    rf"(?<!分)(?:占|比|达|为|是){_ONLY_TITLE}{{0,20}}?{PERCENT}"
)
_TO_ONE = r"(?P<w>(?P<n>\d+(?:\.\d+)?)[:比]1)(?!\d)"
# 生师比18:1; 学生数与本专业专任教师数之比为22:1; 师生比18:1, the words the wrong way round
_RATIO = (
    r"(?:生师比|学生(?:人)?数?(?:与|和|:)(?:本专业)?(?:专任)?教师(?:人)?数?(?:之)?(?:比例?|比))"
    rf"[^。;\d]{{0,14}}?{_TO_ONE}",
    rf"师生比[^。;\d]{{0,14}}?{_TO_ONE}",
)
# 师生比1:18; 专任教师与在籍学生之比1:24
_RATIO_TURNED = (
    r"(?:师生比|(?:专任)?(?:专业)?教师(?:人)?数?(?:与|和|:)(?:本专业)?(?:在籍|在校)?学生(?:人)?数?(?:之)?(?:比例?|=))"
    r"[^。;\d]{0,14}?(?P<w>1[:比](?P<n>\d+(?:\.\d+)?))"
)

_ENTERPRISE = r"(?:企业|行业|生产一线|实训基地|用人单位|企事业)"
#: A year told of every teacher: 2023年专任教师人均下企业锻炼1.5个月.
_IN_ONE_YEAR = r"20\d\d(?:年|学年|年度)[^。;,]{0,12}?(?:人均|平均每人|每人)"
_YEARLY = rf"(?:每年|每学年|每人每年|年均|{_IN_ONE_YEAR})"
_FIVE = r"(?:每?(?:5|五)年)"
#: Units of practice in enterprises, with their length in months.
_TERMS = ((r"个?月", 1.0), (r"(?:天|个工作日|日)", 1 / 30), (r"(?:个)?周", 0.25))


def _practice(period: str, other: str, unit: str) -> tuple[str, ...]:
    """``每年到企业实践不少于1个月`` in the orders of period, place and number; ``other`` period not between them."""
    gap = rf"(?:(?!{other})[^。;])"
    number = rf"(?<![\d.第])(?P<n>{NUMBER}|半){unit}"
    return (
        rf"{period}{gap}{{0,30}}?{number}(?={gap}{{0,40}}?{_ENTERPRISE})",
        rf"{_ENTERPRISE}{gap}{{0,30}}?{period}{gap}{{0,20}}?{number}",
        rf"{period}{gap}{{0,30}}?{_ENTERPRISE}{gap}{{0,24}}?{number}",
    )


_LEADER = r"专业(?:群)?(?:建设)?(?:带头人|负责人)"
_TO_TITLE = rf"(?:(?!骨干教师|专任教师|兼职教师|双师)[^。;]){{0,60}}?(?P<w>(?:{TITLE}){TITLE_SUFFIX})"
_CERTIFICATE = r"(?P<w>(?:高校|高等学校|高等院校|高职)教师(?:资格)(?:证书?)?|教师资格证书?)"
_DEGREE = (
    r"(?P<w>(?:大学)?(?:本科|硕士研究生|硕士|研究生)(?:及|或)?以上(?:的)?(?:学历|学位)(?:\(含本科\))?)"
    r"(?!(?:的|者|教师|人员)*(?:共|有|占|达)*\d)"  # 16人 with a degree are a part of them
)
_AGREEMENT = (
    r"(?P<w>学校[、,和与及](?:学生|(?:实习)?(?:单位|企业))[^。;]{0,12}?(?:学生|单位|企业)[^。;]{0,10}?协议"
    r"|三方(?:实习)?协议(?:书)?)"
)
_STUDENTS_PRACTISE = re.compile("学生[^。;教]{0,8}(?:实习|实践)|以上的教师占")


_number = partial(patterns, unit="count", high=2000, unless=_NOT_STAFF)
_percent = partial(patterns, unit="percent", subject=_base, low=1, high=100)
_months = partial(patterns, unit="months", hint="年", low=0.1, unless=_STUDENTS_PRACTISE)
_ratio = partial(patterns, "student_teacher_ratio", "ratio", hint="生师比 师生比 学生", low=2, high=100)
_words = partial(patterns, unit="text", text=True)

PATTERNS: tuple[Pattern, ...] = (
    *_number("teachers", regexes=_TEACHERS_ARE, hint="教师 师资 导师", subject=_staff),
    *_number("teachers", regexes=(_TEAM_IS,), hint="团队 队伍", subject=_staff, low=2),
    *_number("double_qualified_count", regexes=_DOUBLE_COUNT, hint="双师", subject=_base),
    *_percent("double_qualified_share", regexes=_DOUBLE_SHARE, hint="双师"),
    *_percent("senior_share", regexes=(_SENIOR_SHARE,), hint="高级 副高 教授 正高", unless=re.compile("通过率")),
    *_ratio(regexes=(_RATIO_TURNED,), flip=True),
    *_ratio(regexes=_RATIO),
    *(
        pattern
        for unit, scale in _TERMS
        for pattern in _months(
            "enterprise_practice_yearly", regexes=_practice(_YEARLY, _FIVE, unit), scale=scale, high=12
        )
    ),
    *_months("enterprise_practice_five_years", regexes=_practice(_FIVE, _YEARLY, _TERMS[0][0]), high=60),
    *_words("leader_title", regexes=(_LEADER + _TO_TITLE,), hint="带头人 负责人", annex=False),
    *_words(
        "leader_title",
        regexes=("^" + _TO_TITLE,),
        hint="教授 高级 副高 正高 讲师 研究员 工程师",
        annex=False,
        places=("text",),
        chapter=re.compile(r"(?:带头人|专业负责人)[^/]*$"),
    ),
    *_words(
        "teacher_certificate", regexes=(_CERTIFICATE,), hint="教师资格", unless=re.compile("学生|考取|毕业生|一览")
    ),
    *_words(
        "teacher_degree",
        regexes=(_DEGREE,),
        hint="本科 硕士 研究生",
        annex=False,
        chapter=re.compile("师资|教师|教学团队|队伍|实施保障|教学条件"),
        unless=re.compile("招生|入学|毕业生"),
    ),
    *_words("internship_agreement", regexes=(_AGREEMENT,), hint="协议", annex=False),
)
