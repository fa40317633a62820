"""A plan of one or several files read as a programme."""

from __future__ import annotations

import pytest

from corpora.bundle import join_documents
from corpora.document import Document
from corpora.errors import UsageError
from corpora.programme.model import Programme
from corpora.programme.reader import choose, read_programmes
from tests.corpora.programme.plan_tables import plan

HEAD = "课程类别 | 课程名称 | 学分 | 总学时 | 理论 | 实践 | 第1学期 | 第2学期"
PUBLIC = ["公共基础课 | 大学语文 | 2 | 32 | 24 | 8 | 2 | ", "^ | 大学体育 | 2 | 32 | 4 | 28 | | 2"]
CORE = ["专业核心课 | 果树修剪 | 4 | 64 | 24 | 40 | 4 | ", "^ | 果园经营 | 4 | 64 | 32 | 32 | | 4"]
TEXT = "果树专业人才培养方案", "本专业军事技能计 2 学分，安排在第一学期。"


def table(*rows: str) -> str:
    """A drawn course table."""
    return "\n".join([HEAD, *rows])


def joined(*documents: Document) -> Programme:
    """The one programme of several files."""
    (programme,) = read_programmes(join_documents(documents))
    return programme


def test_the_schedule_handed_in_beside_the_plan_is_taken() -> None:
    """When both hold the same courses, the further file's rows count once, and the plan's own are only listed."""
    own = plan(*TEXT, table(*PUBLIC, *CORE))
    beside = plan(table(*PUBLIC, *(row.replace("64", "72") for row in CORE)), name="进程表.docx")
    schedule = joined(own, beside).schedule
    assert [course.hours and course.hours.value for course in schedule.courses] == [32, 32, 72, 72]
    assert {item.name: item.hours and item.hours.value for item in schedule.listed}["果树修剪"] == 64


def test_schedules_of_different_courses_are_put_together() -> None:
    """A plan with its public courses and a workbook with the others make one schedule, indices and all."""
    own = plan(*TEXT, table(*PUBLIC, "^ | 小计 | 4 | 64 | 28 | 36 | | "))
    beside = plan(table(*CORE, "^ | 小计 | 8 | 128 | 56 | 72 | | "), name="专业课.docx")
    schedule = joined(own, beside).schedule
    assert sorted(course.name for course in schedule.courses) == sorted(
        ["大学语文", "大学体育", "果树修剪", "果园经营"]
    )
    summed = {
        total.hours.value: sum(schedule.courses[n].hours.value for n in total.courses)  # type: ignore[union-attr]
        for total in schedule.totals
        if total.hours
    }
    assert summed == {64: 64, 128: 128}


def test_credits_that_only_the_text_states() -> None:
    """A practice row without credits takes those that the text states of it by name."""
    practice = "集中实践 | 军事技能 | | 112 | | 112 | 2周 | "
    (programme,) = read_programmes(plan(*TEXT, table(*PUBLIC, *CORE, practice)))
    (row,) = (course for course in programme.schedule.courses if course.name == "军事技能")
    assert row.credits is not None
    assert row.credits.value == 2
    assert "军事技能" in programme.document.resolve(row.credits.locator)


def test_a_major_that_is_not_there() -> None:
    """The first major is taken when none is named; a name that none has is refused with those that there are."""
    text = "专业名称：{name}（{code}）\n一、培养目标\n懂行。\n二、修业年限\n三年。\n三、课程设置\n见表。\n四、毕业要求"
    document = plan(
        *(
            part
            for name, code in (("果树", "410105"), ("蔬菜", "410106"))
            for part in (
                f"{name}专业人才培养方案",
                *text.format(name=name, code=code).split("\n"),
                table(*PUBLIC, *CORE),
            )
        )
    )
    programmes = read_programmes(document)
    assert [programme.name for programme in programmes] == ["果树", "蔬菜"]
    assert choose(programmes).name == "果树"
    assert choose(programmes, "410106").name == "蔬菜"
    with pytest.raises(UsageError, match="果树"):
        choose(programmes, "畜牧")
