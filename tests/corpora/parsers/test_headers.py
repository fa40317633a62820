"""The guess at header rows, shared by all formats."""

from __future__ import annotations

import pytest

from corpora.document_builder import CellSpec
from corpora.parsers.headers import guess_header_rows


def cells(*rows: str) -> list[CellSpec]:
    return [CellSpec(t, r, c) for r, row in enumerate(rows) for c, t in enumerate(row.split("|")) if t != "·"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("序号|教学内容|学时", "1|网店开设|4"), 1),
        (("1|网店开设|4", "2|网店装修|6"), 0),
        (("能独立完成网店开设。|4", "能装修网店。|6"), 0),
        (("项目|学时",), 0),
        (("课程名称|网店运营|学分|4", "课程代码|A1|学时|64"), 0),
        (("教学进程表||", "序号|课程|学时", "1|网店运营|64"), 2),
        (("学期|内容|...", "1|开店|4"), 1),
    ],
)  # fmt: skip
def test_rows_of_labels_are_headers(rows: tuple[str, ...], expected: int) -> None:
    """Short labels head a table; numbers, sentences, forms and single rows do not; a title row counts along."""
    assert guess_header_rows(cells(*rows)) == expected


def test_merged_headers_reach_down() -> None:
    """Cells merged down over sub-headers make the header as deep as they are, numbers in it included."""
    header = [CellSpec("课程", 0, 0, 2), CellSpec("学分", 0, 1, 2), CellSpec("各学期学时", 0, 2, 1, 2)]
    body = [CellSpec("1", 1, 2), CellSpec("2", 1, 3), *(CellSpec(t, 2, c) for c, t in enumerate("网4 8"))]
    assert guess_header_rows([*header, *body]) == 2


def test_sheets_may_have_a_preamble() -> None:
    """Sparse rows above the headers of a sheet (title, author, class) count along when a preamble is allowed."""
    rows = cells("教学计划|·|·|·", "执笔：|·|·|·", "序号|课程|学分|学时", "1|网店运营|4|64")
    assert guess_header_rows(rows, preamble=10) == 3
    assert guess_header_rows([], preamble=10) == 0
