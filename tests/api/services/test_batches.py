"""The files of a batch: zips opened, what is no document named and left out, limits told."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace

import pytest

from api.errors import UploadTooLargeError
from api.services.batches import Batch
from api.services.incoming import Incoming
from api.settings import ServiceSettings
from tests.service import incoming, note

LIMITS = ServiceSettings(upload_mb=1, batch_mb=3, batch_files=5)


def zipped(entries: dict[str, bytes], name: str = "作业.zip") -> Incoming:
    """A zip of these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in entries.items():
            archive.writestr(entry, data)
    return Incoming(name, "main", buffer.getvalue())


def separate(*files: Incoming, limits: ServiceSettings = LIMITS) -> tuple[list[str], dict[str, str]]:
    """Names of the documents, and what was left out by where it stood."""
    batch = Batch(limits)
    names = [file.name for file in batch.documents(files)]
    return names, {problem["where"]: problem["what"] for problem in batch.problems}


def text(word: str) -> bytes:
    """The bytes of a short document of its own."""
    return note(word).data


def test_files_and_zips_are_documents() -> None:
    """In their order; those of a zip by name."""
    names, problems = separate(note("甲", "甲.md"), zipped({"乙/二.md": text("二"), "乙/一.md": text("一")}))
    assert names == ["甲.md", "一.md", "二.md"]
    assert problems == {}


def test_what_is_no_document_is_named() -> None:
    """Nested archives, remains of systems and programs, unknown formats; the rest is taken."""
    names, problems = separate(
        zipped(
            {
                "a/大纲.md": text("大纲"),
                "a/~$大纲.docx": b"x",
                "__MACOSX/a/._大纲.md": b"x",
                "a/.DS_Store": b"x",
                "里面.zip": b"PK",
                "旧.rar": b"Rar!",
                "片.mp4": b"x",
                "README": b"x",
                "空.md": b"",
            }
        ),
        incoming("程序.exe", data=b"MZ"),
        incoming("~$锁.docx", data=b"x"),
        incoming("旧.7z", data=b"7z"),
    )
    assert names == ["大纲.md"]
    assert problems.pop("作业.zip") == "略过了 3 个系统或临时文件（__MACOSX/a/._大纲.md 等）"
    assert problems == {
        "作业.zip/里面.zip": "没有打开里面的压缩包，请解压后再上传",
        "作业.zip/旧.rar": "不支持这种压缩包，请改用 zip",
        "作业.zip/片.mp4": "不支持的文件格式 .mp4",
        "作业.zip/README": "没有扩展名，不知道是什么格式",
        "作业.zip/空.md": "文件是空的。请检查文件后重新上传",
        "程序.exe": "不支持的文件格式 .exe",
        "~$锁.docx": "这是系统或临时文件",
        "旧.7z": "不支持这种压缩包，请改用 zip",
    }


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_without_the_mark_of_utf8_are_read(encoding: str) -> None:
    """Chinese programs write GBK there, macOS UTF-8; both by the same zip that marks nothing."""
    word = "电子商务/网店运营课程标准.md"
    raw = word.encode(encoding)
    data = bytearray(zipped({"x" * len(raw): text("甲")}).data)
    plain = b"x" * len(raw)
    while (at := data.find(plain)) >= 0:
        data[at : at + len(raw)] = raw
    assert separate(Incoming("a.zip", "main", bytes(data)))[0] == ["网店运营课程标准.md"]


def test_names_with_the_mark_are_read() -> None:
    """As they are, also with backslashes from Windows."""
    assert separate(zipped({"教师甲\\教案.md": text("甲")}))[0] == ["教案.md"]


def test_equal_names_are_told_apart_by_their_folder() -> None:
    """Each teacher's folder holds a file of the same name."""
    names, _ = separate(zipped({f"课程/{who}/课程标准.md": text(who) for who in ("李", "王", "张")}))
    assert sorted(names) == sorted(["李_课程标准.md", "王_课程标准.md", "张_课程标准.md"])
    names, _ = separate(note("甲", "a.md"), note("乙", "a.md"))
    assert names == ["a.md", "a.md"]


