"""Texts as units: the same tokens as the whole text has, whatever stands in it."""

from __future__ import annotations

import re
import sys
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index import tokenizing
from index.encoders import STATIC_MODEL, StaticEncoder
from index.tokenizing import GAP_CHARACTERS, RUN_CHARACTERS, UnitTokenizer, units_of

PATH = STATIC_MODEL / "tokenizer.json"

#: Words, capitals, full width, traditional, breaks, marks, joiners, Hangul, letters with odd lower cases, emoji.
KINDS = (
    "用户画像電商的与aZ9+#＋＃Ｑ３ \t\r\n，。、；（）《》·—…“”’-_.:%\x00\xad"
    "①㎡½éo\u0301\u0338\u200d\ufe0f각가\u1100\u11a8ßİ\ufb01Σς\U0001f642\U0001f469\U0001f3eb𠀀"
)
CHARACTERS = st.sampled_from(KINDS) | st.characters(exclude_categories=["Cs"])


@pytest.fixture(scope="module")
def whole() -> Tokenizer:
    """The tokenizer as the library reads it."""
    return Tokenizer.from_file(str(PATH))


@pytest.fixture(scope="module")
def tokenizer() -> UnitTokenizer:
    """The one for units."""
    return UnitTokenizer(PATH)


def rejoined(texts: list[str], tokenizer: UnitTokenizer) -> list[list[int]]:
    """Token ids of each text, put together from its units'."""
    units = units_of(texts)
    ids, counts = tokenizer.ids(units.distinct)
    parts = [part.tolist() for part in np.split(ids, np.cumsum(counts)[:-1])] if units.distinct else []
    ends = np.cumsum(units.counts).tolist()
    spans = zip([0, *ends], ends, strict=False)
    return [list(chain.from_iterable(parts[place] for place in units.places[start:end])) for start, end in spans]


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(st.text(CHARACTERS, max_size=12), max_size=5))
def test_units_have_the_tokens_of_the_text(texts: list[str], whole: Tokenizer, tokenizer: UnitTokenizer) -> None:
    """Whatever the characters, the tokens of a text's units are the tokens of the text."""
    expected = [encoding.ids for encoding in whole.encode_batch(texts, add_special_tokens=False)]
    assert rejoined(texts, tokenizer) == expected
    assert rejoined(texts, tokenizer) == expected  # the remembered ones


def test_characters_of_runs_and_gaps_are_what_they_are_taken_for(whole: Tokenizer) -> None:
    """The normal form of a run's character is letters, digits, + and # only, that of a gap's has none of them."""
    run, gap = re.compile(f"[{RUN_CHARACTERS}]"), re.compile(f"[{GAP_CHARACTERS}]")
    cut = whole.pre_tokenizer.pre_tokenize_str
    runs = gaps = 0
    for character in map(chr, range(0x20000)):
        if run.match(character):
            form = whole.normalizer.normalize_str(character)
            assert cut(form) == [(form, (0, len(form)))], character
            assert not gap.match(character)
            runs += 1
        elif gap.match(character):
            assert cut(whole.normalizer.normalize_str(character)) == [], character
            gaps += 1
    assert runs > 21_000
    assert gaps > 100


def test_what_texts_share_is_one_unit() -> None:
    """A clause that stands in several texts, alone and among others, is one unit; a text without words has none."""
    units = units_of(["掌握选品，会定价", "会定价", "。！", "会定价、掌握选品", "é会定价"])
    assert units.distinct == ("掌握选品", "会定价", "é会定价")
    assert units.places.tolist() == [0, 1, 1, 1, 0, 2]
    assert units.counts.tolist() == [2, 1, 0, 2, 1]
    assert units_of([]).distinct == ()


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much was read, only so many short units are remembered, and the vectors stay the same."""
    monkeypatch.setattr(tokenizing, "_REMEMBERED", 100)
    encoder = StaticEncoder(compiled=False)
    texts = [f"第{n}项任务，{'很长的' * 20}" for n in range(250)]
    first = [encoder.encode(texts[n : n + 40]) for n in range(0, 250, 40)]
    known = encoder._tokenizer._known
    assert 0 < len(known) <= 100
    assert max(map(len, known)) <= 40
    assert sys.getsizeof(known) < 20_000
    assert np.array_equal(np.vstack(first), encoder.encode(texts))
