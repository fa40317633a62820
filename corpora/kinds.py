"""What a document is (syllabus, programme plan, textbook) and what it is called."""

from __future__ import annotations

import re
from pathlib import PurePath

from corpora.document import Document, DocumentKind, Table

_PLAN = re.compile(
    r"人才培养(?:方案|计划|标准)|(?:专业|教学)(?:教学)?(?:进程|计划)(?:安排)?表|专业教学计划|专业培养(?:方案|计划)|专业建设方案"
)
_SYLLABUS = re.compile(
    r"课程标准|教学大纲|课程大纲|授课计划|教学进度|进度计划|授课进度|课程教学计划|教案|课程思政|说课|学习指南|实训大纲|考核方案"
)
_TEXTBOOK = re.compile(r"教材|教科书|教程(?!标准)|课本|讲义")
_CHAPTER = re.compile(r"^\s*(?:#+\s*)?第\s*[一二三四五六七八九十百\d]+\s*[章讲篇]|^\s*(?i:chapter)\s+\d")
_EXERCISE = re.compile(r"练习题?|习题|思考题|复习题|本章小结|课后|自测题|案例分析题|参考答案")
_COURSE_COLUMN = re.compile(r"课程名称|课程$|课程代码|课程编码")
_CREDIT_COLUMN = re.compile(r"学分|学时|学期|考核|考试")
_TITLE = re.compile(
    r"课程标准|教学大纲|课程大纲|授课计划|进度(?:计划|表)|人才培养方案|教学计划|培养方案|计划安排表|教学设计|教案|教程|讲义|^《[^》]+》$"
)
_NOT_TITLE = re.compile(
    r"^(?:目\s*录|前\s*言|附[件录]|[\d\W]+$|.*(?:制定|编制|审核|修订)[:：人])|[。；]$|^[一二三四五六七八九十]+、"
)
_SCHOOL = re.compile(r"^[\u4e00-\u9fff（）()]{2,20}(?:学院|大学|学校|中专|系|教研室)$")
_TEXTBOOK_CHARS = 20_000
_PLAN_ROWS = 20


def kind_of(document: Document) -> DocumentKind:
    """Whether a document is a syllabus, a programme plan or a textbook.

    The name in the title decides first; then a table of many courses makes a plan; chapters of prose make a textbook
    (an e-book, or at least three chapters over 20,000 characters, or exercises after them). Anything else, notes and
    handouts included, is read as a syllabus.
    """
    named = _named_kind(document)
    if named:
        return named
    if any(_is_course_table(table) for table in document.tables):
        return "plan"
    chapters = sum(_CHAPTER.match(block.text) is not None for block in document.blocks if len(block.text) <= 60)
    exercises = sum(_EXERCISE.search(block.text) is not None for block in document.blocks if len(block.text) <= 20)
    prose = document.format == "epub" or len(document.text) >= _TEXTBOOK_CHARS or exercises >= 2
    return "textbook" if (chapters >= 3 and prose) or document.format == "epub" else "syllabus"


def document_title(document: Document) -> str:
    """The course's or programme's name as a person would call it: the title in the document, else the file's name."""
    stem = PurePath(document.name).stem
    head = [block for block in document.blocks[:12] if block.kind != "table_row" and len(block.text) <= 60]
    for text in (_line(block.text) for block in head):
        if _TITLE.search(text) and not _NOT_TITLE.search(text):
            return text
    if document.title.strip() and not _NOT_TITLE.search(document.title.strip()):
        return _line(document.title)
    first = next((_line(block.text) for block in head if block.kind == "heading" and block.level <= 1), "")
    return first if first and not _NOT_TITLE.search(first) and not _SCHOOL.match(first) else stem


def _line(text: str) -> str:
    return " ".join(text.split())


def _named_kind(document: Document) -> DocumentKind | None:
    for name in (document_title(document), document.name, *(b.text for b in document.blocks[:6] if len(b.text) <= 60)):
        found: list[tuple[int, DocumentKind]] = []
        for pattern, kind in ((_PLAN, "plan"), (_SYLLABUS, "syllabus"), (_TEXTBOOK, "textbook")):
            matches = list(pattern.finditer(name))
            if matches:
                found.append((matches[-1].end(), kind))  # type: ignore[arg-type]
        if found:
            return max(found)[1]
    return None


def _is_course_table(table: Table) -> bool:
    """Whether a table lists the courses of a programme with their credits and hours."""
    names = ["".join(name.split()) for column in range(table.columns) for name in table.header(column)]
    has_course = any(_COURSE_COLUMN.search(name) for name in names)
    return table.rows >= _PLAN_ROWS and has_course and sum(bool(_CREDIT_COLUMN.search(n)) for n in names) >= 2
