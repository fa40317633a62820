"""Sums of token vectors by the extension ``index.native._texts``, where it was built; equal to the last bit."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from corpora.errors import IndexFormatError
from index.protocols import Vectors
from index.tokenizing import GAP_CHARACTERS, RUN_CHARACTERS, normaliser_of

_ODD, _GAP = 0, 1  # as in texts.c
_PLAIN_CODES = 0x10000
_MOST_DIGITS = 19


@cache
def extension() -> ModuleType | None:
    """The compiled extension; None where there is none."""
    try:
        from index.native import _texts  # type: ignore[attr-defined]
    except ImportError:
        return None
    module: ModuleType = _texts
    return module


class CompiledTexts:
    """A Unigram tokenizer and its vectors, in compiled form.

    Parameters
    ----------
    module : the extension.
    model : the tokenizer's model as its file has it, its numbers as they are written.
    normal : normal forms of characters, see ``normal_forms``.
    rows, scales : (tokens, dimension) int8 and (tokens,) float32; a token's vector is their product.
    """

    def __init__(
        self,
        module: ModuleType,
        model: dict[str, Any],
        normal: NDArray[np.uint16],
        rows: NDArray[np.int8],
        scales: Vectors,
    ) -> None:
        tokens, weights = zip(*model["vocab"], strict=True)
        read = {weight: as_read(weight) for weight in set(weights)}
        scores = np.array(list(map(read.__getitem__, weights)), np.float64)
        self._module, self._rows, self._scales = module, np.ascontiguousarray(rows), np.ascontiguousarray(scales)
        self._vocabulary = module.open(list(tokens), scores, normal, model["unk_id"])
        self.tokens = len(tokens)

    @classmethod
    def read(cls, path: Path, rows: NDArray[Any], scales: Vectors) -> Self | None:
        """From a tokenizer's file; None without the extension or for a model of another kind.

        Raises
        ------
        IndexFormatError : the file is missing or no tokenizer.
        """
        module = extension()
        if module is None or rows.dtype != np.int8 or scales.dtype != np.float32:
            return None
        try:
            specification = json.loads(path.read_bytes(), parse_float=str)
            model = specification["model"]
            if model["type"] != "Unigram" or specification["added_tokens"] or len(model["vocab"]) != len(rows):
                return None
            return cls(module, model, normal_forms(specification), rows, scales)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexFormatError(
                "模型词表缺失或已损坏", where=str(path), advice="请重新安装，或换用其他模型"
            ) from error

    def sums(self, texts: Sequence[str]) -> tuple[Vectors, NDArray[np.intp]]:
        """Sums of the tokens' vectors (n, dimension), and which texts were left out for their characters."""
        vectors = np.empty((len(texts), self._rows.shape[1]), np.float32)
        odd = np.empty(len(texts), np.uint8)
        self._module.sum(self._vocabulary, list(texts), self._rows, self._scales, self._rows.shape[1], vectors, odd)
        return vectors, np.flatnonzero(odd)


def as_read(number: str) -> float:
    """A number of the file as the ``tokenizers`` library reads it, so that ties between paths are decided alike.

    Its JSON reader (serde_json) divides all digits, as one whole number, by a power of ten: two roundings, not one.
    """
    whole, _, fraction = number.partition(".")
    digits = whole + fraction
    if len(digits) > _MOST_DIGITS or not digits.lstrip("-").isdecimal():
        return float(number)
    return float(int(digits)) / 10.0 ** len(fraction)


def normal_forms(specification: dict[str, Any]) -> NDArray[np.uint16]:
    """Normal forms of the characters of runs by their number; marks for what stands between runs and for the rest."""
    normalise = normaliser_of(specification)
    forms = np.full(_PLAIN_CODES, _ODD, np.uint16)
    characters = "".join(map(chr, range(0xD800)))  # all that stands before the surrogates
    characters += "".join(map(chr, range(0xE000, _PLAIN_CODES)))
    runs = re.findall(f"[{RUN_CHARACTERS}]", characters)
    normal = normalise("\n".join(runs)).split("\n")
    for character, form in zip(runs, normal, strict=True):
        if len(form) == 1 and _GAP < ord(form) < _PLAIN_CODES:
            forms[ord(character)] = ord(form)
    forms[[ord(character) for character in re.findall(f"[{GAP_CHARACTERS}]", characters)]] = _GAP
    return forms
