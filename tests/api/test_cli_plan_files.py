"""``report`` on a plan in several files: with a workbook beside it, in a folder, in a zip, with several majors."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from api.cli import plan_files
from api.cli.report import Kind, make_report
from corpora.document import Document
from corpora.errors import DocumentError, DuibiaoError, UsageError

PLAN = """# {year}级{name}专业人才培养方案

## 一、专业名称及代码

{name}（{code}）

## 二、修业年限

三年。

## 三、培养目标

培养从事相关工作的技术技能人才。

## 四、课程设置

设公共课与专业课。

## 五、教学进程

见进程表。

## 六、毕业要求

修满学分。
"""
TEA = PLAN.format(year=2023, name="茶艺", code="540109")
NURSE = PLAN.format(year=2023, name="护理", code="520201")
ANNEX = "\n## 附件1 课程标准\n\n### 《茶史》课程标准\n\n了解茶的历史。\n"
TABLE = "<table><tr><td>课程名称</td><td>学时</td></tr><tr><td>茶史</td><td>32</td></tr></table>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plan with its schedule, a file of no readable format, a hidden one."""
    place = tmp_path / "方案"
    (place / "附表").mkdir(parents=True)
    (place / "茶艺方案.md").write_text(TEA + ANNEX, encoding="utf-8")
    (place / "附表" / "进程表.html").write_text(f"<html><body>{TABLE}</body></html>", encoding="utf-8")
    (place / "说明.bin").write_bytes(b"\0\1")
    (place / ".DS_Store").write_bytes(b"\0")
    (place / "~$茶艺方案.md").write_bytes(b"\0")
    return place


def read(path: Path, *beside: Path, major: str = "") -> Document:
    """The joined document."""
    return plan_files.as_plan(plan_files.read_files(path), beside, major)[0]


class GbkEntry(zipfile.ZipInfo):
    """An entry named as Chinese programs do: GBK, without the mark of UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def test_folder_is_one_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan is the main file, its schedule stands before its annex; what is not read is told."""
    document = read(folder)
    assert document.name == "茶艺方案.md"
    assert [part.name for part in document.parts] == ["茶艺方案.md", "进程表.html", "茶艺方案.md"]
    assert document.text.index("茶史\t32") < document.text.index("附件1")
    assert "没有读 说明.bin" in capsys.readouterr().err


@pytest.mark.parametrize("entry", [zipfile.ZipInfo, GbkEntry])
def test_zip_is_read_as_its_folder(folder: Path, tmp_path: Path, entry: type[zipfile.ZipInfo]) -> None:
    """A zip reads as the folder does, with names as Chinese programs write them too."""
    with zipfile.ZipFile(tmp_path / "方案.zip", "w") as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.writestr(entry(path.relative_to(folder).as_posix()), path.read_bytes())
    names = [part.name for part in read(tmp_path / "方案.zip").parts]
    assert names == ["茶艺方案.md", "进程表.html", "茶艺方案.md"]


def test_another_plan_in_the_folder_is_told_and_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second whole plan is not mixed into the first."""
    (folder / "护理方案.md").write_text(NURSE, encoding="utf-8")
    document = read(folder)
    assert "护理" not in document.text
    assert "没有并入 护理方案.md" in capsys.readouterr().err


def test_copies_are_read_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same file twice, in a folder or beside itself, is one file; the copy is told."""
    (folder / "茶艺方案（副本）.md").write_text(TEA + ANNEX, encoding="utf-8")
    assert [part.name for part in read(folder).parts].count("进程表.html") == 1
    assert "没有并入 茶艺方案（副本）.md：与 茶艺方案.md 内容相同" in capsys.readouterr().err
    plan = folder / "茶艺方案.md"
    assert read(plan, plan).parts == ()
    assert "内容相同" in capsys.readouterr().err


