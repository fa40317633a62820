"""First stage: passages that may teach an element."""

from __future__ import annotations

import numpy as np
import pytest

from alignment.candidates import find_candidates
from alignment.passages import Passages, read_passages
from alignment.prepared import PreparedStandard
from corpora.document import Document
from corpora.segments import segment
from index.protocols import Encoder


def test_short_documents_are_candidates_as_a_whole(prepared: PreparedStandard, orchard_passages: Passages) -> None:
    """With fewer passages than K, each row holds every passage once."""
    found = find_candidates(prepared, orchard_passages)
    everything = list(range(len(orchard_passages.segments)))
    assert len(everything) > 5
    assert [sorted(row) for row in found.segments.tolist()] == [everything] * len(prepared.elements)
    assert found.bm25.shape == found.segments.shape
    assert found.bm25.min() >= 0
    assert found.bm25.max() <= 1


@pytest.mark.parametrize("k", [1, 3])
def test_no_more_than_k_distinct_passages(prepared: PreparedStandard, orchard_passages: Passages, k: int) -> None:
    """K bounds the row, and no passage stands twice in it."""
    rows = find_candidates(prepared, orchard_passages, k).segments
    assert rows.shape == (len(prepared.elements), k)
    assert all(len(set(row)) == k for row in rows.tolist())


def test_own_words_lead_and_the_bank_lifts_its_own(
    prepared: PreparedStandard, bankless: PreparedStandard, orchard_passages: Passages
) -> None:
    """The verbatim passage comes first; one worded as the bank words it ranks higher with the bank than without."""
    texts = [item.text for item in orchard_passages.segments]
    served, plain = (
        [texts[n] for n in find_candidates(standard, orchard_passages).segments[2]] for standard in (prepared, bankless)
    )
    assert served[0] == plain[0] == "掌握果树修剪方法。"
    worded = next(text for text in texts if text.startswith("冬季怎样剪枝"))
    assert served.index(worded) < plain.index(worded)


def test_best_bm25_pair_is_one_where_words_meet(prepared: PreparedStandard, orchard_passages: Passages) -> None:
    """BM25 is relative to the element's best passage; an element without a common word has 0 throughout."""
    peaks = find_candidates(prepared, orchard_passages).bm25.max(axis=1)
    assert peaks[2] == pytest.approx(1)
    assert peaks[4] in (pytest.approx(0), pytest.approx(1))


def test_a_document_without_passages_has_no_candidates(prepared: PreparedStandard, no_passages: Passages) -> None:
    """E rows of width zero, nothing raised."""
    found = find_candidates(prepared, no_passages)
    assert found.segments.shape == found.bm25.shape == (len(prepared.elements), 0)


def test_candidates_do_not_depend_on_chance(prepared: PreparedStandard, orchard: Document, encoder: Encoder) -> None:
    """Reading and searching again gives the same rows."""
    first = find_candidates(prepared, read_passages(segment(orchard), encoder))
    again = find_candidates(prepared, read_passages(segment(orchard), encoder))
    assert np.array_equal(first.segments, again.segments)


def test_few_vectors_compared_at_once_are_as_good_as_searched(
    prepared: PreparedStandard, orchard_passages: Passages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The short cut for small documents gives the same candidates as the search."""
    short = find_candidates(prepared, orchard_passages, 3)
    monkeypatch.setattr("alignment.candidates.FEW", 0)
    searched = find_candidates(prepared, orchard_passages, 3)
    assert np.array_equal(short.segments, searched.segments)
