"""A programme plan of several files: copies left out, the major to audit found, all joined into one document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpora.document import Document
    from corpora.programme.majors import Major


@dataclass(frozen=True, slots=True)
class FoundMajor:
    """The major to audit, and all that the plan holds.

    Parameters
    ----------
    key : how to ask the audit for it; "" where the plan holds no other.
    """

    major: Major
    majors: tuple[Major, ...]
    key: str = ""


def without_copies(documents: Iterable[Document]) -> tuple[list[Document], list[tuple[str, str]]]:
    """The documents, each content once, and the names of each copy and of what it is a copy of."""
    known: dict[str, str] = {}
    kept: list[Document] = []
    copies: list[tuple[str, str]] = []
    for document in documents:
        if document.sha256 in known:
            copies.append((document.name, known[document.sha256]))
            continue
        known[document.sha256] = document.name
        kept.append(document)
    return kept, copies


def find_major(document: Document, wanted: str = "") -> FoundMajor:
    """The major of a name or code, or the first.

    Raises
    ------
    UsageError : the plan names its majors, and none, or more than one, is meant.
    """
    from corpora.errors import UsageError
    from corpora.programme.majors import choose_major, split_majors

    majors = split_majors(document)
    found = choose_major(majors, wanted) if wanted else majors[0]
    if found is None and len(majors) == 1 and not majors[0].name:
        found = majors[0]
    if found is None:
        names = "、".join(major.label for major in majors)
        raise UsageError(f"“{wanted}”不能确定是哪个专业", where=document.name, advice=f"文件里有：{names}")
    return FoundMajor(found, majors, (found.name or found.code) if len(majors) > 1 else "")


def join_plan(main: Document, others: Sequence[Document], major: Major) -> Document:
    """All files of a plan as one document, the others before the annex of its text."""
    from corpora.bundle import join_documents

    return join_documents([main, *others], before=major.annex_start)
