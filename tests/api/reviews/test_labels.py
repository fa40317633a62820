"""Decisions as labelled data: the export is a set that the evaluation runs on."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.auth.principal import ForbiddenError, NotFoundError
from api.services import documents, reports, reviews
from corpora.errors import UnknownStandardError
from corpora.judgments import load_judgments
from tests.api.reviews.judging import Desk, aligned
from tests.service import incoming, note, work_off

Duibiao = Callable[..., subprocess.CompletedProcess[bytes]]


def _exported(desk: Desk, folder: Path, **asked: Any) -> Path:
    data = reviews.export_labels(desk.service, desk.people.reviewer, standard="530701", **asked)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        file.extractall(folder)
    return folder


def test_only_what_a_person_decided_is_exported(desk: Desk, tmp_path: Path) -> None:
    """Overrides and acceptances with their quotes; neither what is disputed, nor withdrawn, nor left alone."""
    people = desk.people
    raised, disputed, withdrawn = (m.element.id for m in [m for m in desk.open().scoped_matches if m.grade == 0][:3])
    accepted = desk.of_grade(2)
    for element in (raised, disputed, withdrawn):
        desk.raised(people.teacher, element)
    desk.decide(people.teacher, accepted.element.id, "accept")
    desk.decide(people.reviewer, disputed, "object", reason="不是这一项")
    desk.decide(people.teacher, withdrawn, "withdraw")
    ((path, judgments),) = load_judgments(_exported(desk, tmp_path / "set"))
    assert path.read_bytes() == note_bytes(desk)
    assert judgments.decided == {raised, accepted.element.id}
    assert judgments.by_element[raised].grade == 2
    assert (judgments.by_element[raised].quotes, judgments.by_element[raised].levels) == (
        ("能够策划店铺促销活动",),
        (3,),
    )
    assert judgments.by_element[accepted.element.id].quotes == tuple(e.quote for e in accepted.evidence)
    assert (judgments.best_courses, judgments.tells_courses) == ((), False)


def note_bytes(desk: Desk) -> bytes:
    """The bytes of the desk's document."""
    row = documents.find_document(desk.service, desk.people.teacher, desk.row.document_id)
    return desk.service.store.blobs.read(row.files[0].sha256)


def test_the_evaluation_runs_on_an_export(desk: Desk, tmp_path: Path, duibiao: Duibiao) -> None:
    """Two documents of the same name; only the judged elements are scored, and accepted verdicts agree."""
    people, service = desk.people, desk.service
    other = aligned(service, people.teacher, people.department, "理解网店的客户服务规范。能够设计商品详情页。")
    judged = 0
    for row in (desk.row, other):
        report = reports.open_report(service, people.teacher, row.id).report
        kinds = {s.id: s.kind for s in report.standard.statements}
        chosen = [m for m in report.matches if kinds[m.element.statement] == "requirement"]
        for match in [*[m for m in chosen if m.grade == 2][:5], *[m for m in chosen if m.grade == 0][:5]]:
            reviews.decide(service, people.teacher, row.id, "element", match.element.id, action="accept")
            judged += 1
    folder = _exported(desk, tmp_path / "set")
    assert sorted(path.name for path in (folder / "docs").iterdir()) == ["课程标准.md", "课程标准_2.md"]
    done = duibiao("eval", "--set", folder, "--json")
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert judged > 10
    assert found["systems"]["duibiao"]["weighted_kappa"] == pytest.approx(1.0)
    assert found["counts"]["course top-1"]["n"] == 0


def test_courses_that_a_person_named_are_labels(desk: Desk, tmp_path: Path) -> None:
    """Those that the program found are not."""
    people = desk.people
    again = reports.start(desk.service, people.teacher, desk.row.document_id, "530701", ["C1"])
    work_off(desk.service)
    element = desk.of_grade(2).element.id
    reviews.decide(desk.service, people.teacher, again.id, "element", element, action="accept")
    ((_, judgments),) = load_judgments(_exported(desk, tmp_path / "set"))
    assert judgments.best_courses == (("C1",),)


def test_a_document_of_several_files_is_named(desk: Desk, tmp_path: Path) -> None:
    """A label file speaks of one file; the README says what was left out."""
    people, service = desk.people, desk.service
    desk.decide(people.teacher, desk.of_grade(2).element.id, "accept")
    files = [note("掌握选品方法。", "方案.md"), incoming("附件.md", "more", "# 附件\n\n补充说明。".encode())]
    document = documents.upload(service, people.teacher, files, department_id=people.department, kind="plan")
    report = reports.start(service, people.teacher, document.id, "530701")
    work_off(service)
    found = reports.open_report(service, people.teacher, report.id).report
    reviews.decide(service, people.teacher, report.id, "element", found.matches[0].element.id, action="accept")
    folder = _exported(desk, tmp_path / "set")
    assert len(list((folder / "labels").iterdir())) == 1
    assert "由多个文件组成、未能导出：" in (folder / "README.md").read_text(encoding="utf-8")


def test_who_exports_what(desk: Desk) -> None:
    """Those who oversee, of what they see and of one department; of a standard that is there."""
    service, people = desk.service, desk.people
    desk.decide(people.teacher, desk.of_grade(2).element.id, "accept")
    for person in (people.reviewer, people.auditor, people.admin):
        assert reviews.export_labels(service, person, standard="530701", department_id=people.department)
    with pytest.raises(ForbiddenError):
        reviews.export_labels(service, people.teacher, standard="530701")
    for person, place in ((people.foreign_reviewer, None), (people.admin, people.elsewhere)):
        with pytest.raises(NotFoundError, match="还没有"):
            reviews.export_labels(service, person, standard="530701", department_id=place)
    with pytest.raises(UnknownStandardError):
        reviews.export_labels(service, people.reviewer, standard="999999")
