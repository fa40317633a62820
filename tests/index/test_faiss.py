"""FAISS: the kernel is chosen before the import, the knobs are set for one call only."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpora.errors import UsageError
from index.faiss_backend import FaissBackend, load_faiss
from index.kernel import VARIABLE, Cpu, blas_kernel, kernel_for, loaded_libraries, read_cpu

AVX2 = frozenset({"avx2", "fma"})
AVX512 = AVX2 | {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}


@pytest.mark.parametrize(
    ("cpu", "kernel"),
    [
        (Cpu("GenuineIntel", 6, AVX512), "SkylakeX"),
        (Cpu("GenuineIntel", 6, AVX2), "Haswell"),
        (Cpu("AuthenticAMD", 26, AVX512), "SkylakeX"),
        (Cpu("AuthenticAMD", 25, AVX512), "Haswell"),
        (Cpu("GenuineIntel", 6, AVX512 - {"avx512vl"}), "Haswell"),
        (Cpu("GenuineIntel", 6, frozenset({"sse4_2"})), None),
        (Cpu(), None),
    ],
)
def test_kernel_by_flags(cpu: Cpu, kernel: str | None) -> None:
    """AVX-512 at full width takes SkylakeX, AVX2 takes Haswell, anything else is left to the library."""
    assert kernel_for(cpu) == kernel


def test_reads_cpuinfo(tmp_path: Path) -> None:
    """Vendor, family and flags of the first processor are read; a system without the file has an unknown CPU."""
    path = tmp_path / "cpuinfo"
    path.write_text(
        "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 26\nflags\t\t: fma avx2\n\n"
        "processor\t: 1\nvendor_id\t: other\ncpu family\t: 1\nflags\t\t: sse\n"
    )
    assert read_cpu(path) == Cpu("AuthenticAMD", 26, AVX2)
    assert read_cpu(tmp_path / "none") == Cpu()


@pytest.mark.parametrize("before", [None, "Prescott"])
def test_environment_is_put_back(monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    """The variable is set within the block only, also when the block fails; inherit never touches it."""
    monkeypatch.delenv(VARIABLE, raising=False)
    if before:
        monkeypatch.setenv(VARIABLE, before)
    seen = []
    with suppress(ZeroDivisionError), blas_kernel("Haswell"):
        seen.append(os.environ[VARIABLE])
        raise ZeroDivisionError
    assert seen == ["Haswell"]
    assert os.environ.get(VARIABLE) == before
    with blas_kernel("inherit") as kernel:
        assert kernel is None
        assert os.environ.get(VARIABLE) == before


def test_unknown_kernel() -> None:
    """A kernel that the library would turn into its slowest one is refused with the list of good ones."""
    with pytest.raises(UsageError, match="SkylakeX"), blas_kernel("Cooperlake"):
        pass


@pytest.mark.skipif(kernel_for(read_cpu()) is None, reason="这个 CPU 没有需要指定的内核")
@pytest.mark.parametrize(("choice", "kernel"), [("auto", kernel_for(read_cpu())), ("Nehalem", "Nehalem")])
def test_kernel_in_a_process_that_inherits_a_slow_one(choice: str, kernel: str) -> None:
    """In a process whose environment pins the oldest kernel, faiss runs the chosen one all the same."""
    code = f"""
import numpy as np
from index.faiss_backend import FaissBackend
from index.kernel import loaded_libraries
backend = FaissBackend(4, kernel={choice!r})
backend.add(np.array([0]), np.ones((1, 4), np.float32))
backend.search(np.ones((1, 4), np.float32), 1)
print(*(x.kernel for x in loaded_libraries() if x.api == "openblas" and "libopenblas" in x.file))
"""
    environment = os.environ | {VARIABLE: "Prescott"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert kernel in done.stdout.split()


def test_knobs_are_put_back() -> None:
    """A search leaves faiss's process-wide threshold and threads as it found them."""
    faiss = load_faiss()
    before = faiss.cvar.distance_compute_blas_threshold, faiss.omp_get_max_threads()
    backend = FaissBackend(16, threads=1, blas_threshold=1)
    backend.add(np.arange(3), np.eye(3, 16, dtype=np.float32))
    assert backend.search(np.eye(1, 16, dtype=np.float32), 1).ids.tolist() == [[0]]
    assert (faiss.cvar.distance_compute_blas_threshold, faiss.omp_get_max_threads()) == before


@pytest.mark.parametrize(("options", "expected"), [({}, 1), ({"threads": None}, 2), ({"threads": 3}, 3)])
def test_threads_of_a_search(monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], expected: int) -> None:
    """A search takes one thread by default, the number asked for, or the process's; which is put back."""
    faiss, asked = load_faiss(), []
    monkeypatch.setattr(faiss, "omp_get_max_threads", lambda: 2)
    monkeypatch.setattr(faiss, "omp_set_num_threads", asked.append)
    backend = FaissBackend(8, **options)
    backend.add(np.arange(3), np.eye(3, 8, dtype=np.float32))
    backend.search(np.eye(1, 8, dtype=np.float32), 1)
    assert asked == [expected, 2]


def test_both_paths_agree() -> None:
    """With BLAS and without it, the same rows are found with the same similarities."""
    rng = np.random.default_rng(0)
    vectors, queries = (
        rng.standard_normal((200, 64)).astype(np.float32),
        rng.standard_normal((50, 64)).astype(np.float32),
    )
    loop, blas = FaissBackend(64, blas_threshold=10**9), FaissBackend(64, blas_threshold=1)
    for backend in (loop, blas):
        backend.add(np.arange(200), vectors)
    one, other = loop.search(queries, 5), blas.search(queries, 5)
    np.testing.assert_array_equal(one.ids, other.ids)
    np.testing.assert_allclose(one.similarities, other.similarities, rtol=1e-5)


def test_libraries_are_named() -> None:
    """The BLAS that faiss runs on is listed with its kernel, version and threads."""
    load_faiss()
    blas = [library for library in loaded_libraries() if library.api == "openblas"]
    assert blas
    assert all(library.kernel and library.version and library.threads >= 1 for library in blas)
