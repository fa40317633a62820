"""A fresh process loads what it needs and no more, and so starts quickly."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

#: Loaded by no start of the command line and by no report with the built-in encoder.
NEVER = {
    *("torch", "sentence_transformers", "transformers", "huggingface_hub", "tensorflow", "ray", "pymilvus"),
    *("langchain", "langchain_core", "langchain_openai", "openai", "langsmith"),
    *("fastapi", "starlette", "uvicorn", "httpx", "httpx2", "requests", "aiohttp", "anyio"),
    *("sklearn", "pandas", "matplotlib", "nltk", "numba", "jax"),
    *("rapidocr", "onnxruntime", "cv2", "PIL", "weasyprint", "playwright", "pytest"),
}
#: Needed by a report, but not for help.
NOT_FOR_HELP = {
    *("numpy", "scipy", "faiss", "jieba", "rjieba", "opencc", "tokenizers", "lxml", "rich", "pydantic"),
    *("docx", "openpyxl", "pptx", "pypdfium2", "jinja2", "platformdirs", "charset_normalizer"),
    *("index", "alignment", "eval"),
}
#: Files are parsed in a process of their own: the parsers' libraries stay out of this one.
NOT_FOR_REPORT = {"lxml", "docx", "openpyxl", "pypdfium2", "python_calamine", "pptx", "jinja2", "jieba", "eval"}

#: Runs the command line and writes the top-level names of what was loaded when it ends.
WATCHED = """
import sys
target = sys.argv.pop(1)
sys.argv[0] = "duibiao"
from api.cli import main
try:
    main()
finally:
    with open(target, "w") as file:
        file.write("\\n".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.fixture
def loaded(duibiao: Run, tmp_path: Path) -> Callable[..., set[str]]:
    """The top-level modules that a run of the command line has loaded when it ends."""

    def run(*arguments: object) -> set[str]:
        target = tmp_path / "loaded.txt"
        done = duibiao(target, *arguments, code=WATCHED)
        assert done.returncode == 0, done.stderr.decode()
        return set(target.read_text().split())

    return run


@pytest.mark.parametrize("arguments", [["--help"], ["report", "--help"], ["standard", "--help"], ["serve", "--help"]])
def test_help_loads_no_library_of_weight(loaded: Callable[..., set[str]], arguments: list[str]) -> None:
    """Help is Typer and our command line (Typer itself checks the options of a command with pydantic)."""
    modules = loaded(*arguments)
    assert {"typer", "api"} <= modules
    needed = set() if arguments == ["--help"] else {"pydantic"}
    assert modules & (NEVER | NOT_FOR_HELP) == needed


def test_standards_are_listed_without_the_upper_floors(loaded: Callable[..., set[str]]) -> None:
    """Listing standards reads data only."""
    modules = loaded("standard", "list")
    assert "corpora" in modules
    assert modules & (NEVER | {"index", "alignment", "numpy", "scipy", "faiss"}) == set()


def test_report_loads_no_framework(loaded: Callable[..., set[str]], samples: Path) -> None:
    """A report with the built-in encoder needs no torch, no langchain, no web framework, no parser here."""
    modules = loaded("report", samples / "网店运营_课程标准.docx", "--format", "terminal", "--format", "json")
    assert {"alignment", "index", "numpy", "rich"} <= modules
    assert modules & (NEVER | NOT_FOR_REPORT) == set()


@pytest.mark.parametrize("package", ["corpora", "index", "alignment", "api", "eval"])
def test_importing_a_package_loads_no_library_of_weight(duibiao: Run, package: str) -> None:
    """A package's own name costs nothing."""
    done = duibiao(code=f"import sys, {package}; print(*{{name.partition('.')[0] for name in sys.modules}})")
    assert set(done.stdout.decode().split()) & (NEVER | NOT_FOR_HELP - {package}) == set()


def seconds(run: Run, *arguments: object) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    assert run(*arguments).returncode == 0
    return time.perf_counter() - start


def test_help_comes_at_once(duibiao: Run) -> None:
    """0.1 s on a quiet machine; aimed at is 0.5 s, the bound leaves room for a busy one."""
    assert min(seconds(duibiao, "--help") for _ in range(3)) < 2


def test_cold_report_comes_in_seconds(duibiao: Run, samples: Path) -> None:
    """1.4 s on a quiet machine of two cores; aimed at is 4 s, the bound leaves room for a busy one."""
    assert seconds(duibiao, "report", samples / "社群运营_教学大纲.pdf") < 20
