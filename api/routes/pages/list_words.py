"""What the pages of documents and audits call things, and what their scripts say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request

from api.http.pages import page_language
from api.i18n import mark, translator
from api.service import Service
from api.services.standards import StandardCard, list_standards
from api.settings import ServiceSettings
from corpora.parsers.registry import SUFFIXES

KIND_NAMES = {
    "auto": mark("自动识别"),
    "syllabus": mark("课程教学文件"),
    "plan": mark("人才培养方案"),
    "textbook": mark("教材"),
}
STATE_NAMES = {
    "done": mark("完成"),
    "running": mark("正在处理"),
    "queued": mark("排队中"),
    "failed": mark("没有完成"),
    "cancelled": mark("已取消"),
}
REVIEW_NAMES = {
    "draft": mark("草稿"),
    "submitted": mark("待审"),
    "returned": mark("退回"),
    "approved": mark("通过"),
}


def standards_of(service: Service) -> Sequence[StandardCard]:
    """The standards that can be held against."""
    return [card for card in list_standards(service) if not card.problem]


def standard_names(service: Service) -> dict[str, str]:
    """Code -> name and code of every standard."""
    return {card.code: f"{card.name}（{card.code}）" for card in list_standards(service)}


def upload_words(request: Request, limits: ServiceSettings) -> dict[str, Any]:
    """What the upload form's script knows and says."""
    t = translator(page_language(request))
    return {
        "suffixes": [*SUFFIXES, ".zip"],
        "most": limits.upload_mb << 20,
        "batch": limits.batch_mb << 20,
        "files": limits.batch_files,
        "unsupported": t("不支持这种格式，不会上传"),
        "large": t("超过 {most} MB，不会上传", most=limits.upload_mb),
        "empty": t("文件是空的，不会上传"),
        "many": t("一次最多 {most} 个文件，请分批上传", most=limits.batch_files),
        "heavy": t("一次最多 {most} MB，请分批上传", most=limits.batch_mb),
        "none": t("请先选择要对照的文件"),
        "count": t("已选 %n 个文件，共 %s"),
        "remove": t("移除"),
        "sending": t("正在上传 %p"),
        "sent": t("上传完毕，正在登记…"),
        "offline": t("上传中断：连不上服务，请检查网络后再试。选好的文件还在。"),
        "failed": t("服务没有收下这些文件，请稍后再试。选好的文件还在。"),
        "one": t("开始对标"),
        "several": t("批量对标"),
        "lang": page_language(request),
    }
