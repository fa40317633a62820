"""The files of one programme plan: a document with its schedule beside it, a folder, a zip."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from api.cli.files import check_input, read_input
from api.plans import FoundMajor, find_major, join_plan, without_copies

if TYPE_CHECKING:
    from corpora.document import Document, ErrorItem

_MOST_FILES = 40
_FEW_CHAPTERS = 3
_MAIN_FORMATS = ("docx", "doc", "pdf", "html", "markdown", "text")
_NOT_FILES = ("__MACOSX", "~$", ".")


@dataclass(frozen=True, slots=True)
class Files:
    """A document, what lies beside it, and what could not be read."""

    main: Document
    beside: tuple[Document, ...] = ()
    errors: tuple[ErrorItem, ...] = ()


def is_bundle(path: Path) -> bool:
    """Whether a path is a folder or a zip, which holds the files of a plan."""
    return path.is_dir() or path.suffix.lower() == ".zip"


def check_plan_input(path: Path, beside: Sequence[Path]) -> None:
    """Refuse paths that lead to no file, before anything heavy is loaded.

    Raises
    ------
    DocumentError : there is no such file or folder.
    """
    if not is_bundle(path) or not path.exists():
        check_input(path)
    for other in beside:
        check_input(other)


def read_files(path: Path) -> Files:
    """Read a document; or a folder or zip with a plan and what belongs to it.

    Raises
    ------
    DocumentError : the file cannot be read, or there is no plan in the folder or zip.
    UsageError : there are more files than a plan has.
    """
    return _gathered(path) if is_bundle(path) else Files(read_input(path))


def as_plan(files: Files, beside: Sequence[Path], wanted: str) -> tuple[Document, str]:
    """All files of a plan as one document, and the major to audit ("" where there is no other).

    Parameters
    ----------
    files : what ``read_files`` gave.
    beside : further files, such as the workbook with the schedule.
    wanted : name or code of the major to audit, "" for the first; the others are then named on stderr.

    Raises
    ------
    DocumentError : a further file cannot be read.
    UsageError : the plan holds no such major.
    """
    found = find_major(files.main, wanted)
    if not wanted:
        _tell_others(found)
    given = [read_input(path) for path in beside]
    for other in given:
        _tell_whole_plan(other, files.main)
    _, *others = _once([files.main, *files.beside, *given])
    document = join_plan(files.main, others, found.major)
    if files.errors:
        document = replace(document, errors=(*document.errors, *files.errors))
    return document, found.key


def _tell_others(found: FoundMajor) -> None:
    """Tell which other majors the plan holds."""
    if len(found.majors) > 1:
        others = "、".join(major.label for major in found.majors[1:])
        chosen = f"文件里有 {len(found.majors)} 个专业，本次审核 {found.major.label}"
        print(f"{chosen}；其余：{others}。用 --major 专业名称 选择", file=sys.stderr)


def _once(documents: Iterable[Document]) -> list[Document]:
    """The documents without copies; a copy is told on stderr."""
    kept, copies = without_copies(documents)
    for copy, original in copies:
        print(f"没有并入 {copy}：与 {original} 内容相同", file=sys.stderr)
    return kept


def _tell_whole_plan(other: Document, main: Document) -> None:
    """Tell that a file named by ``--with`` is a plan of its own."""
    from corpora.programme.majors import is_plan

    if other.format in _MAIN_FORMATS and other.sha256 != main.sha256 and is_plan(other):
        print(f"{other.name} 本身是一份人才培养方案，并入后不作审核；要审核它请单独运行", file=sys.stderr)


def _gathered(path: Path) -> Files:
    """The plan of a folder or zip, what is read beside it, and what could not be read."""
    from corpora.document import ErrorItem
    from corpora.errors import DocumentError, DuibiaoError
    from corpora.parsers import read_bytes
    from corpora.parsers.registry import format_of_suffix

    documents: list[Document] = []
    errors: list[ErrorItem] = []
    for name, data in _files(path):
        if format_of_suffix(name) is None:
            print(f"没有读 {name}：不是可读的格式", file=sys.stderr)
            continue
        try:
            documents.append(read_bytes(name, data))
        except DuibiaoError as error:
            errors.append(ErrorItem(name, error.what))
            print(f"没有读 {error}", file=sys.stderr)
    documents = _once(documents)
    main = _main(documents)
    if main is None:
        read = "、".join(document.name for document in documents) or "没有可读的文档"
        raise DocumentError(
            f"里面没有人才培养方案（{read}）", where=str(path), advice="请放入方案正文（docx、pdf 等），或直接给出它"
        )
    return Files(main, tuple(_belonging(main, documents)), tuple(errors))


def _main(documents: Iterable[Document]) -> Document | None:
    """The document with most of a plan's chapters; the longest of several."""
    from corpora.programme.boundaries import chapters_in

    texts = [document for document in documents if document.format in _MAIN_FORMATS]
    best = max(texts, key=lambda d: (len(chapters_in(d.blocks)), len(d.text)), default=None)
    return best if best is not None and len(chapters_in(best.blocks)) >= _FEW_CHAPTERS else None


def _belonging(main: Document, documents: Iterable[Document]) -> Iterator[Document]:
    """What is joined with the plan; another whole plan is not."""
    from corpora.programme.majors import is_plan

    for document in documents:
        if document is main:
            continue
        if document.format in _MAIN_FORMATS and is_plan(document):
            print(f"没有并入 {document.name}：它是另一份人才培养方案，请单独审核", file=sys.stderr)
            continue
        yield document


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file in a folder or zip, in the order of their names.

    Raises
    ------
    DocumentError : the zip is damaged, locked or larger than the limits.
    UsageError : there are more files than a plan has.
    """
    return _in_folder(path) if path.is_dir() else _in_zip(path)


def _in_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    from corpora.errors import DocumentError
    from corpora.parsers.base import Limits

    found = sorted(file for file in path.rglob("*") if file.is_file() and _counts(file.relative_to(path)))
    _check_number(len(found), path)
    for file in found:
        try:
            if file.stat().st_size <= Limits().file_bytes:
                yield file.name, file.read_bytes()
            else:
                print(f"没有读 {file.name}：文件过大", file=sys.stderr)
        except OSError as error:
            raise DocumentError(f"打不开（{error.strerror}）", where=str(file), advice="请检查权限") from error


def _in_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    from corpora.errors import DocumentError
    from corpora.parsers.base import Limits
    from corpora.parsers.zip_guard import entry_name, open_guarded

    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"打不开（{error.strerror}）", where=str(path), advice="请检查权限") from error
    with open_guarded(data, Limits(), path.name) as archive:
        entries = {entry_name(e): e for e in archive.infolist() if not e.is_dir()}
        names = sorted(name for name in entries if _counts(PurePath(name)))
        _check_number(len(names), path)
        for name in names:
            yield PurePath(name).name, archive.read(entries[name])


def _counts(path: PurePath) -> bool:
    return not any(part.startswith(_NOT_FILES) for part in path.parts)


def _check_number(count: int, path: Path) -> None:
    from corpora.errors import UsageError

    if count > _MOST_FILES:
        raise UsageError(
            f"里面有 {count} 份文件，一份方案不会有这么多", where=str(path), advice="请只放一份方案和它的附件"
        )
