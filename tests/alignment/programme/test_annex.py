"""Course standards annexed to a plan: split, aligned, united."""

from __future__ import annotations

import numpy as np
import pytest

from alignment.aligner import Aligner
from alignment.model import Grade, Match
from alignment.passages import Passages, read_passages
from alignment.prepared import PreparedStandard
from alignment.programme.annex.align import align_annex
from alignment.programme.annex.parts import AnnexPart, annex_parts, course_title
from alignment.programme.annex.union import BODY, best_matches, only_named, repeated, taught_nowhere, union_over
from alignment.programme.model import AnnexCourse
from alignment.programme.slices import passages_between, passages_of
from alignment.programme.stretches import body_stretches
from corpora.bundle import join_documents
from corpora.document import Locator
from corpora.programme.model import PlanCourse, Programme, Schedule
from corpora.segments import segment
from corpora.standard import Standard
from tests.alignment.programme.written import plan, write

FILLER = "本课程按项目组织教学，学生分组完成任务，教师巡回指导，并按过程记录成绩。" * 8
PRUNING = f"""
## 《果树栽培》课程标准（代码：A01）
### 一、课程目标
掌握果树修剪方法。
### 二、课程内容
冬季怎样剪枝，到果园动手剪枝。{FILLER}
### 三、考核方式
考核修剪操作。
"""
BAKING = f"""
## 烘焙工艺课程教学大纲
### 一、课程性质
必修课。
### 二、课程内容
理解酵母发酵原理，能够调制蛋糕面糊。{FILLER}
### 三、考核评价
考核面糊。
"""
ANNEX = f"# 附件 1 课程标准\n{PRUNING}\n{BAKING}\n# 附件 2 调研报告\n走访果园六家，了解用人需求。"
BODY_TEXT = "# 园艺专业人才培养方案\n## 一、专业名称\n园艺\n## 二、培养目标\n培养果树工。"


@pytest.fixture(scope="module")
def programme() -> Programme:
    """A plan with two course standards and a report annexed."""
    return plan(BODY_TEXT, ANNEX)


@pytest.fixture(scope="module")
def passages(programme: Programme, aligner: Aligner) -> Passages:
    """The whole document, encoded once."""
    return read_passages(segment(programme.document), aligner.encoder)


@pytest.fixture(scope="module")
def courses(
    programme: Programme, mini: Standard, prepared: PreparedStandard, passages: Passages, aligner: Aligner
) -> tuple[AnnexCourse, ...]:
    """Both courses, aligned with the small standard."""
    thresholds = aligner.judge.model_for(prepared).thresholds
    return align_annex(programme, mini, prepared, passages, aligner.judge, thresholds)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("《果树栽培》课程标准", "果树栽培"),
        ("（三）《果树栽培》课程教学标准（代码：A01-2）", "果树栽培"),
        ("《果树栽培》（代码：A01）课程教学标准", "果树栽培"),
        ("附件 3：《果树栽培》教学大纲", "果树栽培"),
        ("12. 果树栽培课程标准", "果树栽培"),
        ("果树栽培 教学大纲（2024 版）", "果树栽培"),
        ("附件 1    课程标准", ""),
        ("专业核心课程标准", ""),
        ("公共基础课程和专业课程标准", ""),
        ("《果树栽培》课程标准........17", ""),
        ("严格执行课程标准，完善教学大纲。", ""),
        ("《果树栽培》教材", ""),
    ],
)
def test_titles_of_course_standards(line: str, name: str) -> None:
    """A title names one course; groups, lists of contents and sentences do not."""
    assert course_title(line) == name


def test_each_course_standard_is_one_part(programme: Programme) -> None:
    """A part begins with its title and ends before the next one, or before the next annex."""
    parts = annex_parts(programme)
    text = programme.document.text
    assert [part.title for part in parts] == ["果树栽培", "烘焙工艺"]
    assert text[parts[0].start :].startswith("《果树栽培》")
    assert parts[0].end == parts[1].start
    assert text[parts[1].end :].startswith("附件 2")


