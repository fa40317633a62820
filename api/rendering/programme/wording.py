"""The Chinese wording of a programme audit: statuses, kinds, marks, operators."""

from __future__ import annotations

import re
from typing import Any

from alignment.programme.courses.matches import WHOLLY
from alignment.programme.courses.set_rules import OPEN
from alignment.programme.model import CodeFinding, CourseHit, CourseMatch
from api.rendering import words

STATUSES = {
    "offered": "已开设",
    "offered_elective": "仅作选修开设",
    "offered_one_direction": "仅在一个方向开设",
    "pool_only": "仅列入选课目录",
    "partial": "部分涉及",
    "absent": "未开设",
}
#: 2 good, 1 to be looked at, 0 bad: the colour of a status.
STATUS_GRADES = {
    "offered": 2,
    "offered_elective": 1,
    "offered_one_direction": 1,
    "pool_only": 1,
    "partial": 1,
    "absent": 0,
}
BASES = {"name": "课程名相同", "alias": "别名", "content": "名称或内容相近"}
#: A hit by a name that only goes with the course of the standard, and serves a part of it.
PARTLY = "相近课程"
UNDECIDED = "无法判定"
CONTRADICTIONS = {
    "sum": "合计不符",
    "parts": "理论加实践不等于总学时",
    "semesters": "学期分配不符",
    "credit_hours": "学时与学分折算",
    "share": "比例不符",
    "weeks": "周数不符",
    "tables": "两表不一致",
    "text": "正文与表不一致",
    "name": "课程名不一致",
    "double": "重复计算",
}
FINDINGS = {
    "orphan": "标准中没有对应",
    "duplicate": "重复开设",
    "near_duplicate": "内容相近",
    "merged": "一门对应多门",
    "split": "多门对应一门",
}
CHOICES = {"direction": "分方向", "merged": "合并计分", "quota": "限选若干"}
COURSE_KINDS = {
    "public_required": "公共基础必修课程",
    "public_required_or_elective": "公共基础必修或选修课程",
    "foundation_course": "专业基础课程",
    "core_course": "专业核心课程",
    "extension_course": "专业拓展课程",
    "cross_cutting": "相关要求",
}
#: Whether a code agrees, with its colour.
AGREES = {True: ("一致", 2), False: ("不一致", 0), None: ("未载明", 1)}
UNITS = {
    "hours": "学时",
    "hours_per_week": "周学时",
    "weeks": "周",
    "credits": "学分",
    "percent": "%",
    "years": "年",
    "months": "月",
    "count": "",
    "ratio": "",
    "text": "",
}
VERDICT_GRADES = {"pass": 2, "cannot_determine": 1, "fail": 0}
VERDICT_MARKS = {"pass": "√", "cannot_determine": "?", "fail": "×"}
OWN_READING = "方案自己的算法"
#: Marks of the support matrix: stated and borne out, stated only, borne out by content only.
BOTH, STATED, CONTENT = "●", "○", "△"

#: A sign between two numbers or brackets.
_SIGN = re.compile(r"(?<=[\d)%])([=÷×≠≥≤<>])(?=[\d(])")
_MONTHS = re.compile(r" 月$")
_UNIT = re.compile(r"^[<>=≥≤≈~ ]*[\d.,]+(?:\s*[~～–—至-]\s*[\d.,]+)?\s*(\D.*)?$")


def status(match: CourseMatch) -> tuple[str, int]:
    """A course's status in words with its colour; undecided where the schedule that may hold it was not read."""
    if match.status == "absent" and match.note == OPEN:
        return UNDECIDED, 1
    return STATUSES[match.status], STATUS_GRADES[match.status]


def basis(hit: CourseHit) -> str:
    """How a course of the plan was recognised."""
    return PARTLY if hit.basis == "alias" and hit.probability < WHOLLY else BASES[hit.basis]


def agrees(code: CodeFinding) -> tuple[str, int]:
    """Whether a code agrees, with its colour; what the plan leaves out is not another code."""
    return ("未列出", 0) if code.agrees is False and not code.stated else AGREES[code.agrees]


def required(value: bool | None) -> str:
    """Compulsory, elective, or of a direction."""
    return "方向课" if value is None else "必修" if value else "选修"


def expected(text: str) -> str:
    """A rule's expectation with the signs that a reader knows."""
    said = words.flat(text).replace(">=", "≥").replace("<=", "≤").removeprefix("应")
    return _MONTHS.sub(" 个月", said).replace(" %", "%")


def unit(text: str) -> str:
    """The unit of an expectation in numbers (``>= 25 %``), else empty."""
    found = _UNIT.match(text.strip())
    return (found[1] or "").strip() if found else ""


def amount(value: Any, expectation: str) -> str:
    """A rule's value with the unit of what is expected; for a list that is asked for, what is missing of it."""
    if isinstance(value, list | tuple) and expectation.startswith("应包含"):
        return f"缺 {len(value)} 项：{words.plain(value)}" if value else "齐全"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return words.plain(value)
    return _MONTHS.sub(" 个月", f"{value:.6g} {unit(expectation)}").replace(" %", "%").replace(" :1", ":1").rstrip()


def spaced(arithmetic: str) -> str:
    """A sum with room around its signs: ``608 ÷ 2560 = 23.75%``."""
    return _SIGN.sub(r" \1 ", arithmetic)


def hours(value: float) -> str:
    """Hours or credits without a needless ``.0``, with separators."""
    return f"{round(value, 1):,g}"


def share(part: float, whole: float) -> str:
    """A share in per cent with one digit; a dash without a whole."""
    return f"{100 * part / whole:.1f}%" if whole else "—"
