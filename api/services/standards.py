"""Standards at hand: list, open, export, remove; import of further ones with a preview of what was understood."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from api.auth.principal import ConflictError, NotFoundError, Principal, Right, require
from api.services.standard_preview import ImportPreview, Previews
from corpora.case import to_case
from corpora.errors import StandardFormatError, UnknownStandardError, UsageError
from corpora.expressions import read_expressions
from corpora.standard import Standard
from corpora.standard_json import save_standard, standard_files, standard_sha256, standard_to_json

if TYPE_CHECKING:
    from api.service import Service

ExportName = Literal["json", "case"]


@dataclass(frozen=True, slots=True)
class StandardCard:
    """What a list shows of a standard.

    Parameters
    ----------
    code, name, title, edition, level : as the standard says.
    imported : whether it lies in the data folder; ``shipped``, whether the program brings one of this code.
    counts : statements by kind, and ``element``, ``rule``.
    changed : when its file was last written.
    problem : why its file cannot be read, "" where it can.
    """

    code: str
    name: str = ""
    title: str = ""
    edition: str = ""
    level: str = ""
    imported: bool = False
    shipped: bool = True
    counts: dict[str, int] = field(default_factory=dict)
    changed: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Installed:
    """A standard that an import put in place, and where an expression bank that no longer fits it was put."""

    code: str
    name: str
    replaced: bool
    bank_aside: str = ""


def list_standards(service: Service) -> tuple[StandardCard, ...]:
    """Every standard at hand by code; one whose file is damaged says so and hides no other."""
    files = standard_files(service.settings.standards)
    return tuple(_card(service, code, files[code]) for code in sorted(files))


def _card(service: Service, code: str, path: Path) -> StandardCard:
    imported = path.parent == service.settings.standards
    place: dict[str, Any] = {"imported": imported, "shipped": code in standard_files()}
    try:
        standard, changed = open_standard(service, code), changed_at(service, code)
    except (StandardFormatError, NotFoundError) as error:
        return StandardCard(code, **place, problem=str(error))
    names = (standard.name, standard.title or standard.name, standard.edition, standard.level)
    return StandardCard(code, *names, **place, counts=counts_of(standard), changed=changed)


def counts_of(standard: Standard) -> dict[str, int]:
    """Statements by kind, and ``element``, ``rule``."""
    return {
        **Counter(statement.kind for statement in standard.statements),
        "element": len(standard.elements),
        "rule": len(standard.rules) + len(standard.other_rules),
    }


def open_standard(service: Service, code: str) -> Standard:
    """A standard by code.

    Raises
    ------
    NotFoundError : there is none.
    StandardFormatError : its file is damaged.
    """
    try:
        return service.standard(code)
    except (UnknownStandardError, FileNotFoundError) as error:
        raise NotFoundError(f"没有代码为“{code}”的专业教学标准") from error


def changed_at(service: Service, code: str) -> datetime:
    """When the file of a standard was last written.

    Raises
    ------
    NotFoundError : there is none.
    """
    try:
        seconds = standard_files(service.settings.standards)[code].stat().st_mtime
    except (KeyError, FileNotFoundError) as error:
        raise NotFoundError(f"没有代码为“{code}”的专业教学标准") from error
    return datetime.fromtimestamp(int(seconds), UTC)


def is_imported(service: Service, code: str) -> bool:
    """Whether a standard of this code lies in the data folder."""
    path = standard_files(service.settings.standards).get(code)
    return path is not None and path.parent == service.settings.standards


def etag_of(standard: Standard) -> str:
    """The entity tag of a standard's JSON: changes with any of its content."""
    return f'"{standard_sha256(standard)[:32]}"'


def export(service: Service, code: str, format: ExportName) -> tuple[str, bytes]:
    """File name and bytes of a standard as its own JSON or as a CASE 1.1 package; raises as ``open_standard``."""
    standard = open_standard(service, code)
    data = standard_to_json(standard) if format == "json" else to_case(standard, changed_at(service, code))
    name = f"{code}_{standard.name}.{'case.json' if format == 'case' else 'json'}"
    return name, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def preview(service: Service, principal: Principal, name: str, data: bytes, code: str = "") -> ImportPreview:
    """Read a file as standards and keep what was understood for the import; nothing else is saved.

    Parameters
    ----------
    name : of the file, its suffix a hint of the format.
    data : its bytes: an official standard or profiles (docx, pdf, html, md, txt), or an exported JSON.
    code : the standard's code where the file does not name it.

    Raises
    ------
    ForbiddenError : the role imports no standards.
    DocumentError : the file cannot be read.
    StandardFormatError : it holds no standard.
    """
    require(principal, Right.STANDARDS)
    return _previews(service).make(name, data, code)


