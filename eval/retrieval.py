"""Finding the passage that answers a question: ``python -m eval.retrieval --data ../shared/train/pairs``.

The corpus of a set is its distinct passages, each question is a query with one right passage. Sets: CMRC 2018 (Cui et
al., A Span-Extraction Dataset for Chinese Machine Reading Comprehension, EMNLP 2019) and DRCD (Shao et al., DRCD: a
Chinese Machine Reading Comprehension Dataset, 2018). Systems: BM25 (Robertson & Zaragoza 2009), best cosine of a
sentence by FAISS, and both fused, by reciprocal ranks (Cormack, Clarke & Büttcher 2009) and by a weighted sum of
similarities scaled to 0..1 (Bruch, Gai & Ingber 2023).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from corpora.errors import UsageError
from corpora.tokens import search_tokens
from eval.records import read_records
from index.distinct import first_of_each
from index.encoders import load_encoder
from index.faiss_backend import FaissBackend
from index.fusion import reciprocal_rank_fusion, weighted_fusion
from index.lexical import Bm25
from index.protocols import NO_ROW, Encoder, Hits

#: Sets measured by default. The built-in model is trained on no question of theirs.
SETS = ("cmrc2018.trial", "drcd.dev")
#: Share of BM25 in the weighted sum, of .1, .2 … .9 the best on the first set; the second set had no say.
LEXICAL_WEIGHT = 0.6
#: Rank at which the measures stop, and how many passages each system gives to fusion.
CUT, DEPTH = 10, 100
#: How many sentences of all passages are found before each passage is left with its best.
SENTENCES = 1000

_SENTENCE = re.compile(r"[^。！？；!?;]+[。！？；!?;]?")


@dataclass(frozen=True)
class Questions:
    """A set.

    Parameters
    ----------
    passages : distinct texts.
    queries : questions.
    answers : (queries,), position of the passage that answers each.
    """

    passages: list[str]
    queries: list[str]
    answers: np.ndarray


@dataclass(frozen=True)
class Figures:
    """What one system reaches.

    Parameters
    ----------
    reciprocal_rank : mean of 1 / rank of the right passage, 0 beyond ``CUT`` (Voorhees, TREC-8 QA track, 1999).
    recall : share of the queries whose right passage is among the first ``CUT``.
    """

    reciprocal_rank: float
    recall: float


def read_questions(path: Path) -> Questions:
    """The questions of a ``.jsonl`` or ``.jsonl.zst`` file of objects with ``query`` and ``pos``, the right passage.

    Raises
    ------
    UsageError : no such file, or a file without questions.
    """
    rows = [(record["query"], record["pos"]) for record in read_records(path)]
    if not rows:
        raise UsageError("数据文件里没有问题", where=str(path), advice="请用 --data 指出问答数据所在的文件夹")
    places: dict[str, int] = {}
    answers = [places.setdefault(passage, len(places)) for _, passage in rows]
    return Questions(list(places), [query for query, _ in rows], np.array(answers))


def systems(encoder: Encoder, questions: Questions, weight: float = LEXICAL_WEIGHT) -> dict[str, Hits]:
    """The first passages for each query, by system.

    Parameters
    ----------
    weight : of BM25 in the weighted sum, 0..1.
    """
    lexical = Bm25.from_texts(questions.passages).search([search_tokens(query) for query in questions.queries], DEPTH)
    dense = by_sentence(encoder, questions)
    return {
        "bm25": lexical,
        "dense": dense,
        "hybrid, ranks": reciprocal_rank_fusion([lexical, dense], DEPTH),
        "hybrid, similarities": weighted_fusion([lexical, dense], [weight, 1 - weight], DEPTH),
    }


def by_sentence(encoder: Encoder, questions: Questions) -> Hits:
    """Passages by the cosine of their best sentence (MaxP of Dai & Callan, SIGIR 2019), found among ``SENTENCES``."""
    cut = [_SENTENCE.findall(passage) or [passage] for passage in questions.passages]
    owners = np.repeat(np.arange(len(cut)), [len(sentences) for sentences in cut])
    backend = FaissBackend(encoder.dimension)
    backend.add(np.arange(len(owners)), encoder.encode([sentence for sentences in cut for sentence in sentences]))
    hits = backend.search(encoder.encode(questions.queries), SENTENCES)
    found = first_of_each(hits, owners[hits.ids], DEPTH)
    return Hits(np.where(found.ids == NO_ROW, NO_ROW, owners[found.ids]), found.similarities)


def figures(hits: Hits, answers: Sequence[int] | np.ndarray) -> Figures:
    """Mean reciprocal rank and recall within the first ``CUT`` passages, one right passage a query."""
    right = hits.ids[:, :CUT] == np.asarray(answers)[:, None]
    gains = right / (1 + np.arange(right.shape[1]))
    return Figures(float(gains.sum(axis=1).mean()), float(right.any(axis=1).mean()))


def main(
    data: Annotated[Path, typer.Option(help="folder of the sets")],
    encoder: Annotated[str, typer.Option(help="builtin, a folder or the name of a model")] = "builtin",
    sets: Annotated[str, typer.Option(help="names of the sets, separated by commas")] = ",".join(SETS),
    weight: Annotated[float, typer.Option(min=0, max=1, help="of BM25 in the sum of similarities")] = LEXICAL_WEIGHT,
) -> None:
    """Print MRR@10 and recall@10 of each system on each set."""
    loaded = load_encoder(encoder)
    for name in sets.split(","):
        questions = read_questions(data / f"{name}.jsonl.zst")
        typer.echo(f"{name}: {len(questions.queries)} questions, {len(questions.passages)} passages")
        for system, hits in systems(loaded, questions, weight).items():
            found = figures(hits, questions.answers)
            typer.echo(f"  {system:<22}MRR@{CUT} {found.reciprocal_rank:.4f}  recall@{CUT} {found.recall:.4f}")


if __name__ == "__main__":
    typer.run(main)
