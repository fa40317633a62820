"""Text that runs down or up a cell: glyphs turned by a quarter, and upright letters set one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpora.parsers.pdf.content import Char

UP, DOWN = 90, 270
_STACKED_SHARE = 0.6
_ASIDE, _NEAR, _FAR = 0.35, 0.5, 2.2
_RAISE = 0.35


def is_stacked(chars: Sequence[Char]) -> bool:
    """Whether upright letters follow each other downward in two columns or more, as vertical writing sets them."""
    if len(chars) < 4:
        return False
    steps = [_is_below(last, char) for last, char in pairwise(chars)]
    middles = sorted((char.x0 + char.x1) / 2 for char in chars)
    columns = 1 + sum(b - a > _NEAR * chars[0].size for a, b in pairwise(middles))
    return columns > 1 and sum(steps) == len(steps) - (columns - 1) and sum(steps) >= _STACKED_SHARE * len(steps)


def _is_below(last: Char, char: Char) -> bool:
    size = max(last.size, char.size)
    aside = abs((char.x0 + char.x1) - (last.x0 + last.x1)) / 2
    return aside <= _ASIDE * size and _NEAR * size <= char.y0 - last.y0 <= _FAR * size


def laid_flat(chars: Sequence[Char], upright: Sequence[Char]) -> list[Char]:
    """The characters as if the cell were turned until its text ran to the right.

    Parameters
    ----------
    chars : turned characters of a cell, in the file's order.
    upright : the cell's other characters; they stand among turned ones in vertical writing.

    Returns
    -------
    all of them; x is the direction of the text (down, or up where most turned ones run up), and y that of its lines.
    """
    up = 2 * sum(char.turn == UP for char in chars) > len(chars)
    return [_flat(char, up) for char in (*upright, *chars)]


def _flat(char: Char, up: bool) -> Char:
    x0, x1 = (-char.y1, -char.y0) if up else (char.y0, char.y1)
    y0, y1 = (char.x0, char.x1) if up else (-char.x1, -char.x0)
    return replace(char, x0=x0, x1=x1, y0=y0, y1=y1, baseline=(y0 + y1) / 2 + _RAISE * char.size, turn=0)
