"""Signs that a plan explains: for forms of assessment (``○考试 △考查``) and for core courses (``★为专业核心课程``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpora.programme.model import Exam

_SIGNS = r"[*＊#＃★☆△▲※●○◎◆◇■□√✓×⊕]"
_QUOTED = rf"({_SIGNS})[”\"’'）)]?(?:号|标[记识注志]?|者|的)?(?:课程?)?[：:=－—-]{{0,2}}(?:为|表示|代表|是|指)?"
# ○考试, ★为考试课, “△”表示该课程考查
_BEFORE = re.compile(_QUOTED + "(?:该课程?)?为?(考试|考查)")
# 考试课用★表示, 考试（★）, 考查以“△”标注
_AFTER = re.compile(rf"(考试|考查)(?:课程?|科目|方式)?(?:用|以|为|标注?|打|[：:=（(—-])*[“\"‘'（(]?({_SIGNS})")
# 带“★”的为专业核心课程; 核心课程用▲标注
_CORE = re.compile(_QUOTED + "(?:本?专业(?:群)?)?核心")
_CORE_AFTER = re.compile(rf"核心课程?(?:用|以|前?加|标注?|打|为|[：:=（(—-])*[“\"‘'（(]?({_SIGNS})")
# B—必修课 X—选修课, R：限选
_REQUIRED = re.compile(
    r"(?<![A-Za-z])([A-Z])[”\"’'）)]?[\s：:=－—-]{0,3}(?:为|表示|代表|指)?(必修|限选|任选|选修|公选|限定选修|任意选修)"
)
#: How far from a table its legend is looked for, in characters.
_FAR = 300


@dataclass(frozen=True)
class Legend:
    """What signs in a table mean: ``exams`` by sign, ``core`` those of core courses, ``required`` 必修 or 选修."""

    exams: Mapping[str, Exam] = field(default_factory=dict)
    core: frozenset[str] = frozenset()
    required: Mapping[str, bool] = field(default_factory=dict)


def read_legend(text: str, start: int, end: int) -> Legend:
    """The signs that the text in and around a table explains.

    Parameters
    ----------
    start, end : the table's stretch of the text.
    """
    around = text[max(0, start - _FAR) : end + _FAR]
    before = {match[1]: _exam(match[2]) for match in _BEFORE.finditer(around)}
    exams = before or {match[2]: _exam(match[1]) for match in _AFTER.finditer(around)}
    core = [match[1] for pattern in (_CORE, _CORE_AFTER) for match in pattern.finditer(around)]
    required = {match[1]: match[2] == "必修" for match in _REQUIRED.finditer(around)}
    return Legend(exams, frozenset(core), required)


def _exam(text: str) -> Exam:
    return "考试" if text == "考试" else "考查"
