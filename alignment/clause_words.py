"""Words of texts, cut clause by clause: what many passages and documents have in common is cut once.

No word reaches over the end of a clause, so that a text's words are those of its clauses, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain

from corpora.tokens import content_tokens, search_tokens

#: What ends a clause.
CLAUSE_END = re.compile(r"[，,；;。！？!?：:\n]+")

#: Clauses whose words are remembered, and characters of the longest of them.
_REMEMBERED, _LONGEST = 1 << 14, 60

Words = tuple[str, ...]


def content_words(text: str) -> Words:
    """The words that ``corpora.tokens.content_tokens`` finds in a text."""
    return _words(_content, content_tokens, CLAUSE_END.split(text))


def search_words(parts: Iterable[str]) -> Words:
    """The words that ``corpora.tokens.search_tokens`` finds in parts of a text with a space between them."""
    return _words(_search, search_tokens, chain.from_iterable(map(CLAUSE_END.split, parts)))


def _words(known: Callable[[str], Words], cut: Callable[[str], list[str]], clauses: Iterable[str]) -> Words:
    each = (known(clause) if len(clause) <= _LONGEST else cut(clause) for clause in clauses if clause)
    return tuple(chain.from_iterable(each))


@lru_cache(_REMEMBERED)
def _content(clause: str) -> Words:
    return tuple(content_tokens(clause))


@lru_cache(_REMEMBERED)
def _search(clause: str) -> Words:
    return tuple(search_tokens(clause))
