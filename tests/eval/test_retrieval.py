"""Passage retrieval: what the measures count, and the systems on a corpus that separates them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from corpora.errors import UsageError
from eval.retrieval import CUT, SETS, Questions, by_sentence, figures, main, read_questions, systems
from index.encoders import load_encoder
from index.protocols import Hits

PASSAGES = {
    "退换货": "买家收到商品后七天内可以无理由退货，卖家应当承担退款责任。",
    "直播": "主播在直播间介绍商品，与观众互动，促成下单。",
    "仓储": "仓库管理员核对入库单，按货位上架，并定期盘点库存。",
    "财务": "会计根据原始凭证登记账簿，月末编制资产负债表。",
}
QUESTIONS = (
    ("退款由谁负责？", "退换货"),
    ("几天之内能退货？", "退换货"),
    ("直播间里怎么和观众互动？", "直播"),
    ("库存怎么盘点？", "仓储"),
    ("月末要编制什么报表？", "财务"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of five questions on four passages."""
    records = [{"query": question, "pos": PASSAGES[name]} for question, name in QUESTIONS]
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (tmp_path / "own.jsonl").write_text(lines + "\n", encoding="utf-8")
    return tmp_path


def test_passages_are_distinct_and_answers_point_at_them(folder: Path) -> None:
    """Two questions on one passage share its position; the order is that of first mention."""
    questions = read_questions(folder / "own.jsonl")
    assert questions.passages == list(PASSAGES.values())
    assert questions.answers.tolist() == [0, 0, 1, 2, 3]
    assert questions.queries[3] == "库存怎么盘点？"


def test_a_missing_or_empty_set_is_a_wrong_call(tmp_path: Path) -> None:
    """Both are refused by name, before any encoder is asked."""
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    for name in ("empty.jsonl", "nothing.jsonl"):
        with pytest.raises(UsageError, match=name):
            read_questions(tmp_path / name)


def test_figures_count_the_rank_of_the_right_passage_up_to_the_cut() -> None:
    """First place counts 1, third a third, a place beyond the cut and a passage not found count nothing."""
    ids = np.tile(np.arange(100, 100 + CUT + 2), (4, 1))
    ids[0, 0], ids[1, 2], ids[2, CUT] = 7, 7, 7
    found = figures(Hits(ids, np.zeros(ids.shape, np.float32)), [7, 7, 7, 7])
    assert found.reciprocal_rank == pytest.approx((1 + 1 / 3) / 4)
    assert found.recall == pytest.approx(0.5)


def test_every_system_finds_the_passages_of_a_small_corpus(folder: Path) -> None:
    """Four systems answer for every query; fused ones find what words and vectors find."""
    questions = read_questions(folder / "own.jsonl")
    found = systems(load_encoder(), questions)
    assert list(found) == ["bm25", "dense", "hybrid, ranks", "hybrid, similarities"]
    for hits in found.values():
        assert figures(hits, questions.answers).recall == pytest.approx(1)
    assert figures(found["hybrid, similarities"], questions.answers).reciprocal_rank == pytest.approx(1)


def test_a_passage_is_as_close_as_its_best_sentence() -> None:
    """One sentence to the point brings a long passage before one that is near throughout; each passage stands once."""
    passages = ["库存盘点。天气很好。孩子在公园里玩。音乐会八点开始。", "仓库的货物要上架。仓库的货架要清洁。"]
    hits = by_sentence(load_encoder(), Questions(passages, ["库存盘点"], np.array([0])))
    assert [row for row in hits.ids[0].tolist() if row >= 0] == [0, 1]
    assert hits.similarities[0, 0] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("weight", "other"), [(1.0, "bm25"), (0.0, "dense")])
def test_the_weight_leads_from_one_system_to_the_other(folder: Path, weight: float, other: str) -> None:
    """With all the weight on one side the first passage is that side's."""
    found = systems(load_encoder(), read_questions(folder / "own.jsonl"), weight)
    assert found["hybrid, similarities"].ids[:, 0].tolist() == found[other].ids[:, 0].tolist()


@pytest.mark.shared
def test_hybrid_search_is_above_words_alone(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On both public sets fused similarities rank the right passage higher than BM25 does."""
    main(shared / "train" / "pairs")
    lines = capsys.readouterr().out.splitlines()
    ranks = [{line[2:24].strip(): float(line.split()[-3]) for line in lines[1 + 5 * i : 5 + 5 * i]} for i in (0, 1)]
    assert [line.split(":")[0] for line in lines[::5]] == list(SETS)
    assert all(rank["hybrid, similarities"] > rank["bm25"] for rank in ranks)
