"""Writes a counter in Word's number formats (ECMA-376 part 1, 17.18.59 ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def format_number(value: int, format: str) -> str:
    """A counter as Word shows it.

    Parameters
    ----------
    value : the counter; anything outside a format's range is written in decimal digits.
    format : ST_NumberFormat value; unknown ones are written in decimal digits.

    Returns
    -------
    The number, "" for ``bullet`` and ``none``.
    """
    if format in ("bullet", "none"):
        return ""
    return _FORMATS.get(format, str)(value)


def _chinese(value: int, digits: str, units: tuple[str, str, str], ten: str) -> str:
    if not 0 < value < 10_000:
        return str(value)
    text, gap = "", False
    for power, unit in ((3, units[2]), (2, units[1]), (1, units[0]), (0, "")):
        digit = value // 10**power % 10
        if digit:
            text += (digits[0] if gap and text else "") + digits[digit] + unit
        gap = bool(text) and not digit
    return text.replace(digits[1] + units[0], ten + units[0], 1) if text.startswith(digits[1] + units[0]) else text


def _counting(value: int) -> str:
    return _chinese(value, "零" + _DIGITS[1:], ("十", "百", "千"), "")


def _legal(value: int) -> str:
    return _chinese(value, _LEGAL_DIGITS, ("拾", "佰", "仟"), "壹")


def _digital(value: int) -> str:
    return "".join(_DIGITS[int(d)] for d in str(value)) if value >= 0 else str(value)


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    text = ""
    for size, sign in _ROMAN:
        count, value = divmod(value, size)
        text += sign * count
    return text


def _letters(value: int) -> str:
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value < 780 else str(value)


def _from(signs: str) -> Callable[[int], str]:
    return lambda value: signs[value - 1] if 0 < value <= len(signs) else str(value)


def _run(first: str, last: int) -> str:
    return "".join(chr(ord(first) + i) for i in range(last))


_CIRCLED = _run("①", 20) + _run("㉑", 15) + _run("㊱", 15)

_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": lambda value: "".join(chr(ord(d) + 0xFEE0) for d in str(value)),
    "decimalFullWidth2": lambda value: "".join(chr(ord(d) + 0xFEE0) for d in str(value)),
    "numberInDash": lambda value: f"- {value} -",
    "upperRoman": lambda value: _roman(value).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerLetter": _letters,
    "chineseCounting": _counting,
    "chineseCountingThousand": _counting,
    "japaneseCounting": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _counting,
    "koreanCounting": _counting,
    "ideographDigital": _digital,
    "japaneseDigitalTenThousand": _digital,
    "taiwaneseDigital": _digital,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographTraditional": _from(_STEMS),
    "ideographZodiac": _from(_BRANCHES),
    "decimalEnclosedCircle": _from(_CIRCLED),
    "decimalEnclosedCircleChinese": _from(_CIRCLED),
    "decimalEnclosedFullstop": _from(_run("⒈", 20)),
    "decimalEnclosedParen": _from(_run("⑴", 20)),
    "ideographEnclosedCircle": _from(_run("㊀", 10)),
    "ideographParenthesized": _from(_run("㈠", 10)),
}
