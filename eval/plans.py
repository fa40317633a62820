"""Quality of the programme-plan audit on labelled plans: rows, cells, rule verdicts, contradictions, courses.

``python -m eval.plans [--folder GOLD/plans] [--documents FOLDER] [--details]``, also a part of ``duibiao eval``.
The audit is the product's own (``Aligner.align(kind="plan")``); nothing is taken from the truth.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from alignment.model import GapReport, RuleVerdict
from alignment.programme.model import Contradiction, CourseMatch
from corpora.bundle import join_documents
from corpora.document import Document
from corpora.parsers import read_document
from corpora.programme.majors import split_majors
from eval.plan_rows import RowScores, flat, score_rows
from eval.plan_truth import DEFAULT_FOLDER, PlanTruth, load_truths

Align = Callable[[Document], GapReport]

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NAME = re.compile(r"[一-鿿A-Za-z]{4,}")


@dataclass(frozen=True)
class RuleScores:
    """Rule verdicts beside the truth.

    ``firm``: rules with one defensible verdict, ``agreed`` of them as the truth has it. ``debatable``: rules with
    several, ``accepted`` of them with one of these, ``named`` with every other one among the readings.
    """

    firm: int
    agreed: int
    debatable: int
    accepted: int
    named: int
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanScores:
    """Everything measured on one plan, as given (``files``)."""

    name: str
    files: tuple[str, ...]
    seconds: float
    rows: RowScores
    rules: RuleScores
    contradictions: int
    contradictions_found: tuple[str, ...]
    contradictions_missed: tuple[str, ...]
    contradictions_new: tuple[str, ...]
    courses: int
    courses_agreed: int
    courses_wrong: tuple[str, ...]


def measure_plans(align: Align, folder: Path = DEFAULT_FOLDER, documents: Path | None = None) -> list[PlanScores]:
    """Audit every labelled plan of a folder; a plan with a workbook is audited without and with it."""
    documents = documents or _documents(folder)
    scores = []
    for truth in load_truths(folder):
        for count in range(1, len(truth.files) + 1):
            files = truth.files[:count]
            started = perf_counter()
            read = [read_document(documents / name) for name in files]
            report = align(join_documents(read, before=split_majors(read[0])[0].annex_start))
            scores.append(score_plan(truth, files, report, perf_counter() - started))
    return scores


def _documents(folder: Path) -> Path:
    """Where the plans of a folder of truths lie: the real ones beside the labelled set, samples one folder up."""
    real = folder.resolve().parents[1] / "real" / "plans"
    return real if real.is_dir() else folder.parent


def score_plan(truth: PlanTruth, files: Sequence[str], report: GapReport, seconds: float = 0.0) -> PlanScores:
    """One audit beside its truth.

    Raises
    ------
    ValueError : the report is none of a programme plan.
    """
    audit = report.programme
    if audit is None:
        raise ValueError("the report holds no programme audit")
    expected = truth.data["contradictions"]
    met = {raw["id"]: _met(raw["what"], audit.contradictions) for raw in expected}
    used = {number for numbers in met.values() for number in numbers}
    wrong = _wrong_courses(truth.data["foundation_and_core"], {m.statement.id: m for m in audit.courses})
    return PlanScores(
        name=truth.id,
        files=tuple(files),
        seconds=seconds,
        rows=score_rows(truth, audit.programme.schedule.courses),
        rules=score_rules(truth, {rule.id: rule for rule in report.rules}),
        contradictions=len(expected),
        contradictions_found=tuple(id for id, numbers in met.items() if numbers),
        contradictions_missed=tuple(f"{raw['id']} {raw['what']}" for raw in expected if not met[raw["id"]]),
        contradictions_new=tuple(c.what for n, c in enumerate(audit.contradictions) if n not in used),
        courses=len(truth.data["foundation_and_core"]),
        courses_agreed=len(truth.data["foundation_and_core"]) - len(wrong),
        courses_wrong=wrong,
    )


def score_rules(truth: PlanTruth, verdicts: dict[str, RuleVerdict]) -> RuleScores:
    """Verdicts beside the truth's, rule by rule; a rule without a verdict is wrong."""
    firm = agreed = debatable = accepted = named = 0
    wrong: list[str] = []
    for id, raw in truth.rules.items():
        found = verdicts.get(id)
        said = found.verdict if found else "(none)"
        others = {alt["verdict"] for alt in raw.get("alt", [])}
        if raw["status"] == "firm":
            firm += 1
            agreed += said == raw["verdict"]
            if said != raw["verdict"]:
                wrong.append(f"{id} {raw['verdict']} / {said}: {found.arithmetic if found else ''}")
            continue
        debatable += 1
        allowed = {raw["verdict"], *others}
        read = {said, *(reading.verdict for reading in (found.readings if found else ()))}
        accepted += said in allowed
        named += allowed <= read
        if said not in allowed or not allowed <= read:
            wrong.append(f"{id} {' or '.join(sorted(allowed))} / {said}, readings {sorted(read)}")
    return RuleScores(firm, agreed, debatable, accepted, named, tuple(wrong))