def find_preview(service: Service, principal: Principal, preview_id: str) -> ImportPreview:
    """A preview that was made before.

    Raises
    ------
    ForbiddenError : the role imports no standards.
    NotFoundError : there is none, or not any more.
    """
    require(principal, Right.STANDARDS)
    return _previews(service).find(preview_id)


def standing(service: Service, shown: ImportPreview) -> dict[str, Literal["new", "same", "other"]]:
    """By code of a preview's standards: not here yet, here with the same content, or here with another one."""
    files = standard_files(service.settings.standards)
    found: dict[str, Literal["new", "same", "other"]] = {}
    for item in shown.standards:
        code = item.standard.code
        found[code] = "new" if code not in files else "same" if _same(service, item.standard) else "other"
    return found


def _same(service: Service, standard: Standard) -> bool:
    try:
        return service.standard(standard.code) == standard
    except StandardFormatError:
        return False


def import_standards(
    service: Service, principal: Principal, preview_id: str, codes: Sequence[str] = (), replace: bool = False
) -> tuple[Installed, ...]:
    """Put the standards of a preview in place, just as it showed them.

    Parameters
    ----------
    codes : which of them; all when empty.
    replace : whether standards at hand with other content may be replaced.

    Raises
    ------
    ForbiddenError : the role imports no standards.
    NotFoundError : there is no such preview, or it does not hold a code.
    ConflictError : a standard of that code and other content is at hand, and ``replace`` is not set; nothing is saved.
    """
    shown = find_preview(service, principal, preview_id)
    held = {item.standard.code: item.standard for item in shown.standards}
    if unknown := [code for code in codes if code not in held]:
        raise NotFoundError(f"预览里没有代码为“{unknown[0]}”的标准", where=shown.name)
    chosen = [held[code] for code in dict.fromkeys(codes or held)]
    state = standing(service, shown)
    taken = [s for s in chosen if state[s.code] == "other"]
    if taken and not replace:
        names = "、".join(f"{s.code} {s.name}" for s in taken[:5])
        raise ConflictError(
            f"已有内容不同的标准：{names}", where=shown.name, advice="确实要替换时，请选择“替换已有的标准”"
        )
    return tuple(_install(service, principal, standard, state[standard.code]) for standard in chosen)


def _install(service: Service, principal: Principal, standard: Standard, state: str) -> Installed:
    from api.services import log

    aside = ""
    if state != "same":
        try:
            save_standard(standard, service.settings.standards)
            aside = _set_misfit_aside(service, standard)
        except OSError as error:
            what = f"数据文件夹写不进去（{error.strerror}）"
            raise UsageError(what, where="standards", advice="请管理员检查数据文件夹的权限和剩余空间") from error
        log.record(service, principal, "standard.import", "standard", standard.code, name=standard.name)
    return Installed(standard.code, standard.name, state == "other", aside)


def remove_standard(service: Service, principal: Principal, code: str) -> str:
    """Remove an imported standard; finished reports keep the one they were made with.

    Returns
    -------
    The name under which its expression bank was put aside, "" where it had none.

    Raises
    ------
    ForbiddenError : the role removes no standards.
    NotFoundError : there is none.
    ConflictError : it is shipped with the program.
    """
    from api.services import log

    require(principal, Right.STANDARDS)
    path = standard_files(service.settings.standards).get(code)
    if path is None:
        raise NotFoundError(f"没有代码为“{code}”的专业教学标准")
    if path.parent != service.settings.standards:
        raise ConflictError("内置的标准不能删除", where=code, advice="只能删除导入的标准")
    path.unlink(missing_ok=True)
    aside = _set_aside(service.settings.standards / f"{code}.expressions.jsonl")
    log.record(service, principal, "standard.remove", "standard", code)
    return aside


def _set_misfit_aside(service: Service, standard: Standard) -> str:
    """Put the expression bank of the old standard aside where it names elements that the new one does not have."""
    bank = service.settings.standards / f"{standard.code}.expressions.jsonl"
    if not bank.is_file():
        return ""
    try:
        read_expressions(bank, standard)
    except StandardFormatError:
        return _set_aside(bank)
    return ""


def _set_aside(bank: Path) -> str:
    if not bank.is_file():
        return ""
    kept = bank.with_name(f"{bank.name}.{datetime.now(UTC):%Y%m%d%H%M%S}.old")
    bank.replace(kept)
    return kept.name


def _previews(service: Service) -> Previews:
    return Previews(service.settings.data / "previews")
