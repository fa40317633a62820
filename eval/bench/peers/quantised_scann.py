"""ScaNN: a tree of partitions, anisotropic 4-bit codes, exact reordering; and its brute force."""

from __future__ import annotations

from typing import Any

import numpy as np

from eval.bench.peers.base import Searcher, ladder
from index.protocols import Vectors

_ANISOTROPY = 0.2
_BLOCK = 2  # dimensions a code
_REORDERED = (30, 60, 120, 250)


def scann_tree(vectors: Vectors, threads: int, soar: bool = False) -> Searcher:
    """Leaves about 2 sqrt(n), spherical; leaves searched and rows reordered are swept; ``soar`` files rows twice."""
    from scann.scann_ops.py import scann_ops_pybind  # type: ignore[import-untyped, import-not-found, unused-ignore]

    leaves = int(2 * len(vectors) ** 0.5)
    builder = scann_ops_pybind.builder(vectors, 10, "dot_product")
    builder = builder.tree(
        leaves,
        max(1, leaves // 20),
        training_sample_size=min(len(vectors), 100 * leaves),
        spherical=True,
        **({"soar_lambda": 1.5} if soar else {}),
    )
    built = builder.score_ah(_BLOCK, anisotropic_quantization_threshold=_ANISOTROPY).reorder(_REORDERED[0]).build()

    def search(queries: Vectors, k: int, setting: tuple[int, int]) -> Any:
        return _ask(built, queries, k, threads, leaves_to_search=setting[0], pre_reorder_num_neighbors=setting[1])

    return Searcher(
        search,
        _ids,
        ladders=tuple(tuple((count, reordered) for count in ladder(1, leaves)) for reordered in _REORDERED),
        bytes_per_vector=4.0 * vectors.shape[1] + (1 + soar) * (vectors.shape[1] / _BLOCK / 2 + 4),
    )


def scann_brute_force(vectors: Vectors, threads: int) -> Searcher:
    """``score_brute_force``: exact, 32-bit floats."""
    from scann.scann_ops.py import scann_ops_pybind  # type: ignore[import-untyped, import-not-found, unused-ignore]

    built = scann_ops_pybind.builder(vectors, 10, "dot_product").score_brute_force().build()
    return Searcher(
        lambda queries, k, _: _ask(built, queries, k, threads), _ids, bytes_per_vector=4.0 * vectors.shape[1]
    )


def _ask(built: Any, queries: Vectors, k: int, threads: int, **setting: int) -> Any:
    if len(queries) == 1:
        return built.search(queries[0], final_num_neighbors=k, **setting)
    if threads > 1:
        built.set_num_threads(threads)
        return built.search_batched_parallel(queries, final_num_neighbors=k, **setting)
    return built.search_batched(queries, final_num_neighbors=k, **setting)


def _ids(answer: Any) -> Any:
    return np.atleast_2d(np.asarray(answer[0]).astype(np.int64))
