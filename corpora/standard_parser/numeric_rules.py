"""Numeric rules: every provision with a number that can be checked, with operator, value, unit and force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpora.standard import Rule, Standard, Statement, Strength
from corpora.standard_parser.outline import chinese_number
from corpora.standard_parser.wording import names

_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r"学时|学分|个月|月|周|天|年|门|项|%|％|个|名|人|台|套|件|平方米|㎡|工位|次|册|节"
_OPERATORS = {
    ">=": "不少于|不低于|不小于|至少|大于等于|达到|≥",
    "<=": "不高于|不超过|不多于|不大于|至多|小于等于|≤",
    "=": "为|设置|开设",
}
_OPERATOR_OF = {word: sign for sign, words in _OPERATORS.items() for word in words.split("|")}
_FORCE_WORDS = r"(?:一般|原则上|应|可|须)*"
_COMPARED = re.compile(
    rf"(?P<force>{_FORCE_WORDS})(?P<op>{'|'.join(_OPERATOR_OF)})\s*(?P<of>[^\d，。；]{{0,12}}?的)?\s*"
    rf"(?P<low>{_NUMBER})(?:\s*[~～—–\-至]\s*(?P<high>{_NUMBER}))?\s*(?P<unit>[:：∶]\s*1|{_UNIT})"
)
_ABOVE = re.compile(rf"(?P<low>{_NUMBER})\s*(?P<unit>[:：∶]\s*1|{_UNIT})\s*(?:及)?(?P<op>以上|以下|以内)")
_CONVERTED = re.compile(
    rf"每?\s*(?P<low>{_NUMBER})(?:\s*[~～—–\-至]\s*(?P<high>{_NUMBER}))?\s*学时\s*(?:折算为?|计为?|为|算)\s*1\s*学分"
)
_PER_WEEK = re.compile(
    rf"(?P<list>[^，。；]+?)(?:等)?(?:活动)?(?:，)?(?:按|以)?\s*1\s*周\s*(?:折算为?|"
    rf"计为?|为|算)\s*(?P<low>{_NUMBER})\s*学分"
)
_BARE_COUNT = re.compile(
    r"(?:学习|掌握|参加|完成|获得)(?P<low>[一二两三]|\d)\s*(?P<unit>门|项)(?P<thing>[^，；。并和]{2,8})"
)
_BROAD = {"8.2": "学时安排", "8.1": "课程设置", "9.1": "师资队伍", "9": "师资队伍", "7": "学生", "10": "教学条件"}
#: Whom the sections on faculty speak of.
TEACHERS = {"9.1": "专任教师", "9.2": "专业带头人", "9.3": "专任教师", "9.4": "兼职教师"}
_SHOULD, _MAY = re.compile(r"一般|原则上"), re.compile(r"可以?(?!持续|视|行|靠|能)|鼓励")


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    statement: Statement


def numeric_rules(standard: Standard, duration_text: str, duration: float | None) -> tuple[Rule, ...]:
    """Rules in the order of sections 4, 8, 9, 10, 11; those on students (7) last, explicit minimums first."""
    found = list(_duration(duration_text, duration))
    provisions = [s for s in standard.statements if s.kind in _RULED]
    for statement in sorted((s for s in provisions if s.kind != "competency"), key=_section_key):
        found += [rule for clause in _clauses(statement) for rule in _rules(clause)]
    students = [rule for s in provisions if s.kind == "competency" for c in _clauses(s) for rule in _rules(c)]
    found += sorted(students, key=lambda rule: bool(rule.note))
    return tuple(replace(rule, id=f"NR{n:02d}") for n, rule in enumerate(found, 1))


_RULED = frozenset(
    [
        "competency",
        "provision",
        "faculty",
        "facility",
        "training_room",
        "internship_place",
        "teaching_material",
        "quality_assurance",
        "graduation",
    ]
)


def force(text: str) -> Strength:
    """must, should (一般, 原则上) or may (可, 鼓励)."""
    if _SHOULD.search(text):
        return "should"
    return "may" if _MAY.search(text) else "must"


def _section_key(statement: Statement) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", statement.section))


def _clauses(statement: Statement) -> Iterator[_Clause]:
    for part in re.split(r"[，。；\n]|(?<=门)(?=包括)", statement.text):
        if part.strip():
            yield _Clause(part.strip(), statement)


def _duration(text: str, value: float | None) -> Iterator[Rule]:
    if value is not None:
        note = "" if re.search(r"一般|至少|不少于", text) else "stated bare, no modal word"
        yield Rule("", "numeric", "专业", "基本修业年限", "=", value, force(text), text, "4", unit="年", note=note)


def _rules(clause: _Clause) -> Iterator[Rule]:
    text = clause.text
    if found := _CONVERTED.search(text):
        yield _rule(clause, "学时安排", "每学分折算学时", _span(found), "学时/学分", text)
    elif found := _PER_WEEK.search(text):
        listed = names(found["list"])
        subject = re.split(r"(?:，)?(?:按|以)?\s*1\s*周", text)[0]
        rule = _rule(clause, subject, "每周折算学分", _span(found), "学分/周", text)
        yield replace(rule, applies_to=listed)
    elif found := (_COMPARED.search(text) or _ABOVE.search(text)):
        yield _compared(clause, found)
    elif clause.statement.kind == "competency" and (found := _BARE_COUNT.search(text)):
        value = chinese_number(found["low"]) or int(found["low"])
        note = "a bare count, read as a minimum"
        quantity = f"{found['thing']}{found['unit']}数"
        yield replace(_rule(clause, "学生", quantity, (">=", value), found["unit"], found.group()), note=note)


def _compared(clause: _Clause, found: re.Match[str]) -> Rule:
    student = clause.statement.kind == "competency"
    before, after = clause.text[: found.start()].strip(), clause.text[found.end() :].strip()
    text = clause.text[found.start() :].strip() if student else clause.text
    unit = _unit(found["unit"], before)
    subject, quantity = _subject(clause, before, after, found)
    return _rule(clause, subject, quantity, _span(found), unit, text)


def _rule(clause: _Clause, subject: str, quantity: str, compared: tuple[str, object], unit: str, text: str) -> Rule:
    statement = clause.statement
    operator, value = compared
    return Rule(
        "",
        "numeric",
        subject,
        quantity,
        operator,
        value,
        force(clause.text),
        text,
        statement.section,
        statement.id,
        unit,
    )


def _span(found: re.Match[str]) -> tuple[str, object]:
    """Operator and value: between for a range, else the operator's sign."""
    groups = found.groupdict()
    low = _number(groups["low"])
    if groups.get("high"):
        return "between", (low, _number(groups["high"]))
    word = groups.get("op") or "="
    return {"以上": ">=", "以下": "<=", "以内": "<="}.get(word, _OPERATOR_OF.get(word, "=")), low


