"""Which back-end without measuring: by rows, memory, and whether questions come one by one or in batches.

The figures behind it are in docs/search.md. Exact search is taken for as long as nobody would notice the difference: a
question alone takes up to a millisecond, one of a batch up to a tenth of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from index.native import instruction_sets

Use = Literal["single", "batch"]

#: Values (rows x dimension) up to which every row is compared, exactly: 100,000 and 65,000 rows of 256.
EXACT_VALUES: Mapping[Use, int] = {"single": 25_600_000, "batch": 16_700_000}
#: Rows from which on more lists are looked into, and how many: about .95 of the ten nearest of real text.
EFFORTS = ((0, 24), (150_000, 32), (600_000, 48), (3_000_000, 64))
#: Bytes for each value of a vector that a search reads from: of everything, and of the codes alone.
_EXACT, _REFINED, _CODES = 5.1, 5.5, 1.5


@dataclass(frozen=True, slots=True)
class Choice:
    """A back-end, what its constructor takes, and why (in Chinese)."""

    backend: str
    options: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""


def choose(rows: int, dimension: int, use: Use = "single", memory: int | None = None) -> Choice:
    """A back-end that finds about .95 of the ten nearest, or all of them where that costs little.

    Parameters
    ----------
    rows, dimension : of the vectors.
    use : how questions come.
    memory : bytes that the index may take; None for any.
    """
    values, free = rows * dimension, float("inf") if memory is None else memory
    kernels, effort = bool(instruction_sets()), _effort(rows)
    if values <= EXACT_VALUES[use] and values * (_EXACT if kernels else 4) <= free:
        return Choice("screened", {}, f"{rows:,} 段不多，逐段比较也快，结果精确")
    if values * _REFINED > free and rows >= 5_000:
        if kernels and values * _CODES <= free:
            return Choice("clustered", {"probes": effort, "refine": False}, "内存放不下全部向量，只用编码")
        return Choice("ivf-sq8", {"effort": effort, "refine": 0}, "内存放不下全部向量，只用 8 位编码")
    if kernels:
        return Choice("clustered", {"probes": effort}, f"{rows:,} 段，先找最近的 {effort} 组再精确比较")
    name = "ivf-pq" if use == "batch" else "ivf-rabitq"
    return Choice(name, {"effort": effort, "refine": 10}, f"{rows:,} 段，没有编译的内核，用 faiss 的倒排编码再精排")


def _effort(rows: int) -> int:
    return next(effort for least, effort in reversed(EFFORTS) if rows >= least)
