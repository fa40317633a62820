"""The sheets of a programme audit: verdict, hours, course table, rules, contradictions, courses, matrix, conditions.

Each sheet is a title, columns with their widths, rows of typed values, and the cell that stays in sight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from alignment.model import Evidence
from api.rendering import words
from api.rendering.programme import rows, sections, wording
from api.rendering.programme.view import PlanView, RuleView
from api.rendering.programme.xlsx_courses import choices, course_columns, course_lines, totals
from api.rendering.sheets import Columns, Line, Sheet, Value

_RULES = (
    *(("编号", 8), ("规定", 26), ("算法", 30), ("结论", 11), ("约束", 9), ("要求", 24), ("数值", 14), ("单位", 10)),
    *(("计算", 60), ("说明", 34), ("依据原文", 36), ("依据位置", 26), ("结论随算法改变", 11)),
    *(("标准原文", 40), ("标准章节", 10), ("来源", 14)),
)
_CONTRADICTIONS = (
    *(("编号", 8), ("类别", 18), ("矛盾", 52), ("计算", 44), ("依据原文", 36), ("依据位置", 26), ("影响的规定", 16)),
)
_MATCHES = (
    *(("标准课程编号", 10), ("类别", 20), ("标准课程", 26), ("结论", 16), ("方案课程", 26), ("课程表序号", 8)),
    *(("认定依据", 16), ("概率", 8), ("性质", 9), ("说明", 30), ("依据原文", 40), ("依据位置", 24)),
)
_FINDINGS = (("类别", 18), ("情况", 56), ("方案课程", 34), ("标准课程", 26), ("依据原文", 40), ("依据位置", 24))
_CONDITIONS = (
    *(("章节", 10), ("类别", 14), ("编号", 9), ("标准内容", 52), ("结论", 12), ("概率", 8), ("已有", 30), ("缺少", 36)),
    *(("方案原文", 46), ("位置", 24), ("说明", 30)),
)
_ANNEX = (
    *(("课程标准", 34), ("课程表中的课程", 24), ("对应核心课程", 16), ("字数", 9), ("已覆盖", 9), ("部分涉及", 9)),
    *(("未覆盖", 9), ("覆盖率", 9), ("位置", 20)),
)
_UNION = (
    *(("要素编号", 12), ("要素", 44), ("所属课程", 20), ("合力结论", 12), ("讲授的课程", 46), ("只提到的课程", 40)),
    *(("讲授门数", 9), ("情况", 20)),
)
_HOURS = (("分组", 12), ("名称", 22), ("学分", 10), ("学时", 10), ("理论", 10), ("实践", 10), ("占比", 10))
_VERDICT = (("项目", 24), ("结论", 120))


def sheets(plan: PlanView) -> Iterator[Sheet]:
    """The sheets in order; those of which the audit has nothing are left out."""
    audit, schedule = plan.audit, plan.audit.programme.schedule
    yield Sheet("审核结论", _VERDICT, tuple(_verdict(plan)))
    yield _sheet("学时结构", _HOURS, _hours(plan))
    yield Sheet("课程表", course_columns(plan), tuple(course_lines(plan)), "E2")
    if schedule.choices:
        yield choices_sheet(plan)
    if schedule.totals:
        yield totals_sheet(plan)
    more = (("人工结论", 14), ("审定", 60)) if plan.view.decided else ()
    yield Sheet("规则核算", (*_RULES, *more), tuple(_rules(plan)), "C2")
    yield _sheet("矛盾", _CONTRADICTIONS, _contradictions(plan))
    yield Sheet("课程对照", _MATCHES, tuple(_matches(plan)), "D2")
    if audit.findings:
        yield _sheet("课程重复与合并", _FINDINGS, _findings(plan))
    yield _matrix(plan)
    yield Sheet("章节与条件", _CONDITIONS, tuple(_conditions(plan)), "D2")
    if audit.annex:
        yield _sheet("附件课程", _ANNEX, _annex(plan))
    if audit.union:
        yield _sheet("要素合力", _UNION, _union(plan))


def _sheet(title: str, columns: Columns, lines: Iterable[Line]) -> Sheet:
    return Sheet(title, columns, tuple(lines))


def choices_sheet(plan: PlanView) -> Sheet:
    """Choices that are counted once."""
    columns, lines = choices(plan)
    return Sheet("选择组", columns, tuple(lines))


def totals_sheet(plan: PlanView) -> Sheet:
    """Totals that the plan states."""
    columns, lines = totals(plan)
    return Sheet("所列合计", columns, tuple(lines))


def _verdict(plan: PlanView) -> Iterator[Line]:
    yield "方案", plan.view.title
    yield "专业", plan.name
    yield "文件", "\n".join(plan.files)
    yield "对照标准", plan.view.standard_name
    yield from ((line.label, _numbered(line.text, line.items)) for line in plan.conclusion)


def _numbered(text: str, items: Sequence[str]) -> str:
    return "\n".join([*filter(None, [text]), *(f"{number}. {item}" for number, item in enumerate(items, 1))])


def _hours(plan: PlanView) -> Iterator[Line]:
    for group, bars in (("类别", rows.category_bars(plan)), ("学期", rows.semester_bars(plan))):
        for bar in bars:
            cell, share = bar.cell, bar.cell.hours / bar.whole if bar.whole else None
            yield group, cell.label, cell.credits, cell.hours, cell.theory, cell.practice, share
    total = plan.audit.structure.total
    yield "合计", total.label, total.credits, total.hours, total.theory, total.practice, None
    stated = plan.audit.structure.stated_total
    if stated is not None:
        yield "合计", "方案所列总学时", None, rows.figure(stated), None, None, None


def _rules(plan: PlanView) -> Iterator[Line]:
    for rule in plan.rules:
        verdict = rule.rule
        yield [
            *(verdict.id, rule.title, wording.OWN_READING, rule.verdict, rule.force, rule.expected),
            *(_typed(verdict.value, rule), wording.unit(verdict.expected), verdict.arithmetic, verdict.note),
            *(*_cited(plan, verdict.evidence), "是" if rule.turning else "否"),
            *(rule.text, verdict.section, "标准" if verdict.source == "standard" else verdict.source),
            *((rule.decided, rule.told) if plan.view.decided else ()),
        ]
        for reading in verdict.readings:
            yield [
                *(verdict.id, rule.title, f"若{reading.label}", words.VERDICTS[reading.verdict], rule.force),
                *(rule.expected, _typed(reading.value, rule), wording.unit(verdict.expected), reading.arithmetic, None),
                *(*_cited(plan, reading.evidence), "是" if reading.verdict != verdict.verdict else "否"),
                *(None, verdict.section, "标准" if verdict.source == "standard" else verdict.source),
            ]


def _typed(value: object, rule: RuleView) -> Value:
    """A number as a number, anything else in words."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(value, 4)
    return rule.value if value is rule.rule.value else words.plain(value)


