"""An embedded vector database: chromadb, in memory."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import numpy as np

from eval.bench.peers.base import Searcher
from index.protocols import Vectors

_CHUNK = 5_000


def chroma(vectors: Vectors, threads: int) -> Searcher:
    """An ephemeral collection by inner product, telemetry off, as it comes but for 200 in building; a batch is a query.

    Its ``ef_search`` is 100 when made; changing it afterwards changed neither its answers nor its speed.
    """
    import chromadb  # type: ignore[import-not-found, unused-ignore]
    from chromadb.config import Settings  # type: ignore[import-not-found, unused-ignore]

    client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
    options: Any = {"hnsw": {"space": "ip", "ef_construction": 200, "max_neighbors": 16, "num_threads": threads}}
    collection = client.create_collection(uuid4().hex, embedding_function=None, configuration=options)
    for start in range(0, len(vectors), _CHUNK):
        part = vectors[start : start + _CHUNK]
        collection.add([str(start + i) for i in range(len(part))], embeddings=part)
    return Searcher(
        lambda queries, k, _: collection.query(queries, n_results=k, include=[]),
        lambda answer: np.array(answer["ids"]).astype(np.int64),
    )
