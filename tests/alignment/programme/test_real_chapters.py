"""Chapters, codes and annexed course standards of real plans."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from alignment.programme.annex.parts import annex_parts
from alignment.programme.chapters.codes import check_codes
from alignment.programme.chapters.finder import find_chapters
from corpora.parsers import read_document
from corpora.programme.model import Programme
from corpora.programme.reader import read_programmes
from corpora.standard import Standard

pytestmark = pytest.mark.shared


def programme(shared: Path, beginning: str) -> Programme:
    """The first major of the real plan whose file's name begins so."""
    file = next(path for path in (shared / "real" / "plans").iterdir() if path.name.startswith(beginning))
    return read_programmes(read_document(file))[0]


def test_a_plan_in_two_parts(shared: Path, ecommerce: Standard) -> None:
    """All chapters but an appendix; graduation stands before 实施保障; the code is of the 2015 catalogue."""
    plan = programme(shared, "附件3")
    chapters = {finding.title: finding for finding in find_chapters(plan)}
    assert [title for title, finding in chapters.items() if not finding.found] == ["附录"]
    assert chapters["毕业要求"].note == "次序与通行格式不同：排在“实施保障”之前"
    codes = {finding.label: finding for finding in check_codes(plan, ecommerce)}
    assert "530605" in codes["专业代码"].note
    assert codes["职业类别：营销员"].agrees


@pytest.mark.slow
def test_a_plan_with_its_course_standards(shared: Path) -> None:
    """Twenty-five course standards, one behind the other, up to the report that follows them."""
    plan = programme(shared, "大数据")
    parts = annex_parts(plan)
    assert len(parts) == 25
    assert all(part.end == after.start for part, after in pairwise(parts))
    missing = [finding.title for finding in find_chapters(plan) if not finding.found]
    assert {"教学方法", "学习评价", "质量管理"} <= set(missing)
