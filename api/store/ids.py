"""Identifiers: 26 letters and digits that sort by the time they were made (the layout of ULID)."""

from __future__ import annotations

import secrets
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM = 80
_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A new identifier: 48 bits of milliseconds since 1970, then 80 random bits, in Crockford's base 32.

    Each that a process makes sorts behind the one before, also within one millisecond and when the clock goes back.
    """
    global _last
    with _lock:
        millis = time.time_ns() // 1_000_000
        if millis > _last >> _RANDOM:
            _last = millis << _RANDOM | secrets.randbits(_RANDOM - 1)
        else:
            _last += 1 + secrets.randbits(_RANDOM // 2)
        value = _last
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(125, -5, -5))
