"""What is read from a page before it is put in order: characters and ruled lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Char:
    """A character: its box (y grows downward), baseline, font size in points, whether its font is bold.

    ``spaced`` tells that the file has a blank before it.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    baseline: float
    size: float
    bold: bool
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A horizontal or vertical ruled line at ``position``, from ``start`` to ``end`` along the other axis."""

    vertical: bool
    position: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """Everything read from one page.

    ``unmapped`` is the share of characters without a Unicode meaning, ``pictured`` the part of the page that its
    largest picture covers, both in 0..1.
    """

    number: int
    width: float
    height: float
    chars: tuple[Char, ...]
    edges: tuple[Edge, ...]
    unmapped: float = 0.0
    pictured: float = 0.0
