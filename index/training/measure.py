"""How well a model finds the element that a passage teaches.

``python -m index.training.measure --data ../shared/train``

Queries are the expressions of grade 2 (by fold of their elements) and the quotes of labelled documents, targets the
texts of the elements of requirements and of the competencies Q05 to Q13. A quote that serves several elements counts by
the best placed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from corpora.expressions import load_expressions
from corpora.judgments import read_label_file
from corpora.standard_json import load_standard
from index.encoders import STATIC_MODEL, StaticEncoder
from index.protocols import Encoder
from index.training.corpus import Data
from index.training.pairs import CODE, fold_of

#: Element ids that a query should find.
Targets = Mapping[str, set[str]]

#: Ids of the elements that are told apart.
_SCOPE = re.compile(r"(C\d+\.R\d+|Q(0[5-9]|1[0-3]))\.")


def main(
    data: Data,
    model: Annotated[Path, typer.Option(help="folder of a static model")] = STATIC_MODEL,
    held_out: Annotated[int, typer.Option(help="fold of the expression bank that the model was not trained on")] = 0,
) -> None:
    """Print recall at 1 and 10 and the mean reciprocal rank."""
    encoder = StaticEncoder(model)
    scope = [element.id for element in load_standard(CODE).elements if _SCOPE.match(element.id)]
    folds: dict[bool, dict[str, set[str]]] = {True: {}, False: {}}
    for each in load_expressions(CODE):
        if each.grade == 2:
            folds[fold_of(each.element) == held_out].setdefault(each.text, set()).add(each.element)
    _report(f"expressions of fold {held_out}", encoder, folds[True], scope)
    _report("expressions of the other folds", encoder, folds[False], scope)
    for name in ("labels", "train/labels"):
        _report(f"quotes of gold/{name}", encoder, quotes(data.parent / "gold" / name), scope)


def quotes(folder: Path) -> dict[str, set[str]]:
    """Quotes of the elements of grade 2, with these elements."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.json")):
        for element, judgment in read_label_file(path).by_element.items():
            for quote in judgment.quotes if judgment.grade == 2 else ():
                found.setdefault(quote, set()).add(element)
    return found


def ranks(encoder: Encoder, targets: Targets, scope: list[str]) -> np.ndarray:
    """Rank, from 0, of the best placed target of each query among the elements of ``scope``."""
    texts = {element.id: element.text for element in load_standard(CODE).elements}
    place = {element: i for i, element in enumerate(scope)}
    wanted = {query: [place[e] for e in elements if e in place] for query, elements in targets.items()}
    queries = [query for query, places in wanted.items() if places]
    similarities = encoder.encode(queries) @ encoder.encode([texts[element] for element in scope]).T
    best = np.array([row[wanted[query]].max() for row, query in zip(similarities, queries, strict=True)])
    return (similarities > best[:, None]).sum(axis=1)


def _report(name: str, encoder: Encoder, targets: Targets, scope: list[str]) -> None:
    found = ranks(encoder, targets, scope)
    figures = (np.mean(found < 1), np.mean(found < 10), np.mean(1 / (found + 1)))
    typer.echo(f"{name} ({len(found)}): recall@1 {figures[0]:.3f}, recall@10 {figures[1]:.3f}, MRR {figures[2]:.3f}")


if __name__ == "__main__":
    typer.run(main)
