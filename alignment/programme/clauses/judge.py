"""The provisions of sections 7 to 11 against a plan's text: covered, partly or missing, each with its quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alignment.model import Evidence, Grade
from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from alignment.programme.clauses.claims import Claim, claims_of
from alignment.programme.clauses.named import judge_named
from alignment.programme.clauses.rooms import judge_rooms
from alignment.programme.clauses.search import ClauseSearch, Hit
from alignment.programme.model import ClauseFinding
from alignment.programme.quotes import Quoter
from alignment.programme.slices import passages_of
from alignment.programme.stretches import body_stretches
from corpora.document import Segment
from corpora.programme.model import Programme
from corpora.standard import Standard, Statement
from index.protocols import Encoder

#: Kinds of statements that are provisions in words.
PROVISIONS = (
    "provision",
    "cross_cutting",
    "faculty",
    "facility",
    "internship_place",
    "teaching_material",
    "quality_assurance",
    "graduation",
)

#: Kinds of statements that are names of projects and positions.
NAMED = ("practice_project", "practice_comprehensive", "internship_position")

#: Share of a provision's claims that must be met for it to be covered.
COVERED = 0.75

#: How many quotes a finding shows at most.
QUOTES = 3


@dataclass(frozen=True)
class _Answer:
    """What the plan has for one claim: its hits, best first; empty when it is missing."""

    claim: Claim
    hits: tuple[Hit, ...]

    @property
    def worth(self) -> float:
        """1 met, 0.5 only mentioned, 0 missing."""
        return 0.0 if not self.hits else 1.0 if self.hits[0].full else 0.5


def judge_clauses(
    programme: Programme, standard: Standard, prepared: PreparedStandard, passages: Passages, encoder: Encoder
) -> tuple[ClauseFinding, ...]:
    """A finding on every provision of the standard that a plan can meet in words, in the standard's order.

    Provisions that only introduce others, and those that a rule judges by numbers alone, have none.

    Parameters
    ----------
    passages : of the whole document; the plan's body is taken from them, annexed course standards left out.
    """
    body = passages_of(passages, body_stretches(programme))
    statements = [s for s in standard.statements if s.kind in PROVISIONS or _is_base(s)]
    claims = {s.id: _claims(standard, s) for s in statements}
    search = ClauseSearch(prepared, body, [c for found in claims.values() for c in found], encoder)
    findings = {
        statement.id: _finding(programme, standard, statement, claims[statement.id], search)
        for statement in statements
        if claims[statement.id]
    }
    rooms = tuple(room for room in standard.rooms if not _is_base(room))
    findings |= {f.statement.id: f for f in judge_rooms(programme, standard, rooms, encoder)}
    findings |= {f.statement.id: f for f in judge_named(programme, standard.of_kind(*NAMED), body, encoder)}
    return tuple(findings[s.id] for s in standard.statements if s.id in findings)


def _is_base(statement: Statement) -> bool:
    """Whether a room is a base outside the school, described by conditions and not by equipment."""
    return statement.kind == "training_room" and not statement.equipment


def _claims(standard: Standard, statement: Statement) -> tuple[Claim, ...]:
    """Claims of a provision; none for those that only introduce others."""
    claims = claims_of(statement)
    if statement.kind == "provision":
        return tuple(claim for claim in claims if claim.aspect)
    if any(True for _ in standard.children(statement.id, "cross_cutting")):
        return ()
    return claims


def _finding(
    programme: Programme, standard: Standard, statement: Statement, claims: Sequence[Claim], search: ClauseSearch
) -> ClauseFinding:
    answers = [_Answer(claim, tuple(search.hits(claim))) for claim in claims]
    share = _share(answers)
    listed = [answer for answer in answers if answer.claim.listed]
    unlisted = bool(listed) and not any(answer.hits for answer in listed)
    grade: Grade = 2 if share >= COVERED and not unlisted else 1 if share > 0 else 0
    return ClauseFinding(
        statement,
        statement.section,
        grade,
        _probability(answers),
        _evidence(programme, answers, search.segments),
        tuple(answer.claim.name for answer in answers if answer.hits),
        tuple(answer.claim.name for answer in answers if not answer.hits),
        _note(standard, statement, answers),
    )


def _share(answers: Sequence[_Answer]) -> float:
    """Share of the claims that are met; names of a list count together as one claim."""
    worths = [answer.worth for answer in answers if not answer.claim.listed]
    listed = [answer.worth for answer in answers if answer.claim.listed]
    if listed:
        worths.append(sum(listed) / len(listed))
    return sum(worths) / len(worths) if worths else 0.0


def _probability(answers: Sequence[_Answer]) -> float:
    """Mean probability that the claims are met, mentions counting half."""
    met = [answer.worth * answer.hits[0].probability if answer.hits else 0.0 for answer in answers]
    return sum(met) / len(met) if met else 0.0


def _evidence(programme: Programme, answers: Sequence[_Answer], segments: Sequence[Segment]) -> tuple[Evidence, ...]:
    """The passages that meet most claims first, so that few quotes prove them all."""
    open_ = [answer for answer in answers if answer.hits]
    quotes: list[Evidence] = []
    quoter = Quoter(programme.document)
    while open_ and len(quotes) < QUOTES:
        first = open_[0].hits[0]
        counts = {hit.segment: 0 for hit in open_[0].hits if hit.full == first.full}
        for answer in open_:
            for hit in answer.hits:
                if hit.segment in counts:
                    counts[hit.segment] += 1
        best = max(counts, key=lambda number: counts[number])
        similarity = next(hit.similarity for hit in open_[0].hits if hit.segment == best)
        segment = segments[best]
        locator = segment.locators[0]
        quotes.append(quoter.quote(locator.start, locator.end, similarity, segment.heading_path))
        open_ = [answer for answer in open_ if all(hit.segment != best for hit in answer.hits)]
    return tuple(quotes)


def _note(standard: Standard, statement: Statement, answers: Sequence[_Answer]) -> str:
    rules = [rule.id for rule in (*standard.rules, *standard.other_rules) if rule.statement == statement.id]
    notes = [f"数量或条件是否达标见规则 {'、'.join(rules)}"] if rules else []
    mentioned = [answer.claim.name for answer in answers if answer.hits and not answer.hits[0].full]
    if mentioned:
        notes.append(f"只是提到：{'、'.join(mentioned)}")
    return "；".join(notes)
