"""The experiment on labelled folders: small ones made of the samples, and the real one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from alignment.judge import ShippedJudge, load_judge
from corpora.errors import UsageError
from corpora.parsers import read_document
from corpora.standard_json import load_standard
from eval.baselines import BASELINES
from eval.experiment import Details, Experiment, Quality, Results, Scored
from index.encoders import load_encoder

SYSTEMS = [*BASELINES, "duibiao without bank", "duibiao"]
STEMS = (
    "互联网销售_课程标准",
    "数据化运营_授课进度计划",
    "机械制图_课程标准",
    "社群运营_教学大纲",
    "网店运营_课程标准",
)


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    """The product's parts around the built-in encoder."""
    return Experiment.of(load_standard("530701"), load_encoder())


@pytest.fixture
def folder(samples: Path, tmp_path: Path) -> Callable[..., Path]:
    """Names of samples -> a labelled folder of these."""

    def make(*stems: str) -> Path:
        for part in ("docs", "labels"):
            (tmp_path / part).mkdir()
        for stem in stems:
            label = samples / f"{stem}.expected.json"
            shutil.copy(samples / json.loads(label.read_text(encoding="utf-8"))["doc"], tmp_path / "docs")
            shutil.copy(label, tmp_path / "labels" / f"{stem}.json")
        return tmp_path

    return make


def scored(truth: list[int], predicted: list[int], undecided: tuple[int, ...] = ()) -> Scored:
    """A document of hand-made grades; ``undecided`` are positions disputed between 1 and 2."""
    open_at = np.array([i not in undecided for i in range(len(truth))])
    everywhere = np.ones(len(truth), bool)
    return Scored("d", np.array(truth), {1: everywhere, 2: open_at}, np.array(predicted))


def consistent(results: Results, documents: int) -> None:
    """What holds of every result."""
    assert [system.system for system in results.systems] == SYSTEMS
    for system in results.systems:
        assert len(system.documents) == documents
        assert -1 <= system.kappa <= 1
        for threshold in (1, 2):
            found = system.at(threshold)
            assert 0 <= found.true_positives <= min(found.predicted, found.actual)
            assert found.actual > 0
    assert all(value >= 0 for _, value in results.details.rows())


def test_pooled_figures_of_hand_made_grades() -> None:
    """Counts add up over documents, and what is disputed at a threshold is left out there and of kappa."""
    quality = Quality("x", (scored([2, 1, 0, 0], [2, 0, 1, 0]), scored([1, 0], [2, 0], undecided=(0,))))
    touched, covered = quality.at(1), quality.at(2)
    assert (touched.true_positives, touched.predicted, touched.actual) == (2, 3, 3)
    assert (covered.true_positives, covered.predicted, covered.actual) == (1, 1, 1)
    assert quality.kappa == pytest.approx(Quality("x", (scored([2, 1, 0, 0, 0], [2, 0, 1, 0, 0]),)).kappa)
    assert Quality("x", (scored([0, 1, 2], [0, 1, 2]),)).kappa == 1


def test_no_details_give_zeros_not_errors() -> None:
    """A set without any labelled element has figures all the same."""
    assert {value for name, value in Details().rows() if "level" not in name} == {0}


def test_the_shipped_judge_on_documents_it_has_not_seen(experiment: Experiment, folder: Callable[..., Path]) -> None:
    """Judged as shipped, all systems in the table, and the product ahead of naive cosine on samples."""
    results = experiment.run(folder(*STEMS), load_judge())
    assert not results.refitted
    assert results.standard == "530701"
    consistent(results, len(STEMS))
    figures = dict(results.details.rows())
    assert figures["course top-1"] == 1
    assert figures["first stage recall@20"] > 0.5
    product, cosine = results.systems[-1], next(s for s in results.systems if s.system == "naive cosine")
    assert product.kappa > cosine.kappa
    assert product.at(1).f1 > cosine.at(1).f1


def test_documents_that_the_judge_has_seen_are_judged_by_others(
    experiment: Experiment, folder: Callable[..., Path]
) -> None:
    """One known hash is enough to refit for every document on the other ones, deterministically."""
    made = folder(*STEMS)
    shipped = load_judge()
    digest = read_document(made / "docs" / f"{STEMS[0]}.docx").sha256
    seen = ShippedJudge(shipped.bank, shipped.bankless, shipped.documents | {digest})
    results = experiment.run(made, seen)
    assert results.refitted
    consistent(results, len(STEMS))
    plain = experiment.run(made, shipped)
    for before, after in zip(plain.systems[:3], results.systems[:3], strict=True):
        assert [d.predicted.tolist() for d in before.documents] == [d.predicted.tolist() for d in after.documents]
    again = experiment.run(made, seen)
    assert [d.predicted.tolist() for d in again.systems[-1].documents] == [
        d.predicted.tolist() for d in results.systems[-1].documents
    ]
    assert results.systems[-1].documents[0].predicted.tolist() != plain.systems[-1].documents[0].predicted.tolist()


def test_one_document_is_too_few(experiment: Experiment, folder: Callable[..., Path]) -> None:
    """Leave-one-out has nothing to go by: a clear error, no traceback."""
    with pytest.raises(UsageError, match="至少要 2 份"):
        experiment.run(folder(STEMS[0]), load_judge())


def test_labels_without_a_covered_element_cannot_fit(experiment: Experiment, folder: Callable[..., Path]) -> None:
    """Two documents of another field and one more: the error says that there is nothing to tell apart."""
    made = folder(STEMS[2], STEMS[0])
    shutil.copy(made / "docs" / f"{STEMS[2]}.docx", made / "docs" / "again.docx")
    label = json.loads((made / "labels" / f"{STEMS[2]}.json").read_text(encoding="utf-8"))
    (made / "labels" / "again.json").write_text(json.dumps({**label, "doc": "again.docx"}), encoding="utf-8")
    shipped = load_judge()
    digest = read_document(made / "docs" / "again.docx").sha256
    seen = ShippedJudge(shipped.bank, shipped.bankless, frozenset({digest}))
    with pytest.raises(UsageError, match="只有一种结果"):
        experiment.run(made, seen)


@pytest.mark.shared
@pytest.mark.slow
def test_better_than_every_baseline_on_real_documents(experiment: Experiment, shared: Path) -> None:
    """Leave one document out on the labelled set: ahead in weighted kappa and in F1 at both grades."""
    results = experiment.run(shared / "gold", load_judge())
    assert results.refitted
    *baselines, _, product = results.systems
    assert len(baselines) == len(BASELINES)
    for baseline in baselines:
        assert product.kappa > baseline.kappa
        assert product.at(1).f1 > baseline.at(1).f1
        assert product.at(2).f1 > baseline.at(2).f1


def test_labels_of_another_standard_are_refused(experiment: Experiment, folder: Callable[..., Path]) -> None:
    """The file and the standard it speaks of are named, before anything is judged."""
    place = folder("机械制图_课程标准")
    label = next((place / "labels").iterdir())
    data = json.loads(label.read_text(encoding="utf-8"))
    label.write_text(json.dumps({**data, "standard": "460301"}), encoding="utf-8")
    with pytest.raises(UsageError, match=r"机械制图.*460301.*530701"):
        experiment.run(place, load_judge())
