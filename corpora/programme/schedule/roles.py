"""What the columns of a course table hold, and what their cells say of it where the header leaves room."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from corpora.programme.schedule.categories import means_category
from corpora.programme.schedule.cells import flat, is_kind, required_of

Role = Literal[
    "block",
    "serial",
    "code",
    "name",
    "kind",
    "core",
    "nature",
    "exam",
    "exam_test",
    "exam_check",
    "credits",
    "hours",
    "credits_hours",
    "hours_credits",
    "hours_parts",
    "theory",
    "practice",
    "other_hours",
    "weeks",
    "semester",
    "semester_text",
    "quota",
    "note",
    "ignored",
]
#: Roles of which a row has at most one cell that counts.
VALUES: frozenset[Role] = frozenset(
    {
        "credits",
        "hours",
        "credits_hours",
        "hours_credits",
        "hours_parts",
        "theory",
        "practice",
        "weeks",
        "semester",
        "quota",
    }
)
_SERIALS = re.compile(r"\d{1,3}|[一二三四五六七八九十]{1,3}|[①-⑳]|[(（]\d{1,2}[)）]|\d{1,2}[.、]|\d{1,2}\.\d{1,2}")
# 选修（至少选4学分）, 任选2门: more than the nature of a course
_QUOTA = re.compile(r"选.*(?:学分|门)|选[一二三四五六两\d]")
# the place in a list, not a code: 12, 3.1, 二
_POSITION = re.compile(r"\d{1,2}[.、]?|\d{1,2}\.\d{1,2}|[一二三四五六七八九十]{1,3}")
# a header that explains its letters: 课程性质（B必修 X选修）
_KEY = re.compile(r"必修.*选修")
_BARE_NATURE = re.compile(r"(?:必修|选修|限选|任选|限定选修|任意选修|公选)课?")
_MOST = 0.8


def role_by_values(role: Role, header: str, texts: Sequence[str], left: bool) -> Role:
    """Columns of labels told apart by what stands in them: serial numbers, types of lesson, 必修/选修, categories.

    Parameters
    ----------
    role, header : what the header says the column is, and its innermost text.
    texts : the column's filled cells.
    left : whether it stands left of the names.
    """
    if (
        role == "code"
        and flat(header) == "编号"
        and _most(lambda text: _POSITION.fullmatch(flat(text)) is not None, texts)
    ):
        return "serial"
    if role == "ignored" and left and header and _most(_is_label, texts):
        return "block"  # 课程类别及占比
    if role == "ignored" and header and all(map(is_bare_nature, texts)):
        return "nature"
    if role not in ("block", "nature") or (role == "nature" and (is_bare_nature(header) or _KEY.search(flat(header)))):
        return role
    if role == "block" and left and _most(_is_serial, texts):
        return "serial"
    if _most(is_kind, texts) and not all(is_kind(text) <= (required_of(text) is not None) for text in texts):
        return "kind"
    if role == "block":
        return "nature" if not left and _most(_is_nature, texts) else "block"
    if _most(means_category, texts) or (left and any(_QUOTA.search(flat(text)) for text in texts)):
        return "block"
    return "nature" if _most(lambda text: required_of(text) is not None, texts) else "block"


def _most(test: Callable[[str], bool], texts: Sequence[str]) -> bool:
    return sum(map(test, texts)) >= len(texts) * _MOST


def _is_serial(text: str) -> bool:
    return _SERIALS.fullmatch(flat(text)) is not None


def is_bare_nature(text: str) -> bool:
    """Whether a text is 必修, 选修, 限选, 任选 and nothing more."""
    return _BARE_NATURE.fullmatch(flat(text)) is not None


def _is_label(text: str) -> bool:
    return means_category(text) or required_of(text) is not None


def _is_nature(text: str) -> bool:
    return required_of(text) is not None and len(text) <= 8
