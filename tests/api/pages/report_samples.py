"""Finished reports of sample documents in a running service, for the tests of the report's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.auth.principal import LOCAL, Principal
from tests.service import incoming, work_off

if TYPE_CHECKING:
    from api.service import Service

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
