"""A standard whose elements belong to no core course: an official major profile."""

from __future__ import annotations

from alignment.aligner import Aligner
from corpora.document_builder import DocumentBuilder
from corpora.profiles import parse_profiles

PROFILE = """专业代码 990101
专业名称 果树种植
基本修业年限 三年
职业面向
面向果园技术员等职业。
培养目标定位
本专业培养高素质技术技能人才。
主要专业能力要求
1. 具有果树整形修剪的能力；
2. 具有果园病虫害防治的能力。
主要专业课程与实习实训
专业核心课程：果树栽培、植物保护。
"""


def test_gaps_are_found_over_all_its_abilities() -> None:
    """What the document does not teach is a gap, though no core course has elements that could be in scope."""
    (standard,) = parse_profiles(PROFILE)
    builder = DocumentBuilder("种植.txt", b"x", "text")
    builder.add("heading", "一、课程目标", level=1)
    builder.add("paragraph", "能够完成果树的整形与修剪，掌握果树修剪的时期与方法。")
    report = Aligner.default().align(builder.build(), standard)
    assert report.scope == ()
    assert {gap.element.id for gap in report.gaps} >= {m.element.id for m in report.matches if m.grade < 2}
    assert len(report.matches) == len(standard.elements) > 0
