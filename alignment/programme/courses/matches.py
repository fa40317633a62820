"""The courses of the standard against those of a plan: who offers what, under which name, compulsory or not.

A course of the plan is recognised by its name (equal stems), by a name that the data files know for the subject, by the
likeness of the names, or by its content (see ``course_features``). It serves a statement wholly or in part; the status
follows from the best of them:

- ``offered`` a compulsory course serves it wholly, ``offered_elective`` an elective one, ``offered_one_direction`` one
  of a direction that not every student takes, ``pool_only`` one that stands in an option list and not in the schedule;
- ``partial`` courses touch it: a neighbouring subject, a course described but not scheduled, a mention in the text;
- ``absent`` nothing was found.

The probability of a hit is a share counted on labelled plans for names that the data files know, else a logistic model
of three features (likeness of the names, cosine of their vectors, content); both are in ``course_features``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alignment.prepared import PreparedStandard
from alignment.programme.courses.content import CourseText, read_course_texts, texts_by_course
from alignment.programme.courses.features import KNOWN, TELLING, CoursePairs, compare_courses
from alignment.programme.courses.mentions import Mentions, name_evidence
from alignment.programme.courses.names import Topic, plain_name, stem, topics_of
from alignment.programme.model import Basis, CourseHit, CourseMatch, CourseStatus
from corpora.programme.model import Category, Programme
from corpora.standard import COURSE_KINDS, Standard, Statement
from index.protocols import Encoder

#: Kinds of course that teach a subject of the major itself; only courses of the major come near them in part.
MAJOR_KINDS = ("foundation_course", "core_course")
MAJOR_CATEGORIES: tuple[Category, ...] = ("foundation", "core", "extension", "practice")

#: Probability from which a pair counts, from which it does where the data files know the subject but not the name,
#: and from which it counts wholly.
SERVES, UNKNOWN_NAME, WHOLLY = 0.5, 0.65, 0.8

#: Hits shown for one statement.
SHOWN = 8


@dataclass(frozen=True)
class _Offer:
    """One course name of the plan: scheduled (``course``), listed, or only described."""

    name: str
    course: int | None
    required: bool | None
    category: Category
    pool: bool = False
    described: bool = False


@dataclass(frozen=True)
class _Found:
    """A hit with its weight: whether it serves the statement wholly."""

    hit: CourseHit
    whole: bool
    offer: _Offer


def match_courses(
    programme: Programme,
    standard: Standard,
    encoder: Encoder,
    prepared: PreparedStandard | None = None,
) -> tuple[CourseMatch, ...]:
    """How the plan offers each course and each cross-cutting topic of the standard, in the standard's order.

    Parameters
    ----------
    programme : a read plan.
    standard : any standard; only its titles are needed.
    encoder : gives the vectors of names and contents.
    prepared : the standard with its elements and expression bank, for recognition by content; without it by name only.
    """
    texts = read_course_texts(programme)
    offers = _offers(programme, texts)
    statements = [s for s in standard.of_kind(*COURSE_KINDS, "cross_cutting") if not s.label.startswith("其他")]
    by_course = texts_by_course(programme, texts)
    contents = {n: by_course[o.course] for n, o in enumerate(offers) if o.course is not None and o.course in by_course}
    pairs = compare_courses(statements, [offer.name for offer in offers], contents, encoder, prepared, standard.code)
    judge = _Matcher(programme, standard, offers, contents, pairs)
    return tuple(judge.match(row, statement) for row, statement in enumerate(statements))


class _Matcher:
    """Turns compared pairs into matches."""

    def __init__(
        self,
        programme: Programme,
        standard: Standard,
        offers: Sequence[_Offer],
        contents: dict[int, tuple[CourseText, ...]],
        pairs: CoursePairs,
    ) -> None:
        self.programme, self.standard, self.offers = programme, standard, offers
        self.contents, self.pairs, self.chances = contents, pairs, pairs.probabilities()
        self.mentions = Mentions(programme)
        self.titles = {stem(name) for s in standard.of_kind(*COURSE_KINDS) for name in s.names}

    def match(self, row: int, statement: Statement) -> CourseMatch:
        """The match of one statement."""
        topics = topics_of(statement, self.standard.code)
        found = [f for n in range(len(self.offers)) if (f := self._found(row, n, statement, topics))]
        if topics and all(topic.public for topic in topics) and any(f.whole for f in found):
            found = [f for f in found if f.whole or f.offer.category in ("public", "other")]
        found.sort(key=_order)
        hits = tuple(f.hit for f in found[:SHOWN])
        if found:
            status = _status(found)
            lacking = _lacking(topics, found) if status.startswith("offered") else ()
            if lacking and (mention := self.mentions.find(lacking)):
                hits = (*hits, CourseHit(mention[0], "content", SERVES, None, None, (mention[1],)))
                return CourseMatch(statement, status, hits, f"{mention[0]}只在正文或其他表中提及")
            if lacking:
                return CourseMatch(statement, "partial", hits, f"缺{lacking[0]}")
            return CourseMatch(statement, status, hits, _note(status, found))
        words = [word for topic in topics for word in topic.mentions]
        if mention := self.mentions.find(words, annex=statement.kind == "cross_cutting"):
            hit = CourseHit(mention[0], "content", SERVES, None, None, (mention[1],))
            return CourseMatch(statement, "partial", (hit,), "只在正文中提及，课程表中没有这门课")
        return CourseMatch(statement, "absent", (), "" if self.programme.schedule.courses else "未读到课程表，无法判断")

    def _found(self, row: int, number: int, statement: Statement, topics: Sequence[Topic]) -> _Found | None:
        offer, said, equal = self.offers[number], self.pairs.known[row][number], bool(self.pairs.equal[row, number])
        chance, telling = float(self.chances[row, number]), float(self.pairs.content[row, number]) >= TELLING
        public = bool(topics) and all(topic.public for topic in topics)
        enough = UNKNOWN_NAME if topics and not said else SERVES
        if (chance < enough and not telling) or (public and not said):
            return None
        whole = telling or said == "same" or (not topics and chance >= WHOLLY)
        if whole and not equal and statement.kind in COURSE_KINDS:
            whole = stem(offer.name) not in self.titles  # the standard has this very course elsewhere
        if statement.kind in MAJOR_KINDS and not whole and offer.category not in MAJOR_CATEGORIES:
            return None
        chance = max(chance, KNOWN["same"]) if telling else chance if whole else min(chance, KNOWN["part"])
        basis: Basis = "name" if equal else "alias" if said or not telling else "content"
        return _Found(self._hit(number, basis, chance), whole and not offer.described, offer)

    def _hit(self, number: int, basis: Basis, chance: float) -> CourseHit:
        offer = self.offers[number]
        evidence = name_evidence(self.programme, offer.name, offer.course, chance)
        quotes = tuple(self.mentions.quotes(self.contents.get(number, ())))
        return CourseHit(offer.name, basis, chance, offer.course, offer.required, evidence + quotes)


def _offers(programme: Programme, texts: Sequence[CourseText]) -> list[_Offer]:
    """Scheduled courses, then those of option lists (of any list where no schedule was read), then described ones.

    A list that is no option list may be the school's or another plan's: it offers nothing beside a schedule.
    """
    schedule = programme.schedule
    offers = [
        _Offer(course.name, number, course.required, course.category)
        for number, course in enumerate(schedule.courses)
        if not course.placeholder and plain_name(course.name)
    ]
    seen = {plain_name(offer.name) for offer in offers}
    for listed in schedule.listed:
        if plain_name(listed.name) not in seen and (listed.pool or not schedule.courses):
            category: Category = "extension" if listed.pool and listed.category == "other" else listed.category
            offers.append(_Offer(listed.name, None, not listed.pool, category, listed.pool))
            seen.add(plain_name(listed.name))
    for text in texts:
        known = any(plain_name(text.name) == plain_name(name) or stem(text.name) == stem(name) for name in seen)
        if not known and text.form == "annex":
            offers.append(_Offer(text.name, None, None, "other", described=True))
            seen.add(plain_name(text.name))
    return offers


def _order(found: _Found) -> tuple[bool, bool, bool, float]:
    """Wholly, scheduled and compulsory first."""
    offer = found.offer
    return (not found.whole, offer.course is None, offer.required is not True, -found.hit.probability)


def _status(found: Sequence[_Found]) -> CourseStatus:
    whole = [f for f in found if f.whole]
    scheduled = [f.offer.required for f in whole if not f.offer.pool]
    if True in scheduled:
        return "offered"
    if None in scheduled:
        return "offered_one_direction"
    if False in scheduled:
        return "offered_elective"
    if whole:
        return "pool_only"
    return "partial" if found else "absent"


def _lacking(topics: Sequence[Topic], found: Sequence[_Found]) -> tuple[str, ...]:
    """The words of the first part of a subject that no course has; none when no part is there at all."""
    names = [plain_name(f.offer.name) for f in found]
    for topic in topics:
        lacking = [group for group in topic.needs if not any(word in name for word in group for name in names)]
        if lacking and len(lacking) < len(topic.needs):
            return lacking[0]
    return ()


def _note(status: CourseStatus, found: Sequence[_Found]) -> str:
    if status == "pool_only":
        return "只在选修课一览表中，课程表中没有"
    if status == "partial":
        names = "、".join(dict.fromkeys(f.offer.name for f in found if not f.offer.described))
        described = "、".join(dict.fromkeys(f.offer.name for f in found if f.offer.described))
        parts = [f"只有相近或部分内容的课程：{names}" if names else ""]
        parts.append(f"有课程说明而课程表中没有：{described}" if described else "")
        return "；".join(part for part in parts if part)
    return ""


def offered(match: CourseMatch) -> bool:
    """Whether the plan's schedule offers the course to at least some students."""
    return match.status in ("offered", "offered_elective", "offered_one_direction")


def hits_by_course(matches: Sequence[CourseMatch]) -> dict[int, tuple[tuple[CourseMatch, CourseHit], ...]]:
    """What each scheduled course serves, by its index."""
    served: dict[int, list[tuple[CourseMatch, CourseHit]]] = {}
    for match in matches:
        for hit in match.hits:
            if hit.course is not None:
                served.setdefault(hit.course, []).append((match, hit))
    return {course: tuple(mine) for course, mine in served.items()}
