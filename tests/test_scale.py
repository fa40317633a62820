"""The sums of docs/scale.md: the formulae, and that the page shows what the tool says."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def scale() -> ModuleType:
    """The tool."""
    spec = spec_from_file_location("duibiao_scale", ROOT / "tools" / "scale.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_sums(scale: ModuleType) -> None:
    """By hand: 1,000 documents of 10 passages at 3.6 s each, on machines of 10 cores, half of them busy."""
    unit = {"bytes": 2**20, "build": 2.0, "batch": 0.5}
    given = scale.Assumed(
        documents=1000, passages=10, seconds=3.6, parquet=2**30, text=0, cores=10, memory=10, busy=0.5, hours=0.1
    )
    sized = scale.size(given, {"screened": unit, "clustered": unit}, 2500)
    assert (sized["vectors"], sized["core_hours"], sized["parquet_gib"]) == (10_000, pytest.approx(1.0), 1000)
    assert sized["machine_hours"] == pytest.approx(0.2)
    assert sized["machines"] == 2
    flat, lists = sized["indexes"]["screened"], sized["indexes"]["clustered"]
    assert flat["memory_gib"] == pytest.approx(10_000 / 1024)
    assert flat["machines"] == lists["machines"] == math.ceil(10_000 / 1024 / 7) == 2
    assert flat["build_hours"] == pytest.approx(2.0 * 2 / 3600 / 5)  # 5,000 rows a machine: twice those measured
    assert lists["build_hours"] == pytest.approx(2.0 * 2**1.5 / 3600 / 5)
    assert flat["questions"] == pytest.approx(5 / (0.5 * 2))
    assert lists["questions"] == pytest.approx(5 / (0.5 * 2**0.5))


def test_the_page_shows_what_the_tool_says() -> None:
    """Every command of the page that does sums has its output below it, from the figures that are committed."""
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\$ python tools/scale\.py (size .*)$", page, re.MULTILINE)
    assert len(shown) == 3
    for command in shown:
        done = subprocess.run(
            [sys.executable, ROOT / "tools" / "scale.py", *command.split()], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() in page


def test_the_page_shows_what_was_measured() -> None:
    """Its figures of one document and one row are those of the committed measurement."""
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    units = json.loads((ROOT / "eval" / "results" / "scale.json").read_text(encoding="utf-8"))
    document = units["document"]
    assert f"| 对照（召回、判定、证据、差距、建议） | {1e3 * document['seconds']['align']:.1f} |" in page
    assert f"| **{1e3 * document['audit']:.0f}** |" in page
    for name, index in units["indexes"].items():
        assert f"| `{name}` | {index['bytes']:,.0f} | {5 * index['build']:,.1f} |" in page
