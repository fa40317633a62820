"""``python -m eval.bench [NAME] [--json] [--rounds N] [--out FOLDER]``; only ``duibiao bench`` times rendering."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from corpora.errors import DuibiaoError
from eval.bench import BENCHMARKS, USUAL, Results, run_benchmark


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks asked for, print them, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description="测量速度")
    parser.add_argument("name", nargs="?", help="；".join(f"{name}：{what}" for name, what in BENCHMARKS.items()))
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--rounds", type=int, help="每种情形测几次")
    parser.add_argument("--out", type=Path, help="把 bench-名称.txt 与 .json 写进这个文件夹")
    options = parser.parse_args(arguments)
    try:
        names = [options.name] if options.name else list(USUAL)
        results = {name: run_benchmark(name, options.rounds) for name in names}
    except DuibiaoError as error:
        print(f"错误：{error}", file=sys.stderr)
        return error.exit_code
    if options.out:
        write_results(options.out, results)
    if options.json:
        print(json.dumps({name: found.to_json() for name, found in results.items()}, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(found.to_text() for found in results.values()))
    return 0


def write_results(folder: Path, results: dict[str, Results]) -> None:
    """Write each result as a table, under the command that makes it, and as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, found in results.items():
        command = f"$ python -m eval.bench {name} --out {folder.as_posix()}"
        (folder / f"bench-{name}.txt").write_text(f"{command}\n\n{found.to_text()}\n", encoding="utf-8")
        text = json.dumps({"command": command[2:], **found.to_json()}, ensure_ascii=False, indent=1)
        (folder / f"bench-{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
