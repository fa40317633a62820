"""The vectors of standards: which elements, or which statements, does a text speak of?

Rows are filed under (code of the standard, kind), so that "only this standard" and "only its elements" are slices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from corpora.errors import StandardFormatError, UnknownStandardError
from corpora.expressions import Expression
from corpora.standard import Standard
from index.backends import DEFAULT
from index.grouped import GroupedIndex, Row
from index.keys import owner_digest
from index.protocols import NO_ROW, Encoder, Ids, Vectors
from index.saved import load_index, save_index

#: ``element``: its own wording; ``covers``, ``touches``, ``misses``: its bank's expressions of grade 2, 1 and 0;
#: ``statement``: a statement's verbatim text.
Kind = Literal["element", "covers", "touches", "misses", "statement"]

_BY_GRADE: dict[int, Kind] = {2: "covers", 1: "touches", 0: "misses"}
_FILE_KIND = "statement index"


@dataclass(frozen=True, slots=True)
class Item:
    """What a candidate names: an element or a statement of a standard, with its text."""

    standard: str
    id: str
    text: str


@dataclass(frozen=True)
class Candidates:
    """Items found for each query, best first, each at most once.

    Parameters
    ----------
    numbers : (queries, k) positions in ``items``, int64; ``NO_ROW`` where a query has fewer.
    similarities : (queries, k), float32; ``-inf`` where there is no item.
    items : what ``numbers`` count: the elements (or statements) searched, in the order of their standards.
    """

    numbers: Ids
    similarities: Vectors
    items: tuple[Item, ...]

    def of(self, query: int) -> list[tuple[Item, float]]:
        """The items of one query with their similarities."""
        pairs = zip(self.numbers[query].tolist(), self.similarities[query].tolist(), strict=True)
        return [(self.items[number], similarity) for number, similarity in pairs if number != NO_ROW]


class StatementIndex:
    """Elements, statements and expressions of any number of standards.

    Parameters
    ----------
    encoder : turns texts, stored and asked, into vectors.
    backend : a name in ``index.backends.BACKENDS``.
    options : what that back-end's constructor takes.
    """

    def __init__(self, encoder: Encoder, backend: str = DEFAULT, **options: Any) -> None:
        self.encoder = encoder
        self._rows = GroupedIndex(encoder.fingerprint, encoder.dimension, backend, **options)
        self._forget()

    def _forget(self) -> None:
        """Drop what was worked out of the rows, because they change."""
        self._known: tuple[str, ...] | None = None
        self._items: dict[tuple[str | None, str], tuple[Item, ...]] = {}
        self._numbers: dict[tuple[str | None, str], tuple[Ids, Ids]] = {}

    @classmethod
    def build(cls, standards: Iterable[Standard], encoder: Encoder, **options: Any) -> Self:
        """An index of standards without expressions; ``options`` as the constructor's."""
        index = cls(encoder, **options)
        for standard in standards:
            index.add(standard)
        return index

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def standards(self) -> tuple[str, ...]:
        """Codes of the standards in it, in order."""
        if self._known is None:
            self._known = tuple(dict.fromkeys(group[0] for group in self._rows.groups))
        return self._known

    def add(self, standard: Standard, expressions: Sequence[Expression] = ()) -> None:
        """Put a standard in, in the place of what was there under its code.

        Raises
        ------
        StandardFormatError : an expression names an element that the standard does not have.
        """
        unknown = {expression.element for expression in expressions} - {element.id for element in standard.elements}
        if unknown:
            what = f"标准 {standard.code} 没有能力要素 {min(unknown)}"
            raise StandardFormatError(what, where="表达库", advice="请改正表达库文件")
        rows = list(_rows_of(standard, expressions))
        vectors = self.encoder.encode([row.text for row in rows])
        stale = {row.key for row in self._rows.rows_within((standard.code,))} - {row.key for row in rows}
        self._rows.add(rows, vectors)
        self._rows.remove(stale)
        self._forget()

    def remove(self, code: str) -> int:
        """Drop a standard. Returns how many rows it had."""
        self._forget()
        return self._rows.remove_group((code,))

    def items(self, standard: str | None = None, kind: Literal["element", "statement"] = "element") -> tuple[Item, ...]:
        """Every element (or statement) of one standard in its order, or of all standards in the order of their codes.

        Raises
        ------
        UnknownStandardError : the index does not hold this standard.
        """
        if (standard, kind) not in self._items:
            found = (self._rows.rows_within((code, kind)) for code in self._codes(standard))
            self._items[standard, kind] = tuple(
                Item(row.group[0], row.metadata["id"], row.text) for row in chain.from_iterable(found)
            )
        return self._items[standard, kind]

    def search(
        self,
        queries: Sequence[str] | Vectors,
        k: int,
        standard: str | None = None,
        kinds: Sequence[Kind] = ("element",),
    ) -> Candidates:
        """The k nearest elements (or statements) of each query, exactly, each by its best row.

        Parameters
        ----------
        queries : texts, or their vectors (q, dimension).
        k : how many at most, >= 1.
        standard : search only this standard; all by default.
        kinds : rows that may speak for an element; or ``("statement",)`` alone, to find statements.

        Raises
        ------
        UnknownStandardError : the index does not hold this standard.
        ValueError : statements are mixed with rows of elements.
        """
        named = _named_by(kinds)
        within = [(code, kind) for code in self._codes(standard) for kind in kinds]
        hits = self._rows.search(self._vectors(queries), k, within, distinct=True)
        return Candidates(self._numbered(hits.ids, standard, named), hits.similarities, self.items(standard, named))

    def similarities(
        self, queries: Sequence[str] | Vectors, standard: str, kinds: Sequence[Kind] = ("element",)
    ) -> Vectors:
        """Similarity of every query to every element (or statement) of a standard, by its best row.

        Returns
        -------
        (q, items), float32, in the order of ``items(standard)``; ``-inf`` for an element without a row of these kinds.

        Raises
        ------
        UnknownStandardError, ValueError : as ``search``.
        """
        named, vectors = _named_by(kinds), self._vectors(queries)
        best = np.full((len(self.items(standard, named)), len(vectors)), -np.inf, np.float32)
        for kind in kinds:
            found = self._rows.vectors((standard, kind)) @ vectors.T
            numbers, peaks = _best_by(self._numbered(self._rows.ids((standard, kind)), standard, named), found)
            best[numbers] = np.maximum(best[numbers], peaks)
        return best.T

    def save(self, path: Path) -> None:
        """Write everything to one file, whole or not at all.

        Raises
        ------
        UsageError : another program is writing the file, or has changed it since it was read.
        DuibiaoError : the disk does not take it.
        """
        save_index(self._rows, path, _FILE_KIND)

    @classmethod
    def load(cls, path: Path, encoder: Encoder, backend: str | None = None, mmap: bool = False, **options: Any) -> Self:
        """Read what ``save`` wrote, with the back-end it was saved with unless another one is named.

        With ``mmap`` everything stays on disk until it is asked for.

        Raises
        ------
        IndexFormatError : the file is missing, truncated, foreign, of another version or made by another encoder.
        UsageError, MissingExtraError : no such back-end, or its library is not installed.
        """
        index = cls.__new__(cls)
        index.encoder = encoder
        index._rows = load_index(path, _FILE_KIND, encoder.fingerprint, backend, mmap, **options)
        index._forget()
        return index

    def _vectors(self, queries: Sequence[str] | Vectors) -> Vectors:
        return queries if isinstance(queries, np.ndarray) else self.encoder.encode(queries)

    def _numbered(self, ids: Ids, standard: str | None, named: Literal["element", "statement"]) -> Ids:
        """Position in ``items(standard, named)`` of what each row speaks for; ``NO_ROW`` for ``NO_ROW``."""
        if (standard, named) not in self._numbers:
            self._numbers[standard, named] = self._numbering(standard, named)
        known, numbers = self._numbers[standard, named]
        if not len(known):
            return np.full(ids.shape, NO_ROW, np.int64)
        places = np.minimum(np.searchsorted(known, ids), len(known) - 1)
        return np.where(known[places] == ids, numbers[places], NO_ROW)

    def _numbering(self, standard: str | None, named: Literal["element", "statement"]) -> tuple[Ids, Ids]:
        """Ids of all rows of the standards, sorted, and the position of what each speaks for."""
        codes = self._codes(standard)
        parts = [self._rows.ids((code, named)) for code in codes] + [self._rows.ids((code,)) for code in codes]
        items = sum(len(part) for part in parts[: len(codes)])
        ids = np.concatenate([np.empty(0, np.int64), *parts])
        owners = self._rows.owners(ids)
        table = np.full(len(ids), NO_ROW, np.int64)
        table[owners[:items]] = np.arange(items)
        order = np.argsort(ids[items:])
        return ids[items:][order], table[owners[items:]][order]

    def _codes(self, standard: str | None) -> tuple[str, ...]:
        known = self.standards
        if standard is None:
            return known
        if standard not in known:
            advice = f"索引中有：{'、'.join(known) or '（空）'}"
            raise UnknownStandardError(f"索引中没有代码为“{standard}”的标准", advice=advice)
        return (standard,)


