"""What a question about a standard is about."""

from __future__ import annotations

import pytest

from api.services.question import subject_of
from api.services.search import mark


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("哪条要求提到用户画像？", "用户画像"),
        ("用户画像在哪条要求里提到？", "用户画像"),
        ("什么是用户画像", "用户画像"),
        ("关于直播的要求有哪些？", "直播"),
        ("标准里有没有提到消防安全", "消防安全"),
        ("哪些课程涉及数据分析", "数据分析"),
        ("哪门课程讲数据可视化", "数据可视化"),
        ("对双师型教师有什么要求", "双师型教师"),
        ("对应急预案有什么要求", "应急预案"),
        ("总学时是多少", "总学时"),
        ("请问哪几条讲到SEO呢", "SEO"),
        ("有哪些实训室", "实训室"),
        ("有关产品包装设计的内容", "产品包装设计"),
        ("which statement mentions SEO?", "SEO"),
    ],
)
def test_words_that_only_ask_are_left_out(question: str, subject: str) -> None:
    """The subject is searched for, not the question."""
    assert subject_of(question) == subject


@pytest.mark.parametrize(
    "words",
    [
        "要求",
        "哪条",
        "几何",
        "对外贸易",
        "中国特色",
        "毕业要求",
        "课程标准",
        "目标市场分析",
        "演讲",
        "提出改进建议",
        "项目",
        "有",
    ],
)
def test_words_that_are_the_subject_stay(words: str) -> None:
    """What only looks like a question is searched for as it is."""
    assert subject_of(words) == words


def test_marks_cover_the_longest_word_and_lose_no_text() -> None:
    """Letters' case aside; signs of patterns are taken as they are."""
    pieces = list(mark("用户画像，SEO\\SEM，用户（C+）", ["用户", "用户画像", "seo", "c+"]))
    assert "".join(piece.text for piece in pieces) == "用户画像，SEO\\SEM，用户（C+）"
    assert [piece.text for piece in pieces if piece.marked] == ["用户画像", "SEO", "用户", "C+"]
    assert [piece.text for piece in mark("文", [])] == ["文"]
