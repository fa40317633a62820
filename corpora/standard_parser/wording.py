"""Sentences, clauses and name lists of provisions."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPEN, _CLOSE = "（(《“[", "）)》”]"
_ETC = re.compile(r"等(?:(?:相关|方面的?|领域的?)?(?:课程|内容|知识|工作|岗位|职业|活动|行业|软件|工具)?)[。；，]?$")

#: A clause that opens a provision of its own.
_OWN_CLAUSE = re.compile(
    r"(?:并?(?:原则上|一般|应|须|能够?|可|要|有(?!关|利|效|助)|具有|具备)|并(?=签|建|提)|依法|经\S{0,6}后|在\S+中起|学校|实习单位|实习基地|企业|"
    r"专任教师|专业教师|专业带头人|兼职教师|每\s*\d+\s*年)|.*(?:能力强|比例\S*\s*\d|比\S*\s*\d+\s*[:：%])"
)
_KNOWING = re.compile(r"(?:了解|熟悉|掌握|主持)")
_HAVING_CLAUSE = re.compile(r"(?:原则上|一般)?(?:应)?(?:具有|具备)")
_GROUND_CLAUSE = re.compile(r"(?:根据|按照|依据|结合|通过|经|为|在)[^，]*$")


def sentences(text: str, also_semicolon: bool = False) -> list[str]:
    """Sentences with their full stop; at ； too when asked."""
    ends = "。；;" if also_semicolon else "。"
    return list(_cut_after(text, ends))


def clauses(text: str) -> list[str]:
    """Provisions of a paragraph: its sentences, cut at ； or, where a clause says something of its own, at ，."""
    found: list[str] = []
    for sentence in sentences(text):
        parts = list(_cut_after(sentence, "；;"))
        found += parts if len(parts) > 2 else [piece for part in parts for piece in _at_commas(part)]
    return found


def names(text: str) -> tuple[str, ...]:
    """Members of a 、 list, brackets respected, without 等 and full stops; each once."""
    text = text.strip().rstrip("。；，、")
    text = _ETC.sub("", text).removesuffix("等")
    parts = (part.strip().strip("《》") for part in _split_outside(text, "、"))
    return tuple(dict.fromkeys(part for part in parts if part))


def bare(name: str) -> str:
    """A name for comparing: without spaces, width of brackets made one."""
    return re.sub(r"\s+", "", name).replace("(", "（").replace(")", "）").replace("《", "").replace("》", "")


def similarity(first: str, second: str) -> float:
    """Dice coefficient (Dice 1945) over the two names' characters in order of longest common subsequence, in 0..1."""
    a, b = bare(first), bare(second)
    row = [0] * (len(b) + 1)
    for x in a:
        previous = 0
        for n, y in enumerate(b, 1):
            previous, row[n] = row[n], previous + 1 if x == y else max(row[n], row[n - 1])
    return 2 * row[-1] / (len(a) + len(b)) if a or b else 0.0


def _at_commas(sentence: str) -> Iterator[str]:
    parts = list(_split_outside(sentence, "，"))
    current = parts[0]
    for part in parts[1:]:
        ground = _GROUND_CLAUSE.match(current)
        own = _OWN_CLAUSE.match(part) or (_KNOWING.match(part) and _ends_modal(current, part))
        if own and not ground:
            yield current
            current = part
        else:
            current = f"{current}，{part}"
    yield current


def _ends_modal(current: str, part: str) -> bool:
    """Whether 了解… goes with its own: behind a 具有 clause, or 主持… behind a finished 能 clause."""
    return bool(_HAVING_CLAUSE.match(current)) or part.startswith("主持")


def _cut_after(text: str, ends: str) -> Iterator[str]:
    depth, start = 0, 0
    for n, char in enumerate(text):
        depth += (char in _OPEN) - (char in _CLOSE)
        if char in ends and depth <= 0:
            yield text[start : n + 1].strip()
            start = n + 1
    if text[start:].strip():
        yield text[start:].strip()


def _split_outside(text: str, separator: str) -> Iterator[str]:
    depth, start = 0, 0
    for n, char in enumerate(text):
        depth += (char in _OPEN) - (char in _CLOSE)
        if char == separator and depth <= 0:
            yield text[start:n]
            start = n + 1
    yield text[start:]
