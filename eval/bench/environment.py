"""What a measurement ran on: processor, versions, BLAS kernels, threads."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from corpora import __version__
from index.faiss_backend import load_faiss
from index.kernel import LoadedLibrary, loaded_libraries, read_cpu

if TYPE_CHECKING:
    from eval.bench.peers.base import Method


@dataclass(frozen=True)
class Environment:
    """Where and with what a benchmark ran.

    Parameters
    ----------
    processor : vendor and family, with the widest vector instructions.
    versions : of the program, of Python and of the libraries that do the work.
    cores, load : processors of the machine, and how many processes wanted one in the minute before (-1: unknown).
    libraries : BLAS and OpenMP libraries with their kernel and threads, read while the threads are limited.
    """

    processor: str
    versions: dict[str, str]
    cores: int
    load: float
    libraries: tuple[LoadedLibrary, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For people."""
        blas = [x for x in self.libraries if x.kernel]
        kernels = "，".join(f"{x.file.split('-')[0]} {x.version} {x.kernel}（{x.threads} 线程）" for x in blas)
        versions = "，".join(f"{name} {number}" for name, number in self.versions.items())
        return [
            f"处理器  {self.processor}，{self.cores} 核，负载 {self.load:.1f}",
            f"版本    {versions}",
            f"BLAS    {kernels or '没有 OpenBLAS'}",
        ]


def describe_environment(methods: Sequence[Method] = ()) -> Environment:
    """The environment of this process, faiss and numpy loaded; with the versions of the libraries of ``methods``."""
    load_faiss()
    cpu = read_cpu()
    widest = next((flag for flag in ("avx512f", "avx2", "avx", "sse4_2") if flag in cpu.flags), platform.machine())
    names = dict.fromkeys(("numpy", "faiss-cpu", *(method.library for method in methods if method.library)))
    versions = {"duibiao": __version__, "python": platform.python_version(), **{name: _version(name) for name in names}}
    processor = f"{cpu.vendor} family {cpu.family}".strip() if cpu.vendor else platform.processor()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0
    return Environment(f"{processor}, {widest}", versions, os.cpu_count() or 1, load, loaded_libraries())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "未安装"
