"""The encoder's own tokenizer, saved with the model: a Unigram over jieba's dictionary, cut down to the vocabulary.

Its best path is the path that jieba takes without HMM, as long as the word is in the vocabulary; a rarer word falls
into shorter words and characters, so no Han character of the vocabulary is ever lost. Punctuation and white space are
dropped, width, case and traditional characters unified.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from corpora.tokens import normalise
from index.training.charmap import charsmap

#: The row of what the vocabulary does not hold (its vector is zero).
UNKNOWN = "[UNK]"

_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))


def build_tokenizer(words: Sequence[str], frequencies: Mapping[str, float]) -> Tokenizer:
    """A tokenizer whose ids are 0 for the unknown and 1… for ``words`` in order.

    Parameters
    ----------
    words : normalised, without white space.
    frequencies : occurrences per word in a dictionary's counting; they weigh one path against another.
    """
    total = sum(frequencies.values())
    pieces = [(word, math.log(max(frequencies[word], 1) / total)) for word in words]
    lowest = min(score for _, score in pieces)
    tokenizer = Tokenizer(models.Unigram([(UNKNOWN, lowest - 10), *pieces], unk_id=0))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Precompiled(charsmap(simplified()))]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}+#]+"), behavior="removed")
    return tokenizer


def simplified() -> dict[str, str]:
    """Traditional to simplified, character by character."""
    characters = (chr(code) for start, end in _BLOCKS for code in range(start, end))
    pairs = ((character, normalise(character)) for character in characters)
    return {character: simple for character, simple in pairs if simple != character}
