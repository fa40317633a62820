"""Counts from what the running text says: the state before promises, the plan's body before its annexes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan

from alignment.model import Evidence
from alignment.programme.counting.ledger import Ledger, is_norm
from alignment.programme.counting.tally import cell_evidence, plain
from alignment.programme.rules.outcome import Answer, Count, unknown
from corpora.programme.model import Fact, FactKind

REPEATED = "方案只重复了要求，没有给出现状数字"
PROMISE = "把承诺当作达到"
BODY_ONLY = "只看方案正文（数字只见于附件）"
_SIGNS = {">=": "≥", "<=": "≤", "~": "约 ", "=": ""}
_UNITS = {
    "hours": "学时",
    "hours_per_week": "学时/周",
    "weeks": "周",
    "credits": "学分",
    "percent": "%",
    "years": "年",
    "months": "个月",
    "count": "",
    "ratio": ":1",
    "text": "",
}
#: What can be said without a number.
IN_WORDS: tuple[FactKind, ...] = (
    "leader_title",
    "teacher_certificate",
    "teacher_degree",
    "internship_agreement",
    "intermediate_or_above_count",
)
Make = Callable[[Fact, str], Count]


@dataclass(frozen=True)
class Said:
    """What the plan says of something, by how it can be used."""

    body: tuple[Fact, ...]
    annex: tuple[Fact, ...]
    norms: tuple[Fact, ...]

    @property
    def state(self) -> tuple[Fact, ...]:
        """Statements of what is, the body's first."""
        return (*self.body, *self.annex)


def said(ledger: Ledger, *kinds: FactKind, subject: Callable[[str], bool] | None = None) -> Said:
    """The facts of the given kinds, of subjects that fit."""
    facts = [f for f in ledger.programme.facts_of(*kinds) if subject is None or subject(f.subject)]
    facts = [f for f in facts if f.kind in IN_WORDS or not isnan(f.figure.value)]
    state = [f for f in facts if not is_norm(f)]
    return Said(
        body=tuple(f for f in state if not f.annex),
        annex=tuple(f for f in state if f.annex),
        norms=tuple(f for f in facts if is_norm(f)),
    )


def fact_evidence(ledger: Ledger, fact: Fact) -> Evidence:
    """The sentence or cell of a fact."""
    return cell_evidence(ledger.programme.document, fact.figure, "附件" if fact.annex else "", fact.subject)


def fact_text(fact: Fact) -> str:
    """``≥95%``."""
    return f"{_SIGNS[fact.operator]}{plain(fact.figure.value)}{_UNITS[fact.unit]}"


def fact_count(ledger: Ledger, fact: Fact, label: str = "") -> Count:
    """A stated number, with the bounds that its operator leaves."""
    value = fact.figure.value
    low = float("-inf") if fact.operator == "<=" else value
    high = float("inf") if fact.operator == ">=" else value
    where = "附件写" if fact.annex else "方案写"
    said_of = f"{fact.subject} " if fact.subject and fact.subject not in fact.words else ""
    words = f"{quoted(said_of + fact.words)}，即 {fact_text(fact)}" if fact.words else f"{said_of}{fact_text(fact)}"
    arithmetic = f"{where}{words}"
    return Count(value, arithmetic, (fact_evidence(ledger, fact),), label, low=low, high=high)


def quoted(words: str) -> str:
    """Words in quotation marks, their own marks paired and turned into inner ones: ``“‘双师型’教师 6 人”``."""
    pairs = words.count("“") - words.count("”")
    whole = "“" * max(-pairs, 0) + words + "”" * max(pairs, 0)
    return f"“{whole.replace('“', '‘').replace('”', '’')}”"


def stated_state(ledger: Ledger, found: Said, missing: str, make: Make | None = None) -> Answer:
    """An answer about the state of things: norms alone prove nothing, an annex alone only under one reading."""
    count = make or (lambda fact, label: fact_count(ledger, fact, label))
    promises = tuple(count(fact, f"{PROMISE}：{fact_text(fact)}") for fact in found.norms)
    if not found.state:
        note = f"{REPEATED}；{missing}" if found.norms else missing
        return unknown(note, *promises)
    first = found.state[0]
    different = [fact for fact in found.state[1:] if fact_text(fact) != fact_text(first)]
    others = [count(fact, f"按{'附件' if fact.annex else '正文'}另一处") for fact in different]
    if first.annex:
        others.insert(0, Count(None, "正文没有这一数字", label=BODY_ONLY, verdict="cannot_determine"))
    return Answer(count(first, ""), (*others, *promises), "数字只见于附件" if first.annex else "")


def own_requirement(ledger: Ledger, found: Said, missing: str) -> Answer:
    """An answer about what the plan itself must set (goals for students, its length): saying it is doing it."""
    merged = Said(*_by_place((*found.body, *found.annex, *found.norms)), ())
    return stated_state(ledger, merged, missing)


def _by_place(facts: Sequence[Fact]) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    return tuple(f for f in facts if not f.annex), tuple(f for f in facts if f.annex)
