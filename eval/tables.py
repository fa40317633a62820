"""Results as text for people and as JSON for programs."""

from __future__ import annotations

from typing import Any

from eval.elements import ElementMeasures
from eval.experiment import Quality, Results


def results_text(results: Results) -> str:
    """The table of systems, the product document by document, and its further figures."""
    how = "每份文档都由在其余文档上重新拟合的模型判定（留一法）" if results.refitted else "随产品发布的模型直接判定"
    lines = [f"标注集 {results.folder}，标准 {results.standard}，{len(results.systems[0].documents)} 份文档；{how}", ""]
    lines += [
        "| system | F1 grade>=1 | P | R | F1 grade 2 | P | R | weighted kappa |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(system.system, system) for system in results.systems]
    lines += ["", "| document (duibiao) | F1 grade>=1 | P | R | F1 grade 2 | P | R | weighted kappa |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    product = results.systems[-1]
    lines += [_row(d.name, Quality(product.system, (d,))) for d in product.documents]
    lines += ["", "| further figures | |", "|---|---|"]
    lines += [f"| {name} | {value:.3f} |" for name, value in results.details.rows()]
    return "\n".join(lines)


def _row(name: str, quality: Quality) -> str:
    touched, covered = quality.at(1), quality.at(2)
    figures = (touched.f1, touched.precision, touched.recall, covered.f1, covered.precision, covered.recall)
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in (*figures, quality.kappa)) + " |"


def results_json(results: Results, elements: ElementMeasures) -> dict[str, Any]:
    """The same figures and those of the automatic element cuts, machine readable."""
    cuts = elements.overall
    return {
        "set": results.folder,
        "standard": results.standard,
        "leave_one_out": results.refitted,
        "systems": {system.system: _figures(system) for system in results.systems},
        "documents": {d.name: _figures(Quality("", (d,))) for d in results.systems[-1].documents},
        "details": dict(results.details.rows()),
        "element_cuts": {
            "precision": cuts.precision,
            "recall": cuts.recall,
            "f1": cuts.f1,
            "verb_accuracy": cuts.verb_accuracy,
            "level_accuracy": cuts.level_accuracy,
        },
    }


def _figures(quality: Quality) -> dict[str, float]:
    touched, covered = quality.at(1), quality.at(2)
    return {"f1_touched": touched.f1, "f1_covered": covered.f1, "weighted_kappa": quality.kappa}
