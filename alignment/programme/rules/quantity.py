"""From the wording of a rule to the quantity that it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from alignment.programme.quantities import QUANTITIES, QuantityName
from corpora.standard import Rule

_QUOTES = re.compile(r"[“”\"'‘’「」《》\s]")


@dataclass(frozen=True, slots=True)
class _Wording:
    """A quantity is meant where all of ``words`` and the unit fit and nothing of ``without`` is said."""

    quantity: QuantityName
    words: tuple[re.Pattern[str], ...]
    unit: re.Pattern[str]
    without: re.Pattern[str] | None = None


def _wording(quantity: QuantityName, words: str, unit: str = "", without: str = "") -> _Wording:
    """``words`` are patterns separated by blanks, all of which must be found, in any order."""
    patterns = tuple(re.compile(word) for word in words.split())
    return _Wording(quantity, patterns, re.compile(unit or ".*"), re.compile(without) if without else None)


_SHARE = r"%|％|百分比"
_HOURS = r"学时|课时|节"
_TEACHER = r"教师|师资|专任|兼职|带头人|双师"

#: In order of precedence: teachers before students before courses, shares before amounts.
_WORDINGS = (
    _wording("enterprise_practice_five_years", r"(每|近)?(5|五)年 企业|实践|锻炼|临床|行业", r"月|天|周|日|^$"),
    _wording(
        "enterprise_practice_yearly", r"每(1|一)?年(?!级)|年均|每学年 企业|实训基地|锻炼|临床|行业|实践", r"月|天|周|日"
    ),
    _wording("student_teacher_ratio", r"学生|生师|师生 教师|生师|师生 比"),
    _wording("student_teacher_ratio", r"学生|生师|师生", r"[:：∶]1"),
    _wording("double_qualified_share", r"双师", _SHARE),
    _wording("senior_share", r"高级|副高|教授 职称|职务|教授", _SHARE, r"兼职"),
    _wording("leader_title", r"带头人|负责人 职称|职务"),
    _wording("part_time_title", r"兼职|外聘 职称|职务|技术资格"),
    _wording("teacher_certificate", r"教师 资格", without=r"带头人|兼职"),
    _wording("teacher_degree", r"教师 学历|学位", without=r"带头人|兼职"),
    _wording("internship_agreement", r"协议 实习|签[署订]"),
    _wording("years", r"修业年限|学制|修业年|学习年限", r"年|^$"),
    _wording("foundation_courses", r"(专业|学科|技术)?(群)?基础课 门数|数量|数|门", r"门|^$", r"公共"),
    _wording("core_courses", r"核心课 门数|数量|数|门", r"门|^$"),
    _wording("extension_courses", r"(拓展|扩展)课 门数|数量|数|门", r"门|^$"),
    _wording("hours_per_credit", r"学分 折算|换算|每|学时", r"(学时|课时)/学分"),
    _wording("hours_per_credit", r"每学分|1学分 折算|换算|学时|课时", r"学时|课时", r"周"),
    _wording("activity_credits_per_week", r"周|军训|社会实践|入学教育|毕业教育 折算|学分", r"学分/周"),
    _wording("practice_week_hours", r"周 学时|课时|折算", r"(学时|课时)/周", r"周学时|周课时"),
    _wording("practice_week_hours", r"(实践|实训|实习)周?.*每周|每周.*(实践|实训|实习)", r"(学时|课时)"),
    _wording("weekly_hours", r"周学时|周课时|每周学时|平均周", r"学时|课时|节|^$"),
    _wording("public_share", r"公共", _SHARE, _TEACHER),
    _wording("practice_share", r"实践|实训", _SHARE, rf"{_TEACHER}|公共"),
    _wording("elective_share", r"选修|限选|任选", _SHARE, _TEACHER),
    _wording("internship_months", r"实习", r"^(个)?月$"),
    _wording("internship_weeks", r"实习", r"^周$", r"认识实习|认知实习"),
    _wording("internship_credits", r"(顶岗|岗位|毕业|跟岗|临床|生产)?实习", r"^学分$", r"认识实习|认知实习"),
    _wording("elective_credits", r"选修|限选|任选", r"^学分$"),
    _wording("elective_hours", r"选修|限选|任选", _HOURS),
    _wording("public_hours", r"公共", rf"^({_HOURS})$"),
    _wording("practice_hours", r"实践|实训", rf"^({_HOURS})$"),
    _wording("total_hours", r"总学时|总课时|学时总数|学时合计|学时数", rf"^({_HOURS})$|^$"),
    _wording("total_credits", r"总学分|毕业学分|最低学分|学分总数|学分合计|应修.*学分|修满", r"^学分$|^$"),
    _wording("sports_skills", r"体育|运动", r"项|^$", _TEACHER),
    _wording("art_skills", r"艺术|特长|审美|爱好", r"项|^$", _TEACHER),
    _wording("foreign_languages", r"外语|外国语", r"门|种|^$", _TEACHER),
    _wording("course_hours", r"单门课|每门课|课程学时", rf"^({_HOURS})$"),
    _wording("course_credits", r"单门课|每门课|课程学分", r"^学分$"),
)
#: What a rule of another unit is multiplied with to be in the quantity's own.
_MONTHS = {"天": 1 / 30, "日": 1 / 30, "周": 1 / 4}
_IN_MONTHS = ("enterprise_practice_yearly", "enterprise_practice_five_years")


def quantity_of(rule: Rule) -> QuantityName | None:
    """The quantity that an imported rule is about, by its subject, quantity and unit; None if it is none we know."""
    said = _QUOTES.sub("", f"{rule.subject}，{rule.quantity}")
    unit = _QUOTES.sub("", rule.unit)
    found = (w.quantity for w in _WORDINGS if _fits(w, said, unit))
    return next(found, None) or _named(rule)


def _fits(wording: _Wording, said: str, unit: str) -> bool:
    if wording.without and wording.without.search(said):
        return False
    return bool(wording.unit.search(unit)) and all(word.search(said) for word in wording.words)


def _named(rule: Rule) -> QuantityName | None:
    """A rule that uses our own name of the quantity, or its Chinese title."""
    return next((name for name, (title, _) in QUANTITIES.items() if rule.quantity in (name, title)), None)


def unit_factor(rule: Rule, quantity: QuantityName) -> float:
    """What the rule's value is multiplied with to be in the quantity's unit (days and weeks to months)."""
    if quantity not in _IN_MONTHS:
        return 1.0
    return next((factor for word, factor in _MONTHS.items() if rule.unit.startswith(word)), 1.0)
