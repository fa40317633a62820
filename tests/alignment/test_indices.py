"""Webb's criteria and Porter's index on cases worked out by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from alignment.indices import porter, webb
from alignment.model import Evidence, Match
from corpora.document import Locator
from corpora.standard import Element

QUOTE = Evidence("原文", Locator(0, 2, 1), (), 0.5, "content")


def match(statement: str, grade: int, found: int | None, required: int = 4, quotes: int = 1) -> Match:
    """A match of one element of a statement."""
    element = Element(f"{statement}.e1", statement, "要素", "要素", (0, 2), "分析", required)
    return Match(element, grade, 0.9, 0.9, level_found=found, evidence=(QUOTE,) * quotes if grade else ())


def test_webb_counts_hits_depth_range_and_balance() -> None:
    """Two elements hit three and one times, one of them deep enough, out of four."""
    values = webb([match("R1", 2, 5, quotes=3), match("R2", 1, 2), match("R3", 0, None), match("R4", 0, None)])
    assert values["categorical_concurrence"] == 4
    assert values["depth_of_knowledge"] == 0.5
    assert values["range_of_knowledge"] == 0.5
    assert values["balance"] == pytest.approx(1 - (abs(0.5 - 0.75) + abs(0.5 - 0.25)) / 2)


def test_porter_is_one_for_equal_and_zero_for_disjoint_distributions() -> None:
    """The index compares the levels asked with the levels taught, cell by cell."""
    same = [match("R1", 2, 4), match("R2", 2, 3, required=3)]
    assert porter(same) == {"index": pytest.approx(1)}
    assert porter([replace(m, level_found=1) for m in same]) == {"index": pytest.approx(0)}
    half = [match("R1", 2, 4), match("R2", 0, None)]
    assert porter(half) == {"index": pytest.approx(0.5)}


def test_nothing_taught_has_no_porter_index() -> None:
    """Without any evidence the index is undefined, and Webb's shares are zero."""
    assert porter([match("R1", 0, None)]) is None
    assert webb([match("R1", 0, None)])["range_of_knowledge"] == 0
    assert webb([]) == {}


HASHED = """
from alignment.indices import porter
from alignment.model import Match
from corpora.standard import Element

def match(n):
    element = Element(f"R{n}.e1", f"R{n}", "要素", "要素", (0, 2), "分析", 1 + n % 5)
    return Match(element, 1 + n % 2, 0.9, 0.9, level_found=1 + n % 6)

print(repr(porter([match(n) for n in range(23)])["index"]))
"""


def test_porter_is_the_same_in_every_process() -> None:
    """Equal to the last bit, though the order of a set of words differs from process to process."""
    root = Path(__file__).resolve().parents[2]
    answers = {
        subprocess.run(
            [sys.executable, "-c", HASHED],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(1, 7)
    }
    assert len(answers) == 1
