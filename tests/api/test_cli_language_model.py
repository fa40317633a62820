"""The optional language model on the command line: off unless asked for, told in the report, drafts reviewed first."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.settings import read_settings
from corpora.errors import UsageError
from corpora.expressions import load_expressions
from tests.fake_model_server import FakeModelServer, Say, verdicts

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

SYLLABUS = "网店运营_课程标准.docx"


@pytest.fixture
def server() -> Iterator[FakeModelServer]:
    """A language model that agrees with everything it is asked, quoting the first passage."""
    server = FakeModelServer()
    server.script = [Say(verdicts(2, lambda item: str(item["passages"][0])))]
    yield server
    server.close()


@pytest.fixture
def environment(server: FakeModelServer, tmp_path: Path) -> dict[str, str]:
    """Settings that name the model, and a data folder of their own."""
    return {
        "DUIBIAO_LLM_URL": server.url,
        "DUIBIAO_LLM_MODEL": "small-model",
        "DUIBIAO_LLM_KEY": "key-1234",
        "DUIBIAO_DATA": str(tmp_path / "data"),
    }


def notes(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """What the JSON report on standard output says of how it came about."""
    assert done.returncode == 0, done.stderr.decode()
    found: list[str] = json.loads(done.stdout)["provenance"]["notes"]
    return found


def test_model_is_asked_only_when_wanted(
    duibiao: Run, samples: Path, server: FakeModelServer, environment: dict[str, str]
) -> None:
    """Its address alone changes nothing; --judge llm asks it, and a second report takes the answers from the disk."""
    call = ("report", samples / SYLLABUS, "--format", "json")
    plain = duibiao(*call, environment=environment)
    assert notes(plain) == []
    assert server.requests == []
    asked = duibiao(*call, "--judge", "llm", environment=environment)
    assert notes(asked)[0].endswith("项回答")
    count = len(server.requests)
    assert count >= 1
    again = duibiao(*call, environment=environment | {"DUIBIAO_JUDGE": "llm"})
    assert notes(again) == notes(asked)
    assert len(server.requests) == count
    assert json.loads(again.stdout)["elements"] == json.loads(asked.stdout)["elements"]
    assert json.loads(plain.stdout)["elements"] != json.loads(asked.stdout)["elements"]


def test_report_is_made_without_the_server(
    duibiao: Run, samples: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """A server that is down is told in every format, and the verdicts are the built-in judge's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        down = environment | {"DUIBIAO_LLM_URL": f"http://127.0.0.1:{free.getsockname()[1]}/v1"}
        names = ("json", "html", "md")
        formats = [word for name in names for word in ("--format", name)]
        out = tmp_path / "out"
        done = duibiao(
            "report",
            samples / SYLLABUS,
            "--judge",
            "llm",
            *formats,
            "--format",
            "terminal",
            "--out",
            out,
            environment=down,
        )
    assert done.returncode == 0, done.stderr.decode()
    for text in (done.stdout.decode(), *(path.read_text(encoding="utf-8") for path in out.iterdir())):
        assert "连不上语言模型的服务器" in text
    plain = duibiao("report", samples / SYLLABUS, "--format", "json")
    (written,) = out.glob("*.json")
    assert json.loads(written.read_bytes())["elements"] == json.loads(plain.stdout)["elements"]


def test_refused_key_is_told_and_not_shown(
    duibiao: Run, samples: Path, server: FakeModelServer, environment: dict[str, str]
) -> None:
    """401: the report is made, the note says what is wrong, the key stands nowhere."""
    server.script = [Say(status=401, body=b'{"error": {"message": "no key-1234"}}')]
    done = duibiao("report", samples / SYLLABUS, "--judge", "llm", "--format", "json", environment=environment)
    assert "密钥不对（HTTP 401）" in notes(done)[1]
    assert b"key-1234" not in done.stdout + done.stderr


