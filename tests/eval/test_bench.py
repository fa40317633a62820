"""Benchmarks: cases take turns, names and options are checked, results are told and kept, a bad call is one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora.errors import UsageError
from eval.bench import ALL, BENCHMARKS, USUAL, BenchOptions, names_of, run_benchmark, sample_files, timing
from eval.bench.__main__ import main
from eval.bench.peers import FAISS, WRAPPER
from eval.bench.peers.ours import EXACT
from eval.bench.report import Report
from eval.bench.runs import command_line, run_and_tell
from eval.bench.standard_search import measure_standard_search
from eval.bench.text import table, width
from eval.bench.timing import Timing, interleave
from eval.bench.usage import tree_seconds


@pytest.fixture(scope="module")
def small() -> Report:
    """The first workload at toy size."""
    return measure_standard_search(("synthetic",), (20,), (1, 3), rounds=2, methods=(*EXACT, FAISS, WRAPPER))


def test_cases_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every round times each case once; the median, the fastest and the slowest round are kept, warm-up is not."""
    clock, calls = [0.0], []
    seconds = {"a": iter([0.9, 0.9, 0.1, 0.5, 0.2]), "b": iter([0.9, 0.9, 0.7, 0.7, 1.0])}
    monkeypatch.setattr(timing, "process_time", lambda: clock[0])

    def case(name: str) -> None:
        calls.append(name)
        clock[0] += next(seconds[name])

    found = interleave({"a": lambda: case("a"), "b": lambda: case("b")}, rounds=3)
    assert "".join(calls) == "aabb" + "ab" * 3
    assert found["a"].median == pytest.approx(0.2)
    assert (found["b"].low, found["b"].high, found["b"].rounds) == (pytest.approx(0.7), pytest.approx(1.0), 3)


def test_short_calls_are_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call of a hundredth of a sample's length is repeated a hundred times within it, and divided."""
    clock, calls = [0.0], []
    monkeypatch.setattr(timing, "perf_counter", lambda: clock[0])

    def short() -> None:
        calls.append(1)
        clock[0] += timing.SAMPLE_SECONDS / 100

    found = interleave({"short": short}, rounds=1, wall=True)
    assert len(calls) == 2 + 100
    assert found["short"].median == pytest.approx(timing.SAMPLE_SECONDS / 100)


def test_long_calls_are_sampled_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes longer than a few seconds is not repeated for every round asked for."""
    clock = [0.0]
    monkeypatch.setattr(timing, "process_time", lambda: clock[0])

    def long() -> None:
        clock[0] += timing.LONG_SECONDS + 1

    assert interleave({"long": long}, rounds=9)["long"] == Timing(*[timing.LONG_SECONDS + 1] * 3, 3)


def test_processor_time_of_the_tree_grows_with_work() -> None:
    """Work of this process is counted."""
    before = tree_seconds()
    sum(range(3_000_000))
    assert tree_seconds() > before


def test_output(small: Report) -> None:
    """The table names the kernel, the threads, every method and verdict; the JSON holds the same numbers."""
    text, data = small.to_text(), json.loads(json.dumps(small.to_json()))
    assert all(name in text for name in (EXACT[0].name, FAISS.name, WRAPPER.name))
    assert "1 线程" in text
    assert {library["threads"] for library in data["environment"]["libraries"]} == {1}
    assert len(data["rows"]) == 2 * (len(EXACT) + 2)
    assert all(row["queries_per_second"] == row["batch"] / row["seconds"]["median"] for row in data["rows"])


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


def test_names() -> None:
    """No name stands for the usual ones, ``all`` for every workload, ``search`` for what it was called before."""
    assert names_of("") == USUAL
    assert names_of("all") == ALL
    assert names_of("search") == names_of("w1") == ("w1",)
    assert {*USUAL, *ALL} <= set(BENCHMARKS)


def test_bad_calls(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown name or a bad option is a wrong call: exit code 2, one line that says what would be right."""
    assert main(["none"]) == 2
    error = capsys.readouterr().err
    assert all(name in error for name in BENCHMARKS)
    assert error.count("\n") == 1
    for arguments, said in (
        (("--rounds", "0"), "至少为 1"),
        (("--threads", "3"), "1 或 2"),
        (("--rows", "0"), "至少为 1"),
    ):
        assert main(["w1", *arguments]) == 2
        assert said in capsys.readouterr().err
    with pytest.raises(UsageError, match="没有名为“other”的数据"):
        run_benchmark("w1", BenchOptions(data="other"))


def test_results_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, small: Report
) -> None:
    """With --json, JSON alone is printed; --out keeps table, JSON and picture beside the command that made them."""
    pytest.importorskip("matplotlib")
    monkeypatch.setattr("eval.bench.runs.run_benchmark", lambda *_: small)
    assert main(["search", "--json", "--rounds", "2", "--out", str(tmp_path / "new")]) == 0
    assert json.loads(capsys.readouterr().out)["w1"]["rows"]
    kept = tmp_path / "new" / "bench-w1"
    assert kept.with_suffix(".txt").read_text(encoding="utf-8").startswith("$ python -m eval.bench w1 --rounds 2\n")
    data = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))
    assert (data["command"], data["rows"]) == ("python -m eval.bench w1 --rounds 2", small.to_json()["rows"])
    assert kept.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_folder_that_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Report) -> None:
    """A folder that cannot be written is said in the user's words."""
    monkeypatch.setattr("eval.bench.runs.run_benchmark", lambda *_: small)
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="写不进文件夹"):
        run_and_tell(("w1",), BenchOptions(), False, tmp_path / "file", str)


def test_command_line_repeats_the_options() -> None:
    """What differs from the defaults stands in the command that is kept."""
    assert command_line("x", BenchOptions())("w2") == "x w2"
    assert (
        command_line("x", BenchOptions(3, 2, 50, "real"))("w2") == "x w2 --rounds 3 --rows 50 --data real --threads 2"
    )


def test_rounds_reach_the_benchmark(monkeypatch: pytest.MonkeyPatch, small: Report) -> None:
    """The options asked for are those measured with."""
    asked: list[object] = []

    def measure(data: object, rounds: int, threads: int) -> Report:
        asked.append((data, rounds, threads))
        return small

    monkeypatch.setattr("eval.bench.standard_search.measure_standard_search", measure)
    assert run_benchmark("w1", BenchOptions(rounds=3, threads=2, data="real")) is small
    assert asked == [(("real",), 3, 2)]
