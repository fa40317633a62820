"""Passages of the corpus that show how others teach what a document lacks, for all gaps of a report in one search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from alignment.exemplars.corpus import Exemplars
from alignment.exemplars.model import Exemplar, Found, Origin
from alignment.exemplars.quoting import quote, stated_level
from alignment.model import Example, Gap
from alignment.prepared import PreparedStandard
from corpora.document import Document, Role, SegmentedDocument
from corpora.standard import Element
from corpora.stated_level import APPLIED

#: Passages that a suggestion names at most.
EXAMPLES = 3

#: Characters from which a passage says how something is taught; what is shorter only names it, as headings do.
_TELLING = 10

#: Passages looked at for each element.
_POOL = 24

#: Lead in similarity of a passage that stands where the gap is to be mended.
_LEAD = 0.05

#: Level of analysing: where aims are stated, applying meets it (``alignment.depth``).
_ANALYSED = 5

_ORIGINS: tuple[Origin, ...] = ("user", "sample")


def cite(
    gaps: Sequence[Gap], prepared: PreparedStandard, segmented: SegmentedDocument, exemplars: Exemplars
) -> tuple[Gap, ...]:
    """The gaps with passages of the corpus beside their suggestions, where it has any that fit.

    A passage fits when it is like the element, teaches it at the required level at least, and is neither of the
    document under review nor worded as that is.

    Parameters
    ----------
    gaps : of one report.
    prepared : the standard.
    segmented : the document under review.
    exemplars : the corpus.
    """
    row_of = {element.id: row for row, element in enumerate(prepared.elements)}
    wanted = list(dict.fromkeys(gap.element.id for gap in gaps if gap.element.id in row_of))
    if not wanted or not len(exemplars):
        return tuple(gaps)
    vectors = prepared.text_vectors[[row_of[id] for id in wanted]]
    found = exemplars.nearest(vectors, _POOL, exemplars.floor, _ORIGINS)
    own = {segment.text.strip() for segment in segmented.segments}
    digests = _digests(segmented.document)
    quotable = ([x for x in line if _quotable(x.exemplar, own, digests)] for line in found)
    others = dict(zip(wanted, quotable, strict=True))
    return tuple(_cited(gap, others.get(gap.element.id, ())) for gap in gaps)


def _digests(document: Document) -> frozenset[str]:
    return frozenset((document.sha256, *(part.sha256 for part in document.parts)))


def _quotable(exemplar: Exemplar, own: Collection[str], digests: Collection[str]) -> bool:
    """Whether a passage tells something that the document under review does not."""
    text = exemplar.line.text
    return len(text) >= _TELLING and exemplar.sha256 not in digests and text not in own


def _cited(gap: Gap, found: Sequence[Found]) -> Gap:
    roles = _roles(gap)
    fitting = [x for x in found if gap.kind != "not_assessed" or x.exemplar.line.role in roles]
    ranked = sorted(fitting, key=lambda x: (x.exemplar.origin != "user", -_worth(x, roles)))
    chosen = _chosen(ranked, gap.element)
    if not chosen:
        return gap
    examples = tuple(
        Example(quote(x.exemplar.line.text, gap.element.text), x.exemplar.source, x.similarity) for x in chosen
    )
    return replace(gap, suggestion=replace(gap.suggestion, examples=examples))


def _chosen(ranked: Iterable[Found], element: Element) -> list[Found]:
    """The first few that reach the level, one of each document."""
    chosen: dict[str, Found] = {}
    for item in ranked:
        if item.exemplar.sha256 not in chosen and reaches(item.exemplar, element):
            chosen[item.exemplar.sha256] = item
            if len(chosen) == EXAMPLES:
                break
    return list(chosen.values())


def _worth(found: Found, roles: Collection[Role]) -> float:
    return found.similarity + _LEAD * (found.exemplar.line.role in roles)


def _roles(gap: Gap) -> tuple[Role, ...]:
    """Where in a syllabus the gap is to be mended."""
    if gap.kind == "not_assessed":
        return ("assessment",)
    if gap.element.affective:
        return ("objective",)
    if gap.kind == "not_practised" or gap.element.level >= APPLIED:
        return ("practice",)
    return ("content", "practice")


def reaches(exemplar: Exemplar, element: Element) -> bool:
    """Whether a passage teaches at the level that an element requires, or above it, read as in ``alignment.depth``."""
    if element.affective:
        return True
    level = stated_level(exemplar, element.text)
    return level >= element.level or (exemplar.aims and (level, element.level) == (APPLIED, _ANALYSED))
