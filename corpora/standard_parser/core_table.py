"""8.1.2 (2): the list of core courses and their table, put together from all its fragments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpora.standard import Statement, TypicalTask
from corpora.standard_parser.courses import course_names
from corpora.standard_parser.draft import Draft
from corpora.standard_parser.outline import Part, is_continued, number_value
from corpora.standard_parser.source import Grid, Line, Row, SourceItem, join_broken
from corpora.standard_parser.wording import bare, names, sentences, similarity

SECTION = "8.1.2(2)"
_COLUMNS = (
    ("number", re.compile(r"序号|编号")),
    ("tasks", re.compile(r"典型工作任务|工作任务")),
    ("content", re.compile(r"教学内容|内容[与和及]要求")),
    ("title", re.compile(r"课程|领域")),
)
_TASK_SENTENCE = re.compile(
    r"(?P<sentence>典型工作任务\s*(?P<group>\d+|[一二三四五六])?\s*(?:为|是|：)(?P<title>[^，。；]+)"
    r"[，；。]\s*(?:主要)?工作内容(?:主要)?(?:有|包括|为|包含|：)(?P<list>[^。]*。?))"
)
_TOOLS = re.compile(
    r"(?:运用|使用|借助|利用)(?P<list>[^。；]+?)(?:等(?:软硬件|硬件|软件)?(?:工具|"
    r"设备)?[^、。；]*)?完成(?:上述)?工作任务"
)
_ITEM = re.compile(r"(?:(?<=\n)|(?<=^)|(?<=[。；;]))\s*(?P<number>[①-⑳]|[（(]\d{1,2}[）)]|\d{1,2}[.．、）)](?!\d))\s*")
_ALIKE = 0.5


@dataclass
class _Course:
    number: str
    title: str
    tasks: str
    content: str
    rows: list[int] = field(default_factory=list)


def read_core_courses(part: Part, draft: Draft) -> dict[str, object]:
    """Add the list's provision, core courses, tasks and requirements.

    Returns
    -------
    The table as data for ``Section.table`` (caption, columns, rows, where it was continued); empty without a table.
    """
    listed, parent = _listed(part, draft)
    grids = part.grids
    courses, columns = _table(grids, draft)
    titles = [course.title for course in courses] or list(listed)
    aliases = match_aliases(titles, list(listed))
    for n, title in enumerate(titles, 1):
        course = courses[n - 1] if courses else _Course(str(n), title, "", "")
        _add_course(n, course, aliases.get(title, ()), parent, draft)
    missing = [name for name in listed if courses and not _named(name, titles, aliases)]
    draft.warnings += [f"核心课程清单中的“{name}”在课程表中没有对应的行" for name in missing]
    return _table_data(part, courses, columns) if courses else {}


def gather_tables(parts: list[Part]) -> None:
    """Move core-course tables that stand elsewhere in section 8.1 to the core courses, with their captions."""
    target = next((part for part in parts if part.number == SECTION), None)
    for part in parts:
        if target is None or part is target or not part.number.startswith("8.1"):
            continue
        moved = _table_items(part)
        target.items += moved
        part.items = [item for item in part.items if item not in moved]


def _table_items(part: Part) -> list[SourceItem]:
    """A core-course table's fragments with the captions and 续表 in front of them."""
    found: list[SourceItem] = []
    for n, item in enumerate(part.items):
        if isinstance(item, Grid) and (found or any(_header(row) for row in item.rows)):
            before = part.items[n - 1] if n else None
            found += [before, item] if isinstance(before, Line) and _is_caption(before) else [item]
    return found


def match_aliases(titles: list[str], listed: list[str]) -> dict[str, tuple[str, ...]]:
    """Names by which the list calls a course that the table names otherwise: title -> aliases."""
    known = {bare(title) for title in titles}
    left = [name for name in listed if bare(name) not in known]
    open_titles = [title for title in titles if bare(title) not in {bare(name) for name in listed}]
    pairs = sorted(((similarity(t, n), t, n) for t in open_titles for n in left), key=lambda p: -p[0])
    found: dict[str, tuple[str, ...]] = {}
    for value, title, name in pairs:
        if value >= _ALIKE and title not in found and (name,) not in found.values():
            found[title] = (name,)
    return found


