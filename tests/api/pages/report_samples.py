"""Finished reports of sample documents in a running service, for the tests of the report's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.auth.principal import LOCAL, Principal
from tests.service import incoming, work_off

if TYPE_CHECKING:
    from alignment.model import GapReport
    from api.service import Service
    from corpora.document import Document as ReadDocument

SYLLABUS = "网店运营_课程标准.docx"
TEXTBOOK = "网络营销_教材节选.epub"
PLAN = ("直播电商专业_人才培养方案.docx", "直播电商专业_教学进程表.xlsx")


def finished(
    service: Service, *names: str, kind: str = "auto", standard: str = "530701", principal: Principal = LOCAL
) -> str:
    """The id of a finished report of sample files, the main one first."""
    from api.services import documents, reports

    files = [incoming(name, "more" if number else "main") for number, name in enumerate(names)]
    document = documents.upload(service, principal, files, kind=kind)
    report = reports.start(service, principal, document.id, standard)
    work_off(service)
    assert reports.find_report(service, principal, report.id).state == "done"
    return report.id


def chips(html: str) -> Sequence[str]:
    """Ids of the elements of a list that are shown."""
    from lxml.html import fromstring

    shown = "//article[not(@hidden)]//li[not(@hidden)]/a[contains(concat(' ', @class, ' '), ' el ')]/@id"
    return [str(name) for name in fromstring(html).xpath(shown)]


def stored(service: Service, report: GapReport, document: ReadDocument) -> str:
    """The id of a finished report that holds what is given, as if a job had made it."""
    from api.services import documents, reports
    from api.services.headline import headline
    from api.store.codec import encode_document, encode_report
    from api.store.models import Report, Result, now

    row = documents.upload(service, LOCAL, [incoming(document.name, data=document.text.encode())])
    started = reports.start(service, LOCAL, row.id, "530701")
    blobs = [service.store.blobs.put(data) for data in (encode_report(report), encode_document(document))]
    with service.store.begin() as session:
        session.add(Result(key=started.id, report_blob=blobs[0], document_blob=blobs[1], seconds=1.0, headline={}))
        session.flush()
        found = session.get(Report, started.id)
        assert found is not None
        found.state, found.result_key, found.finished_at = "done", started.id, now()
        found.headline = headline(report)
    return started.id


def big_report(elements: int = 5000, chapters: int = 1) -> tuple[GapReport, ReadDocument]:
    """A report over a standard of so many elements in one course, eight to a requirement, of every grade.

    The document has chapters of fifty paragraphs; what is quoted stands in the first paragraph of the last chapter.
    """
    from alignment.coverage import statement_coverage
    from alignment.model import CourseFit, DocumentFacts, Evidence, Gap, GapReport, Match, Suggestion
    from corpora.document_builder import DocumentBuilder
    from corpora.standard import Element, Standard, Statement

    builder = DocumentBuilder("大纲.md", b"x", "md")
    for chapter in range(1, chapters + 1):
        builder.add("heading", f"第{chapter}章 教学内容", level=1)
        builder.add("paragraph", f"第 {chapter} 章：掌握市场调研的基本方法，能够设计调研问卷并分析目标市场。")
        for number in range(49):
            builder.add("paragraph", f"第 {chapter} 章第 {number + 2} 段，没有支持任何要素。")
    document = builder.build()
    quoted = document.blocks[-50]
    quote = Evidence(quoted.text, quoted.locator, (f"第{chapters}章 教学内容",), 0.9, "content")
    course = Statement("C1", "core_course", "综合课程", title="综合课程")
    statements, matches = [course], []
    for number in range(1, elements // 8 + 1):
        name = f"C1.R{number}"
        parts = tuple(
            Element(f"{name}.e{k}", name, f"完成第 {number} 项任务的第 {k} 个步骤", "任务", (0, 2), "完成", 3 + k % 3)
            for k in range(1, 9)
        )
        text = f"能完成第 {number} 项任务的各个步骤，并记录结果、检查质量、改进方法。"
        statements.append(Statement(name, "requirement", text, parent="C1", elements=parts))
        for k, element in enumerate(parts):
            grade = (number + k) % 3
            found = (quote,) if grade else ()
            level, where = (3, ("content",)) if grade else (None, ())
            matches.append(Match(element, grade, 0.9, 0.5, k == 2, level, where, found, quote))  # type: ignore[arg-type]
    standard = Standard("999901", "综合", "综合专业教学标准", statements=tuple(statements))
    gaps = tuple(Gap(m.element, "missing", 3, Suggestion(f"补充{m.element.text}")) for m in matches if not m.grade)
    report = GapReport(
        "2026-11-03T08:15:00Z",
        DocumentFacts(document.name, document.sha256, "syllabus", "综合课程标准", None, len(document.text)),
        standard,
        (CourseFit(course, 0.97),),
        ("C1",),
        tuple(matches),
        statement_coverage(standard, matches),
        gaps,
    )
    return report, document