def _number(text: str) -> float:
    return float(text) if "." in text else int(text)


def _unit(word: str, before: str) -> str:
    """% , :1, 月 (for 个月), with the period it counts over (月/年, 月/5年)."""
    unit = re.sub(r"\s", "", word).replace("：", ":").replace("∶", ":").replace("％", "%").replace("个月", "月")
    period = re.search(r"每\s*(\d*)\s*年", before)
    return f"{unit}/{period[1]}年" if period else unit


def _subject(clause: _Clause, before: str, after: str, found: re.Match[str]) -> tuple[str, str]:
    section = clause.statement.section
    if clause.statement.kind == "competency":
        return "学生", f"{after}{found['unit']}数"
    if found["unit"] == "门":
        return "课程设置", f"{_course_series(section)}门数"
    broad = next((name for number, name in _BROAD.items() if section == number or section.startswith(f"{number}.")), "")
    period = re.search(r"每\s*\d*\s*年", before)
    if period:
        who = before[: period.start()].strip() or _whose(clause)
        duration = f"{after}时间" if after.startswith("在") else after.removeprefix("的")
        return who, f"{before[period.start() :]}{duration}"
    total = re.match(r"(\S+?)((?:时间)?累计\S*)$", before)
    if total and found.groupdict().get("of") is None and "选修" not in before:
        return total[1], total[2]
    return broad or clause.statement.title or section, _quantity(before or after, found)


def _quantity(before: str, found: re.Match[str]) -> str:
    whole = (found.groupdict().get("of") or "").removesuffix("的")
    name = before.replace("的", "") if found["unit"] in ("%", "％") or "比例" in before else before
    if "1" in found["unit"]:
        return re.sub(r"比例?$", "之比", name)
    return f"{name}占{whole}比例" if whole else name


def _course_series(section: str) -> str:
    return {"8.1.2(1)": "专业基础课程", "8.1.2(2)": "专业核心课程", "8.1.2(3)": "专业拓展课程"}.get(section, "课程")


def _whose(clause: _Clause) -> str:
    """The subject in front of the clause (专业教师每年…，每 5 年…), else the section's."""
    found = re.match(r"\S*?(?=每\s*\d*\s*年)", clause.statement.text)
    return (found.group() if found else "") or TEACHERS.get(clause.statement.section, "教师")
