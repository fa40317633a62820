"""Normalising and segmenting Chinese text: the one place that knows jieba, rjieba and OpenCC.

Text is normalised (NFKC, lower case, traditional to simplified), then cut into runs of Han characters, words of letters
and digits, and single other characters. Only Han runs are given to the segmenter, HMM off, with the terms of
``data/domain_terms.txt`` added at one fixed frequency: so rjieba (the Rust port, preferred) and jieba (the fallback)
cut alike, and the same text is cut alike in every process.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

#: Frequency of a domain term in a dictionary of 60 million running words: a term always wins against its pieces.
TERM_FREQUENCY = 2000

_HAN_CHARACTERS = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f"
_RUNS = re.compile(rf"(?P<han>[{_HAN_CHARACTERS}]+)|[a-z]+[+#]+|[^\W_{_HAN_CHARACTERS}]+(?:\.\d+)*|\S")
_HAN = re.compile(rf"[{_HAN_CHARACTERS}]")
#: Characters whose normal form does not depend on what stands around them: those of a run that is cut on its own (a
#: point may stand in a number), and those between runs, of which no token with a letter or digit is made.
_PLAIN_RUN = "0-9A-Za-z+#.\u4e00-\u9fff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0b\uff03\uff0e"
_PLAIN_GAP = (
    "\\x00-\\x22\\x24-\\x2a\\x2c\\x2d/:-@\\[-`{-\\x7f\u00a0\u00b7\u00d7\u2014\u2018-\u201d\u2022\u2026\u25cf\u3000-\u3002"
    "\u3008-\u3011\uff01\uff02\uff04-\uff0a\uff0c\uff0d\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e"
)
_PLAIN = re.compile(f"[{_PLAIN_RUN}{_PLAIN_GAP}]*")
_PLAIN_RUNS = re.compile(f"[{_PLAIN_RUN}]+")
_REMEMBERED_RUNS, _LONGEST_REMEMBERED = 1 << 15, 40
_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Segmenter:
    """A segmenter of Han runs: ``cut`` gives its words, ``knows`` tells whether its dictionary has a string."""

    name: str
    cut: Callable[[str], Iterable[str]]
    knows: Callable[[str], bool]


def normalise(text: str) -> str:
    """NFKC, lower case, simplified characters.

    Enumerators (①, （1）) become plain digits and the length may change: read numbering and offsets before.
    """
    return _simplify(unicodedata.normalize("NFKC", text).lower())


def tokens(text: str) -> list[str]:
    """Every token of the normalised text in order, punctuation included, white space not."""
    return list(_cut(normalise(text), segmenter()))


def content_tokens(text: str) -> list[str]:
    """Tokens without stop words and punctuation.

    The runs of an ordinary text are cut one by one, for the passages of a document share most of them.
    """
    if _PLAIN.fullmatch(text):
        return [token for run in _PLAIN_RUNS.findall(text) for token in _content_of_run(run)]
    return list(_content_of(text))


def search_tokens(text: str) -> list[str]:
    """Content tokens, each compound followed by the dictionary words in it (用户画像 用户 画像): for lexical search."""
    found: list[str] = []
    for token in content_tokens(text):
        found.append(token)
        if len(token) > 2 and _HAN.match(token):
            found.extend(_parts(token))
    return found


@cache
def stopwords() -> frozenset[str]:
    """Words that say nothing about a subject."""
    return frozenset(_lines("stopwords.txt"))


@cache
def domain_terms() -> tuple[str, ...]:
    """Terms of the standard and of the trade, normalised, Han characters only."""
    return tuple(_lines("domain_terms.txt"))


@cache
def segmenter() -> Segmenter:
    """The segmenter in use: rjieba where it is installed, else jieba; their cuts are equal."""
    try:
        return rust_segmenter()
    except ImportError:
        return python_segmenter()


def rust_segmenter() -> Segmenter:
    """rjieba with the domain terms.

    Errors: ImportError when rjieba is not installed.
    """
    import rjieba

    jieba = rjieba._DEFAULT_JIEBA  # made on import anyway; a second one would cost another 0.12 s
    for term in domain_terms():
        jieba.add_word(term, TERM_FREQUENCY, None)
    return Segmenter("rjieba", lambda run: jieba.cut(run, False), jieba.has_word)


def python_segmenter() -> Segmenter:
    """jieba with the domain terms."""
    own = _jieba()
    return Segmenter("jieba", lambda run: own.cut(run, HMM=False), lambda word: bool(own.FREQ.get(word)))


def dictionary_frequencies() -> dict[str, int]:
    """Words of the dictionary, domain terms included, with the frequencies that decide the cuts."""
    return {word: frequency for word, frequency in _jieba().FREQ.items() if frequency}


@cache
def _jieba() -> Any:
    import logging

    import jieba  # type: ignore[import-untyped]

    jieba.setLogLevel(logging.WARNING)
    own = jieba.Tokenizer()
    own.initialize()
    for term in domain_terms():
        own.total -= own.FREQ.get(term) or 0  # rjieba replaces a frequency, jieba only adds
        own.add_word(term, TERM_FREQUENCY)
    return own


def _content_of(text: str) -> tuple[str, ...]:
    stops = stopwords()
    return tuple(token for token in tokens(text) if token not in stops and _WORD.match(token))


def _content_of_run(run: str) -> tuple[str, ...]:
    return _remembered(run) if len(run) <= _LONGEST_REMEMBERED else _content_of(run)


_remembered = lru_cache(_REMEMBERED_RUNS)(_content_of)


def _cut(text: str, using: Segmenter) -> Iterator[str]:
    for run in _RUNS.finditer(text):
        if run.lastgroup == "han":
            yield from using.cut(run.group())
        else:
            yield run.group()


@cache
def _parts(word: str) -> tuple[str, ...]:
    knows = segmenter().knows
    sizes = range(2, min(len(word), 5))
    inner = (word[i : i + size] for size in sizes for i in range(len(word) - size + 1))
    return tuple(part for part in inner if knows(part))


@cache
def _converter() -> Callable[[str], str]:
    import opencc

    return opencc.OpenCC("t2s").convert


def _simplify(text: str) -> str:
    return text if text.isascii() else _converter()(text)


def _lines(name: str) -> Iterator[str]:
    text = resources.files("corpora").joinpath("data", name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("# "))
