"""What a way to search gives the benchmark: built once, asked at several settings, its answers checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.protocols import Ids, Vectors


@dataclass(frozen=True)
class Searcher:
    """Something that searches a set of vectors; only ``search`` is timed.

    Parameters
    ----------
    search : prepared queries, k and a setting -> its own kind of answer.
    ids : the answer's row ids (q, k), int64, to check it; -1 where a place is empty.
    prepare : query vectors (q, d) -> what its users have in hand when they search.
    ladders : settings of its search parameter, each ladder from the cheapest up; one setting None where it has none.
    bytes_per_vector : of everything it holds; None where it does not tell.
    """

    search: Callable[[Any, int, Any], Any]
    ids: Callable[[Any], Ids]
    prepare: Callable[[Vectors], Any] = lambda queries: queries
    ladders: tuple[tuple[Any, ...], ...] = ((None,),)
    bytes_per_vector: float | None = None


@dataclass(frozen=True)
class Method:
    """A way to search, by name.

    Parameters
    ----------
    name : in the tables.
    build : vectors (n, d) and the threads of a search -> what searches them.
    library : the distribution whose version is printed; "" for the product and numpy.
    ours : whether it is a back-end of the product.
    most_queries, most_rows : what is above is not measured, because it takes minutes.
    """

    name: str
    build: Callable[[Vectors, int], Searcher]
    library: str = ""
    ours: bool = False
    most_queries: int = 1 << 30
    most_rows: int = 1 << 30


def ladder(start: int, stop: int, count: int = 40) -> tuple[int, ...]:
    """Whole numbers from ``start`` to ``stop``, each about as many per cent above the one before."""
    return tuple(int(value) for value in np.unique(np.geomspace(start, stop, count).round().astype(np.int64)))
