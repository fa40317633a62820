"""Approximate back-ends whose structure is one of FAISS: what each one costs and is good for is in docs/search.md."""

from __future__ import annotations

from typing import Any, ClassVar

from index.approximate import ApproximateBackend, Arrays
from index.faiss_structure import FaissStructure, Recipe
from index.protocols import Vectors


class FaissStructureBackend(ApproximateBackend):
    """An ``ApproximateBackend`` over a recipe.

    Parameters
    ----------
    dimension : length of a vector.
    threads : threads of one search, and of training.
    lists : of the inverted file; 0 for four times the square root of the number of rows.
    options : of ``ApproximateBackend``; ``effort`` counts the lists that are looked into.
    """

    RECIPE: ClassVar[Recipe]

    def __init__(self, dimension: int, threads: int | None = 1, lists: int = 0, **options: Any) -> None:
        super().__init__(dimension, threads, **options)
        self.lists = lists

    def _fit(self, vectors: Vectors) -> FaissStructure:
        return FaissStructure.fit(vectors, self.RECIPE, self.lists, self.seed, self.threads)

    def _restored(self, arrays: Arrays) -> FaissStructure | None:
        return FaissStructure.from_arrays(arrays, self.dimension) if "faiss" in arrays else None


class HalfBackend(FaissStructureBackend):
    """Every row in 16-bit floating point: half the memory, all but exact, and every row is read."""

    RECIPE = Recipe("SQfp16")
    REFINE = 1


class RaBitQBackend(FaissStructureBackend):
    """Lists of one-bit codes (RaBitQ; Gao & Long 2024), candidates refined: least memory at high recall."""

    RECIPE = Recipe("IVF{lists},RaBitQ", rotated=True, assigned=True)
    REFINE = 6


class FastScanBackend(FaissStructureBackend):
    """Lists of 4-bit product codes scanned in registers (André et al. 2017), candidates refined: batches."""

    RECIPE = Recipe("IVF{lists},PQ{half}x4fs", rotated=True)


class ByteBackend(FaissStructureBackend):
    """Lists of 8-bit codes, answering well without the vectors: for when these are to stay on disk."""

    RECIPE = Recipe("IVF{lists},SQ8", assigned=True)
    REFINE = 2
