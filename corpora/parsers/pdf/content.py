"""What is read from a page before it is put in order: characters and ruled lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Char:
    """A character: its box (y grows downward), baseline, font size in points, whether its font is bold.

    ``spaced`` tells that the file has a blank before it, ``turn`` by how many degrees (a quarter turn or more of them,
    counterclockwise) it is turned against the page's text.
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
    turn: int = 0


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
    largest picture covers, both in 0..1. ``turned`` are characters that run down or up the page, which are text only
    within a table.
    """

    number: int
    width: float
    height: float
    chars: tuple[Char, ...]
    edges: tuple[Edge, ...]
    unmapped: float = 0.0
    pictured: float = 0.0
    turned: tuple[Char, ...] = ()
