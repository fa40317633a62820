"""The facade: a document and a standard in, a gap report out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Protocol

from alignment.courses import named_courses
from alignment.exemplars.citing import cite
from alignment.exemplars.corpus import Exemplars
from alignment.judge import Judge, JudgeModel, Verdicts, load_judge
from alignment.matching import fitting_courses, make_matches
from alignment.model import CourseFit, DocumentFacts, GapReport, Match, Provenance
from alignment.passages import Passages, read_passages
from alignment.prepared import PreparedStandard, prepare
from alignment.programme.annex.union import best_matches
from alignment.programme.audit import Tools, audit
from alignment.programme.model import ProgrammeAudit
from alignment.programme.options import PlanOptions
from alignment.programme.slices import passages_of
from alignment.programme.stretches import body_stretches
from alignment.recognised import doubted, recognition_notes, with_doubts
from alignment.summary import decisive, suggester_for, summarise
from corpora import __version__
from corpora.document import Document, DocumentKind, Hours, SegmentedDocument
from corpora.errors import DuibiaoError, UsageError
from corpora.expressions import Expression, load_expressions
from corpora.kinds import document_title
from corpora.programme.reader import choose, read_programmes
from corpora.segments import segment
from corpora.standard import Standard
from index.encoders import load_encoder, word_vectors
from index.protocols import Encoder

ExpressionBanks = Callable[[Standard], Sequence[Expression]]
ExemplarSource = Callable[[], Exemplars]


class DocumentJudge(Protocol):
    """Gives the verdicts on a document: the fitted judge, or one that looks at its verdicts again."""

    def model_for(self, prepared: PreparedStandard) -> JudgeModel:
        """The fitted models, with their thresholds."""
        ...

    def judge(self, prepared: PreparedStandard, passages: Passages, title: str) -> Verdicts:
        """Verdicts on every element of the standard."""
        ...


class Clock:
    """Seconds per stage of one run.

    Parameters
    ----------
    progress : is told each stage as it begins.
    """

    def __init__(self, progress: Callable[[str], None] | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress or (lambda _: None)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time inside to a stage."""
        self._progress(name)
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - start


