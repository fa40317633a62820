"""Texts that belong together, for stage 3: from the layout of documents, from labelled sets, from the standard."""

from __future__ import annotations

import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpora.standard_json import load_standard
from index.training.corpus import documents, read_zst, records

#: Pairs (a, b) that belong together; ``group`` equal means that neither is a negative of the other.
Row = tuple[str, str, str]
#: Pairs (a, b, label): a higher label means closer.
Graded = tuple[str, str, float]

#: Sets kept for measuring.
MEASURED = ("stsb_zh.dev", "lcqmc.dev", "bq.dev", "pawsx_zh.dev")
#: Sets of labelled questions used for training.
QUESTION_SETS = (
    "atec.train",
    "afqmc.train",
    "oppo.dev",
    "webank_sim",
    "bustm.all",
    "simclue.train_pair",
    "atec_ccks.dev",
)
NLI_SETS = ("ocnli.train10k", "ocnli.dev", "snli_zh.dev", "snli_zh.test", "mnli_zh.dev")
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
    ("cmrc2018.trial", "query", "pos"),
    ("drcd.dev", "query", "pos"),
    ("simclue.train_positive", "a", "b"),
    ("simclue.train_rank", "query", "pos"),
)

_SENTENCE = re.compile(r"[^。！？；]+[。！？；]?")
_NUMBERING = re.compile(r"^[\d.、（）()一二三四五六七八九十第章节\s]+")


@dataclass(frozen=True)
class Task:
    """One kind of pair.

    Parameters
    ----------
    name : what the pairs are.
    rows : pairs with a group (contrastive), or with a label (graded).
    graded : which of the two.
    share : relative number of batches.
    """

    name: str
    rows: list[Any]
    share: float
    graded: bool = False


def tasks(data: Path, held_out: Callable[[str], bool] = lambda _: False) -> list[Task]:
    """Every task.

    Parameters
    ----------
    held_out : elements of the standard whose expressions are left out, for measuring.
    """
    headings, adjacent, inner = _layout(data)
    measured = _measured(data)
    found = [
        Task("heading-paragraph", headings, 5),
        Task("adjacent paragraphs", adjacent, 3),
        Task("sentence-paragraph", inner, 2),
        Task("question pairs", list(_questions(data)), 2),
        Task("titled texts", list(_titled(data)), 3),
        Task("entailment", list(_entailment(data)), 1),
        Task("synonyms", list(_synonyms(data)), 1),
        Task("profiles", list(_profiles(data)), 1),
        Task("expressions", list(_expressions(data, held_out)), 0.8),
        Task("graded similarity", list(_similarity(data)), 1.5, graded=True),
        Task("graded entailment", list(_nli(data)), 1, graded=True),
        Task("graded expressions", list(_graded_expressions(data, held_out)), 0.2, graded=True),
    ]
    return [replace(task, rows=[row for row in task.rows if (row[0], row[1]) not in measured]) for task in found]


def _measured(data: Path) -> set[tuple[str, str]]:
    """Pairs, either way round, of the sets kept for measuring: some stand in training sets too."""
    pairs = (record for name in MEASURED for record in records(data / "pairs" / f"{name}.jsonl.zst"))
    return {pair for record in pairs for pair in ((record["a"], record["b"]), (record["b"], record["a"]))}


def _layout(data: Path) -> tuple[list[Row], list[Row], list[Row]]:
    headings: list[Row] = []
    adjacent: list[Row] = []
    inner: list[Row] = []
    heading_counts: Counter[str] = Counter()
    chance = random.Random(11)
    for name, document in documents(data):
        title = ""
        keep = 1.0 if name.startswith(("biz_", "edu_", "media_", "da_", "moe")) else 0.35
        for line, following in pairwise(document):
            if line.startswith("# "):
                heading = _NUMBERING.sub("", line[2:])
                title = title or heading
                heading_counts[heading] += 1
                if _is_paragraph(following) and heading and chance.random() < keep:
                    headings.append((heading, following, title))
            elif _is_paragraph(line) and chance.random() < keep * 0.5:
                if _is_paragraph(following):
                    adjacent.append((line, following, f"{name} {len(adjacent) // 3}"))
                inner.extend(_cloze(line, chance))
    named = (_with_title(row, heading_counts) for row in headings)
    return [row for row in named if row], adjacent, inner


def _with_title(row: Row, counts: Counter[str]) -> Row | None:
    """A heading that stands everywhere (概述) says nothing without its document's title."""
    heading, paragraph, title = row
    if counts[heading] <= 5:
        return heading, paragraph, heading
    if title and title != heading and counts[title] <= 5:
        return f"{title} {heading}", paragraph, f"{title} {heading}"
    return None


