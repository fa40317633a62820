"""The Chinese wording of a report, in one place: verdicts, levels, roles, places, numbers."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from alignment.model import Evidence
from corpora.document import Locator

GRADES = {2: "已覆盖", 1: "部分涉及", 0: "未覆盖"}
GRADE_MARKS = {2: "√", 1: "△", 0: "×"}  # in GBK too, for consoles that know no more
COVERAGE = {"full": "已覆盖", "partial": "部分涉及", "none": "未覆盖"}
COVERAGE_GRADE = {"full": 2, "partial": 1, "none": 0}
REVIEW = "建议人工复核"
REVIEW_MARK = "?"
LEVELS = {1: "了解", 2: "理解", 3: "掌握", 4: "应用", 5: "分析", 6: "设计"}
ROLES = {
    "objective": "目标",
    "content": "内容",
    "practice": "实践",
    "assessment": "考核",
    "resource": "资源",
    "other": "其他",
}
GAPS = {
    "missing": "未覆盖",
    "touched": "部分涉及",
    "level_short": "层次不足",
    "not_practised": "缺少实践",
    "not_assessed": "未列入考核",
}
SEVERITY = {3: "高", 2: "中", 1: "低"}
VERDICTS = {"pass": "符合", "fail": "不符合", "cannot_determine": "无法判定"}
FORCES = {"must": "必须", "should": "一般应", "may": "可以"}
KINDS = {"syllabus": "课程教学文件", "plan": "人才培养方案", "textbook": "教材"}
STATEMENT_KINDS = {"competency": "培养规格", "task": "工作任务", "requirement": "教学要求"}
INDICES = {
    "categorical_concurrence": "命中要素数",
    "depth_of_knowledge": "深度一致性",
    "range_of_knowledge": "广度一致性",
    "balance": "分布平衡性",
    "index": "一致性指数",
}
THRESHOLDS = {
    "touched": "部分涉及",
    "covered": "已覆盖",
    "passage": "可作证据",
    "course": "对应课程",
    "review_margin": "复核范围 ±",
}
STAGES = {
    "parse": "读取",
    "segment": "分段",
    "prepare": "准备标准",
    "encode": "向量化",
    "judge": "判定",
    "report": "汇总",
}
NO_COURSE = "未识别出对应的专业核心课程"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
_SHEETS = {".xls", ".xlsx", ".xlsm", ".xlsb", ".ods"}


def clean(text: str) -> str:
    """Text without the control characters and lone surrogates that XML and UTF-8 cannot hold."""
    return _CONTROL.sub("", text)


def flat(text: str, limit: int | None = None) -> str:
    """Clean text on one line, cut with an ellipsis to at most ``limit`` characters."""
    line = _SPACE.sub(" ", clean(text)).strip()
    return line if limit is None or len(line) <= limit else line[: limit - 1].rstrip() + "…"


def number(value: float | None, missing: str = "未载明") -> str:
    """A number without a needless ``.0``."""
    return missing if value is None else f"{value:g}"


def circled(value: int) -> str:
    """A number in a circle, ``①`` to ``⑳``; in brackets beyond."""
    return chr(0x245F + value) if 1 <= value <= 20 else f"（{value}）"


def percent(ratio: float) -> str:
    """A ratio in whole per cent; 100% and 0% only when exact."""
    whole = round(ratio * 100)
    if whole in (0, 100) and 0 < ratio < 1:
        whole = 99 if whole else 1
    return f"{whole}%"


def level(value: int | None) -> str:
    """Name of a level; a dash where none was found."""
    return LEVELS[value] if value else "—"


def level_pair(required: int, found: int | None) -> str:
    """Level asked and level found in one phrase."""
    return f"要求{level(required)}，文中{level(found)}" if found else f"要求{level(required)}"


def roles(names: tuple[str, ...]) -> str:
    """The places that teach an element, in words."""
    return "、".join(ROLES[name] for name in names)


def place(locator: Locator, document_name: str = "") -> str:
    """The position phrase of a locator: ``第5页 第3段`` or ``表2 行4 列2`` (a workbook's table is a sheet)."""
    parts = [f"第{locator.page}页"] if locator.page else []
    if locator.table is None:
        return " ".join([*parts, f"第{locator.paragraph}段"])
    table = "工作表" if PurePath(document_name).suffix.lower() in _SHEETS else "表"
    parts.append(f"{table}{locator.table}")
    if locator.row is not None:
        parts.append(f"行{locator.row}")
    if locator.cell is not None:
        parts.append(f"列{locator.cell}")
    return " ".join(parts)


def path(evidence: Evidence) -> str:
    """The headings above a quote, outermost first."""
    return " › ".join(flat(heading, 40) for heading in evidence.heading_path)


def plain(value: Any) -> str:
    """A rule's value in words: numbers short, several joined, nothing as a dash."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(plain(item) for item in value) or "—"
    return str(value)


def date(generated_at: str) -> str:
    """The day of an ISO time, ``2026年3月1日``; the text itself when it is no ISO time."""
    found = re.match(r"(\d{4})-(\d{2})-(\d{2})", generated_at)
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else generated_at
