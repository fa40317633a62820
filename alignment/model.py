"""What alignment says about one document: matches with evidence, coverage, gaps, and the report that holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from corpora.document import DocumentKind, ErrorItem, Hours, Locator, Role
from corpora.standard import Element, Standard, Statement

if TYPE_CHECKING:
    from alignment.programme.model import ProgrammeAudit

Grade = Literal[0, 1, 2]
CoverageName = Literal["full", "partial", "none"]
GapKind = Literal["missing", "touched", "level_short", "not_practised", "not_assessed"]
Verdict = Literal["pass", "fail", "cannot_determine"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quote with the place where it was found again.

    ``locator`` is the whole quote's first stretch; ``similarity`` is in 0..1; ``role`` tells where in a syllabus.
    """

    quote: str
    locator: Locator
    heading_path: tuple[str, ...]
    similarity: float
    role: Role = "other"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided on a verdict; it stands before what the system says.

    Parameters
    ----------
    action : ``accept`` (the system's verdict holds) or ``override``.
    proposed_grade, proposed_level, proposed_verdict : what the system said; the last one for rules, the others for
        elements.
    reason, author, at : why, who, and when (ISO time).
    second, agrees, second_reason : the second reviewer ("" for none), whether they agree, and why.
    """

    action: Literal["accept", "override"]
    author: str
    at: str
    reason: str = ""
    proposed_grade: Grade | None = None
    proposed_level: int | None = None
    proposed_verdict: Verdict | None = None
    second: str = ""
    agrees: bool = True
    second_reason: str = ""

    @property
    def disputed(self) -> bool:
        """Whether the second reviewer objects: the verdict is open again."""
        return bool(self.second) and not self.agrees


@dataclass(frozen=True)
class Match:
    """The verdict on one element.

    Parameters
    ----------
    element : the element judged.
    grade : 0 missing, 1 touched, 2 covered: the calibrated decision.
    p_touched, p_covered : calibrated probabilities of grade >= 1 and of grade 2; p_covered <= p_touched.
    review : too close to call; a person should look.
    level_found : 1..6, None where nothing was found.
    where : roles of the places that teach it.
    evidence : best first; empty if and only if grade is 0.
    nearest : the nearest passage, also where it proves nothing; None for a document without text.
    home : heading path of the section that the element would best be taught in; empty for a document without text.
    decided : a person's decision, already part of ``grade``, ``level_found``, ``evidence`` and ``review``.
    """

    element: Element
    grade: Grade
    p_touched: float
    p_covered: float
    review: bool = False
    level_found: int | None = None
    where: tuple[Role, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    nearest: Evidence | None = None
    home: tuple[str, ...] = ()
    decided: Decided | None = None

    @property
    def level_short(self) -> bool:
        """Whether a covered skill is taught below the level that the standard requires."""
        below = self.level_found is not None and self.level_found < self.element.level
        return self.grade == 2 and below and not self.element.affective


@dataclass(frozen=True)
class StatementCoverage:
    """Coverage of one statement, derived from the matches of its elements.

    ``ratio`` is the mean of grade / 2 over its elements, in 0..1.
    """

    statement: Statement
    coverage: CoverageName
    ratio: float


@dataclass(frozen=True, slots=True)
class CourseFit:
    """A core course that the document serves, with its calibrated probability."""

    course: Statement
    probability: float


@dataclass(frozen=True, slots=True)
class Example:
    """A passage of another document that teaches what is missing.

    ``quote`` is verbatim and short; ``source`` says in Chinese where it stands; ``similarity`` is in -1..1.
    """

    quote: str
    source: str
    similarity: float

    @property
    def text(self) -> str:
        """The quote behind its source."""
        return f"{self.source}：“{self.quote}”"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to write for a gap: proposed text, the section of this document it fits, hours, sources, examples.

    ``sources`` name what of the standard asks for it, ``examples`` how others teach it, from the suggestion corpus.
    """

    text: str
    where: str = ""
    hours: float | None = None
    sources: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to mend: which element, what is wrong with it, how much it weighs (3 most), and what to do."""

    element: Element
    kind: GapKind
    severity: Literal[1, 2, 3]
    suggestion: Suggestion
    nearest: Evidence | None = None


@dataclass(frozen=True)
class Reading:
    """One way of counting that a rule can be read with, and the verdict under it.

    ``label`` says in Chinese what is counted how; ``arithmetic`` puts the numbers in.
    """

    label: str
    verdict: Verdict
    value: Any
    arithmetic: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class RuleVerdict:
    """The verdict on one rule, with its arithmetic; only programme plans have them.

    Parameters
    ----------
    id : of the rule (NR04, OR01, or a local rule's own).
    verdict, value, arithmetic : under the plan's own way of counting.
    expected : the rule in words (``>= 2500 学时``).
    force : must, should or may.
    evidence : the cells and sentences that the arithmetic uses.
    note : what is missing for a verdict, or what a reader must know, in Chinese.
    readings : other ways of counting, each with its verdict; only those that a school could defend.
    title : the quantity in words; ``text`` the rule's own wording; ``section`` where it stands in its source.
    source : ``standard``, or the name of the local rule pack.
    decided : a person's decision, already part of ``verdict``.
    """

    id: str
    verdict: Verdict
    value: Any
    expected: str
    force: str
    arithmetic: str
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    readings: tuple[Reading, ...] = ()
    title: str = ""
    text: str = ""
    section: str = ""
    source: str = "standard"
    decided: Decided | None = None

    @property
    def turning(self) -> tuple[Reading, ...]:
        """The readings under which the verdict changes."""
        return tuple(reading for reading in self.readings if reading.verdict != self.verdict)


@dataclass(frozen=True)
class DocumentFacts:
    """What a report says of the document itself."""

    name: str
    sha256: str
    kind: DocumentKind
    title: str
    pages: int | None
    chars: int
    hours: Hours = field(default_factory=Hours)
    errors: tuple[ErrorItem, ...] = ()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """What a verdict rests on: versions, model and standard fingerprints, thresholds, seconds per stage.

    ``notes`` tell what a reader should know of how the verdicts came about, in Chinese; empty for the built-in judge.
    """

    version: str
    encoder: str
    standard_sha256: str
    thresholds: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class GapReport:
    """The whole answer for one document against one standard.

    ``matches`` holds every teachable element of the standard in its order; ``scope`` the ids of the core courses that
    the document serves (they decide the headline; every core course for a programme plan, none when no course fits);
    ``programme`` is the audit of a programme plan, None for other documents.
    """

    generated_at: str
    document: DocumentFacts
    standard: Standard
    courses: tuple[CourseFit, ...]
    scope: tuple[str, ...]
    matches: tuple[Match, ...]
    statements: tuple[StatementCoverage, ...]
    gaps: tuple[Gap, ...]
    rules: tuple[RuleVerdict, ...] = ()
    webb: dict[str, float] = field(default_factory=dict)
    porter: dict[str, float] | None = None
    provenance: Provenance = field(default_factory=lambda: Provenance("", "", ""))
    programme: ProgrammeAudit | None = None

    @cached_property
    def scoped_matches(self) -> tuple[Match, ...]:
        """Matches of the courses in scope; all of them when no course is in scope."""
        if not self.scope:
            return self.matches
        return tuple(m for m in self.matches if self.standard.course_of(m.element.statement) in self.scope)

    @cached_property
    def match_of(self) -> dict[str, Match]:
        """Matches by element id."""
        return {match.element.id: match for match in self.matches}

    @property
    def coverage_ratio(self) -> float:
        """Share of the scope's elements that are covered (grade 2), in 0..1; 0 for an empty scope."""
        return self.count(2) / len(self.scoped_matches) if self.scoped_matches else 0.0

    def count(self, grade: int) -> int:
        """How many of the scope's elements have this grade."""
        return sum(match.grade == grade for match in self.scoped_matches)

    @property
    def review_count(self) -> int:
        """How many of the scope's elements a person should look at."""
        return sum(match.review for match in self.scoped_matches)
