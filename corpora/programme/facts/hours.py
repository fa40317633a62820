"""Totals of hours and credits, and shares of the total, in a plan's sentences."""

from __future__ import annotations

import re
from functools import partial

from corpora.programme.facts.patterns import PERCENT, Pattern, patterns
from corpora.programme.facts.text import LINK, Passage
from corpora.programme.model import FactKind

_NUMBER = r"(?<![\d.\-])(?P<n>\d+(?:\.\d+)?)(?![\d%-]|\.\d|/\d)"
_HOURS = r"(?:个)?(?:学时|课时)"
#: What a share is of: 总学时 (数, 的, 比例 …); the credits' share is told apart.
_OF_TOTAL = (
    r"(?:占|占到|占了|占比为?|达到)?(?:了|本)?(?:专业|课程|全部|整个|教学|活动)*总?(?:教学)?(?:总)?"
    r"(?P<of>学时|课时|学分)(?:总数|总量|数)?(?:的)?(?:百分比|比例|比重|比率|占比)?"
)
_OWN_HOURS = rf"(?:(?:课程)?(?:总|教学|累计)?(?:学时|课时)?(?:数|总数)?{LINK}\d+(?:{_HOURS})?[,(]?)?"
# Other shares that may stand between a name and a number of someone else.
_OTHER_SHARE = r"(?!实践|实训|选修|公共|专业[基核拓选限任平模]|必修|理论(?=教学|课|学时)|考核|成绩)"


def _of_hours(_passage: Passage, match: re.Match[str]) -> str:
    """``学分`` for a share of credits."""
    return "学分" if match.groupdict().get("of") == "学分" else ""


def _share(kind: FactKind, name: str, hint: str, gap: int = 100) -> tuple[Pattern, ...]:
    """Ways to state a share: ``N学时，占总学时的P%``; ``N … 学时数不低于总学时的P%``; ``N比例P%``."""
    own = r"(?:课程|教学|环节)*"
    regexes = (
        rf"{name}{own}(?:共|合计|为|计|:)*\d+{_HOURS}(?:[,(]\d+(?:\.\d+)?个?学分)?[,(]?(?:约|共)?"
        rf"占(?:比|比例|总数)?(?:约|为|:)*{PERCENT}",
        rf"{name}{own}(?:总|的)?(?:学时|课时|学分)?(?:数|总数)?{_OWN_HOURS},?(?:累计|共|合计|约|均)*{_OF_TOTAL}{LINK}{PERCENT}",
        rf"{name}(?:{_OTHER_SHARE}[^。;%]){{0,{gap}}}?(?:总)?(?:学时|课时)(?:数|总数|累计)*{LINK}{_OF_TOTAL}{LINK}{PERCENT}",
        rf"{name}(?:学时|课时)(?:数)?(?:所占)?(?:比例|占比|比重|比|占){LINK}{PERCENT}",
        rf"{name}(?:课程|教学)*(?:所占)?(?:比例|占比|比重){LINK}{PERCENT}",
    )
    return patterns(kind, "percent", regexes, hint, subject=_of_hours, low=0.5, high=100)


_SHARES = (
    *_share("practice_share", r"实(?:践|训)(?:性)?(?:教学|课程|课|环节)*", "实践 实训", 30),
    *_share("public_share", r"(?:公共|通识)(?:基础|教育|必修)*(?:学习领域)?课?(?:程)?", "公共 通识"),
    *_share(
        "elective_share",
        r"(?:各类)?(?<!专业)(?<!公共)(?<!任意)(?<!限定)选修(?:课程|课|教学|模块)*",
        "选修",
        30,
    ),
)

# Not the total of courses of one kind, of a week …
_WHOLE = r"(?:(?<![课程践论学训内外修周块分础心])|(?<=[^础心展选修共业能践目]课程)|(?<=^课程))"
_ALL_HOURS = (
    rf"{_WHOLE}总(?:教学)?(?:学时|课时)(?:/总?学分)?(?:\([^)]*\))?{LINK}{_NUMBER}(?!学?分|周)",
    rf"总(?:学时|课时)/总?学分{LINK}(?P<n>\d+)(?=/\d)",
    rf"(?:学时|课时)(?:总数|总计|合计|共计){LINK}{_NUMBER}",
)
_SUM_OF_HOURS = rf"(?:总计|共计|合计|总共|共|约){_NUMBER}{_HOURS}"
_ALL_CREDITS = (
    rf"{_WHOLE}(?:总|毕业(?:最低)?(?:要求)?(?:总)?)学分(?:数|要求)?(?:\([^)]*\))?(?:最低)?{LINK}{_NUMBER}",
    rf"总(?:学时|课时)/总?学分{LINK}\d+/(?P<n>\d+(?:\.\d+)?)",
    rf"学分(?:总数|总计|合计){LINK}{_NUMBER}",
    # 修满规定的140学分; 修完141个学分; 最低学分为169学分
    r"(?:修满|修完|修够|修读|取得|获得|完成|最低学分|学分要求|达到)"
    rf"(?:(?!选修|必修|模块|课程?[^。;]{{0,4}}学分)[^。;,\d]){{0,24}}?{_NUMBER}个?学分",
)
_SUM_OF_CREDITS = rf"(?:总计|共计|合计|总共){_NUMBER}个?学分"
_THEORY = (
    rf"理论(?:教学|课程?)*(?:总)?(?:学时|课时)(?:数)?{LINK}{_NUMBER}(?!学?分)",
    rf"理论(?:教学|课程?)*{LINK}{_NUMBER}{_HOURS}",
)
_PRACTICE = (
    rf"(?<!集中)(?<!综合)实践(?:性)?(?:教学|课程?)*(?:总)?(?:学时|课时)(?:数)?{LINK}{_NUMBER}(?!学?分)",
    rf"(?<!集中)(?<!综合)实践(?:性)?教学{LINK}{_NUMBER}{_HOURS}",
)
# 其中必修120学分，选修20学分
_ELECTIVE = (
    rf"必修(?:课)?(?:程)?[^。;,\d]{{0,6}}\d+(?:\.\d+)?个?学分[,、]选修(?:课)?(?:程)?[^。;,\d课]{{0,4}}{_NUMBER}个?学分"
)
_hours = partial(patterns, unit="hours", annex=False)
# The least number of credits that lets students graduate is the plan's own number.
_credits = partial(patterns, kind="total_credits", unit="credits", annex=False, exact=True, norms=False, high=320)

PATTERNS: tuple[Pattern, ...] = (
    *_SHARES,
    *_hours("total_hours", regexes=_ALL_HOURS, hint="总 合计 共计", low=1000, high=6000),
    *_hours("total_hours", regexes=(_SUM_OF_HOURS,), hint="学时 课时", low=1500, high=6000),
    *_credits(regexes=_ALL_CREDITS, hint="学分", low=70),
    *_credits(regexes=(_SUM_OF_CREDITS,), hint="学分", low=100),
    *patterns("elective_credits", "credits", (_ELECTIVE,), "选修", low=1, high=100, annex=False),
    *_hours("theory_hours", regexes=_THEORY, hint="理论", low=300, high=3500),
    *_hours("practice_hours", regexes=_PRACTICE, hint="实践", low=300, high=4500),
)
