"""What the page's form and the API send: one document, or a plan with its further files, its rules and its major."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from alignment.programme.options import PlanOptions
from alignment.programme.packs.loading import RulePack, read_pack
from api.plans import find_major, join_plan, without_copies
from corpora.document import Document, DocumentKind
from corpora.errors import DocumentError, StandardFormatError, UsageError
from corpora.kinds import kind_of
from corpora.parsers import read_bytes

Sent = Sequence[tuple[str, bytes]]

#: What a document may be taken for.
KINDS: dict[str, DocumentKind | None] = {"auto": None, "syllabus": "syllabus", "plan": "plan", "textbook": "textbook"}


@dataclass(frozen=True)
class Upload:
    """A document as it is to be aligned."""

    document: Document
    kind: str
    options: PlanOptions = field(default_factory=PlanOptions)


def read_upload(file: Sent, more: Sent, rules: Sent, kind: str, major: str) -> Upload:
    """Read what was sent; further files, rules and a major make it a plan.

    Parameters
    ----------
    file : name and bytes of the document, the only item.
    more, rules : of a plan's further files, and of its rule packs.
    kind : a key of ``KINDS``.
    major : name or code of the major to audit, "" for the first.

    Raises
    ------
    DocumentError : a file cannot be read.
    UsageError : further files, rules or a major of what is said to be no plan; the plan holds no such major.
    """
    for_plans = bool(more or rules or major)
    if for_plans and kind not in ("auto", "plan"):
        raise UsageError("其他文件、规则和专业只用于人才培养方案", advice="请把文档类型改为人才培养方案，或去掉它们")
    packs = tuple(_pack(name, data) for name, data in rules)
    document, *others = (read_bytes(name, data) for name, data in (*file, *more))
    if not (for_plans or kind == "plan" or (kind == "auto" and kind_of(document) == "plan")):
        return Upload(document, kind)
    found = find_major(document, major)
    joined = join_plan(document, _different(document, others), found.major)
    return Upload(joined, "plan", PlanOptions(found.key, packs))


def _different(document: Document, others: Iterable[Document]) -> list[Document]:
    return without_copies([document, *others])[0][1:]


def _pack(name: str, data: bytes) -> RulePack:
    """A rule pack; what is wrong with it is wrong with the input."""
    try:
        return read_pack(data, name)
    except StandardFormatError as error:
        raise DocumentError(error.what, where=error.where, advice=error.advice) from error
