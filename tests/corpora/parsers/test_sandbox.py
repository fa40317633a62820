"""Parsing happens in a process of its own that may be killed without harm."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpora.errors import (
    DamagedDocumentError,
    EmptyDocumentError,
    ParserLimitError,
    UnsupportedFormatError,
    UsageError,
)
from corpora.parsers import ParserOptions, read_bytes, read_document
from corpora.parsers.base import Limits, Source
from corpora.parsers.reading import parse
from corpora.parsers.sandbox import Sandbox, Worker, unpickled
from corpora.parsers.worker import answer

Maker = Callable[..., bytes]
posix = pytest.mark.skipif(os.name != "posix", reason="memory and CPU limits exist on POSIX systems only")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox of its own, whose workers end with the test."""
    made = Sandbox(keep=1)
    yield made
    made.close()


def source(data: bytes, **limits: float) -> Source:
    return Source("网店运营.docx", data, ParserOptions(limits=replace(Limits(ratio=5000), **limits)))  # type: ignore[arg-type]


def paragraphs(count: int) -> str:
    return "<w:p><w:r><w:t>能开设网店并完成商品发布</w:t></w:r></w:p>" * count


def test_document_crosses_whole(sandbox: Sandbox, make_docx: Maker) -> None:
    """What comes out of the worker equals what the parser makes in this process."""
    given = source(
        make_docx(paragraphs(3) + "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>格</w:t></w:r></w:p></w:tc></w:tr></w:tbl>")
    )
    assert sandbox.parse(given) == parse(given)


def test_error_crosses_whole(sandbox: Sandbox) -> None:
    """A parser's error keeps its kind, place and advice across the process border."""
    with pytest.raises(UnsupportedFormatError) as caught:
        sandbox.parse(Source("图.docx", b"\x89PNG\r\n\x1a\n"))
    assert (caught.value.where, caught.value.exit_code) == ("图.docx", 3)
    assert "图片" in caught.value.what
    assert caught.value.advice


def test_worker_is_used_again(sandbox: Sandbox, make_docx: Maker) -> None:
    """The second file needs no new process: reading it takes a fraction of a cold start."""
    data = make_docx(paragraphs(200))
    sandbox.parse(source(data))
    started = time.perf_counter()
    sandbox.parse(source(data))
    assert time.perf_counter() - started < 2.0
    assert [worker.jobs for worker in sandbox._idle] == [2]


def test_timeout_ends_the_worker_and_the_next_file_is_read(sandbox: Sandbox, make_docx: Maker) -> None:
    """A parse over its time is killed; the sandbox goes on with a new worker."""
    with pytest.raises(ParserLimitError, match=r"网店运营.docx：解析超过 0.001 秒"):
        sandbox.parse(source(make_docx(paragraphs(20_000)), wall_seconds=0.001))
    assert sandbox.parse(source(make_docx(paragraphs(1)))).text == "能开设网店并完成商品发布"


@posix
def test_memory_limit(sandbox: Sandbox, make_docx: Maker) -> None:
    """A parse over its memory ends with one clear line, and the next file is read."""
    large = make_docx(paragraphs(400_000))
    with pytest.raises(ParserLimitError, match=r"内存|异常退出"):
        sandbox.parse(source(large, memory_bytes=40 << 20))
    assert sandbox.parse(source(make_docx(paragraphs(1)))).blocks


@posix
def test_cpu_limit_counts_anew_for_each_file(sandbox: Sandbox, make_docx: Maker) -> None:
    """CPU time is limited per file, not per worker."""
    for _ in range(3):
        sandbox.parse(source(make_docx(paragraphs(2_000)), cpu_seconds=1))
    with pytest.raises(ParserLimitError, match="CPU 超过"):
        sandbox.parse(source(make_docx(paragraphs(200_000)), cpu_seconds=0.01))


def test_dead_worker_is_replaced(sandbox: Sandbox, make_docx: Maker) -> None:
    """A worker that died while idle is not used."""
    sandbox.parse(source(make_docx(paragraphs(1))))
    sandbox._idle[0]._process.kill()
    sandbox._idle[0]._process.wait()
    assert sandbox.parse(source(make_docx(paragraphs(1)))).blocks


