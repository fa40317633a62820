"""The house rules that a linter does not know: whose names, how long, which library behind which door."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("corpora", "index", "alignment", "api", "eval")

#: Where each library of weight may be imported: one file, or the files or folders named.
DOORS: dict[str, tuple[str, ...]] = {
    "jieba": ("corpora/tokens.py",),
    "rjieba": ("corpora/tokens.py",),
    "opencc": ("corpora/tokens.py",),
    "charset_normalizer": ("corpora/parsers/decoding.py",),
    "rapidocr": ("corpora/parsers/ocr.py",),
    "cv2": ("corpora/parsers/ocr.py",),
    "PIL": ("corpora/parsers/ocr.py",),
    "pypdfium2": ("corpora/parsers/pdf/engine.py",),
    "python_calamine": ("corpora/parsers/xlsx.py",),
    "pptx": ("corpora/parsers/pptx.py",),
    "markdown_it": ("corpora/parsers/markdown.py",),
    "sentence_transformers": ("index/encoders.py", "index/training/"),
    "torch": ("index/encoders.py", "index/training/"),
    "tokenizers": ("index/tokenizing.py", "index/training/"),
    "transformers": (),
    "faiss": ("index/faiss_backend.py",),
    "threadpoolctl": ("index/kernel.py",),
    "langchain": (),
    "langchain_core": ("index/langchain_adapters.py", "corpora/langchain_loader.py"),
    "langchain_openai": ("alignment/judge_langchain.py",),
    "openai": ("alignment/judge_langchain.py",),
    "ray": ("alignment/cluster.py",),
    "pymilvus": ("index/milvus_backend.py",),
    "pyarrow": ("alignment/audit/tables.py",),
    "hnswlib": ("eval/bench/peers/",),
    "usearch": ("eval/bench/peers/",),
    "scann": ("eval/bench/peers/",),
    "chromadb": ("eval/bench/peers/",),
    "lancedb": ("eval/bench/peers/",),
    "matplotlib": ("eval/bench/plot.py",),
    "sklearn": ("alignment/fitting.py",),
    "fastapi": ("api/",),
    "uvicorn": ("api/cli/serving.py", "api/auth/middleware.py"),
    "sqlalchemy": (
        "api/store/",
        "api/services/",
        "api/jobs/",
        "api/auth/",
        "api/http/idempotency.py",
        "api/http/trouble.py",
    ),
    "alembic": ("api/store/",),
    "dbos": ("api/jobs/",),
    "argon2": ("api/auth/passwords.py",),
    "authlib": ("api/auth/oidc.py",),
    "joserfc": ("api/auth/oidc.py",),
    "structlog": ("api/logs.py", "api/http/observing.py"),
    "prometheus_client": ("api/http/metrics.py", "api/routes/operations.py"),
    "weasyprint": ("api/rendering/pdf.py",),
    "docx": ("api/rendering/docx_writer.py",),
    "openpyxl": ("api/rendering/xlsx.py", "api/rendering/table_xlsx.py", "corpora/samples/make/"),
    "pydantic": ("api/schemas/", "api/store/codec.py", "api/http/idempotency.py", "api/http/report_stream.py"),
}
#: Libraries that may stand at the head of their one file, because that file is itself imported only when asked for.
AT_THE_HEAD = {
    *("fastapi", "uvicorn", "sqlalchemy", "alembic", "argon2", "structlog", "prometheus_client"),
    *("pydantic", "langchain_core", "openpyxl"),
}


def sources() -> list[Path]:
    """Every Python file of the application."""
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def imported(tree: ast.AST) -> Iterator[str]:
    """Top-level names of what is imported anywhere inside, type checking aside."""
    for node in walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("import_module", "__import__"):
            yield from (a.value.partition(".")[0] for a in node.args if isinstance(a, ast.Constant))


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker sees."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from (node for other in child.orelse for node in walk(other))
            continue
        yield child
        yield from walk(child)


def at_import(tree: ast.Module) -> Iterator[str]:
    """Top-level names of what importing the module imports: everything outside functions."""
    for statement in tree.body:
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from imported(ast.Module([statement], []))


@pytest.fixture(scope="module")
def importers() -> dict[str, set[str]]:
    """Each library with the files that import it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sources():
        for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            found[name].add(path.relative_to(ROOT).as_posix())
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_package_is_ours(package: str) -> None:
    """Each of the five names is imported from this tree."""
    module = import_module(package)
    assert module.__file__ is not None
    assert Path(module.__file__).resolve() == ROOT / package / "__init__.py"


def test_no_other_distribution_owns_our_names() -> None:
    """An installed library with a top-level ``index`` or ``eval`` would take its place, or lose it to ours."""
    owners = packages_distributions()
    assert "pytest" in owners
    assert {name: set(owners.get(name, [])) - {"duibiao"} for name in PACKAGES} == {name: set() for name in PACKAGES}


@pytest.mark.parametrize("library", DOORS)
def test_library_is_imported_behind_its_door(library: str, importers: dict[str, set[str]]) -> None:
    """A library of weight is imported in the file that stands for it, and nowhere else."""
    assert [path for path in sorted(importers[library]) if not path.startswith(DOORS[library] or ("-",))] == []


@pytest.mark.parametrize("library", sorted(set(DOORS) - AT_THE_HEAD))
def test_library_is_imported_when_needed(library: str) -> None:
    """The import stands inside a function: reading the file's other names loads nothing (training aside)."""
    early = [
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if "training" not in path.parts and library in at_import(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert early == []


def test_the_scan_sees_imports_of_every_shape() -> None:
    """Plain, dotted, from, by name, inside functions; not those for the type checker."""
    code = (
        "import a.b as c\nfrom d.e import f\nif TYPE_CHECKING:\n    import g\n"
        "def h():\n    import i\n    import_module('j.k')\nfrom . import l\n"
    )
    tree = ast.parse(code)
    assert set(imported(tree)) == {"a", "d", "i", "j"}
    assert set(at_import(tree)) == {"a", "d"}


def test_environment_is_read_in_settings_only() -> None:
    """No other file asks the environment: one names the BLAS kernel while a library loads, two hand it to processes."""
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and ast.unparse(node.value) == "os"
    }
    assert readers == {"api/settings.py", "index/kernel.py", "api/jobs/pool.py", "corpora/processes.py"}


def test_no_file_is_a_giant() -> None:
    """``tools/file_length.py``, which `make check` runs, finds no file of more than 400 lines."""
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "file_length.py"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_giant_is_found(tmp_path: Path) -> None:
    """The tool names a file of 401 lines and lets one of 400 pass."""
    tool = tmp_path / "tools" / "file_length.py"
    (tmp_path / "api").mkdir()
    tool.parent.mkdir()
    tool.write_bytes((ROOT / "tools" / "file_length.py").read_bytes())
    (tmp_path / "api" / "long.py").write_text("x = 1\n" * 401)
    (tmp_path / "api" / "fair.py").write_text("x = 1\n" * 400)
    done = subprocess.run([sys.executable, tool], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("api/long.py: 401 lines")
    assert "fair" not in done.stdout
