"""``Prefer: wait=N``: how long a caller would wait for a job (RFC 7240)."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Header

#: Longest wait, seconds.
LONGEST = 60

Prefer = Annotated[
    str | None,
    Header(
        description=f"wait=N：最多等 N 秒（至多 {LONGEST} 秒），期间完成则直接给出结果",
        max_length=200,
        examples=["wait=10"],
    ),
]


def seconds_to_wait(prefer: str | None) -> int:
    """The seconds that a ``Prefer`` header asks to wait, ``LONGEST`` at most; 0 where it does not ask."""
    for preference in re.split(r"[,;]", prefer or ""):
        name, _, value = preference.partition("=")
        digits = value.strip().strip('"')
        if name.strip().lower() == "wait" and re.fullmatch(r"[0-9]{1,9}", digits):
            return min(int(digits), LONGEST)
    return 0
