"""The index of standards, on the real one, against plain numpy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpora.errors import IndexFormatError, StandardFormatError, UnknownStandardError
from corpora.expressions import Expression, load_expressions
from corpora.standard import Standard
from corpora.standard_json import load_standard
from index.protocols import NO_ROW
from index.statement_index import Kind, StatementIndex

QUERIES = ["撰写短视频脚本并拍摄剪辑", "分析店铺流量数据", "客户投诉处理", "会计凭证填制"]


@pytest.fixture(scope="module")
def standard() -> Standard:
    """The shipped standard."""
    return load_standard("530701")


@pytest.fixture(scope="module")
def other(standard: Standard) -> Standard:
    """A second, smaller standard that sorts before the first."""
    return Standard("100000", "别的专业", statements=standard.statements[5:9])


@pytest.fixture
def index(hashing_encoder: Any, standard: Standard, other: Standard) -> StatementIndex:
    """Both standards, the first with its expressions."""
    index = StatementIndex(hashing_encoder)
    index.add(standard, load_expressions("530701"))
    index.add(other)
    return index


def brute_force(encoder: Any, standard: Standard, kinds: tuple[Kind, ...]) -> Any:
    """(queries, elements): the best similarity of each element's rows."""
    grades = {"covers": 2, "touches": 1, "misses": 0}
    bank = load_expressions(standard.code)
    rows = []
    for element in standard.elements:
        texts = [element.text] if "element" in kinds else []
        texts += [e.text for e in bank if e.element == element.id and e.grade in {grades.get(k) for k in kinds}]
        rows.append((encoder.encode(QUERIES) @ encoder.encode(texts).T).max(axis=1, initial=-np.inf))
    return np.array(rows).T


@pytest.mark.parametrize("kinds", [("element",), ("element", "covers"), ("covers", "misses"), ("touches",)])
def test_elements_against_brute_force(
    index: StatementIndex, hashing_encoder: Any, standard: Standard, kinds: tuple[Kind, ...]
) -> None:
    """Both the whole matrix and the k best elements are those of comparing every text, each element once."""
    truth = brute_force(hashing_encoder, standard, kinds)
    matrix = index.similarities(QUERIES, "530701", kinds)
    assert matrix.shape == (len(QUERIES), len(standard.elements))
    np.testing.assert_allclose(matrix, truth, atol=1e-5)
    found = index.search(QUERIES, 30, "530701", kinds)
    assert [item.id for item in found.items] == [element.id for element in standard.elements]
    np.testing.assert_allclose(found.similarities, -np.sort(-truth, axis=1)[:, :30], atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(truth, found.numbers, 1), found.similarities, atol=1e-5)
    assert all(len(set(row)) == 30 for row in found.numbers.tolist())


def test_all_standards(index: StatementIndex, standard: Standard, other: Standard) -> None:
    """Without a standard, the elements of all are searched, in the order of their codes."""
    items = index.items()
    assert index.standards == ("100000", "530701")
    assert [(i.standard, i.id) for i in items[: len(other.elements)]] == [("100000", e.id) for e in other.elements]
    assert len(items) == len(other.elements) + len(standard.elements)
    element = other.elements[0]
    found = index.search([element.text], 2).of(0)
    assert {(item.standard, item.id) for item, _ in found} == {("100000", element.id), ("530701", element.id)}
    assert all(similarity == pytest.approx(1, abs=1e-5) for _, similarity in found)


def test_statements(index: StatementIndex, standard: Standard) -> None:
    """Statements are found by their verbatim text, apart from elements."""
    wanted = standard.core_courses[0]
    requirement = next(iter(standard.children(wanted.id, "requirement")))
    item, similarity = index.search([requirement.text], 1, "530701", ("statement",)).of(0)[0]
    assert (item.id, item.text) == (requirement.id, requirement.text)
    assert similarity == pytest.approx(1, abs=1e-5)
    with pytest.raises(ValueError, match="mixed"):
        index.search(QUERIES, 1, kinds=("element", "statement"))


