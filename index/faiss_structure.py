"""Structures of FAISS: an inverted file of compressed rows, or all rows compressed, behind an optional rotation.

A random rotation spreads what the vectors of an encoder hold unevenly over their coordinates. With 50,000 rows of the
benchmark's synthetic set, one-bit codes (RaBitQ) found .97 instead of .95 of the ten nearest at the same cost, and
4-bit product codes .986 instead of .978.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import IndexFormatError
from index.clustering import assign, find_centroids
from index.coded import CodedRows
from index.faiss_backend import limited, load_faiss
from index.native import instruction_sets
from index.protocols import Ids, Vectors

#: Rows that codes are trained on, at most.
_SAMPLE = 65_536
_BLOCK = 65_536
#: Standard deviations of rounding errors that are allowed for when lists are chosen.
_SLACK = 2.0
#: Longest vector of the compiled kernels.
_LONGEST = 4_096


@dataclass(frozen=True, slots=True)
class Recipe:
    """What faiss builds.

    Parameters
    ----------
    factory : for ``faiss.index_factory``; ``{lists}`` and ``{half}`` (half the dimension) are filled in.
    rotated : turn rows and queries by a random rotation first.
    assigned : faiss takes rows whose list we found, which is faster (not into the block layout of fast scan).
    """

    factory: str
    rotated: bool = False
    assigned: bool = False

    @property
    def inverted(self) -> bool:
        """Whether rows lie in lists."""
        return "{lists}" in self.factory


class FaissStructure:
    """A ``Structure`` over an index of faiss, which is read from its bytes at the first use.

    Parameters
    ----------
    count, trained : rows it holds, and held when it was trained.
    dimension : length of a vector.
    rotation : (dimension, dimension), or None.
    index : of faiss, or None where there are ``data`` to read it from.
    data : what faiss wrote, uint8.
    """

    def __init__(
        self,
        count: int,
        trained: int,
        dimension: int,
        rotation: Vectors | None,
        index: Any = None,
        data: NDArray[np.uint8] | None = None,
    ) -> None:
        self.trained, self.dimension, self.rotation = trained, dimension, rotation
        self._count, self._index, self._data = count, index, data
        self._coarse: tuple[CodedRows, Vectors] | None = None
        self._lock = Lock()

    @classmethod
    def fit(cls, vectors: Vectors, recipe: Recipe, lists: int, seed: int, threads: int | None) -> FaissStructure:
        """Train on rows (n, dimension) and take all of them in, block by block.

        Parameters
        ----------
        recipe : what to build.
        lists : of the inverted file; 0 for four times the square root of n.
        seed : of the clustering, the rotation and the sample.
        threads : of faiss; None for as many as the process has.
        """
        faiss, (count, dimension) = load_faiss(), vectors.shape
        rng = np.random.default_rng(seed)
        rotation = _rotation(rng, dimension) if recipe.rotated else None
        lists = min(lists or round(4 * math.sqrt(count)), count)
        made = recipe.factory.format(lists=lists, half=dimension // 2)
        with limited(threads):
            index = faiss.index_factory(dimension, made, faiss.METRIC_INNER_PRODUCT)
            centroids = _centroids(faiss, vectors, lists, seed) if recipe.inverted else None
            if centroids is not None:
                index.quantizer.add(_turned(centroids, rotation))
            sample = np.sort(rng.choice(count, min(count, _SAMPLE), replace=False))
            index.train(_turned(vectors[sample], rotation))
            structure = cls(0, count, dimension, rotation, index)
            for start in range(0, count, _BLOCK):
                block = np.ascontiguousarray(vectors[start : start + _BLOCK])
                known = (
                    assign(block, centroids)
                    if centroids is not None and recipe.assigned and _native(dimension)
                    else None
                )
                structure._add(block, known)
        return structure

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """Memory it takes; of an inverted file codes, row numbers and centroids."""
        if self._index is None:
            return 0 if self._data is None else self._data.nbytes
        per_row = getattr(self._index, "code_size", 0) + (8 if hasattr(self._index, "nlist") else 0)
        return self._count * per_row + getattr(self._index, "nlist", 0) * self.dimension * 4

    def extend(self, vectors: Vectors) -> None:
        """See ``Structure.extend``."""
        with self._lock:
            self._ready()
            self._add(vectors, None)
            self._data = None

    def search(self, queries: Vectors, k: int, effort: int, threads: int | None) -> tuple[Ids, Vectors]:
        """See ``Structure.search``; ``effort`` counts lists."""
        with self._lock:
            self._ready()
        labels, similarities = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
        rows = _turned(queries, self.rotation)
        with limited(threads):
            if hasattr(self._index, "nlist"):
                self._look_into(rows, min(effort, self._index.nlist), labels, similarities)
            else:
                self._index.search(rows, k, D=similarities, I=labels)
        return labels, similarities

    def _look_into(self, queries: Vectors, lists: int, labels: Ids, similarities: Vectors) -> None:
        """Search the nearest lists of each query; by our own kernels they are found several times as fast."""
        faiss, index = load_faiss(), self._index
        params = faiss.SearchParametersIVF(nprobe=lists)
        if self._coarse is None:
            index.search(queries, labels.shape[1], D=similarities, I=labels, params=params)
            return
        coarse, centroids = self._coarse
        nearest = coarse.search(queries, lists, 0, len(centroids), centroids, _SLACK)
        pointers = [faiss.swig_ptr(array) for array in (*nearest, similarities, labels)]
        asked = len(queries), faiss.swig_ptr(queries), labels.shape[1]
        index.search_preassigned_c(*asked, *pointers, False, params)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Bytes of faiss, rotation and counts."""
        data = load_faiss().serialize_index(self._index) if self._data is None else self._data
        rotation = {} if self.rotation is None else {"rotation": self.rotation}
        return {"faiss": data, "counts": np.array([self._count, self.trained])} | rotation

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], dimension: int) -> FaissStructure:
        """From what ``arrays`` gave; faiss reads its bytes at the first use.

        Raises
        ------
        KeyError, ValueError : they do not belong together.
        """
        data, rotation = arrays["faiss"], arrays.get("rotation")
        count, trained = arrays["counts"].tolist()
        if data.ndim != 1 or data.dtype != np.uint8 or (rotation is not None and rotation.shape != (dimension,) * 2):
            raise ValueError(f"structure {data.dtype} {data.shape}, rotation {getattr(rotation, 'shape', None)}")
        return cls(count, trained, dimension, rotation, data=data)

    def _add(self, vectors: Vectors, lists: Ids | None) -> None:
        rows = _turned(vectors, self.rotation)
        if lists is None:
            self._index.add(rows)
        else:
            pointer = load_faiss().swig_ptr
            self._index.add_core(len(rows), pointer(rows), None, pointer(lists))
        self._count += len(rows)

    def _ready(self) -> None:
        """Have the index, read from its bytes if need be, and its centroids coded."""
        if self._index is None:
            self._index = self._read()
        if self._coarse is None and hasattr(self._index, "nlist") and _native(self.dimension):
            centroids = self._index.quantizer.reconstruct_n(0, self._index.nlist)
            coded = CodedRows(self.dimension)
            coded.store(centroids, 0)
            self._coarse = coded, centroids

    def _read(self) -> Any:
        try:
            index = load_faiss().deserialize_index(self._data)
        except RuntimeError as error:
            raise IndexFormatError("索引文件中的检索结构已损坏", advice="请重新建立索引") from error
        if (index.ntotal, index.d) != (self._count, self.dimension):
            what = f"索引文件中的检索结构有 {index.ntotal} 行 {index.d} 维，应为 {self._count} 行 {self.dimension} 维"
            raise IndexFormatError(what, advice="请重新建立索引")
        return index


def _native(dimension: int) -> bool:
    return bool(instruction_sets()) and dimension <= _LONGEST


def _centroids(faiss: Any, vectors: Vectors, lists: int, seed: int) -> Vectors:
    """Unit centroids (lists, dimension), by the compiled kernels where they are."""
    if _native(vectors.shape[1]):
        return find_centroids(vectors, lists, seed)
    rng = np.random.default_rng(seed)
    sample = np.sort(rng.choice(len(vectors), min(len(vectors), 64 * lists), replace=False))
    means = faiss.Kmeans(vectors.shape[1], lists, niter=8, seed=seed + 1, spherical=True, min_points_per_centroid=1)
    means.train(np.ascontiguousarray(vectors[sample], np.float32))
    found: Vectors = means.centroids
    return found


def _rotation(rng: np.random.Generator, dimension: int) -> Vectors:
    found: Vectors = np.linalg.qr(rng.standard_normal((dimension, dimension)))[0].astype(np.float32)
    return found


def _turned(vectors: Vectors, rotation: Vectors | None) -> Vectors:
    return np.ascontiguousarray(vectors if rotation is None else vectors @ rotation, np.float32)
