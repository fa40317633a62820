"""Columns told apart by what stands in them."""

from __future__ import annotations

import pytest

from corpora.programme.schedule.roles import Role, role_by_values


@pytest.mark.parametrize(
    ("role", "header", "texts", "left", "expected"),
    [
        ("nature", "课程性质", ["必修"] * 4 + ["选修"], True, "nature"),
        ("nature", "课程性质", ["必修", "选修（至少选4学分）"], True, "block"),
        ("nature", "性质", ["公共基础课", "专业核心课"], True, "block"),
        ("nature", "课程性质（B必修 X选修）", ["B", "B", "X"], False, "nature"),
        ("block", "类型", ["A类", "B类", "C类"], True, "kind"),
        ("block", "序", ["1", "2", "3"], True, "serial"),
        ("code", "编号", ["1.1", "1.2"], True, "serial"),
        ("code", "编号", ["101", "102"], True, "code"),
        ("ignored", "课程类别及占比", ["公共基础课（占20%）", "必修课"], True, "block"),
        ("ignored", "课程层次", ["必修", "选修"], False, "nature"),
        ("ignored", "先修课程", ["语文", "数学"], False, "ignored"),
    ],
)
def test_by_values(role: Role, header: str, texts: list[str], left: bool, expected: Role) -> None:
    """The header's role gives way to what the cells are."""
    assert role_by_values(role, header, texts, left) == expected
