"""What is wrong with fields of a request, in words of both languages instead of the validator's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: By the validator's name of the error: in Chinese, in English; its context is put in.
_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("没有填写", "is missing"),
    "literal_error": ("只能是 {expected} 之一", "must be one of {expected}"),
    "enum": ("只能是 {expected} 之一", "must be one of {expected}"),
    "string_type": ("应为文字", "must be text"),
    "string_too_short": ("至少 {min_length} 个字", "must have at least {min_length} characters"),
    "string_too_long": ("至多 {max_length} 个字", "may have at most {max_length} characters"),
    "string_pattern_mismatch": ("写法不符合 {pattern}", "must match {pattern}"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "int_type": ("应为整数", "must be a whole number"),
    "int_from_float": ("应为整数", "must be a whole number"),
    "float_parsing": ("应为数字", "must be a number"),
    "float_type": ("应为数字", "must be a number"),
    "bool_parsing": ("应为 true 或 false", "must be true or false"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "greater_than_equal": ("不能小于 {ge}", "must be at least {ge}"),
    "less_than_equal": ("不能大于 {le}", "must be at most {le}"),
    "greater_than": ("应大于 {gt}", "must be greater than {gt}"),
    "less_than": ("应小于 {lt}", "must be less than {lt}"),
    "list_type": ("应为列表", "must be a list"),
    "tuple_type": ("应为列表", "must be a list"),
    "dict_type": ("应为对象", "must be an object"),
    "model_attributes_type": ("应为对象", "must be an object"),
    "too_short": ("至少 {min_length} 项", "must have at least {min_length} items"),
    "too_long": ("至多 {max_length} 项", "may have at most {max_length} items"),
    "extra_forbidden": ("没有这个字段", "is not a field here"),
    "json_invalid": ("不是正确的 JSON", "is not valid JSON"),
    "string_unicode": ("不是正确的 Unicode 文字", "is not valid Unicode text"),
    "datetime_parsing": ("应为 ISO 8601 的时间", "must be a time in ISO 8601"),
    "datetime_from_date_parsing": ("应为 ISO 8601 的时间", "must be a time in ISO 8601"),
}
_OTHERWISE = ("值不对", "has a value it cannot have")
_PLACES = {"body", "query", "path", "header", "cookie"}


@dataclass(frozen=True)
class FieldProblem:
    """One field: where it stands (body, query, path, header), its name, and what is wrong with it."""

    place: str
    field: str
    what: str
    what_en: str


def field_problems(errors: Sequence[Mapping[str, Any]]) -> tuple[FieldProblem, ...]:
    """The fields that a validator complains of; values that were sent are not repeated."""
    return tuple(dict.fromkeys(_field_problem(error) for error in errors))


def _field_problem(error: Mapping[str, Any]) -> FieldProblem:
    place, *path = (str(part) for part in error["loc"])
    if place not in _PLACES:
        place, path = "body", [place, *path]
    if error["type"] == "json_invalid":
        path = []
    chinese, english = _WORDS.get(error["type"], _OTHERWISE)
    context = error.get("ctx", {})
    try:
        what, what_en = chinese.format_map(context), english.format_map(context)
    except KeyError:
        what, what_en = _OTHERWISE
    return FieldProblem(place, ".".join(path) or place, what, what_en)