def typical_tasks(text: str, course: str) -> tuple[tuple[TypicalTask, ...], list[tuple[str, int | None]], str]:
    """(typical tasks, their jobs with the group they belong to, the stretch of text that names them)."""
    tasks: list[TypicalTask] = []
    jobs: list[tuple[str, int | None]] = []
    found = list(_TASK_SENTENCE.finditer(text))
    for n, match in enumerate(found, 1):
        tasks.append(TypicalTask(n, match["title"].strip(), match["sentence"].strip()))
        jobs += [(name, n if len(found) > 1 else None) for name in names(match["list"])]
    if found:
        return tuple(tasks), jobs, text[found[0].start() : found[-1].end()].strip()
    body = _TOOLS.split(text)[0] if _TOOLS.search(text) else text
    jobs = [(item.rstrip("。；; "), None) for _, item in items(body)]
    return (TypicalTask(1, course, body.strip()),) if body.strip() else (), jobs, body.strip()


def items(text: str) -> list[tuple[int | None, str]]:
    """(number, text) of the ①-items of a cell; its sentences, unnumbered, when it has no enumerators."""
    starts = list(_ITEM.finditer(text))
    if not starts:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        return [(None, line) for line in (lines if len(lines) > 1 else sentences(text))]
    ends = [m.start() for m in starts[1:]] + [len(text)]
    return [
        (number_value(m["number"]), text[m.end() : end].strip().replace("\n", ""))
        for m, end in zip(starts, ends, strict=True)
    ]


def _listed(part: Part, draft: Draft) -> tuple[tuple[str, ...], str | None]:
    """The names in the list and the id of its provision."""
    listed: tuple[str, ...] = ()
    parent: str | None = None
    lines = [line for line in part.lines if not _is_caption(line)]
    for line in part.lines:
        if _is_caption(line):
            draft.place(line)
    texts = _join_list(lines)
    for text, numbers in texts:
        courses = () if listed else course_names(text)
        for sentence in [text] if courses else sentences(text):
            provision = draft.add("A", "provision", sentence, SECTION, numbers)
            parent = parent or (provision.id if courses else None)
        listed = listed or courses
    return listed, parent


def _join_list(lines: list[Line]) -> list[tuple[str, tuple[int, ...]]]:
    out: list[tuple[str, tuple[int, ...]]] = []
    for line in lines:
        if out and out[-1][0].endswith(("：", ":")):
            out[-1] = (join_broken(out[-1][0], line.text), (*out[-1][1], *line.lines))
        else:
            out.append((line.text, line.lines))
    return out


def _is_caption(line: Line) -> bool:
    text = line.text.strip()
    caption = re.match(r"(?:表\s*[\d\-.]*\s*)?\S{0,30}(?:教学内容|课程)(?:[与和及]要求|一览|设置)?表?$", text)
    return is_continued(text) or bool(caption and not text.endswith(("。", "；", "："))) or text.startswith("续表")


def _table(grids: list[Grid], draft: Draft) -> tuple[list[_Course], tuple[str, ...]]:
    """Courses of all fragments of the table: repeated headers dropped, broken rows put together."""
    courses: list[_Course] = []
    columns: tuple[str, ...] = ()
    place: dict[str, int] = {}
    for grid in grids:
        for row in grid.rows:
            header = _header(row)
            if header:
                columns, place = columns or row.cells, header
                draft.place(row.number)
            elif not place or is_continued(" ".join(filter(None, row.cells))):
                _without_header(row, place, draft)
            else:
                _take(row, place, courses, draft)
    return courses, columns


def _without_header(row: Row, place: dict[str, int], draft: Draft) -> None:
    if place:
        draft.place(row.number)
    else:
        draft.leave(SECTION, row.number, "\t".join(row.cells), "核心课程表没有表头")


