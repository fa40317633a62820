"""Long lists in pages: newest first, each page begins after the last identifier of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

#: Most items of one page.
MOST = 200


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How many items (1..``MOST``), after which identifier ("" for the first page)."""

    limit: int = 50
    after: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, and after which identifier the next page begins ("" at the end)."""

    items: Sequence[T]
    next: str = ""

    @classmethod
    def of(cls, found: Sequence[T], page: PageRequest) -> Page[T]:
        """The page of what a query for one row more than asked for has found; rows have an ``id``."""
        items = found[: page.limit]
        return cls(items, items[-1].id if len(found) > page.limit else "")  # type: ignore[attr-defined]