def test_model_that_is_not_set_is_asked_for(duibiao: Run, samples: Path) -> None:
    """One line that names the variables, exit code 2."""
    for call in (("report", samples / SYLLABUS, "--judge", "llm"), ("standard", "expressions", "530701")):
        done = duibiao(*call)
        assert (done.returncode, done.stdout) == (2, b"")
        (line,) = done.stderr.decode().splitlines()
        assert "DUIBIAO_LLM_URL、DUIBIAO_LLM_MODEL" in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DUIBIAO_JUDGE", "gpt"),
        ("DUIBIAO_LLM_METHOD", "xml"),
        ("DUIBIAO_LLM_URL", "localhost:8000"),
        ("DUIBIAO_LLM_URL", "http://"),
        ("DUIBIAO_LLM_URL", "http://[::1"),
        ("DUIBIAO_LLM_URL", "file:///etc/passwd"),
        ("DUIBIAO_LLM_KEY", "密钥"),
        ("DUIBIAO_LLM_TIMEOUT", "soon"),
        ("DUIBIAO_LLM_TIMEOUT", "0"),
        ("DUIBIAO_LLM_CALLS", "-1"),
        ("DUIBIAO_LLM_TOKENS", "inf"),
        ("DUIBIAO_LLM_TEMPERATURE", "nan"),
    ],
)
def test_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    """The variable, and never the key's value."""
    with pytest.raises(UsageError) as caught:
        read_settings({name: value})
    assert caught.value.where == name
    assert "密钥”" not in str(caught.value)


def test_settings_of_the_model() -> None:
    """Each variable is read; the key stays out of what is printed."""
    found = read_settings(
        {
            "DUIBIAO_JUDGE": "llm",
            "DUIBIAO_LLM_URL": " https://example.org/v1 ",
            "DUIBIAO_LLM_MODEL": "m",
            "DUIBIAO_LLM_KEY": "key-1234",
            "DUIBIAO_LLM_METHOD": "json_mode",
            "DUIBIAO_LLM_TEMPERATURE": " ",
            "DUIBIAO_LLM_TIMEOUT": "2.5",
            "DUIBIAO_LLM_CALLS": "3",
            "DUIBIAO_LLM_TOKENS": "400",
        }
    )
    llm = found.llm
    assert (found.judge, llm.url, llm.model, llm.key) == ("llm", "https://example.org/v1", "m", "key-1234")
    assert (llm.method, llm.temperature, llm.timeout, llm.calls, llm.tokens) == ("json_mode", None, 2.5, 3, 400)
    assert "key-1234" not in repr(found)
    assert read_settings({}).judge == "builtin"
    assert read_settings({}).llm.temperature == 0


