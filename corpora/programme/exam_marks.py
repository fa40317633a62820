"""Signs that stand for forms of assessment where a plan explains them: ``○考试 △考查``, ``考试课用“★”表示``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpora.programme.model import Exam

_SIGNS = r"[*＊#＃★☆△▲※●○◎◆◇■□√✓×⊕]"
# ○考试, ★为考试课, “△”表示该课程考查
_BEFORE = re.compile(
    rf"({_SIGNS})[”\"’'）)]?(?:号|标[记识注志]?|者|的)?(?:课程?)?[：:=－—-]{{0,2}}(?:为|表示|代表|是|指)?(?:该课程?)?(?:为)?(考试|考查)"
)
# 考试课用★表示, 考试（★）, 考查以“△”标注
_AFTER = re.compile(rf"(考试|考查)(?:课程?|科目|方式)?(?:用|以|为|标注?|打|[：:=（(—-])*[“\"‘'（(]?({_SIGNS})")
#: How far from a table its legend is looked for, in characters.
_FAR = 300


def exam_marks(text: str, start: int, end: int) -> Mapping[str, Exam]:
    """The signs that the text in and around a table gives forms of assessment to.

    Parameters
    ----------
    start, end : the table's stretch of the text.
    """
    around = text[max(0, start - _FAR) : end + _FAR]
    before = {match[1]: _exam(match[2]) for match in _BEFORE.finditer(around)}
    return before or {match[2]: _exam(match[1]) for match in _AFTER.finditer(around)}


def _exam(text: str) -> Exam:
    return "考试" if text == "考试" else "考查"
