"""The index of passages: groups, dedup, changes and files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.document import Segment, SegmentedDocument
from corpora.document_builder import DocumentBuilder
from corpora.errors import DuibiaoError, IndexFormatError
from index.protocols import NO_ROW
from index.segment_index import Passage, SegmentIndex

A, B = ("530701", "甲.docx"), ("530701", "乙.docx")
PASSAGES = [
    Passage("a1", "直播脚本的撰写", A, {"page": 3}),
    Passage("b1", "直播脚本的撰写", B),
    Passage("c1", "直播间的搭建", ("540101", "丙.docx")),
    Passage("a2", "店铺数据分析", A),
]


@pytest.fixture
def index(hashing_encoder: Any) -> SegmentIndex:
    """Four passages in three groups."""
    index = SegmentIndex(hashing_encoder)
    assert index.add(PASSAGES) == 4
    return index


def ids(found: list[tuple[Passage, float]]) -> list[str]:
    return [passage.id for passage, _ in found]


def test_find(index: SegmentIndex) -> None:
    """The nearest passages come first, whole, with the group and metadata they were stored with."""
    found = index.find("直播脚本的撰写", 3)
    assert [passage for passage, _ in found[:2]] in (PASSAGES[:2], PASSAGES[1::-1])
    assert found[0][1] == pytest.approx(1, abs=1e-5)
    assert found[2][0] == PASSAGES[2]
    assert index.get("a1") == PASSAGES[0]
    assert index.get("zz") is None


def test_within(index: SegmentIndex) -> None:
    """A search within paths sees nothing else; paths may overlap, and an unknown one holds nothing."""
    assert set(ids(index.find("直播", 9, within=[("530701",)]))) == {"a1", "a2", "b1"}
    assert set(ids(index.find("直播", 9, within=[B, ("540101",)]))) == {"b1", "c1"}
    assert set(ids(index.find("直播", 9, within=[B, ("530701",)]))) == {"a1", "a2", "b1"}
    assert ids(index.find("直播", 9, within=[("53",)])) == []
    assert ids(index.find("直播", 9, within=[])) == []


def test_distinct(index: SegmentIndex) -> None:
    """Each text can be named once, however many groups hold it."""
    found = ids(index.find("直播脚本的撰写", 9, distinct=True))
    assert len(found) == 3
    assert len({"a1", "b1"} & set(found)) == 1
    hits = index.search(["直播"], 4, distinct=True)
    assert (hits.ids == NO_ROW).sum() == 1


def test_dedup(index: SegmentIndex, hashing_encoder: Any) -> None:
    """A text that its group has is passed over unless asked otherwise; each text is encoded once."""
    assert hashing_encoder.asked == ["直播脚本的撰写", "直播间的搭建", "店铺数据分析"]
    hashing_encoder.asked.clear()
    assert index.add([*PASSAGES, Passage("a3", "店铺数据分析", A)]) == 0
    assert hashing_encoder.asked == []
    assert index.add([Passage("a3", "店铺数据分析", A)], dedup=False) == 1
    assert len(index) == 5


def test_known_ids_give_way(index: SegmentIndex) -> None:
    """A known id takes its new text, group or metadata; one whose new text is there already is dropped."""
    assert index.add([Passage("a1", "直播复盘", B, {"page": 4})]) == 1
    assert index.get("a1") == Passage("a1", "直播复盘", B, {"page": 4})
    assert "a1" not in ids(index.find("直播", 9, within=[A]))
    assert index.add([Passage("a1", "直播脚本的撰写", B)]) == 0
    assert "a1" not in index
    assert index.add([Passage("b1", "新的", B), Passage("b2", "直播脚本的撰写", B)]) == 2


def test_failed_encoding_changes_nothing(index: SegmentIndex, hashing_encoder: Any) -> None:
    """When the encoder fails or gives what is no vector, what was there stays."""
    for wrong in (np.full((1, 64), np.nan), np.zeros((1, 63))):
        hashing_encoder.encode = lambda _, vectors=wrong: vectors.astype(np.float32)
        with pytest.raises(ValueError, match=r"finite|shape"):
            index.add([Passage("a1", "新的文本", A)])
        assert index.get("a1") == PASSAGES[0]
    assert len(index) == 4


def test_remove(index: SegmentIndex) -> None:
    """Passages go by id or by path; the rest stays searchable."""
    assert index.remove(["a1", "none"]) == 1
    assert index.remove_group(("530701",)) == 2
    assert index.groups == (("540101", "丙.docx"),)
    assert ids(index.find("直播", 9)) == ["c1"]


def test_documents(hashing_encoder: Any) -> None:
    """A document's segments are filed under its hash with their facts; adding it again changes nothing."""
    builder = DocumentBuilder("甲.docx", b"bytes", "docx")
    blocks = [builder.add("paragraph", text, page=2) for text in ("直播选品", "直播选品", "数据复盘")]
    segments = tuple(
        Segment(n, block.text, (block.locator,), "content", ("二、内容",)) for n, block in enumerate(blocks) if block
    )
    segmented = SegmentedDocument(builder.build(), segments)
    index = SegmentIndex(hashing_encoder)
    assert index.add_document(segmented, ("530701",)) == 2
    assert index.add_document(segmented, ("530701",)) == 0
    passage, _ = index.find("数据复盘", 1, within=[("530701", segmented.document.sha256)])[0]
    assert passage.metadata == {"document": "甲.docx", "role": "content", "heading_path": ["二、内容"], "page": 2}
    assert index.remove_group(("530701", segmented.document.sha256)) == 2


