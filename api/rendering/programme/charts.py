"""The hour structure as inline SVG: bars as wide as their place, without script, readable in black and white."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from api.rendering.programme.rows import Bar

THEORY, PRACTICE_GROUND, PRACTICE_LINE, REST = "#1f4e79", "#d9e8f5", "#3d7ab5", "#e6e9ee"
#: Fill of each category in the bar of the whole, dark and light in turn.
CATEGORIES = {
    "public": "#1f4e79",
    "foundation": "#8fb8de",
    "core": "#17805f",
    "extension": "#a8d5c2",
    "practice": "#b36b00",
    "other": "#c3cad3",
}
_HATCH = (
    '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<rect width="6" height="6" fill="{PRACTICE_GROUND}"/>'
    f'<path d="M-1 7 7 -1M-1 1 1 -1M5 7 7 5" stroke="{PRACTICE_LINE}" stroke-width="1.6"/></pattern>'
)


def split_bar(bar: Bar, id: str, height: int = 16) -> str:
    """One category or semester: theory solid, practice hatched, what is neither pale; as long as its hours.

    Parameters
    ----------
    bar : the hours; the longest bar of its group fills the width.
    id : a name unique on the page, for the hatching.
    height : in CSS pixels.
    """
    hatch = escape(f"hatch-{id}", quote=True)
    scale = 100 / bar.longest if bar.longest else 0.0
    theory, practice = bar.cell.theory * scale, bar.cell.practice * scale
    parts = [
        _open(bar.spoken, height),
        f"<defs>{_HATCH.format(id=hatch)}</defs>",
        _rect(THEORY, 0.0, theory, height),
        _rect(f"url(#{hatch})", theory, practice, height),
        _rect(REST if bar.split else "#5b87b2", theory + practice, bar.rest * scale, height),
        "</svg>",
    ]
    return "".join(parts)


def whole_bar(bars: Sequence[Bar], height: int = 30) -> str:
    """All categories side by side, each as wide as its share."""
    label = "学时构成：" + "；".join(bar.spoken for bar in bars)
    parts, edge = [_open(label, height)], 0.0
    for bar in bars:
        width = 100 * bar.cell.hours / bar.whole if bar.whole else 0.0
        parts.append(_rect(CATEGORIES[bar.cell.category or "other"], edge, width, height, ' stroke="#fff"'))
        edge += width
    return "".join([*parts, "</svg>"])


def _open(label: str, height: int) -> str:
    return f'<svg class="bar" width="100%" height="{height}" role="img" aria-label="{escape(label, quote=True)}">'


def _rect(fill: str, x: float, width: float, height: int, more: str = "") -> str:
    if width <= 0:
        return ""
    return f'<rect fill="{fill}" x="{x:.2f}%" y="0" width="{width:.2f}%" height="{height}"{more}/>'