def _header(row: Row) -> dict[str, int]:
    """Column of each role when the row is a header, else nothing."""
    place: dict[str, int] = {}
    for column, text in enumerate(row.cells):
        name = re.sub(r"\s+", "", text)
        role = next((role for role, pattern in _COLUMNS if pattern.search(name) and role not in place), "")
        if role and len(name) <= 20:
            place[role] = column
    return place if {"title", "content"} <= place.keys() else {}


def _take(row: Row, place: dict[str, int], courses: list[_Course], draft: Draft) -> None:
    cells = {role: row.cells[column] if column < len(row.cells) else "" for role, column in place.items()}
    number, title = cells.get("number", ""), cells["title"].replace("\n", "")
    draft.place(row.number)
    if courses and not number and (not title or _continues(courses[-1], cells)):
        last = courses[-1]
        last.title = f"{last.title}{title}"
        last.tasks = _append(last.tasks, cells.get("tasks", ""))
        last.content = _append(last.content, cells["content"])
        last.rows.append(row.number)
    else:
        courses.append(_Course(number, title, cells.get("tasks", ""), cells["content"], [row.number]))


def _continues(last: _Course, cells: dict[str, str]) -> bool:
    """Whether a row without number but with a title goes on with the last one, its title broken over the page."""
    return bool(last.number) and not re.match(r"典型工作任务|①", cells.get("tasks", ""))


def _append(text: str, more: str) -> str:
    """Two parts of a cell that a page break cut."""
    if not text or not more:
        return text or more
    fresh = text.endswith(("。", "；", ";")) or _ITEM.match(more) or more.startswith(("典型工作任务", "运用", "使用"))
    return f"{text}\n{more}" if fresh else join_broken(text, more)


def _add_course(n: int, course: _Course, aliases: tuple[str, ...], parent: str | None, draft: Draft) -> None:
    tasks, jobs, task_text = typical_tasks(course.tasks, course.title)
    tools = _TOOLS.search(course.tasks)
    tools_text = course.tasks[tools.start() :].strip() if tools else ""
    name, lines = f"C{n}", tuple(course.rows)
    statement = Statement(
        name,
        "core_course",
        course.tasks or course.title,
        section=SECTION,
        parent=parent,
        title=course.title,
        number=number_value(course.number) or n,
        lines=lines,
        aliases=aliases,
        task_text=task_text,
        tools_text=tools_text,
        tools=names(tools["list"]) if tools else (),
        typical_tasks=tasks,
    )
    draft.put(statement)
    if aliases:
        draft.mend("name_variant", f"{aliases[0]} / {course.title}", course.title, lines, name)
    for k, (job, group) in enumerate(jobs, 1):
        draft.put(Statement(f"{name}.T{k}", "task", job, section=SECTION, parent=name, lines=lines, group=group))
    for k, (number, text) in enumerate(items(course.content), 1):
        draft.put(
            Statement(
                f"{name}.R{k}", "requirement", text, section=SECTION, parent=name, number=number or k, lines=lines
            )
        )
    if course.rows and not jobs:
        draft.warnings.append(f"核心课程“{course.title}”没有解析出工作内容")
    if course.rows and not course.content:
        draft.warnings.append(f"核心课程“{course.title}”没有教学内容与要求")


def _named(name: str, titles: list[str], aliases: dict[str, tuple[str, ...]]) -> bool:
    every = [*titles, *(alias for found in aliases.values() for alias in found)]
    return bare(name) in {bare(known) for known in every}


def _table_data(part: Part, courses: list[_Course], columns: tuple[str, ...]) -> dict[str, object]:
    captions = [line.text for line in part.lines if _is_caption(line)] + [grid.caption for grid in part.grids]
    caption = next((text for text in captions if text and not is_continued(text)), "")
    rows = [
        {
            "line": course.rows[0],
            "course": f"C{n}",
            "cells": [{"text": text} for text in (course.number, course.title, course.tasks, course.content)],
        }
        for n, course in enumerate(courses, 1)
    ]
    continued = [line.number for line in part.lines if is_continued(line.text)]
    continued += [grid.number for grid in part.grids if is_continued(grid.caption)]
    return {"caption": caption, "columns": list(columns), "continued_at": continued, "rows": rows}
