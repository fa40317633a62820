"""Leading numbers of Chinese documents (``一、`` ``（一）`` ``1.1`` ``①`` ``第三章`` ``项目二``) and what they tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

NumberKind = Literal[
    "part", "chapter", "section", "cn", "cn_paren", "decimal", "arabic_paren", "circled", "letter", "roman"
]

_CN = "[一二三四五六七八九十百零〇]{1,4}"
_ANY = f"(?:{_CN}|\\d{{1,3}}(?:[.．-]\\d{{1,2}})*)"
_UNITS: tuple[tuple[NumberKind, str], ...] = (
    ("part", f"第{_ANY}(?:部分|篇|编|模块)"),
    ("chapter", f"第{_ANY}(?:章|单元|讲|项目)|(?:模块|项目|学习情境|情境|单元|专题|附件|附录){_ANY}(?![一-鿿]*[年个])"),
    ("section", f"第{_ANY}(?:节|课|条)|(?:子任务|任务|活动|实验|实训){_ANY}(?![一-鿿]*[年个])"),
    ("cn", f"{_CN}(?:[、．]|[.](?!\\d))"),
    ("cn_paren", f"[（(]{_CN}[）)]、?"),
    ("arabic_paren", "[（(]\\d{1,2}[）)]、?|[⑴-⒇]"),
    ("decimal", "\\d{1,2}(?:[.．]\\d{1,2}){1,4}[.．、]?(?![\\d%％元天月日年万亿]|学[分时]|课时)"),
    ("decimal", "\\d{1,2}(?: ?[.．、)）](?!\\d)|(?=[ \\t　][一-鿿]))|[⒈-⒛]"),
    ("circled", "[①-⑳㈠-㈩]"),
    ("letter", "[A-Za-z][.．、)）](?![A-Za-z\\d.])|[（(][A-Za-z][）)]"),
    ("roman", "[ⅰ-ⅹⅠ-Ⅻ]+[.．、)）]?"),
)
_NUMBER = re.compile("|".join(f"(?P<k{i}>{pattern})" for i, (_, pattern) in enumerate(_UNITS)))
_RANKS: dict[str, int] = {
    kind: rank
    for rank, kind in enumerate(
        ("part", "chapter", "section", "cn", "cn_paren", "decimal", "arabic_paren", "circled", "roman", "letter")
    )
}


@dataclass(frozen=True, slots=True)
class Enumerator:
    """A leading number.

    Parameters
    ----------
    text : the number as written, its closing mark included.
    kind : its style.
    depth : number of its parts: 2 for ``1.1``, else 1.
    """

    text: str
    kind: NumberKind
    depth: int = 1

    @property
    def rank(self) -> tuple[int, int]:
        """Sort key: the smaller, the higher in the outline the style usually stands."""
        return _RANKS[self.kind], self.depth


def leading_enumerator(text: str) -> Enumerator | None:
    """The number that a text begins with (white space before it is skipped), None when there is none."""
    match = _NUMBER.match(text.lstrip())
    if match is None or match.lastgroup is None:
        return None
    kind = _UNITS[int(match.lastgroup[1:])][0]
    number = match.group()
    depth = len(re.findall(r"\d+", number)) if kind == "decimal" else 1
    return Enumerator(number, kind, max(depth, 1))


def leading_number(text: str) -> str:
    """The leading number as written, "" when there is none."""
    found = leading_enumerator(text)
    return found.text if found else ""


def outline_levels(
    used: Iterable[Enumerator], known: Mapping[tuple[int, int], int] | None = None
) -> dict[tuple[int, int], int]:
    """Outline level of each number style that one document uses for headings.

    Parameters
    ----------
    used : the leading numbers of all headings of the document.
    known : levels already told by styles, by ``Enumerator.rank``.

    Returns
    -------
    level from 1 by rank: a known one is kept, any other stands one below the style before it.
    """
    known = known or {}
    levels: dict[tuple[int, int], int] = {}
    previous = 0
    for rank in sorted({e.rank for e in used} | set(known)):
        previous = known.get(rank, previous + 1)
        levels[rank] = previous
    return levels
