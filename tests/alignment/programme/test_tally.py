"""Sums over rows with choices counted once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alignment.programme.counting.tally import added, plain, tally
from tests.alignment.programme.plans import Plan


def test_blocks_are_the_summands() -> None:
    """Rows are added by block, in the plan's order, and the arithmetic reads as people write it."""
    plan = Plan()
    plan.courses(2, "public", hours=48, block="公共课")
    plan.courses(3, "core", hours=64, block="核心课")
    found = tally(plan.build().schedule, range(5), "hours")
    assert (found.arithmetic, found.low, found.courses) == ("96+192=288", 288, (0, 1, 2, 3, 4))


def test_a_direction_counts_once() -> None:
    """One of two directions is taken: its stated sum counts, whatever the rows of both add up to."""
    plan = Plan()
    first, second = plan.courses(2, "extension", hours=32), plan.courses(2, "extension", hours=32, stem="乙")
    plan.choice("方向", "direction", [first, second], hours=64)
    found = tally(plan.build().schedule, range(4), "hours")
    assert (found.low, found.high) == (64, 64)


def test_options_that_differ_give_a_range() -> None:
    """Without a stated sum the smallest and the largest option bound what is counted."""
    plan = Plan()
    first, second = plan.courses(1, "extension", hours=32), plan.courses(1, "extension", hours=48, stem="乙")
    plan.choice("方向", "direction", [first, second])
    found = tally(plan.build().schedule, range(2), "hours")
    assert (found.low, found.high) == (32, 48)
    assert "最多 48" in found.arithmetic


def test_a_quota_of_equal_courses_is_worked_out_for_every_measure() -> None:
    """Two of four electives by hours are two of four by practice as well."""
    plan = Plan()
    rows = plan.courses(4, "extension", 2, 32, practice=12, required=False)
    plan.choice("选修", "quota", [[n] for n in rows], None, hours=64)
    assert tally(plan.build().schedule, rows, "practice").low == 24


def test_a_quota_of_unequal_courses_is_bounded() -> None:
    """A quota of which the credits alone are known leaves the hours open between one row and all."""
    plan = Plan()
    rows = [plan.course("甲", "extension", 2, 32), plan.course("乙", "extension", 3, 48)]
    plan.choice("选修", "quota", [[n] for n in rows], None, credits=4)
    found = tally(plan.build().schedule, rows, "hours")
    assert (found.low, found.high) == (32, 80)


def test_part_of_a_choice_counts_what_is_selected() -> None:
    """Selecting one of two alternatives counts at most that one."""
    plan = Plan()
    rows = [plan.course("甲", "extension", 2, 32), plan.course("乙", "extension", 2, 32)]
    plan.choice("二选一", "merged", [[n] for n in rows], hours=32, credits=2)
    found = tally(plan.build().schedule, rows[:1], "hours")
    assert (found.low, found.high) == (0, 32)


def test_overlapping_choices_count_each_row_once() -> None:
    """A quota over rows of which two are alternatives counts by its own stated sum."""
    plan = Plan()
    rows = [plan.course(name, "extension", 2, 32) for name in "甲乙丙"]
    plan.choice("二选一", "merged", [[0], [1]])
    plan.choice("选修", "quota", [[n] for n in rows], None, hours=32)
    assert tally(plan.build().schedule, rows, "hours").low == 32


def test_rows_without_a_figure_are_named() -> None:
    """An empty cell is missing, not zero."""
    plan = Plan()
    plan.course("甲", "core", 2, 32)
    plan.course("乙", "core", 2, None)
    assert tally(plan.build().schedule, range(2), "hours").missing == (1,)


def test_evidence_is_verbatim_with_block_and_course() -> None:
    """Every cell of a sum is quoted from the document under its table, block and row."""
    plan = Plan()
    plan.course("会计基础", "foundation", 3, 48, block="专业基础课")
    programme = plan.build()
    (evidence,) = tally(programme.schedule, [0], "hours").evidence(programme)
    assert evidence.quote == programme.document.resolve(evidence.locator) == "48"
    assert evidence.heading_path == ("教学进程表", "专业基础课", "会计基础")


def test_numbers_as_people_write_them() -> None:
    """No zeros behind the point; a single summand without an equals sign."""
    assert (plain(16.0), plain(23.754), added("608", 608), added("1+2", 3)) == ("16", "23.75", "608", "1+2=3")


@st.composite
def schedules(draw: st.DrawFn):  # type: ignore[no-untyped-def]
    """Rows with hours, some of them in choices of any kind, some of these with a stated sum."""
    plan, hours = Plan(), draw(st.lists(st.integers(8, 96), min_size=1, max_size=12))
    for number, value in enumerate(hours):
        plan.course(f"课程{number}", "extension", 2, value, block=draw(st.sampled_from(["甲", "乙", "丙"])))
    rest = list(range(len(hours)))
    while rest and draw(st.booleans()):
        size = draw(st.integers(1, len(rest)))
        rows, rest = rest[:size], rest[size:]
        kind = draw(st.sampled_from(["direction", "merged", "quota"]))
        options = [rows[::2], rows[1::2]] if kind == "direction" and size > 1 else [[n] for n in rows]
        take = None if kind == "quota" else draw(st.integers(1, len(options)))
        stated = draw(st.one_of(st.none(), st.integers(0, 1000)))
        plan.choice(f"选{rows[0]}", kind, options, take, hours=stated)
    selection = draw(st.sets(st.sampled_from(range(len(hours)))))
    return plan.build().schedule, selection


@given(schedules())
def test_counting_once_never_exceeds_counting_all(case) -> None:  # type: ignore[no-untyped-def]
    """Choices counted once give no more than the sum of all selected rows, and the low end is not above the high."""
    schedule, selection = case
    found = tally(schedule, selection, "hours")
    everything = sum(schedule.courses[n].hours.value for n in selection)
    assert 0 <= found.low <= found.high <= everything
