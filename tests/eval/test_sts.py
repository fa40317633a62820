"""Spearman's correlation of cosines with labels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import zstandard

from corpora.errors import UsageError
from eval.sts import Leading, main, measure, read_pairs, spearman


class Lengths:
    """An encoder of angles: a text of n characters points at n degrees."""

    dimension = 2
    fingerprint = "lengths"

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit vectors in the plane."""
        angles = np.radians([len(text) for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_spearman_shares_ranks_of_ties() -> None:
    """The value agrees with Pearson's correlation of mean ranks, worked by hand."""
    assert spearman([1, 2, 3, 4], [10, 20, 30, 40]) == pytest.approx(1)
    assert spearman([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1)
    assert spearman([1, 2, 2, 4], [1, 3, 2, 4]) == pytest.approx(4.5 / np.sqrt(4.5 * 5))
    assert np.isnan(spearman([1, 1, 1], [1, 2, 3]))


def test_measure_orders_pairs_by_cosine() -> None:
    """Labels that fall with the angle between the two texts correlate perfectly."""
    pairs = [("a", "a" * n, -float(n)) for n in (1, 5, 9, 30)]
    assert measure(Lengths(), pairs) == pytest.approx(1)


def test_leading_components_are_unit_vectors_again() -> None:
    """Cut to one component a vector is its sign, and a vector without anything there is zero."""
    found = Leading(Lengths(), 1).encode(["a", "a" * 120])
    assert found.tolist() == [[1.0], [-1.0]]
    whole = Lengths().encode(["a", "a" * 120])
    assert np.allclose(Leading(Lengths(), 2).encode(["a", "a" * 120]), whole)
    assert Leading(Lengths(), 1).fingerprint != Leading(Lengths(), 2).fingerprint


def test_pairs_are_read_plain_and_compressed(tmp_path: Path) -> None:
    """Both kinds of file give the same pairs, and a missing one is a wrong call that names it."""
    text = "\n".join(json.dumps({"a": "甲", "b": "乙", "label": label}, ensure_ascii=False) for label in (0, 2.5))
    (tmp_path / "x.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "x.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(text.encode()))
    expected = [("甲", "乙", 0.0), ("甲", "乙", 2.5)]
    assert read_pairs(tmp_path / "x.jsonl") == read_pairs(tmp_path / "x.jsonl.zst") == expected
    with pytest.raises(UsageError, match=r"nothing\.jsonl"):
        read_pairs(tmp_path / "nothing.jsonl")


@pytest.mark.shared
def test_the_built_in_model_beats_averaged_word_vectors(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On STS-B's development set the shipped model is far above the 55.8 of averaged word2vec vectors."""
    main(shared / "train" / "pairs", sets="stsb_zh.dev")
    name, count, value = capsys.readouterr().out.split()
    assert (name, count) == ("stsb_zh.dev", "1456")
    assert float(value) > 70
