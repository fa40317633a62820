"""From the values of a pack file to a ``RulePack``: every key checked, errors with line, key and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, NoReturn

from alignment.programme.packs.model import SCOPED, PackRule, RequiredCourse, RulePack, in_words
from alignment.programme.quantities import QUANTITIES, QuantityName
from corpora.errors import StandardFormatError
from corpora.programme.model import CATEGORY_NAMES, Category
from corpora.standard import Rule, Strength

#: Most rules in a pack, and most courses in a rule.
MOST = 200
#: Longest text of one key, in characters.
LONGEST = 500
_ID = re.compile(r"^[A-Za-z0-9一-鿿][A-Za-z0-9一-鿿._-]{0,31}$")
#: Ids that the national standards use themselves.
_TAKEN = re.compile(r"^(?:NR|OR)\d+$", re.IGNORECASE)
_PACK_KEYS = ("name", "title", "issuer", "version", "rules")
_RULE_KEYS = ("id", "quantity", "operator", "value", "force", "categories", "courses", "text", "section", "note")
_COURSE_KEYS = ("name", "aliases", "category", "compulsory", "credits", "hours")
OPERATORS = (">=", "<=", "=", "between", "includes")
#: Names under which a force may be written.
FORCES: dict[str, Strength] = {
    "must": "must",
    "should": "should",
    "may": "may",
    "应": "must",
    "一般": "should",
    "可": "may",
}
#: Quantities whose value is a word (a rank or a degree), and those whose value is a list of words.
WORDS: tuple[QuantityName, ...] = ("leader_title", "teacher_degree", "part_time_title")
LISTS: tuple[QuantityName, ...] = ("teacher_certificate", "internship_agreement")
_CATEGORIES: dict[str, Category] = {
    **{name: name for name in CATEGORY_NAMES},
    **{chinese: name for name, chinese in CATEGORY_NAMES.items()},
}


@dataclass(frozen=True)
class Mapping:
    """A mapping of the file: its values, the line of every key, the line it begins in."""

    values: dict[str, Any]
    lines: dict[str, int]
    line: int


@dataclass(frozen=True)
class _Place:
    """Where a mapping stands, for messages: file, what it is (规则 X1), and the mapping itself."""

    file: str
    what: str
    mapping: Mapping

    def fail(self, key: str, problem: str, advice: str) -> NoReturn:
        """Raise with file, line, key."""
        line = self.mapping.lines.get(key, self.mapping.line)
        label = f"{self.what}的 {key} " if key else self.what
        raise StandardFormatError(f"{label}{problem}", where=f"{self.file} 第{line}行", advice=advice)

    def check_keys(self, allowed: Sequence[str]) -> None:
        """Refuse keys that mean nothing."""
        for key in self.mapping.values:
            if key not in allowed:
                close = get_close_matches(key, allowed, 1)
                hint = f"是否想写 {close[0]}？" if close else ""
                self.fail(key, "不认识", f"{hint}可用的键：{'、'.join(allowed)}")

    def text(self, key: str, needed: bool = False) -> str:
        """A text, "" where it is missing and may be."""
        value = self.mapping.values.get(key)
        if value is None or value == "":
            if needed:
                self.fail(key, "缺失", f"请写上 {key}: 文字")
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.fail(key, "应是一段文字", "请写成一行文字，必要时加引号")
        if len(str(value)) > LONGEST:
            self.fail(key, f"超过 {LONGEST} 字", "请写短一些")
        return str(value).strip()

    def items(self, key: str) -> list[Any]:
        """A list, empty where it is missing; a single value counts as a list of one."""
        value = self.mapping.values.get(key)
        found = [] if value is None else value if isinstance(value, list) else [value]
        if len(found) > MOST:
            self.fail(key, f"超过 {MOST} 项", "请分成几个规则包")
        return found

    def number(self, key: str) -> float | None:
        """A number that is not negative, None where it is missing."""
        value = self.mapping.values.get(key)
        if value is None:
            return None
        if not _is_number(value) or value < 0:
            self.fail(key, f"应是不小于 0 的数，现在是“{value}”", f"例如 {key}: 2")
        return float(value)


def pack_of(data: Any, file: str) -> RulePack:
    """The pack that a file's values make.

    Raises
    ------
    StandardFormatError : the first thing that a pack cannot say, with its line.
    """
    if not isinstance(data, Mapping):
        raise StandardFormatError("规则包应以“键: 值”书写", where=file, advice=f"最外层的键：{'、'.join(_PACK_KEYS)}")
    place = _Place(file, "规则包", data)
    place.check_keys(_PACK_KEYS)
    rules = tuple(_rule(item, place, number) for number, item in enumerate(place.items("rules"), 1))
    if not rules:
        place.fail("rules", "没有规则", "请在 rules: 下用短横线逐条书写")
    _check_ids(rules, place)
    name = place.text("name", needed=True)
    return RulePack(name, place.text("title"), place.text("issuer"), place.text("version"), rules, file)


def _check_ids(rules: Sequence[PackRule], place: _Place) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.rule.id in seen:
            place.fail("rules", f"里编号 {rule.rule.id} 用了两次", "每条规则的 id 各不相同")
        seen.add(rule.rule.id)


def _rule(item: Any, parent: _Place, number: int) -> PackRule:
    if not isinstance(item, Mapping):
        parent.fail("rules", f"的第 {number} 条不是规则", "每条规则以“- id: 编号”开始")
    place = _Place(parent.file, f"第 {number} 条规则", item)
    place.check_keys(_RULE_KEYS)
    id_ = place.text("id", needed=True)
    place = _Place(parent.file, f"规则 {id_} ", item)
    if not _ID.match(id_) or _TAKEN.match(id_):
        place.fail("id", f"“{id_}”不可用", "用字母、数字、汉字和 . _ -，最多 32 个；NR、OR 加数字是国家标准自己的编号")
    quantity = _quantity(place)
    courses = _courses(place, quantity)
    operator, value = ("includes", tuple(c.name for c in courses)) if courses else _comparison(place, quantity)
    categories = _scope(place, quantity)
    title, unit = QUANTITIES[quantity]
    rule = Rule(
        id=id_,
        type="set" if operator == "includes" else "ordinal" if quantity in WORDS else "numeric",
        subject="、".join(CATEGORY_NAMES[category] for category in categories) or "方案",
        quantity=title,
        operator=operator,
        value=value,
        strength=_force(place),
        text=place.text("text"),
        section=place.text("section"),
        unit=unit,
        note=place.text("note"),
        applies_to=tuple(CATEGORY_NAMES[category] for category in categories),
    )
    rule = rule if rule.text else replace(rule, text=f"{title}{in_words(rule)}")
    return PackRule(rule, quantity, categories, courses)


def _quantity(place: _Place) -> QuantityName:
    name = place.text("quantity", needed=True)
    titles = {title: key for key, (title, _) in QUANTITIES.items()}
    for key in QUANTITIES:
        titles[key] = key
    if name not in titles:
        close = get_close_matches(name, titles, 1)
        hint = f"是否想写 {close[0]}？" if close else ""
        place.fail("quantity", f"“{name}”不认识", f"{hint}可用的量：{'、'.join(QUANTITIES)}")
    return titles[name]


def _force(place: _Place) -> Strength:
    word = place.text("force") or "must"
    if word not in FORCES:
        place.fail("force", f"“{word}”不可用", f"可写 {'、'.join(FORCES)}")
    return FORCES[word]


def _scope(place: _Place, quantity: QuantityName) -> tuple[Category, ...]:
    words = place.items("categories")
    if words and quantity not in SCOPED:
        place.fail("categories", f"不能用于 {quantity}", f"只用于 {'、'.join(SCOPED)}")
    return tuple(dict.fromkeys(_category(place, "categories", word) for word in words))


def _category(place: _Place, key: str, word: Any) -> Category:
    if str(word) not in _CATEGORIES:
        place.fail(key, f"“{word}”不认识", f"可写 {'、'.join(_CATEGORIES)}")
    return _CATEGORIES[str(word)]


def _comparison(place: _Place, quantity: QuantityName) -> tuple[str, Any]:
    operator = place.text("operator", needed=True)
    allowed = _operators(quantity)
    if operator not in allowed:
        place.fail("operator", f"“{operator}”不能用于 {quantity}", f"可写 {'、'.join(allowed)}")
    value = place.mapping.values.get("value")
    if value is None:
        place.fail("value", "缺失", "请写上要求的数或文字")
    if quantity in LISTS:
        return operator, tuple(_words(place, value))
    if quantity in WORDS:
        return operator, place.text("value", needed=True)
    if operator == "between":
        return operator, _pair(place, quantity, value)
    return operator, _number(place, quantity, value)


def _operators(quantity: QuantityName) -> tuple[str, ...]:
    if quantity in LISTS:
        return ("includes",)
    return (">=",) if quantity in WORDS else (">=", "<=", "=", "between")


def _words(place: _Place, value: Any) -> list[str]:
    words = value if isinstance(value, list) else [value]
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        place.fail("value", "应是一组词", "例如 value: [学校, 学生, 实习单位]")
    return [word.strip() for word in words]


def _pair(place: _Place, quantity: QuantityName, value: Any) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        place.fail("value", "用 between 时应是两个数", "例如 value: [16, 18]")
    low, high = (_number(place, quantity, end) for end in value)
    if low > high:
        place.fail("value", f"的下限 {low:g} 大于上限 {high:g}", "请小数在前")
    return low, high


def _number(place: _Place, quantity: QuantityName, value: Any) -> float:
    unit = QUANTITIES[quantity][1]
    if not _is_number(value) or value < 0:
        place.fail("value", f"应是不小于 0 的数，现在是“{value}”", f"单位是{unit or '项'}，只写数字")
    if unit == "%" and value > 100:
        place.fail("value", f"是百分数，不能是 {value:g}", "写 0 到 100 之间的数，例如 50")
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) < 1e9


def _courses(place: _Place, quantity: QuantityName) -> tuple[RequiredCourse, ...]:
    items = place.items("courses")
    if quantity != "required_courses":
        if items:
            place.fail("courses", f"不能用于 {quantity}", "只用于 quantity: required_courses")
        return ()
    for key in ("operator", "value"):
        if key in place.mapping.values:
            place.fail(key, "不能用于 required_courses", "请把课程写在 courses 下")
    if not items:
        place.fail("courses", "缺失", "请在 courses: 下逐门书写课程，例如 - name: 大学语文")
    return tuple(_course(item, place) for item in items)


def _course(item: Any, parent: _Place) -> RequiredCourse:
    if isinstance(item, str) and item.strip():
        return RequiredCourse(item.strip())
    if not isinstance(item, Mapping):
        parent.fail("courses", "里有一项不是课程", "写课程名，或写 name 和 aliases")
    place = _Place(parent.file, f"{parent.what}的课程", item)
    place.check_keys(_COURSE_KEYS)
    aliases = place.items("aliases")
    if not all(isinstance(alias, str) and alias.strip() for alias in aliases):
        place.fail("aliases", "应是一组课程名", "例如 aliases: [大学语文, 语文]")
    compulsory = place.mapping.values.get("compulsory")
    if compulsory is not None and not isinstance(compulsory, bool):
        place.fail("compulsory", f"“{compulsory}”不可用", "必修写 true，选修写 false，都可以就不写")
    category = place.mapping.values.get("category")
    return RequiredCourse(
        name=place.text("name", needed=True),
        aliases=tuple(alias.strip() for alias in aliases),
        category=None if category is None else _category(place, "category", category),
        compulsory=compulsory,
        credits=place.number("credits"),
        hours=place.number("hours"),
    )
