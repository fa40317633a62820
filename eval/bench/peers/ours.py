"""The product's own back-ends, by the names under which they are registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from eval.bench.peers.base import Method, Searcher, ladder
from index.backends import DEFAULT, backend_class, create_backend
from index.protocols import Hits, VectorBackend, Vectors


@dataclass(frozen=True)
class Ours:
    """A back-end and how it is asked.

    Parameters
    ----------
    backend : its registered name.
    options : of its constructor.
    swept : names of the attributes that a setting sets before a search; a setting is one value for each.
    ladders : settings, each ladder from the cheapest up.
    beside : bytes a vector that it holds beside vectors and ids, for those that do not tell by ``bytes_per_row``.
    """

    backend: str
    options: Mapping[str, Any] = field(default_factory=dict)
    swept: tuple[str, ...] = ()
    ladders: tuple[tuple[Any, ...], ...] = ((None,),)
    beside: float = 0.0


def build_ours(plan: Ours, vectors: Vectors, threads: int) -> Searcher:
    """Build it over all vectors; ids are positions."""
    backend: Any = make_backend(plan, vectors)
    backend.threads = threads

    def search(queries: Vectors, k: int, setting: tuple[Any, ...] | None) -> Hits:
        for name, value in zip(plan.swept, setting or (), strict=True):
            setattr(backend, name, value)
        found: Hits = backend.search(queries, k)
        return found

    beside = float(getattr(backend, "bytes_per_row", plan.beside))
    held = 4.0 * backend.dimension + 8 + beside
    return Searcher(search, lambda hits: hits.ids, ladders=plan.ladders, bytes_per_vector=held)


def make_backend(plan: Ours, vectors: Vectors) -> VectorBackend:
    """A back-end over the vectors, built in one go where it can be."""
    found: Any = backend_class(plan.backend)
    ids = np.arange(len(vectors))
    if hasattr(found, "build"):
        built: VectorBackend = found.build(ids, vectors, **plan.options)
        return built
    backend = create_backend(plan.backend, vectors.shape[1], **plan.options)
    backend.add(ids, vectors)
    return backend


#: What names of ours begin with.
OURS = "本产品"


def method(label: str, plan: Ours) -> Method:
    """Under its name in the tables."""
    return Method(f"{OURS} {label}", partial(build_ours, plan), ours=True)


_EXACT = {"faiss": Ours("faiss"), "screened": Ours("screened", beside=260.0)}
#: Exact ones by name; the first is what the product takes by default.
EXACT_PLANS: dict[str, Ours] = {DEFAULT: _EXACT.get(DEFAULT, Ours(DEFAULT)), **_EXACT}
_EFFORTS = (2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 192, 256)


def _refined(*factors: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Ladders of effort, one for each number of candidates a hit that are ranked again."""
    return tuple(tuple((effort, factor) for effort in _EFFORTS) for factor in factors)


#: Approximate ones by name.
APPROXIMATE_PLANS: dict[str, Ours] = {
    "clustered": Ours("clustered", {}, ("probes",), (tuple((n,) for n in ladder(1, 400)),)),
    "ivf-rabitq": Ours("ivf-rabitq", {}, ("effort", "refine"), _refined(4, 8, 16)),
    "ivf-pq": Ours("ivf-pq", {}, ("effort", "refine"), _refined(4, 8)),
    "ivf-sq8": Ours("ivf-sq8", {}, ("effort",), (tuple((effort,) for effort in _EFFORTS),)),
}
EXACT: tuple[Method, ...] = tuple(method(name, plan) for name, plan in EXACT_PLANS.items())
APPROXIMATE: tuple[Method, ...] = tuple(method(name, plan) for name, plan in APPROXIMATE_PLANS.items())