def test_an_annex_that_nobody_announced_is_found() -> None:
    """Course standards are looked for in the whole text where no annex was recognised."""
    programme = plan(f"{BODY_TEXT}\n{PRUNING}")
    assert [part.title for part in annex_parts(programme)] == ["果树栽培"]


@pytest.mark.parametrize(
    "cover",
    [
        "# 课程标准\n课程名称：果树栽培\n适用专业：园艺",
        "《果树栽培》\n课程标准",
        "# 课程标准\n| 课程名称 | 果树栽培 |\n| 学时 | 64 |",
        "《果树栽培》课程标准\n园艺系编\n《果树栽培》课程标准",
    ],
)
def test_covers(cover: str) -> None:
    """The course may be named by the line above, by a cover's field, or twice."""
    body = PRUNING.split("\n", 2)[2]
    assert [part.title for part in annex_parts(plan(BODY_TEXT, f"# 附件\n{cover}\n{body}"))] == ["果树栽培"]


def test_course_standards_as_files_of_their_own() -> None:
    """Each file joined to the plan is a part of its own, and no part of the plan's body."""
    joined = join_documents([write(BODY_TEXT), write(PRUNING, "果树栽培.docx"), write("# 课表\n略", "课表.docx")])
    programme = Programme(joined, end=len(joined.text), annex_start=len(joined.text))
    assert [(part.title, part.start) for part in annex_parts(programme)] == [("果树栽培", joined.parts[1].start)]
    body = "".join(joined.text[start:end] for start, end in body_stretches(programme))
    assert "培养果树工" in body
    assert "课表" in body
    assert "剪枝" not in body


def test_a_short_course_standard_counts_by_its_chapters() -> None:
    """A page with aims, contents and assessment is one; the same length of plain text is none."""
    chapters = ("1. 课程目标", "2. 课程内容与要求", "3. 考核")
    short = "\n".join(
        f"{chapter}\n能按规程修剪果树，并记录每次修剪的日期、品种与产量，雨后及时检查伤口并涂药。"
        for chapter in chapters
    )
    written = plan(BODY_TEXT, f"# 附件 1\n《果树栽培》课程标准\n{short}")
    assert [part.title for part in annex_parts(written)] == ["果树栽培"]
    plain = "\n".join(f"{chapter}\n略。" for chapter in chapters)
    assert annex_parts(plan(BODY_TEXT, f"# 附件 1\n《果树栽培》课程标准\n{plain}")) == ()


def test_a_list_of_titles_holds_no_course_standard() -> None:
    """Titles one under the other, with nothing below, begin nothing."""
    assert annex_parts(plan(BODY_TEXT, "# 附件\n《果树栽培》课程标准\n《烘焙工艺》课程标准")) == ()


def test_each_course_is_aligned_on_its_own(courses: tuple[AnnexCourse, ...]) -> None:
    """What one course teaches the other does not; each serves the course that its title names."""
    grades = [{match.element.id: match.grade for match in course.matches} for course in courses]
    assert [course.scope for course in courses] == [("C1",), ("C2",)]
    assert grades[0]["C1.R1.e1"] == 2
    assert grades[1]["C1.R1.e1"] == 0
    assert grades[1]["C2.R1.e2"] == 2
    assert courses[0].coverage_ratio > 0


def test_quotes_stand_in_the_plan(courses: tuple[AnnexCourse, ...], programme: Programme) -> None:
    """Locators of a slice count in the whole document, inside the course's own part."""
    parts = {part.title: part for part in annex_parts(programme)}
    for course in courses:
        for match in course.matches:
            for evidence in match.evidence:
                assert programme.document.resolve(evidence.locator) == evidence.quote
                assert parts[course.title].start <= evidence.locator.start < parts[course.title].end


