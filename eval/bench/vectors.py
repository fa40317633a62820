"""Vectors to search: of real text by the shipped encoder, and a synthetic set of any size that resembles it.

The synthetic set is made as the encoder makes its vectors: a text is the weighted sum of its words. There are 300
topics; each of the 20,000 words belongs to one and leans towards it; a text takes 12 words, three in five from its own
topic (frequent ones more often), the others from everywhere. With 50,000 rows a graph (hnswlib, ef 10 / 20 / 40 / 80)
finds .86 / .94 / .98 / .99 of the true top ten; among as many paragraphs of real text .89 / .95 / .98 / .99. Clusters
find it easier than real text: 4 / 8 / 16 / 32 lists hold .93 / .96 / .98 / .99 here, .79 / .89 / .95 / .98 there.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpora.errors import UsageError
from index.protocols import Ids, Vectors

#: Where text lies beside the project.
SHARED = Path("../shared")
DIMENSION = 256
REAL, SYNTHETIC = "real", "synthetic"
NAMES = {REAL: "真实文本（内置编码器）", SYNTHETIC: "合成（按词混合）"}

_TOPICS, _WORDS, _TOKENS, _OWN = 300, 20_000, 12, 0.6
_LEAN = 0.3
_BLOCK = 1 << 15
#: Passages shorter than this are labels, longer ones are cut here (characters).
_SHORTEST, _LONGEST = 12, 400


@dataclass(frozen=True)
class Sample:
    """Stored vectors (n, d), and queries (q, d) that are none of them; unit rows."""

    name: str
    stored: Vectors
    queries: Vectors

    @property
    def label(self) -> str:
        """In Chinese."""
        return NAMES[self.name]


def sample(name: str, rows: int, queries: int, shared: Path = SHARED) -> Sample:
    """Vectors of a kind, the same every time.

    Parameters
    ----------
    name : ``real`` or ``synthetic``.
    rows, queries : how many of each.
    shared : the folder that holds ``train/`` and ``real/moe_profiles``, for real text.

    Raises
    ------
    UsageError : there is no such kind, or not that much real text.
    """
    if name not in NAMES:
        raise UsageError(f"没有名为“{name}”的数据", advice=f"可用：{'、'.join(NAMES)}")
    vectors = synthetic(rows + queries) if name == SYNTHETIC else _real(rows + queries, shared)
    return Sample(name, vectors[:rows], vectors[rows:])


def has_real_text(shared: Path = SHARED) -> bool:
    """Whether there is real text to encode, and what reads it."""
    from importlib.util import find_spec

    return (shared / "train" / "raw").is_dir() and find_spec("zstandard") is not None


def synthetic(count: int, seed: int = 0) -> Vectors:
    """Unit vectors (count, ``DIMENSION``), made as the module says; the same topics and words whatever the seed."""
    words, by_topic = _vocabulary()
    rng = np.random.default_rng(seed)
    vectors = np.empty((count, DIMENSION), np.float32)
    for start in range(0, count, _BLOCK):
        block = vectors[start : start + _BLOCK]
        block[:] = _unit(_texts(rng, len(block), words, by_topic))
    return vectors


def _vocabulary() -> tuple[Vectors, Ids]:
    """Vectors of the words (``_WORDS``, d), and the words of each topic (``_TOPICS``, 60)."""
    rng = np.random.default_rng(_TOPICS)
    spread = np.arange(1, DIMENSION + 1) ** -0.3
    home = rng.permutation(np.arange(_WORDS) % _TOPICS)
    topics = _unit(rng.standard_normal((_TOPICS, DIMENSION)) * spread)
    words = _unit(rng.standard_normal((_WORDS, DIMENSION)) * spread)
    starts = np.searchsorted(np.sort(home), np.arange(_TOPICS))
    by_topic = np.argsort(home, kind="stable")[starts[:, None] + np.arange(60)]
    return _unit(words + _LEAN * topics[home]), by_topic


def _texts(rng: np.random.Generator, count: int, words: Vectors, by_topic: Ids) -> Vectors:
    topic = rng.integers(0, len(by_topic), count)
    vectors = np.zeros((count, DIMENSION), np.float32)
    for _ in range(_TOKENS):
        own = by_topic[topic, _frequent(rng, by_topic.shape[1], 0.8, count)]
        any_word = _frequent(rng, len(words), 1.0, count)
        chosen = np.where(rng.random(count) < _OWN, own, any_word)
        vectors += words[chosen] * rng.uniform(0.3, 1.0, (count, 1)).astype(np.float32)
    return vectors


def _frequent(rng: np.random.Generator, kinds: int, exponent: float, count: int) -> Ids:
    """Ranks (count,) below ``kinds``, drawn with chances of rank ** -exponent (Zipf)."""
    chances = np.cumsum(np.arange(1, kinds + 1) ** -exponent)
    return np.searchsorted(chances, rng.random(count) * chances[-1]).astype(np.int64)


def _unit(vectors: Vectors) -> Vectors:
    found: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return found


def _real(count: int, shared: Path) -> Vectors:
    from index.encoders import load_encoder

    if not has_real_text(shared):
        raise UsageError(
            "没有真实文本可用", where=str(shared / "train"), advice="请改用合成数据，或安装 zstandard 后再试"
        )
    encoder = load_encoder(None)
    key = hashlib.sha256(f"{encoder.fingerprint}/{count}/{shared.resolve()}".encode()).hexdigest()[:16]
    kept = Path(tempfile.gettempdir()) / f"duibiao-bench-{key}.npy"
    if kept.is_file():
        found: Vectors = np.load(kept)
        return found
    vectors = _unit_rows(encoder.encode(paragraphs(count, shared)))[:count]
    if len(vectors) < count:
        raise UsageError(f"真实文本只有 {len(vectors)} 段，不足 {count} 段", advice="请减少行数，或改用合成数据")
    whole = kept.with_suffix(".part.npy")
    np.save(whole, vectors)
    whole.replace(kept)
    return vectors


def paragraphs(count: int, shared: Path = SHARED) -> list[str]:
    """Different paragraphs of real text, official profiles and training text mixed, the same every time."""
    from index.training.corpus import documents

    found = {
        line[:_LONGEST]
        for _, document in documents(shared / "train")
        for line in document
        if not line.startswith("#") and len(line) >= _SHORTEST
    }
    texts = sorted(found)
    random.Random(0).shuffle(texts)
    return texts[: count + count // 50]


def _unit_rows(vectors: Vectors) -> Vectors:
    """Without the rows of texts that hold no known word."""
    return vectors[np.einsum("nd,nd->n", vectors, vectors) > 0.5]
