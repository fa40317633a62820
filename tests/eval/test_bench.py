"""Benchmarks: cases take turns, what is printed was measured, and a wrong answer would show."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.bench import BENCHMARKS, run_benchmark, sample_files, timing
from eval.bench.__main__ import main
from eval.bench.peers import PEERS
from eval.bench.search import SearchResults, clustered, measure_search, recall
from eval.bench.text import table, width
from eval.bench.timing import Timing, interleave


@pytest.fixture(scope="module")
def small() -> SearchResults:
    """The search benchmark at toy size."""
    return measure_search(sizes=(20,), batches=(1, 3), rounds=2)


def test_cases_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every round times each case once; the median, the fastest and the slowest round are kept, warm-up is not."""
    clock, calls = [0.0], []
    seconds = {"a": iter([9, 9, 1, 5, 2]), "b": iter([9, 9, 7, 7, 10])}
    monkeypatch.setattr(timing, "thread_time", lambda: clock[0])

    def case(name: str) -> None:
        calls.append(name)
        clock[0] += next(seconds[name])

    found = interleave({"a": lambda: case("a"), "b": lambda: case("b")}, rounds=3)
    assert "".join(calls) == "aabb" + "ab" * 3
    assert found == {"a": Timing(2, 1, 5, 3), "b": Timing(7, 7, 10, 3)}


def test_short_calls_are_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call of a hundredth of a sample's length is repeated a hundred times within it, and divided."""
    clock, calls = [0.0], []
    monkeypatch.setattr(timing, "thread_time", lambda: clock[0])

    def short() -> None:
        calls.append(1)
        clock[0] += timing.SAMPLE_SECONDS / 100

    found = interleave({"short": short}, rounds=1)
    assert len(calls) == 2 + 100
    assert found["short"].median == pytest.approx(timing.SAMPLE_SECONDS / 100)


def test_every_peer_is_exact(small: SearchResults) -> None:
    """Every way to search is measured at every size and batch, and finds the true top rows."""
    assert [(r.rows, r.batch, r.method) for r in small.rows] == [(20, b, m) for b in (1, 3) for m in PEERS]
    assert all(row.recall == 1 for row in small.rows)
    for row in small.rows:
        assert 0 < row.seconds.low <= row.seconds.median <= row.seconds.high
        base = next(r for r in small.rows if r.batch == row.batch and r.method == "duibiao")
        assert row.slower == pytest.approx(row.seconds.median / base.seconds.median)


def test_recall_counts_wrong_and_repeated_rows() -> None:
    """A row that is not among the best, and one named twice, lower the recall; a tie does not."""
    vectors = np.array([[1, 0], [0.8, 0.6], [0.8, 0.6], [0, 1]], np.float32)
    query = np.array([[1, 0]], np.float32)
    assert recall(np.array([[0, 1]]), vectors, query) == recall(np.array([[2, 0]]), vectors, query) == 1
    assert recall(np.array([[0, 3]]), vectors, query) == recall(np.array([[0, 0]]), vectors, query) == 0.5


def test_vectors_are_unit_and_repeatable() -> None:
    """The synthetic vectors have length 1 and are the same for the same seed."""
    vectors = clustered(np.random.default_rng(1), 50)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(vectors, clustered(np.random.default_rng(1), 50))


def test_output(small: SearchResults) -> None:
    """The table names the kernel, the threads and every peer; the JSON holds the same numbers."""
    text, data = small.to_text(), json.loads(json.dumps(small.to_json()))
    assert all(name in text for name in PEERS)
    assert "1 线程" in text
    assert data["environment"]["libraries"]
    assert {library["threads"] for library in data["environment"]["libraries"]} == {1}
    assert [row["seconds"]["median"] for row in data["rows"]] == [row.seconds.median for row in small.rows]


def test_table_aligns_chinese() -> None:
    """Columns line up where Chinese characters take two places; numbers stand to the right."""
    lines = table(("名", "n"), [("网店", "5"), ("ab", "12")]).split("\n")
    assert lines == ["名     n", "网店   5", "ab    12"]
    assert {width(line) for line in lines} == {8}


def test_samples_are_found() -> None:
    """The project's own documents, and nothing else that lies beside them, are what the stages are measured on."""
    files = sample_files()
    assert {path.suffix for path in files} == {".docx", ".pdf", ".xlsx", ".epub"}
    assert len(files) >= 5


def test_unknown_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown name is a wrong call: exit code 2, one line that lists the known ones."""
    assert main(["none"]) == 2
    error = capsys.readouterr().err
    assert all(name in error for name in BENCHMARKS)
    assert error.count("\n") == 1
    assert main(["search", "--rounds", "0"]) == 2
    assert "至少为 1" in capsys.readouterr().err


def test_command_line_writes_results(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, small: SearchResults
) -> None:
    """With --json, JSON alone is printed; --out keeps the table and the JSON beside the command that made them."""
    monkeypatch.setattr("eval.bench.__main__.run_benchmark", lambda *_: small)
    assert main(["search", "--json", "--out", str(tmp_path / "new")]) == 0
    assert json.loads(capsys.readouterr().out)["search"]["rows"]
    assert (
        (tmp_path / "new" / "bench-search.txt").read_text(encoding="utf-8").startswith("$ python -m eval.bench search")
    )
    assert json.loads((tmp_path / "new" / "bench-search.json").read_text(encoding="utf-8"))["rows"]


def test_rounds_reach_the_benchmark(monkeypatch: pytest.MonkeyPatch, small: SearchResults) -> None:
    """The number of rounds asked for is the number measured."""
    asked: list[int] = []
    monkeypatch.setattr("eval.bench.search.measure_search", lambda rounds: asked.append(rounds) or small)
    assert run_benchmark("search", rounds=3) is small
    assert asked == [3]
