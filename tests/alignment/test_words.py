"""Word-level closeness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from alignment.words import STRANGERS, WordMatcher

VECTORS = {"引流": [1, 0], "拉新": [0.8, 0.6], "包装": [0, 1], "设计": [0, -1]}


def vectors(words: Sequence[str]) -> np.ndarray:
    """Unit vectors of a tiny vocabulary, zero for unknown words."""
    return np.array([VECTORS.get(word, [0, 0]) for word in words], dtype=np.float32).reshape(-1, 2)


def idf(word: str) -> float:
    """设计 is common, the rest is rare."""
    return 1.0 if word == "设计" else 3.0


def test_the_same_word_counts_in_full_and_a_near_one_in_part() -> None:
    """拉新 in the passage counts for 引流 by its rescaled cosine, 引流 itself fully."""
    shares = WordMatcher([["引流"]], idf, vectors).compare([["引流", "设计"], ["拉新"], ["设计"]])
    assert shares.exact.tolist() == [[1, 0, 0]]
    assert shares.soft[0] == pytest.approx([1, (0.8 - STRANGERS) / (1 - STRANGERS), 0])


def test_rare_words_weigh_more() -> None:
    """Holding the common word alone is worth a quarter, the rare one three quarters."""
    shares = WordMatcher([["包装", "设计"]], idf, vectors).compare([["设计"], ["包装"], ["包装", "设计"]])
    assert shares.exact[0] == pytest.approx([0.25, 0.75, 1])


def test_reverse_is_the_share_of_the_passage_that_is_about_the_query() -> None:
    """A passage with other rare words is about the query only in part."""
    shares = WordMatcher([["引流"]], idf, vectors).compare([["引流"], ["引流", "包装"], []])
    assert shares.reverse[0] == pytest.approx([1, 0.5, 0])


def test_empty_passages_and_queries_give_zero() -> None:
    """Nothing matches nothing."""
    assert WordMatcher([["引流"]], idf, vectors).compare([[], []]).soft.tolist() == [[0, 0]]
    assert WordMatcher([[]], idf, vectors).compare([["引流"]]).soft.tolist() == [[0]]


def test_a_word_said_twice_counts_once() -> None:
    """Repeating a word changes no share."""
    matcher = WordMatcher([["引流", "设计"]], idf, vectors)
    once, twice = matcher.compare([["引流", "包装"]]), matcher.compare([["引流", "包装", "引流"]])
    assert once.reverse.tolist() == twice.reverse.tolist()
    assert once.exact.tolist() == twice.exact.tolist()
