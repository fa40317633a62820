"""Courses of the standard against those of a plan: recognised by name, alias and content; status and evidence."""

from __future__ import annotations

import pytest

from alignment.prepared import PreparedStandard
from alignment.programme.courses.features import PAIR_FEATURES, compare_courses
from alignment.programme.courses.matches import hits_by_course, match_courses, offered
from alignment.programme.model import CourseMatch
from corpora.programme.model import Programme, Schedule
from corpora.standard import Standard, Statement
from corpora.standard_json import load_standard
from index.protocols import Encoder
from tests.alignment.programme.course_plans import plan


@pytest.fixture(scope="module")
def ecommerce() -> Standard:
    """The shipped standard."""
    return load_standard("530701")


def found(programme: Programme, standard: Standard, encoder: Encoder) -> dict[str, CourseMatch]:
    """Matches by the statement's title, those of the cross-cutting topics left out."""
    matches = match_courses(programme, standard, encoder)
    return {match.statement.title: match for match in matches if match.statement.kind != "cross_cutting"}


@pytest.mark.parametrize(
    ("required", "status"), [(True, "offered"), (False, "offered_elective"), (None, "offered_one_direction")]
)
def test_the_status_follows_from_who_takes_the_course(
    required: bool | None, status: str, ecommerce: Standard, encoder: Encoder
) -> None:
    """Compulsory, elective, or one direction's; the name in the schedule is the evidence."""
    programme = plan([("社群运营实务", "core", required), ("机械制图", "core", True)])
    match = found(programme, ecommerce, encoder)["社群运营"]
    assert (match.status, [hit.course for hit in match.hits]) == (status, [0])
    (quote,) = match.hits[0].evidence
    assert programme.document.resolve(quote.locator) == quote.quote == "社群运营实务"


def test_a_compulsory_course_counts_before_an_elective_one(ecommerce: Standard, encoder: Encoder) -> None:
    """The best of several courses gives the status and stands first."""
    programme = plan([("网店美工", "extension", False), ("视觉营销", "core", True)])
    match = found(programme, ecommerce, encoder)["视觉营销设计"]
    assert match.status == "offered"
    assert [hit.name for hit in match.hits] == ["视觉营销", "网店美工"]


def test_near_subjects_are_part_of_it(ecommerce: Standard, encoder: Encoder) -> None:
    """A neighbouring course of the major makes it partial; the same course for all students does not."""
    assert found(plan([("经济法", "foundation", True)]), ecommerce, encoder)["电子商务法律法规"].status == "partial"
    public = plan([("商务谈判", "public", False)])
    assert found(public, ecommerce, encoder)["互联网销售"].status == "absent"


def test_a_course_that_the_standard_has_elsewhere_is_only_near(ecommerce: Standard, encoder: Encoder) -> None:
    """新媒体营销 is a course of its own in the standard, so it is not the network marketing that it resembles."""
    matches = found(plan([("新媒体营销", "core", True)]), ecommerce, encoder)
    assert (matches["新媒体营销"].status, matches["网络营销"].status) == ("offered", "partial")


def test_option_lists_offer_nothing_yet(ecommerce: Standard, encoder: Encoder) -> None:
    """A course of an option list alone is in the pool; scheduled, the list adds nothing."""
    other = ("机械制图", "core", True)
    assert found(plan([other], pool=["网络营销"]), ecommerce, encoder)["网络营销"].status == "pool_only"
    both = plan([other, ("网络营销", "core", True)], pool=["网络营销"])
    assert found(both, ecommerce, encoder)["网络营销"].status == "offered"


def test_named_in_the_text_alone(ecommerce: Standard, encoder: Encoder) -> None:
    """A subject for all students that only the text names is partial, with the sentence; its annex does not count."""
    programme = plan([("体育", "public", True)], before=["公共选修课包含中华优秀传统文化类课程。"])
    match = found(programme, ecommerce, encoder)["中华优秀传统文化"]
    assert match.status == "partial"
    assert match.hits[0].course is None
    assert programme.document.resolve(match.hits[0].evidence[0].locator).startswith("公共选修课")
    annexed = plan([("体育", "public", True)], annex=["传统文化课程很受欢迎。"])
    assert found(annexed, ecommerce, encoder)["中华优秀传统文化"].status == "absent"


