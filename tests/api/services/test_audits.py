"""Audits: many documents at once, each for itself; stopped, tried again, counted."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from api.auth.principal import LOCAL, ConflictError, ForbiddenError, NotFoundError
from api.service import Service
from api.services import audits, documents, reports
from api.services.paging import PageRequest
from api.store.models import Audit
from corpora.errors import DocumentError, UnknownStandardError, UsageError
from tests.api.services.test_batches import text, zipped
from tests.service import People, incoming, note, work_off

STANDARD = "530701"


def create(service: Service, *names: str, principal=LOCAL, **options: object) -> Audit:  # type: ignore[no-untyped-def]
    """An audit of short documents of these names."""
    files = [note(name, f"{name}.md") for name in names]
    return audits.create(service, principal, name="秋季", files=files, standard=STANDARD, **options)  # type: ignore[arg-type]


def states(service: Service, audit: Audit) -> dict[str, str]:
    """State of each report by its document's name."""
    return {r.document.name: r.state for r in audits.progress(service, LOCAL, audit.id).reports}


def test_an_audit_goes_through(service: Service) -> None:
    """Each document is its own; what was left out is told; the reports come in the order of the files."""
    broken = incoming("坏.docx", data=b"PK\x03\x04 broken")
    files = [zipped({f"{n}/课程标准.md": text(n) for n in "丙甲乙"}), broken, incoming("程序.exe", data=b"MZ")]
    audit = audits.create(service, LOCAL, name=" 2026 秋季\n抽查 ", files=files, standard=STANDARD, kind="syllabus")
    assert audit.name == "2026 秋季 抽查"
    assert audit.problems == [{"where": "程序.exe", "what": "不支持的文件格式 .exe"}]
    before = audits.progress(service, LOCAL, audit.id)
    names = ["丙_课程标准.md", "乙_课程标准.md", "甲_课程标准.md", "坏.docx"]
    assert [r.document.name for r in before.reports] == names
    assert (before.counts["queued"], before.done) == (4, False)
    assert {r.document.kind for r in before.reports} == {"syllabus"}
    work_off(service)
    after = audits.progress(service, LOCAL, audit.id)
    assert after.done
    assert after.counts == {"queued": 0, "running": 0, "done": 3, "failed": 1, "cancelled": 0}
    listed = audits.list_progress(service, LOCAL, PageRequest()).items
    assert [(p.audit.id, p.counts, p.done, p.reports) for p in listed] == [(audit.id, after.counts, True, ())]
    assert len(reports.list_reports(service, LOCAL, PageRequest(), audit_id=audit.id).items) == 4


def test_a_nameless_audit_is_called_by_its_files(service: Service) -> None:
    """After the first, with their number."""
    files = [zipped({"一.md": text("一"), "二.md": text("二")}, "电商学院.zip")]
    assert audits.create(service, LOCAL, name=" ", files=files, standard=STANDARD).name == "电商学院（2 份）"


def test_what_is_stored_is_done_at_once(service: Service) -> None:
    """Only new documents become jobs."""
    create(service, "甲", "乙")
    work_off(service)
    again = create(service, "甲", "乙", "丙")
    assert states(service, again) == {"甲.md": "done", "乙.md": "done", "丙.md": "queued"}


@pytest.mark.parametrize(
    ("files", "options", "error", "what"),
    [
        ([], {}, DocumentError, "里面没有可对照的文档"),
        ([incoming("a.exe", data=b"x")], {}, DocumentError, r"不支持的文件格式 \.exe"),
        ([zipped({})], {}, DocumentError, "里面没有可对照的文档"),
        ([note("甲")], {"standard": "999999"}, UnknownStandardError, "999999"),
        ([note("甲")], {"kind": "novel"}, UsageError, "不认识文档类型"),
        ([note("甲")], {"department_id": "nowhere"}, NotFoundError, "没有这个院系"),
    ],
)
def test_what_cannot_be_is_refused(service: Service, files, options, error, what) -> None:  # type: ignore[no-untyped-def]
    """Nothing is kept of it."""
    with pytest.raises(error, match=what):
        audits.create(service, LOCAL, **{"name": "x", "files": files, "standard": STANDARD, **options})
    assert audits.list_audits(service, LOCAL, PageRequest()).items == []
    assert documents.list_documents(service, LOCAL, PageRequest()).items == []


