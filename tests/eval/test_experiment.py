"""The experiment on labelled folders: small ones made of the samples, and the real one."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from alignment.judge import ShippedJudge, load_judge
from corpora.errors import UsageError
from corpora.parsers import read_document
from corpora.standard_json import load_standard, save_standard
from eval.baselines import BANDED, BASELINES
from eval.details import Row
from eval.experiment import BANKLESS, FIRST_STAGE, PRODUCT, Experiment, Results
from index.encoders import load_encoder

SYSTEMS = [*BASELINES, BANDED, FIRST_STAGE, BANKLESS, PRODUCT]
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


def figures(results: Results) -> dict[str, Row]:
    """Further figures by name."""
    return {row.name: row for row in results.details.rows()}


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
    assert all(row.value is None or row.value >= 0 for row in results.details.rows())
    assert len(results.details.seconds) == documents
    assert all(0 < seconds < 60 for seconds in results.details.seconds)


def test_the_shipped_judge_on_documents_it_has_not_seen(experiment: Experiment, folder: Callable[..., Path]) -> None:
    """Judged as shipped, all systems in the table, and the product ahead of naive cosine on samples."""
    results = experiment.run(folder(*STEMS), load_judge())
    assert not results.refitted
    assert results.standard == "530701"
    consistent(results, len(STEMS))
    found = figures(results)
    assert (found["course top-1"].value, found["course top-1"].over) == (1, len(STEMS) - 1)
    assert found["documents without a course left alone"].over == 1
    recalls = [found[f"first stage recall@{k}"].value or 0 for k in (5, 10, 20)]
    assert recalls == sorted(recalls)
    assert recalls[2] > 0.5
    assert (found["first stage any@20"].value or 0) >= recalls[2]
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
    for before, after in zip(plain.systems[:5], results.systems[:5], strict=True):
        assert [d.predicted.tolist() for d in before.documents] == [d.predicted.tolist() for d in after.documents]
    again = experiment.run(made, seen)
    assert [d.predicted.tolist() for d in again.systems[-1].documents] == [
        d.predicted.tolist() for d in results.systems[-1].documents
    ]
    assert results.systems[-1].documents[0].predicted.tolist() != plain.systems[-1].documents[0].predicted.tolist()


def test_one_unseen_document_is_judged_as_shipped(experiment: Experiment, folder: Callable[..., Path]) -> None:
    """What learns thresholds from other documents is named as unavailable; the rest is measured, without intervals."""
    results = experiment.run(folder(STEMS[0]), load_judge())
    assert [system.system for system in results.systems] == [BANDED, BANKLESS, PRODUCT]
    assert results.unavailable == (*BASELINES, FIRST_STAGE)
    assert results.product.pooled("weighted_kappa").low is None
    assert results.product.kappa > 0


def test_too_few_documents_to_refit(experiment: Experiment, folder: Callable[..., Path]) -> None:
    """Two documents, one of them learned from: the error says why they do not do, no traceback."""
    made = folder(*STEMS[:2])
    shipped = load_judge()
    digest = read_document(made / "docs" / f"{STEMS[0]}.docx").sha256
    seen = ShippedJudge(shipped.bank, shipped.bankless, frozenset({digest}))
    with pytest.raises(UsageError, match=r"至少要 3 份.*重新拟合"):
        experiment.run(made, seen)


def test_training_documents_of_no_course_show_what_is_claimed_of_them(
    experiment: Experiment, folder: Callable[..., Path]
) -> None:
    """With refitted judges, a document in train/ that serves no course counts for abstention and for nothing else."""
    made = folder(*STEMS)
    for part in ("docs", "labels"):
        (made / "train" / part).mkdir(parents=True)
        for file in (made / part).glob(f"{STEMS[2]}.*"):
            file.rename(made / "train" / part / file.name)
    shipped = load_judge()
    digest = read_document(made / "docs" / f"{STEMS[0]}.docx").sha256
    results = experiment.run(made, ShippedJudge(shipped.bank, shipped.bankless, frozenset({digest})))
    consistent(results, len(STEMS) - 1)
    assert figures(results)["documents without a course left alone"].over == 1
    assert figures(results)["course top-1"].over == len(STEMS) - 1


def test_the_bank_of_an_imported_standard_is_honoured(tmp_path: Path) -> None:
    """A bank beside an imported standard is prepared; without one there is nothing to take away."""
    encoder = load_encoder()
    standard = load_standard("530701")
    save_standard(standard, tmp_path)
    assert not Experiment.of(standard, encoder, tmp_path).prepared.has_bank
    line = {"element": "C1.R1.e2", "grade": 2, "form": "content", "text": "标题怎么写才容易被搜到"}
    (tmp_path / "530701.expressions.jsonl").write_text(json.dumps(line), encoding="utf-8")
    made = Experiment.of(standard, encoder, tmp_path)
    assert [expression.text for expression in made.prepared.expressions] == [line["text"]]
    assert not made.bankless.has_bank


def test_the_command_measures_by_imported_standards(
    duibiao: Callable[..., subprocess.CompletedProcess[bytes]], folder: Callable[..., Path], tmp_path: Path
) -> None:
    """An imported standard without a bank, one document: the product is judged as shipped, and all of it is JSON."""
    standards = tmp_path / "data" / "standards"
    standards.mkdir(parents=True)
    save_standard(load_standard("530701"), standards)
    place = folder(STEMS[0])
    done = duibiao("eval", "--set", place, "--json", environment={"DUIBIAO_DATA": str(tmp_path / "data")})
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert list(found["systems"]) == [BANDED, PRODUCT]
    assert found["unavailable"] == [*BASELINES, FIRST_STAGE]
    assert list(found["seconds"]) == [f"{STEMS[0]}.docx"]


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
    assert len(baselines) == len(BASELINES) + 2
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
