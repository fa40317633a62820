"""Suggestions made offline: what to add for a gap, at the level required, and where in this document."""

from __future__ import annotations

from collections.abc import Sequence

from alignment.model import GapKind, Match, Suggestion
from corpora.expressions import Expression
from corpora.standard import Element
from corpora.stated_level import APPLIED, clauses_of, level_stated

LEVEL_NAMES = ("", "了解", "理解", "掌握", "应用", "分析", "设计")

#: How a learning task is worded at each level, with the element's text put in.
_TASKS = {
    1: "补充介绍“{0}”的基本概念与典型实例",
    2: "补充讲解“{0}”，要求学生能用自己的话解释并举例",
    3: "补充讲授并练习“{0}”，要求学生能独立完成",
    4: "补充“{0}”的实训任务，要求学生在给定项目中加以应用",
    5: "补充“{0}”的分析任务，要求学生依据真实数据得出结论并说明理由",
    6: "补充“{0}”的综合任务，要求学生独立形成方案或作品",
}


class Suggester:
    """Proposes content for gaps from the standard's wording and its expression bank.

    Parameters
    ----------
    expressions : the standard's bank; its wording for content and practice serves as an example of how others teach it.
    hours_per_element : class hours that the document gives an element on average, None when it states no hours.
    """

    def __init__(self, expressions: Sequence[Expression], hours_per_element: float | None) -> None:
        self._hours = hours_per_element
        self._examples: dict[str, dict[str, list[str]]] = {}
        for expression in expressions:
            if expression.grade == 2:
                forms = self._examples.setdefault(expression.element, {})
                forms.setdefault(expression.form, []).append(expression.text)

    def suggest(self, match: Match, kind: GapKind) -> Suggestion:
        """The proposal for one gap; ``where`` is the heading path of the section it fits best."""
        element = match.element
        where = " > ".join(match.home)
        if kind in ("missing", "touched"):
            example = self._example(element)
            text = self._addition(match, kind) + (f"；可参考写法：{example}" if example else "")
            return Suggestion(text, where, self._lesson_hours(kind), (element.statement,))
        text = {
            "level_short": _raise_level,
            "not_practised": lambda m: (
                f"目标中已提出“{m.element.text}”，教学内容与实训中未见对应安排，建议增加一个操作任务"
            ),
            "not_assessed": lambda m: f"考核方案未涉及“{m.element.text}”，建议在过程考核或项目考核中加入对应的评价点",
        }[kind](match)
        return Suggestion(text, where, None, (element.statement,))

    def _addition(self, match: Match, kind: GapKind) -> str:
        element = match.element
        if element.affective:
            return f"在素质目标中写明“{element.text}”，并结合教学活动落实"
        text = _TASKS[element.level].format(element.text)
        return text.replace("补充", "已有相关内容，建议进一步明确并扩充为：", 1) if kind == "touched" else text

    def _example(self, element: Element) -> str:
        """The bank's wording for the place that teaches the element: the first one of its level, else the first one."""
        forms = self._examples.get(element.id, {})
        wanted = ("practice", "content") if element.level >= APPLIED else ("content", "practice")
        texts = [text for form in dict.fromkeys((*wanted, *forms)) for text in forms.get(form, ())]
        return next((text for text in texts if _states(text, element.level)), next(iter(texts), ""))

    def _lesson_hours(self, kind: GapKind) -> float | None:
        if self._hours is None:
            return None
        hours = min(max(round(self._hours), 1), 4)
        return float(hours if kind == "missing" else max(hours // 2, 1))


def _states(text: str, required: int) -> bool:
    """Whether a wording states the level; one without a verb stands for applying."""
    levels = [level for clause in clauses_of(text) if (level := level_stated(clause)) is not None]
    return max(levels, default=APPLIED) >= required


def _raise_level(match: Match) -> str:
    found, required = match.level_found or 1, match.element.level
    return (
        f"目前的要求为“{LEVEL_NAMES[found]}”，标准要求“{LEVEL_NAMES[required]}”：建议把目标改写为“{match.element.text}”，"
        f"并安排相应的{'实训' if required >= 4 else '练习'}"
    )
