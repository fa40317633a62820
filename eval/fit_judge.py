"""Fit the shipped judge and measure how far it agrees with reviewers.

``python -m eval.fit_judge --data ../shared/gold`` writes ``judge.json`` and ``agreement.json`` in ``alignment/data``.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from alignment.agreement import Agreement
from alignment.fitting import JudgeFitter, training_documents
from alignment.judge import SCHEMA, ShippedJudge, load_judge
from corpora.standard_json import load_standard
from eval.experiment import Experiment
from eval.measures import hit_at
from index.encoders import load_encoder


def fit_judge(data: Path, code: str = "530701") -> dict[str, object]:
    """Models fitted on every labelled document of ``data`` and ``data/train``, in the form that the judge loads."""
    experiment = Experiment.of(load_standard(code), load_encoder())
    labelled = [*experiment.read(data), *experiment.read(data / "train")]
    models = {}
    for name, prepared in (("bank", experiment.prepared), ("bankless", experiment.bankless)):
        documents = training_documents(prepared, labelled)
        fitter = JudgeFitter(prepared, experiment.encoder, bank=name == "bank").fit(documents)
        models[name] = fitter.model_.to_json()
    return {
        "schema": SCHEMA,
        "standard": code,
        "encoder": experiment.encoder.fingerprint,
        "documents": sorted(d.passages.segmented.document.sha256 for d in labelled),
        "models": models,
    }


def measure_agreement(data: Path, shipped: ShippedJudge, code: str = "530701") -> Agreement:
    """Figures of the documents of ``data``, each judged by models fitted on the others."""
    experiment = Experiment.of(load_standard(code), load_encoder())
    results = experiment.run(data, shipped)
    product = next(system for system in results.systems if system.system == "duibiao")
    at = {threshold: product.at(threshold) for threshold in (1, 2)}
    return Agreement(
        code,
        experiment.encoder.fingerprint,
        len(product.documents),
        sum(len(document.grades) for document in product.documents),
        round(product.kappa, 3),
        (round(at[1].precision, 3), round(at[1].recall, 3)),
        (round(at[2].precision, 3), round(at[2].recall, 3)),
        round(hit_at(3, results.details.evidence_ranks), 3),
    )


def main() -> None:
    """Fit, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="labelled folder with docs/, labels/ and train/")
    parser.add_argument("--out", type=Path, default=Path("alignment/data"), help="folder of the two files")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    judge = options.out / "judge.json"
    judge.write_text(json.dumps(fit_judge(options.data), indent=1) + "\n", encoding="utf-8")
    found = measure_agreement(options.data, load_judge(judge))
    (options.out / "agreement.json").write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
