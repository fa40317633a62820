"""The best columns of every row of a matrix, in an order that never depends on chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.protocols import Ids

#: Columns from which the best are cut off before they are put in order.
_MANY = 512


def ranked(values: NDArray[np.floating], k: int) -> Ids:
    """The columns of the k highest values of each row, the highest first, equal ones by number.

    Sorting whole numbers made of value and column needs neither an index array nor a stable sort; it is several times
    faster than either. Doubles are sorted by their nearest single, and once more where that is not enough.

    Parameters
    ----------
    values : (q, n), finite, float32 or float64.
    k : ``0 <= k <= n``.

    Returns
    -------
    (q, k).
    """
    single = values.astype(np.float32, copy=False)
    width = values.shape[1]
    if values.dtype == np.float32 or k == 0:
        return _by_single(single, k)
    found = _by_single(single, min(k + 1, width))
    unsure = _unsure(np.take_along_axis(values, found, 1), k)
    found = found[:, :k]
    if unsure.any():
        found[unsure] = np.argsort(-values[unsure], axis=1, kind="stable")[:, :k]
    return found


def _by_single(values: NDArray[np.float32], k: int) -> Ids:
    """See ``ranked``: the bits of a float, sign aside, rise with its value."""
    bits = (values + np.float32(0)).view(np.int32)  # the sum turns -0.0 into 0.0
    falling = ~(bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF)))
    keys: Ids = np.left_shift(falling, 32, dtype=np.int64)
    keys |= np.arange(values.shape[1])
    if k < keys.shape[1] and keys.shape[1] > _MANY:
        keys = np.partition(keys, k, axis=1)[:, :k]
    keys.sort(axis=1)
    return keys[:, :k] & 0xFFFFFFFF


def _unsure(values: NDArray[np.floating], k: int) -> NDArray[np.bool_]:
    """(q,) whether doubles that came in the order of their nearest singles may belong in another one.

    Parameters
    ----------
    values : (q, k + 1) in that order, or (q, k) where there is no further one.
    """
    falls: NDArray[np.bool_] = np.all(values[:, 1:] <= values[:, :-1], axis=1)
    if values.shape[1] == k:
        return ~falls
    tied: NDArray[np.bool_] = values[:, k].astype(np.float32) == values[:, k - 1].astype(np.float32)
    return ~falls | tied
