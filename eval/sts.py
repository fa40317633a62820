"""How well an encoder's cosines order labelled sentence pairs: ``python -m eval.sts --data ../shared/train/pairs``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import ArrayLike

from eval.records import read_records
from index.encoders import load_encoder
from index.protocols import Encoder, Vectors

#: Development sets measured by default. The built-in model is not trained on them.
SETS = ("stsb_zh.dev", "lcqmc.dev", "bq.dev", "afqmc.dev", "pawsx_zh.dev")

Pair = tuple[str, str, float]


def spearman(first: ArrayLike, second: ArrayLike) -> float:
    """Spearman's rank correlation, tied values sharing their mean rank; NaN when one side is constant.

    Spearman (1904), The Proof and Measurement of Association between Two Things.
    """
    ranks = [_ranks(np.asarray(values, dtype=np.float64)) for values in (first, second)]
    centred = [rank - rank.mean() for rank in ranks]
    scale = float(np.sqrt((centred[0] ** 2).sum() * (centred[1] ** 2).sum()))
    return float(centred[0] @ centred[1]) / scale if scale else float("nan")


def pair_similarities(encoder: Encoder, pairs: Sequence[Pair]) -> np.ndarray:
    """Cosine of the two texts of each pair, (n,)."""
    left = encoder.encode([pair[0] for pair in pairs])
    right = encoder.encode([pair[1] for pair in pairs])
    return np.einsum("nd,nd->n", left, right)


@dataclass(frozen=True)
class Leading:
    """An encoder whose vectors are cut to their leading components and normalised again."""

    encoder: Encoder
    dimension: int

    @property
    def fingerprint(self) -> str:
        """The whole encoder's, and the number of components."""
        return f"{self.encoder.fingerprint}-{self.dimension}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, dimension); zero where nothing is left."""
        cut = self.encoder.encode(texts)[:, : self.dimension]
        norms = np.linalg.norm(cut, axis=1, keepdims=True)
        return np.divide(cut, norms, out=np.zeros_like(cut), where=norms > 0)


def measure(encoder: Encoder, pairs: Sequence[Pair]) -> float:
    """Spearman's correlation between cosines and labels."""
    return spearman(pair_similarities(encoder, pairs), [pair[2] for pair in pairs])


def read_pairs(path: Path) -> list[Pair]:
    """Pairs of a ``.jsonl`` or ``.jsonl.zst`` file of objects with ``a``, ``b`` and a numeric ``label``.

    Raises
    ------
    UsageError : no such file.
    """
    return [(record["a"], record["b"], float(record["label"])) for record in read_records(path)]


def main(
    data: Annotated[Path, typer.Option(help="folder of the pairs")],
    encoder: Annotated[str, typer.Option(help="builtin, a folder or the name of a model")] = "builtin",
    sets: Annotated[str, typer.Option(help="names of the sets, separated by commas")] = ",".join(SETS),
    components: Annotated[int, typer.Option(help="leading components kept; 0 for all")] = 0,
) -> None:
    """Print Spearman x 100 for each set."""
    loaded = load_encoder(encoder)
    measured = Leading(loaded, components) if components else loaded
    for name in sets.split(","):
        pairs = read_pairs(data / f"{name}.jsonl.zst")
        typer.echo(f"{name}\t{len(pairs)}\t{100 * measure(measured, pairs):.1f}")


def _ranks(values: np.ndarray) -> np.ndarray:
    _, position, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((2 * ends - counts - 1) / 2)[position]


if __name__ == "__main__":
    typer.run(main)
