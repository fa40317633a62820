"""The compiled kernels of vector search, where they were built and the processor can run them."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def kernels() -> Any | None:
    """The extension module ``_kernels`` (its functions are described in ``src/module.c``); None when there is none."""
    try:
        from index.native import _kernels  # type: ignore[attr-defined]
    except ImportError:
        return None
    return _kernels if _kernels.instruction_sets() else None


def instruction_sets() -> tuple[str, ...]:
    """Names of the instruction sets that the kernels can use here, fastest first; empty without kernels."""
    found = kernels()
    return tuple(found.instruction_sets()) if found else ()
