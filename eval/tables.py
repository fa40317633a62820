"""Results as text for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from eval.agreement import FIGURES, Quality
from eval.elements import ElementMeasures
from eval.experiment import Results
from eval.reliability import (
    base_rate_brier,
    brier_score,
    diagram,
    equal_mass_bins,
    equal_width_bins,
    expected_calibration_error,
    selective,
)
from eval.resampling import Comparison, Interval

#: Names of the figures in tables, and of the two probabilities.
FIGURE_NAMES = {"f1_touched": "F1 grade>=1", "f1_covered": "F1 grade 2", "weighted_kappa": "weighted kappa"}
PROBABILITIES = {1: "touched", 2: "covered"}


def results_text(results: Results) -> str:
    """Tables of the systems, the documents, intervals, tests and further figures, and reliability diagrams."""
    how = "每份文档都由在其余文档上重新拟合的模型判定（留一法）" if results.refitted else "随产品发布的模型直接判定"
    head = f"标注集 {results.folder}，标准 {results.standard}，{len(results.product.documents)} 份文档；{how}"
    if results.unavailable:
        head += f"\n没有其余文档可供选取阈值，未计：{'、'.join(results.unavailable)}"
    parts = [
        head,
        _agreement_table("system", [(system.system, system) for system in results.systems]),
        _agreement_table("document (duibiao)", _by_document(results.product)),
        _interval_table(results.systems),
        _test_table(results),
        _table(
            ("further figures", "", "over"),
            [(r.name, _cell(r.value), f"{r.over} {r.unit}") for r in results.details.rows()],
        ),
        _calibration_table(results),
        *(
            "\n".join([f"p_{name}", *diagram(equal_width_bins(*results.details.calibration(threshold)))])
            for threshold, name in PROBABILITIES.items()
        ),
        _selective_table(results),
    ]
    return "\n\n".join(parts)


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (heading, *rows)]
    lines.insert(1, "|" + "---|" * len(heading))
    return "\n".join(lines)


def _cell(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _p(value: float | None) -> str:
    return "—" if value is None else f"{value:.4f}"


def _agreement_table(kind: str, rows: Sequence[tuple[str, Quality]]) -> str:
    heading = (kind, "F1 grade>=1", "P", "R", "F1 grade 2", "P", "R", "weighted kappa")
    return _table(heading, [(name, *map(_cell, _agreement(quality))) for name, quality in rows])


def _agreement(quality: Quality) -> tuple[float, ...]:
    touched, covered = quality.at(1), quality.at(2)
    sides = (touched.f1, touched.precision, touched.recall, covered.f1, covered.precision, covered.recall)
    return (*sides, quality.kappa)


def _by_document(quality: Quality) -> list[tuple[str, Quality]]:
    return [(document.name, Quality(quality.system, (document,))) for document in quality.documents]


def _interval_table(systems: Sequence[Quality]) -> str:
    names = [FIGURE_NAMES[figure] for figure in FIGURES]
    heading = (
        "pooled and mean over documents [95 %]",
        *(f"{name}, {how}" for name in names for how in ("pooled", "mean")),
    )
    rows = [
        (s.system, *(_span(each) for figure in FIGURES for each in (s.pooled(figure), s.mean(figure)))) for s in systems
    ]
    return _table(heading, rows)


def _span(interval: Interval | None) -> str:
    if interval is None:
        return _cell(None)
    if interval.low is None:
        return _cell(interval.value)
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def _tests(results: Results) -> list[tuple[str, str, Comparison]]:
    return [
        (system.system, figure, results.product.against(system, figure))
        for system in results.systems[:-1]
        for figure in FIGURES
    ]


def _test_table(results: Results) -> str:
    tests = _tests(results)
    rows = [
        (system, FIGURE_NAMES[figure], _span(test.difference), *(_p(p) for p in (test.p_bootstrap, test.p_exchange)))
        for system, figure, test in tests
    ]
    table = _table(("duibiao less", "figure", "difference [95 %]", "p, bootstrap", "p, exact exchange"), rows)
    count = len(results.product.documents)
    least = f"以文档为单位成对检验；{count} 份文档时，精确检验的 p 最小可到 {tests[0][2].smallest:.4f}" if tests else ""
    return f"{table}\n\n{least}".rstrip()


def _calibration(results: Results, threshold: int) -> dict[str, float | None]:
    truth, values = results.details.calibration(threshold)
    return {
        "ece_equal_width": expected_calibration_error(equal_width_bins(truth, values)),
        "ece_equal_mass": expected_calibration_error(equal_mass_bins(truth, values)),
        "brier": brier_score(truth, values),
        "brier_of_base_rate": base_rate_brier(truth),
    }


def _calibration_table(results: Results) -> str:
    rows = [
        (f"p_{name}", *map(_cell, _calibration(results, threshold).values()))
        for threshold, name in PROBABILITIES.items()
    ]
    return _table(("calibration", "ECE, equal width", "ECE, equal mass", "Brier", "Brier of the base rate"), rows)


def _selective_table(results: Results) -> str:
    rows = [
        (s.name, *map(_cell, (s.aside, s.accuracy, s.kappa, s.errors))) for s in selective(results.details.decisions)
    ]
    heading = ("set aside", "share", "exact grade of the rest", "weighted kappa of the rest", "errors set aside")
    return _table(heading, rows)


def results_json(results: Results, elements: ElementMeasures) -> dict[str, Any]:
    """The same figures and those of the automatic element cuts, machine readable."""
    cuts = elements.overall
    return {
        "set": results.folder,
        "standard": results.standard,
        "leave_one_out": results.refitted,
        "unavailable": list(results.unavailable),
        "systems": {system.system: _figures(system) for system in results.systems},
        "documents": {name: _point_figures(quality) for name, quality in _by_document(results.product)},
        "tests": [{"against": s, "figure": f, **asdict(test)} for s, f, test in _tests(results)],
        "details": {row.name: row.value for row in results.details.rows()},
        "counts": {row.name: {"n": row.over, "of": row.unit} for row in results.details.rows()},
        "calibration": {name: _calibration_json(results, threshold) for threshold, name in PROBABILITIES.items()},
        "selective": [asdict(each) for each in selective(results.details.decisions)],
        "seconds": dict(zip((d.name for d in results.product.documents), results.details.seconds, strict=False)),
        "element_cuts": {
            "precision": cuts.precision,
            "recall": cuts.recall,
            "f1": cuts.f1,
            "verb_accuracy": cuts.verb_accuracy,
            "level_accuracy": cuts.level_accuracy,
        },
    }


def _point_figures(quality: Quality) -> dict[str, float]:
    names = ("f1_touched", "p_touched", "r_touched", "f1_covered", "p_covered", "r_covered", "weighted_kappa")
    return dict(zip(names, _agreement(quality), strict=True))


def _figures(quality: Quality) -> dict[str, Any]:
    means = {figure: quality.mean(figure) for figure in FIGURES}
    return {
        **_point_figures(quality),
        "pooled": {figure: asdict(quality.pooled(figure)) for figure in FIGURES},
        "mean": {figure: mean and asdict(mean) for figure, mean in means.items()},
        "documents": {name: _point_figures(each) for name, each in _by_document(quality)},
    }


def _calibration_json(results: Results, threshold: int) -> dict[str, Any]:
    truth, values = results.details.calibration(threshold)
    return {
        **_calibration(results, threshold),
        "equal_width": [asdict(each) for each in equal_width_bins(truth, values)],
        "equal_mass": [asdict(each) for each in equal_mass_bins(truth, values)],
    }
