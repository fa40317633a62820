"""Characters of the symbol fonts that office documents use for boxes, ticks, arrows and bullets."""

from __future__ import annotations

_WINGDINGS = {
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥",
    0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨",
    0xFB: "✘", 0xFC: "✔", 0xFD: "☒", 0xFE: "☑", 0x81: "①", 0x82: "②", 0x83: "③", 0x84: "④", 0x85: "⑤", 0x86: "⑥",
    0x87: "⑦", 0x88: "⑧", 0x89: "⑨", 0x8A: "⑩",
}  # fmt: skip
_WINGDINGS_2 = {0x2A: "□", 0x50: "✓", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x4F: "✗", 0xA3: "□", 0x97: "●"}
_SYMBOL = {0xA3: "≤", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB1: "±", 0xB8: "÷", 0xB9: "≠", 0xA5: "∞", 0xAE: "→", 0xB0: "°"}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
_PRIVATE = range(0xE000, 0xF900)


def symbol(font: str, code: str) -> str:
    """The Unicode character of a ``w:sym``.

    Parameters
    ----------
    font : the symbol font's name.
    code : the character in hexadecimal digits, often in the private area (F0xx).

    Returns
    -------
    The character; "" for one of a symbol font that has no known counterpart.
    """
    try:
        point = int(code, 16)
    except ValueError:
        return ""
    table = _FONTS.get(font.lower())
    if table is not None:
        return table.get(point & 0xFF, "")
    return "" if point in _PRIVATE or not 0x20 <= point < 0x110000 else chr(point)