class Aligner:
    """Aligns documents with standards; keeps prepared standards, so that one instance serves many documents.

    Parameters
    ----------
    encoder : gives all vectors.
    judge : gives the verdicts.
    banks : gives a standard's expression bank, empty where there is none; by default the shipped ones.
    exemplars : gives the suggestion corpus as it is now; without it suggestions name no passages of others.
    """

    def __init__(
        self,
        encoder: Encoder,
        judge: DocumentJudge,
        banks: ExpressionBanks | None = None,
        exemplars: ExemplarSource | None = None,
    ) -> None:
        self.encoder, self.judge, self.exemplars = encoder, judge, exemplars
        self.banks = banks or (lambda standard: load_expressions(standard.code))
        self._prepared: dict[str, PreparedStandard] = {}

    @classmethod
    def default(
        cls,
        encoder: Encoder | None = None,
        banks: ExpressionBanks | None = None,
        exemplars: ExemplarSource | None = None,
    ) -> Aligner:
        """With the built-in encoder (or another one) and the shipped judge."""
        encoder = encoder or load_encoder()
        shipped = load_judge()
        return cls(encoder, Judge(encoder, shipped.bank, shipped.bankless), banks, exemplars)

    def prepare(self, standard: Standard) -> PreparedStandard:
        """A standard ready for judging; the last one of each code is kept.

        Raises
        ------
        UsageError : the standard has no element that a document could teach.
        """
        known = self._prepared.get(standard.code)
        if known is None or known.standard is not standard:
            known = prepare(standard, self.banks(standard), self.encoder, word_vectors())
            if not known.elements:
                raise UsageError(f"标准 {standard.code} 没有可对照的能力要素", advice="请重新导入该标准")
            self._prepared[standard.code] = known
        return known

    def align(
        self,
        document: Document,
        standard: Standard,
        *,
        kind: DocumentKind | None = None,
        courses: Sequence[str] = (),
        plan: PlanOptions | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> GapReport:
        """The gap report of one document against one standard; of a programme plan with its audit.

        Parameters
        ----------
        document : a read document.
        standard : any standard with elements.
        kind : what the document is; recognised when None.
        courses : ids of the core courses to report on; recognised when empty.
        plan : which major to audit and by which local rules, for a programme plan.
        progress : is told the name of each stage as it begins.

        Raises
        ------
        UsageError : a course is not one of the standard's core courses; a plan holds no such major.
        """
        clock = Clock(progress)
        _check_courses(standard, courses)
        with clock.stage("segment"):
            segmented = segment(document)
        kind = kind or segmented.kind
        with clock.stage("prepare"):
            prepared = self.prepare(standard)
        if kind == "plan":
            return self._audit(prepared, segmented, tuple(courses), plan or PlanOptions(), clock)
        with clock.stage("encode"):
            passages = read_passages(segmented, self.encoder)
        verdicts, matches = self._judge(prepared, passages, clock)
        with clock.stage("report"):
            return self._report(prepared, passages, verdicts, matches, kind, tuple(courses), clock)

    def _audit(
        self,
        prepared: PreparedStandard,
        segmented: SegmentedDocument,
        courses: tuple[str, ...],
        options: PlanOptions,
        clock: Clock,
    ) -> GapReport:
        """The report of one major of a programme plan, with its audit.

        Each element is taught as well as the plan's own text or one of its annexed course standards teaches it; what
        else is annexed (reports, review sheets) teaches nothing.
        """
        with clock.stage("read plan"):
            programmes = read_programmes(segmented.document)
            chosen = choose(programmes, options.major)
            held = tuple(s for s in segmented.segments if chosen.holds(s.locators[0].start))
        with clock.stage("encode"):
            passages = read_passages(replace(segmented, segments=held), self.encoder)
        body = passages_of(passages, body_stretches(chosen))
        verdicts, matches = self._judge(prepared, body, clock)
        tools = Tools(self.encoder, self.judge, self.judge.model_for(prepared).thresholds)
        with clock.stage("audit"):
            audited, rules = audit(programmes, chosen, prepared, passages, matches, tools, options)
        with clock.stage("report"):
            best = best_matches(matches, audited.annex)
            report = self._report(prepared, passages, verdicts, best, "plan", courses, clock)
        errors = tuple(dict.fromkeys((*report.document.errors, *chosen.schedule.problems)))
        facts = replace(report.document, errors=errors, hours=_plan_hours(audited, report.document.hours))
        document = segmented.document
        audited = replace(audited, contradictions=doubted(audited.contradictions, document))
        return replace(report, document=facts, rules=with_doubts(rules, document), programme=audited)

    def _judge(
        self, prepared: PreparedStandard, passages: Passages, clock: Clock
    ) -> tuple[Verdicts, tuple[Match, ...]]:
        with clock.stage("judge"):
            verdicts = self.judge.judge(prepared, passages, document_title(passages.segmented.document))
            return verdicts, make_matches(prepared, passages, verdicts, self.judge.model_for(prepared).thresholds)

    def _report(
        self,
        prepared: PreparedStandard,
        passages: Passages,
        verdicts: Verdicts,
        matches: tuple[Match, ...],
        kind: DocumentKind,
        courses: tuple[str, ...],
        clock: Clock,
    ) -> GapReport:
        standard, thresholds = prepared.standard, self.judge.model_for(prepared).thresholds
        fits = fitting_courses(prepared, verdicts, thresholds)
        scope = courses or _scope(standard, document_title(passages.segmented.document), fits, kind)
        scoped = decisive(standard, matches, scope)
        suggester = suggester_for(prepared.expressions, passages.segmented.hours, kind, scoped)
        report = GapReport(
            generated_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            document=_facts(passages, kind),
            standard=standard,
            courses=fits,
            scope=scope,
            matches=matches,
            **vars(summarise(standard, matches, scope, suggester)),
            provenance=Provenance(
                __version__,
                self.encoder.fingerprint,
                prepared.sha256,
                {name: float(value) for name, value in vars(thresholds).items()},
                clock.seconds,
                (*verdicts.notes, *recognition_notes(passages.segmented.document)),
            ),
        )
        return self._with_examples(report, prepared, passages.segmented)

    def _with_examples(self, report: GapReport, prepared: PreparedStandard, segmented: SegmentedDocument) -> GapReport:
        """The report with passages of the suggestion corpus; without them, and a note why, where it cannot be used."""
        if self.exemplars is None or not report.gaps:
            return report
        try:
            return replace(report, gaps=cite(report.gaps, prepared, segmented, self.exemplars()))
        except DuibiaoError as error:
            notes = (*report.provenance.notes, f"修改建议没有引用语料库：{error}")
            return replace(report, provenance=replace(report.provenance, notes=notes))


def _check_courses(standard: Standard, courses: Sequence[str]) -> None:
    known = [course.id for course in standard.core_courses]
    unknown = [course for course in courses if course not in known]
    if unknown:
        raise UsageError(f"标准 {standard.code} 没有核心课程 {'、'.join(unknown)}", advice=f"可选：{'、'.join(known)}")


def _scope(standard: Standard, title: str, fits: Sequence[CourseFit], kind: DocumentKind) -> tuple[str, ...]:
    """The courses that decide the headline, in the standard's order.

    All of them for a plan; those that the title names, for a document that says which course it is of; otherwise those
    that it rather serves than not, or the likeliest one. A course without elements decides nothing.
    """
    if kind == "plan":
        return tuple(course.id for course in standard.core_courses)
    judged = {standard.course_of(element.statement) for element in standard.elements}
    likely = [fit for fit in fits if fit.course.id in judged]
    served = {fit.course.id for fit in likely[:1]} | {fit.course.id for fit in likely if fit.probability >= 0.5}
    return named_courses(standard, title) or tuple(c.id for c in standard.core_courses if c.id in served)


def _plan_hours(audited: ProgrammeAudit, read: Hours) -> Hours:
    """Total hours that a plan states, and those of its rows with courses to choose from counted once."""
    structure = audited.structure
    stated = structure.stated_total.value if structure.stated_total else read.stated
    return Hours(stated, sum(cell.hours for cell in structure.categories) or None)


def _facts(passages: Passages, kind: DocumentKind) -> DocumentFacts:
    document = passages.segmented.document
    headings = tuple(block.text for block in document.blocks if block.kind == "heading")
    return DocumentFacts(
        document.name,
        document.sha256,
        kind,
        document_title(document),
        document.pages,
        len(document.text),
        passages.segmented.hours,
        document.errors,
        headings,
    )
