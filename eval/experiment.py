"""Quality on labelled documents: the product's own path and the baselines, leave-one-document-out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from alignment.fitting import JudgeFitter, TrainingDocument, training_documents
from alignment.judge import Judge, ShippedJudge
from alignment.labelled import LabelledDocument, read_labelled
from alignment.matching import fitting_courses, make_matches
from alignment.prepared import PreparedStandard, prepare
from corpora.errors import UsageError
from corpora.expressions import load_expressions
from corpora.judgments import load_judgments
from corpora.parsers import read_document
from corpora.standard import Standard
from eval.agreement import Quality, Scored
from eval.baselines import BANDED, BASELINES, by_bands, by_thresholds, first_stage
from eval.details import Details, Judged
from index.encoders import word_vectors
from index.kernel import limited_threads
from index.protocols import Encoder

PRODUCT, BANKLESS, FIRST_STAGE = "duibiao", "duibiao without bank", "duibiao without reranker"

#: Documents that refitting the judge for each one on the others needs, and that thresholds of baselines need.
FEWEST_TO_REFIT, FEWEST_FOR_THRESHOLDS = 3, 2


@dataclass(frozen=True)
class Results:
    """Everything that one evaluation measured.

    ``refitted`` tells that the judge was fitted anew for each document on the other ones (leave one document out),
    because the shipped one has seen documents of this set. ``systems`` ends with the product; ``unavailable`` names
    those whose thresholds there was nothing to learn from.
    """

    folder: str
    standard: str
    refitted: bool
    systems: tuple[Quality, ...]
    details: Details
    unavailable: tuple[str, ...] = ()

    @property
    def product(self) -> Quality:
        """The system itself."""
        return self.systems[-1]


class Experiment:
    """Measures the product and the baselines on a labelled folder.

    Parameters
    ----------
    prepared : the standard with its bank.
    bankless : the same standard without a bank.
    encoder : as the product uses it.
    """

    def __init__(self, prepared: PreparedStandard, bankless: PreparedStandard, encoder: Encoder) -> None:
        self.prepared, self.bankless, self.encoder = prepared, bankless, encoder

    @classmethod
    def of(cls, standard: Standard, encoder: Encoder, folder: Path | None = None) -> Experiment:
        """The product's parts around an encoder, with and without the standard's expression bank.

        Parameters
        ----------
        folder : where imported standards and their banks are, as for ``load_standard``.
        """
        bank, words = load_expressions(standard.code, folder), word_vectors()
        prepared = prepare(standard, bank, encoder, words)
        return cls(prepared, prepare(standard, (), encoder, words) if bank else prepared, encoder)

    def read(self, folder: Path) -> list[LabelledDocument]:
        """The documents of a labelled folder, parsed, segmented and encoded.

        Raises
        ------
        UsageError : the labels speak of another standard.
        """
        return [document for document, _ in self._timed_read(folder)]

    def _timed_read(self, folder: Path) -> list[tuple[LabelledDocument, float]]:
        labelled = load_judgments(folder)
        code = self.prepared.standard.code
        for path, judgments in labelled:
            if judgments.standard != code:
                what = f"标注的是标准 {judgments.standard}，不是 {code}"
                raise UsageError(what, where=path.name, advice=f"请加 --standard {judgments.standard}")
        timed = []
        for path, judgments in labelled:
            start = perf_counter()
            timed.append((read_labelled(read_document(path), judgments, self.encoder), perf_counter() - start))
        return timed

    def run(self, folder: Path, shipped: ShippedJudge) -> Results:
        """Score every document of ``folder``; each is judged on one thread, judges are fitted side by side.

        Parameters
        ----------
        folder : docs/ and labels/, and train/ with the same inside for documents that only fitting may use; where
            judges are refitted, those of them that serve no course show whether courses are claimed all the same.
        shipped : the product's models; when they have seen a document of the folder, every document is judged by
            models fitted anew on the others.

        Raises
        ------
        UsageError : too few documents, or nothing to learn from their labels; see also ``load_judgments``.
        """
        with limited_threads(1):
            return self._run(folder, shipped)

    def _run(self, folder: Path, shipped: ShippedJudge) -> Results:
        timed = self._timed_read(folder)
        scored = [document for document, _ in timed]
        refit = any(d.passages.segmented.document.sha256 in shipped.documents for d in scored)
        extra = self.read(folder / "train") if refit and (folder / "train").is_dir() else []
        if refit and len(scored) + len(extra) < FEWEST_TO_REFIT:
            what = f"标注文档只有 {len(scored) + len(extra)} 份，至少要 {FEWEST_TO_REFIT} 份"
            raise UsageError(f"{what}：判定模型学过其中的文档，须在其余文档上重新拟合", where=str(folder))
        full = training_documents(self.prepared, [*scored, *extra])
        strange = [i for i in range(len(scored), len(full)) if not full[i].serves.any()]
        judges = self._judges(self.prepared, full, [*range(len(scored)), *strange], shipped, refit)
        details, product = Details(), []
        for document, judge, (labelled, seconds) in zip(full, judges, timed, strict=False):
            judged = _judged(judge, self.prepared, labelled, seconds)
            product.append(_scored(document, judged))
            details.add(self.prepared, document, judged)
        for i, judge in zip(strange, judges[len(scored) :], strict=True):
            details.add_courses(full[i], _judged(judge, self.prepared, full[i].labelled, 0))
        systems, unavailable = self._baselines(full, len(scored))
        if self.prepared.has_bank:
            systems.append(self._without_bank(full, len(scored), shipped, refit))
        systems.append(Quality(PRODUCT, tuple(product)))
        return Results(str(folder), self.prepared.standard.code, refit, tuple(systems), details, unavailable)

    def _judges(
        self,
        prepared: PreparedStandard,
        documents: Sequence[TrainingDocument],
        judged: Sequence[int],
        shipped: ShippedJudge,
        refit: bool,
    ) -> list[Judge]:
        """The judge of each document of the numbers ``judged``: the shipped one, or one fitted on all the others."""
        if not refit:
            return [Judge(self.encoder, shipped.bank, shipped.bankless)] * len(judged)

        def fitted(left_out: int) -> Judge:
            others = [document for i, document in enumerate(documents) if i != left_out]
            model = JudgeFitter(prepared, self.encoder, bank=prepared.has_bank).fit(others).model_
            return Judge(self.encoder, model, model)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(fitted, judged))

    def _without_bank(
        self, full: Sequence[TrainingDocument], count: int, shipped: ShippedJudge, refit: bool
    ) -> Quality:
        """The same system on the same standard, its expression bank taken away."""
        labelled = [document.labelled for document in full]
        plain = training_documents(self.bankless, labelled) if refit else full
        judges = self._judges(self.bankless, plain, range(count), shipped, refit)
        judged = [_judged(judge, self.bankless, d, 0) for judge, d in zip(judges, labelled, strict=False)]
        return Quality(BANKLESS, tuple(_scored(d, each) for d, each in zip(full, judged, strict=False)))

    def _baselines(self, documents: Sequence[TrainingDocument], count: int) -> tuple[list[Quality], tuple[str, ...]]:
        """The baselines, and the names of those that lack other documents to take thresholds from."""
        values = {
            name: [system(self.prepared, d.labelled.passages) for d in documents] for name, system in BASELINES.items()
        }
        banded = by_bands(BANDED, documents[:count], values["naive cosine"][:count])
        values[FIRST_STAGE] = [first_stage(document) for document in documents]
        if len(documents) < FEWEST_FOR_THRESHOLDS:
            return [banded], tuple(values)
        learned = {name: by_thresholds(name, documents, each, count) for name, each in values.items()}
        own = learned.pop(FIRST_STAGE)
        return [*learned.values(), banded, own], ()


def _judged(judge: Judge, prepared: PreparedStandard, document: LabelledDocument, seconds: float) -> Judged:
    """Matches and fitting courses, by the product's own path; ``seconds`` went into reading the document."""
    start = perf_counter()
    verdicts = judge.judge(prepared, document.passages, document.title)
    thresholds = judge.model_for(prepared).thresholds
    matches = make_matches(prepared, document.passages, verdicts, thresholds)
    fits = fitting_courses(prepared, verdicts, thresholds)
    taken = seconds + perf_counter() - start
    return Judged(matches, fits, thresholds.distance(verdicts.p_touched, verdicts.p_covered), taken)


def _scored(document: TrainingDocument, judged: Judged) -> Scored:
    return Scored.of(document, np.array([match.grade for match in judged.matches], dtype=np.int64))
