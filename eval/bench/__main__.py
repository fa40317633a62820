"""``python -m eval.bench [NAME] [--json] [--rounds N] [--threads N] [--rows N] [--data NAME] [--out FOLDER]``.

The same as ``duibiao bench``, except that only that one times rendering.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from corpora.errors import DuibiaoError
from eval.bench import BENCHMARKS, BenchOptions, names_of
from eval.bench.runs import command_line, run_and_tell


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks asked for, print them, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description="测量速度")
    parser.add_argument("name", nargs="?", help="；".join(f"{name}：{what}" for name, what in BENCHMARKS.items()))
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--rounds", type=int, help="每种情形测几次")
    parser.add_argument("--threads", type=int, default=1, help="检索的线程数：1 或 2")
    parser.add_argument("--rows", type=int, help="行数、段数或文档数，不用该基准自己的")
    parser.add_argument("--data", default="", help="w1 至 w3 的向量：real（真实文本）或 synthetic（合成）")
    parser.add_argument("--out", type=Path, help="把 bench-名称.txt、.json 与 .png 写进这个文件夹")
    asked = parser.parse_args(arguments)
    try:
        options = BenchOptions(asked.rounds, asked.threads, asked.rows, asked.data)
        command = command_line("python -m eval.bench", options)
        run_and_tell(names_of(asked.name or ""), options, asked.json, asked.out, command)
    except DuibiaoError as error:
        print(f"错误：{error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
