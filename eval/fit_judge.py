"""Fit the shipped judge: ``python -m eval.fit_judge --data ../shared/gold --out alignment/data/judge.json``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from alignment.fitting import JudgeFitter, training_documents
from alignment.judge import SCHEMA
from corpora.standard_json import load_standard
from eval.experiment import Experiment
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


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="labelled folder with docs/, labels/ and train/")
    parser.add_argument("--out", type=Path, default=Path("alignment/data/judge.json"))
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(fit_judge(options.data), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
