"""Stage 2: word vectors before any supervision: co-occurrence counts, positive PMI, truncated eigendecomposition.

Levy, Goldberg and Dagan (2015), Improving Distributional Similarity with Lessons Learned from Word Embeddings: a window
with linearly falling weights, frequent words subsampled before the window is laid, context distribution smoothed by
0.75, unweighted eigenvectors (their p = 0). Randomised subspace iteration after Halko, Martinsson and Tropp (2011).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import scipy.sparse as sparse  # type: ignore[import-untyped]
import typer
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.training.corpus import Data, Out, documents, records, weight
from index.training.vocabulary import TEXT_FIELDS

Floats = NDArray[np.float32]

WINDOW = 5
SUBSAMPLE = 2e-4  # a word more frequent than this share of the text is thinned out
SMOOTHING = 0.75
CHUNK = 3_000_000


def main(data: Data, out: Out, dimension: int = 256, seed: int = 7) -> None:
    """Write ``corpus.npy`` (token ids, -1 between lines), ``counts.npy`` (occurrences per id) and ``vectors.npy``."""
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    size = tokenizer.get_vocab_size()
    ids = token_stream(tokenizer, data)
    counts = np.bincount(ids[ids > 0], minlength=size)
    np.save(out / "counts.npy", counts)
    typer.echo(f"{len(ids)} tokens read")
    generator = np.random.default_rng(seed)
    matrix = ppmi(cooccurrences(thin(ids, counts, generator), size))
    typer.echo(f"{matrix.nnz} cells of positive PMI")
    np.save(out / "vectors.npy", eigenvectors(matrix, dimension, generator))


def token_stream(tokenizer: Tokenizer, data: Path) -> NDArray[np.int32]:
    """Ids of the whole sampled text, -1 after each line."""
    lines = _lines(data)
    parts: list[NDArray[np.int32]] = []
    while batch := list(islice(lines, 20_000)):
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            parts.append(np.array([*encoding.ids, -1], dtype=np.int32))
        parts = [np.concatenate(parts)]
    return parts[0]


def thin(ids: NDArray[np.int32], counts: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int32]:
    """Drop unknown tokens, and occurrences of frequent ones at random (word2vec's keeping rate sqrt(t / f))."""
    share = np.maximum(counts, 1) / counts.sum()
    keep = np.minimum(1, np.sqrt(SUBSAMPLE / share))
    keep[0] = 0
    kept = np.where(ids >= 0, keep[ids], 1) >= generator.random(len(ids), dtype=np.float32)
    return ids[kept]


def cooccurrences(ids: NDArray[np.int32], size: int) -> sparse.csr_matrix:
    """Symmetric weighted counts (size, size) of pairs at most ``WINDOW`` apart in one line."""
    line = np.cumsum(ids < 0, dtype=np.int32)
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for start in range(0, len(ids), CHUNK):
        piece = slice(start, start + CHUNK + WINDOW)
        total = total + _window_counts(ids[piece], line[piece], size)
    total.data[total.data < 0.5] = 0  # seen once, far apart
    total.eliminate_zeros()
    return (total + total.T).tocsr()


def ppmi(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information with a smoothed context distribution, averaged over both directions."""
    occurrences = np.asarray(counts.sum(axis=1)).ravel() + 1e-9
    smoothed = occurrences**SMOOTHING
    # log n_ij / (n_i p_j), p_j = n_j^0.75 / sum; the mean over both directions keeps the matrix symmetric
    half = (np.log(occurrences) + np.log(smoothed / smoothed.sum())) / 2
    result = counts.tocoo()
    values = np.log(result.data) - half[result.row] - half[result.col]
    positive = values > 0
    cells = (result.row[positive], result.col[positive])
    return sparse.csr_matrix((values[positive].astype(np.float32), cells), shape=counts.shape)


def eigenvectors(matrix: sparse.csr_matrix, dimension: int, generator: np.random.Generator) -> Floats:
    """Leading eigenvectors (size, dimension), unweighted, of a symmetric matrix by randomised subspace iteration."""
    basis = generator.standard_normal((matrix.shape[0], dimension + 32), dtype=np.float32)
    for _ in range(4):
        basis, _ = np.linalg.qr(matrix @ basis)
    values, rotation = np.linalg.eigh(basis.T @ (matrix @ basis))
    best = np.argsort(-np.abs(values))[:dimension]
    return (basis @ rotation[:, best]).astype(np.float32)


def _window_counts(ids: NDArray[np.int32], line: NDArray[np.int32], size: int) -> sparse.csr_matrix:
    rows, columns, weights = [], [], []
    for distance in range(1, WINDOW + 1):
        left, right = slice(0, CHUNK), slice(distance, distance + CHUNK)
        near, far = ids[left][: len(ids[right])], ids[right]
        together = (line[left][: len(far)] == line[right]) & (near >= 0) & (far >= 0)
        rows.append(near[together])
        columns.append(far[together])
        weights.append(np.full(len(rows[-1]), (WINDOW + 1 - distance) / WINDOW, dtype=np.float32))
    cells = (np.concatenate(rows), np.concatenate(columns))
    return sparse.coo_matrix((np.concatenate(weights), cells), shape=(size, size)).tocsr()


def _lines(data: Path) -> Iterator[str]:
    for name, document in documents(data):
        for _ in range(weight(name)):
            yield from document
    for path in sorted((data / "pairs").glob("*.jsonl.zst")):
        for record in records(path):
            yield from (str(record[field]) for field in TEXT_FIELDS if field in record)


if __name__ == "__main__":
    typer.run(main)
