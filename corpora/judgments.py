"""Labelled documents (qrels): which elements of a standard a document covers, and where its quotes stand.

A labelled folder holds ``docs/`` and ``labels/*.json``; a label file names its document, the standard, the courses and
one judgment per element. Elements that a file does not list have grade 0; in a file with the key ``decided`` only those
named there have been judged, and without ``best_courses`` it says nothing of courses (decisions that persons made on a
report are such a file).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from corpora.document import Document, Locator
from corpora.errors import UsageError

Grade = Literal[0, 1, 2]
_WHERE = ("objective", "content", "practice", "assessment", "resource", "other")


@dataclass(frozen=True, slots=True)
class Judgment:
    """The judgment on one element.

    Parameters
    ----------
    grade : 2 the document teaches the element, 1 it touches it, 0 it does not.
    disputed : the two labellers' grades where they differ (``grade`` is the lower one), else None.
    where : roles of the places that teach it.
    levels : the level that each labeller found, 1..6.
    quotes : verbatim quotes of the document.
    """

    grade: Grade
    disputed: tuple[Grade, Grade] | None = None
    where: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    quotes: tuple[str, ...] = ()

    def decides(self, threshold: int) -> bool:
        """Whether the judgment says on which side of ``grade >= threshold`` the element lies."""
        return self.disputed is None or len({grade >= threshold for grade in self.disputed}) == 1


@dataclass(frozen=True)
class Judgments:
    """The label file of one document.

    Parameters
    ----------
    document : file name in ``docs/``.
    standard : code of the standard.
    by_element : judgments by element id; elements left out have grade 0.
    best_courses : for each labeller, the core courses that the document serves, best first.
    total_hours : class hours that the document states, None where it states none.
    hours_note : what the labeller found contradictory about them.
    decided : ids of the elements that were judged; None for all of those that the set is about.
    """

    document: str
    standard: str
    by_element: Mapping[str, Judgment] = field(default_factory=dict)
    best_courses: tuple[tuple[str, ...], ...] = ()
    total_hours: float | None = None
    hours_note: str = ""
    decided: frozenset[str] | None = None

    @property
    def tells_courses(self) -> bool:
        """Whether it says which courses the document serves, be it none."""
        return self.decided is None or bool(self.best_courses)

    def judges(self, element: str) -> bool:
        """Whether an element of the kinds that the set is about was judged."""
        return self.decided is None or element in self.decided

    def grade(self, element: str) -> Grade:
        """The grade of an element, 0 where it is not listed."""
        judgment = self.by_element.get(element)
        return judgment.grade if judgment else 0

    def decides(self, element: str, threshold: int) -> bool:
        """Whether the labels agree on ``grade >= threshold`` for an element."""
        judgment = self.by_element.get(element)
        return judgment is None or judgment.decides(threshold)


def load_judgments(folder: Path) -> tuple[tuple[Path, Judgments], ...]:
    """Read a labelled folder.

    Parameters
    ----------
    folder : a folder with ``docs/`` and ``labels/``.

    Returns
    -------
    (path of the document, its judgments), in the order of the label files' names.

    Raises
    ------
    UsageError : a folder is missing or empty, a label file is malformed, or its document is missing.
    """
    docs, labels = folder / "docs", folder / "labels"
    for part in (docs, labels):
        if not part.is_dir():
            raise UsageError(f"没有 {part.name} 文件夹", where=str(folder), advice="标注集应含 docs/ 与 labels/")
    files = sorted(labels.glob("*.json"))
    if not files:
        raise UsageError("没有标注文件（*.json）", where=str(labels))
    return tuple(_with_document(docs, file) for file in files)


def _with_document(docs: Path, file: Path) -> tuple[Path, Judgments]:
    judgments = read_label_file(file)
    path = docs / judgments.document
    if Path(judgments.document).name != judgments.document or not path.is_file():
        raise UsageError(f"标注的文档“{judgments.document}”不在 docs/ 里", where=str(file))
    return path, judgments


def read_label_file(file: Path) -> Judgments:
    """Read one label file.

    Raises
    ------
    UsageError : the file is no JSON or has no such form; the message names the entry.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(f"标注文件读不出 JSON（{error}）", where=str(file)) from error
    try:
        return _judgments(data)
    except (KeyError, TypeError, ValueError) as error:
        what = f"缺少字段 {error}" if isinstance(error, KeyError) else str(error)
        raise UsageError(f"标注文件格式不对：{what}", where=str(file), advice="格式见 docs 与 gold/README") from error


