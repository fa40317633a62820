"""Search in the statements of a standard."""

from __future__ import annotations

import pytest

from alignment.finder import StatementFinder
from corpora.standard import Standard
from index.protocols import Encoder


@pytest.fixture(scope="module")
def finder(ecommerce: Standard, encoder: Encoder) -> StatementFinder:
    """Over the shipped standard."""
    return StatementFinder(ecommerce, encoder)


def test_a_statements_own_text_finds_it(finder: StatementFinder, ecommerce: Standard) -> None:
    """Every tenth requirement and competency leads the answer to its own wording."""
    asked = ecommerce.of_kind("requirement", "competency")[::10]
    assert len(asked) >= 4
    for statement in asked:
        found = finder.find(statement.text, 3)
        assert found[0].statement == statement
        assert found[0].similarity == pytest.approx(max(item.similarity for item in found), abs=1e-4)


def test_words_of_the_trade_find_their_course(finder: StatementFinder) -> None:
    """短视频 and 社群 lead to statements that speak of them."""
    for query in ("短视频拍摄与剪辑", "社群活动策划"):
        found = finder.find(query, 5)
        assert any(query[:2] in item.statement.text for item in found)
        assert all(-1 <= item.similarity <= 1 + 1e-5 for item in found)


def test_k_bounds_the_answer_without_repeats(finder: StatementFinder, ecommerce: Standard) -> None:
    """Each statement once; a k beyond the standard gives what there is."""
    assert len(finder.find("数据分析", 7)) == 7
    everything = [item.statement.id for item in finder.find("数据分析", 10_000)]
    assert len(everything) == len(set(everything)) <= len(ecommerce.statements)


def test_an_empty_query_is_answered(finder: StatementFinder) -> None:
    """Nothing asked is no crash, and nothing is similar to it."""
    assert all(item.similarity == 0 for item in finder.find("", 3))
