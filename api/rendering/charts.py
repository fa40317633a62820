"""Coverage as inline SVG: stacked bars that scale with the page, print in black and white, and read aloud."""

from __future__ import annotations

from html import escape

from api.rendering import words
from api.rendering.view import Tally

_HATCH = (
    '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#fbe3b4"/>'
    '<path d="M-1 7 7 -1M-1 1 1 -1M5 7 7 5" stroke="#b36b00" stroke-width="1.6"/></pattern>'
)


def bar(tally: Tally, id: str, height: int = 16) -> str:
    """A stacked bar of covered (solid), touched (hatched) and missing (pale) elements, as wide as its place.

    Parameters
    ----------
    tally : the counts; the widths are their shares.
    id : a name unique on the page, for the hatching.
    height : in CSS pixels.
    """
    hatch = f"hatch-{id}"
    label = escape(spoken(tally), quote=True)
    edge = 100 * tally.covered / tally.total if tally.total else 0.0
    touched = 100 * tally.touched / tally.total if tally.total else 0.0
    parts = [
        f'<svg class="bar" width="100%" height="{height}" role="img" aria-label="{label}">',
        f"<defs>{_HATCH.format(id=escape(hatch, quote=True))}</defs>",
        f'<rect fill="#e6e9ee" x="0" y="0" width="100%" height="{height}"/>',
        _rect("#17805f", 0.0, edge, height),
        _rect(f"url(#{escape(hatch, quote=True)})", edge, touched, height),
        "</svg>",
    ]
    return "".join(parts)


def spoken(tally: Tally) -> str:
    """The bar in words: ``已覆盖 3 项，部分涉及 1 项，未覆盖 2 项，共 6 项``."""
    counts = zip(words.GRADES.values(), (tally.covered, tally.touched, tally.missing), strict=True)
    return "，".join(f"{name} {count} 项" for name, count in counts) + f"，共 {tally.total} 项"


def _rect(fill: str, x: float, width: float, height: int) -> str:
    return f'<rect fill="{fill}" x="{x:.2f}%" y="0" width="{width:.2f}%" height="{height}"/>' if width else ""
