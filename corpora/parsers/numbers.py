"""Leading numbers of Chinese headings and list items (``第一章``, ``一、``, ``1.1``, ``①``); one for all formats."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CN = "一二三四五六七八九十百零〇"
_UNIT = "学分|学时|课时|周|万|亿|元|％|%|倍|个|年|月|日|时|分|小时|天|人|名|门|次|米|寸|英寸|mm|cm|km|kg|GB|MB|版|G|M"

_AFTER_NAME = r"(?=[\s　]|[^\d.，。；的个])"

#: (scheme, pattern); group ``n`` is the number as it stands in the text. First match wins.
_SCHEMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (scheme, re.compile(pattern))
    for scheme, pattern in (
        ("article", rf"(?P<n>第[{_CN}\d]{{1,6}}条)(?=\S|\s)"),
        ("chapter", rf"(?P<n>第\s?[{_CN}\d]{{1,4}}\s?(?:章|篇|编|单元|模块|讲|部分(?!的)))(?![，。；、])"),
        ("section", rf"(?P<n>第\s?[{_CN}\d]{{1,4}}\s?节)(?!课)"),
        (
            "unit",
            rf"(?P<n>(?:项目|模块|单元|学习情境|情境)\s?(?:[{_CN}]{{1,3}}|\d{{1,2}}(?![.\d]))[、.．：:]?){_AFTER_NAME}",
        ),
        (
            "task",
            rf"(?P<n>(?:任务|子任务|活动|案例)\s?(?:[{_CN}]{{1,3}}|\d{{1,2}}(?:[.\-]\d{{1,2}})*)[、.．：:]?){_AFTER_NAME}",
        ),
        ("chinese", rf"(?P<n>[{_CN}]{{1,3}}\s?[、．.])(?=\s?\S)"),
        ("chinese_paren", rf"(?P<n>[（(]\s?[{_CN}]{{1,3}}\s?[）)]、?)"),
        (
            "decimal",
            r"(?P<n>\d{1,2}(?:[.．]\d{1,2}){1,4}[.．、]?)(?![\d%％])"
            rf"(?!\s?(?:{_UNIT})(?![\u4e00-\u9fff]))(?=\s*\S)",
        ),
        ("arabic", r"(?P<n>\d{1,3}\s?[.．、])(?!\d)(?=\s*\S)"),
        ("arabic_half", r"(?P<n>\d{1,3}\s?[)）])(?=\s*\S)"),
        ("arabic_paren", r"(?P<n>[（(]\s?\d{1,2}\s?[）)]、?)"),
        ("arabic_paren", r"(?P<n>[⑴-⒇])"),
        ("chinese_paren", r"(?P<n>[㈠-㈩])"),
        ("circled", r"(?P<n>[①-⑳❶-❿⓵-⓾])"),
        ("roman", r"(?P<n>(?:[Ⅰ-Ⅻ]+|[IVX]{1,4})[.．、])(?=\s*\S)"),
        ("letter", r"(?P<n>[A-Za-z][.．、)）])(?=[\s　]|[\u4e00-\u9fff])"),
        ("bare", rf"(?P<n>\d{{1,2}})(?=[ 　]+(?!{_UNIT})[\u4e00-\u9fff])"),
    )
)
_BULLET = re.compile(r"(?:[•●○◦▪▫■□◆◇★☆➢➤➔►▶✓✔√※►⚫\uf000-\uf0ff]\s*|[-–*·]\s+)+(?=\S)")
_CHAPTER_LIKE = {"chapter", "section"}


@dataclass(frozen=True, slots=True)
class Number:
    """A leading number.

    Parameters
    ----------
    text : the number with its punctuation, as it stands (``（一）``).
    scheme : its numbering style; a decimal's depth belongs to it (``decimal2`` for ``1.1``).
    end : offset behind the number and the blanks after it.
    """

    text: str
    scheme: str
    end: int

    @property
    def is_chapter(self) -> bool:
        """Whether it says of itself that it heads a chapter or section."""
        return self.scheme in _CHAPTER_LIKE


def leading_number(text: str) -> Number | None:
    """The number that a text begins with, None where it has none.

    A quantity is none (``2.5学分``), nor is a date or a year.
    """
    for scheme, pattern in _SCHEMES:
        match = pattern.match(text)
        if match:
            number = match["n"]
            rest = text[match.end("n") :]
            end = match.end("n") + len(rest) - len(rest.lstrip())
            return Number(number.strip(), _full_scheme(scheme, number), end)
    return None


def strip_bullet(text: str) -> tuple[str, bool]:
    """The text without leading bullet signs, and whether it had any."""
    match = _BULLET.match(text)
    return (text[match.end() :], True) if match else (text, False)


def _full_scheme(scheme: str, number: str) -> str:
    if scheme == "decimal":
        return f"decimal{len(re.findall(r'[0-9]+', number))}"
    return "decimal1" if scheme == "bare" else scheme
