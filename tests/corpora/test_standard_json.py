"""The JSON form of standards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora.errors import StandardFormatError
from corpora.parsers import read_document
from corpora.standard import Element, Section, Standard, Statement
from corpora.standard_import import import_standards
from corpora.standard_json import (
    load_standard,
    save_standard,
    standard_from_bytes,
    standard_from_json,
    standard_sha256,
    standard_to_json,
)

MAJORS = sorted(p for p in (Path(__file__).parent / "standards").iterdir() if p.suffix in (".docx", ".pdf", ".md"))


def again(standard: Standard) -> Standard:
    """Written and read back."""
    return standard_from_json(json.loads(json.dumps(standard_to_json(standard))))


@pytest.mark.parametrize("path", MAJORS, ids=lambda p: p.name)
def test_imported_standards_survive_writing_and_reading(path: Path, tmp_path: Path) -> None:
    """What an import understood is what a later run loads, to the last field."""
    imported = import_standards(read_document(path))[0].standard
    save_standard(imported, tmp_path)
    assert load_standard(imported.code, tmp_path) == imported


def test_the_shipped_standard_survives() -> None:
    """530701 with its elements, rules, mends and sections reads back equal, with an equal digest."""
    standard = load_standard("530701")
    assert again(standard) == standard
    assert standard_sha256(again(standard)) == standard_sha256(standard)


def test_empty_fields_are_no_loss() -> None:
    """An element without a verb and a section without a title or text are kept."""
    element = Element("Q01.e1", "Q01", "职业素养", "职业素养", (0, 4), "", 3)
    statement = Statement("Q01", "competency", "职业素养", elements=(element,))
    standard = Standard("000000", "测试", statements=(statement,), sections=(Section("7", ""),))
    assert again(standard) == standard


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"code": "1", "name": "x", "statements": [{"id": "Q01", "kind": "a"}, {"id": "Q01", "kind": "a"}]}',
    ],
)
def test_damaged_files_give_one_clear_error(data: bytes) -> None:
    """No JSON, no standard, an id used twice: the file is named."""
    with pytest.raises(StandardFormatError, match=r"坏\.json"):
        standard_from_bytes(data, where="坏.json")