def test_vectors_instead_of_texts(index: StatementIndex, hashing_encoder: Any) -> None:
    """Queries may come encoded."""
    by_text, by_vector = index.search(QUERIES, 3), index.search(hashing_encoder.encode(QUERIES), 3)
    np.testing.assert_array_equal(by_text.numbers, by_vector.numbers)


def test_few_elements(hashing_encoder: Any, standard: Standard) -> None:
    """Where a query has fewer elements than asked for, the places stay empty and are not named."""
    small = replace(standard, statements=standard.statements[5:6])
    elements = small.elements
    index = StatementIndex(hashing_encoder)
    index.add(small, [Expression(elements[0].id, 2, "content", f"表达{n}") for n in range(50)])
    found = index.search(QUERIES, 40, "530701", ("element", "covers"))
    assert (found.numbers == NO_ROW).sum(axis=1).tolist() == [40 - len(elements)] * len(QUERIES)
    assert len(found.of(0)) == len(elements)
    matrix = index.similarities(QUERIES, "530701", ("covers",))
    assert np.isinf(matrix[:, 1:]).all()
    assert np.isfinite(matrix[:, 0]).all()


def test_replace_and_remove(index: StatementIndex, standard: Standard, other: Standard) -> None:
    """Adding a code again puts the new standard in the place of the old; a removed one is unknown."""
    index.add(replace(other, statements=standard.statements[7:8]))
    assert [item.id for item in index.items("100000")] == [e.id for e in standard.statements[7].elements]
    before = len(index)
    assert index.remove("100000") == before - len(index) > 0
    with pytest.raises(UnknownStandardError, match=r"100000.*530701"):
        index.search(QUERIES, 1, "100000")
    with pytest.raises(StandardFormatError, match="X9"):
        index.add(other, [Expression("X9", 2, "content", "文字")])


def test_empty_index(hashing_encoder: Any) -> None:
    """An index without standards finds nothing and says so only where one is named."""
    index = StatementIndex(hashing_encoder)
    assert index.search(QUERIES, 3).numbers.shape == (len(QUERIES), 0)
    with pytest.raises(UnknownStandardError, match="空"):
        index.similarities(QUERIES, "530701")


@pytest.mark.parametrize("mmap", [False, True])
def test_save_and_load(index: StatementIndex, hashing_encoder: Any, tmp_path: Path, mmap: bool) -> None:
    """A loaded index answers as the saved one and can be changed; nothing is encoded again."""
    path = tmp_path / "standards.index"
    index.save(path)
    expected = index.search(hashing_encoder.encode(QUERIES), 9, kinds=("element", "covers"))
    hashing_encoder.asked.clear()
    loaded = StatementIndex.load(path, hashing_encoder, mmap=mmap)
    assert hashing_encoder.asked == []
    found = loaded.search(hashing_encoder.encode(QUERIES), 9, kinds=("element", "covers"))
    np.testing.assert_array_equal(found.numbers, expected.numbers)
    assert found.items == expected.items
    loaded.remove("530701")
    assert loaded.standards == ("100000",)


def test_refused_files(index: StatementIndex, hashing_encoder: Any, other_encoder: Any, tmp_path: Path) -> None:
    """Another encoder's index, a truncated one and one of another kind are refused in one clear Chinese line."""
    path, broken = tmp_path / "standards.index", tmp_path / "broken.index"
    index.save(path)
    with pytest.raises(IndexFormatError, match=r"另一个编码器.*hashing-64.*other.*请重新建立索引"):
        StatementIndex.load(path, other_encoder)
    data = path.read_bytes()
    for wrong in (data[:-100], data[:2000], data[:10], b""):
        broken.write_bytes(wrong)
        with pytest.raises(IndexFormatError, match=r"broken\.index：.*索引文件"):
            StatementIndex.load(broken, hashing_encoder)
    index._rows.backend.save(broken)
    with pytest.raises(IndexFormatError, match="这里需要“statement index”"):
        StatementIndex.load(broken, hashing_encoder)
