"""Ways to search the same vectors, ours and others', as their users run them: a file for each library."""

from __future__ import annotations

from functools import partial

from eval.bench.peers.base import Method, Searcher
from eval.bench.peers.databases import chroma
from eval.bench.peers.flat import numpy_partition, one_by_one_store, plain_faiss
from eval.bench.peers.graph_usearch import usearch_exact, usearch_graph
from eval.bench.peers.hnsw import hnsw
from eval.bench.peers.ours import APPROXIMATE, EXACT, OURS
from eval.bench.peers.quantised_scann import scann_brute_force, scann_tree
from eval.bench.peers.rabitq import rabitq_ivf, symphony_graph

__all__ = ["FAISS", "HNSW", "LARGE", "OURS", "SCANN", "STANDARD", "USEARCH", "WRAPPER", "Method", "Searcher"]

WRAPPER = Method("逐条+文档库", one_by_one_store, "faiss-cpu")
FAISS = Method("faiss 默认", plain_faiss, "faiss-cpu")
HNSW = Method("hnswlib", hnsw, "hnswlib")
USEARCH = Method("usearch", usearch_graph, "usearch", most_rows=500_000)
SCANN = Method("ScaNN", scann_tree, "scann")
_CHROMA = Method("chromadb", chroma, "chromadb", most_queries=64, most_rows=50_000)

#: Against one standard (W1): everything is exact there, but for the database.
STANDARD: tuple[Method, ...] = (
    *EXACT,
    FAISS,
    Method("numpy", numpy_partition, "numpy"),
    WRAPPER,
    Method("usearch 精确", usearch_exact, "usearch"),
    Method("ScaNN 精确", scann_brute_force, "scann"),
    _CHROMA,
)

#: Among hundreds of thousands (W2) and millions (W3).
LARGE: tuple[Method, ...] = (
    *EXACT,
    *APPROXIMATE,
    HNSW,
    USEARCH,
    SCANN,
    Method("ScaNN SOAR", partial(scann_tree, soar=True), "scann", most_rows=500_000),
    Method("rabitqlib IVF", rabitq_ivf, "rabitqlib"),
    Method("rabitqlib SymphonyQG", symphony_graph, "rabitqlib"),
)
