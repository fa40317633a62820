"""The sheets of a plan's course table: every column that was read, each figure with its cell; choices; totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alignment.programme.counting.structure import semester_key
from api.rendering import words
from api.rendering.programme import rows, wording
from api.rendering.programme.view import PlanView
from corpora.programme.model import CATEGORY_NAMES, Figure, PlanCourse, SemesterCell

Value = str | int | float | None
Line = Sequence[Value]
Columns = tuple[tuple[str, int], ...]

_HEAD = (
    *(("序号", 6), ("类别", 15), ("代码", 14), ("课程名称", 30), ("性质", 8), ("学分", 8), ("学时", 8), ("理论", 8)),
    *(("实践", 8), ("周数", 8)),
)
_TAIL = (
    *(("考核", 8), ("选择组", 14), ("择一学期", 9), ("方案所列模块", 24), ("归类说明", 26), ("也可归为", 15)),
    *(("理论由相减得", 9), ("占位行", 8), ("备注", 22), ("表", 6), ("行", 6), ("课程名位置", 20)),
    *(("学分原文", 11), ("学分位置", 18), ("学时原文", 11), ("学时位置", 18), ("理论原文", 11), ("理论位置", 18)),
    *(("实践原文", 11), ("实践位置", 18), ("周数原文", 11), ("周数位置", 18)),
)
_CHOICES = (
    *(("选择组", 16), ("方式", 12), ("取几项", 8), ("选项", 60), ("计学分", 9), ("计学时", 9), ("计理论", 9)),
    *(("计实践", 9), ("理由", 50)),
)
_TOTALS = (
    *(("名目", 16), ("所在模块", 30), ("层级", 8), ("学分", 9), ("学时", 9), ("理论", 9), ("实践", 9)),
    *(("各学期", 40), ("计入的行", 40), ("表", 6), ("行", 6), ("位置", 20)),
)


def _semesters(plan: PlanView) -> tuple[str, ...]:
    """The names of the semester columns in the order of time, a summer term behind the semester it follows."""
    found = {cell.semester for course in plan.audit.programme.schedule.courses for cell in course.semesters}
    return tuple(sorted(found, key=semester_key))


def course_columns(plan: PlanView) -> Columns:
    """The columns of the course table: one for each semester between the figures and the rest."""
    return (*_HEAD, *((_semester_title(name), 9) for name in _semesters(plan)), *_TAIL)


def _semester_title(name: str) -> str:
    return f"第{name}学期" if name.isdigit() else name


def course_lines(plan: PlanView) -> Iterator[Line]:
    """The rows of the course table."""
    names = _semesters(plan)
    for row in rows.course_rows(plan):
        course = row.course
        yield [
            *(row.number, row.category, course.code, words.flat(course.name), row.required),
            *(rows.figure(value) for value in _figures(course)),
            *(_cell(course.semesters, name) for name in names),
            *(course.exam, row.choice, _yes(course.alternative_semesters), course.category_text),
            *(course.category_note, CATEGORY_NAMES[course.category_alt] if course.category_alt else None),
            *(_yes(course.theory_derived), _yes(course.placeholder), course.note),
            *(course.table, course.row, plan.view.place(course.locator)),
            *(value for figure in _figures(course) for value in _where(plan, figure)),
        ]


def _figures(course: PlanCourse) -> tuple[Figure | None, ...]:
    return course.credits, course.hours, course.theory, course.practice, course.weeks


def _where(plan: PlanView, figure: Figure | None) -> tuple[Value, Value]:
    return (words.flat(figure.text), plan.view.place(figure.locator)) if figure else (None, None)


def _cell(cells: Sequence[SemesterCell], name: str) -> Value:
    """What stands under a semester: a number where the text is one, else the text."""
    found = [cell for cell in cells if cell.semester == name]
    if len(found) == 1 and found[0].value is not None and _plain(found[0].text):
        return found[0].value
    return "、".join(words.flat(cell.text) for cell in found) or None


def _plain(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit()


def _yes(value: bool) -> str | None:
    return "是" if value else None


def choices(plan: PlanView) -> tuple[Columns, Iterator[Line]]:
    """Choices with their options, what they count for, and why they are read so."""
    return _CHOICES, (
        [
            *(choice.id, wording.CHOICES[choice.kind], choice.take),
            "\n".join("、".join(rows.course_name(plan, index) for index in option) for option in choice.options),
            *(choice.credits, choice.hours, choice.theory, choice.practice, choice.basis),
        ]
        for choice in plan.audit.programme.schedule.choices
    )


def totals(plan: PlanView) -> tuple[Columns, Iterator[Line]]:
    """Subtotals and totals as the plan states them."""
    return _TOTALS, (
        [
            *(words.flat(total.label), total.block, total.level),
            *(rows.figure(value) for value in (total.credits, total.hours, total.theory, total.practice)),
            "、".join(f"{cell.semester}:{words.flat(cell.text)}" for cell in total.semesters),
            "、".join(str(index + 1) for index in total.courses),
            *(total.table, total.row, plan.view.place(total.locator)),
        ]
        for total in plan.audit.programme.schedule.totals
    )