def test_a_subject_of_two_parts_needs_both(ecommerce: Standard, encoder: Encoder) -> None:
    """Military theory without training is partial, unless the text names the training."""
    theory = [("军事理论", "public", True)]
    alone = found(plan(theory), ecommerce, encoder)["军事理论与军训"]
    assert (alone.status, "军事技能" in alone.note) == ("partial", True)
    told = found(plan(theory, before=["入学后集中开展军训教育活动两周。"]), ecommerce, encoder)["军事理论与军训"]
    assert (told.status, "军训" in told.note) == ("offered", True)


def test_described_in_an_annex_and_not_scheduled(ecommerce: Standard, encoder: Encoder) -> None:
    """A course standard without a row in the schedule makes its subject partial."""
    programme = plan([("机械制图", "core", True)], annex=["#《党史》课程标准", "学习百年历程"])
    match = found(programme, ecommerce, encoder)["党史"]
    assert (match.status, match.note) == ("partial", "有课程说明而课程表中没有：党史")


def test_placeholders_serve_nothing(ecommerce: Standard, encoder: Encoder) -> None:
    """A row that stands for any course is none."""
    programme = plan([("体育", "public", True, {"placeholder": "1"})])
    assert found(programme, ecommerce, encoder)["体育"].status == "absent"


def test_without_a_schedule_absence_is_not_claimed_quietly(ecommerce: Standard, encoder: Encoder) -> None:
    """The note says that nothing could be read."""
    match = found(plan([]), ecommerce, encoder)["网络营销"]
    assert (match.status, match.note) == ("absent", "未读到课程表，无法判断")


def test_recognised_by_content(mini: Standard, prepared: PreparedStandard, encoder: Encoder) -> None:
    """A course whose name says nothing and whose content is the standard's course is that course."""
    content = [["课程名称", "教学内容"], ["专业课甲", "果树修剪方法；冬季怎样剪枝；病虫害防治方案；嫁接苹果树苗"]]
    programme = plan([("专业课甲", "core", True), ("专业课乙", "core", True)], before=[content])
    matches = {m.statement.id: m for m in match_courses(programme, mini, encoder, prepared)}
    assert (matches["C1"].status, matches["C2"].status) == ("offered", "absent")
    hit = matches["C1"].hits[0]
    assert (hit.name, hit.basis, hit.course) == ("专业课甲", "content", 0)
    assert [quote.quote for quote in hit.evidence[1:]] == ["果树修剪方法", "冬季怎样剪枝", "病虫害防治方案"]


def test_names_that_no_file_knows_are_compared(mini: Standard, encoder: Encoder) -> None:
    """Equal stems, an alias of the standard, and a longer name of the same words; other names are not taken."""
    programme = plan([("烘焙工艺实训", "core", True), ("果园管理技术", "core", True), ("机械制图", "core", True)])
    matches = match_courses(programme, mini, encoder)
    assert {m.statement.id: (m.status, [h.name for h in m.hits]) for m in matches} == {
        "C1": ("offered", ["果园管理技术"]),
        "C2": ("offered", ["烘焙工艺实训"]),
    }


def test_hits_by_course(ecommerce: Standard, encoder: Encoder) -> None:
    """One course may serve several statements; mentions are no course's."""
    matches = match_courses(plan([("网店运营推广", "core", True)]), ecommerce, encoder)
    served = hits_by_course(matches)
    assert {"网店运营", "网络营销"} <= {match.statement.title for match, _ in served[0]}
    assert set(served) == {0}
    assert all(offered(match) for match, hit in served[0] if hit.probability >= 0.9)


def test_nothing_to_compare(encoder: Encoder) -> None:
    """No statements or no names give empty pairs."""
    none = compare_courses((), ["茶艺"], {}, encoder)
    assert none.features.shape == (0, 1, len(PAIR_FEATURES))
    some = compare_courses([Statement("C1", "core_course", "茶艺", title="茶艺")], [], {}, encoder)
    assert some.probabilities().shape == (1, 0)
    assert match_courses(Programme(plan([]).document, schedule=Schedule()), Standard("1", "空"), encoder) == ()
