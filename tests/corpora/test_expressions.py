"""Expression banks: the shipped one is whole, a bad line is named."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from corpora.errors import StandardFormatError
from corpora.expressions import Expression, load_expressions
from corpora.standard_json import load_standard, standard_files

GOOD = {"element": "C1.R1.e1", "grade": 2, "form": "content", "text": "标题怎么写才容易被搜到"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of imported standards that holds a copy of 530701 without a bank."""
    (tmp_path / "530701.json").write_bytes(standard_files()["530701"].read_bytes())
    return tmp_path


def write(folder: Path, *lines: object) -> None:
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    (folder / "530701.expressions.jsonl").write_text("\n".join(texts), encoding="utf-8")


def test_shipped_bank() -> None:
    """Every teachable element: at least ten expressions that teach it, three that touch it, four near misses."""
    elements = [element.id for element in load_standard("530701").elements]
    counts = Counter((expression.element, expression.grade) for expression in load_expressions("530701"))
    assert len(elements) == 363
    assert {element for element, _ in counts} == set(elements)
    assert all(counts[e, 2] >= 10 and counts[e, 1] >= 3 and counts[e, 0] >= 4 for e in elements)


def test_reads_lines(folder: Path) -> None:
    """Lines are read in order; blank ones are passed over; one text may serve two elements."""
    write(folder, GOOD, "", GOOD | {"element": "C1.R1.e2", "grade": 0}, "")
    assert load_expressions("530701", folder) == (
        Expression("C1.R1.e1", 2, "content", GOOD["text"]),
        Expression("C1.R1.e2", 0, "content", GOOD["text"]),
    )


def test_without_bank(folder: Path) -> None:
    """A standard without a bank, imported over the shipped one or unknown, has no expressions."""
    assert load_expressions("530701", folder) == ()
    assert load_expressions("999999", folder) == ()


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "不是一条表达"),
        ("[1]", "不是一条表达"),
        ({k: v for k, v in GOOD.items() if k != "form"}, "form"),
        (GOOD | {"element": "C99.R1.e1"}, "没有能力要素 C99.R1.e1"),
        (GOOD | {"element": ["C1.R1.e1"]}, "不是一条表达"),
        (GOOD | {"grade": 3}, "grade"),
        (GOOD | {"grade": True}, "grade"),
        (GOOD | {"grade": 2.0}, "grade"),
        (GOOD | {"form": "poem"}, "poem"),
        (GOOD | {"draft": True}, "草稿"),
        (GOOD | {"text": "  "}, "text 为空"),
        (GOOD | {"text": 5}, "text 为空"),
        (GOOD, "重复"),
    ],
)
def test_bad_line_is_named(folder: Path, line: object, what: str) -> None:
    """A line that is wrong stops the loading with its number, what is wrong and what to do."""
    write(folder, GOOD, line)
    with pytest.raises(StandardFormatError, match=what) as caught:
        load_expressions("530701", folder)
    assert caught.value.where == "530701.expressions.jsonl 第 2 行"
    assert caught.value.advice


def test_not_utf8(folder: Path) -> None:
    """A bank in another encoding is refused."""
    (folder / "530701.expressions.jsonl").write_bytes("中文".encode("gb18030"))
    with pytest.raises(StandardFormatError, match="UTF-8"):
        load_expressions("530701", folder)
