"""Stored results: the key that tells when one can be used again, and reading one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from alignment.exemplars.manifest import NAME as CORPUS_MANIFEST
from api.settings import Settings
from api.store.blobs import BlobError
from api.store.codec import StaleResultError, decode_document, decode_report
from api.store.models import Document, DocumentFile, Report, Result
from corpora import __version__
from corpora.standard_json import standard_files
from index.encoders import load_encoder

if TYPE_CHECKING:
    from alignment.model import GapReport
    from api.store.database import Store
    from corpora.document import Document as ReadDocument


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One file of a document, as far as the result depends on it."""

    role: str
    name: str
    sha256: str


def basis_of(settings: Settings, standard: str) -> str:
    """Digest of all that a report rests on beside the document: standard, bank, encoder, judge, suggestion corpus,
    program version.

    Parameters
    ----------
    standard : code of a standard at hand.
    """
    path = standard_files(settings.standards).get(standard)
    bank = path and path.with_name(f"{standard}.expressions.jsonl")
    llm = settings.llm
    judge = (settings.judge,) if settings.judge == "builtin" else (settings.judge, llm.url, llm.model, llm.method)
    corpus = _of_file(settings.corpus / CORPUS_MANIFEST)
    given = (corpus,) if corpus else ()
    return _digest(_of_file(path), _of_file(bank), _fingerprint(settings.encoder), judge, __version__, *given)


def result_key(basis: str, files: Sequence[KeyFile], kind: str, major: str, courses: Sequence[str]) -> str:
    """The key of a result.

    Names of files count where there are several, for then the report tells them; of a single file only the extension
    does, unless ``own_key`` adds the rest.

    Parameters
    ----------
    basis : what ``basis_of`` gave.
    files : in the document's order.
    kind, major, courses : as asked for; the order of the courses does not matter.
    """
    several = len(files) > 1
    names = [file.name if several else PurePath(file.name).suffix.lower() for file in files]
    parts = [(file.role, file.sha256, name) for file, name in zip(files, names, strict=True)]
    return _digest(basis, parts, kind, major, sorted(courses))


def own_key(key: str, name: str) -> str:
    """The key of a result that rests on the file's name, too."""
    return _digest(key, name)


def key_files(files: Sequence[DocumentFile]) -> list[KeyFile]:
    """The files of a document's row."""
    return [KeyFile(file.role, file.name, file.sha256) for file in files]


def result_key_of(settings: Settings, report: Report) -> str:
    """The key of a report's result as it would be made now."""
    document = report.document
    basis = basis_of(settings, report.standard)
    return result_key(basis, key_files(document.files), document.kind, document.major, report.courses)


def find_result(session: Session, key: str) -> Result | None:
    """The row of a stored result, None where there is none."""
    return session.get(Result, key)


def load_report(store: Store, result: Result | str, document: Document | None = None) -> GapReport:
    """A stored report.

    Parameters
    ----------
    result : its row, or its key.
    document : the row whose name it shall tell, where that is a single file: it may be stored under another name.

    Raises
    ------
    StaleResultError : it is damaged, gone or of another version.
    """
    report: GapReport = _read(store, _row(store, result).report_blob, decode_report)
    if document is None or len(document.files) != 1:
        return report
    audit = report.programme
    if audit is not None:
        read = replace(audit.programme.document, name=document.name)
        audit = replace(audit, programme=replace(audit.programme, document=read))
    return replace(report, document=replace(report.document, name=document.name), programme=audit)


def load_document(store: Store, result: Result | str, document: Document | None = None) -> ReadDocument:
    """The stored document as it was read; parameters and errors as of ``load_report``."""
    read: ReadDocument = _read(store, _row(store, result).document_blob, decode_document)
    return replace(read, name=document.name) if document is not None and len(document.files) == 1 else read


def _row(store: Store, result: Result | str) -> Result:
    if isinstance(result, Result):
        return result
    with store.read() as session:
        row = session.get(Result, result)
    if row is None:
        raise StaleResultError()
    return row


def _read(store: Store, digest: str, decode: Callable[[bytes], Any]) -> Any:
    try:
        return store.recent.get(digest, lambda: decode(store.blobs.read(digest)))
    except BlobError:
        raise StaleResultError() from None


def _of_file(path: Path | None) -> str:
    """Digest of a file's content, "" where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
    except FileNotFoundError:
        return ""


@cache
def _fingerprint(encoder: str) -> str:
    """The fingerprint of an encoder by the name that the settings give it."""
    return load_encoder(encoder or None).fingerprint


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
