"""What an auditor hands in: folders and zips, documents and junk."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from alignment.audit.sources import MANIFEST, list_documents
from corpora.errors import DocumentError, DuibiaoError
from tests.alignment.audit.conftest import DOCUMENTS


def gbk_zip(path: Path, files: list[tuple[str, bytes]]) -> Path:
    """A zip as Chinese programs write it: names in GBK, without the mark of UTF-8."""
    names = {f"{n:03}".ljust(len(name.encode("gbk")), "x").encode(): name for n, (name, _) in enumerate(files)}
    with zipfile.ZipFile(path, "w") as archive:
        for stand_in, (_, data) in zip(names, files, strict=True):
            archive.writestr(stand_in.decode(), data)
    written = path.read_bytes()
    for stand_in, name in names.items():
        written = written.replace(stand_in, name.encode("gbk"))
    path.write_bytes(written)
    return path


def test_a_folder_is_read_to_its_depth_and_junk_is_named(batch: Path) -> None:
    """Documents come by path; lock files, system files and unreadable formats are passed over with a reason."""
    listing = list_documents(batch)
    assert tuple(listed.path for listed in listing.documents) == DOCUMENTS
    assert dict(listing.passed_over) == {
        "__MACOSX/._网店运营.docx": "系统文件",
        "营销系/Thumbs.db": "系统文件",
        "营销系/~$网店运营.docx": "Office 打开文件时的锁文件",
        "营销系/课件.exe": "不是可读的格式",
    }
    assert listing.documents[1].read() == (batch / DOCUMENTS[1]).read_bytes()


def test_results_of_an_audit_are_no_documents(batch: Path) -> None:
    """A folder of results within what is audited is left out, workbook and all."""
    results = batch / "旧结果"
    (results / "parts").mkdir(parents=True)
    (results / MANIFEST).write_text("{}")
    (results / "审核结果.html").write_text("<p>")
    assert tuple(listed.path for listed in list_documents(batch).documents) == DOCUMENTS


def test_names_of_a_zip_in_gbk(tmp_path: Path) -> None:
    """Names are read as they were written; two entries of one name are told apart, none is lost."""
    files = [("电商系/网店.txt", b"1"), ("电商系/~$网店.txt", b"2"), ("电商系/网店.txt", b"3"), ("../外.txt", b"4")]
    listing = list_documents(gbk_zip(tmp_path / "送审.zip", files))
    assert {listed.path: listed.read() for listed in listing.documents} == {
        "../外.txt": b"4",
        "电商系/网店.txt": b"1",
        "电商系/网店#2.txt": b"3",
    }
    assert [path for path, _ in listing.passed_over] == ["电商系/~$网店.txt"]


def test_an_entry_that_is_damaged_harms_no_other(tmp_path: Path) -> None:
    """A damaged entry is an error when it is read; the others are read."""
    path = tmp_path / "送审.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a" * 9999)
        archive.writestr("b.txt", b"b" * 9999)
    data = bytearray(path.read_bytes())
    start = data.index(b"a.txt") + 5
    data[start : start + 8] = b"\xff" * 8
    path.write_bytes(data)
    first, second = list_documents(path).documents
    assert second.read() == b"b" * 9999
    with pytest.raises(DocumentError, match="解不开"):
        first.read()


@pytest.mark.parametrize("kind", ["missing", "file", "empty", "not a zip"])
def test_nothing_to_audit_is_one_clear_error(tmp_path: Path, kind: str) -> None:
    """No such path, a single document, a folder without documents, a zip that is none."""
    path = {"missing": tmp_path / "无", "file": tmp_path / "a.docx", "empty": tmp_path / "空"}.get(
        kind, tmp_path / "a.zip"
    )
    if kind == "empty":
        path.mkdir()
        (path / "Thumbs.db").write_bytes(b"")
    elif kind != "missing":
        path.write_bytes(b"PK no zip at all")
    with pytest.raises(DuibiaoError) as raised:
        list_documents(path)
    assert raised.value.exit_code == 3
    assert raised.value.advice
