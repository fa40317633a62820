"""Removes what a reader does not see from a text: zero-width signs, soft hyphens, control characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff\u0000-\u0008\u000b\u000e-\u001f\u007f]"
)
_BLANKS = re.compile("[ \u00a0\u2000-\u200a\u202f\u205f\u3000\t\r\f\v]+")
_CJK = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60\uffe0-\uffe6"
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_CJK_CHAR = re.compile(f"[{_CJK}‘’“”…—·①-⑳]")
_CJK_BREAK = re.compile(f"(?<=[{_CJK}])[ \t]*[\r\n]\\s*(?=[{_CJK}])")
_SPACED_OUT = re.compile(f"^[{_CJK}](?: [{_CJK}]){{1,11}}$")


_LOOKALIKES = {
    code: unicodedata.normalize("NFKC", chr(code))
    for start, stop in ((0x2E80, 0x2FE0), (0xF900, 0xFB07))
    for code in range(start, stop)
}


def unify(text: str) -> str:
    """Radicals (``⽤``), compatibility ideographs and ligatures, as fonts map them, as the usual letters (``用``)."""
    return text.translate(_LOOKALIKES)


def visible(text: str) -> str:
    """The text without invisible characters; everything else stays as it is."""
    return _INVISIBLE.sub("", text)


def one_line(text: str) -> str:
    """The visible text with every run of blanks (line breaks, tabs, full-width blanks) as one blank, ends stripped."""
    return _BLANKS.sub(" ", visible(text).replace("\n", " ")).strip()


def tight(text: str) -> str:
    """A label that was spaced out for looks (``学　分``), closed up; any other text unchanged."""
    return text.replace(" ", "") if _SPACED_OUT.match(text) else text


def flowed(text: str) -> str:
    """A text with the line breaks of its source taken out: nothing between Chinese letters, a blank elsewhere."""
    return one_line(_CJK_BREAK.sub("", text))


@lru_cache(1 << 14)
def is_cjk(character: str) -> bool:
    """Whether a character is set without blanks between words: Chinese letters and full-width punctuation."""
    return bool(_CJK_CHAR.match(character))


@lru_cache(1 << 14)
def is_ideograph(character: str) -> bool:
    """Whether a character is a Chinese letter, not punctuation."""
    return bool(_IDEOGRAPH.match(character))


def join_lines(first: str, second: str) -> str:
    """Two pieces of a text broken over a line: no blank beside Chinese, one between Latin words, hyphens closed.

    >>> join_lines("网店", "运营"), join_lines("search", "engine"), join_lines("opti-", "mise")
    ('网店运营', 'search engine', 'optimise')
    """
    if not first or not second:
        return first + second
    if first[-1].isspace() or second[0].isspace() or is_cjk(first[-1]) or is_cjk(second[0]):
        return first.rstrip() + second.lstrip()
    if first[-1] in "-/" and first[-2:-1].isdigit() and second[0].isdigit():
        return first + second
    if first[-1] == "-" and len(first) > 1 and first[-2].islower() and second[0].islower():
        return first[:-1] + second
    return f"{first} {second}"
