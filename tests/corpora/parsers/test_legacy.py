"""Old Word files are read through LibreOffice, or by antiword, or say what to install."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from corpora.errors import DamagedDocumentError, MissingExtraError, ParserLimitError
from corpora.parsers import read_bytes
from corpora.parsers.base import Limits, ParserOptions, Source
from corpora.parsers.legacy import DocParser, find_office
from corpora.parsers.ole import SIGNATURE

RTF = rb"{\rtf1\ansi\ansicpg936 \b \u32593?\u24215?\u36816?\u33829?\b0\par \u35838?\u31243?\u26631?\u20934?\par}"

office = pytest.mark.skipif(find_office() is None, reason="没有 LibreOffice，跳过")
posix = pytest.mark.skipif(os.name != "posix", reason="stand-in programs are shell scripts")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """An empty program path; ``programs(name, script)`` puts a stand-in there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("corpora.parsers.legacy._OFFICE_PLACES", ())

    def put(name: str, script: str) -> None:
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return put


@office
@pytest.mark.office
def test_rtf_is_read_inside_the_sandbox() -> None:
    """The converter runs from within the sandbox, whose memory limit does not choke it; the hash is the file's own."""
    document = read_bytes("旧.rtf", RTF, ParserOptions(limits=Limits(memory_bytes=256 << 20)))
    assert [b.text for b in document.blocks] == ["网店运营", "课程标准"]
    assert (document.name, document.format) == ("旧.rtf", "doc")


@posix
def test_antiword_is_the_fallback(programs: Callable[[str, str], None]) -> None:
    """Without LibreOffice antiword gives bare text, and an ErrorItem says that tables are lost."""
    programs("antiword", "printf '一、课程性质\\n本课程是核心课程。\\n'")
    document = DocParser().parse(Source("旧.doc", SIGNATURE))
    assert [(b.kind, b.number, b.text) for b in document.blocks] == [
        ("list_item", "一、", "一、课程性质"), ("paragraph", "", "本课程是核心课程。"),
    ]  # fmt: skip
    assert "antiword" in document.errors[0].what


@pytest.mark.usefixtures("programs")
def test_nothing_installed_names_what_to_install() -> None:
    """With neither program the error says which package to install."""
    with pytest.raises(MissingExtraError, match=r"旧\.doc：.*LibreOffice.*libreoffice-writer-nogui"):
        DocParser().parse(Source("旧.doc", SIGNATURE))


@posix
def test_converter_without_a_result(programs: Callable[[str, str], None]) -> None:
    """A converter that makes nothing of the file is one clear error."""
    programs("soffice", "exit 0")
    with pytest.raises(DamagedDocumentError, match="打不开"):
        DocParser().parse(Source("旧.doc", SIGNATURE))


@posix
def test_hanging_converter_is_ended(programs: Callable[[str, str], None], tmp_path: Path) -> None:
    """A converter over its time is ended together with what it started."""
    programs("soffice", f"echo $$ > {tmp_path}/pid; while true; do /bin/true; done")
    options = ParserOptions(limits=Limits(wall_seconds=0.5))
    with pytest.raises(ParserLimitError, match="转换超过"):
        DocParser().parse(Source("旧.doc", SIGNATURE, options))
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
