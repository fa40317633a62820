"""Colours of the pages are told apart by those who see little contrast (WCAG 2.2, AA)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

_STYLE = (ROOT / "api" / "static" / "app.css").read_text("utf-8")
_TOKENS = dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{3,6})\b", _STYLE))

#: Text on its ground.
_TEXT = [
    *[(ink, ground) for ink in ("--ink", "--soft", "--brand", "--missing") for ground in ("--paper", "--ground")],
    ("--ink", "--quiet-bg"),
    ("--soft", "--quiet-bg"),
    ("--soft", "--brand-tint"),
    ("--ink", "--brand-tint"),
    ("--brand", "--brand-tint"),
    ("--brand-deep", "--brand-tint"),
    ("--on-brand", "--brand"),
    ("--on-brand", "--brand-deep"),
    ("--paper", "--ink"),
    *[(f"--{name}", f"--{name}-bg") for name in ("covered", "touched", "missing", "review")],
    *[("--ink", f"--{name}-bg") for name in ("covered", "touched", "missing", "review")],
    ("--soft", "--missing-bg"),
    ("--covered", "--paper"),
]
#: Borders of fields, rings of focus, bars of progress.
_SHAPES = [
    ("--edge", "--paper"),
    ("--edge", "--ground"),
    ("--focus", "--paper"),
    ("--focus", "--ground"),
    ("--focus", "--brand-tint"),
    ("--brand", "--quiet-bg"),
    ("--fill-covered", "--fill-missing"),
]


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(_TOKENS[one]), _light(_TOKENS[other])))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_guidelines_define_it() -> None:
    """Black on white is 21 to 1, and the grey #767676 just passes."""
    _TOKENS.update({"black": "#000000", "white": "#fff", "grey": "#767676"})
    assert _contrast("black", "white") == pytest.approx(21)
    assert _contrast("grey", "white") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("ink", "ground"), _TEXT)
def test_text_can_be_read(ink: str, ground: str) -> None:
    """4.5 to 1 for text."""
    assert _contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("shape", "ground"), _SHAPES)
def test_shapes_can_be_seen(shape: str, ground: str) -> None:
    """3 to 1 for what is not text."""
    assert _contrast(shape, ground) >= 3


@pytest.mark.parametrize("path", sorted((ROOT / "api" / "static").glob("*.css")), ids=lambda path: path.name)
def test_tokens_exist(path: Path) -> None:
    """Every token that a style sheet uses is one of the frame's or its own."""
    text = path.read_text("utf-8")
    known = set(re.findall(r"(--[\w-]+)\s*:", _STYLE + text))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= known
