"""Quotes for courses: the cell that names one, its description, and the sentence that mentions a subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from alignment.model import Evidence
from alignment.programme.courses.content import CourseText
from corpora.document import Locator
from corpora.programme.model import Programme
from corpora.tokens import normalise

#: Items of a description that are quoted.
QUOTED = 3

#: A sentence that speaks of courses or teaching activities, not of qualities that graduates should have.
_TEACHING = re.compile(r"课程|选修|必修|讲座|专题|活动|教育|实践|开设|模块|环节|融入")
_SENTENCE = re.compile(r"[^。；;！？\n]+[。；;！？]?")
_LONGEST = 160


class Mentions:
    """Finds where the plan's running text speaks of a subject.

    Parameters
    ----------
    programme : its text is searched, without the tables of the schedule.
    """

    def __init__(self, programme: Programme) -> None:
        self._programme = programme

    def find(self, words: Sequence[str], annex: bool = False) -> tuple[str, Evidence] | None:
        """The word and the sentence that first mentions any of the words, None where none does.

        ``annex`` tells whether annexed course standards and reports are searched as well.
        """
        programme = self._programme
        end = programme.end or len(programme.document.text)
        end = end if annex else min(programme.annex_start or end, end)
        for folded, sentence, place in self._sentences if words else ():
            for word in words:
                if place.start < end and word in folded:
                    return word, Evidence(sentence, place, (), 1.0)
        return None

    def quotes(self, texts: Sequence[CourseText]) -> Iterator[Evidence]:
        """The first items of a course's description."""
        pairs = [pair for text in texts for pair in zip(text.items, text.locators, strict=True)]
        for item, place in pairs[:QUOTED]:
            yield Evidence(item, place, (), 1.0, "content")

    @cached_property
    def _sentences(self) -> list[tuple[str, str, Locator]]:
        return list(_sentences(self._programme))


def name_evidence(programme: Programme, name: str, course: int | None, similarity: float) -> tuple[Evidence, ...]:
    """The cell of the schedule or list that names a course; empty where no place is known."""
    schedule = programme.schedule
    if course is None:
        place = next((listed.locator for listed in schedule.listed if listed.name == name), None)
        path: tuple[str, ...] = ()
    else:
        place, path = schedule.courses[course].locator, (schedule.courses[course].category_text,)
    if place is None:
        return ()
    text = programme.document.resolve(place)
    at = text.find(name)
    if at >= 0:
        return (Evidence(name, place.slice(place.start + at, place.start + at + len(name)), path, similarity),)
    return (Evidence(text or name, place, path, similarity),)


def _sentences(programme: Programme) -> Iterator[tuple[str, str, Locator]]:
    document, scheduled = programme.document, set(programme.schedule.tables)
    end = programme.end or len(document.text)
    for block in document.blocks:
        place = block.locator
        if not programme.start <= place.start < end or place.table in scheduled:
            continue
        for sentence in _SENTENCE.finditer(block.text):
            quote = sentence.group().strip()[:_LONGEST]
            if _TEACHING.search(quote):
                start = place.start + sentence.start() + sentence.group().find(quote[:1])
                yield normalise(quote), quote, place.slice(start, start + len(quote))
