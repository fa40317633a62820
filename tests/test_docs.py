"""What the documents say is what the code does."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.rendering import FORMATS
from api.settings import Settings, all_variables, read_settings, table
from corpora import __version__
from corpora.parsers.registry import FORMATS as READABLE

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def read(name: str) -> str:
    """A document of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_settings_table_is_what_the_settings_read() -> None:
    """Each variable has its line in the table, with its meaning and its default; the command line makes it."""
    assert table() in read("docs/settings.md")
    assert {"DUIBIAO_DATA", "DUIBIAO_LLM_URL", "DUIBIAO_DATABASE"} <= {item.name for item in all_variables()}


@pytest.mark.parametrize("name", READMES)
def test_readme_names_only_settings_that_there_are(name: str) -> None:
    """Every variable that a README speaks of is one of the table."""
    assert set(re.findall(r"DUIBIAO_[A-Z_]*[A-Z]", read(name))) <= {item.name for item in all_variables()}


def test_settings_follow_the_environment(tmp_path: Path) -> None:
    """The variables decide; without them the data folder is the platform's and the encoder the built-in one."""
    chosen = read_settings({"DUIBIAO_DATA": str(tmp_path), "DUIBIAO_ENCODER": "a/b"})
    assert (chosen.data, chosen.standards, chosen.encoder) == (tmp_path, tmp_path / "standards", "a/b")
    default = read_settings({})
    assert default.data.name == "duibiao"
    assert default.encoder == ""


def test_changelog_begins_with_this_version() -> None:
    """The newest section is that of the version the package has."""
    sections = re.findall(r"^## (\d+\.\d+\.\d+)", read("CHANGELOG.md"), re.MULTILINE)
    assert sections[0] == __version__


def test_commands_of_the_readme_exist(duibiao: Run) -> None:
    """Every `duibiao` command and option in a code block is one that the command line has."""
    text = "\n".join(read(name) for name in READMES)
    blocks = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    calls = [call.split() for call in re.findall(r"(?:bin/|Scripts\\)duibiao +([^#\n]+)", blocks)]
    assert len(calls) >= 15
    asked: dict[tuple[str, ...], set[str]] = {}
    for words in calls:
        depth = 2 if words[0] in ("standard", "user", "index", "corpus") else 1
        options = asked.setdefault(tuple(words[:depth]), set())
        options |= {word for word in words if word.startswith("--")}
    for command, options in asked.items():
        shown = duibiao(*command, "--help").stdout.decode()
        assert shown.startswith(f"用法： duibiao {' '.join(command)} ")
        assert [option for option in sorted(options) if f"{option} " not in shown] == []


@pytest.mark.parametrize("name", READMES)
def test_formats_of_the_readme_are_those_of_the_code(name: str) -> None:
    """Every format that can be read or written is named."""
    text = read(name)
    names = {form.suffixes[0][1:] for form in READABLE.values() if form.name != "image"} | set(FORMATS) - {"terminal"}
    assert {"docx", "pdf", "epub", "json"} <= names
    assert [word for word in sorted(names) if not re.search(rf"\b{word}\b", text)] == []


@pytest.mark.parametrize("name", READMES)
def test_targets_of_make_in_the_readme_exist(name: str) -> None:
    """Every `make target` is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", read(name)))
    assert {"demo", "test"} <= named <= targets


def test_links_of_the_readme_lead_somewhere() -> None:
    """Relative links name files of the project."""
    links = [link for name in READMES for link in re.findall(r"\]\((?!https?:)([^)#]+)", read(name))]
    assert "docs/architecture.md" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_python_of_the_readme_runs(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines for Python users do what they say."""
    (code,) = re.findall(r"^```python\n(.*?)^```", read("README.md"), re.MULTILINE | re.DOTALL)
    shutil.copy(samples / "网店运营_课程标准.docx", tmp_path / "网店运营.docx")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(code, names)
    assert 0 < names["report"].coverage_ratio < 1
    assert names["report"].gaps[0].suggestion.text


def test_api_guide_names_only_paths_that_there_are(tmp_path: Path) -> None:
    """Every path of docs/api.md is one of the OpenAPI description."""
    paths = create_app(Settings(data=tmp_path)).openapi()["paths"]
    known = {re.sub(r"\{\w+\}", "…", path) for path in paths}
    guide = read("docs/api.md")
    named = set(re.findall(r"\$api(/[\w/….]+)", guide)) | set(re.findall(r"`(/[a-z]+)`", guide))
    named -= {"/health", "/metrics"}
    assert len(named) >= 15
    shapes = {path.removeprefix("/api/v1") for path in known}
    assert {re.sub(r"01…|C1\.R4\.e1", "…", path).rstrip(".") for path in named} <= shapes


def test_pictures_of_the_page_are_there() -> None:
    """Every picture of docs/page.md exists, and none is left over."""
    named = set(re.findall(r"\(pictures/([\w-]+\.png)\)", read("docs/page.md")))
    assert named == {path.name for path in (ROOT / "docs" / "pictures").glob("*.png")}
