"""Kind and title of documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.document import Document, DocumentKind
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.kinds import document_title, kind_of
from corpora.parsers import read_document


def _document(name: str, *lines: str, format: str = "docx") -> Document:
    builder = DocumentBuilder(name, b"", format)
    for line in lines:
        builder.add("paragraph", line)
    return builder.build()


@pytest.mark.parametrize(
    ("name", "lines", "kind"),
    [
        ("a.docx", ("《网店运营》课程标准", "一、课程性质"), "syllabus"),
        ("a.docx", ("电子商务专业", "人才培养方案"), "plan"),
        ("2024级电子商务专业教学计划.docx", ("一、培养目标",), "plan"),
        ("网络营销教材.docx", ("第一章 导论",), "textbook"),
        ("网店运营授课计划.docx", ("周次安排",), "syllabus"),
        ("笔记.docx", ("数据分析要点",), "syllabus"),
        ("a.docx", ("《人才培养方案制订》课程标准",), "syllabus"),
    ],
)
def test_kind_by_name(name: str, lines: tuple[str, ...], kind: DocumentKind) -> None:
    """The title, else the file name, tells the kind; the word that stands last in it decides."""
    assert kind_of(_document(name, *lines)) == kind


def test_a_table_of_many_courses_makes_a_plan() -> None:
    """A nameless document with a table of twenty courses, credits and hours is a plan."""
    builder = DocumentBuilder("附件3.docx", b"", "docx")
    rows = [("课程名称", "学分", "学时"), *((f"课程{i}", "2", "32") for i in range(24))]
    cells = [CellSpec(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts)]
    builder.add_table(cells, header_rows=1)
    assert kind_of(builder.build()) == "plan"


def test_chapters_of_prose_make_a_textbook() -> None:
    """Chapters over much prose, chapters with exercises, and e-books are textbooks; a short outline is not."""
    chapters = [f"第{number}章 店铺运营" for number in "一二三四"]
    prose = "网店的流量来自搜索、推荐与活动三个入口。" * 300
    assert kind_of(_document("a.docx", *(part for chapter in chapters for part in (chapter, prose)))) == "textbook"
    assert kind_of(_document("a.docx", *(part for chapter in chapters for part in (chapter, "练习题")))) == "textbook"
    assert kind_of(_document("a.epub", "开篇", format="epub")) == "textbook"
    assert kind_of(_document("a.docx", *chapters)) == "syllabus"


@pytest.mark.parametrize(
    ("name", "lines", "title"),
    [
        ("a.docx", ("某某学院", "《网店运营》课程标准", "一、性质"), "《网店运营》课程标准"),
        ("a.docx", ("《直播电商》", "教学大纲"), "《直播电商》教学大纲"),
        ("a.docx", ("2024级电子商务专业", "人才培养方案"), "2024级电子商务专业人才培养方案"),
        ("a.docx", ("2024—2025学年第一学期授课计划", "课程名称：《社群运营》"), "《社群运营》授课计划"),
        (
            "a.docx",
            ("某某商贸学院 2025—2026 学年第一学期授课进度计划", "课程：数据化运营　　班级：电商1班"),
            "《数据化运营》授课进度计划",
        ),
        ("a.docx", ("专业核心课程标准（2025 版）", "《网店运营》课程标准"), "《网店运营》课程标准"),
        (
            "a.docx",
            ("教材：校本讲义《看数做店》", "《网页设计》课程标准（代码：A08-4）"),
            "《网页设计》课程标准（代码：A08-4）",
        ),
        ("网店运营.docx", ("一、课程标准的说明", "目录"), "网店运营"),
    ],
)
def test_title(name: str, lines: tuple[str, ...], title: str) -> None:
    """The title as found, joined from two lines or completed by the course's name; else the file's name."""
    assert document_title(_document(name, *lines)) == title


def test_title_of_metadata_and_first_heading() -> None:
    """Without a telling line, the format's own title comes first, then the first main heading."""
    builder = DocumentBuilder("x.md", b"", "markdown")
    builder.add("heading", "产品数据分析", level=1)
    assert document_title(builder.build()) == "产品数据分析"
    builder.title = "数据分析手册"
    assert document_title(builder.build()) == "数据分析手册"


@pytest.mark.shared
def test_kinds_of_real_files(shared: Path) -> None:
    """Real course standards are syllabi titled by their course, real plans are plans."""
    for path in sorted((shared / "gold" / "docs").glob("*.docx")):
        document = read_document(path)
        assert kind_of(document) == "syllabus", path.name
        assert document_title(document).startswith("《"), path.name
    for path in sorted((shared / "real" / "plans").glob("*.docx")):
        assert kind_of(read_document(path)) == "plan", path.name
