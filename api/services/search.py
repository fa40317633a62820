"""Search over standards: which statements speak of something, by which words, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services.question import subject_of
from api.services.standards import open_standard
from corpora.errors import StandardFormatError, UsageError
from corpora.standard import Standard, Statement
from corpora.standard_json import standard_files
from corpora.tokens import content_tokens, normalise, search_tokens

if TYPE_CHECKING:
    from api.service import Service

#: Below this similarity a statement that has none of the words is not about them.
SIMILAR = 0.35

#: Longest question, characters.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``marked`` where it is one of the words asked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A statement that was found.

    Parameters
    ----------
    standard, standard_name : where it stands, by code and name.
    statement : itself; ``course`` the title of the core course it belongs to.
    section, section_title : number and title of its section.
    similarity : of its vector to the question's, in -1..1.
    words : share of the question's words that it has, in 0..1.
    pieces : its text, cut where words are marked.
    """

    standard: str
    standard_name: str
    statement: Statement
    course: str
    section: str
    section_title: str
    similarity: float
    words: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was asked, what of it was searched for, and what was found, best first."""

    asked: str
    subject: str
    hits: tuple[SearchHit, ...]

    def by_standard(self) -> dict[str, list[SearchHit]]:
        """The hits by code of their standard, the standard of the best hit first."""
        found: dict[str, list[SearchHit]] = {}
        for hit in self.hits:
            found.setdefault(hit.standard, []).append(hit)
        return found


def search(service: Service, text: str, standard: str | None = None, top: int = 10) -> SearchResult:
    """The statements that speak of something, in one standard or in all.

    Parameters
    ----------
    text : words or a question (哪条要求提到用户画像？).
    standard : code of the only standard to search.
    top : most hits.

    Raises
    ------
    UsageError : nothing is asked, or more than ``LONGEST`` characters.
    NotFoundError : there is no such standard.
    """
    asked = " ".join(text.split())
    subject = subject_of(asked)
    if not subject:
        raise UsageError("请输入要找的说法", advice="例如：用户画像")
    if len(asked) > LONGEST:
        raise UsageError(f"要找的说法超过 {LONGEST} 个字", advice="请只写关键的几个词")
    codes = [standard] if standard else sorted(standard_files(service.settings.standards))
    found = [hit for code in codes for hit in _hits(service, code, subject, top, required=standard is not None)]
    if len(codes) > 1:
        found.sort(key=lambda hit: (-round(hit.words, 2), -hit.similarity))
    return SearchResult(asked, subject, tuple(found[:top]))


def _hits(service: Service, code: str, subject: str, top: int, *, required: bool) -> Iterator[SearchHit]:
    try:
        standard = open_standard(service, code)
        finder = service.finder(code)
    except StandardFormatError:
        if required:
            raise
        return
    words = tuple(dict.fromkeys(content_tokens(subject)))
    marks = tuple(dict.fromkeys((normalise(subject), *search_tokens(subject))))
    for found in finder.find(subject, top):
        share = _share(found.statement.text, words)
        if share or found.similarity >= SIMILAR:
            yield _hit(standard, found.statement, found.similarity, share, marks)


def _hit(standard: Standard, statement: Statement, similarity: float, words: float, marks: Iterable[str]) -> SearchHit:
    sections = {section.number: section.title for section in standard.sections}
    section = statement.section
    title = sections.get(section) or sections.get(section.partition("(")[0], "")
    course = standard.course_title(statement.id)
    pieces = tuple(mark(statement.text, marks))
    return SearchHit(
        standard.code, standard.name, statement, course, section, title, round(similarity, 4), round(words, 4), pieces
    )


def _share(text: str, words: tuple[str, ...]) -> float:
    """Share of the words that a text has, in 0..1."""
    plain = normalise(text)
    return sum(word in plain for word in words) / len(words) if words else 0.0


def mark(text: str, words: Iterable[str]) -> Iterator[Piece]:
    """A text cut where one of the words stands, letters' case aside; the longest word leads where several begin."""
    alternatives = sorted({word for word in words if word.strip()}, key=lambda word: -len(word))
    if not alternatives:
        yield Piece(text)
        return
    at = 0
    for match in re.finditer("|".join(map(re.escape, alternatives)), text, re.IGNORECASE):
        if match.start() > at:
            yield Piece(text[at : match.start()])
        yield Piece(match.group(), marked=True)
        at = match.end()
    if at < len(text):
        yield Piece(text[at:])
