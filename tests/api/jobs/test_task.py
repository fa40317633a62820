"""What a child does for one report, and how its ends are told."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from alignment.aligner import Aligner
from api.jobs.child import _Work
from api.jobs.pool import InterruptedTask, TaskBugError, TaskFailedError, _KilledError, _outcome
from api.jobs.task import STAGES, Task, TaskFile, run
from api.settings import Settings
from api.store.blobs import Blobs
from api.store.codec import decode_document, decode_report
from corpora.errors import DuibiaoError
from tests.service import SAMPLES, make_settings

PLAN = "\n\n".join(
    [
        "# 电子商务专业人才培养方案",
        "专业名称：电子商务　专业代码：530701",
        "## 一、培养目标",
        "培养能开设网店、从事网店运营与推广的高素质技术技能人才。",
        "## 二、课程设置",
        "总学时 2600，总学分 150。",
    ]
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a service on SQLite."""
    return make_settings(tmp_path)


@pytest.fixture
def blobs(settings: Settings) -> Blobs:
    """Where the files are."""
    settings.data.mkdir(parents=True)
    return Blobs(settings.data / "blobs")


def task(blobs: Blobs, *files: tuple[str, str, bytes], **more: Any) -> Task:
    """A task with files of a role, name and content each."""
    kept = tuple(TaskFile(name, role, blobs.put(data)) for role, name, data in files)
    return Task("r", kept, "530701", **more)


def test_a_syllabus_goes_through_its_stages_in_their_order(settings: Settings, blobs: Blobs) -> None:
    """Progress only grows, and what is kept can be read again."""
    sample = SAMPLES / "网店运营_课程标准.docx"
    seen: list[str] = []
    outcome = run(
        task(blobs, ("main", sample.name, sample.read_bytes()), courses=("C1",)),
        settings, blobs, Aligner.default(), seen.append,
    )  # fmt: skip
    assert [*dict.fromkeys(seen)] == ["parse", "segment", "prepare", "encode", "judge", "report"]
    assert [STAGES[name] for name in seen] == sorted(STAGES[name] for name in seen)
    assert set(seen) <= set(outcome.stages)
    report = decode_report(blobs.read(outcome.report_blob))
    assert report.scope == ("C1",)
    assert decode_document(blobs.read(outcome.document_blob)).name == sample.name
    assert outcome.headline["coverage_ratio"] == report.coverage_ratio
    assert outcome.seconds >= sum(outcome.stages.values()) * 0.9


def test_a_plan_of_several_files_is_audited_as_one(settings: Settings, blobs: Blobs) -> None:
    """Further files are joined to the main one; a plan has the stage of the audit."""
    more = "# 教学进程表\n\n| 课程 | 学时 |\n|---|---|\n| 网店运营 | 64 |\n".encode()
    seen: list[str] = []
    outcome = run(
        task(blobs, ("main", "方案.md", PLAN.encode()), ("more", "进程表.md", more), kind="plan"),
        settings, blobs, Aligner.default(), seen.append,
    )  # fmt: skip
    assert "audit" in seen
    report = decode_report(blobs.read(outcome.report_blob))
    assert report.programme is not None
    assert "网店运营" in decode_document(blobs.read(outcome.document_blob)).text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"standard": "000000"}, "000000"),
        ({"courses": ("C99",)}, "C99"),
        ({"kind": "syllabus", "major": "电子商务"}, "人才培养方案"),
    ],
)
def test_what_cannot_be_done_is_told(settings: Settings, blobs: Blobs, more: dict[str, Any], words: str) -> None:
    """An unknown standard or course, a major of what is no plan: one clear line."""
    asked = {"standard": "530701", **more}
    files = (TaskFile("a.md", "main", blobs.put("# 课程标准\n\n能开设网店。".encode())),)
    with pytest.raises(DuibiaoError, match=words):
        run(Task("r", files, **asked), settings, blobs, Aligner.default(), lambda _: None)


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (MemoryError(), {"limit": "memory"}),
        (DuibiaoError("不行", where="a", advice="换"), {"problem": {"what": "不行", "where": "a", "advice": "换"}}),
        (KeyError("秘密"), None),
    ],
)
def test_the_child_answers_whatever_happens(
    settings: Settings, blobs: Blobs, monkeypatch: pytest.MonkeyPatch, error: Exception, answer: dict[str, Any] | None
) -> None:
    """No exception ends the child; a person's problem, a limit and a mistake of the program are told apart."""

    def fall(*_: object) -> None:
        raise error

    monkeypatch.setattr("api.jobs.task.run", fall)
    sent: list[dict[str, Any]] = []
    _Work(pickle.dumps(settings), sent.append).do(task(blobs))
    if answer is not None:
        assert sent == [answer]
    else:
        assert sent[0]["bug"].endswith("builtins.KeyError")
        assert "秘密" not in sent[0]["bug"]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ({"problem": {"what": "读不了", "where": "a.pdf", "advice": "换"}}, TaskFailedError, "读不了"),
        ({"limit": "memory"}, TaskFailedError, "内存超过上限"),
        ({"ended": "timeout", "code": -9, "seconds": 600.0}, TaskFailedError, "处理超过 600 秒"),
        ({"ended": "died", "code": -11, "seconds": 600.0}, TaskFailedError, "异常退出（代码 -11）"),
        ({"ended": "died", "code": -9, "seconds": 600.0}, _KilledError, "异常退出（代码 -9）"),
        ({"ended": "cancelled", "code": -9, "seconds": 600.0}, InterruptedTask, ""),
        ({"ended": "closing", "code": -9, "seconds": 600.0}, InterruptedTask, ""),
        ({"bug": "trace"}, TaskBugError, "trace"),
    ],
)
def test_each_end_of_a_task_has_its_words(answer: dict[str, Any], kind: type[BaseException], words: str) -> None:
    """What a person reads says what to do; cancelling and closing are nobody's fault."""
    with pytest.raises(kind) as caught:
        _outcome(answer)
    assert words in str(caught.value)
    if isinstance(caught.value, TaskFailedError):
        assert caught.value.advice
