"""What a department, an audit and everybody covers: which documents count, what is told of them, as which files."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from api.auth.principal import ForbiddenError, NotFoundError
from api.services import audits, dashboards, reports, reviews
from api.store.models import LogEntry
from corpora.errors import UnknownStandardError, UsageError
from tests.api.reviews.judging import TEXT, Desk, aligned
from tests.service import note, work_off


def _dashboard(desk: Desk, who: str = "reviewer", **asked: str) -> dashboards.Dashboard:
    return dashboards.dashboard(desk.service, getattr(desk.people, who), standard="530701", **asked)  # type: ignore[arg-type]


def test_a_document_counts_once_in_its_latest_version_and_report(desk: Desk) -> None:
    """Not the version that it replaces, not an earlier report of the same."""
    people, service = desk.people, desk.service
    assert [row.report_id for row in _dashboard(desk).rows] == [desk.row.id]
    again = reports.start(service, people.teacher, desk.row.document_id, "530701", ["C5"])
    work_off(service)
    assert [row.report_id for row in _dashboard(desk).rows] == [again.id]
    later = aligned(service, people.teacher, people.department, TEXT * 2, previous_id=desk.row.document_id)
    assert [row.report_id for row in _dashboard(desk).rows] == [later.id]


def test_what_persons_decided_counts(desk: Desk) -> None:
    """The union follows each decision."""
    before = _dashboard(desk)
    element = next(m.element.id for m in desk.open().scoped_matches if m.grade == 0)
    assert element in [held.element.id for held in before.portfolio.orphans]
    desk.raised(desk.people.teacher, element)
    after = _dashboard(desk)
    assert element not in [held.element.id for held in after.portfolio.orphans]
    assert after.portfolio.counts[2] == before.portfolio.counts[2] + 1
    assert after.decided == 1


def test_who_sees_what(desk: Desk) -> None:
    """Departments are apart; teachers have no dashboard; what is not there is not found."""
    people, service = desk.people, desk.service
    foreign = aligned(service, people.stranger, people.elsewhere)
    assert [row.report_id for row in _dashboard(desk, "foreign_reviewer").rows] == [foreign.id]
    assert {row.report_id for row in _dashboard(desk, "admin").rows} == {desk.row.id, foreign.id}
    found = _dashboard(desk, "admin", department_id=people.elsewhere)
    assert [row.report_id for row in found.rows] == [foreign.id]
    assert found.department is not None
    assert found.department.name == "机电工程学院"
    with pytest.raises(ForbiddenError):
        _dashboard(desk, "teacher")
    for asked in ({"department_id": people.elsewhere}, {"department_id": "x"}, {"audit_id": "x"}):
        with pytest.raises(NotFoundError):
            _dashboard(desk, **asked)
    with pytest.raises(UnknownStandardError):
        dashboards.dashboard(service, people.reviewer, standard="999999")


def test_audits_are_a_trend(desk: Desk) -> None:
    """Each audit's own union, the oldest first; narrowed to one, only its documents count."""
    people, service = desk.people, desk.service
    made = []
    for name, texts in (("上学期", ["了解网店客服。"]), ("本学期", [TEXT, "掌握商品详情页的设计方法。"])):
        files = [note(text, f"{number}.md") for number, text in enumerate(texts)]
        audit = audits.create(
            service, people.teacher, name=name, files=files, standard="530701", department_id=people.department
        )
        work_off(service)
        made.append(audit)
    found = _dashboard(desk, audit_id=made[1].id)
    assert found.audit is not None
    assert (found.audit.name, len(found.rows)) == ("本学期", 2)
    assert [(point.name, point.documents) for point in found.trend] == [("上学期", 1), ("本学期", 2)]
    assert found.trend[1].covered == found.portfolio.counts[2]
    assert found.trend[1].coverage_ratio >= found.trend[0].coverage_ratio
    assert _dashboard(desk, "foreign_reviewer").trend == ()


def test_states_of_review_are_counted(desk: Desk) -> None:
    """How many reports are where."""
    aligned(desk.service, desk.people.teacher, desk.people.department, "了解网店客服。")
    reviews.move(desk.service, desk.people.teacher, desk.row.id, "submitted")
    assert _dashboard(desk).review_states == {"draft": 1, "submitted": 1}


def test_without_documents(desk: Desk) -> None:
    """Everything is an orphan; every file can be made all the same."""
    alone = desk.people.foreign_reviewer
    found = dashboards.dashboard(desk.service, alone, standard="530701")
    assert (found.rows, found.portfolio.coverage_ratio) == ((), 0)
    for format in ("xlsx", "csv", "docx", "json"):
        assert dashboards.export(desk.service, alone, standard="530701", format=format).data


def test_files(desk: Desk) -> None:
    """Workbook, table, paper and JSON tell the same; texts are no formulas; the log tells who took one."""
    people, service = desk.people, desk.service
    aligned(service, people.teacher, people.department, "了解网店客服。", major="")
    made = {
        format: dashboards.export(
            service, people.reviewer, standard="530701", department_id=people.department, format=format
        )
        for format in ("xlsx", "csv", "docx", "json")
    }
    assert made["xlsx"].filename == "总览_530701_电子商务学院.xlsx"
    found = _dashboard(desk)
    book = load_workbook(io.BytesIO(made["xlsx"].data), read_only=True)
    assert book.sheetnames == ["总览", "文件", "覆盖矩阵", "要素", "规定", "历次批次"]
    matrix = list(book["覆盖矩阵"].iter_rows(min_row=2, values_only=True))
    assert [line[0] for line in matrix] == [*(entry.title for entry in found.portfolio.entries), "全部文件合力"]
    assert len({line[0] for line in matrix}) == 3
    assert max(value for value in matrix[-1][1:]) == max(max(line[1:]) for line in matrix[:-1])
    lines = list(csv.DictReader(io.StringIO(made["csv"].data.decode("utf-8-sig"))))
    assert len(lines) == len(found.portfolio.elements)
    orphans = [line["要素编号"] for line in lines if "无人讲授" in line["情况"]]
    assert orphans == [held.element.id for held in found.portfolio.orphans]
    body = json.loads(made["json"].data)
    assert [held["element"] for held in body["orphans"]] == orphans
    assert len(body["documents"]) == 2
    paper = zipfile.ZipFile(io.BytesIO(made["docx"].data)).read("word/document.xml").decode()
    assert "教学文件对标情况审核意见" in paper
    assert "电子商务学院" in paper
    with pytest.raises(UsageError, match="没有“pdf”"):
        dashboards.export(service, people.reviewer, standard="530701", format="pdf")
    with service.store.read() as session:
        taken = session.scalars(select(LogEntry).where(LogEntry.action == "dashboard.export")).all()
    assert {entry.detail["format"] for entry in taken} == set(made)
