"""Fits the probability that a course of a plan serves a course of the standard, for names that no data file knows.

``python -m eval.fit_courses [--folder GOLD/plans] [--documents FOLDER]`` prints the constants of
``alignment.programme.courses.features.MODEL`` and what a fit on the other plans is worth on each plan. Pairs are every
foundation or core course of the standard with every course of a labelled plan; right are those that its truth names.
There are few right ones, so there are three features and a ridge.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alignment.aligner import Aligner
from alignment.logistic import LogisticModel
from alignment.programme.courses.content import read_course_texts, texts_by_course
from alignment.programme.courses.features import PAIR_FEATURES, CoursePairs, compare_courses
from alignment.programme.courses.names import plain_name
from corpora.parsers import read_document
from corpora.standard_json import load_standard
from eval.plan_truth import DEFAULT_FOLDER, PlanTruth, load_truths, programme_of

Floats = NDArray[np.float64]

#: Weight of the squared coefficients of the standardised features.
RIDGE = 1.0
_LISTED = re.compile(r"\s*[;；]\s*")


def labelled_pairs(truth: PlanTruth, documents: Path, aligner: Aligner, code: str) -> tuple[CoursePairs, Floats]:
    """The pairs of one plan, and (S, C) 1 for the right ones."""
    standard = load_standard(code)
    programme = programme_of(truth, read_document(documents / truth.files[0]))
    statements = standard.of_kind("foundation_course", "core_course")
    names = [course.name for course in programme.schedule.courses]
    texts = texts_by_course(programme, read_course_texts(programme))
    pairs = compare_courses(statements, names, texts, aligner.encoder, aligner.prepare(standard), code)
    right = np.zeros(pairs.equal.shape)
    for row, statement in enumerate(statements):
        said: dict[str, Any] = truth.data["foundation_and_core"][statement.id]
        wanted = {plain_name(name) for name in _LISTED.split(said.get("course") or "")}
        if said["status"] != "absent":
            right[row] = [plain_name(name) in wanted for name in names]
    return pairs, right


def fit(features: Floats, right: Floats, steps: int = 50) -> LogisticModel:
    """Ridge logistic regression by Newton's method on standardised features (n, F) and labels (n,)."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale[scale == 0] = 1
    rows = np.column_stack([(features - mean) / scale, np.ones(len(features))])
    penalty = np.diag([RIDGE] * features.shape[1] + [0.0])
    weights = np.zeros(rows.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (chance - right) + penalty @ weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + penalty + 1e-6 * np.eye(len(weights))
        weights = weights - np.linalg.solve(curve, slope)
    single = [np.asarray(v, np.float32) for v in (mean, scale, weights[:-1])]
    return LogisticModel(PAIR_FEATURES, single[0], single[1], single[2], float(weights[-1]))


def worth(model: LogisticModel, features: Floats, right: Floats) -> str:
    """Right ones found, wrong ones named, and log loss per pair, in words."""
    chance = model.probabilities(features.astype(np.float32)).astype(float)
    named = chance >= 0.5
    loss = -np.mean(np.where(right > 0, np.log(np.maximum(chance, 1e-9)), np.log(np.maximum(1 - chance, 1e-9))))
    return (
        f"{int(right[named].sum())} of {int(right.sum())} found, {int((1 - right[named]).sum())} wrong, loss {loss:.4f}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and report from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--standard", default="530701")
    options = parser.parse_args(arguments)
    documents = options.documents or options.folder.parents[1] / "real" / "plans"
    aligner = Aligner.default()
    flat = {}
    for truth in load_truths(options.folder):
        pairs, right = labelled_pairs(truth, documents, aligner, options.standard)
        flat[truth.id] = (pairs.features.reshape(-1, len(PAIR_FEATURES)).astype(float), right.ravel())
        known = np.array([[bool(said) for said in row] for row in pairs.known])
        told = ", ".join(
            f"{word} {int(right[mask].sum())} of {int(mask.sum())}"
            for word in ("same", "part")
            if (mask := known & np.array([[said == word for said in row] for row in pairs.known])).any()
        )
        print(f"{truth.id}: {len(flat[truth.id][1])} pairs, {int(right.sum())} right; known to the data files: {told}")
    for name in flat:
        others = [flat[other] for other in flat if other != name]
        if others:
            model = fit(np.concatenate([f for f, _ in others]), np.concatenate([r for _, r in others]))
            print(f"{name}, fitted on the others: {worth(model, *flat[name])}")
    model = fit(np.concatenate([f for f, _ in flat.values()]), np.concatenate([r for _, r in flat.values()]))
    print(model.to_json())


if __name__ == "__main__":
    main()