def test_slices_are_what_reading_the_part_gives(passages: Passages, programme: Programme, aligner: Aligner) -> None:
    """A slice holds the vectors of its passages and pieces; several slices follow each other."""
    part: AnnexPart = annex_parts(programme)[1]
    own = passages_between(passages, part.start, part.end)
    assert own.segments
    texts = [item.text for item in own.segments]
    assert np.allclose(own.vectors, aligner.encoder.encode(texts), atol=1e-5)
    assert np.allclose(own.pieces.vectors, aligner.encoder.encode(list(own.pieces.texts)), atol=1e-5)
    assert own.words == tuple(passages.words[passages.segments.index(item)] for item in own.segments)
    both = passages_of(passages, [(0, part.start), (part.start, part.end)])
    assert both.segments[-len(texts) :] == own.segments
    assert len(both.pieces.texts) == both.pieces.starts[-1] == len(both.pieces.vectors)


def test_a_stretch_without_passages(passages: Passages) -> None:
    """Is empty and harmless."""
    assert passages_between(passages, 10**6, 10**7).segments == ()


def test_the_schedule_knows_the_course(
    programme: Programme, mini: Standard, prepared: PreparedStandard, passages: Passages, aligner: Aligner
) -> None:
    """An annexed course is linked with the schedule's one of the same name, brackets aside."""
    where = Locator(0, 1, 1)
    named = [
        PlanCourse(name, "core", "专业课", 1, row, where) for row, name in enumerate(["面点", "果树栽培（一）"], 1)
    ]
    scheduled = Programme(
        programme.document,
        end=programme.end,
        annex_start=programme.annex_start,
        schedule=Schedule(courses=tuple(named)),
    )
    thresholds = aligner.judge.model_for(prepared).thresholds
    found = align_annex(scheduled, mini, prepared, passages, aligner.judge, thresholds)
    assert [course.course for course in found] == [1, None]


def graded(standard: Standard, **grades: Grade) -> tuple[Match, ...]:
    """Matches of the small standard's elements, 0 where no grade is given (``C1_R1_e1=2``)."""
    given = {name.replace("_", "."): grade for name, grade in grades.items()}
    return tuple(Match(e, given.get(e.id, 0), 0.5, given.get(e.id, 0) / 2) for e in standard.elements)


def course(title: str, matches: tuple[Match, ...]) -> AnnexCourse:
    """A course of this name with these matches."""
    return AnnexCourse(title, Locator(0, 1, 1), (), 0.0, matches)


def test_union_tells_who_teaches_and_who_names(mini: Standard) -> None:
    """Taught nowhere, only named, in three places at once."""
    courses = [
        course("甲", graded(mini, C1_R1_e1=2, C1_R1_e2=1)),
        course("乙", graded(mini, C1_R1_e1=2)),
        course("丙", graded(mini, C1_R1_e1=2, C2_R1_e1=1)),
    ]
    union = union_over(courses, mini, graded(mini, C2_R1_e1=2))
    by_id = {element.element: element for element in union}
    assert by_id["C1.R1.e1"].taught_in == ("甲", "乙", "丙")
    assert by_id["C2.R1.e1"].taught_in == (BODY,)
    assert by_id["C2.R1.e1"].named_in == ("丙",)
    assert [element.element for element in only_named(union)] == ["C1.R1.e2"]
    assert "C2.R1.e2" in [element.element for element in taught_nowhere(union)]
    assert [element.element for element in repeated(union)] == ["C1.R1.e1"]


def test_union_of_nothing(mini: Standard) -> None:
    """No courses, no union."""
    assert union_over((), mini) == ()


def test_the_programme_is_as_good_as_its_best_place(mini: Standard) -> None:
    """The best grade wins; of equal ones the plan's own text."""
    body, better = graded(mini, C1_R1_e1=1), graded(mini, C1_R1_e1=2)
    best = {match.element.id: match for match in best_matches(body, [course("甲", better)])}
    assert best["C1.R1.e1"] is better[[m.element.id for m in better].index("C1.R1.e1")]
    assert best["C2.R1.e1"] is body[[m.element.id for m in body].index("C2.R1.e1")]
