"""What a plan wants its students to reach (sports, arts, languages), how many there are, and which major it is."""

from __future__ import annotations

import re

from corpora.programme.facts.patterns import Pattern
from corpora.programme.facts.text import LINK, NUMBER, Passage

_COUNT = rf"(?<![\d.第\-至到])(?P<n>{NUMBER})(?:[-至到](?P<m>{NUMBER}))?"
_ITEMS = r"(?:项|门|种)"

_SKILLS = (
    Pattern(
        "sports_skills",
        "count",
        # 一两项运动技能; 两项以上健身运动的基本方法和技能; 一项能坚持的体育爱好
        re.compile(
            rf"(?P<w>{_COUNT}{_ITEMS}(?:及|或)?(?:以上)?的?(?:[^。;,]{{0,10}}?(?:体育|运动|健身)(?:锻炼|运动|健身)?(?:的?基本方法和)?"
            r"(?:技能|技术|项目|爱好|特长|方法)|(?:体育|运动)(?:运动)?(?:项目)?(?=[,。;的]|$)))"
        ),
        ("运动", "体育", "健身"),
        low=1,
        high=5,
        norms=False,
    ),
    Pattern(
        "art_skills",
        "count",
        re.compile(
            rf"(?P<w>{_COUNT}{_ITEMS}(?:及|或)?(?:以上)?的?[^。;,]{{0,6}}?(?:艺术|文艺|音乐|美术)[^。;,]{{0,6}}?(?:特长|爱好|技能)(?:或爱好)?)"
        ),
        ("艺术", "文艺", "音乐", "美术"),
        low=1,
        high=5,
        norms=False,
    ),
)

_LANGUAGES = (
    Pattern(
        "foreign_languages",
        "count",
        re.compile(rf"(?P<w>{_COUNT}门(?:以上)?的?外(?:国)?语)"),
        ("外语", "外国语"),
        low=1,
        high=3,
        norms=False,
        annex=False,
    ),
    Pattern(
        "foreign_languages",
        "count",
        # 英语具备专科及以上水平; 具备基础英语听、说、读、写能力
        re.compile(
            r"(?P<w>(?:具备|具有|掌握|达到|运用|能够?)[^。;,]{0,12}?(?:英语|外语|日语|德语|法语|俄语|韩语)"
            r"[^。;]{0,16}?(?:能力|水平|知识|方法|等级|交流)"
            r"|(?:英语|外语)[^。;,]{0,4}?(?:具备|达到|通过)[^。;,]{1,14}?(?:水平|能力|级))"
        ),
        ("英语", "外语", "日语", "德语", "法语", "俄语", "韩语"),
        fixed=1,
        norms=False,
        chapter=re.compile(r"规格|素质|知识|能力|培养要求|毕业要求"),
        annex=False,
        places=("text",),
    ),
)

_ENROLLED = r"(?:在校(?:学)?生|在籍(?:学)?生|在读(?:学)?生|学生(?=总?数|总?人数|规模))"
_SCHOOL = re.compile(r"(?:全校|全院|学校|学院|全日制|全系|系部|专业群)")
_NOT_STUDENTS = re.compile(r"每班|班级|标准班|容纳|问卷|接纳|方能|方可|开班")


def _whose(passage: Passage, match: re.Match[str]) -> str | None:
    """``全校`` where the students are not the major's; None for a class or the seats of a room."""
    clause = re.split("[,。;]", passage.compact[: match.start()])[-1] + match[0]
    if _NOT_STUDENTS.search(clause + re.split("[,。;]", passage.compact[match.end() :])[0]):
        return None
    before = re.split("[。;]", passage.compact[max(0, match.start() - 16) : match.start("n")])[-1]
    found = _SCHOOL.search(before)
    return found[0] if found else ""


_STUDENTS = (
    Pattern(
        "students",
        "count",
        re.compile(rf"(?:现有|目前|本专业|专业)*{_ENROLLED}(?:[一二三四两]个年级)?{LINK}(?P<n>\d+)余?(?:多)?(?:名|人)"),
        ("在校", "在籍", "在读", "学生"),
        subject=_whose,
        low=5,
        high=60000,
        annex=False,
    ),
    Pattern(
        "students",
        "count",
        # 本专业学生180人; 专任教师10人,学生180人
        re.compile(
            rf"(?:本专业(?:现有|共有|有)?|教师(?:总?人?数)?{LINK}\d+余?(?:名|人|位)[,、;])(?:有)?学生{LINK}(?P<n>\d+)余?(?:名|人)"
        ),
        ("学生",),
        subject=_whose,
        low=5,
        high=60000,
        annex=False,
    ),
    Pattern(
        "students",
        "count",
        re.compile(rf"(?:现有|目前|共有|有)(?P<n>\d+)余?(?:多)?(?:名|人)?(?:本专业)?{_ENROLLED}"),
        ("在校", "在籍", "在读"),
        subject=_whose,
        low=5,
        high=60000,
        annex=False,
    ),
)

_MAJOR_CHAPTER = re.compile(r"(?:专业名称|专业代码|基本信息|专业基本|专业概况|专业描述)[^/]*$")
_OTHER_CODES = re.compile("课程代码|行业代码|职业代码|所属专业|邮编|电话")
_CATALOGUE = (
    Pattern(
        "catalogue_code",
        "text",
        re.compile(r"(?:专业|国标)?代码[^\d。;]{0,12}?(?P<w>(?P<n>\d{6})(?P<s>[A-Z]?))(?!\d|-)"),
        ("代码",),
        low=100000,
        high=999999,
        norms=False,
        annex=False,
        unless=_OTHER_CODES,
    ),
    Pattern(
        "catalogue_code",
        "text",
        re.compile(r"^[^\d。;]{2,20}?[(,、:]?(?P<w>(?P<n>\d{6}))(?!\d|-)"),  # 电子商务（530701）
        ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
        low=100000,
        high=999999,
        norms=False,
        annex=False,
        places=("text",),
        chapter=_MAJOR_CHAPTER,
        unless=_OTHER_CODES,
    ),
    Pattern(
        "catalogue_name",
        "text",
        re.compile(r"专业名称(?:\([^)]*\)|及代码)?:(?P<w>[^\d。;,:(/]{2,20}?)(?:专业)?(?=$|[。;,(\d]|专业代码)"),
        ("专业名称",),
        text=True,
        norms=False,
        annex=False,
    ),
)

_NAME_BEFORE_CODE = Pattern(
    "catalogue_name",
    "text",
    re.compile(
        r"^(?P<w>(?!专业|国标|教学|学校|招生|代码|教育部)[^\d。;,:(/]{2,20}?)(?:专业)?[(,、:]*(?:专业)?(?:代码)?:?\d{6}(?!\d|-)"
    ),
    ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    text=True,
    norms=False,
    annex=False,
    places=("text",),
    chapter=_MAJOR_CHAPTER,
    unless=_OTHER_CODES,
)

PATTERNS: tuple[Pattern, ...] = (*_SKILLS, *_LANGUAGES, *_STUDENTS, *_CATALOGUE, _NAME_BEFORE_CODE)
