"""The matrix product that a batch search is measured by: every SGEMM in this process, each at its best block size."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

import numpy as np

from index.kernel import loaded_libraries
from index.protocols import Vectors

#: Rows of the first matrix multiplied at once: a result of this height stays in the cache.
_BLOCKS = (256, 1_024, 4_096)
_TRIED = 16_384
_ROW_MAJOR, _PLAIN, _TRANSPOSED = 101, 111, 112

#: (rows of A, B, buffer for the result) -> nothing; the buffer then holds A times B transposed.
Product = Callable[[Vectors, Vectors, Vectors], object]


@dataclass(frozen=True)
class Sgemm:
    """A matrix product by name, and the block of rows at which it is fastest for a shape."""

    name: str
    product: Product
    block: int

    def run(self, queries: Vectors, vectors: Vectors) -> None:
        """All products of the queries (q, d) with the vectors (n, d), written over one buffer."""
        _all(self.product, queries, vectors, self.block)


def tuned_sgemms(queries: Vectors, vectors: Vectors) -> list[Sgemm]:
    """Those of numpy and, where it can be reached, of faiss, each with its best block for this shape."""
    products: dict[str, Product] = {"SGEMM（numpy 的 OpenBLAS）": _by_numpy}
    if (found := _of_faiss()) is not None:
        products["SGEMM（faiss 的 OpenBLAS）"] = found
    some = queries[:_TRIED]
    return [Sgemm(name, product, _best_block(product, some, vectors)) for name, product in products.items()]


def _best_block(product: Product, queries: Vectors, vectors: Vectors) -> int:
    times = {}
    for block in _BLOCKS:
        _all(product, queries[:block], vectors, block)
        start = process_time()
        _all(product, queries, vectors, block)
        times[block] = process_time() - start
    return min(times, key=times.__getitem__)


def _all(product: Product, queries: Vectors, vectors: Vectors, block: int) -> None:
    buffer = np.empty((block, len(vectors)), np.float32)
    for start in range(0, len(queries), block):
        rows = queries[start : start + block]
        product(rows, vectors, buffer[: len(rows)])


def _by_numpy(queries: Vectors, vectors: Vectors, out: Vectors) -> None:
    np.matmul(queries, vectors.T, out=out)


def _of_faiss() -> Product | None:
    """``cblas_sgemm`` of the OpenBLAS in faiss, already loaded and found again by its name; None if it cannot be."""
    for library in loaded_libraries():
        if library.kernel and "scipy" not in library.file and "openblas" in library.file:
            try:
                multiply = ctypes.CDLL(library.file).cblas_sgemm
            except (OSError, AttributeError):
                continue
            return _checked(_by_cblas(multiply))
    return None


def _by_cblas(multiply: Callable[..., object]) -> Product:
    def product(queries: Vectors, vectors: Vectors, out: Vectors) -> None:
        (rows, inner), columns = queries.shape, len(vectors)
        one, zero = ctypes.c_float(1), ctypes.c_float(0)
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (queries, vectors, out)]
        sizes = (rows, columns, inner, one, pointers[0], inner, pointers[1], inner, zero, pointers[2], columns)
        multiply(_ROW_MAJOR, _PLAIN, _TRANSPOSED, *sizes)

    return product


def _checked(product: Product) -> Product | None:
    """The product if it multiplies rightly, None otherwise (another calling convention)."""
    left, right = np.arange(6, dtype=np.float32).reshape(2, 3), np.arange(12, dtype=np.float32).reshape(4, 3)
    out = np.zeros((2, 4), np.float32)
    product(left, right, out)
    return product if np.array_equal(out, left @ right.T) else None
