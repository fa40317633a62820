"""Which stretches of a document speak of a major."""

from __future__ import annotations

from alignment.programme.stretches import body_stretches
from corpora.programme.model import Programme
from tests.alignment.programme.written import write

TEXT = """
# 第一部分 园林专业群
本群共三个专业。
| 专业名称 | 课程 |
| 园艺技术 | 修剪 |
| 茶艺 | 泡茶 |
| 花艺 | 插花 |
# 园艺技术专业
培养果树工。
# 茶艺专业
培养茶艺师。
"""


def told(name: str, begins: str) -> str:
    """The text of all stretches of the major that begins with a line, the first part shared."""
    document = write(TEXT)
    text = document.text
    first, start = text.index("园艺技术专业"), text.index(begins)
    end = text.index("茶艺专业") - 1 if begins.startswith("园艺") else len(text)
    programme = Programme(document, name=name, start=start, end=end, annex_start=end, shared=((0, first - 1),))
    return "\n".join(text[a:b] for a, b in body_stretches(programme))


def test_rows_of_other_majors_in_a_shared_table_are_left_out() -> None:
    """A row that names this major stays, whatever its name has in brackets; those of other majors go."""
    found = told("园艺技术（普通类）", "园艺技术专业")
    assert "修剪" in found
    assert "果树工" in found
    assert "本群共三个专业" in found
    assert not any(word in found for word in ("泡茶", "插花", "茶艺师"))


def test_a_shared_table_without_this_major_is_read_whole() -> None:
    """Where no row names the major, the column tells nothing about it."""
    assert all(word in told("茶文化", "茶艺专业") for word in ("修剪", "泡茶", "插花"))
