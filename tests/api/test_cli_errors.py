"""What goes wrong on the command line: one Chinese line on stderr, nothing on stdout, the exit code of the contract."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Build = Callable[[Path, Path], Path]


def empty(folder: Path, samples: Path) -> Path:  # noqa: ARG001
    """A file of no bytes."""
    path = folder / "空.docx"
    path.touch()
    return path


def random_pdf(folder: Path, samples: Path) -> Path:  # noqa: ARG001
    """Random bytes that claim to be a PDF."""
    path = folder / "乱.pdf"
    path.write_bytes(random.Random(5).randbytes(20_000))
    return path


def locked_pdf(folder: Path, samples: Path) -> Path:  # noqa: ARG001
    """A PDF that opens only with a password."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    path = folder / "加密.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("user", ownerPassword="owner"))
    canvas.drawString(100, 700, "syllabus")
    canvas.save()
    return path


def truncated(folder: Path, samples: Path) -> Path:
    """The first two thirds of a Word document."""
    data = (samples / "网店运营_课程标准.docx").read_bytes()
    path = folder / "截断.docx"
    path.write_bytes(data[: len(data) * 2 // 3])
    return path


def picture(folder: Path, samples: Path) -> Path:  # noqa: ARG001
    """A PNG of a grey square, renamed."""
    rows = b"".join(b"\0" + b"\x80" * 64 for _ in range(64))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    path = folder / "图片.docx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return path


def bomb(folder: Path, samples: Path) -> Path:
    """A Word document whose text unpacks to 400 MB of zeros."""
    path, block = folder / "炸弹.docx", bytes(1 << 22)
    with (
        zipfile.ZipFile(samples / "网店运营_课程标准.docx") as whole,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
    ):
        for entry in whole.infolist():
            if entry.filename != "word/document.xml":
                packed.writestr(entry, whole.read(entry))
        with packed.open("word/document.xml", "w") as text:
            for _ in range(100):
                text.write(block)
    assert path.stat().st_size < 5_000_000
    return path


def missing(folder: Path, samples: Path) -> Path:  # noqa: ARG001
    """No file at all."""
    return folder / "无此文件.docx"


def directory(folder: Path, samples: Path) -> Path:  # noqa: ARG001
    """A folder."""
    path = folder / "文件夹.docx"
    path.mkdir()
    return path


def no_text(folder: Path, samples: Path) -> Path:  # noqa: ARG001
    """A sound Word document without a word."""
    import docx

    path = folder / "无字.docx"
    docx.Document().save(str(path))
    return path


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (empty, "空"),
        (random_pdf, "PDF"),
        (locked_pdf, "密码"),
        (truncated, "docx"),
        (picture, "docx"),
        (bomb, "MB"),
        (missing, "没有这个文件"),
        (directory, "文件夹"),
        (no_text, "文字"),
    ],
)
def test_unreadable_input_is_one_line_and_exit_code_3(
    duibiao: Run, samples: Path, tmp_path: Path, build: Build, words: str
) -> None:
    """The line names the file, says what is wrong and what to do."""
    path = build(tmp_path, samples)
    done = duibiao("report", path, "--format", "json")
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (3, b"", 1), lines
    assert lines[0].startswith("错误：")
    assert path.name in lines[0]
    assert words in lines[0]
    assert "。" in lines[0], "no advice"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report"], "缺少 FILE"),
        (["report", "{file}", "--standard", "999999"], "没有代码为“999999”的专业教学标准。现有：530701"),
        (["report", "{file}", "--course", "C99"], "没有核心课程 C99"),
        (["report", "{file}", "--format", "odt"], "--format 的值不对，可用：terminal, json"),
        (["report", "{file}", "--as", "novel"], "--as 的值不对，可用：auto, syllabus"),
        (["report", "{file}", "--fail-under", "3"], "--fail-under 的值太大，最大 1"),
        (["report", "{file}", "--fail-under", "x"], "--fail-under 的值应是数"),
        (["report", "{file}", "--format", "docx"], "请用 --out"),
        (["report", "{file}", "--format", "json", "--format", "csv"], "请用 --out"),
        (["report", "{file}", "--formt", "json"], "没有选项 --formt，是不是 --format"),
        (["report", "{file}", "--format"], "选项 --format 后面缺少值"),
        (["report", "{file}", "another"], "多出的参数：another"),
        (["reprot"], "没有命令 reprot，是不是 report"),
        (["standard", "show", "1"], "没有代码为“1”"),
        (["standard", "export", "530701", "--out", "/dev/null/x.json"], "写不进去"),
        (["search", "用户画像", "--top", "0"], "--top 的值太小，最小 1"),
        (["eval", "--set", "{folder}/none"], "没有这个标注文件夹"),
        (["bench", "nonesuch"], "没有名为“nonesuch”的基准"),
        (["serve", "--port", "70000"], "--port 的值太大"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_a_wrong_call_is_one_line_and_exit_code_2(
    duibiao: Run, samples: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    """Typer's complaints and our own alike: Chinese, one line, the way out."""
    places = {"file": samples / "机械制图_课程标准.docx", "folder": tmp_path}
    done = duibiao(*(argument.format(**places) for argument in arguments))
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (2, b"", 1), lines
    assert lines[0].startswith("错误：")
    assert words in lines[0]


def test_a_reader_that_leaves_is_no_error(duibiao: Run, tmp_path: Path) -> None:
    """``duibiao standard export | head`` ends quietly with exit code 0, not with the 1 of --fail-under."""
    status = tmp_path / "status"
    script = f'"{sys.executable}" -c "from api.cli import main; main()" standard export 530701; echo $? > "{status}"'
    done = duibiao(code="pass", before=["sh", "-c", f"({script}) | head -c 1; exit", "--"])
    assert (done.stdout, done.stderr) == (b"{", b"")
    assert status.read_text().strip() == "0"


def test_output_is_utf8_whatever_the_locale(duibiao: Run, samples: Path) -> None:
    """A console of another encoding gets UTF-8, not an error."""
    plain = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = duibiao("standard", "list", environment=plain)
    assert done.returncode == 0
    assert "电子商务" in io.TextIOWrapper(io.BytesIO(done.stdout), encoding="utf-8").read()
    wrong = duibiao("report", samples / "无.docx", environment=plain)
    assert "没有这个文件" in wrong.stderr.decode()
