"""Tuning and choice: figures that hold, the cheapest that is good enough, bounds that are kept, records that return."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import choice
from index.backends import BACKENDS, backend_class, create_backend
from index.candidates import CANDIDATES, Candidate
from index.choice import choose
from index.exact import ExactBackend
from index.segment_index import Passage, SegmentIndex
from index.tuning import Trial, Tuning, tune

ROWS, DIMENSION = 6_000, 32
FEW = (
    Candidate("exact"),
    Candidate("ivf-sq8", (tuple({"effort": n, "refine": 0} for n in (1, 8, 150)),), {"lists": 150}),
)


@pytest.fixture(scope="module")
def vectors() -> Any:
    """Unit rows around 300 centres that overlap."""
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((300, DIMENSION))[rng.integers(0, 300, ROWS)] + rng.standard_normal((ROWS, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def tuning(vectors: Any) -> Tuning:
    """What is measured on them."""
    return tune(vectors, 0.9, candidates=FEW)


def test_recall_is_what_it_says(vectors: Any, tuning: Tuning) -> None:
    """The recall of a trial is that of a count by hand over the same questions, each without itself."""
    trial = tuning.trials[1]
    kind: Any = backend_class(trial.backend)
    backend, exact = kind.build(np.arange(ROWS), vectors, **trial.options), ExactBackend(DIMENSION)
    exact.add(np.arange(ROWS), vectors)
    rows = np.sort(np.random.default_rng(tuning.seed).choice(ROWS, tuning.questions, replace=False))
    shares = []
    for row in rows:
        true = [n for n in exact.search(vectors[row][None], 11).ids[0].tolist() if n != row][:10]
        found = [n for n in backend.search(vectors[row][None], 11).ids[0].tolist() if n != row][:10]
        shares.append(len({*true} & {*found}) / 10)
    assert np.mean(shares) == pytest.approx(trial.recall, abs=1e-3)
    half = 1.96 * np.std(shares) / len(shares) ** 0.5
    assert (trial.low, trial.high) == pytest.approx((trial.recall - half, trial.recall + half), abs=1e-3)


def test_ladders_end_where_enough_is_found(tuning: Tuning) -> None:
    """Settings rise until the lower end of the interval reaches what was asked for; exact search finds everything."""
    exact, *rising = tuning.trials
    assert (exact.backend, exact.recall, exact.low) == ("exact", 1.0, 1.0)
    assert [trial.recall for trial in rising] == sorted(trial.recall for trial in rising)
    assert [trial.low >= 0.9 for trial in rising] == [False] * (len(rising) - 1) + [True]


def test_the_cheapest_that_is_good_enough_is_chosen(tuning: Tuning) -> None:
    """Nothing that finds enough is cheaper than the chosen one beyond the noise."""
    assert tuning.reached
    assert tuning.chosen.low >= 0.9
    assert tuning.chosen.single <= 1.25 * min(trial.single for trial in tuning.sufficient)
    assert tuning.sufficient[0].single == min(trial.single for trial in tuning.trials if trial.low >= 0.9)


def test_exact_similarities_come_first_where_they_cost_nothing(vectors: Any) -> None:
    """Of two that are as cheap, the one that answers with the similarities of the vectors themselves."""
    half = Candidate("half", (({"refine": 0},), ({"refine": 1},)))
    found = tune(vectors, 0.9, candidates=(half,), use="batch")
    near = [trial for trial in found.trials if trial.batch <= 1.25 * min(t.batch for t in found.trials)]
    assert found.chosen.exact_similarities == any(trial.exact_similarities for trial in near)


def test_the_choice_travels_with_the_index(vectors: Any, tuning: Tuning, tmp_path: Path, hashing_encoder: Any) -> None:
    """An index that is rebuilt as tuned is saved, loaded and searched as such, and says what was measured."""
    hashing_encoder.dimension = DIMENSION
    index = SegmentIndex(hashing_encoder)
    index.add([Passage(str(n), str(n), (str(n // 1_000),)) for n in range(ROWS)], vectors=vectors)
    chosen = tuning.trials[-1]
    index.rebuild(chosen.backend, tuning.record(), **chosen.options)
    index.save(tmp_path / "tuned.index")
    loaded = SegmentIndex.load(tmp_path / "tuned.index", hashing_encoder, mmap=True)
    assert (loaded.backend_name, dict(loaded.options)) == (chosen.backend, dict(chosen.options))
    assert loaded.tuning is not None
    assert Tuning.from_record(loaded.tuning).record() == tuning.record()
    everywhere, within = loaded.search(vectors[:200], 1), loaded.search(vectors[3_000:3_200], 1, [("3",)])
    assert [loaded.passage(n).id for n in everywhere.ids[:, 0]] == [str(n) for n in range(200)]
    assert [loaded.passage(n).id for n in within.ids[:, 0]] == [str(n) for n in range(3_000, 3_200)]


def test_memory_is_a_bound(vectors: Any) -> None:
    """What does not fit is not chosen; where nothing good fits, the best that does, and that is said."""
    tight = tune(vectors, 0.9, memory=100 * ROWS, candidates=FEW)
    assert tight.reached
    assert tight.chosen.backend == "ivf-sq8"
    assert tight.chosen.bytes_per_row <= 100
    low = tune(vectors, 1.0, memory=100 * ROWS, candidates=(FEW[0], Candidate("ivf-sq8", FEW[1].ladders)))
    assert not low.reached
    assert low.chosen.backend == "ivf-sq8"
    assert not tune(vectors, 0.5, memory=1, candidates=FEW).reached


def test_given_questions(vectors: Any) -> None:
    """Questions from elsewhere are asked as they are; a row asked for is then its own answer."""
    found = tune(vectors, 0.9, queries=vectors[:50], candidates=FEW[:1], use="batch")
    assert (found.questions, found.own, found.chosen.recall) == (50, False, 1.0)


def test_equal_texts_do_not_spoil_the_recall() -> None:
    """Of many equal rows any are right."""
    rows = np.repeat(np.eye(8, dtype=np.float32), 800, axis=0)
    assert tune(rows, candidates=(Candidate("half", (({"refine": 1},),)),)).chosen.recall == 1.0


@pytest.mark.parametrize("rows", [1, 2, 30])
def test_few_rows(rows: int) -> None:
    """An index of a few rows is tuned too: exact."""
    vectors = np.random.default_rng(0).standard_normal((rows, 4)).astype(np.float32)
    found = tune(vectors)
    assert (found.chosen.backend, found.reached, found.rows) == ("screened", True, rows)


def test_a_record_returns(tuning: Tuning) -> None:
    """What a file keeps says the same when it is read."""
    record = json.loads(json.dumps(tuning.record()))
    again = Tuning.from_record(record)
    assert again.record() == tuning.record()
    assert isinstance(again.chosen, Trial)


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda candidate: candidate.backend)
def test_candidates_can_be_made(candidate: Candidate) -> None:
    """Every setting is both an attribute and an option of a registered back-end."""
    assert candidate.backend in BACKENDS
    for ladder in candidate.ladders:
        for setting in ladder:
            backend = create_backend(candidate.backend, 8, **candidate.options, **setting)
            assert {name: getattr(backend, name) for name in setting} == dict(setting)


@pytest.mark.parametrize("kernels", [True, False])
@pytest.mark.parametrize("use", ["single", "batch"])
@pytest.mark.parametrize("memory", [None, 10**8, 10**4])
@pytest.mark.parametrize("rows", [0, 700, 40_000, 200_000, 5_000_000])
def test_choice_can_be_made(monkeypatch: pytest.MonkeyPatch, rows: int, memory: Any, use: Any, kernels: bool) -> None:
    """Whatever the size, the machine and the bound, a registered back-end with options that it takes, and a reason."""
    monkeypatch.setattr(choice, "instruction_sets", lambda: ("avx2",) if kernels else ())
    made = choose(rows, 256, use, memory)
    assert create_backend(made.backend, 8, **made.options).dimension == 8
    assert made.why
    assert kernels or made.backend != "clustered"


def test_choice_by_size() -> None:
    """A standard is searched exactly; millions are not; a tight bound leaves the vectors on disk."""
    assert choose(2_000, 256).backend == "screened"
    assert choose(60_000, 256, "batch").backend == "screened"
    assert choose(1_000_000, 256).backend != "screened"
    tight = choose(1_000_000, 256, memory=600_000_000)
    assert not tight.options["refine"]
