"""Stage 3: move the word vectors so that texts that belong together are close, in plain numpy.

A text is the sum of its tokens' vectors; a token's vector is its own row plus the mean of its characters' rows, folded
into one table at the end. Contrastive tasks use in-batch negatives in both directions (Henderson et al. 2017, Efficient
Natural Language Response Suggestion), graded ones CoSENT (Su 2022). Rows start from stage 2, weighted by a / (a + p)
(Arora, Liang and Ma 2017, SIF); training moves their lengths too, so the weights are learnt.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
import scipy.sparse as sparse  # type: ignore[import-untyped]
import typer
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.training.corpus import Data, Out
from index.training.pairs import Task, fold_of, numbers, tasks

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

LONGEST = 96  # tokens of a text that are read
SIF = 1e-3
LETTERS, MARKS = 1.0, 0.7  # length of a word's characters and of their marks, beside the word's own vector of length 1
NO_FOLD = -1


@dataclass
class Table:
    """Trainable rows: one per token, one per character, and which characters make a token."""

    words: Floats
    characters: Floats
    spelling: sparse.csr_matrix

    def rows(self, tokens: Ints) -> Floats:
        """Composed vectors of some tokens."""
        return self.words[tokens] + self.spelling[tokens] @ self.characters

    def folded(self) -> Floats:
        """The table (tokens, d) that is shipped; row 0, the unknown token, is zero."""
        table = self.words + self.spelling @ self.characters
        table[0] = 0
        return table.astype(np.float32)


@dataclass
class LazyAdam:
    """Adam (Kingma and Ba 2015) that touches only the rows of a batch."""

    parameter: Floats
    first: Floats = field(init=False)
    second: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.first, self.second = np.zeros_like(self.parameter), np.zeros_like(self.parameter)

    def step(self, rows: Ints, gradient: Floats, rate: float) -> None:
        """Move ``rows`` against their gradient."""
        self.first[rows] = first = 0.9 * self.first[rows] + 0.1 * gradient
        self.second[rows] = second = 0.99 * self.second[rows] + 0.01 * gradient**2
        self.parameter[rows] -= rate * first / (np.sqrt(second) + 1e-8)


@dataclass(frozen=True)
class Encoded:
    """A task with its texts as token ids."""

    task: Task
    left: list[list[int]]
    right: list[list[int]]
    keys: Ints  # group of a contrastive pair
    labels: Floats  # of a graded pair

    def batches(self, size: int, generator: np.random.Generator) -> Iterator[Ints]:
        """Row numbers of batch after batch, for ever, reshuffled when all were seen."""
        while True:
            order = generator.permutation(len(self.left))
            for start in range(0, max(len(order) - size, 0) + 1, size):
                yield order[start : start + size]


def main(
    data: Data,
    out: Out,
    steps: int = 800,
    batch: int = 1024,
    rate: float = 3e-3,
    temperature: float = 0.15,
    graded_temperature: float = 0.25,
    seed: int = 7,
    held_out: Annotated[int, typer.Option(help="fold of the expression bank left out; -1 for none")] = NO_FOLD,
    name: str = "table.npy",
) -> None:
    """Write the folded table (tokens, d)."""
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    generator = np.random.default_rng(seed)
    table = initial_table(np.load(out / "vectors.npy"), np.load(out / "counts.npy"), tokenizer, generator)
    found = (encode(task, tokenizer) for task in tasks(data, lambda element: fold_of(element) == held_out))
    prepared = [each for each in found if each.left]
    typer.echo(", ".join(f"{each.task.name} {len(each.left)}" for each in prepared))
    train(table, prepared, steps, batch, rate, (temperature, graded_temperature), generator)
    np.save(out / name, table.folded())


def initial_table(vectors: Floats, counts: Ints, tokenizer: Tokenizer, generator: np.random.Generator) -> Table:
    """Unit vectors of stage 2, centred, plus their characters' vectors and marks, times SIF weights.

    A token never seen starts from its characters. A mark is a random vector of a character: it keeps words that are
    written alike near each other where their use does not.
    """
    units = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    share = counts / counts.sum()
    units -= share @ units
    words = [tokenizer.id_to_token(i) or "" for i in range(len(vectors))]
    spelling = spell(words)
    alone = counts < 5
    single = np.array([i for i, word in enumerate(words) if len(word) == 1])
    letters = np.zeros((spelling.shape[1], vectors.shape[1]), np.float32)
    letters[spelling[single].indices] = units[single]
    units[alone] = (spelling @ letters)[alone]
    marks = generator.standard_normal(letters.shape, np.float32) / np.sqrt(np.float32(vectors.shape[1]))
    units += spelling @ (LETTERS * letters + MARKS * marks)
    weights = (SIF / (SIF + share))[:, None]
    return Table((units * weights).astype(np.float32), np.zeros_like(letters), spelling)


def spell(words: Sequence[str]) -> sparse.csr_matrix:
    """(tokens, characters) with 1 / length for each character of a token; the unknown token has none."""
    characters = {character: i for i, character in enumerate(sorted(set("".join(words[1:]))))}
    rows = [i for i, word in enumerate(words) if i for _ in word]
    columns = [characters[character] for word in words[1:] for character in word]
    values = [1 / len(word) for word in words[1:] for _ in word]
    return sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=(len(words), len(characters)))


def encode(task: Task, tokenizer: Tokenizer) -> Encoded:
    """Token ids of a task's texts; pairs with an empty side fall out."""
    sides = [
        [encoding.ids[:LONGEST] for encoding in tokenizer.encode_batch_fast([row[side] for row in task.rows])]
        for side in (0, 1)
    ]
    kept = [i for i, (left, right) in enumerate(zip(*sides, strict=True)) if left and right]
    thirds = [task.rows[i][2] for i in kept]
    keys = np.zeros(0, np.int64) if task.graded else np.array(numbers(thirds))
    labels = np.array(thirds, np.float32) if task.graded else np.zeros(0, np.float32)
    return Encoded(task, [sides[0][i] for i in kept], [sides[1][i] for i in kept], keys, labels)


