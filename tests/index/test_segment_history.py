"""Any history of changes, saves and loads, against a dict and plain numpy."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from index import batch, directory, grouped, keys, part_search, selection
from index.protocols import NO_ROW
from index.segment_index import Passage, SegmentIndex

TEXTS = tuple(f"第{n}段" for n in range(12))
GROUPS = [(), ("a",), ("a", "x"), ("a", "y"), ("b",), ("b", "y", "z"), ("\U0010ffff", "深")]
PREFIXES = [*GROUPS, ("b", "y"), ("c",)]
TABLE = np.random.default_rng(3).standard_normal((len(TEXTS), 8)).astype(np.float32)
TABLE /= np.linalg.norm(TABLE, axis=1, keepdims=True)

PASSAGES = st.lists(
    st.builds(
        Passage,
        st.sampled_from([f"k{n}" for n in range(40)]),
        st.sampled_from(TEXTS),
        st.sampled_from(GROUPS),
        st.sampled_from([{}, {"page": 1}, {"page": 2, "role": "内容"}]),
    ),
    min_size=1,
    max_size=12,
)


class TableEncoder:
    """A vector of its own for each of the texts."""

    dimension, fingerprint = 8, "table"

    def encode(self, texts: Sequence[str]) -> Any:
        """Rows of the table."""
        return TABLE[[TEXTS.index(text) for text in texts]]


class History(RuleBasedStateMachine):
    """Passages by id, in the order in which they were stored last."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "passages.index"
        self.model: dict[str, Passage] = {}

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder)

    @initialize(backend=st.sampled_from(["exact", "faiss", "screened"]))
    def start(self, backend: str) -> None:
        """An empty index."""
        self.index = SegmentIndex(TableEncoder(), backend=backend)

    def under(self, prefixes: Sequence[tuple[str, ...]] | None) -> dict[str, Passage]:
        """What the model has under any of the paths."""
        return {
            id: passage
            for id, passage in self.model.items()
            if prefixes is None or any(passage.group[: len(prefix)] == prefix for prefix in prefixes)
        }

    @rule(passages=PASSAGES, encoded=st.booleans())
    def add(self, passages: list[Passage], encoded: bool) -> None:
        """Known ids give way, unless nothing of them has changed; with vectors or without."""
        vectors = TABLE[[TEXTS.index(passage.text) for passage in passages]] if encoded else None
        last = {passage.id: passage for passage in passages}
        changed = {id: passage for id, passage in last.items() if self.model.get(id) != passage}
        assert self.index.add(passages, dedup=False, vectors=vectors) == len(changed)
        for id, passage in changed.items():
            self.model.pop(id, None)
            self.model[id] = passage

    @rule(passages=PASSAGES)
    def add_new_content(self, passages: list[Passage]) -> None:
        """A text that stands in its group already, under an id that stays, is passed over."""
        last = {passage.id: passage for passage in passages}
        changed = {id for id, passage in last.items() if id in self.model and self.model[id] != passage}
        held = {(p.group, p.text) for id, p in self.model.items() if id not in changed}
        fresh = {}
        for id, passage in last.items():
            content = (passage.group, passage.text)
            if (id in changed or id not in self.model) and content not in held:
                fresh[id] = passage
            held.add(content)
        assert self.index.add(passages) == len(fresh)
        for id in changed | set(fresh):
            self.model.pop(id, None)
        self.model.update(fresh)

    @rule(ids=st.sets(st.sampled_from([f"k{n}" for n in range(44)]), max_size=25))
    def remove(self, ids: set[str]) -> None:
        """Ids that are known go."""
        assert self.index.remove(ids) == len(ids & self.model.keys())
        self.model = {id: passage for id, passage in self.model.items() if id not in ids}

    @rule(prefix=st.sampled_from(PREFIXES))
    def remove_group(self, prefix: tuple[str, ...]) -> None:
        """All under a path goes."""
        gone = self.under([prefix])
        assert self.index.remove_group(prefix) == len(gone)
        self.model = {id: passage for id, passage in self.model.items() if id not in gone}

    @rule(mmap=st.booleans())
    def save_and_load(self, mmap: bool) -> None:
        """Nothing changes; the file replaces the one before, which may still be mapped."""
        name = self.index.backend_name
        self.index.save(self.path)
        self.index = SegmentIndex.load(self.path, TableEncoder(), mmap=mmap)
        assert self.index.backend_name == name
        self.index.verify()

    @rule(backend=st.sampled_from(["exact", "faiss", "screened", None]))
    def rebuild(self, backend: str | None) -> None:
        """Nothing changes."""
        self.index.rebuild(backend)

    @rule(
        query=st.integers(0, len(TEXTS) - 1),
        k=st.integers(1, 50),
        within=st.none() | st.lists(st.sampled_from(PREFIXES), max_size=3),
    )
    def search(self, query: int, k: int, within: list[tuple[str, ...]] | None) -> None:
        """The best similarities are those of comparing everything, and each row has its own."""
        there = self.under(within)
        queries = TABLE[[query, (query + 1) % len(TEXTS)]]
        hits = self.index.search(queries, k, within)
        assert hits.ids.shape == (2, min(k, len(there)))
        for asked, ids, similarities in zip(queries, hits.ids.tolist(), hits.similarities, strict=True):
            truth = {id: float(asked @ TABLE[TEXTS.index(p.text)]) for id, p in there.items()}
            np.testing.assert_allclose(similarities, sorted(truth.values(), reverse=True)[:k], atol=1e-5)
            found = [self.index.passage(id) for id in ids]
            assert len({passage.id for passage in found}) == len(found)
            assert all(there[passage.id] == passage for passage in found)
            np.testing.assert_allclose(similarities, [truth[passage.id] for passage in found], atol=1e-5)

    @rule(
        query=st.integers(0, len(TEXTS) - 1),
        k=st.integers(1, 50),
        within=st.none() | st.lists(st.sampled_from(PREFIXES), max_size=3),
    )
    def search_distinct(self, query: int, k: int, within: list[tuple[str, ...]] | None) -> None:
        """Each text is named once, the nearest ones first."""
        texts = {passage.text for passage in self.under(within).values()}
        hits = self.index.search(TABLE[[query]], k, within, distinct=True)
        found = [self.index.passage(id).text for id in hits.ids[0].tolist() if id != NO_ROW]
        assert len(set(found)) == len(found) == min(k, len(texts))
        truth = sorted((float(TABLE[query] @ TABLE[TEXTS.index(text)]) for text in texts), reverse=True)[:k]
        np.testing.assert_allclose(hits.similarities[0, : len(found)], truth, atol=1e-5)

    @rule(prefix=st.sampled_from(PREFIXES))
    def read(self, prefix: tuple[str, ...]) -> None:
        """Vectors come by group, and within a group in the order in which the passages were stored."""
        there = sorted(self.under([prefix]).values(), key=lambda passage: passage.group)
        expected = TABLE[[TEXTS.index(passage.text) for passage in there]].reshape(-1, 8)
        np.testing.assert_array_equal(self.index.vectors(prefix), expected)

    @invariant()
    def same(self) -> None:
        """Every id is known with what it was stored with, and no other."""
        if hasattr(self, "index"):
            assert len(self.index) == len(self.model)
            assert self.index.groups == tuple(sorted({passage.group for passage in self.model.values()}))
            for n in range(44):
                assert self.index.get(f"k{n}") == self.model.get(f"k{n}")
                assert (f"k{n}" in self.index) == (f"k{n}" in self.model)


@pytest.fixture(autouse=True)
def many_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits at which parts are sealed, merged and streamed, so low that a short history passes all of them."""
    low = {"_SEALED": 16, "_TINY": 4, "_RATIO": 1, "_MANY": 3, "_REMEMBERED": 2}
    for name, value in low.items():
        monkeypatch.setattr(grouped, name, value)
    for room in (batch, directory):  # hashes that hardly tell anything apart do no harm
        monkeypatch.setattr(room, "hashes_of", lambda texts: keys.hashes_of(texts) % np.uint64(5))
    monkeypatch.setattr(batch, "content_hashes", lambda *rows: keys.content_hashes(*rows) % np.uint64(5))
    monkeypatch.setattr(selection, "_BLOCK", 3)
    monkeypatch.setattr(part_search, "_GAP", 2)


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
