"""BM25 by hand-worked numbers."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.tokens import search_tokens
from index.lexical import Bm25, Terms
from index.protocols import NO_ROW

WORDS = st.lists(st.sampled_from("abcdef"), max_size=6)


def by_definition(documents: list[list[str]], query: list[str], k1: float, b: float) -> list[float]:
    mean = sum(map(len, documents)) / len(documents)
    sums = []
    for document in documents:
        value = 0.0
        for token in query:
            n, tf = sum(token in other for other in documents), document.count(token)
            if tf:
                idf = log(1 + (len(documents) - n + 0.5) / (n + 0.5))
                value += idf * tf / (tf + k1 * (1 - b + b * len(document) / mean))
        sums.append(value)
    return sums


def test_worked_example() -> None:
    """Three texts, one query: idf ln(1 + 2.5/1.5), lengths 2, 1, 3 about a mean of 2."""
    index = Bm25([["直播", "脚本"], ["选品"], ["直播", "直播", "数据"]])
    (row,) = index.similarities([["直播"]])
    idf = log(1 + 1.5 / 2.5)
    assert row == pytest.approx([idf / (1 + 1.5), 0, idf * 2 / (2 + 1.5 * (0.25 + 0.75 * 1.5))], rel=1e-6)


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS, st.floats(0.5, 2), st.floats(0, 1))
def test_equals_the_definition(documents: list[list[str]], query: list[str], k1: float, b: float) -> None:
    """Sums are those of the formula for any texts, empty ones and repeated or unknown query tokens included."""
    found = Bm25(documents, k1, b).similarities([query, [*query, "unknown"], []])
    expected = by_definition(documents, query, k1, b) if any(documents) else [0.0] * len(documents)
    np.testing.assert_allclose(found, [expected, expected, [0.0] * len(documents)], rtol=1e-5, atol=1e-6)


def test_search_order_and_slice() -> None:
    """Best first, equal ones by position, texts that share no token are not named; a slice keeps its positions."""
    index = Bm25([["a"], ["b"], ["a"], ["a", "b", "c"]])
    hits = index.search([["a"], ["b", "c"], ["x"]], 3)
    assert hits.ids.tolist() == [[0, 2, 3], [3, 1, NO_ROW], [NO_ROW] * 3]
    assert (hits.similarities[hits.ids == NO_ROW] == -np.inf).all()
    assert index.search([["a"]], 3, slice(1, 3)).ids.tolist() == [[2, NO_ROW]]


def test_empty() -> None:
    """No texts, texts without tokens and no queries give empty results, not errors."""
    assert Bm25([]).search([["a"]], 3).ids.shape == (1, 0)
    assert Bm25([[], []]).similarities([["a"]]).tolist() == [[0, 0]]
    assert Bm25([["a"]]).search([], 3).ids.shape == (0, 1)
    with pytest.raises(ValueError, match="at least 1"):
        Bm25([["a"]]).search([["a"]], 0)


def test_chinese_texts() -> None:
    """Texts are cut into words: a compound is found by its parts and before texts that only share a part."""
    index = Bm25.from_texts(["短视频脚本的拍摄与剪辑", "搭建用户画像标签体系", "用户投诉处理流程"])
    assert len(index) == 3
    assert index.search([search_tokens("用户画像")], 3).ids.tolist() == [[1, 2, NO_ROW]]


@given(st.lists(WORDS, min_size=1, max_size=6), st.lists(WORDS, max_size=4))
def test_terms_are_asked_of_any_texts(documents: list[list[str]], queries: list[list[str]]) -> None:
    """Queries numbered once find in texts what an index over the texts finds, to the last bit."""
    found = Terms(queries).similarities(documents)
    assert found.shape == (len(queries), len(documents))
    assert np.array_equal(found, Bm25(documents).similarities(queries))


def test_terms_of_no_texts() -> None:
    """Nothing to ask, nothing found."""
    assert Terms([["a"], []]).similarities([]).shape == (2, 0)
    assert Terms([]).similarities([["a"]]).shape == (0, 1)