def train(
    table: Table,
    prepared: Sequence[Encoded],
    steps: int,
    batch: int,
    rate: float,
    temperatures: tuple[float, float],
    generator: np.random.Generator,
) -> None:
    """Run ``steps`` batches, each of one task drawn by its share; the rate falls linearly to zero.

    Parameters
    ----------
    temperatures : by which cosines are divided, of contrastive and of graded tasks.
    """
    shares = np.array([each.task.share for each in prepared])
    streams = [each.batches(batch, generator) for each in prepared]
    words, characters = LazyAdam(table.words), LazyAdam(table.characters)
    losses: dict[str, list[float]] = {each.task.name: [] for each in prepared}
    start = time.perf_counter()
    for step in range(steps):
        chosen = int(generator.choice(len(prepared), p=shares / shares.sum()))
        each, rows = prepared[chosen], next(streams[chosen])
        bags = [each.left[i] for i in rows] + [each.right[i] for i in rows]
        tokens, counts = bag_matrix(bags, generator)
        vectors = counts @ table.rows(tokens)
        if each.task.graded:
            loss, gradient = cosent(vectors, each.labels[rows], temperatures[1])
        else:
            loss, gradient = in_batch(vectors, each.keys[rows], temperatures[0])
        losses[each.task.name].append(loss)
        now = rate * min(1.0, (step + 1) / 100) * (1 - step / steps)
        update(table, words, characters, tokens, counts.T @ gradient, now)
        if (step + 1) % 250 == 0:
            report = ", ".join(f"{name} {np.mean(values[-20:]):.3f}" for name, values in losses.items() if values)
            typer.echo(f"{step + 1} ({time.perf_counter() - start:.0f} s): {report}")


def update(table: Table, words: LazyAdam, characters: LazyAdam, tokens: Ints, gradient: Floats, rate: float) -> None:
    """One step of both parameters; characters share the gradients of their tokens."""
    words.step(tokens, gradient, rate)
    spelt = table.spelling[tokens].tocsc()
    used = np.flatnonzero(np.diff(spelt.indptr))
    characters.step(used, (spelt.T @ gradient)[used], rate)


def bag_matrix(
    bags: Sequence[list[int]], generator: np.random.Generator, dropped: float = 0.1
) -> tuple[Ints, sparse.csr_matrix]:
    """Distinct tokens of a batch, and (texts, distinct tokens) counts, a tenth of the tokens left out at random."""
    lengths = np.array([len(bag) for bag in bags])
    flat = np.concatenate([np.asarray(bag, np.int64) for bag in bags])
    values = (generator.random(len(flat), dtype=np.float32) >= dropped).astype(np.float32) + 1e-3
    tokens, places = np.unique(flat, return_inverse=True)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    return tokens, sparse.csr_matrix((values, places, indptr), shape=(len(bags), len(tokens)))


def in_batch(vectors: Floats, keys: Ints, temperature: float) -> tuple[float, Floats]:
    """Symmetric cross-entropy over in-batch negatives, and its gradient by the unnormalised vectors (2 n, d).

    Pairs of the same group are not each other's negatives.
    """
    units, norms = _units(vectors)
    size = len(keys)
    left, right = units[:size], units[size:]
    logits = left @ right.T / temperature
    same = keys[:, None] == keys[None, :]
    np.fill_diagonal(same, False)
    logits[same] = -1e9
    forward, backward = _softmax(logits), _softmax(logits.T)
    diagonal = np.arange(size)
    loss = (
        -np.log(forward[diagonal, diagonal] + 1e-12).mean() / 2
        - np.log(backward[diagonal, diagonal] + 1e-12).mean() / 2
    )
    slope = forward + backward.T
    slope[diagonal, diagonal] -= 2
    slope /= 2 * size * temperature
    return float(loss), _through_norm(units, norms, np.concatenate([slope @ right, slope.T @ left]))


def cosent(vectors: Floats, labels: Floats, temperature: float) -> tuple[float, Floats]:
    """log(1 + sum over pairs with a lower label than another of exp((lower's cosine - other's) / t)), and gradient."""
    units, norms = _units(vectors)
    size = len(labels)
    left, right = units[:size], units[size:]
    cosines = np.einsum("nd,nd->n", left, right) / temperature
    differences = np.where(labels[:, None] > labels[None, :], cosines[None, :] - cosines[:, None], -np.inf)
    highest = max(float(differences.max()), 0.0)
    terms = np.exp(differences - highest)
    total = float(terms.sum()) + np.exp(-highest)
    slope = (terms.sum(axis=0) - terms.sum(axis=1)) / total / temperature
    gradient = np.concatenate([slope[:, None] * right, slope[:, None] * left])
    return highest + float(np.log(total)), _through_norm(units, norms, gradient.astype(np.float32))


def _units(vectors: Floats) -> tuple[Floats, Floats]:
    norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors / norms, norms


def _through_norm(units: Floats, norms: Floats, gradient: Floats) -> Floats:
    return (gradient - units * np.einsum("nd,nd->n", units, gradient)[:, None]) / norms


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


if __name__ == "__main__":
    typer.run(main)