@pytest.mark.parametrize("mmap", [False, True])
def test_save_and_load(index: SegmentIndex, hashing_encoder: Any, tmp_path: Path, mmap: bool) -> None:
    """A loaded index holds the same, finds the same, still dedups, and can grow and be saved over itself."""
    path = tmp_path / "passages.index"
    index.remove(["c1"])
    index.save(path)
    loaded = SegmentIndex.load(path, hashing_encoder, mmap=mmap)
    assert [loaded.get(id) for id in ("a1", "a2", "b1", "c1")] == [PASSAGES[0], PASSAGES[3], PASSAGES[1], None]
    assert set(ids(loaded.find("直播脚本", 9))) == {"a1", "a2", "b1"}
    assert loaded.add(PASSAGES) == 1
    loaded.save(path)
    assert len(SegmentIndex.load(path, hashing_encoder)) == 4


def test_interrupted_save_keeps_the_old_file(
    index: SegmentIndex, hashing_encoder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save that fails before its end leaves the former file whole and nothing beside it."""
    path = tmp_path / "passages.index"
    index.save(path)
    index.remove(["a1"])

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("index.storage.os.fsync", fail)
    with pytest.raises(DuibiaoError, match=r"passages\.index：索引文件无法写入（disk full）。原来的文件没有改动"):
        index.save(path)
    assert "a1" in SegmentIndex.load(path, hashing_encoder)
    assert [p.name for p in tmp_path.iterdir()] == ["passages.index"]


def test_other_encoder(index: SegmentIndex, other_encoder: Any, tmp_path: Path) -> None:
    """An index is not read with another encoder than it was made with."""
    index.save(tmp_path / "passages.index")
    with pytest.raises(IndexFormatError, match="另一个编码器"):
        SegmentIndex.load(tmp_path / "passages.index", other_encoder)


GROUP = st.sampled_from([(), ("a",), ("a", "x"), ("b",), ("b", "y", "z")])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5), GROUP), min_size=1, max_size=4),
            st.integers(0, 9),
            GROUP,
        ),
        max_size=8,
    )
)
def test_any_history(steps: list[Any]) -> None:
    """After any changes the index holds what a dict would, and every path selects exactly what lies under it."""

    class OneHot:
        dimension, fingerprint = 6, "one-hot"

        def encode(self, texts: Sequence[str]) -> Any:
            return np.eye(6, dtype=np.float32)[[int(text) for text in texts]]

    index, model = SegmentIndex(OneHot(), backend="exact"), {}
    for step in steps:
        if isinstance(step, list):
            added = {str(n): Passage(str(n), str(text), group) for n, text, group in step}
            index.add(added.values(), dedup=False)
            model.update(added)
        elif isinstance(step, int):
            index.remove([str(step)])
            model.pop(str(step), None)
        else:
            index.remove_group(step)
            model = {id: p for id, p in model.items() if p.group[: len(step)] != step}
    assert len(index) == len(model)
    for prefix in [(), ("a",), ("a", "x"), ("b",), ("b", "y"), ("c",)]:
        expected = {id: p for id, p in model.items() if p.group[: len(prefix)] == prefix}
        found = index.find("3", 99, within=[prefix])
        assert {passage.id: passage for passage, _ in found} == expected
        assert {p.id for p, similarity in found if similarity == 1} == {i for i, p in expected.items() if p.text == "3"}
