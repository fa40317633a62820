"""Reports side by side: what is read, in which order, under which names, as which files."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from openpyxl import load_workbook

from api.auth.principal import NotFoundError
from api.services import comparisons
from api.services.comparisons import names
from api.store.models import Report
from corpora.errors import UsageError
from tests.api.reviews.judging import TEXT, Desk, aligned

BETTER = f"{TEXT}掌握商品详情页的设计方法，能够独立完成店铺装修。"


@pytest.fixture
def later(desk: Desk) -> Report:
    """A later version of the desk's document."""
    people = desk.people
    return aligned(desk.service, people.teacher, people.department, BETTER, previous_id=desk.row.document_id)


def test_versions_are_told_and_the_older_stands_first(desk: Desk, later: Report) -> None:
    """In whatever order they are asked for; what persons decided counts."""
    element = next(m.element.id for m in desk.open().scoped_matches if m.grade == 0)
    desk.raised(desk.people.teacher, element)
    found = comparisons.compare(desk.service, desk.people.auditor, [later.id, desk.row.id])
    assert found.versions
    assert [row.id for row in found.rows] == [desk.row.id, later.id]
    (changes,) = found.comparison.changes
    assert element in [change.element.id for change in changes.lost]
    assert changes.better
    assert len(set(found.comparison.names)) == 2


def test_documents_that_are_no_versions_keep_their_order(desk: Desk) -> None:
    """As asked for."""
    people = desk.people
    other = aligned(desk.service, people.teacher, people.department, "了解网店客服。")
    found = comparisons.compare(desk.service, people.teacher, [other.id, desk.row.id])
    assert not found.versions
    assert [row.id for row in found.rows] == [other.id, desk.row.id]


def test_what_is_not_compared(desk: Desk, later: Report) -> None:
    """One report, one twice, one that the principal may not know of."""
    service, people = desk.service, desk.people
    with pytest.raises(UsageError, match="2 到 6"):
        comparisons.compare(service, people.teacher, [desk.row.id])
    with pytest.raises(UsageError, match="选了两次"):
        comparisons.compare(service, people.teacher, [desk.row.id, desk.row.id])
    with pytest.raises(NotFoundError):
        comparisons.compare(service, people.stranger, [desk.row.id, later.id])


def test_names_tell_documents_apart(desk: Desk, later: Report) -> None:
    """The day, and a number where even that is the same."""
    day = f"{later.document.created_at:%Y-%m-%d}"
    assert names([desk.row, later]) == [f"课程标准.md（{day}） #1", f"课程标准.md（{day}） #2"]
    assert names([desk.row]) == ["课程标准.md"]


def test_files(desk: Desk, later: Report) -> None:
    """Workbook, table, paper and JSON tell the same comparison."""
    ids, made = [desk.row.id, later.id], {}
    for format in ("xlsx", "csv", "docx", "json"):
        made[format] = comparisons.export(desk.service, desk.people.teacher, ids, format)
        assert made[format].filename == f"修订对照_530701.{format}"
    found = comparisons.compare(desk.service, desk.people.teacher, ids).comparison
    book = load_workbook(io.BytesIO(made["xlsx"].data), read_only=True)
    assert book.sheetnames == ["并排比较", "条目", "要素", "共同的差距", "重合", "变化"]
    changed = [row[0] for row in book["变化"].iter_rows(min_row=2, values_only=True)]
    assert changed.count("改善") == len(found.changes[0].better) > 0
    lines = list(csv.reader(io.StringIO(made["csv"].data.decode("utf-8-sig"))))
    assert len(lines) == len(found.elements) + 1
    assert lines[0][5:7] == [found.names[0], "文中层次"]
    body = json.loads(made["json"].data)
    assert [report["id"] for report in body["reports"]] == ids
    assert len(body["changes"][0]["better"]) == changed.count("改善")
    paper = zipfile.ZipFile(io.BytesIO(made["docx"].data)).read("word/document.xml").decode()
    assert "教学文件修订对照意见" in paper
    assert "审核人（签字）" in paper
    with pytest.raises(UsageError, match="没有“pdf”"):
        comparisons.export(desk.service, desk.people.teacher, ids, "pdf")
