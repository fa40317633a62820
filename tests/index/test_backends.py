"""The lazy registry of vector back-ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

from corpora.errors import MissingExtraError, UsageError
from index.backends import BACKENDS, BackendEntry, backend_class, create_backend
from index.exact import ExactBackend


def test_creates_by_name() -> None:
    """A name gives an empty back-end of its dimension; options reach the constructor."""
    backend = create_backend("exact", 5)
    assert isinstance(backend, ExactBackend)
    assert (len(backend), backend.dimension) == (0, 5)
    assert create_backend("faiss", 5, threads=1).threads == 1  # type: ignore[attr-defined]


def test_unknown_name() -> None:
    """An unknown name is a wrong call that lists the known ones."""
    with pytest.raises(UsageError, match="exact、faiss"):
        create_backend("annoy", 5)


def test_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A back-end whose library is absent names the extra to install."""
    monkeypatch.setitem(BACKENDS, "far", BackendEntry("index.no_such_module", "Far", "far"))
    with pytest.raises(MissingExtraError, match=r"duibiao\[far\]"):
        backend_class("far")


def test_registry_is_lazy() -> None:
    """Neither the registry nor an empty FaissBackend loads faiss; the first search does."""
    code = """
import sys
import index.backends, index.statement_index, index.segment_index, index.fusion, index.cache, index.lexical
import numpy as np
backend = index.backends.create_backend("faiss", 2)
backend.add(np.array([0]), np.array([[1, 0]], np.float32))
heavy = {"faiss", "scipy", "jieba", "rjieba", "torch", "sentence_transformers", "langchain_core"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
backend.search(np.array([[1, 0]], np.float32), 1)
assert "faiss" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
