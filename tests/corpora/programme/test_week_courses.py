"""Practice with hours that only a table of weeks holds."""

from __future__ import annotations

from corpora.programme.schedule.week_courses import week_courses
from tests.corpora.programme.plan_tables import plan

WEEKS = (
    "学期|课堂教学|实践教学|<|<|考试\n^|^|公共实践|<|实习|^\n^|^|军事技能|军事技能学时|跟岗实习|^\n"
    "一|15|2|112||2\n二|17||||2\n三|17||||2\n合计|9|2|112||6"
)


def test_the_row_of_sums_is_no_semester() -> None:
    """A sum that looks like the number of a semester adds nothing to the practice above it."""
    document = plan(WEEKS)
    (training,) = week_courses(document, document.tables[0], 0, len(document.text))
    assert training.hours is not None
    assert (training.name, training.hours.value) == ("军事技能", 112)
    assert [cell.semester for cell in training.semesters] == ["1"]