def test_who_may_what(service: Service, people: People) -> None:
    """As with documents: own ones, those of the department, all."""
    audit = create(service, "甲", principal=people.teacher)
    assert audit.department_id == people.department
    changes = (audits.cancel_audit, audits.retry_audit, audits.delete_audit)
    for principal in (people.colleague, people.stranger, people.foreign_reviewer):
        for act in (audits.find_audit, audits.progress, *changes):
            with pytest.raises(NotFoundError):
                act(service, principal, audit.id)
        assert audits.list_audits(service, principal, PageRequest()).items == []
        assert audits.list_progress(service, principal, PageRequest()).items == []
    for principal in (people.reviewer, people.auditor):
        assert audits.find_audit(service, principal, audit.id).id == audit.id
        assert [a.id for a in audits.list_audits(service, principal, PageRequest()).items] == [audit.id]
        for act in changes:
            with pytest.raises(ForbiddenError):
                act(service, principal, audit.id)
    with pytest.raises(ForbiddenError):
        create(service, "甲", principal=people.teacher, department_id=people.elsewhere)
    assert (
        create(service, "甲", principal=people.admin, department_id=people.elsewhere).department_id == people.elsewhere
    )


def test_stopping_and_trying_again(service: Service) -> None:
    """What is done stays done; what was stopped or failed starts again, the rest does not."""
    audit = create(service, "甲")
    work_off(service)
    more = audits.create(
        service, LOCAL, name="x", standard=STANDARD,
        files=[note("甲", "甲.md"), note("乙", "乙.md"), incoming("坏.docx", data=b"PK\x03\x04 broken")],
    )  # fmt: skip
    audits.cancel_audit(service, LOCAL, more.id)
    assert states(service, more) == {"甲.md": "done", "乙.md": "cancelled", "坏.docx": "cancelled"}
    with pytest.raises(ConflictError, match="已经结束"):
        audits.cancel_audit(service, LOCAL, more.id)
    work_off(service)
    assert states(service, more)["乙.md"] == "cancelled"
    audits.retry_audit(service, LOCAL, more.id)
    assert states(service, more) == {"甲.md": "done", "乙.md": "queued", "坏.docx": "queued"}
    work_off(service)
    assert states(service, more) == {"甲.md": "done", "乙.md": "done", "坏.docx": "failed"}
    audits.retry_audit(service, LOCAL, more.id)
    assert states(service, more) == {"甲.md": "done", "乙.md": "done", "坏.docx": "queued"}
    with pytest.raises(ConflictError, match="没有失败或取消"):
        audits.retry_audit(service, LOCAL, audit.id)


def test_bytes_deleted_while_the_batch_was_read_are_kept_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody deletes the same document between the reading of the files and the writing of the rows."""
    import api.services.audits as module

    add = module.department_for
    calls = []

    def meanwhile(*arguments: object):  # type: ignore[no-untyped-def]
        calls.append(arguments)
        if len(calls) == 2:  # inside the writing transaction, before any row
            for digest in list(service.store.blobs.digests()):
                service.store.blobs.delete(digest)
        return add(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "department_for", meanwhile)
    audit = create(service, "甲", "乙")
    found = audits.progress(service, LOCAL, audit.id).reports
    assert len(calls) == 2
    assert all(service.store.blobs.holds(report.document.files[0].sha256) for report in found)


def test_a_large_batch_starts_fast(service: Service) -> None:
    """Two hundred documents become rows and jobs within seconds; the limit is the settings'."""

    files = [note(str(n), f"{n:03}.md") for n in range(200)]
    begin = time.perf_counter()
    audit = audits.create(service, LOCAL, name="大", files=files, standard=STANDARD)
    assert time.perf_counter() - begin < 20
    found = audits.progress(service, LOCAL, audit.id)
    assert [r.document.name for r in found.reports] == [f"{n:03}.md" for n in range(200)]
    few = replace(service.settings, service=replace(service.settings.service, batch_files=100))
    with pytest.raises(UsageError, match="每批最多 100 份"):
        audits.create(replace(service, settings=few), LOCAL, name="大", files=files, standard=STANDARD)
