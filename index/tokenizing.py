"""Texts as the static model's tokens, many at once: what the texts have in common is tokenized once.

The model's tokenizer normalises a text, cuts it where neither letters nor digits stand, and tokenizes each run between
two cuts on its own. So the tokens of a run are the same wherever it stands, and a document's passages, their clauses
and lists of clauses are made of few different runs: those are tokenized, each once, and remembered for the next
document. A text with characters that are rare or whose normal form may depend on their neighbours (combining marks,
joiners, Hangul, …) is one unit as it stands.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from corpora.errors import IndexFormatError
from index.protocols import Ids

if TYPE_CHECKING:
    from tokenizers import Tokenizer

#: Characters of a run: of one normal form each, all of it letters, digits, + or #.
RUN_CHARACTERS = (
    "0-9A-Za-z+#\u00b2\u00b3\u00b9\u03b1-\u03c1\u03c3-\u03c9\u2160-\u216b\u2460-\u2473\u3007\u4e00-\u9fff"
    "\uff03\uff0b\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
)
#: Characters between runs: of one normal form each, none of it a letter, a digit, + or #.
GAP_CHARACTERS = (
    "\\x00-\\x22\\x24-\\x2a\\x2c-\\x2f:-@\\[-`{-\\x7f\u00a0\u00a7\u00b0\u00b1\u00b7\u00d7\u00f7\u2002"
    "\u2003\u2013\u2014\u2018-\u201d\u2022\u2026\u2190-\u2193\u2212\u2264\u2265\u25a0-\u25ff\u2605\u2606\u2713\u2714\u3000-\u3003\u3008-\u3011"
    "\uff01\uff02\uff04-\uff0a\uff0c-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e"
)

_RUN = re.compile(f"[{RUN_CHARACTERS}]+")
_PLAIN = re.compile(f"[{RUN_CHARACTERS}{GAP_CHARACTERS}]*")
#: Longer units are not remembered.
_LONGEST = 40
_REMEMBERED = 1 << 15
_ID = np.dtype("<i4")


@dataclass(frozen=True)
class Units:
    """What some texts are made of.

    Parameters
    ----------
    distinct : the U different runs, or whole texts, in the order of their first appearance.
    places : numbers of the units, text after text.
    counts : (n,) how many units each text has.
    """

    distinct: tuple[str, ...]
    places: Ids
    counts: Ids


def units_of(texts: Sequence[str]) -> Units:
    """The parts of texts that are tokenized each on its own; a text without letters and digits may have none."""
    plain, find = _PLAIN.fullmatch, _RUN.findall
    parts = [find(text) if plain(text) else (text,) for text in texts]
    distinct = tuple(dict.fromkeys(chain.from_iterable(parts)))
    place = dict(zip(distinct, range(len(distinct)), strict=True))
    places = np.fromiter(map(place.__getitem__, chain.from_iterable(parts)), np.int64)
    return Units(distinct, places, np.fromiter(map(len, parts), np.int64, len(parts)))


class UnitTokenizer:
    """The tokenizer of a model folder, for units; it remembers the tokens of short ones.

    Parameters
    ----------
    path : the tokenizer's file.

    Raises
    ------
    IndexFormatError : it is missing or no tokenizer.
    """

    def __init__(self, path: Path) -> None:
        self._whole = _read_tokenizer(path)
        self._bare = type(self._whole)(self._whole.model)  # the same model, for what is normal and one run already
        self._normal = _NormalForms(self._whole)
        self._known: dict[str, bytes] = {}

    def __len__(self) -> int:
        return int(self._whole.get_vocab_size())

    def pieces(self, text: str) -> tuple[tuple[str, ...], Ids]:
        """The tokens of one text and their ids."""
        encoding = self._whole.encode(text, add_special_tokens=False)
        return tuple(encoding.tokens), np.array(encoding.ids, dtype=np.int64)

    def ids(self, units: Sequence[str]) -> tuple[Ids, Ids]:
        """Token ids of units, one after the other, and how many each has."""
        rows = list(map(self._known.get, units))
        missing = [n for n, row in enumerate(rows) if row is None]
        if missing:
            fresh = self._tokenized([units[n] for n in missing])
            for n in missing:
                rows[n] = fresh[units[n]]
            self._remember(fresh)
        data = cast("list[bytes]", rows)
        return np.frombuffer(b"".join(data), _ID).astype(np.int64), np.fromiter(
            map(len, data), np.int64, len(data)
        ) // _ID.itemsize

    def _tokenized(self, units: list[str]) -> dict[str, bytes]:
        plain = [unit for unit in units if _PLAIN.fullmatch(unit)]
        odd = [unit for unit in units if not _PLAIN.fullmatch(unit)] if len(plain) < len(units) else []
        encodings = self._bare.encode_batch_fast([unit.translate(self._normal) for unit in plain])
        encodings += self._whole.encode_batch_fast(odd, add_special_tokens=False) if odd else []
        found = zip(chain(plain, odd), encodings, strict=True)
        return {unit: array("i", encoding.ids).tobytes() for unit, encoding in found}

    def _remember(self, fresh: dict[str, bytes]) -> None:
        if len(self._known) + len(fresh) > _REMEMBERED:
            self._known = {}  # a new one: another thread may be reading the old one
        self._known.update((unit, row) for unit, row in islice(fresh.items(), _REMEMBERED) if len(unit) <= _LONGEST)


class _NormalForms(dict[int, str]):
    """Normal forms of single characters by their number, as ``str.translate`` asks for them."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._normaliser = tokenizer.normalizer

    def __missing__(self, code: int) -> str:
        form = self[code] = self._normaliser.normalize_str(chr(code))
        return form


def normaliser_of(specification: dict[str, Any]) -> Callable[[str], str]:
    """What a tokenizer's file says of normal forms, without reading its vocabulary."""
    from tokenizers import Tokenizer

    model = {"type": "Unigram", "vocab": [["", 0.0]], "unk_id": 0}
    normaliser = Tokenizer.from_str(json.dumps({**specification, "model": model})).normalizer
    normalise: Callable[[str], str] = normaliser.normalize_str
    return normalise


def _read_tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception
        raise IndexFormatError("模型词表缺失或已损坏", where=str(path), advice="请重新安装，或换用其他模型") from error
