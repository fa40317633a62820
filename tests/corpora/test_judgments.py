"""Label files and the finding of quotes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.errors import UsageError
from corpora.judgments import load_judgments, locate, locate_all, read_label_file

_ENTRY = {"element": "C1.R1.e1", "grade": 2, "where": ["content"], "doc_level": [3], "quotes": ["选品原则"]}


def _folder(tmp_path: Path, **changes: Any) -> Path:
    """A labelled folder with one document."""
    labels = {
        "doc": "a.txt",
        "standard": "530701",
        "best_courses": [["C1"], ["C1", "C2"]],
        "total_hours": 32,
        "labels": [_ENTRY, {**_ENTRY, "element": "C1.R1.e2", "grade": 0, "disputed": [1, 0], "doc_level": [2, 3]}],
        **changes,
    }
    (tmp_path / "docs").mkdir()
    (tmp_path / "labels").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("选品原则", encoding="utf-8")
    (tmp_path / "labels" / "d1.json").write_text(json.dumps(labels), encoding="utf-8")
    return tmp_path


def test_load(tmp_path: Path) -> None:
    """A folder gives its documents with grades, disputes, courses and hours; what is not listed is grade 0."""
    ((path, judgments),) = load_judgments(_folder(tmp_path))
    assert path == tmp_path / "docs" / "a.txt"
    assert judgments.best_courses == (("C1",), ("C1", "C2"))
    assert judgments.total_hours == 32.0
    assert [judgments.grade(e) for e in ("C1.R1.e1", "C1.R1.e2", "C9.R9.e9")] == [2, 0, 0]
    disputed = judgments.by_element["C1.R1.e2"]
    assert (disputed.disputed, disputed.levels, disputed.where) == ((1, 0), (2, 3), ("content",))


def test_a_disputed_pair_decides_only_thresholds_outside_it(tmp_path: Path) -> None:
    """[1, 0] leaves grade >= 1 open and settles grade >= 2; undisputed and unlisted elements settle both."""
    ((_, judgments),) = load_judgments(_folder(tmp_path))
    assert [judgments.decides("C1.R1.e2", threshold) for threshold in (1, 2)] == [False, True]
    assert judgments.decides("C1.R1.e1", 2)
    assert judgments.decides("C9.R9.e9", 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": [{**_ENTRY, "grade": 3}]}, "第 1 条：等级应为 0、1 或 2"),
        ({"labels": [{**_ENTRY, "grade": True}]}, "等级"),
        ({"labels": [{"grade": 1}]}, "缺少字段 'element'"),
        ({"labels": [_ENTRY, _ENTRY]}, "第 2 条：C1.R1.e1 重复"),
        ({"labels": [{**_ENTRY, "where": ["somewhere"]}]}, "somewhere"),
        ({"labels": [{**_ENTRY, "doc_level": [7]}]}, "doc_level"),
        ({"labels": [{**_ENTRY, "disputed": [1]}]}, "disputed"),
        ({"labels": [{**_ENTRY, "quotes": "选品"}]}, "quotes 应为列表"),
        ({"labels": {}}, "labels 应为列表"),
        ({"total_hours": "32"}, "total_hours"),
        ({"doc": "b.txt"}, "b.txt"),
        ({"doc": "../labels/d1.json"}, "不在 docs/"),
    ],
)
def test_malformed_files_are_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    """The error names the file, the entry and what is wrong with it."""
    with pytest.raises(UsageError) as caught:
        load_judgments(_folder(tmp_path, **changes))
    assert message in str(caught.value)
    assert "d1.json" in str(caught.value)


def test_missing_parts_are_named(tmp_path: Path) -> None:
    """A folder without docs/, without label files, or with a file that is no JSON is an error of use."""
    with pytest.raises(UsageError, match="docs"):
        load_judgments(tmp_path)
    folder = _folder(tmp_path)
    (folder / "labels" / "d1.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="JSON"):
        read_label_file(folder / "labels" / "d1.json")
    (folder / "labels" / "d1.json").unlink()
    with pytest.raises(UsageError, match="没有标注文件"):
        load_judgments(folder)


def test_locate_over_white_space_widths_and_cell_borders() -> None:
    """A quote is found whatever spaces, widths, lines and cells lie in it, and its locator resolves to it."""
    builder = DocumentBuilder("a.docx", b"", "docx")
    builder.add("paragraph", "能使用 Excel 制作“数据表格”")
    builder.add_table([CellSpec("1．掌握ＡＢＣ分类\n2．会做预测", 0, 0), CellSpec("分组完成", 0, 1)])
    document = builder.build()
    found = locate(document, '使用Excel制作"数据表格"')
    assert found is not None
    assert document.resolve(found) == "使用 Excel 制作“数据表格”"
    in_cell = locate(document, "掌握ABC分类")
    assert in_cell is not None
    assert (in_cell.table, in_cell.row, in_cell.cell) == (1, 1, 1)
    across = locate(document, "会做预测分组完成")
    assert across is not None
    assert document.resolve(across) == "会做预测\t分组完成"
    second = locate(document, "分组完成")
    assert second is not None
    assert second.cell == 2


def test_locate_over_list_marks_left_out_text_and_rows() -> None:
    """List marks that only the quote has, an ellipsis, and numbers between the quote's lines are passed over."""
    builder = DocumentBuilder("a.md", b"", "markdown")
    builder.add("list_item", "问卷调查", level=1)
    builder.add("list_item", "K02 小型座谈会", level=1)
    document = builder.build()
    for quote in ("- **问卷调查**", "[问卷](https://example.org)调查", "问卷…座谈会", "问卷调查\n- 小型座谈会"):
        found = locate(document, quote)
        assert found is not None, quote
        assert found.start == 0
    assert locate(document, "K02 小型座谈会…问卷调查") is None


def test_locate_does_not_invent() -> None:
    """A quote that does not occur, and one without a countable character, is not found."""
    builder = DocumentBuilder("a.txt", b"", "text")
    builder.add("paragraph", "掌握选品方法")
    document = builder.build()
    assert locate(document, "掌握选品办法") is None
    assert locate(document, " …\n") is None


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["gold", "gold/train"])
def test_shared_labels_load(shared: Path, folder: str) -> None:
    """The labelled sets load, each document with the courses of one or two labellers."""
    loaded = load_judgments(shared / folder)
    assert len(loaded) >= 6
    assert all(len(judgments.best_courses) in (1, 2) and judgments.by_element for _, judgments in loaded)


def test_all_places_of_a_sentence() -> None:
    """A repeated sentence is found wherever it stands, a mere term once."""
    builder = DocumentBuilder("a.txt", b"x", "text")
    for text in ("掌握关键词优化的方法", "关键词", "能够：掌握 关键词优化的方法。", "关键词"):
        builder.add("paragraph", text)
    document = builder.build()
    places = locate_all(document, "掌握关键词优化的方法")
    assert [document.text[p.start : p.end] for p in places] == ["掌握关键词优化的方法", "掌握 关键词优化的方法"]
    assert locate_all(document, "关键词") == (locate(document, "关键词"),)
    assert locate_all(document, "直播间") == ()
