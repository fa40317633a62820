"""Stage 1: which words have a vector, and the tokenizer that finds them.

The vocabulary holds every Han character that the text cuts off singly, every domain term that is short or occurs often
enough to be learnt as a whole, and the most frequent words of the sampled text as the segmenter cuts it, letters and
digits included.
"""

from __future__ import annotations

import string
from collections import Counter
from pathlib import Path

import typer

from corpora.tokens import dictionary_frequencies, domain_terms, segmenter, tokens
from index.training.corpus import Data, Out, documents, records, weight
from index.training.tokenizer import build_tokenizer

#: Fields of the labelled pairs that hold text.
TEXT_FIELDS = (
    "a",
    "b",
    "query",
    "pos",
    "text",
    "title",
    "desc",
    "body",
    "abstract",
    "definition",
    "question",
    "s0",
    "s1",
)

#: How often a word must occur, and how often one of letters only.
MINIMUM, MINIMUM_LATIN = 12, 60


def main(data: Data, out: Out, size: int = 60_000) -> None:
    """Write ``vocabulary.tsv`` (word, dictionary frequency, occurrences) and ``tokenizer.json``."""
    out.mkdir(parents=True, exist_ok=True)
    counts = count_words(data)
    chosen = choose(counts, size)
    frequencies = path_frequencies(chosen, counts)
    rows = (f"{word}\t{frequencies[word]:g}\t{counts[word]}" for word in chosen)
    (out / "vocabulary.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    build_tokenizer(chosen, frequencies).save(str(out / "tokenizer.json"))
    typer.echo(f"{len(chosen)} words, {sum(counts.values())} running words")


def count_words(data: Path) -> Counter[str]:
    """Occurrences of each token, files weighted as the corpus says."""
    counts: Counter[str] = Counter()
    for name, document in documents(data):
        times = weight(name)
        for token in tokens("\n".join(document)):
            counts[token] += times
    for path in sorted((data / "pairs").glob("*.jsonl.zst")):
        for record in records(path):
            counts.update(tokens("\n".join(str(record[field]) for field in TEXT_FIELDS if field in record)))
    return counts


def choose(counts: Counter[str], size: int) -> list[str]:
    """The vocabulary, characters and terms first, then by frequency (ties in code point order)."""
    terms = (term for term in domain_terms() if len(term) <= 3 or counts[term] >= MINIMUM)
    always = [*string.ascii_lowercase, *string.digits, "+", "#", *terms]
    singles = [word for word in counts if len(word) == 1 and is_han(word)]
    useful = (word for word, occurrences in counts.items() if occurrences >= MINIMUM and _useful(word, occurrences))
    common = sorted(useful, key=lambda word: (-counts[word], word))
    return list(dict.fromkeys([*always, *sorted(singles), *common]))[:size]


def path_frequencies(words: list[str], counts: Counter[str]) -> dict[str, float]:
    """Frequencies that make the tokenizer cut as the segmenter does.

    Han words have the dictionary's. Words of letters and digits, which the segmenter never breaks, have their
    occurrences, enough to be preferred to their pieces.
    """
    known = dictionary_frequencies()
    return {word: known.get(word, 1) if is_han(word) else min(counts[word], 10_000) + 1 for word in words}


def is_han(word: str) -> bool:
    """Whether the word starts with a Han character."""
    return "\u3400" <= word[0] <= "\u9fff"


def _useful(word: str, occurrences: int) -> bool:
    if is_han(word):
        return segmenter().knows(word)
    letters = word.replace("+", "").replace("#", "")
    if not letters.isalnum() or len(word) > 20:
        return False
    return occurrences >= MINIMUM_LATIN and (not word.isdigit() or len(word) <= 4)


if __name__ == "__main__":
    typer.run(main)
