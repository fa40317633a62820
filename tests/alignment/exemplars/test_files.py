"""The files that a user adds."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from alignment.exemplars.files import batch_of
from corpora.errors import DocumentError, UsageError


def test_a_folder_gives_its_documents(books: Path) -> None:
    """With the folders under it, in order, without what a system leaves behind; others are named."""
    batch = batch_of(books)
    assert batch.name == "教材"
    assert [file.name for file in batch.files] == ["果树.md", "烘焙/烘焙.md"]
    assert batch.skipped == ("封面.svg",)
    assert batch.files[0].read() == (books / "果树.md").read_bytes()


def test_a_zip_gives_what_its_folder_gave(books: Path, tmp_path: Path) -> None:
    """Names and bytes."""
    path = tmp_path / "教材.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(books.rglob("*.*")):
            archive.write(file, file.relative_to(books))
        archive.writestr("__MACOSX/._果树.md", b"x")
    folder, packed = batch_of(books), batch_of(path)
    assert [(f.name, f.read()) for f in packed.files] == [(f.name, f.read()) for f in folder.files]
    assert packed.skipped == folder.skipped


def test_one_document_is_named_after_its_file(books: Path) -> None:
    """Unless another name is given."""
    assert batch_of(books / "果树.md").name == "果树"
    assert batch_of(books / "果树.md", "  果树 教材 ").name == "果树 教材"


@pytest.mark.parametrize(("name", "message"), [("没有.docx", "没有这个文件"), ("封面.svg", "不是可读的格式")])
def test_what_cannot_be_added_is_said(books: Path, name: str, message: str) -> None:
    """One clear error."""
    with pytest.raises(DocumentError, match=message):
        batch_of(books / name)


def test_a_folder_without_documents_and_a_broken_zip_are_refused(tmp_path: Path) -> None:
    """Before anything is kept."""
    (tmp_path / "空").mkdir()
    with pytest.raises(DocumentError, match="没有可读的文档"):
        batch_of(tmp_path / "空")
    (tmp_path / "坏.zip").write_bytes(b"PK\x03\x04broken")
    with pytest.raises(DocumentError):
        batch_of(tmp_path / "坏.zip")


def test_a_blank_name_is_refused(books: Path) -> None:
    """It could not be removed by it."""
    with pytest.raises(UsageError, match="名称为空"):
        batch_of(books, "  ")