def test_a_plan_named_beside_another_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is joined as asked, and the reader learns that it is not audited; a schedule is no plan."""
    first, second, table = tmp_path / "茶艺.md", tmp_path / "护理.md", tmp_path / "表.html"
    first.write_text(TEA, encoding="utf-8")
    second.write_text(NURSE, encoding="utf-8")
    table.write_text(f"<html><body>{TABLE}</body></html>", encoding="utf-8")
    read(first, second)
    assert "护理.md 本身是一份人才培养方案" in capsys.readouterr().err
    read(first, table)
    assert capsys.readouterr().err == ""


def test_unreadable_file_beside_is_an_error_item(folder: Path) -> None:
    """One damaged file does not stop the others."""
    (folder / "坏.docx").write_bytes(b"PK\x03\x04nonsense")
    assert [error.where for error in read(folder).errors] == ["坏.docx"]


def test_folder_without_a_plan_is_refused(folder: Path) -> None:
    """What was found is named, and what to do."""
    (folder / "茶艺方案.md").unlink()
    with pytest.raises(DocumentError, match=r"没有人才培养方案（进程表\.html）"):
        read(folder)


def test_folder_of_hundreds_is_refused(tmp_path: Path) -> None:
    """A plan has a handful of files."""
    for number in range(60):
        (tmp_path / f"{number}.md").write_text("文")
    with pytest.raises(UsageError, match="60 份"):
        read(tmp_path)


def test_zip_is_guarded(tmp_path: Path) -> None:
    """A bomb and a broken zip are refused before they are unpacked."""
    bomb = tmp_path / "a.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("方案.md", bytes(16 << 20))
    with pytest.raises(DocumentError, match="炸弹"):
        read(bomb)
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04" + b"\0" * 30)
    with pytest.raises(DocumentError, match=r"b\.zip"):
        read(tmp_path / "b.zip")


def test_majors_are_listed_and_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a choice the first is taken and the others named; a wrong name lists what there is."""
    path = tmp_path / "两个专业.md"
    path.write_text(TEA + NURSE, encoding="utf-8")
    files = plan_files.read_files(path)
    assert plan_files.as_plan(files, [], "")[1] == "茶艺"
    assert "文件里有 2 个专业，本次审核 茶艺（540109）；其余：护理（520201）" in capsys.readouterr().err
    assert plan_files.as_plan(files, [], "520201")[1] == "护理"
    assert capsys.readouterr().err == ""
    with pytest.raises(UsageError, match="茶艺（540109）、护理（520201）"):
        plan_files.as_plan(files, [], "会计")


def test_single_major_needs_no_choice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is asked for, nothing is listed; its own name is accepted, another one is not."""
    path = tmp_path / "一个专业.md"
    path.write_text(TEA, encoding="utf-8")
    files = plan_files.read_files(path)
    assert (plan_files.as_plan(files, [], "")[1], capsys.readouterr().err) == ("", "")
    assert plan_files.as_plan(files, [], "茶艺专业")[1] == ""
    with pytest.raises(UsageError, match="会计"):
        plan_files.as_plan(files, [], "会计")


@pytest.mark.parametrize(
    ("kind", "options", "error", "words"),
    [
        (Kind.syllabus, {"with_files": [Path("a.xls")]}, UsageError, "只用于人才培养方案"),
        (Kind.textbook, {"major": "茶艺"}, UsageError, "只用于人才培养方案"),
        (Kind.auto, {}, DocumentError, "--as plan"),
        (Kind.plan, {"with_files": [Path("没有.xls")]}, DocumentError, "没有.xls"),
        (Kind.auto, {"rules": [Path("没有.yaml")]}, DocumentError, "没有.yaml"),
    ],
)
def test_wrong_calls_are_refused_at_once(
    folder: Path, kind: Kind, options: dict[str, object], error: type[DuibiaoError], words: str
) -> None:
    """Options of plans for other documents, a folder that is not said to be a plan, files that are not there."""
    with pytest.raises(error, match=words):
        make_report(folder, "530701", kind, [], "", None, **options)  # type: ignore[arg-type]
