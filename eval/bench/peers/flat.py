"""Exact search as others do it: numpy, faiss as it comes, and through LangChain's wrapper of faiss."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from eval.bench.peers.base import Searcher
from index.faiss_backend import load_faiss
from index.protocols import Ids, Vectors


@dataclass
class StoredText:
    """What a document store keeps of a text."""

    page_content: str
    metadata: dict[str, Any] = field(default_factory=dict)


def plain_faiss(vectors: Vectors, _threads: int) -> Searcher:
    """``IndexFlatIP`` with every setting of faiss as it comes, whole batches."""
    index = load_faiss().IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return Searcher(
        lambda queries, k, _: index.search(queries, k),
        lambda answer: answer[1],
        bytes_per_vector=4.0 * vectors.shape[1],
    )


def numpy_partition(vectors: Vectors, _threads: int) -> Searcher:
    """A matrix product and ``argpartition``, over blocks of queries that bound the matrix of similarities."""
    block = max(1, (1 << 25) // len(vectors))

    def search(queries: Vectors, k: int, _: None) -> Ids:
        return np.concatenate([_best(queries[i : i + block], vectors, k) for i in range(0, len(queries), block)])

    return Searcher(search, lambda answer: answer, bytes_per_vector=4.0 * vectors.shape[1])


def _best(queries: Vectors, vectors: Vectors, k: int) -> Ids:
    similarities = queries @ vectors.T
    best = np.argpartition(similarities, -k, axis=1)[:, -k:]
    order = np.argsort(-np.take_along_axis(similarities, best, 1), axis=1)
    found: Ids = np.take_along_axis(best, order, 1)
    return found


def one_by_one_store(vectors: Vectors, _threads: int) -> Searcher:
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

    return Searcher(
        lambda embeddings, k, _: [one(embedding, k) for embedding in embeddings],
        lambda answers: np.array([[text.metadata["row"] for text, _ in answer] for answer in answers], np.int64),
        lambda queries: queries.tolist(),
    )