def _judgments(data: Any) -> Judgments:
    entries = _expect(_expect(data, dict, "文件")["labels"], list, "labels")
    by_element: dict[str, Judgment] = {}
    for position, entry in enumerate(entries, 1):
        try:
            element = _expect(_expect(entry, dict, "条目")["element"], str, "element")
            judgment = _judgment(entry)
        except (KeyError, TypeError, ValueError) as error:
            what = f"缺少字段 {error}" if isinstance(error, KeyError) else str(error)
            raise ValueError(f"第 {position} 条：{what}") from error
        if element in by_element:
            raise ValueError(f"第 {position} 条：{element} 重复")
        by_element[element] = judgment
    hours = data.get("total_hours")
    if hours is not None and (isinstance(hours, bool) or not isinstance(hours, int | float)):
        raise ValueError(f"total_hours 应为数字，而是 {hours!r}")
    return Judgments(
        _expect(data["doc"], str, "doc"),
        _expect(data["standard"], str, "standard"),
        by_element,
        tuple(
            _strings(courses, "best_courses") for courses in _expect(data.get("best_courses", []), list, "best_courses")
        ),
        None if hours is None else float(hours),
        _expect(data.get("hours_note", ""), str, "hours_note"),
        frozenset(_strings(data["decided"], "decided")) if "decided" in data else None,
    )


def _judgment(entry: dict[str, Any]) -> Judgment:
    pair = entry.get("disputed")
    disputed = None
    if pair is not None:
        if not isinstance(pair, list) or len(pair) != 2:
            raise ValueError(f"disputed 应为两个等级，而是 {pair!r}")
        disputed = (_grade(pair[0]), _grade(pair[1]))
    where = _strings(entry.get("where", []), "where")
    unknown = [role for role in where if role not in _WHERE]
    if unknown:
        raise ValueError(f"where 不认识 {unknown[0]!r}")
    levels = _expect(entry.get("doc_level", []), list, "doc_level")
    if not all(isinstance(level, int) and 1 <= level <= 6 for level in levels):
        raise ValueError(f"doc_level 应为 1 到 6，而是 {levels!r}")
    return Judgment(_grade(entry["grade"]), disputed, where, tuple(levels), _strings(entry.get("quotes", []), "quotes"))


def _grade(value: Any) -> Grade:
    if isinstance(value, bool) or value not in (0, 1, 2):
        raise ValueError(f"等级应为 0、1 或 2，而是 {value!r}")
    return value


def _strings(value: Any, name: str) -> tuple[str, ...]:
    return tuple(_expect(item, str, name) for item in _expect(value, list, name))


_KINDS: dict[type, str] = {dict: "对象", list: "列表", str: "字符串"}


def _expect(value: Any, kind: type, name: str) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{name} 应为{_KINDS[kind]}，而是 {value!r:.40}")
    return value


def locate(document: Document, quote: str) -> Locator | None:
    """Find a quote again in a document, whatever white space, cell or line borders and character widths lie between.

    Marks of lists and of Markdown (-, 1., #, **, links) that the quote has and the parsed text has not are passed over,
    and so is what stands between two lines of the quote (numbers of table rows, other cells), up to 200 characters.

    Parameters
    ----------
    document : the document.
    quote : the quote; an ellipsis (… or ...) in it may stand for up to 200 left-out characters.

    Returns
    -------
    The place of its first occurrence, None when it does not occur or has no character that counts. The locator is that
    of the block it begins in, narrowed to the quote.
    """
    return next(_places(document, quote), None)


