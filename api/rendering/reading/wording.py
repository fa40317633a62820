"""Words of the report page that no other format needs; Chinese, translated where they are shown."""

from __future__ import annotations

from alignment.model import Match
from api.i18n import mark

#: How sure the system is, from the probability of the verdict that it gives.
_SURE = ((0.95, mark("很有把握")), (0.8, mark("较有把握")), (0.6, mark("把握不大")), (0.0, mark("接近判定界限")))
#: 草稿, 待审, 退回, 通过, each with the colour of its chip.
REVIEW_STATES = {
    "draft": (mark("草稿"), "plain"),
    "submitted": (mark("待审"), "review"),
    "returned": (mark("退回"), "touched"),
    "approved": (mark("通过"), "covered"),
}
#: What moves a report to a state.
MOVES = {
    "submitted": mark("提交审核"),
    "returned": mark("退回修改"),
    "approved": mark("审核通过"),
    "draft": mark("改为草稿"),
}
ACTIONS = {
    "accept": mark("认可系统结论"),
    "override": mark("改判"),
    "withdraw": mark("撤回人工结论"),
    "confirm": mark("复核同意"),
    "object": mark("复核不同意"),
}
CHIPS = {2: "covered", 1: "touched", 0: "missing"}
VERDICT_CHIPS = {"pass": "covered", "fail": "missing", "cannot_determine": "touched"}
JOB_STATES = {
    "queued": mark("排队中"),
    "running": mark("分析中"),
    "done": mark("已完成"),
    "failed": mark("未完成"),
    "cancelled": mark("已取消"),
}


def certainty(match: Match) -> str:
    """How sure the system is of its verdict."""
    covered, touched = match.p_covered, match.p_touched
    grade = match.decided.proposed_grade if match.decided else match.grade
    probability = covered if grade == 2 else 1 - touched if grade == 0 else min(touched, 1 - covered)
    return next(name for least, name in _SURE if probability >= least)
