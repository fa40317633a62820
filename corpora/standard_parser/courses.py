"""Sections 8.1, 8.1.1 and the lists of 8.1.2: which courses the standard names."""

from __future__ import annotations

import re

from corpora.standard_parser.draft import Draft
from corpora.standard_parser.outline import Part, is_continued, split_number
from corpora.standard_parser.source import Grid, Line, join_broken
from corpora.standard_parser.wording import names, sentences

_LISTED_AS = re.compile(r"(?:^|[，应须]|等)?将(?P<list>[^。；]+?)(?:等)?(?:课程)?(?:列为|列入|作为)(?P<role>[^。；]*)")
_INCLUDES = re.compile(r"(?:包括|主要有|设有|开设|设置|如下)(?:\s*\d+\s*门)?\s*[:：]\s*(?P<list>[^。；]+)")
_INCLUDES_BARE = re.compile(r"(?:包括|主要有|设有|开设)(?P<list>[^。；：]+?)等(?:课程|内容)?[。；]?$")
_AND_SO_ON = re.compile(r"(?:等(?:领域|方面|课程)[^、]*|，(?:具体|由|学校|各校)[^、]*)$")
_SERIES = {"8.1.2(1)": ("B", "foundation_course"), "8.1.2(3)": ("X", "extension_course")}


def read_plain(part: Part, draft: Draft) -> None:
    """A section whose sentences are provisions (8.1, 8.1.2's lead, 8.2, 10.1, 10.2)."""
    for line in part.lines:
        if line.text.rstrip("：:") and not is_continued(line.text):
            for sentence in sentences(line.text):
                draft.add("A", "provision", sentence, part.number, line.lines)
    _leave_tables(part, draft)


def read_public_courses(part: Part, draft: Draft) -> None:
    """8.1.1: sentences, and the courses that they list as required or as required or elective."""
    for line in part.lines:
        for sentence in sentences(line.text):
            provision = draft.add("A", "provision", sentence, part.number, line.lines)
            for found in _LISTED_AS.finditer(sentence):
                prefix, kind = _public_kind(found["role"])
                for name in names(found["list"]):
                    draft.add(prefix, kind, name, part.number, line.lines, parent=provision.id, title=name)
    _leave_tables(part, draft)


def read_course_list(part: Part, draft: Draft) -> None:
    """8.1.2 (1) and (3): the list of foundation or extension courses; further sentences are provisions."""
    prefix, kind = _SERIES[part.number]
    found = False
    for text, line in _paragraphs(part, draft):
        courses = course_names(text)
        if not courses or found:
            for sentence in sentences(text):
                draft.add("A", "provision", sentence, part.number, line.lines)
            continue
        found = True
        provision = draft.add("A", "provision", text, part.number, line.lines)
        for name in courses:
            draft.add(prefix, kind, name, part.number, line.lines, parent=provision.id, title=name)
    if not found:
        draft.warnings.append(f"“{part.title}”中没有找到课程清单")
    _leave_tables(part, draft)


def course_names(text: str) -> tuple[str, ...]:
    """The courses that a sentence lists behind 包括：, else nothing."""
    found = _INCLUDES.search(text) or _INCLUDES_BARE.search(text)
    listed = names(_AND_SO_ON.sub("", found["list"])) if found else ()
    return listed if len(listed) > 1 else ()


def _paragraphs(part: Part, draft: Draft) -> list[tuple[str, Line]]:
    """Paragraphs, a list set apart from its 包括： joined to it."""
    out: list[tuple[str, Line]] = []
    for line in part.lines:
        text = split_number(line.text)[1] if re.match(r"[①-⑳]", line.text) else line.text
        if out and out[-1][0].endswith(("：", ":")):
            previous, first = out[-1]
            joined = Line(first.number, join_broken(previous, text), 0, (*first.joined, *line.lines))
            draft.mend("line_break", f"{previous}⏎{text[:12]}…", joined.text[:40], joined.lines)
            out[-1] = (joined.text, joined)
        else:
            out.append((text, line))
    return out


def _public_kind(role: str) -> tuple[str, str]:
    return ("GE", "public_required_or_elective") if "选修" in role else ("G", "public_required")


def _leave_tables(part: Part, draft: Draft) -> None:
    for item in part.items:
        if isinstance(item, Grid):
            for row in item.rows:
                draft.leave(part.number, row.number, "\t".join(row.cells), "此节不应有表格")