def _cited(plan: PlanView, items: Iterable[Evidence]) -> tuple[Value, Value]:
    found = tuple(items)
    return "\n".join(words.flat(item.quote) for item in found), "\n".join(map(plan.place, found))


def _contradictions(plan: PlanView) -> Iterator[Line]:
    for item in plan.contradictions:
        cited = _cited(plan, item.evidence)
        yield item.id, wording.CONTRADICTIONS[item.kind], item.what, item.arithmetic, *cited, "、".join(item.affects)


def _matches(plan: PlanView) -> Iterator[Line]:
    for match in plan.audit.courses:
        course, status = match.statement, wording.status(match)[0]
        head = (course.id, wording.COURSE_KINDS.get(course.kind, course.kind), course.label, status)
        if not match.hits:
            yield *head, None, None, None, None, None, match.note, None, None
        for hit in match.hits:
            place = None if hit.course is None else hit.course + 1
            served = (hit.name, place, wording.basis(hit), round(hit.probability, 3))
            yield *head, *served, wording.required(hit.required), match.note, *_cited(plan, hit.evidence)


def _findings(plan: PlanView) -> Iterator[Line]:
    names = plan.view.report.standard.by_id
    for finding in plan.audit.findings:
        courses = "、".join(rows.course_name(plan, index) for index in finding.courses)
        served = "、".join(names[name].label if name in names else name for name in finding.statements)
        yield wording.FINDINGS[finding.kind], finding.what, courses, served, *_cited(plan, finding.evidence)


def _matrix(plan: PlanView) -> Sheet:
    matrix = rows.Matrix(plan)
    columns = [("课程表序号", 8), ("课程", 40), *((s.id, 7) for s in matrix.competencies), ("支撑条数", 9)]
    texts: list[Line] = [[None, "培养规格", *(words.flat(s.text, 60) for s in matrix.competencies), None]]
    marked: list[Line] = [[c + 1, name, *marks, sum(map(bool, marks))] for c, name, marks in matrix.rows]
    counts: Line = [None, "支撑课程门数", *(matrix.supporters(s.id) for s in matrix.competencies), None]
    notes: list[Line] = [[None, text] for text in (matrix.legend, *matrix.findings)]
    return Sheet("支撑矩阵", columns, (*texts, *marked, counts, *notes), "C2")


def _conditions(plan: PlanView) -> Iterator[Line]:
    for chapter in plan.audit.chapters:
        place = plan.view.place(chapter.locator) if chapter.locator else None
        found = "具备" if chapter.found else "未见"
        yield None, "方案章节", None, chapter.title, found, None, None, None, chapter.heading, place, chapter.note
    for code in plan.audit.codes:
        cited = _cited(plan, code.evidence)
        verdict = wording.agrees(code)[0]
        yield (
            "5",
            "职业面向与代码",
            None,
            f"{code.label}：{code.expected}",
            verdict,
            None,
            code.stated,
            None,
            *cited,
            code.note,
        )
    for clause in plan.audit.clauses:
        statement = clause.statement
        kind = "实训室" if statement.kind == "training_room" else _chapter_title(plan, clause.section)
        yield [
            *(clause.section, kind, statement.id, rows.clause_text(clause, 400), words.GRADES[clause.grade]),
            *(round(clause.probability, 3), "、".join(clause.found), "、".join(clause.missing)),
            *(*_cited(plan, clause.evidence), clause.note),
        ]


def _chapter_title(plan: PlanView, section: str) -> str:
    return sections.title(plan.view.report.standard, section)


def _annex(plan: PlanView) -> Iterator[Line]:
    for course in plan.audit.annex:
        served = rows.course_name(plan, course.course) if course.course is not None else None
        head = (course.title, served, "、".join(course.scope), course.chars)
        yield *head, *rows.annex_counts(course), course.coverage_ratio, plan.view.place(course.locator)


def _union(plan: PlanView) -> Iterator[Line]:
    union, standard = rows.Union(plan), plan.view.report.standard
    kinds: dict[str, list[str]] = {}
    for kind, element in union.lines():
        kinds.setdefault(element.element, []).append(kind)
    owner: Callable[[str], str] = standard.course_title
    for element in plan.audit.union:
        course = owner(element.element.rpartition(".")[0])
        taught, named = "、".join(element.taught_in), "、".join(element.named_in)
        situation = "、".join(kinds.get(element.element, ()))
        head = (element.element, union.text(element), course, words.GRADES[element.grade])
        yield *head, taught, named, len(element.taught_in), situation
