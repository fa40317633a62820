"""First stage: passages that may teach an element."""

from __future__ import annotations

import numpy as np
import pytest

from alignment.candidates import _by_pieces, _fused, find_candidates
from alignment.nearness import Nearness
from alignment.passages import Passages, read_passages
from alignment.prepared import COVERS, OWN, PreparedStandard
from corpora.document import Document
from corpora.segments import segment
from index.fusion import reciprocal_rank_fusion
from index.protocols import NO_ROW, Encoder, Hits


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


@pytest.mark.parametrize(("k", "known"), [(1, 4), (3, 4), (3, 1)])
def test_passages_count_by_the_pieces_that_a_probe_finds(
    prepared: PreparedStandard, orchard_passages: Passages, k: int, known: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each probe finds its nearest pieces only, a passage counts by the best found one: by plain loops over probes."""
    monkeypatch.setattr("alignment.candidates.PIECES", known)
    pieces = orchard_passages.pieces
    best = np.zeros((len(prepared.elements), len(pieces.texts)), np.float32)
    for vector, element, kind in zip(prepared.probe_vectors, prepared.probe_element, prepared.probe_kind, strict=True):
        closeness = pieces.vectors @ vector
        last = np.sort(closeness)[-min(known * k, len(closeness))]
        if kind in (OWN, COVERS):
            best[element] = np.maximum(best[element], np.where(closeness >= last, closeness, 0))
    by_passage = np.maximum.reduceat(best, pieces.starts[:-1], axis=1)
    wanted = -np.sort(-by_passage, axis=1)[:, :k]
    teaching = Nearness(prepared, pieces).teaching
    found = np.take_along_axis(by_passage, _by_pieces(prepared, pieces, teaching, k), 1)
    np.testing.assert_allclose(found, wanted, atol=1e-6)  # passages may be equally near but for rounding
    assert ((teaching > wanted[:, -1:] + 1e-6).sum(axis=1) >= known * k).any() == (known == 1)  # both ways are taken


def test_runs_of_one_width_are_fused_as_others_are() -> None:
    """Reciprocal rank fusion of (E, K) runs, places that found nothing left out, equal sums by number."""
    random = np.random.default_rng(7)
    runs = [np.argsort(random.random((5, 9)), axis=1)[:, :4] for _ in range(3)]
    found = random.random((5, 4)) > 0.3
    hits = [Hits(run, np.ones(run.shape, np.float32)) for run in runs]
    hits[2] = Hits(np.where(found, runs[2], NO_ROW), hits[2].similarities)
    expected = reciprocal_rank_fusion(hits, 4).ids
    assert _fused(runs, (None, None, found), 9, 4).tolist() == expected.tolist()
