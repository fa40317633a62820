"""The types of an audit of many documents: what to audit, how, and the plain rows that come of each document.

Rows hold nothing but text, numbers, flags and lists of them, so that they cross processes and fit Arrow columns. No row
names its document: the same bytes may lie under several names, and tables put the names in.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Literal

from corpora.document import DocumentKind

#: Of the rows and tables; a change of any column is a new number.
SCHEMA = "duibiao.audit/1"

ProblemKind = Literal[
    "unreadable",  # the document cannot be read or aligned
    "accident",  # its process ran out of time or memory, or died; tried again by the next audit
    "partial",  # a page, sheet or picture could not be read, the rest was
    "note",  # what a reader should know of how the verdicts came about
    "contradiction",  # two statements of a programme plan that cannot both be right
    "passed_over",  # a file that is no document, not read
]


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """How documents are audited; picklable, and all that an ``Auditor`` is built from.

    Parameters
    ----------
    standard : code of the teaching standard; ``standards`` the folder of imported standards, None for shipped ones.
    encoder : ``builtin`` or "" for the built-in model, else a sentence-transformers model by name or folder.
    kind : what all documents are taken for; recognised one by one when None.
    corpus : folder of the user's suggestion corpus, None for the shipped passages.
    cache : file that keeps the vectors of slow encoders; None for none.
    """

    standard: str = "530701"
    standards: Path | None = None
    encoder: str = ""
    kind: DocumentKind | None = None
    corpus: Path | None = None
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """What verdicts rest on besides a document's bytes: the same identity and bytes give the same rows.

    Parameters
    ----------
    standard, encoder, judge, corpus : fingerprints of the standard with its expression bank, the encoder, the fitted
        judge and the suggestion corpus.
    kind : what documents are taken for, "" where it is recognised.
    version, schema : of the program and of the rows.
    """

    standard: str
    encoder: str
    judge: str
    corpus: str
    kind: str
    version: str
    schema: str = SCHEMA

    @property
    def digest(self) -> str:
        """32 hex digits over all of it."""
        return hashlib.blake2b(repr(sorted(asdict(self).items())).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """A document to audit: its path within what was handed in (``/`` between folders) and its bytes."""

    path: str
    data: bytes

    @property
    def name(self) -> str:
        """The file's name without folders."""
        return PurePath(self.path).name


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document.

    Parameters
    ----------
    sha256, bytes : of its file.
    status : ``ok``, or ``failed`` with the reason among the problems.
    kind, title, pages, chars, hours_stated, hours_table_sum : what it is (see ``alignment.model.DocumentFacts``).
    courses, course_probabilities : core courses that it serves, likeliest first.
    scope : core courses that decide the figures below.
    coverage_ratio, covered, touched, missing, review, level_short : over the elements in scope.
    gaps, rules_failed, rules_undetermined : how many.
    """

    sha256: str
    bytes: int
    status: Literal["ok", "failed"]
    kind: str | None = None
    title: str | None = None
    pages: int | None = None
    chars: int | None = None
    hours_stated: float | None = None
    hours_table_sum: float | None = None
    courses: tuple[str, ...] = ()
    course_probabilities: tuple[float, ...] = ()
    scope: tuple[str, ...] = ()
    coverage_ratio: float | None = None
    covered: int | None = None
    touched: int | None = None
    missing: int | None = None
    review: int | None = None
    level_short: int | None = None
    gaps: int | None = None
    rules_failed: int | None = None
    rules_undetermined: int | None = None


@dataclass(frozen=True, slots=True)
class ElementRow:
    """The verdict on one element (see ``alignment.model.Match``) with its best evidence.

    ``quote`` and what follows are those of the best evidence, None where there is none; ``quotes`` are all, best first.
    """

    element: str
    statement: str
    course: str | None
    text: str
    in_scope: bool
    grade: int
    p_touched: float
    p_covered: float
    review: bool
    level_required: int
    level_found: int | None
    level_short: bool
    where: tuple[str, ...] = ()
    quote: str | None = None
    similarity: float | None = None
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    cell: int | None = None
    start: int | None = None
    end: int | None = None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GapRow:
    """One thing to mend with what to write (see ``alignment.model.Gap``), the weightiest first.

    ``nearest`` is the nearest passage, ``page`` and ``paragraph`` its place, ``start`` and ``end`` its offsets.
    """

    element: str
    statement: str
    course: str | None
    text: str
    kind: str
    severity: int
    suggestion: str
    suggestion_where: str
    suggestion_hours: float | None
    sources: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    nearest: str | None = None
    page: int | None = None
    paragraph: int | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """The verdict on one rule for a programme plan (see ``alignment.model.RuleVerdict``).

    ``value`` is JSON; ``turning`` names the ways of counting under which the verdict changes.
    """

    rule: str
    verdict: str
    value: str
    expected: str
    force: str
    arithmetic: str
    note: str
    title: str
    text: str
    section: str
    source: str
    turning: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """Something that a person should know of a document: where in it, what is wrong, what to do."""

    kind: ProblemKind
    where: str
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class AuditedDocument:
    """All rows of one document.

    Parameters
    ----------
    key : of its bytes, format and the audit's identity (``document_key``); with the name where that took part.
    by_name : whether the file's name took part: a document without a title of its own is called as its file.
    retry : an accident befell it: a later audit tries it again.
    """

    key: str
    by_name: bool
    retry: bool
    document: DocumentRow
    elements: tuple[ElementRow, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    rules: tuple[RuleRow, ...] = ()
    problems: tuple[ProblemRow, ...] = ()


def content_digest(data: bytes) -> str:
    """SHA-256 of a file's bytes as hex digits."""
    return hashlib.sha256(data).hexdigest()


def document_key(identity: Identity, sha256: str, name: str, *, by_name: bool = False) -> str:
    """The name under which a document's rows are kept, 32 hex digits.

    Parameters
    ----------
    identity : of the audit.
    sha256 : of the bytes.
    name : the file's name: its extension tells how the bytes are read.
    by_name : the whole name takes part.
    """
    parts = (identity.digest, sha256, name if by_name else PurePath(name).suffix.lower())
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
