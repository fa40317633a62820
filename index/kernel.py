"""The BLAS kernel: OpenBLAS picks one when it is loaded, and the one inside faiss does not know new CPUs.

faiss-cpu 1.15 ships OpenBLAS 0.3.15. On a CPU that is newer, it falls back to a kernel of the year 2004 and searches at
a third of the speed. ``OPENBLAS_CORETYPE`` names the kernel and is read once, while the library is being loaded; so it
has to be in the environment around the first import of faiss (and of numpy, where a machine pins a slow kernel for
everyone). This is the one place below ``api/`` that touches the environment, and it puts back what it found.

Nothing here imports numpy at module level, so a program may enter ``blas_kernel`` before it imports anything else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpora.errors import UsageError

VARIABLE = "OPENBLAS_CORETYPE"

#: Kernels that OpenBLAS 0.3.15 and later know on x86-64 (without Cooperlake, which 0.3.15 turns into its oldest one).
KERNELS = ("SkylakeX", "Haswell", "Zen", "Excavator", "Sandybridge", "Nehalem", "Prescott")

_AVX512 = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}
_AVX2 = {"avx2", "fma"}
#: AMD families below this one (Zen 5) run 512-bit instructions in two halves: the 256-bit kernel is 5-8 % faster there.
_AMD_FULL_WIDTH = 26


@dataclass(frozen=True, slots=True)
class Cpu:
    """What /proc/cpuinfo says of the first processor."""

    vendor: str = ""
    family: int = 0
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LoadedLibrary:
    """A threaded library in this process: BLAS or OpenMP, its file, version, kernel ("" for OpenMP) and threads."""

    api: str
    file: str
    version: str
    kernel: str
    threads: int


def read_cpu(path: Path = Path("/proc/cpuinfo")) -> Cpu:
    """The first processor; an empty Cpu where the system has no such file."""
    try:
        block = path.read_text(encoding="utf-8", errors="replace").split("\n\n")[0]
    except OSError:
        return Cpu()
    pairs = (line.partition(":") for line in block.splitlines())
    facts = {key.strip(): value.strip() for key, _, value in pairs}
    family = facts.get("cpu family", "")
    return Cpu(
        facts.get("vendor_id", ""), int(family) if family.isdigit() else 0, frozenset(facts.get("flags", "").split())
    )


def kernel_for(cpu: Cpu) -> str | None:
    """The fastest kernel that the BLAS inside faiss has for a CPU; None when its own choice cannot be bettered."""
    halved = cpu.vendor == "AuthenticAMD" and cpu.family < _AMD_FULL_WIDTH
    if cpu.flags >= _AVX512 | _AVX2 and not halved:
        return "SkylakeX"
    return "Haswell" if cpu.flags >= _AVX2 else None


@contextmanager
def blas_kernel(choice: str = "auto") -> Iterator[str | None]:
    """Within it, an OpenBLAS that gets loaded takes the chosen kernel; afterwards the environment is as before.

    Parameters
    ----------
    choice : ``auto`` by the CPU's flags, whatever the environment says; ``inherit`` leaves the environment alone; or
        the name of a kernel, which is the user's explicit choice.

    Yields
    ------
    The kernel asked for, None when it is left to the library.

    Raises
    ------
    UsageError : the name is no kernel.
    """
    kernel = _chosen(choice)
    before = os.environ.get(VARIABLE)
    if kernel is not None:
        os.environ[VARIABLE] = kernel
    try:
        yield kernel
    finally:
        if kernel is not None:
            os.environ.pop(VARIABLE)
            if before is not None:
                os.environ[VARIABLE] = before


def _chosen(choice: str) -> str | None:
    if choice == "auto":
        return kernel_for(read_cpu())
    if choice == "inherit":
        return None
    if choice not in KERNELS:
        advice = f"可用：auto、inherit、{'、'.join(KERNELS)}"
        raise UsageError(f"没有名为“{choice}”的 BLAS 内核", advice=advice)
    return choice


def loaded_libraries() -> tuple[LoadedLibrary, ...]:
    """The BLAS and OpenMP libraries that this process has loaded, with the kernel each one runs."""
    from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

    return tuple(
        LoadedLibrary(
            entry["internal_api"],
            Path(entry["filepath"]).name,
            entry.get("version") or "",
            entry.get("architecture") or "",
            entry["num_threads"],
        )
        for entry in threadpool_info()
    )


@contextmanager
def limited_threads(threads: int) -> Iterator[None]:
    """Within it, every BLAS and OpenMP library that is loaded runs at most this many threads."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(threads):
        yield
