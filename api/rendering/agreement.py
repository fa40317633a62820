"""What a report says of its own reliability: measured agreement with reviewers, in words."""

from __future__ import annotations

from functools import cache

from alignment.agreement import Agreement, load_agreement
from alignment.model import GapReport
from api.rendering.words import percent

#: Weighted kappa between the two labellings themselves, over 14 documents.
BETWEEN_LABELLERS = 0.95

TITLE = "与标注的一致程度"


def agreement_lines(report: GapReport) -> tuple[str, ...]:
    """Sentences for an appendix: how it was measured, what was found, and whether it holds for this report."""
    measured = shipped()
    lines = (
        f"在 {measured.documents} 份真实课程标准的 {measured.elements:,} 项判定上与两次独立标注对照，"
        "每份文档都由没有见过它的模型判定：",
        f"报为“已覆盖”的，{percent(measured.covered[0])} 标注也认为已覆盖；"
        f"标注认为已覆盖的，系统报出 {percent(measured.covered[1])}。",
        f"报为“已覆盖”或“部分涉及”的，{percent(measured.touched[0])} 标注也认为涉及；"
        f"标注认为涉及的，系统报出 {percent(measured.touched[1])}。",
        f"二次加权 kappa 为 {measured.kappa:.2f}（两次标注之间为 {BETWEEN_LABELLERS:.2f}，不同的审核人之间会更低）；"
        f"{percent(measured.cited)} 的要素，所列引文至少有一条与标注的引文重合。",
        "判定规则在开发时参照过这些文档，对新的文档可能略低。",
    )
    return (*lines, _elsewhere(report, measured)) if _differs(report, measured) else lines


def _differs(report: GapReport, measured: Agreement) -> bool:
    return (report.standard.code, report.provenance.encoder) != (measured.standard, measured.encoder)


def _elsewhere(report: GapReport, measured: Agreement) -> str:
    other = "标准" if report.standard.code != measured.standard else "向量模型"
    return (
        f"以上数字测自标准 {measured.standard} 与内置向量模型；本报告用的是另一{other}，未做过同样的测量，请多加复核。"
    )


@cache
def shipped() -> Agreement:
    """The figures of the shipped judge."""
    return load_agreement()
