"""Provisions of the standard in a plan."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from alignment.aligner import Aligner
from alignment.passages import read_passages
from alignment.programme.clauses.judge import judge_clauses
from alignment.programme.model import ClauseFinding
from corpora.programme.model import Programme
from corpora.segments import segment
from corpora.standard import Standard
from tests.alignment.programme.written import plan

Judge = Callable[..., dict[str, ClauseFinding]]


@pytest.fixture(scope="module")
def judge(aligner: Aligner, ecommerce: Standard) -> Judge:
    """Text, annex -> findings by statement; every quote is checked against its place."""

    def judged(text: str, annex: str = "", standard: Standard = ecommerce) -> dict[str, ClauseFinding]:
        programme = plan(text, annex)
        passages = read_passages(segment(programme.document), aligner.encoder)
        found = judge_clauses(programme, standard, aligner.prepare(standard), passages, aligner.encoder)
        for finding in found:
            assert (finding.grade == 0) == (not finding.evidence)
            for evidence in finding.evidence:
                assert programme.document.resolve(evidence.locator) == evidence.quote
        return {finding.statement.id: finding for finding in found}

    return judged


def copied(standard: Standard) -> str:
    """The standard's own sections 9 to 11 as a plan's chapters."""
    lines = []
    for section in standard.sections:
        if section.number.split(".")[0] in ("9", "10", "11"):
            lines.append("#" * (section.number.count(".") + 1) + f" {section.number} {section.title}")
            lines += [paragraph.text for paragraph in section.paragraphs]
    return "\n".join(lines)


def test_a_plan_that_copies_the_standard_covers_it(judge: Judge, ecommerce: Standard) -> None:
    """Every provision, room and base of sections 9 to 11 is covered by its own words."""
    found = judge(copied(ecommerce))
    judged = [f for f in found.values() if f.section.split(".")[0] in ("9", "10", "11")]
    assert len(judged) >= 60
    assert [f.statement.id for f in judged if f.grade < 2] == []


def test_an_imported_standard_brings_its_own_provisions(judge: Judge, mechatronics: Standard) -> None:
    """The same holds of a standard of another major."""
    found = judge(copied(mechatronics), standard=mechatronics)
    judged = [f for f in found.values() if f.section.split(".")[0] in ("9", "10", "11")]
    assert len(judged) >= 35
    assert [f.statement.id for f in judged if f.grade < 2] == []


def test_an_empty_plan_meets_nothing(judge: Judge) -> None:
    """Everything is missing, and by name."""
    found = judge("# 一、专业名称\n园艺")
    assert {finding.grade for finding in found.values()} == {0}
    assert found["K3"].missing == ("集中备课制度", "教学研讨", "利用评价结果改进教学")


def test_what_is_said_of_one_kind_of_teacher_holds_for_no_other(judge: Judge) -> None:
    """Titles of part-time teachers are no proof for the head of the major."""
    found = judge("# 师资队伍\n## 兼职教师\n兼职教师 8 人，全部为副教授或高级工程师。")
    assert (found["F22"].grade, found["F7"].grade) == (2, 0)


def test_a_paragraph_keeps_speaking_of_its_subject(judge: Judge) -> None:
    """Sentences behind the one that names the head of the major are about that person."""
    found = judge("# 师资队伍\n专业带头人王某，教授。熟悉零售行业的发展动态。联系多家企业，了解用人需求。")
    assert (found["F8"].grade, found["F9"].grade) == (2, 2)


def test_materials_in_the_chapter_on_conditions(judge: Judge) -> None:
    """A chapter called 教学条件 speaks of textbooks as well; one on rooms does not."""
    text = "# 十、{}\n教材按规定程序选用，优先选用国家规划教材。"
    assert judge(text.format("教学条件"))["M1"].grade == 2
    assert judge(text.format("实训设施"))["M1"].grade == 0


def test_denied_is_missing(judge: Judge) -> None:
    """尚未签订三方协议 meets nothing."""
    assert judge("# 岗位实习\n学校尚未与实习单位签订三方协议。")["N3"].grade == 0


def test_headings_prove_nothing(judge: Judge) -> None:
    """A heading that names the thing is no evidence for it."""
    assert judge("# 质量保障\n## 1. 集中备课制度\n略。")["K3"].grade == 0


def test_annexed_course_standards_are_not_the_plan(judge: Judge) -> None:
    """What a course says of its own teachers is not said of the major's."""
    annex = "# 附件 1 课程标准\n# 师资队伍\n专任教师均有高校教师资格。"
    assert judge("# 一、专业名称\n园艺", annex)["F12"].grade == 0


def test_partly_met_names_both_sides(judge: Judge) -> None:
    """Two of four claims met make a provision partly covered; rules on its numbers are pointed to."""
    found = judge("# 质量保障\n教研室每周集体备课。\n# 师资队伍\n双师型教师占七成。")
    assert found["K3"].grade == 1
    assert (found["K3"].found, found["K3"].missing[0]) == (("集中备课制度",), "教学研讨")
    assert "NR12" in found["F3"].note


def test_a_topic_is_covered_by_a_course_and_touched_by_a_word(judge: Judge) -> None:
    """绿色环保 as a lecture covers the topic, as a trait of graduates it is only mentioned."""
    lecture = judge("# 课程设置\n每学期举办绿色环保专题讲座。")["S4"]
    trait = judge("# 培养规格\n学生具有绿色环保意识。")["S4"]
    assert (lecture.grade, trait.grade) == (2, 1)
    assert "只是提到" in trait.note


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("# 实践教学\n第五学期开设社群运营项目实训两周。", 2),
        ("# 课程设置\n专业课包括社群运营、商品学等。", 1),
        ("# 课程设置\n专业课包括商品学。", 0),
    ],
)
def test_projects_are_practised_named_or_missing(judge: Judge, text: str, grade: int) -> None:
    """社群运营 as a project, as a course's name, not at all."""
    assert judge(text)["P3"].grade == grade


def test_positions_of_internship(judge: Judge) -> None:
    """A position offered at the place of internship counts in full, one on the list of occupations half."""
    found = judge("# 职业面向\n面向运营主管等岗位。\n# 实习基地\n基地提供全渠道营销主管等实习岗位。")
    assert (found["P12"].grade, found["P13"].grade, found["P14"].grade) == (1, 2, 0)


def test_findings_follow_the_standard(judge: Judge, ecommerce: Standard) -> None:
    """One finding a statement, in the standard's order."""
    order = [statement.id for statement in ecommerce.statements]
    found = list(judge("# 一、专业名称\n园艺"))
    assert found == sorted(found, key=order.index)


def test_plan_without_text(aligner: Aligner, ecommerce: Standard) -> None:
    """No passage, no finding above missing, and nothing raised."""
    programme = Programme(plan("略").document, end=0)
    passages = read_passages(segment(programme.document), aligner.encoder)
    found = judge_clauses(programme, ecommerce, aligner.prepare(ecommerce), passages, aligner.encoder)
    assert {finding.grade for finding in found} == {0}
