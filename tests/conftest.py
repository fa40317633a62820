"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.service import client, database, people, postgres, service, settings, store

__all__ = ["client", "database", "people", "postgres", "service", "settings", "store"]

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

#: What the console script ``duibiao`` does, without need of its being installed.
ENTRY = "from api.cli import main; main()"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the project; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("../shared（真实文档）不在，跳过")
    return SHARED


@pytest.fixture(scope="session")
def samples() -> Path:
    """The project's own sample documents."""
    return ROOT / "corpora" / "samples"


@pytest.fixture(scope="session")
def duibiao(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs the command line in a fresh process, in a folder of its own and with an empty data folder of its own.

    No run of it may show a traceback, whatever it is given.
    """
    home = tmp_path_factory.mktemp("duibiao")

    def run(
        *arguments: object,
        environment: Mapping[str, str] | None = None,
        before: Sequence[str] = (),
        code: str = ENTRY,
    ) -> subprocess.CompletedProcess[bytes]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("DUIBIAO_", "COV_"))}
        settings = {"PYTHONPATH": str(ROOT), "DUIBIAO_DATA": str(home / "data"), "COLUMNS": "100", "NO_COLOR": "1"}
        command = [*before, sys.executable, "-c", code, *map(str, arguments)]
        done = subprocess.run(
            command,
            env={**plain, **settings, **(environment or {})},
            cwd=home,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=180,
            check=False,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done

    return run
