"""Running benchmarks one after the other, telling the results, and keeping them beside the command that made them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from corpora.errors import MissingExtraError, UsageError
from eval.bench import BenchOptions, Results, run_benchmark

#: The name of a benchmark -> the command that repeats it.
Command = Callable[[str], str]


def command_line(program: str, options: BenchOptions) -> Command:
    """How a benchmark is repeated on the command line."""
    said = {"rounds": options.rounds, "rows": options.rows, "data": options.data}
    words = [f"--{name} {value}" for name, value in said.items() if value]
    words += [f"--threads {options.threads}"] if options.threads != 1 else []
    return lambda name: " ".join([program, name, *words])


def run_and_tell(
    names: Sequence[str], options: BenchOptions, as_json: bool, out: Path | None, command: Command
) -> dict[str, Results]:
    """Run benchmarks and print each as soon as it is there; with ``as_json``, one JSON object at the end.

    Parameters
    ----------
    names : of the benchmarks.
    options : of all of them.
    as_json : print JSON alone.
    out : a folder for the table, the JSON and the picture of each; None keeps nothing.
    command : says how to repeat one.

    Raises
    ------
    UsageError : a wrong name or option, or the folder cannot be written.
    """
    results: dict[str, Results] = {}
    for name in names:
        results[name] = run_benchmark(name, options)
        if out is not None:
            write_result(out, name, results[name], command(name), _suffix(options))
        if not as_json:
            print(("\n\n" if len(results) > 1 else "") + results[name].to_text(), flush=True)
    if as_json:
        print(json.dumps({name: found.to_json() for name, found in results.items()}, ensure_ascii=False, indent=1))
    return results


def write_result(folder: Path, name: str, found: Results, command: str, suffix: str = "") -> None:
    """Write a result as a table, under the command that makes it, as JSON, and as a picture where it has panels.

    Raises
    ------
    UsageError : the folder cannot be written.
    """
    stem = folder / f"bench-{name}{suffix}"
    values = {"command": command, **found.to_json()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stem.with_suffix(".txt").write_text(f"$ {command}\n\n{found.to_text()}\n", encoding="utf-8")
        text = json.dumps(values, ensure_ascii=False, indent=1)
        stem.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
        _draw(found, stem.with_suffix(".png"))
    except OSError as error:
        raise UsageError(f"写不进文件夹（{error.strerror}）", where=str(folder), advice="请检查路径和权限") from error


def _draw(found: Results, path: Path) -> None:
    from eval.bench.plot import draw
    from eval.bench.report import Report

    if isinstance(found, Report) and found.panels:
        try:
            draw(found, path)
        except MissingExtraError as error:
            path.with_suffix(".png.txt").write_text(f"{error}\n", encoding="utf-8")


def _suffix(options: BenchOptions) -> str:
    """What tells the files of a run with other data or threads from the usual one's."""
    return (f"-{options.data}" if options.data else "") + (f"-{options.threads}t" if options.threads > 1 else "")
