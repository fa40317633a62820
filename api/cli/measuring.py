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
        str,
        typer.Argument(help="w1 至 w6、all（六项全部）、stages 或 load；不写则为 stages 与 w1；除这两项外各需几分钟"),
    ] = "",
    rounds: Annotated[int | None, typer.Option("--rounds", help="每种情形测几次；load：上传几份文档")] = None,
    threads: Annotated[int, typer.Option("--threads", help="检索的线程数：1（作判定）或 2（只报告）")] = 1,
    rows: Annotated[int | None, typer.Option("--rows", help="w2、w3、w5 的行数，w4 的段数，w6 的文档数")] = None,
    data: Annotated[str, typer.Option("--data", help="w1 至 w3 的向量：real（真实文本）或 synthetic（合成）")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="把每项的表、JSON 与图写进这个文件夹")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """测量速度，与同类并列：向量检索（w1 至 w5）、整份文档（w6）、各阶段耗时（stages）、多人同时使用（load）。"""
    from api.rendering import renderer
    from eval.bench import BenchOptions, names_of
    from eval.bench.runs import command_line, run_and_tell

    options = BenchOptions(rounds, threads, rows, data, renderer("html"))
    run_and_tell(names_of(name), options, as_json, out, command_line("duibiao bench", options))
