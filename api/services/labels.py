"""What persons decided as labelled data: documents with their labels, in the form that ``duibiao eval --set`` reads."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from alignment.model import Match
from api.auth.principal import NotFoundError, Principal, Right, require
from api.services.access import visible
from api.services.decided import Held, decision_rows
from api.services.log import record
from api.services.names import clean_name
from api.store.models import Decision, Document, DocumentFile, Report

if TYPE_CHECKING:
    from api.service import Service

_README = """# 人工结论（标准 {standard}）

docs/ 是文件本身，labels/ 是对它们的人工结论，一份文件一个 JSON。
用 duibiao eval --set 本文件夹 可以测量系统与这些结论的一致程度。

- decided：有人审定过的要素；其余的未经审定，不参加测量。复核人有异议的结论不在内。
- labels：每项的结论：grade 2 已覆盖，1 部分涉及，0 未覆盖；quotes 为文件原文，doc_level 为文中层次，where 为所在部分。
- best_courses：上传人指明的课程；未指明的，不说对应哪门课程。
{left_out}"""


def export_labels(service: Service, principal: Principal, *, standard: str, department_id: str | None = None) -> bytes:
    """A zip of ``docs/`` and ``labels/`` with every element that a person decided and no second reviewer disputes.

    Documents of several files are left out and named in its README: a label file speaks of one file.

    Parameters
    ----------
    standard : code of the standard.
    department_id : only documents of this department.

    Raises
    ------
    ForbiddenError : the role exports no decisions.
    UnknownStandardError : there is no such standard.
    NotFoundError : nobody has decided anything on the documents that the principal sees.
    """
    require(principal, Right.OVERSEE)
    service.standard(standard)
    buffer, left_out, names = io.BytesIO(), [], Names()
    with service.store.read() as session, ZipFile(buffer, "w", ZIP_DEFLATED) as folder:
        for report in _reports(session, principal, standard, department_id):
            labels = _labels(service, session, report)
            file = _only_file(report.document)
            if not labels["decided"]:
                continue
            if file is None:
                left_out.append(report.document.name)
                continue
            labels["doc"] = name = names.fresh(clean_name(file.name))
            folder.writestr(f"docs/{name}", service.store.blobs.read(file.sha256))
            folder.writestr(f"labels/{report.document_id}.json", json.dumps(labels, ensure_ascii=False, indent=1))
        folder.writestr("README.md", _readme(standard, left_out))
    if not names.given:
        raise NotFoundError("还没有可以导出的人工结论")
    record(service, principal, "labels.export", "standard", standard, department_id, documents=len(names.given))
    return buffer.getvalue()


def _reports(session: Session, principal: Principal, standard: str, department_id: str | None) -> Iterator[Report]:
    """The latest finished report of each document with decisions."""
    decided = exists().where(Decision.document_id == Report.document_id, Decision.standard == Report.standard)
    query = select(Report).join(Report.document).where(Report.standard == standard, Report.state == "done", decided)
    if department_id:
        query = query.where(Document.department_id == department_id)
    seen: set[str] = set()
    for report in session.scalars(query.where(visible(principal, Document)).order_by(Report.id.desc())).unique():
        if report.document_id not in seen:
            seen.add(report.document_id)
            yield report


def _only_file(document: Document) -> DocumentFile | None:
    """The document's file, rule packs aside; None where it is made of several."""
    files = [file for file in document.files if file.role != "rules"]
    return files[0] if len(files) == 1 else None


def _labels(service: Service, session: Session, report: Report) -> dict[str, Any]:
    held = Held.of(service, session, report)
    revised = held.revised(decision_rows(session, report.document_id, report.standard))
    agreed = [m for m in revised.matches if m.decided and not m.decided.disputed]
    return {
        "doc": "",
        "standard": report.standard,
        "best_courses": [list(report.courses)] if report.courses else [],
        "total_hours": revised.document.hours.stated,
        "decided": [match.element.id for match in agreed],
        "labels": [_label(match) for match in agreed],
    }


def _label(match: Match) -> dict[str, Any]:
    return {
        "element": match.element.id,
        "grade": match.grade,
        "where": list(match.where),
        "doc_level": [match.level_found] if match.level_found else [],
        "quotes": [evidence.quote for evidence in match.evidence],
    }


class Names:
    """Names of files in one folder: each once, whatever the case of its letters."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def fresh(self, name: str) -> str:
        """The name, with a number before its suffix where it was given before."""
        path, number, found = PurePath(name), 1, name
        while found.casefold() in self.given:
            number += 1
            found = f"{path.stem}_{number}{path.suffix}"
        self.given.add(found.casefold())
        return found


def _readme(standard: str, left_out: list[str]) -> str:
    lines = [f"- 由多个文件组成、未能导出：{clean_name(name)}\n" for name in left_out]
    return _README.format(standard=standard, left_out="".join(lines))
