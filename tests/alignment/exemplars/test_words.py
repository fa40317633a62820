"""The corpus by words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alignment.exemplars.words import WordIndex
from corpora.errors import IndexFormatError
from corpora.tokens import search_tokens
from index.lexical import Bm25
from index.protocols import NO_ROW
from index.storage import write_arrays

TEXTS = ("苹果树的修剪与整形", "修剪草坪", "酵母发酵的原理", "面包烘烤", "果园修剪实训：修剪三株果树", "")


@pytest.fixture
def words() -> WordIndex:
    """The texts, the first three on one shelf."""
    return WordIndex.build((f"id{n}", ("user", "a" if n < 3 else "b"), text) for n, text in enumerate(TEXTS))


@pytest.mark.parametrize("query", ["修剪", "果树修剪 修剪", "酵母", "没有的词语组合", "面包与酵母"])
def test_sums_are_those_of_bm25(words: WordIndex, query: str) -> None:
    """The same rows in the same order with the same sums as the index that is kept in memory."""
    expected = Bm25.from_texts(TEXTS).search([search_tokens(query)], 4)
    found = words.search(query, 4)
    kept = expected.ids[0] != NO_ROW
    got = found.ids[0] != NO_ROW
    assert found.ids[0][got].tolist() == expected.ids[0][kept].tolist()
    np.testing.assert_allclose(found.similarities[0][got], expected.similarities[0][kept], rtol=1e-5)


def test_a_shelf_can_be_searched_alone(words: WordIndex) -> None:
    """What is filed elsewhere is not found, however well it fits."""
    assert set(words.search("修剪", 9).ids[0].tolist()) == {0, 1, 4}
    assert set(words.search("修剪", 9, [("user", "a")]).ids[0].tolist()) == {0, 1}
    assert words.search("修剪", 9, [("user", "c")]).ids[0].tolist() == [NO_ROW]


def test_it_is_the_same_from_a_file(words: WordIndex, tmp_path: Path) -> None:
    """Saved and mapped again."""
    words.save(tmp_path / "w")
    again = WordIndex.load(tmp_path / "w")
    assert len(again) == len(TEXTS)
    assert [again.id(n) for n in range(len(again))] == [f"id{n}" for n in range(len(TEXTS))]
    assert again.search("果树", 3).ids.tolist() == words.search("果树", 3).ids.tolist()
    assert again.search("修剪", 9, [("user", "b")]).ids[0].tolist() == [4]


def test_nothing_to_search() -> None:
    """An index without passages, and one whose passages have no words."""
    for texts in ((), ("",)):
        empty = WordIndex.build((f"{n}", ("user",), text) for n, text in enumerate(texts))
        assert empty.search("修剪", 3).ids[0].tolist() == [NO_ROW]


def test_foreign_and_damaged_files_are_refused(words: WordIndex, tmp_path: Path) -> None:
    """One clear error each."""
    path = tmp_path / "w"
    words.save(path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(IndexFormatError):
        WordIndex.load(path)
    write_arrays(tmp_path / "x", "exemplar words", {"shelves": []}, {"starts": np.zeros(1)})
    with pytest.raises(IndexFormatError, match="前后不符"):
        WordIndex.load(tmp_path / "x")
    with pytest.raises(IndexFormatError):
        WordIndex.load(tmp_path / "none")
