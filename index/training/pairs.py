"""Texts that belong together, for stage 3: from the layout of documents, from the standard and from labelled sets."""

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

from corpora.expressions import load_expressions
from corpora.standard_json import load_standard
from index.training.corpus import documents, read_zst
from index.training.labelled import (
    FINANCE_SETS,
    GENERAL_SETS,
    Graded,
    Row,
    entailment,
    graded_questions,
    graded_triples,
    key,
    measured,
    nli,
    questions,
    similarity,
    titled,
)

#: The standard whose wording and expression bank are learnt.
CODE = "530701"

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
    kept = measured(data)
    found = [
        Task("heading-paragraph", headings, 5),
        Task("adjacent paragraphs", adjacent, 3),
        Task("sentence-paragraph", inner, 2),
        Task("question pairs", list(questions(data)), 3),
        Task("titled texts", list(titled(data)), 3),
        Task("entailment", list(entailment(data)), 1),
        Task("synonyms", list(_synonyms(data)), 1),
        Task("profiles", list(_profiles(data)), 1),
        Task("expressions", list(_expressions(held_out)), 1.2),
        Task("graded similarity", list(similarity(data)), 1.5, graded=True),
        Task("graded entailment", list(nli(data)), 1, graded=True),
        Task("graded general questions", list(graded_questions(data, GENERAL_SETS)), 1.5, graded=True),
        Task("graded finance questions", list(graded_questions(data, FINANCE_SETS)), 1, graded=True),
        Task("graded triples", list(graded_triples(data)), 1.5, graded=True),
        Task("graded expressions", list(_graded_expressions(held_out)), 0.6, graded=True),
    ]
    return [replace(task, rows=[row for row in task.rows if key(row[0], row[1]) not in kept]) for task in found]


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


def _expressions(held_out: Callable[[str], bool]) -> Iterator[Row]:
    """Elements with their expressions of grade 2, these with each other, and the standard's own wording."""
    standard = load_standard(CODE)
    texts = {element.id: element.text for element in standard.elements}
    for element, bank in _bank(held_out).items():
        yield from ((texts[element], text, element) for text in bank[2])
        yield from ((a, b, element) for a, b in pairwise(bank[2]))
    for statement in standard.statements:
        yield from ((element.text, statement.text, statement.id) for element in statement.elements)
        parent = standard.by_id.get(statement.parent or "")
        if parent and parent.title and statement.text:
            yield parent.title, statement.text, parent.id


def _graded_expressions(held_out: Callable[[str], bool]) -> Iterator[Graded]:
    """What teaches an element (2), touches it (1) or only sounds like it (0), against its text and its teaching."""
    texts = {element.id: element.text for element in load_standard(CODE).elements}
    chance = random.Random(17)
    for element, bank in _bank(held_out).items():
        for grade, expressions in bank.items():
            for text in expressions:
                yield texts[element], text, float(grade)
                others = [other for other in bank[2] if other != text]
                yield from ((other, text, float(grade)) for other in chance.sample(others, min(3, len(others))))


def _bank(held_out: Callable[[str], bool]) -> dict[str, dict[int, list[str]]]:
    """Expressions of each element that is not held out, by grade."""
    found: dict[str, dict[int, list[str]]] = {}
    for each in load_expressions(CODE):
        if not held_out(each.element):
            found.setdefault(each.element, {2: [], 1: [], 0: []})[each.grade].append(each.text)
    return found


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
