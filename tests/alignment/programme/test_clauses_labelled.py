"""Provisions against labelled sentences, each as the whole of a plan: is a sentence rightly taken for a proof?"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from alignment.aligner import Aligner
from alignment.passages import read_passages
from alignment.programme.clauses.judge import judge_clauses
from corpora.segments import segment
from corpora.standard import Standard
from tests.alignment.programme.written import plan

FILE = Path(__file__).parent / "data" / "clauses.jsonl"
PAIRS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def grades(aligner: Aligner, ecommerce: Standard) -> Counter[tuple[int, int]]:
    """How often each (labelled, judged) pair of grades occurs."""
    prepared, found = aligner.prepare(ecommerce), Counter[tuple[int, int]]()
    for pair in PAIRS:
        programme = plan(f"# 实施保障\n## {pair['under']}\n{pair['text']}")
        passages = read_passages(segment(programme.document), aligner.encoder)
        findings = judge_clauses(programme, ecommerce, prepared, passages, aligner.encoder)
        grade = next(finding.grade for finding in findings if finding.statement.id == pair["id"])
        found[pair["grade"], grade] += 1
    return found


def share(grades: Counter[tuple[int, int]], of: int, least: int) -> float:
    """Of the pairs whose grade at position ``of`` is at least ``least``, the share whose other one is, too."""
    base = {pair: count for pair, count in grades.items() if pair[of] >= least}
    return sum(count for pair, count in base.items() if pair[1 - of] >= least) / sum(base.values())


def test_quotes_prove_what_they_are_quoted_for(grades: Counter[tuple[int, int]]) -> None:
    """A sentence that is accepted proves at least a part of the provision: precision before recall."""
    assert share(grades, 1, 1) >= 0.97
    assert share(grades, 0, 1) >= 0.95


def test_covered_means_the_whole_provision(grades: Counter[tuple[int, int]]) -> None:
    """What only touches a provision is not called covered."""
    assert share(grades, 1, 2) >= 0.97
    assert share(grades, 0, 2) >= 0.9
