"""The probes of a standard, laid out so that all are compared with a document by a few matrix products.

The first probes of all elements are one matrix, the second ones another, and so on; elements with the most probes stand
first, so that every matrix is a part of the same rows. Then the closeness to each element's nearest probe is a running
maximum over whole matrices, which costs next to nothing beside the products.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Below every cosine: what stands where an element has no probe.
NOWHERE = np.float32(-2)


@dataclass(frozen=True)
class ProbeSlots:
    """Probes of one kind.

    Parameters
    ----------
    matrices : the j-th holds the j-th probe of each of the elements that have so many, (m, d), m falling.
    places : (E,) row of each element in them.
    """

    matrices: tuple[Floats, ...]
    places: Ints

    @property
    def served(self) -> NDArray[np.bool_]:
        """(E,) whether an element has a probe of this kind."""
        filled: NDArray[np.bool_] = self.places < (len(self.matrices[0]) if self.matrices else 0)
        return filled


def slots_of(vectors: Floats, owners: Ints, elements: int) -> ProbeSlots:
    """Lay out probes.

    Parameters
    ----------
    vectors : (P, d) rows; ``owners`` the element of each, 0 .. elements - 1.
    """
    counts = np.bincount(owners, minlength=elements)
    order = np.argsort(-counts, kind="stable")
    rows = np.argsort(owners, kind="stable")
    firsts = np.cumsum(counts) - counts
    filled = (int((counts > j).sum()) for j in range(int(counts.max(initial=0))))
    matrices = tuple(np.ascontiguousarray(vectors[rows[firsts[order[:m]] + j]]) for j, m in enumerate(filled))
    places = np.empty(elements, np.int64)
    places[order] = np.arange(elements)
    return ProbeSlots(matrices, places)
