"""Annexes of the 审核意见书: the course table as read (on pages turned across), and who teaches what."""

from __future__ import annotations

from collections.abc import Iterator

from api.rendering import words
from api.rendering.docx import FILLS, Paper
from api.rendering.docx_writer import Cell, Row
from api.rendering.programme import rows, wording
from api.rendering.programme.view import PlanView
from api.rendering.view import StatementView
from corpora.programme.model import Figure

_COURSES = (0.9, 2.6, 2.3, 3.9, 1.3, 1.1, 1.2, 1.1, 1.1, 2.8, 1.2, 2.2, 3.0)
_COURSE_HEADER = (
    *("序号", "类别", "代码", "课程名称", "性质", "学分", "学时", "理论", "实践", "学期", "考核", "说明", "位置"),
)
_UNION_FILLS = {"nowhere": FILLS[0], "named": FILLS[1], "often": ""}
_TOTALS = (3.2, 6.6, 2.0, 2.0, 2.0, 2.0, 6.9)


def course_table(paper: Paper, plan: PlanView) -> None:
    """The schedule as it was read, the choices in it, and the totals that the plan states."""
    paper.writer.turn(landscape=True)
    paper.annex("课程表（按方案提取）")
    found = rows.course_rows(plan)
    for problem in plan.audit.programme.schedule.problems:
        paper.writer.paragraph(f"{problem.where}：{problem.what}。")
    if not found:
        paper.writer.paragraph("没有从方案中读出课程表。")
    else:
        paper.writer.paragraph(f"共 {len(found)} 行。学期一栏写“学期:周学时（或周数）”，照录方案原文。")
        notes = "；".join(rows.category_notes(plan))
        if notes:
            paper.writer.paragraph(f"归类：{notes}。")
        paper.writer.table(_COURSES, _course_rows(plan, found), _COURSE_HEADER)
    _choices(paper, plan)
    _totals(paper, plan)
    paper.writer.turn(landscape=False)


def _course_rows(plan: PlanView, found: tuple[rows.CourseRow, ...]) -> Iterator[Row]:
    before = None
    for row in found:
        course = row.course
        block = (course.category, course.category_text)
        label = (
            row.category if course.category_text in ("", row.category) else f"{row.category}\n{course.category_text}"
        )
        yield (
            Cell(str(row.number), centred=True),
            Cell(joined=True) if block == before else Cell(label),
            course.code,
            words.flat(course.name, 40),
            Cell(row.required, centred=True),
            *(_figure(value) for value in (course.credits, course.hours or course.weeks)),
            *(_figure(value) for value in (course.theory, course.practice)),
            Cell(row.semesters, centred=True),
            Cell(course.exam, centred=True),
            words.flat(row.remark, 60),
            rows.row_place(plan, course),
        )
        before = block


def _figure(value: Figure | None) -> Cell:
    return Cell(rows.figure_text(value), centred=True)


def _choices(paper: Paper, plan: PlanView) -> None:
    choices = plan.audit.programme.schedule.choices
    for choice in choices:
        names = "；".join("、".join(rows.course_name(plan, i) for i in option[:6]) for option in choice.options)
        take = f"，取 {choice.take}" if choice.take else ""
        text = f"“{choice.id}”（{wording.CHOICES[choice.kind]}{take}）：{words.flat(names, 200)}。{choice.basis}。"
        paper.writer.paragraph(text)


def _totals(paper: Paper, plan: PlanView) -> None:
    totals = plan.audit.programme.schedule.totals
    if not totals:
        return
    paper.writer.heading("方案所列的小计与合计", 2)
    table: list[Row] = [
        (
            words.flat(total.label, 30),
            words.flat(total.block, 60) or "全表",
            *(_figure(value) for value in (total.credits, total.hours, total.theory, total.practice)),
            paper.view.place(total.locator),
        )
        for total in totals
    ]
    paper.writer.table(_TOTALS, table, ("名目", "所在模块", "学分", "学时", "理论", "实践", "位置"))


def statement_table(paper: Paper, plan: PlanView) -> None:
    """The items of the standard's core courses: how many elements the plan covers, and the best quote."""
    paper.annex("标准内容逐条对照")
    paper.writer.paragraph("列到条目；逐个要素的结论与依据见工作簿（xlsx）的“要求×证据”表或网页报告。")
    header = ("条目", "标准要求", "结论", "已覆盖", "方案中的依据")
    for group in plan.view.scoped:
        paper.writer.heading(f"{group.title}　已覆盖 {group.tally.covered}/{group.tally.total} 项要素", 2)
        paper.writer.table((1.6, 5.0, 1.8, 1.6, 6.0), [_statement(plan, entry) for entry in group.statements], header)


def _statement(plan: PlanView, entry: StatementView) -> Row:
    coverage, tally = entry.coverage.coverage, entry.tally
    best = max((m for m in entry.matches if m.evidence), key=lambda m: (m.grade, m.p_covered), default=None)
    return (
        Cell(entry.statement.id, centred=True),
        words.flat(entry.statement.text, 120),
        Cell(words.COVERAGE[coverage], FILLS[words.COVERAGE_GRADE[coverage]], centred=True),
        Cell(f"{tally.covered}/{tally.total}", centred=True),
        plan.cited(best.evidence[0], 80) if best else "—",
    )


def union_table(paper: Paper, plan: PlanView) -> None:
    """Elements that no course teaches, that are only named, or that three courses teach at once, by core course."""
    union = rows.Union(plan)
    found = union.by_course()
    if not found:
        return
    paper.annex("全部课程合力：没有教、只提到与重复讲授的要素")
    table: list[Row] = []
    for title, kinds in found:
        for place, (kind, texts) in enumerate(kinds.items()):
            head = Cell(joined=True) if place else Cell(title)
            name = Cell(f"{rows.UNION_KINDS[kind]}\n{len(texts)} 项", _UNION_FILLS[kind], centred=True)
            table.append((head, name, "；".join(texts)))
    paper.writer.table((3.0, 2.8, 10.2), table, ("所属课程", "情况", "要素"))