def _cloze(paragraph: str, chance: random.Random) -> Iterator[Row]:
    """One sentence and the rest of its paragraph."""
    sentences = _SENTENCE.findall(paragraph)
    if len(sentences) >= 3:
        place = chance.randrange(len(sentences))
        rest = "".join(sentences[:place] + sentences[place + 1 :])
        yield sentences[place], rest, paragraph


def _is_paragraph(line: str) -> bool:
    return not line.startswith("# ") and len(line) >= 12


def _questions(data: Path) -> Iterator[Row]:
    for name in QUESTION_SETS:
        for record in records(data / "pairs" / f"{name}.jsonl.zst"):
            if float(record["label"]) == 1:
                yield record["a"], record["b"], record["a"]
    for record in records(data / "pairs" / "qbqtc.dev.jsonl.zst"):
        if record["label"] == 2:
            yield record["query"], record["title"], record["query"]


def _titled(data: Path) -> Iterator[Row]:
    for name, short, long in TITLED:
        for record in records(data / "pairs" / f"{name}.jsonl.zst"):
            if record.get(short) and record.get(long):
                first, second = _plain(record[short]), _plain(record[long])
                yield first, second, second


def _entailment(data: Path) -> Iterator[Row]:
    for name in NLI_SETS:
        for record in records(data / "pairs" / f"{name}.jsonl.zst"):
            if record["label"] == "entailment":
                yield record["a"], record["b"], record["a"]


def _synonyms(data: Path) -> Iterator[Row]:
    chance = random.Random(13)
    for line in read_zst(data / "lexicon" / "cilin_ex.txt.zst").split("\n"):
        code, _, rest = line.partition(" ")
        words = rest.split()
        if code.endswith("=") and len(words) > 1:
            chance.shuffle(words)
            yield from ((a, b, code) for a, b in pairwise(words))


def _profiles(data: Path) -> Iterator[Row]:
    for path in sorted((data.parent / "real" / "moe_profiles").glob("*.md")):
        for profile in path.read_text(encoding="utf-8").split("专业名称 ")[1:]:
            lines = [line.strip() for line in profile.split("\n") if line.strip()]
            major, courses = lines[0], [line for line in lines if line.startswith("专业核心课程")]
            for line in lines[1:]:
                if re.match(r"\d+\. ", line):
                    yield major, line, major
                    yield from ((course, line, major) for course in courses)


def _expressions(data: Path, held_out: Callable[[str], bool]) -> Iterator[Row]:
    standard = load_standard("530701")
    texts = {element.id: element.text for element in standard.elements}
    by_element: dict[str, list[str]] = {}
    for record in records(data / "expressions" / "530701.jsonl"):
        if record["grade"] == 2 and not held_out(record["element"]):
            by_element.setdefault(record["element"], []).append(record["text"])
    for element, expressions in by_element.items():
        yield from ((texts[element], text, element) for text in expressions)
        yield from ((a, b, element) for a, b in pairwise(expressions))
    for statement in standard.statements:
        yield from ((element.text, statement.text, statement.id) for element in statement.elements)
        parent = standard.by_id.get(statement.parent or "")
        if parent and parent.title and statement.text:
            yield parent.title, statement.text, parent.id


def _similarity(data: Path) -> Iterator[Graded]:
    for record in records(data / "pairs" / "stsb_zh.train.jsonl.zst"):
        yield record["a"], record["b"], float(record["label"])


def _nli(data: Path) -> Iterator[Graded]:
    for name in NLI_SETS:
        for record in records(data / "pairs" / f"{name}.jsonl.zst"):
            if record["label"] in _NLI_LABELS:
                yield record["a"], record["b"], _NLI_LABELS[record["label"]]


def _graded_expressions(data: Path, held_out: Callable[[str], bool]) -> Iterator[Graded]:
    """Element and expression: 2 teaches it, 1 touches it, 0 only sounds like it."""
    texts = {element.id: element.text for element in load_standard("530701").elements}
    for record in records(data / "expressions" / "530701.jsonl"):
        if not held_out(record["element"]):
            yield texts[record["element"]], record["text"], float(record["grade"])


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def stable_number(text: str) -> int:
    """The same number for the same text in every process."""
    return zlib.crc32(text.encode())


def fold_of(element: str, folds: int = 5) -> int:
    """Which fold of the expression bank an element belongs to."""
    return stable_number(element) % folds


def numbers(keys: Iterable[str]) -> list[int]:
    """Equal numbers for equal keys."""
    seen: dict[str, int] = {}
    return [seen.setdefault(key, len(seen)) for key in keys]
