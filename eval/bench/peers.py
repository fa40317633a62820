"""Other ways to search the same vectors, as their users run them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from index.faiss_backend import FaissBackend, load_faiss
from index.protocols import Ids, Vectors


@dataclass(frozen=True)
class Peer:
    """One way to search a set of vectors; only ``search`` is timed.

    Parameters
    ----------
    search : prepared queries and k -> its own kind of answer.
    ids : the answer's row ids (q, k), to check it.
    prepare : query vectors -> what its users have in hand when they search.
    """

    search: Callable[[Any, int], Any]
    ids: Callable[[Any], Ids]
    prepare: Callable[[Vectors], Any] = lambda queries: queries


@dataclass
class StoredText:
    """What a document store keeps of a text."""

    page_content: str
    metadata: dict[str, Any] = field(default_factory=dict)


def ours(vectors: Vectors) -> Peer:
    """``FaissBackend`` as the product uses it, one thread."""
    backend = FaissBackend(vectors.shape[1], threads=1)
    backend.add(np.arange(len(vectors)), vectors)
    return Peer(backend.search, lambda hits: hits.ids)


def plain_faiss(vectors: Vectors) -> Peer:
    """``IndexFlatIP`` with every setting of faiss as it comes, whole batches."""
    index = load_faiss().IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return Peer(index.search, lambda answer: answer[1])


def numpy_partition(vectors: Vectors) -> Peer:
    """A matrix product and ``argpartition``."""

    def search(queries: Vectors, k: int) -> tuple[Ids, Vectors]:
        similarities = queries @ vectors.T
        best = np.argpartition(similarities, -k, axis=1)[:, -k:]
        values = np.take_along_axis(similarities, best, 1)
        order = np.argsort(-values, axis=1)
        return np.take_along_axis(best, order, 1), np.take_along_axis(values, order, 1)

    return Peer(search, lambda answer: answer[0])


def one_by_one_store(vectors: Vectors) -> Peer:
    """How LangChain's FAISS wrapper is called: one query at a time, each answer looked up in a document store.

    The pattern of its ``similarity_search_with_score_by_vector``, written anew: the embedding, a list of floats as
    ``Embeddings.embed_query`` gives it, becomes an array of one row; faiss searches it; every hit goes from position
    to store id to document.
    """
    index = load_faiss().IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    store_ids = {position: f"id-{position}" for position in range(len(vectors))}
    store = {store_id: StoredText(store_id, {"row": position}) for position, store_id in store_ids.items()}

    def one(embedding: list[float], k: int) -> list[tuple[StoredText, float]]:
        similarities, positions = index.search(np.array([embedding], np.float32), k)
        found = []
        for place, position in enumerate(positions[0]):
            if position != -1:
                found.append((store[store_ids[position]], similarities[0][place]))
        return found

    return Peer(
        lambda embeddings, k: [one(embedding, k) for embedding in embeddings],
        lambda answers: np.array([[text.metadata["row"] for text, _ in answer] for answer in answers], np.int64),
        lambda queries: queries.tolist(),
    )


#: The product's own name among them.
OURS = "duibiao"

PEERS: dict[str, Callable[[Vectors], Peer]] = {
    OURS: ours,
    "faiss 默认": plain_faiss,
    "numpy": numpy_partition,
    "逐条+文档库": one_by_one_store,
}
