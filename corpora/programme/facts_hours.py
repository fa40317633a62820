"""Totals of hours and credits, and shares of the total, in a plan's sentences."""

from __future__ import annotations

import re

from corpora.programme.facts_patterns import PERCENT, Pattern
from corpora.programme.facts_text import LINK, Passage
from corpora.programme.model import FactKind, Unit

_NUMBER = r"(?<![\d.\-])(?P<n>\d+(?:\.\d+)?)(?![\d%-]|\.\d|/\d)"
_HOURS = r"(?:个)?(?:学时|课时)"
#: What a share is of: 总学时 (数, 的, 比例 …); the credits' share is told apart.
_OF_TOTAL = (
    r"(?:占|占到|占了|占比为?|达到)?(?:了|本)?(?:专业|课程|全部|整个|教学|活动)*总?(?:教学)?(?:总)?(?P<of>学时|课时|学分)(?:总数|总量|数)?(?:的)?"
    r"(?:百分比|比例|比重|比率|占比)?"
)
_OWN_HOURS = rf"(?:(?:课程)?(?:总|教学|累计)?(?:学时|课时)?(?:数|总数)?{LINK}\d+{_HOURS}[,(]?)?"
# Other shares that may stand between a name and a number of someone else.
_OTHER_SHARE = r"(?!实践|实训|选修|公共|专业[基核拓选限任平模]|必修|理论(?=教学|课|学时)|考核|成绩)"


def _of_hours(_passage: Passage, match: re.Match[str]) -> str:
    """``学分`` for a share of credits."""
    return "学分" if match.groupdict().get("of") == "学分" else ""


def _share(kind: FactKind, name: str, hint: tuple[str, ...], gap: int = 100) -> tuple[Pattern, ...]:
    """Ways to state a share: ``N学时，占总学时的P%``; ``N … 学时数不低于总学时的P%``; ``N比例P%``."""
    regexes = (
        rf"{name}(?:课程|教学|环节)*(?:共|合计|为|计|:)*\d+{_HOURS}(?:[,(]\d+(?:\.\d+)?个?学分)?[,(]?(?:约|共)?占(?:比|比例|总数)?(?:约|为|:)*{PERCENT}",
        rf"{name}(?:课程|教学|环节)*(?:总|的)?(?:学时|课时|学分)?(?:数|总数)?{_OWN_HOURS},?(?:累计|共|合计|约|均)*{_OF_TOTAL}{LINK}{PERCENT}",
        rf"{name}(?:{_OTHER_SHARE}[^。;%]){{0,{gap}}}?(?:总)?(?:学时|课时)(?:数|总数|累计)*{LINK}{_OF_TOTAL}{LINK}{PERCENT}",
        rf"{name}(?:学时|课时)(?:数)?(?:所占)?(?:比例|占比|比重|比|占){LINK}{PERCENT}",
        rf"{name}(?:课程|教学)*(?:所占)?(?:比例|占比|比重){LINK}{PERCENT}",
    )
    return tuple(
        Pattern(kind, "percent", re.compile(regex), hint, subject=_of_hours, low=0.5, high=100) for regex in regexes
    )


_SHARES = (
    *_share("practice_share", r"实(?:践|训)(?:性)?(?:教学|课程|课|环节)*", ("实践", "实训"), 30),
    *_share("public_share", r"(?:公共|通识)(?:基础|教育|必修)*(?:学习领域)?课?(?:程)?", ("公共", "通识")),
    *_share(
        "elective_share", r"(?:各类)?(?<!专业)(?<!公共)(?<!任意)(?<!限定)选修(?:课程|课|教学|模块)*", ("选修",), 30
    ),
)

_NOT_PART = r"(?<![课程践论学训内外修周论业块分础心])"


def _total(kind: FactKind, unit: Unit, regex: str, hint: tuple[str, ...], low: float, high: float) -> Pattern:
    return Pattern(
        kind, unit, re.compile(regex), hint, low=low, high=high, annex=False, unless=re.compile(r"^(?:每|例如|如:)")
    )


_TOTALS = (
    _total(
        "total_hours",
        "hours",
        rf"{_NOT_PART}总(?:教学)?(?:学时|课时)(?:/总?学分)?(?:\([^)]*\))?{LINK}{_NUMBER}(?!学?分|周)",
        ("总",),
        1000,
        6000,
    ),
    _total(
        "total_hours", "hours", rf"(?:学时|课时)(?:总数|总计|合计|共计){LINK}{_NUMBER}", ("学时", "课时"), 1000, 6000
    ),
    _total("total_hours", "hours", rf"(?:总计|共计|合计|总共|共|约){_NUMBER}{_HOURS}", ("学时", "课时"), 1500, 6000),
    _total(
        "total_credits",
        "credits",
        rf"{_NOT_PART}(?:总|毕业(?:最低)?(?:要求)?(?:总)?)学分(?:数|要求)?(?:\([^)]*\))?(?:最低)?{LINK}{_NUMBER}",
        ("学分",),
        70,
        320,
    ),
    _total("total_credits", "credits", rf"总(?:学时|课时)/总?学分{LINK}\d+/(?P<n>\d+(?:\.\d+)?)", ("学分",), 70, 320),
    _total("total_credits", "credits", rf"学分(?:总数|总计|合计){LINK}{_NUMBER}", ("学分",), 70, 320),
    _total(
        "total_credits",
        "credits",
        # 修满规定的140学分; 修完141个学分; 最低学分为169学分
        rf"(?:修满|修完|修够|修读|取得|获得|完成|最低学分|学分要求|达到)(?:(?!选修|必修|模块|课程?[^。;]{{0,4}}学分)[^。;,\d]){{0,24}}?{_NUMBER}个?学分",
        ("学分",),
        70,
        320,
    ),
    _total("total_credits", "credits", rf"(?:总计|共计|合计|总共){_NUMBER}个?学分", ("学分",), 100, 320),
    _total(
        "theory_hours",
        "hours",
        rf"理论(?:教学|课程?)*(?:总)?(?:学时|课时)(?:数)?{LINK}{_NUMBER}(?!学?分)",
        ("理论",),
        300,
        3500,
    ),
    _total("theory_hours", "hours", rf"理论(?:教学|课程?)*{LINK}{_NUMBER}{_HOURS}", ("理论",), 300, 3500),
    _total(
        "practice_hours",
        "hours",
        rf"(?<!集中)(?<!综合)实践(?:性)?(?:教学|课程?)*(?:总)?(?:学时|课时)(?:数)?{LINK}{_NUMBER}(?!学?分)",
        ("实践",),
        300,
        4500,
    ),
    _total(
        "practice_hours", "hours", rf"(?<!集中)(?<!综合)实践(?:性)?教学{LINK}{_NUMBER}{_HOURS}", ("实践",), 300, 4500
    ),
)

PATTERNS: tuple[Pattern, ...] = (*_SHARES, *_TOTALS)