@pytest.fixture(scope="module")
def imported(duibiao: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds an imported standard without a bank."""
    data = tmp_path_factory.mktemp("data")
    source = Path(__file__).parents[1] / "corpora" / "standards" / "460301.docx"
    assert duibiao("standard", "import", source, environment={"DUIBIAO_DATA": str(data)}).returncode == 0
    return data


@pytest.fixture
def data(imported: Path, environment: dict[str, str]) -> Path:
    """A copy of it, as the data folder of the settings."""
    folder = Path(environment["DUIBIAO_DATA"])
    shutil.copytree(imported, folder)
    return folder


def drafted(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Two lines for every item, and one that is no expression."""
    return {
        "items": [
            {
                "n": item["n"],
                "expressions": [
                    {"grade": 2, "form": "content", "text": f"课上练{item['element']}"},
                    {"grade": 0, "form": "content", "text": f"不练{item['element']}"},
                    {"grade": 5, "form": "content", "text": "不合格"},
                ],
            }
            for item in items
        ]
    }


def test_draft_is_read_by_a_person_before_use(
    duibiao: Run, server: FakeModelServer, environment: dict[str, str], data: Path, samples: Path, tmp_path: Path
) -> None:
    """Drafted, refused as it is, refused by reports when put there by hand, installed once reviewed, then used."""
    server.script = [Say(drafted)]
    draft = tmp_path / "草稿.jsonl"
    done = duibiao("standard", "expressions", "460301", "--out", draft, environment=environment)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr.decode()
    lines = [json.loads(line) for line in draft.read_text(encoding="utf-8").splitlines()]
    assert all(line["draft"] is True for line in lines)
    assert f"起草 {len(lines)} 条，舍去不合格的 {len(lines) // 2} 条" in done.stderr.decode()
    assert "--reviewed" in done.stderr.decode()
    bank = data / "standards" / "460301.expressions.jsonl"
    assert not bank.exists()

    refused = duibiao("standard", "expressions", "460301", "--install", draft, environment=environment)
    assert refused.returncode == 3
    assert "第 1 行：这一行还是草稿，没有人审核过" in refused.stderr.decode()
    assert not bank.exists()
    call = ("report", samples / "机械制图_课程标准.docx", "--standard", "460301", "--format", "json")
    shutil.copy(draft, bank)
    assert duibiao(*call, environment=environment).returncode == 3
    bank.unlink()

    plain = duibiao(*call, environment=environment)
    done = duibiao("standard", "expressions", "460301", "--install", draft, "--reviewed", environment=environment)
    assert done.returncode == 0, done.stderr.decode()
    assert f"已启用 {len(lines)} 条表达" in done.stdout.decode()
    assert len(load_expressions("460301", data / "standards")) == len(lines)
    assert "draft" not in bank.read_text(encoding="utf-8")
    used = duibiao(*call, environment=environment)
    assert json.loads(used.stdout)["elements"] != json.loads(plain.stdout)["elements"]


def test_draft_does_not_overwrite_a_file(
    duibiao: Run, server: FakeModelServer, environment: dict[str, str], data: Path, tmp_path: Path
) -> None:
    """It may hold a person's work; the model is not even asked."""
    assert (data / "standards").is_dir()
    (tmp_path / "d.jsonl").write_text("mine")
    done = duibiao("standard", "expressions", "460301", "--out", tmp_path / "d.jsonl", environment=environment)
    assert done.returncode == 2
    assert "文件已存在" in done.stderr.decode()
    assert (tmp_path / "d.jsonl").read_text() == "mine"
    assert server.requests == []


def test_draft_at_its_bound_is_written_as_far_as_it_goes(
    duibiao: Run, server: FakeModelServer, environment: dict[str, str], data: Path, tmp_path: Path
) -> None:
    """The bound is told, and how to go on."""
    assert (data / "standards").is_dir()
    server.script = [Say(drafted)]
    bounded = environment | {"DUIBIAO_LLM_CALLS": "2"}
    done = duibiao("standard", "expressions", "460301", "--out", tmp_path / "d.jsonl", environment=bounded)
    assert done.returncode == 0
    assert "没有问完（已达到 2 次调用的上限）" in done.stderr.decode()
    assert len((tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()) == 20


def test_refused_draft_is_one_line(
    duibiao: Run, server: FakeModelServer, environment: dict[str, str], data: Path, tmp_path: Path
) -> None:
    """Nothing is written."""
    assert (data / "standards").is_dir()
    server.script = [Say(status=401)]
    done = duibiao("standard", "expressions", "460301", "--out", tmp_path / "d.jsonl", environment=environment)
    assert (done.returncode, done.stdout) == (1, b"")
    (line,) = done.stderr.decode().splitlines()
    assert "密钥不对" in line
    assert not (tmp_path / "d.jsonl").exists()


@pytest.mark.parametrize(
    ("text", "code", "what"),
    [
        ("", 2, "没有表达"),
        ("{", 3, "第 1 行"),
        ('{"element": "C9.R9.e9", "grade": 2, "form": "content", "text": "x"}', 3, "没有能力要素 C9.R9.e9"),
    ],
)
def test_bad_bank_is_not_installed(
    duibiao: Run, environment: dict[str, str], data: Path, tmp_path: Path, text: str, code: int, what: str
) -> None:
    """The line says what is wrong; the bank that is there stays."""
    (tmp_path / "bank.jsonl").write_text(text, encoding="utf-8")
    done = duibiao("standard", "expressions", "460301", "--install", tmp_path / "bank.jsonl", environment=environment)
    assert done.returncode == code
    assert what in done.stderr.decode()
    assert [path.name for path in (data / "standards").iterdir()] == ["460301.json"]


def test_shipped_bank_is_not_replaced(duibiao: Run, tmp_path: Path) -> None:
    """A bank is installed beside an imported standard only; a missing file is named."""
    line = '{"element": "C1.R1.e1", "grade": 2, "form": "content", "text": "标题怎么写"}'
    (tmp_path / "bank.jsonl").write_text(line, encoding="utf-8")
    done = duibiao("standard", "expressions", "530701", "--install", tmp_path / "bank.jsonl")
    assert done.returncode == 2
    assert "内置标准自带表达库" in done.stderr.decode()
    missing = duibiao("standard", "expressions", "530701", "--install", tmp_path / "none.jsonl")
    assert missing.returncode == 3
