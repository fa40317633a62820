"""Leading numbers of headings and lists."""

from __future__ import annotations

import pytest

from corpora.parsers.enumerators import Enumerator, leading_enumerator, leading_number, outline_levels


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一、课程性质", "一、"),
        ("二十一、附则", "二十一、"),
        ("（一）目标", "（一）"),
        ("(二)目标", "(二)"),
        ("1.1 概述", "1.1"),
        ("1.1概述", "1.1"),
        ("1.2.3.步骤", "1.2.3."),
        ("2 ．语法", "2 ．"),
        ("3．网络", "3．"),
        ("1、能够", "1、"),
        ("1 概述", "1"),
        ("（1）能够", "（1）"),
        ("1）能够", "1）"),
        ("①开店", "①"),
        ("⑴开店", "⑴"),
        ("第一章 导论", "第一章"),
        ("第3节 店铺", "第3节"),
        ("项目一 网店", "项目一"),
        ("任务1.1 开店", "任务1.1"),
        ("模块3：推广", "模块3"),
        ("A. 选项", "A."),
        ("3.5元", ""),
        ("2022年", ""),
        ("36学时", ""),
        ("2.5学分", ""),
        ("十个要点", ""),
        ("项目一个", ""),
        ("AI.技术", ""),
        ("1概述", ""),
        ("", ""),
    ],
)
def test_leading_number(text: str, number: str) -> None:
    """Numbers in every usual style are found; amounts, years and words are none."""
    assert leading_number(text) == number


def test_outline_follows_the_usual_order_of_styles() -> None:
    """Levels count the styles a document uses; known levels are kept and the next style stands one below."""
    used = [leading_enumerator(text) for text in ("（1）甲", "一、乙", "1.丙", "1.1 丁")]
    found = [e for e in used if isinstance(e, Enumerator)]
    by_text = {e.text: level for e in found for rank, level in outline_levels(found).items() if rank == e.rank}
    assert by_text == {"一、": 1, "1.": 2, "1.1": 3, "（1）": 4}
    known = {found[1].rank: 3}
    assert outline_levels(found, known)[found[0].rank] == 6