def _named_by(kinds: Sequence[Kind]) -> Literal["element", "statement"]:
    if "statement" not in kinds and kinds:
        return "element"
    if set(kinds) != {"statement"}:
        raise ValueError(f"kinds {tuple(kinds)}: statements cannot be mixed with rows of elements")
    return "statement"


def _best_by(numbers: Ids, similarities: Vectors) -> tuple[Ids, Vectors]:
    """The distinct numbers, and the highest of the rows (n, queries) that share each one."""
    if not len(numbers):
        return numbers, similarities
    order = np.argsort(numbers, kind="stable")
    distinct, starts = np.unique(numbers[order], return_index=True)
    return distinct, np.maximum.reduceat(similarities[order], starts, axis=0)


def _rows_of(standard: Standard, expressions: Sequence[Expression]) -> Iterator[Row]:
    """A standard's rows: elements, statements that have a text, expressions."""
    code = standard.code
    for element in standard.elements:
        yield _row(code, "element", element.id, element.text, element.id)
    for statement in standard.statements:
        if statement.text:
            yield _row(code, "statement", statement.id, statement.text, statement.id)
    for number, expression in enumerate(expressions):
        yield _row(code, _BY_GRADE[expression.grade], expression.element, expression.text, str(number))


def _row(code: str, kind: Kind, id: str, text: str, name: str) -> Row:
    return Row(f"{code}/{kind}/{name}", (code, kind), text, owner_digest(f"{code}/{id}"), {"id": id})
