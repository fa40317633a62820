"""The engine on the rows and figures that people read from real plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from alignment.programme.rules import judge_rules
from corpora.standard_json import load_standard
from eval.plan_truth import load_truth, programme_of

#: Rules that the truth's rows and totals decide, without the running text.
COUNTED = ["NR01", "NR02", "NR03", "NR04", "NR05", "NR06", "NR07", "NR08", "NR09"]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["P1", "P4"])
def test_counted_rules_agree_with_the_labels(shared: Path, name: str) -> None:
    """Firm verdicts are the same; of debatable ones every defensible verdict is named."""
    truth = load_truth(name, shared / "gold" / "plans")
    found = {v.id: v for v in judge_rules(programme_of(truth), load_standard("530701"))}
    for id in COUNTED:
        expected, verdict = truth.rules[id], found[id]
        if expected["status"] == "firm":
            assert verdict.verdict == expected["verdict"], id
        else:
            allowed = {expected["verdict"], *(other["verdict"] for other in expected["alt"])}
            assert verdict.verdict in allowed, id
            assert allowed <= {verdict.verdict, *(r.verdict for r in verdict.readings)}, id
