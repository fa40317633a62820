"""Counts held against rules."""

from __future__ import annotations

import pytest

from alignment.programme.rules.outcome import Count, compare, expected_text, verdict_of
from tests.alignment.programme.plans import rule

INFINITE = float("inf")


@pytest.mark.parametrize(
    ("operator", "asked", "low", "high", "expected"),
    [
        (">=", 25, 25, 25, "pass"),
        (">=", 25, 24.99, 24.99, "fail"),
        (">=", 25, 20, 30, "cannot_determine"),
        (">=", 60, 95, INFINITE, "pass"),
        ("<=", 25, 20, INFINITE, "cannot_determine"),
        ("<=", 2400, 2400, 2400, "pass"),
        ("=", 8, 9, 9, "fail"),
        ("=", 6, 6, 6, "pass"),
        ("=", 6, 5.5, 6, "cannot_determine"),
        ("between", (16, 18), 16, 18, "pass"),
        ("between", [16, 18], 18.03, 18.03, "fail"),
        (">", 25, 25, 25, "fail"),
        ("<", 25, 24, 24, "pass"),
        ("includes", 25, 24, 24, "cannot_determine"),
        (">=", "副高", 1, 1, "cannot_determine"),
    ],
)
def test_numbers_against_rules(operator: str, asked: object, low: float, high: float, expected: str) -> None:
    """All of the range, none of it, or open; an operator or value without an order decides nothing."""
    assert compare(operator, asked, low, high) == expected


def test_words_decide_only_with_a_verdict_of_their_own() -> None:
    """A count in words needs its verdict; no count is no verdict."""
    asked = rule(value=1)
    assert verdict_of(asked, Count("一两项", "")) == "cannot_determine"
    assert verdict_of(asked, Count("一两项", "", verdict="pass")) == "pass"
    assert verdict_of(asked, None) == "cannot_determine"


def test_rules_in_words() -> None:
    """Numbers, ranges, ratios and sets as the report prints them."""
    assert expected_text(rule(operator=">=", value=2500, unit="学时")) == ">= 2500 学时"
    assert expected_text(rule(operator="between", value=(16, 18), unit="学时/学分")) == "16~18 学时/学分"
    assert expected_text(rule(operator="<=", value=25, unit=":1")) == "<= 25:1"
    assert expected_text(rule(operator="includes", value=("学校", "学生"))) == "包括 学校、学生"
    assert expected_text(rule(operator=">=", value="副高")) == ">= 副高"
