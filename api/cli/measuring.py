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
    """在标注过的文档上测量质量，与 TF-IDF、BM25、余弦基线并列；标注文件夹含 plans/ 时也测量人才培养方案的审核。"""
    from alignment.judge import load_judge
    from api.settings import read_settings
    from api.wiring import build_aligner, find_standard
    from corpora.errors import UsageError
    from eval.elements import measure_elements
    from eval.experiment import Experiment
    from eval.plans import measure_plans, plans_json, plans_text
    from eval.tables import results_json, results_text
    from index.encoders import load_encoder

    if not set.is_dir():
        raise UsageError("没有这个标注文件夹", where=str(set), advice="请用 --set 指定含 docs/ 与 labels/ 的文件夹")
    settings = read_settings()
    chosen = find_standard(settings, standard)
    experiment = Experiment.of(chosen, load_encoder(settings.encoder or None), settings.standards)
    results = experiment.run(set, load_judge())
    elements = measure_elements(chosen)
    aligner = build_aligner(settings)
    plans = measure_plans(lambda document: aligner.align(document, chosen, kind="plan"), set / "plans")
    if as_json:
        print(json.dumps({**results_json(results, elements), "plans": plans_json(plans)}, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join([results_text(results), str(elements), *([plans_text(plans)] if plans else [])]))


def bench(
    name: Annotated[
        str, typer.Argument(help="stages、search 或 load（服务在多人同时使用时；需几分钟）；默认前两项")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """测量速度：各阶段耗时，向量检索与同类并列，服务在多人同时使用时要等多久。"""
    from api.rendering import renderer
    from eval.bench import USUAL, run_benchmark

    names = [name] if name else list(USUAL)
    found = {each: run_benchmark(each, render=renderer("html")) for each in names}
    if as_json:
        print(json.dumps({each: result.to_json() for each, result in found.items()}, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(result.to_text() for result in found.values()))
