"""The files for deployment say what the program knows: commands, options, settings, folders."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.settings import all_variables

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file with its anchors merged."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def commands(compose: dict[str, Any]) -> Iterator[list[str]]:
    """Every call of duibiao in the compose file, the image and the unit."""
    yield from (service["command"] for service in compose["services"].values() if "command" in service)
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    yield yaml.safe_load(re.findall(r"^CMD (\[.*\])$", image, re.MULTILINE)[-1])
    unit = (DEPLOY / "duibiao.service").read_text(encoding="utf-8")
    started = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)[0].split()
    yield ["duibiao", *started[1:]]


def test_every_command_is_one_of_the_command_line(compose: dict[str, Any], duibiao: Run) -> None:
    """With options that it has."""
    calls = list(commands(compose))
    assert len(calls) == 4
    for name, command, *options in calls:
        shown = duibiao(command, "--help").stdout.decode()
        assert name == "duibiao"
        assert shown.startswith(f"用法： duibiao {command} ")
        assert [option for option in options if option.startswith("--") and option not in shown] == []


def test_every_setting_is_one_of_the_program(compose: dict[str, Any]) -> None:
    """No variable is misspelt."""
    known = {item.name for item in all_variables()}
    texts = "".join(path.read_text(encoding="utf-8") for path in (*DEPLOY.iterdir(), ROOT / "docs" / "deploy.md"))
    assert set(re.findall(r"DUIBIAO_[A-Z_]*[A-Z]", texts)) <= known
    assert compose["services"]["worker"]["environment"]["DUIBIAO_DATABASE"].startswith("postgresql://")


def test_image_copies_what_there_is_and_is_let_through() -> None:
    """Each folder that is copied exists and is not ignored; extras are those of the package."""
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (.*) \S+$", image, re.MULTILINE) for name in line.split()]
    passed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied) == passed
    assert all((ROOT / name).exists() for name in copied)
    wanted = re.findall(r'"\.\[([\w,]+)\]"', image)[0].split(",")
    extras = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(re.search(rf"^{extra} = \[", extras, re.MULTILINE) for extra in wanted)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="没有 systemd-analyze，单元文件不检查")
def test_unit_file_is_understood(tmp_path: Path) -> None:
    """systemd knows every directive of it."""
    unit = tmp_path / "duibiao.service"
    text = (DEPLOY / "duibiao.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/duibiao/.venv/bin/duibiao", shutil.which("true") or "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if "duibiao.service" in line]
    assert [line for line in complaints if "Unknown" in line or "Failed to parse" in line] == []
