"""Texts that belong together, from labelled sets; and which sets are kept for measuring."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.training.corpus import records

#: Pairs (a, b) that belong together; ``group`` equal means that neither is a negative of the other.
Row = tuple[str, str, str]
#: Pairs (a, b, label): a higher label means closer.
Graded = tuple[str, str, float]

#: Sets kept for measuring, and their fields: pairs of sentences, questions with the passage that answers them.
MEASURED = (
    ("stsb_zh.dev", "a", "b"),
    ("lcqmc.dev", "a", "b"),
    ("bq.dev", "a", "b"),
    ("afqmc.dev", "a", "b"),
    ("pawsx_zh.dev", "a", "b"),
    ("cmrc2018.trial", "query", "pos"),
    ("drcd.dev", "query", "pos"),
)
#: Sets of labelled questions used for training: those on everything, and those on credit and payment.
GENERAL_SETS = ("oppo.dev", "bustm.all", "simclue.train_pair")
FINANCE_SETS = ("atec.train", "afqmc.train", "webank_sim", "atec_ccks.dev")
QUESTION_SETS = (*GENERAL_SETS, *FINANCE_SETS)
NLI_SETS = ("ocnli.train10k", "ocnli.dev", "snli_zh.dev", "snli_zh.test", "mnli_zh.dev")
_NO_WORD = re.compile(r"[\W_]+")
_NLI_LABELS = {"entailment": 2.0, "neutral": 1.0, "contradiction": 0.0}

#: (set, field of the short text, field of the long text).
TITLED = (
    ("csl_papers", "title", "abstract"),
    ("csl_keywords.fewclue", "keywords", "abstract"),
    ("finna_title_body", "title", "body"),
    ("msdocs_title_desc", "title", "desc"),
    ("occupation_definitions", "name", "definition"),
    ("occupation_definitions", "name", "tasks"),
    ("c3", "query", "pos"),
)


def measured(data: Path) -> set[frozenset[str]]:
    """Keys of the pairs of the sets kept for measuring: some stand in training sets too."""
    return {key(record[first], record[second]) for name, first, second in MEASURED for record in _set(data, name)}


def key(first: str, second: str) -> frozenset[str]:
    """Equal for the same two texts, either way round, whatever their punctuation, width and case."""
    return frozenset(_NO_WORD.sub("", unicodedata.normalize("NFKC", text).lower()) for text in (first, second))


def _set(data: Path, name: str) -> Iterator[dict[str, Any]]:
    return records(data / "pairs" / f"{name}.jsonl.zst")


def questions(data: Path) -> Iterator[Row]:
    """Questions that ask the same."""
    for name in QUESTION_SETS:
        for record in _set(data, name):
            if float(record["label"]) == 1:
                yield record["a"], record["b"], record["a"]
    for record in _set(data, "qbqtc.dev"):
        if record["label"] == 2:
            yield record["query"], record["title"], record["query"]
    for record in _set(data, "simclue.train_positive"):
        yield record["a"], record["b"], record["a"]
    for anchor, near, _ in _triples(data):
        yield anchor, near, anchor


def graded_questions(data: Path, names: Iterable[str]) -> Iterator[Graded]:
    """Labelled pairs of questions: those of label 0 share words and ask something else."""
    for name in names:
        yield from ((record["a"], record["b"], float(record["label"])) for record in _set(data, name))


def graded_triples(data: Path) -> Iterator[Graded]:
    """A sentence with a close one and with one that only sounds like it."""
    for anchor, near, far in _triples(data):
        yield anchor, near, 1.0
        yield anchor, far, 0.0


def _triples(data: Path) -> Iterator[tuple[str, str, str]]:
    """Sentence, the closer and the farther of two others."""
    for record in _set(data, "triclue.train"):
        near, far = ("s1", "s2") if record["label"] == 1 else ("s2", "s1")
        yield record["s0"], record[near], record[far]
    for record in _set(data, "simclue.train_rank"):
        yield record["query"], record["pos"], record["neg"]


def titled(data: Path) -> Iterator[Row]:
    """Titles, keywords, names and questions with the text that they stand for."""
    for name, short, long in TITLED:
        for record in _set(data, name):
            if record.get(short) and record.get(long):
                first, second = _plain(record[short]), _plain(record[long])
                yield first, second, second


def entailment(data: Path) -> Iterator[Row]:
    """Premises with what follows from them."""
    for name in NLI_SETS:
        for record in _set(data, name):
            if record["label"] == "entailment":
                yield record["a"], record["b"], record["a"]


def similarity(data: Path) -> Iterator[Graded]:
    """Sentences with their likeness, 0 to 5."""
    for record in _set(data, "stsb_zh.train"):
        yield record["a"], record["b"], float(record["label"])


def nli(data: Path) -> Iterator[Graded]:
    """Premises with what follows (2), may be (1) and cannot be (0)."""
    for name in NLI_SETS:
        for record in _set(data, name):
            if record["label"] in _NLI_LABELS:
                yield record["a"], record["b"], _NLI_LABELS[record["label"]]


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