def locate_all(document: Document, quote: str) -> tuple[Locator, ...]:
    """All places of a quote, as ``locate`` finds the first: a sentence that a document repeats is the same evidence.

    A quote of fewer than ``DISTINCT`` characters that count is a term rather than a sentence: its first place only.
    """
    places = _places(document, quote)
    if len(_folded(quote)) < DISTINCT:
        return tuple(islice(places, 1))
    return tuple(places)


#: Characters from which a repeated quote is the same sentence again.
DISTINCT = 8


def _places(document: Document, quote: str) -> Iterator[Locator]:
    skeleton, offsets = _skeleton_of(document.text)
    unmarked = _LIST_MARK.sub(r"\1", _MARKUP.sub(r"\1", quote))
    readings = (quote, unmarked, _LINE.sub("…", unmarked))
    found = next((spans for reading in readings if (spans := list(_find(skeleton, reading)))), [])
    for first, after in found:
        yield place_at(document, offsets[first], offsets[after - 1] + 1)


def place_at(document: Document, start: int, end: int) -> Locator:
    """The locator of a stretch of text: that of the block and cell it begins in, narrowed to it.

    Raises
    ------
    IndexError : it begins outside the document.
    """
    return _cell_locator(document, document.block_at(start).locator, start).slice(start, end)


_GAP = 200
_LIST_MARK = re.compile(r"(^|[\n⏎])\s*(?:[-*+•]|#{1,6}|\d{1,2}[.、])\s*")
_MARKUP = re.compile(r"\*\*|__|`|!?\[([^\]]*)\]\([^)]*\)")
_LINE = re.compile(r"[\n⏎]")


def _find(skeleton: str, quote: str) -> Iterator[tuple[int, int]]:
    """Spans of a quote, first to last, none within another."""
    parts = [part for part in (_folded(piece) for piece in quote.replace("...", "…").split("…")) if part]
    start = skeleton.find(parts[0]) if parts else -1
    while start >= 0:
        end = _end_of(skeleton, parts, start)
        if end is not None:
            yield start, end
        start = skeleton.find(parts[0], end or start + 1)


def _end_of(skeleton: str, parts: list[str], start: int) -> int | None:
    """Where a quote ends whose first part begins at ``start``; None when another part does not follow."""
    end = start + len(parts[0])
    for part in parts[1:]:
        at = skeleton.find(part, end, end + _GAP + len(part))
        if at < 0:
            return None
        end = at + len(part)
    return end


def _folded(text: str) -> str:
    """Text without white space and invisible characters, widths and quotation marks folded, lower case."""
    normal = unicodedata.normalize("NFKC", text).translate(_FOLD)
    return "".join(char for char in normal.lower() if not char.isspace() and unicodedata.category(char) != "Cf")


_FOLD = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "・": "·", "。": ".", "、": ",", "⏎": " "}
)


@lru_cache(maxsize=16)
def _skeleton_of(text: str) -> tuple[str, list[int]]:
    skeleton: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        folded = _folded_char(char)
        skeleton.append(folded)
        offsets.extend([offset] * len(folded))
    return "".join(skeleton), offsets


_folded_char = lru_cache(maxsize=65536)(_folded)


def _cell_locator(document: Document, locator: Locator, offset: int) -> Locator:
    """The locator with the cell that an offset lies in, for a table row."""
    if locator.table is None:
        return locator
    for cell in document.tables[locator.table - 1].cells:
        if cell.text and cell.start <= offset < cell.end:
            return Locator(
                cell.start, cell.end, locator.paragraph, locator.page, locator.table, locator.row, cell.column + 1
            )
    return locator
