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

#: Words of the report and of the audit that these pages show in both languages; the report itself is Chinese.
TERMS = (
    mark("已覆盖"), mark("部分涉及"), mark("未覆盖"), mark("层次不足"), mark("缺少实践"), mark("未列入考核"),
    mark("了解"), mark("理解"), mark("掌握"), mark("应用"), mark("分析"), mark("设计"),
    mark("目标"), mark("内容"), mark("实践"), mark("考核"), mark("资源"), mark("其他"),
    mark("符合"), mark("不符合"), mark("无法判定"), mark("必须"), mark("一般应"), mark("可以"),
    mark("已开设"), mark("仅作选修开设"), mark("仅在一个方向开设"), mark("仅列入选课目录"), mark("未开设"),
    mark("课程名相同"), mark("别名"), mark("名称或内容相近"), mark("相近课程"),
    mark("合计不符"), mark("理论加实践不等于总学时"), mark("学期分配不符"), mark("学时与学分折算"), mark("比例不符"),
    mark("周数不符"), mark("两表不一致"), mark("正文与表不一致"), mark("课程名不一致"), mark("重复计算"),
    mark("标准中没有对应"), mark("重复开设"), mark("内容相近"), mark("一门对应多门"), mark("多门对应一门"),
    mark("分方向"), mark("合并计分"), mark("限选若干"), mark("没有课程涉及"), mark("只提到"),
    mark("三门及以上课程讲授"),
    mark("公共基础课"), mark("专业基础课"), mark("专业核心课"), mark("专业拓展课"), mark("实践性教学环节"),
    mark("一致"), mark("不一致"), mark("未载明"), mark("未列出"), mark("方向课"), mark("必修"), mark("选修"),
    mark("未识别出对应的专业核心课程"),
)  # fmt: skip


def certainty(match: Match) -> str:
    """How sure the system is of its verdict."""
    covered, touched = match.p_covered, match.p_touched
    grade = match.decided.proposed_grade if match.decided else match.grade
    probability = covered if grade == 2 else 1 - touched if grade == 0 else min(touched, 1 - covered)
    return next(name for least, name in _SURE if probability >= least)