def test_the_same_content_is_taken_once() -> None:
    """The copy is named with what it is a copy of."""
    names, problems = separate(note("甲", "一.md"), zipped({"副本/二.md": text("甲"), "三.md": text("丙")}))
    assert names == ["一.md", "三.md"]
    assert problems == {"作业.zip/副本/二.md": "与 一.md 内容相同，只对照一次"}


def test_paths_that_lead_elsewhere_are_only_names() -> None:
    """A hostile entry gives its last part, nothing more."""
    names, _ = separate(zipped({"../../etc/cron.d/x.md": text("甲"), "/abs/y.md": text("乙"), "C:\\z.md": text("丙")}))
    assert sorted(names) == ["x.md", "y.md", "z.md"]


def test_a_damaged_or_locked_zip_is_named() -> None:
    """The other files are taken."""
    good = zipped({"一.md": text("一")})
    broken = replace(good, name="坏.zip", data=good.data[:-30])
    head = b"PK\x01\x02\x14\x03\x14\x00"
    assert head + b"\x00\x08" in good.data
    locked = replace(good, name="锁.zip", data=good.data.replace(head + b"\x00\x08", head + b"\x01\x08"))
    names, problems = separate(broken, locked, note("甲", "甲.md"))
    assert names == ["甲.md"]
    assert "压缩目录读不出" in problems["坏.zip"]
    assert "密码" in problems["锁.zip/一.md"]


def test_a_damaged_entry_is_named() -> None:
    """The others of its zip are taken."""
    good = zipped({"一.md": text("一" * 50), "二.md": text("二")})
    at = good.data.index(b"PK\x03\x04") + 30 + len("一.md".encode()) + 10
    data = good.data[:at] + bytes(8) + good.data[at + 8 :]
    names, problems = separate(replace(good, data=data))
    assert names == ["二.md"]
    assert "解不开" in problems["作业.zip/一.md"]


def test_a_bomb_is_named_before_it_unpacks() -> None:
    """Neither a large entry nor one of a monstrous ratio is ever unpacked whole."""
    limits = replace(LIMITS, upload_mb=20, batch_mb=100)
    names, problems = separate(
        zipped({"大.md": bytes(30 << 20), "小.md": text("甲"), "比.md": bytes(12 << 20)}), limits=limits
    )
    assert names == ["小.md"]
    assert "压缩炸弹" in problems["作业.zip/大.md"]
    assert "压缩炸弹" in problems["作业.zip/比.md"]


def test_a_file_above_the_limit_is_named() -> None:
    """Honestly, with the limit."""
    noise = random.Random(1).randbytes(1_200_000)
    names, problems = separate(zipped({"大.txt": noise}), incoming("大.txt", data=noise), note("甲", "甲.md"))
    assert names == ["甲.md"]
    assert all(what.startswith("文件超过 1 MB") for what in problems.values())
    assert set(problems) == {"作业.zip/大.txt", "大.txt"}


def test_too_many_documents_are_refused() -> None:
    """With the limit and the number; what is no document does not count."""
    files = [note(str(n), f"{n}.md") for n in range(6)]
    with pytest.raises(UploadTooLargeError, match="这一批有 6 份文档，每批最多 5 份"):
        separate(*files)
    with pytest.raises(UploadTooLargeError, match="每批最多 5 份"):
        separate(zipped({f"{n}.md": text(str(n)) for n in range(9)}))
    names, problems = separate(*files[:5], *(incoming(f"{n}.exe", data=b"x") for n in range(4)), files[0])
    assert len(names) == 5
    assert len(problems) == 5


def test_too_many_bytes_are_refused() -> None:
    """All documents of a batch count, packed or not."""
    files = [incoming(f"{n}.txt", data=random.Random(n).randbytes(900_000)) for n in range(4)]
    with pytest.raises(UploadTooLargeError, match="超过 3 MB"):
        separate(*files)
