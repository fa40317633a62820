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
    r"^(?:目\s*录|前\s*言|附[件录]|[\d\W]+$|.*(?:制定|编制|审核|修订)[:：人])|[。；]$|^[^（(]*[:：].|^[一二三四五六七八九十]+、"
)
_SCHOOL_BEFORE = re.compile(r"^[\u4e00-\u9fff]{2,12}(?:学院|大学|学校)\s*(?=[\d《\u4e00-\u9fff])")
_SCHOOL = re.compile(r"^[\u4e00-\u9fff（）()]{2,20}(?:学院|大学|学校|中专|系|教研室)$")
_NAME_ONLY = re.compile(r"^《[^》]+》$")
_KIND_ONLY = re.compile(
    r"^(?:.{0,12}学年.{0,8})?(?:\d{4}\s*级)?(?:课程|专业|核心|基础|教学|学期|授课)*(?:标准|大纲|计划|方案|进度|安排|教案|设计|培养|人才|表|讲义|教程)+(?:[（(].*[）)])?$"
)
_NAMING = re.compile(r"《|专业|\d{4}\s*级|课程")
_COURSE_NAME = re.compile(r"课\s*程(?:\s*名\s*称[\s:：]*|[:：]\s*)([^\s:：|]{2,30})")
_TERM = re.compile(r"^.{0,12}学年.{0,6}学期")
HEAD = 12
"""Number of leading blocks among which the title stands."""
_COVER = 600
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
    """The course's or programme's name as a person would call it: the title in the document, else the file's name.

    A title on two lines (《网店运营》 / 教学大纲) is joined; one that only names the kind of paper (授课进度计划) takes
    the course's name from the cover.
    """
    head = [_line(b.text) for b in document.blocks[:HEAD] if "\t" not in b.text and len(b.text) <= 60]
    lines = [position for position, text in enumerate(head) if _TITLE.search(text) and not _NOT_TITLE.search(text)]
    if lines:
        named = [position for position in lines if "《" in head[position] and len(head[position]) <= 40]
        return _completed(document, head, (named or lines)[0])
    if document.title.strip() and not _NOT_TITLE.search(document.title.strip()):
        return _line(document.title)
    first = next((_line(b.text) for b in document.blocks[:HEAD] if b.kind == "heading" and b.level == 1), "")
    if first and len(first) <= 60 and not _NOT_TITLE.search(first) and not _SCHOOL.match(first):
        return first
    return PurePath(document.name).stem


def is_title_line(line: str, title: str) -> bool:
    """Whether a line at the head of a document is its title, half of it, or a mere name of the kind of paper."""
    return len(line) >= 4 and (line in title or _KIND_ONLY.match(line) is not None)


def _completed(document: Document, head: list[str], position: int) -> str:
    """The title line with the line before or after it, or the course's name, when it is half a title."""
    text = _SCHOOL_BEFORE.sub("", head[position])
    after = head[position + 1] if position + 1 < len(head) else ""
    if _NAME_ONLY.match(text) and _KIND_ONLY.match(after):
        return text + after
    if not _KIND_ONLY.match(text):
        return text
    before = head[position - 1] if position else ""
    if before and len(before) <= 30 and not _SCHOOL.match(before) and _NAMING.search(before):
        return before + text
    course = _COURSE_NAME.search(document.text[:_COVER])
    return f"《{course[1].strip('《》 ')}》{_TERM.sub('', text)}" if course else text


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