def _met(what: str, found: Sequence[Contradiction]) -> tuple[int, ...]:
    """Which findings are about the same.

    They share two numbers of two digits or more, two names (of four letters or more), or a name and such a number or
    any two numbers.
    """
    numbers, names = set(_NUMBER.findall(what)), set(_NAME.findall(what))
    met = []
    for position, finding in enumerate(found):
        text = f"{finding.what} {finding.arithmetic} {' '.join(e.quote for e in finding.evidence)}"
        shared = numbers & set(_NUMBER.findall(text))
        long = sum(len(number) > 1 for number in shared)
        named = sum(flat(name) in flat(text) for name in names)
        if long >= 2 or named >= 2 or (named and (long or len(shared) >= 2)):
            met.append(position)
    return tuple(met)


def _wrong_courses(expected: dict[str, dict[str, Any]], matches: dict[str, CourseMatch]) -> tuple[str, ...]:
    wrong = []
    for id, raw in expected.items():
        match = matches.get(id)
        status = match.status if match else "(none)"
        names = [flat(hit.name) for hit in match.hits] if match else []
        wanted = flat(raw.get("course") or "")
        named = not wanted or status == "absent" or any(name in wanted for name in names)
        if status != raw["status"] or not named:
            wrong.append(f"{id} {raw['status']} ({raw.get('course')}) / {status} {names[:3]}")
    return tuple(wrong)


def plans_text(scores: Sequence[PlanScores], details: bool = False) -> str:
    """The measurements as lines of text; ``details`` lists what differs."""
    lines = ["Programme plans (audit against the truth read by people)"]
    for plan in scores:
        rows, rules = plan.rows, plan.rules
        lines += [
            f"{plan.name} ({len(plan.files)} file{'s' * (len(plan.files) > 1)}, {plan.seconds:.1f} s)",
            f"  rows recall {rows.recall:.3f} precision {rows.precision:.3f} ({rows.matched} of {rows.truth}, "
            f"{rows.found} read)   cells {rows.cell_accuracy:.3f} ({rows.right} of {rows.cells})",
            f"  rules: firm {rules.agreed} of {rules.firm}   debatable {rules.accepted} of {rules.debatable}, "
            f"alternative named {rules.named} of {rules.debatable}",
            f"  contradictions {len(plan.contradictions_found)} of {plan.contradictions} "
            f"({len(plan.contradictions_new)} more)   courses {plan.courses_agreed} of {plan.courses}",
        ]
        if details:
            lines += _details(plan)
    return "\n".join(lines)


def plans_json(scores: Sequence[PlanScores]) -> list[dict[str, Any]]:
    """The same figures, machine readable."""
    return [
        {
            "plan": plan.name,
            "files": list(plan.files),
            "seconds": round(plan.seconds, 2),
            "rows": {"recall": plan.rows.recall, "precision": plan.rows.precision, "cells": plan.rows.cell_accuracy},
            "rules": {key: value for key, value in asdict(plan.rules).items() if key != "wrong"},
            "contradictions": {
                "truth": plan.contradictions,
                "found": list(plan.contradictions_found),
                "more": len(plan.contradictions_new),
            },
            "courses": {"truth": plan.courses, "agreed": plan.courses_agreed},
        }
        for plan in scores
    ]


def _details(plan: PlanScores) -> list[str]:
    parts = {
        "cells that differ": plan.rows.wrong,
        "rows missed": plan.rows.missed,
        "rows not in the truth": plan.rows.invented,
        "rules that differ": plan.rules.wrong,
        "contradictions missed": plan.contradictions_missed,
        "contradictions not in the truth": plan.contradictions_new,
        "courses that differ": plan.courses_wrong,
    }
    return [line for name, items in parts.items() if items for line in (f"  {name}:", *(f"    {i}" for i in items))]


def main() -> None:
    """Measure from the command line."""
    from alignment.aligner import Aligner
    from corpora.standard_json import load_standard

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--standard", default="530701")
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    aligner, standard = Aligner.default(), load_standard(options.standard)
    scores = measure_plans(lambda d: aligner.align(d, standard, kind="plan"), options.folder, options.documents)
    print(plans_text(scores, options.details))


if __name__ == "__main__":
    main()
