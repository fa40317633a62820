"""Fixtures shared by all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the project; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("../shared（真实文档）不在，跳过")
    return SHARED


@pytest.fixture(scope="session")
def samples() -> Path:
    """The project's own sample documents."""
    return Path(__file__).resolve().parents[1] / "corpora" / "samples"