def test_parses_at_the_same_time(sandbox: Sandbox, make_docx: Maker) -> None:
    """Threads parse side by side, each with its own answer; idle workers beyond the kept ones end."""
    texts: dict[int, str] = {}

    def work(number: int) -> None:
        data = make_docx(f"<w:p><w:r><w:t>第{number}份</w:t></w:r></w:p>")
        texts[number] = sandbox.parse(source(data)).text

    threads = [threading.Thread(target=work, args=[n]) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == {n: f"第{n}份" for n in range(3)}
    assert len(sandbox._idle) == 1


@posix
def test_forked_copy_starts_its_own_workers(sandbox: Sandbox, make_docx: Maker) -> None:
    """A forked copy of the caller does not talk through its parent's pipes."""
    data = make_docx(paragraphs(1))
    sandbox.parse(source(data))
    pid = os.fork()
    if pid == 0:
        ok = sandbox.parse(source(data)).blocks
        sandbox.close()
        os._exit(0 if ok else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert sandbox.parse(source(data)).blocks


def test_warm_up_starts_a_worker(sandbox: Sandbox) -> None:
    """Warming up leaves one idle worker that is starting."""
    sandbox.warm_up()
    assert [worker.alive for worker in sandbox._idle] == [True]


def test_reading_loads_nothing_heavy() -> None:
    """Neither the caller's side nor the worker's loads a model, web or language-model library for a docx."""
    code = (
        "import sys, corpora.parsers.sandbox, corpora.parsers.reading, corpora.parsers.docx\n"
        "heavy = {'torch', 'numpy', 'fastapi', 'langchain_core', 'pydantic', 'pdfplumber', 'PIL'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or None)"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_read_document_names_the_trouble_with_a_path(tmp_path: Path) -> None:
    """A missing file and a folder are wrong calls; an empty file is an empty document; a size limit is named."""
    with pytest.raises(UsageError, match="没有这个文件"):
        read_document(tmp_path / "无.docx")
    with pytest.raises(UsageError, match="文件夹"):
        read_document(tmp_path)
    empty = tmp_path / "空.docx"
    empty.touch()
    with pytest.raises(EmptyDocumentError, match=r"空\.docx：文件是空的"):
        read_document(empty)


def test_wrong_extension_is_an_error_item_of_the_document() -> None:
    """A text named .docx is read, and the document says that its name is wrong."""
    document = read_bytes(
        "大纲.docx", ("一、课程性质\n" + "本课程培养学生从事网店运营、推广与客服工作的能力。" * 4).encode()
    )
    assert document.format == "text"
    assert "与内容不符" in document.errors[0].what


class StandIn(Worker):
    """A worker that starts no process and gives a fixed answer."""

    def __init__(self, kind: str, value: object) -> None:
        self.jobs, self.closed, self._answer = 0, False, (kind, value)

    def run(self, source: Source) -> tuple[str, object]:  # noqa: ARG002
        return self._answer

    @property
    def alive(self) -> bool:
        return not self.closed

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("kind", "value", "error", "words", "kept"),
    [
        ("bug", "Traceback …\nKeyError: 'w'", DamagedDocumentError, "解析中断（KeyError: 'w'）", True),
        ("died", -11, ParserLimitError, "异常退出（代码 -11）", False),
        ("died", -24, ParserLimitError, "CPU 超过 120 秒", False),
        ("limit", "内存", ParserLimitError, "内存超过 2048 MB", False),
    ],
)
def test_each_end_of_a_worker_is_one_clear_line(
    kind: str, value: object, error: type[Exception], words: str, kept: bool
) -> None:
    """A parser's bug, a crash and a limit are told apart in words; only a sound worker is kept."""
    worker = StandIn(kind, value)
    sandbox = Sandbox(start=lambda: worker)
    with pytest.raises(error, match=re.escape(words)):
        sandbox.parse(Source("文件.docx", b"x"))
    assert worker.alive == kept


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, make_docx: Maker) -> None:
    """A library that is not installed is not blamed on the file."""
    monkeypatch.setitem(sys.modules, "corpora.parsers.docx", None)
    monkeypatch.setattr("corpora.parsers.worker._apply", lambda _: None)
    kind, error = answer(source(make_docx(paragraphs(1))))
    assert kind == "error"
    assert "缺少读取它所需的库 corpora.parsers.docx" in str(error)


def test_answers_cannot_name_foreign_types() -> None:
    """An answer that would load anything but our own types is no answer."""
    kind, value = unpickled(pickle.dumps(("document", os.getcwd)))
    assert kind == "died"
    assert "答复无法识别" in str(value)
