"""Rows in clusters around centroids: what an approximate search looks into first.

Lloyd's k-means on a sample; rows are assigned by the coded search, which is several times as fast as a matrix product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.coded import PANEL, CodedRows, ListsOfPlaces
from index.protocols import Ids, Vectors

#: Rows of the sample for each centroid.
SAMPLE = 64
ROUNDS = 8
#: Standard deviations of the rounding errors that are allowed for among rows, and among centroids.
SLACK = 3.0
_SLACK = 2.0
_BLOCK = 65_536


def find_centroids(vectors: Vectors, count: int, seed: int = 0, rounds: int = ROUNDS) -> Vectors:
    """Unit centroids (count, dimension) of unit vectors (n, dimension), by spherical k-means.

    Parameters
    ----------
    vectors : n >= count rows; a sample of them is used.
    count : number of centroids.
    seed : of the sample and the first centroids: the same rows give the same centroids.
    rounds : of Lloyd's algorithm.
    """
    rng = np.random.default_rng(seed)
    sample = np.sort(rng.choice(len(vectors), min(len(vectors), SAMPLE * count), replace=False))
    rows = np.ascontiguousarray(vectors[sample], np.float32)
    centroids = rows[np.sort(rng.choice(len(rows), count, replace=False))]
    for _ in range(rounds):
        nearest = assign(rows, centroids)
        centroids = _means(rows, nearest, count, rng)
    return centroids


def assign(vectors: Vectors, centroids: Vectors) -> Ids:
    """Number of the nearest centroid of each row, (n,), int64."""
    coded = CodedRows(centroids.shape[1])
    coded.store(centroids, 0)
    nearest = np.empty(len(vectors), np.int64)
    for start in range(0, len(vectors), _BLOCK):
        some = np.ascontiguousarray(vectors[start : start + _BLOCK], np.float32)
        nearest[start : start + _BLOCK] = coded.search(some, 1, 0, len(centroids), centroids, _SLACK)[0][:, 0]
    return nearest


def _means(rows: Vectors, nearest: Ids, count: int, rng: np.random.Generator) -> Vectors:
    """Unit means of the rows of each centroid; one without rows starts anew at a row."""
    order = np.argsort(nearest, kind="stable")
    present, starts = np.unique(nearest[order], return_index=True)
    sums = np.zeros((count, rows.shape[1]), np.float32)
    sums[present] = np.add.reduceat(rows[order], starts, axis=0)
    lengths = np.linalg.norm(sums, axis=1)
    empty = np.flatnonzero(lengths == 0)
    sums[empty] = rows[rng.integers(0, len(rows), len(empty))]
    lengths[empty] = np.maximum(np.linalg.norm(sums[empty], axis=1), 1e-30)
    means: Vectors = sums / lengths[:, None]
    return means


@dataclass
class ClusteredRows:
    """Rows in coded lists around centroids.

    Parameters
    ----------
    centroids : (lists, dimension), unit rows.
    lists : where each list lies, and the row of each place.
    codes : of the places.
    """

    centroids: Vectors
    lists: ListsOfPlaces
    codes: CodedRows
    _coarse: CodedRows = field(init=False)

    def __post_init__(self) -> None:
        self._coarse = CodedRows(self.centroids.shape[1])
        self._coarse.store(np.ascontiguousarray(self.centroids), 0)

    @classmethod
    def build(cls, vectors: Vectors, count: int, seed: int = 0) -> ClusteredRows:
        """Cluster unit vectors (n, dimension) into ``count <= n`` lists; reads them block by block."""
        centroids = find_centroids(vectors, count, seed)
        lists = ListsOfPlaces.of(assign(vectors, centroids), count)
        codes = CodedRows(vectors.shape[1])
        codes.reserve(len(lists.order))
        for start in range(0, len(lists.order), _BLOCK):
            rows = lists.order[start : start + _BLOCK]
            codes.store(np.where(rows[:, None] >= 0, vectors[rows], np.float32(0)), start)
        return cls(centroids, lists, codes)

    def search(self, queries: Vectors, k: int, probes: int, exact: Vectors | None) -> tuple[Ids, Vectors]:
        """The k best rows of each query within its nearest lists; -1 and -inf where there are fewer.

        Parameters
        ----------
        queries : (q, dimension), float32, contiguous.
        k : >= 1.
        probes : lists that are looked into.
        exact : the rows (n, dimension), which candidates are multiplied with; None answers with screened values.
        """
        count = len(self.centroids)
        probed, _ = self._coarse.search(queries, min(probes, count), 0, count, None, _SLACK)
        return self.codes.search_lists(queries, k, self.lists, probed, exact, SLACK)

    @property
    def bytes_per_row(self) -> float:
        """Memory beside the vectors themselves."""
        parts = self.codes.panels, self.codes.scales, self.lists.order, self.centroids, self._coarse.panels
        return sum(part.nbytes for part in parts) / max(1, int(self.lists.sizes.sum()))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything, as named arrays."""
        bounds = np.array([self.codes.error, self.codes.longest])
        return {
            "centroids": self.centroids,
            "list panels": self.lists.panels,
            "list sizes": self.lists.sizes,
            "order": self.lists.order,
            "codes": self.codes.panels,
            "scales": self.codes.scales,
            "bounds": bounds,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ClusteredRows:
        """From what ``arrays`` gave, used in place.

        Raises
        ------
        KeyError, ValueError : they do not belong together.
        """
        centroids, codes, scales = arrays["centroids"], arrays["codes"], arrays["scales"]
        lists = ListsOfPlaces(arrays["list panels"], arrays["list sizes"], arrays["order"])
        places, groups = len(lists.order), -(-centroids.shape[1] // 4)
        if codes.shape != (places // PANEL, groups, PANEL, 4) or scales.shape != (places,) or places % PANEL:
            raise ValueError(f"codes {codes.shape}, scales {scales.shape}, {places} places")
        if lists.panels.shape != lists.sizes.shape or lists.sizes.shape != centroids.shape[:1]:
            raise ValueError(f"{len(centroids)} centroids, {len(lists.sizes)} lists")
        error, longest = arrays["bounds"].tolist()
        coded = CodedRows(centroids.shape[1], panels=codes, scales=scales, error=error, longest=longest)
        return cls(centroids, lists, coded)
