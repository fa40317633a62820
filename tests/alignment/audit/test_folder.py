"""The folder of an audit: whose it is, what state it is in, who may write it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from alignment.audit.folder import open_folder
from alignment.audit.model import AuditOptions
from alignment.audit.sources import MANIFEST
from corpora.errors import UsageError

OPTIONS = AuditOptions()


@pytest.fixture
def unfinished(tmp_path: Path) -> Path:
    """A folder where an audit of ``tmp_path / "送审"`` has begun."""
    with open_folder(tmp_path / "果", tmp_path / "送审", OPTIONS, resume=False):
        pass
    return tmp_path / "果"


def test_an_unfinished_audit_is_told_of(unfinished: Path, tmp_path: Path) -> None:
    """Without ``--resume`` it is left alone, and the message says what to do."""
    with (
        pytest.raises(UsageError, match=r"没做完的审核.*--resume"),
        open_folder(unfinished, tmp_path / "送审", OPTIONS, resume=False),
    ):
        pass
    with open_folder(unfinished, tmp_path / "送审", OPTIONS, resume=True) as folder:
        assert folder.kept() == {}


def test_a_finished_audit_is_brought_up_to_date(unfinished: Path, tmp_path: Path) -> None:
    """It needs no ``--resume``; what is said of it changes back until it is finished again."""
    with open_folder(unfinished, tmp_path / "送审", OPTIONS, resume=True) as folder:
        folder.finish(set(), {"documents": 3})
    said = json.loads((unfinished / MANIFEST).read_text(encoding="utf-8"))
    assert (said["state"], said["counts"]) == ("finished", {"documents": 3})
    with open_folder(unfinished, tmp_path / "送审", OPTIONS, resume=False):
        assert json.loads((unfinished / MANIFEST).read_text(encoding="utf-8"))["state"] == "running"


@pytest.mark.parametrize("options", [replace(OPTIONS, standard="990001"), replace(OPTIONS, kind="textbook")])
def test_another_audit_is_not_overwritten(unfinished: Path, tmp_path: Path, options: AuditOptions) -> None:
    """Neither against another standard nor of other kinds, ``--resume`` or not."""
    for resume in (False, True):
        with (
            pytest.raises(UsageError, match="另一种审核"),
            open_folder(unfinished, tmp_path / "送审", options, resume=resume),
        ):
            pass


def test_results_of_another_folder_are_taken_when_asked(unfinished: Path, tmp_path: Path) -> None:
    """The same documents in another place need ``--resume``."""
    with pytest.raises(UsageError, match="送审 的审核"), open_folder(unfinished, tmp_path, OPTIONS, resume=False):
        pass
    with open_folder(unfinished, tmp_path, OPTIONS, resume=True) as folder:
        assert folder.manifest.source == str(tmp_path)


def test_one_audit_at_a_time(tmp_path: Path) -> None:
    """A second one is told so."""
    with (
        open_folder(tmp_path / "果", tmp_path, OPTIONS, resume=False),
        pytest.raises(UsageError, match="另一个审核正在写"),
        open_folder(tmp_path / "果", tmp_path, OPTIONS, resume=True),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("论文.docx", "x", "别的文件"),
        (MANIFEST, "{", "读不出"),
        (MANIFEST, "[]", "读不出"),
        (MANIFEST, '{"schema": "duibiao.audit/99"}', "另一种格式"),
    ],
)
def test_other_files_are_left_alone(tmp_path: Path, name: str, text: str, words: str) -> None:
    """A folder that is not an audit's, or not readable as one, is refused and stays as it was."""
    (tmp_path / "果").mkdir()
    (tmp_path / "果" / name).write_text(text)
    with pytest.raises(UsageError, match=words), open_folder(tmp_path / "果", tmp_path, OPTIONS, resume=True):
        pass
    assert [path.name for path in (tmp_path / "果").iterdir()] == [name]
    assert (tmp_path / "果" / name).read_text() == text


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """``--out`` that names a file."""
    (tmp_path / "a").write_text("x")
    with pytest.raises(UsageError, match="不是文件夹"), open_folder(tmp_path / "a", tmp_path, OPTIONS, resume=False):
        pass
