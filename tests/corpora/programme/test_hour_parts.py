"""Hours with their parts in one cell, read as the header says."""

from __future__ import annotations

import pytest

from corpora.programme.schedule.hour_parts import HourParts, hour_parts


@pytest.mark.parametrize(
    ("text", "header", "parts"),
    [
        ("48（16）", "学时（其中实践学时）", HourParts(48, 32, 16, True)),
        ("48(40)", "学时(理论)", HourParts(48, 40, 8, True)),
        ("32+16", "学时（理论+实践）", HourParts(48, 32, 16)),
        ("16/32", "实践/理论", HourParts(48, 32, 16)),
        ("48(30+18)", "总学时（讲授+实训）", HourParts(48, 30, 18)),
        ("40", "学时（理论+实践）", HourParts(40)),
        ("16（48）", "学时（实践）", HourParts(16)),
    ],
)
def test_parts(text: str, header: str, parts: HourParts) -> None:
    """Two numbers are the parts in the header's order, or the total and the one part that it names."""
    assert hour_parts(text, header) == parts


@pytest.mark.parametrize("text", ["", "√", "2周", "A"])
def test_no_number(text: str) -> None:
    """A cell without hours says nothing."""
    assert hour_parts(text, "学时（理论+实践）") is None
