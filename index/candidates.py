"""What tuning tries, as data: a new back-end joins by one entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from index.native import instruction_sets

Setting = Mapping[str, Any]

_LISTS = (4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)


@dataclass(frozen=True)
class Candidate:
    """A back-end and how it may be set.

    Parameters
    ----------
    backend : its name in ``index.backends.BACKENDS``.
    ladders : settings from the cheapest up, several ladders where a setting has more than one side; names of
        attributes that are options of the constructor too.
    options : of the constructor, for all of them.
    beside : bytes that it holds for each value of a vector beside the vectors, where it does not say so itself.
    fewest, most : rows among which it is worth trying.
    native : needs the compiled kernels.
    """

    backend: str
    ladders: tuple[tuple[Setting, ...], ...] = (({},),)
    options: Mapping[str, Any] = field(default_factory=dict)
    beside: float = 0.0
    fewest: int = 0
    most: int | None = None
    native: bool = False

    def suits(self, rows: int) -> bool:
        """Whether it is tried among so many rows, on this machine."""
        within = self.fewest <= rows and (self.most is None or rows <= self.most)
        return within and (not self.native or bool(instruction_sets()))

    def bytes_per_row(self, backend: Any, dimension: int) -> float:
        """Memory of a row that a search reads from: the vector itself only where the back-end looks at it."""
        looked_at = 4 * dimension if getattr(backend, "refine", True) else 0
        return float(getattr(backend, "bytes_per_row", self.beside * dimension) + looked_at)


def _ladder(attribute: str, **fixed: Any) -> tuple[Setting, ...]:
    return tuple({attribute: lists, **fixed} for lists in _LISTS)


#: The first is exact and always there, so that there is always an answer.
CANDIDATES: tuple[Candidate, ...] = (
    Candidate("screened", beside=1.02 if instruction_sets() else 0.0),
    Candidate("half", (({"refine": 1},), ({"refine": 0},)), fewest=5_000, most=100_000),
    Candidate(
        "clustered",
        (_ladder("probes", refine=True), _ladder("probes", refine=False)),
        fewest=5_000,
        native=True,
    ),
    Candidate("ivf-rabitq", (_ladder("effort", refine=6), _ladder("effort", refine=12)), fewest=5_000),
    Candidate("ivf-pq", (_ladder("effort", refine=4), _ladder("effort", refine=10)), fewest=5_000),
    Candidate("ivf-sq8", (_ladder("effort", refine=0),), fewest=5_000),
)
