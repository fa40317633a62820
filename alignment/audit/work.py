"""The unit of every audit, local or on a cluster: name and bytes of one document in, its rows out.

::

    auditor = Auditor(AuditOptions("530701"))       # once in a process: loads model, judge and standard
    result = auditor.audit("网店运营.docx", data)      # never raises for a bad document
"""

from __future__ import annotations

import hashlib
import json
import logging
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from alignment.aligner import Aligner
from alignment.audit.model import (
    AuditedDocument,
    AuditOptions,
    DocumentRow,
    Identity,
    ProblemRow,
    content_digest,
    document_key,
)
from alignment.audit.rows import report_rows
from alignment.exemplars.corpus import Exemplars
from alignment.exemplars.live import LiveExemplars
from alignment.exemplars.manifest import NAME
from alignment.exemplars.shipped import sample_exemplars
from alignment.prepared import PreparedStandard
from corpora import __version__
from corpora.document import Document
from corpora.errors import DuibiaoError, MissingExtraError, ParserLimitError
from corpora.expressions import Expression, load_expressions
from corpora.kinds import document_title, kind_of
from corpora.parsers import read_bytes
from corpora.standard import Standard
from corpora.standard_json import load_standard
from index.cache import CachedEncoder, VectorCache
from index.encoders import StaticEncoder, load_encoder
from index.protocols import Encoder

_LOG = logging.getLogger(__name__)
_ADVICE = "请用 duibiao report 单独对照这份文件；仍不行时请拆分文件，或用原软件打开后另存再试"


class Auditor:
    """Audits documents one by one; one instance serves a process.

    Parameters
    ----------
    options : which standard, which encoder, what documents are taken for.

    Raises
    ------
    DuibiaoError : there is no such standard or encoder, or the standard has nothing to teach.
    """

    def __init__(self, options: AuditOptions) -> None:
        self.options = options
        self.standard = load_standard(options.standard, options.standards)
        encoder = _encoder(options)
        corpus = options.corpus
        exemplars = LiveExemplars(corpus, encoder, options.standards) if corpus else _shipped(encoder)
        self._aligner = Aligner.default(encoder, self._bank, exemplars)
        self.identity = self._identity(self._aligner.prepare(self.standard))

    def audit(self, name: str, data: bytes) -> AuditedDocument:
        """The rows of one document; what is wrong with it, or befalls it, is a row too.

        Parameters
        ----------
        name : the file's name (folders before it do not matter).
        data : the file's bytes.
        """
        name = name.replace("\\", "/").rpartition("/")[2]
        sha256 = content_digest(data)
        try:
            return self._audited(name, data, sha256)
        except DuibiaoError as error:
            retry = isinstance(error, ParserLimitError | MissingExtraError)
            problem = ProblemRow(
                "accident" if retry else "unreadable", _within(error.where, name), error.what, error.advice
            )
        except MemoryError:
            problem = ProblemRow("accident", "", "处理所需的内存超过上限，已终止", _ADVICE)
        except Exception as error:
            _LOG.warning("audit failed on a document:\n%s", "".join(traceback.format_tb(error.__traceback__)))
            problem = ProblemRow("accident", "", f"程序处理这份文件时出错（{_told(error)}）", _ADVICE)
        return failed(self.identity, name, sha256, len(data), problem)

    def _audited(self, name: str, data: bytes, sha256: str) -> AuditedDocument:
        document = read_bytes(name, data)
        report = self._aligner.align(document, self.standard, kind=self.options.kind)
        by_name = self.options.kind is None and kind_of(document) != kind_of(_unnamed(document))
        by_name = by_name or document_title(document) != document_title(_unnamed(document))
        rows = report_rows(report, len(data))
        problems = tuple(replace(row, where=_within(row.where, name)) for row in rows.problems)
        key = document_key(self.identity, sha256, name, by_name=by_name)
        return replace(rows, key=key, by_name=by_name, problems=problems)

    def _bank(self, standard: Standard) -> tuple[Expression, ...]:
        return load_expressions(standard.code, self.options.standards)

    def _identity(self, prepared: PreparedStandard) -> Identity:
        options, aligner = self.options, self._aligner
        manifest = options.corpus / NAME if options.corpus else None
        return Identity(
            standard=f"{prepared.sha256}+{_digest(repr(prepared.expressions))}",
            encoder=aligner.encoder.fingerprint,
            judge=_digest(json.dumps(aligner.judge.model_for(prepared).to_json())),
            corpus=_digest(manifest.read_text(encoding="utf-8")) if manifest and manifest.is_file() else "",
            kind=options.kind or "",
            version=__version__,
        )


def failed(identity: Identity, name: str, sha256: str, size: int, problem: ProblemRow) -> AuditedDocument:
    """The rows of a document of which there is nothing but a problem.

    Parameters
    ----------
    identity : of the audit.
    name, sha256, size : of its file, in bytes.
    problem : the reason; an ``accident`` is tried again by a later audit.
    """
    key = document_key(identity, sha256, name)
    return AuditedDocument(
        key, False, problem.kind == "accident", DocumentRow(sha256, size, "failed"), problems=(problem,)
    )


def _encoder(options: AuditOptions) -> Encoder:
    """The encoder; one that is slow keeps its vectors where the options say."""
    encoder = load_encoder(options.encoder or None)
    if options.cache is None or isinstance(encoder, StaticEncoder):
        return encoder
    return CachedEncoder(encoder, VectorCache(options.cache))


def _shipped(encoder: Encoder) -> Callable[[], Exemplars]:
    """The suggestion corpus as shipped, made when first asked for."""
    return cache(lambda: Exemplars.build(sample_exemplars(), encoder))


def _unnamed(document: Document) -> Document:
    return replace(document, name="")


def _within(where: str, name: str) -> str:
    """A place without the file's name in front: the rows are those of the bytes, whatever their name."""
    return where.removeprefix(name).strip(" ：:")


def _told(error: Exception) -> str:
    """Kind and origin of an error, without its message: that could quote a document."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return f"{type(error).__name__}，{Path(last.filename).name} 第 {last.lineno} 行" if last else type(error).__name__


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
