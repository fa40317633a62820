"""The audit on labelled plans: floors of the samples and of the real ones, and the measures themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from alignment.aligner import Aligner
from alignment.model import Reading, RuleVerdict
from corpora.bundle import join_documents
from corpora.parsers import read_document
from corpora.standard_json import load_standard
from eval.plan_truth import PlanTruth, load_truth, programme_of
from eval.plans import PlanScores, measure_plans, plans_json, plans_text, score_rules


def scores_of(folder: Path, documents: Path) -> list[PlanScores]:
    """The product's own audit of every plan of a folder."""
    aligner, standard = Aligner.default(), load_standard("530701")
    return measure_plans(lambda document: aligner.align(document, standard, kind="plan"), folder, documents)


def holds(plan: PlanScores) -> bool:
    """Whether rows, cells and rule verdicts reach the floors."""
    rows, rules = plan.rows, plan.rules
    read = rows.recall >= 0.98 and rows.precision >= 0.98 and rows.cell_accuracy >= 0.97
    return read and rules.agreed == rules.firm and rules.accepted == rules.named == rules.debatable


def test_samples_reach_the_floors(samples: Path) -> None:
    """Both sample plans are read whole and judged as their truth says, the second with its workbook."""
    plain, alone, joined = scores_of(samples / "plans", samples)
    assert holds(plain), plain
    assert holds(joined), joined
    assert not plain.contradictions_missed
    assert not joined.contradictions_missed
    assert (alone.rows.found, alone.rows.recall) == (0, 0.0)
    assert "recall 1.000" in plans_text([plain])
    assert [each["plan"] for each in plans_json([plain, joined])] == ["电子商务", "直播电商"]


@pytest.mark.shared
@pytest.mark.slow
def test_real_plans_reach_the_floors(shared: Path) -> None:
    """Every labelled real plan, alone and with its workbook."""
    found = scores_of(shared / "gold" / "plans", shared / "real" / "plans")
    assert len(found) >= 3
    assert [plan for plan in found if not holds(plan)] == []


def test_firm_rules_must_agree_and_debatable_ones_name_the_alternative() -> None:
    """A wrong firm verdict, a verdict nobody defends and an alternative that is not named are all told."""
    rules = {
        "NR01": {"verdict": "pass", "status": "firm"},
        "NR02": {"verdict": "fail", "status": "firm"},
        "NR05": {"verdict": "fail", "status": "debatable", "alt": [{"verdict": "pass"}]},
        "NR06": {"verdict": "fail", "status": "debatable", "alt": [{"verdict": "pass"}]},
    }
    truth = PlanTruth("T", {"file": "t.docx", "rules": rules, "other_rules": {}})
    other = Reading("另一种算法", "pass", 1, "")
    verdicts = {
        "NR01": RuleVerdict("NR01", "pass", 3, "", "must", ""),
        "NR02": RuleVerdict("NR02", "pass", 8, "", "should", ""),
        "NR05": RuleVerdict("NR05", "fail", 1, "", "must", "", readings=(other,)),
        "NR06": RuleVerdict("NR06", "fail", 1, "", "should", ""),
    }
    found = score_rules(truth, verdicts)
    assert (found.firm, found.agreed, found.debatable, found.accepted, found.named) == (2, 1, 2, 2, 1)
    assert [line[:4] for line in found.wrong] == ["NR02", "NR06"]


def test_the_truth_as_a_programme(samples: Path) -> None:
    """The truth's own rows make a programme, directions and shared cells as choices."""
    programme = programme_of(load_truth("直播电商", samples / "plans"))
    assert len(programme.schedule.courses) == 47
    assert [choice.kind for choice in programme.schedule.choices] == ["direction", "merged", "merged"]


def test_hours_of_a_plan_count_alternatives_once(samples: Path) -> None:
    """The document's hours are those of the audit: what the plan states, and its rows with choices once."""
    files = ["直播电商专业_人才培养方案.docx", "直播电商专业_教学进程表.xlsx"]
    document = join_documents([read_document(samples / name) for name in files])
    report = Aligner.default().align(document, load_standard("530701"), kind="plan")
    assert (report.document.hours.stated, report.document.hours.table_sum) == (2536, 2536)
