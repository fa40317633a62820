"""What the page's upload form sends becomes one document with its report, or a batch of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from api.auth.principal import Principal
from api.service import Service
from api.services import audits, documents, reports
from api.services.batches import separate
from api.services.incoming import Incoming
from api.store.models import Audit, Report
from corpora.errors import DocumentError, UsageError

#: Suffixes of workbooks: beside another file they are what belongs to it.
_SHEETS = frozenset({".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".csv"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the files are to be taken.

    Parameters
    ----------
    standard : code of the standard.
    kind, major, department_id, previous_id : as in ``documents.upload``.
    together : whether the files are one programme plan.
    name : of the batch, "" for one after its files.
    """

    standard: str
    kind: str = "auto"
    major: str = ""
    department_id: str | None = None
    previous_id: str | None = None
    together: bool = False
    name: str = ""


def take(service: Service, principal: Principal, files: Sequence[Incoming], wanted: Wanted) -> Report | Audit:
    """Start what the files and the form say: a report of one document, or an audit of several.

    Raises
    ------
    UsageError, DocumentError : there is no file, or the files cannot be what the form says.
    """
    mains = [file for file in files if file.role == "main"]
    if not mains:
        raise UsageError("没有选择文件", advice="请选择要对照的文档")
    if wanted.together or (len(mains) == 1 and not is_zip(mains[0].name)):
        return _one(service, principal, files, wanted)
    if len(files) > len(mains) or wanted.major.strip():
        advice = "请勾选“这些文件合起来是一份人才培养方案”，或去掉规则和专业"
        raise UsageError("规则和专业只用于一份人才培养方案", advice=advice)
    if wanted.previous_id:
        raise UsageError("新版本只能是一份文件", advice="请只选择一份文件")
    return audits.create(
        service,
        principal,
        name=wanted.name,
        files=mains,
        standard=wanted.standard,
        kind=wanted.kind,
        department_id=wanted.department_id,
    )


def is_zip(name: str) -> bool:
    """Whether a file of this name is an archive of several."""
    return PurePath(name).suffix.lower() == ".zip"


def as_one_plan(files: Sequence[Incoming]) -> list[Incoming]:
    """The files of one plan: a text document first, the others beside it, rules at the end."""
    mains = sorted((f for f in files if f.role != "rules"), key=lambda f: PurePath(f.name).suffix.lower() in _SHEETS)
    rules = [file for file in files if file.role == "rules"]
    return [*mains[:1], *(replace(file, role="more") for file in mains[1:]), *rules]


def _one(service: Service, principal: Principal, files: Sequence[Incoming], wanted: Wanted) -> Report:
    service.standard(wanted.standard)  # an unknown one is told before anything is kept
    if any(is_zip(file.name) for file in files):
        files = _opened(service, files)
    document = documents.upload(
        service,
        principal,
        as_one_plan(files),
        kind=wanted.kind,
        major=wanted.major,
        department_id=wanted.department_id,
        previous_id=wanted.previous_id,
    )
    return reports.start(service, principal, document.id, wanted.standard)


def _opened(service: Service, files: Sequence[Incoming]) -> list[Incoming]:
    rules = [file for file in files if file.role == "rules"]
    mains, problems = separate(service, [file for file in files if file.role != "rules"])
    lost = [problem for problem in problems if not problem["what"].startswith("略过了")]  # files of the system
    if lost or not mains:
        first = (lost or problems or [{"what": "里面没有文档", "where": ""}])[0]
        raise DocumentError(first["what"], where=first["where"], advice="请去掉或修好这个文件后再上传")
    return [*mains, *rules]
