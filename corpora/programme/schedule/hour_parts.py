"""Hours and their theory and practice in one cell: ``48（16）``, ``32+16``, ``40/8``, read as the header says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpora.programme.schedule.cells import flat, number

_N = r"(\d+(?:\.\d+)?)"
_PART = re.compile(r"理论|讲[授课]|课堂|实[践验训]|上机")
_PRACTICE = re.compile(r"实[践验训]|上机")
_TWO = re.compile(rf"{_N}[+/:]{_N}")
_WITHIN = re.compile(rf"{_N}[(\[]{_N}[)\]]")
_ALL = re.compile(rf"{_N}[(\[]{_N}[+/:]{_N}[)\]]")


@dataclass(frozen=True, slots=True)
class HourParts:
    """Hours of one cell; ``derived`` where one part is what the other one leaves of the total."""

    total: float
    theory: float | None = None
    practice: float | None = None
    derived: bool = False


def hour_parts(text: str, header: str) -> HourParts | None:
    """What a cell of a column of hours and their parts says; None for one without number.

    Parameters
    ----------
    header : the column's header. Where it names theory and practice (理论+实践), two numbers are these in its order;
        where it names one part only (学时（其中实践）), they are the total and that part.
    """
    plain = flat(text)
    named = [_PRACTICE.fullmatch(word) is not None for word in _PART.findall(flat(header))]
    if match := _ALL.fullmatch(plain):
        return _both(float(match[1]), float(match[2]), float(match[3]), named)
    if match := _TWO.fullmatch(plain) or _WITHIN.fullmatch(plain):
        first, second = float(match[1]), float(match[2])
        if len(set(named)) == 2:
            return _both(first + second, first, second, named)
        if second <= first and named:
            return _one(first, second, named[0])
    value = number(text)
    return None if value is None else HourParts(value)


def _both(total: float, first: float, second: float, named: list[bool]) -> HourParts:
    """Two parts in the order of the header, theory first where it names none."""
    return HourParts(total, second, first) if named[:1] == [True] else HourParts(total, first, second)


def _one(total: float, part: float, practice: bool) -> HourParts:
    return HourParts(total, total - part, part, True) if practice else HourParts(total, part, total - part, True)
