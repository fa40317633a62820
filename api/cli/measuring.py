"""``duibiao eval`` and ``duibiao bench``: quality and speed, measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

#: Where the labelled development set lies beside the project.
DEFAULT_SET = Path("../shared/gold")


def evaluate(
    set: Annotated[Path, typer.Option("--set", help="标注文件夹（docs/ 与 labels/）")] = DEFAULT_SET,
    standard: Annotated[str, typer.Option("--standard", help="专业教学标准的代码")] = "530701",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """在人工标注的文档上测量质量，与 TF-IDF、BM25、余弦基线并列。"""
    from api.settings import read_settings
    from api.wiring import build_experiment
    from corpora.errors import UsageError
    from eval.tables import results_json, results_text

    if not set.is_dir():
        raise UsageError("没有这个标注文件夹", where=str(set), advice="请用 --set 指定含 docs/ 与 labels/ 的文件夹")
    experiment = build_experiment(read_settings(), standard)
    results = experiment.run(set)
    print(json.dumps(results_json(results), ensure_ascii=False, indent=1) if as_json else results_text(results))
