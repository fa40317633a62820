"""The facade of the programme audit: a read plan and a standard in, everything there is to say out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alignment.judge import Thresholds
from alignment.model import Match, RuleVerdict
from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from alignment.programme.annex.align import PassageJudge, align_annex
from alignment.programme.annex.union import union_over
from alignment.programme.chapters.codes import check_codes
from alignment.programme.chapters.finder import find_chapters
from alignment.programme.clauses.judge import judge_clauses
from alignment.programme.contradictions import find_contradictions
from alignment.programme.counting.ledger import Ledger
from alignment.programme.counting.structure import hour_structure
from alignment.programme.courses.matches import match_courses
from alignment.programme.courses.redundancy import find_course_findings
from alignment.programme.courses.set_rules import judge_sets, with_open
from alignment.programme.model import ProgrammeAudit
from alignment.programme.options import PlanOptions
from alignment.programme.packs.by_course import judge_required_courses
from alignment.programme.packs.conflicts import conflicts
from alignment.programme.packs.loading import RulePack
from alignment.programme.rules import judge_rule, judge_rules
from alignment.programme.support.matrix import support_matrix
from corpora.programme.model import Programme
from index.protocols import Encoder


@dataclass(frozen=True)
class Tools:
    """What judges a document's passages: encoder, fitted judge, its thresholds."""

    encoder: Encoder
    judge: PassageJudge
    thresholds: Thresholds


def audit(
    programmes: Sequence[Programme],
    chosen: Programme,
    prepared: PreparedStandard,
    passages: Passages,
    matches: Sequence[Match],
    tools: Tools,
    options: PlanOptions,
) -> tuple[ProgrammeAudit, tuple[RuleVerdict, ...]]:
    """Audit one programme.

    Parameters
    ----------
    programmes : all majors of the document; ``chosen`` the one to audit.
    prepared : the standard.
    passages : of the chosen major's text.
    matches : of the plan's own text, for the union with those of its annexed course standards.

    Returns
    -------
    The audit, and the verdicts on the standard's rules in its order, then those on the packs' rules.
    """
    standard, ledger = prepared.standard, Ledger(chosen)
    courses = with_open(match_courses(chosen, standard, tools.encoder, prepared), chosen)
    annex = align_annex(chosen, standard, prepared, passages, tools.judge, tools.thresholds)
    result = ProgrammeAudit(
        programme=chosen,
        structure=hour_structure(chosen, ledger),
        contradictions=find_contradictions(chosen, standard.rules),
        courses=courses,
        findings=find_course_findings(chosen, standard, courses, tools.encoder),
        support=support_matrix(chosen, standard, prepared, tools.encoder, courses),
        chapters=find_chapters(chosen),
        clauses=judge_clauses(chosen, standard, prepared, passages, tools.encoder),
        codes=check_codes(chosen, standard),
        annex=annex,
        union=union_over(annex, standard, matches) if annex else (),
        conflicts=tuple(conflict for pack in options.packs for conflict in conflicts(pack, standard)),
        others=tuple(_label(other) for other in programmes if other is not chosen),
    )
    counted = judge_rules(chosen, standard, ledger=ledger)
    own = {rule.id: rule for rule in (*counted, *judge_sets(standard, courses, chosen))}
    ordered = [own[rule.id] for rule in (*standard.rules, *standard.other_rules) if rule.id in own]
    return result, (*ordered, *(verdict for pack in options.packs for verdict in _local(pack, chosen, ledger)))


def _local(pack: RulePack, programme: Programme, ledger: Ledger) -> tuple[RuleVerdict, ...]:
    """Verdicts on a pack's rules, in its order."""
    verdicts = (
        *(judge_rule(ledger, *each, pack.name) for each in pack.counted),
        *judge_required_courses(pack, programme),
    )
    found = {verdict.id: verdict for verdict in verdicts}
    return tuple(found[own.rule.id] for own in pack.rules if own.rule.id in found)


def _label(programme: Programme) -> str:
    return f"{programme.name}（{programme.code}）" if programme.code else programme.name
