"""The tables of the 审核意见书: rules with their arithmetic, hours, courses, rooms, clauses, matrix, contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alignment.model import Evidence, Reading
from alignment.programme.model import ChapterFinding, ClauseFinding, Contradiction, CourseMatch
from api.rendering import words
from api.rendering.docx import FILLS
from api.rendering.docx_writer import STRONG, Cell, DocxWriter, Row
from api.rendering.programme import rows, wording
from api.rendering.programme.view import Line, PlanView, RuleView

LABEL = "F3F5F8"
_TONES = {"bad": FILLS[0], "warn": FILLS[1], "good": FILLS[2], "": LABEL}
_INK = "5B87B2"
#: Quotes and characters of arithmetic that a cell shows; the workbook has all of them.
_QUOTES, _ARITHMETIC = 4, 700


def counts(writer: DocxWriter, plan: PlanView) -> None:
    """How many rules of each force pass, fail, cannot be determined, and turn on the way of counting."""
    forces = [force for force in words.FORCES if any(rule.rule.force == force for rule in plan.rules)]
    header = ("规定的约束力", "条数", *words.VERDICTS.values(), "结论随算法改变")
    if forces:
        writer.table((4.0, 1.8, 2.2, 2.2, 2.4, 3.4), [_force(plan, force) for force in forces], header)


def _force(plan: PlanView, force: str) -> Row:
    found = [rule for rule in plan.rules if rule.rule.force == force]
    tallies = [sum(rule.rule.verdict == verdict for rule in found) for verdict in words.VERDICTS]
    fills = [FILLS[grade] if tally else "" for tally, grade in zip(tallies, (2, 0, 1), strict=True)]
    turning = sum(bool(rule.turning) for rule in found)
    return (
        Cell(words.FORCES[force], LABEL, True),
        _centred(len(found)),
        *(Cell(str(tally), fill, centred=True) for tally, fill in zip(tallies, fills, strict=True)),
        _centred(turning),
    )


def conclusion(writer: DocxWriter, lines: Iterable[Line]) -> None:
    """The verdict line by line."""
    writer.table((3.0, 13.0), [_line(line) for line in lines])


def _line(line: Line) -> Row:
    text = "\n".join([line.text, *(f"{number}. {item}" for number, item in enumerate(line.items, 1))])
    return (Cell(line.label, _TONES[line.tone], True), text.strip("\n"))


def chapter_table(writer: DocxWriter, plan: PlanView) -> None:
    """Which of the expected chapters the plan has."""
    table = [_chapter(plan, chapter) for chapter in plan.audit.chapters]
    writer.table((4.2, 1.8, 5.4, 4.6), table, ("应有章节", "结论", "方案中的标题", "位置与说明"))


def _chapter(plan: PlanView, chapter: ChapterFinding) -> Row:
    place = plan.view.place(chapter.locator) if chapter.locator else ""
    note = "，".join(text for text in (place, words.flat(chapter.note)) if text)
    verdict = _verdict("具备" if chapter.found else "未见", 2 if chapter.found else 0)
    return (chapter.title, verdict, words.flat(chapter.heading, 60) or "—", note or "—")


def rule_table(writer: DocxWriter, plan: PlanView, found: Iterable[RuleView]) -> None:
    """Rules with expectation, value, verdict, arithmetic, evidence and other readings."""
    table = [_rule(plan, rule) for rule in found]
    header = ("编号", "标准要求", "方案数值", "结论", "计算、依据与其他算法")
    if table:
        writer.table((1.5, 3.9, 2.1, 1.7, 6.8), table, header)


def _rule(plan: PlanView, rule: RuleView) -> Row:
    head = f"{rule.title}\n{rule.force} {rule.brief_expected}".strip()
    return (
        Cell(rule.rule.id, centred=True),
        head + (f"\n原文：{words.flat(rule.text, 90)}" if rule.text and rule.text != rule.title else ""),
        _centred(rule.brief_value),
        _verdict(
            "\n".join(filter(None, (rule.verdict, rule.decided, "（随算法改变）" if rule.turning else ""))), rule.grade
        ),
        "\n".join(_reasons(plan, rule)) or "—",
    )


def _reasons(plan: PlanView, rule: RuleView) -> Iterator[str]:
    yield from filter(
        None, (rule.told, rule.missing or words.flat(rule.arithmetic, _ARITHMETIC), words.flat(rule.rule.note))
    )
    if not rule.is_list:  # the table of courses below has the quotes of each
        yield from _quotes(plan, rule.rule.evidence)
    for readings, mark in ((rule.turning, STRONG), (rule.steady, "◇")):
        yield from (f"{mark} {_reading(rule, reading)}" for reading in readings)


def _reading(rule: RuleView, reading: Reading) -> str:
    sum_ = rule.sum_of(reading)
    arithmetic = f"：{words.flat(sum_, _ARITHMETIC)}" if sum_ else ""
    return f"若{words.flat(reading.label)}{arithmetic}，{words.VERDICTS[reading.verdict]}"


def _quotes(plan: PlanView, items: tuple[Evidence, ...]) -> Iterator[str]:
    if items:
        yield f"依据：{plan.sources(items, _QUOTES)}"


def hour_table(writer: DocxWriter, plan: PlanView) -> None:
    """Credits and hours of each category with its share, then those of each semester."""
    bars = rows.category_bars(plan)
    if not bars:
        return
    widths = (3.4, 1.6, 1.8, 1.8, 1.8, 1.6, 4.0)
    total = plan.audit.structure.total
    sums = (total.credits, total.hours, total.theory, total.practice)
    last = (Cell("合计", LABEL, True), *(_number(s, LABEL) for s in sums), Cell("100%", LABEL, centred=True))
    table: list[Row] = [*map(_bar, bars), (*last, Cell("", LABEL))]
    writer.table(widths, table, ("课程类别", "学分", "学时", "理论", "实践", "占比", ""))
    semesters = rows.semester_bars(plan)
    if semesters:
        writer.table(widths, map(_bar, semesters), ("学期", "学分", "学时", "理论", "实践", "占比", ""))
    writer.paragraph("按各行合计，供选择的课程只计一次；跨学期的课程按各学期周学时分摊。")


def _bar(bar: rows.Bar) -> Row:
    cell = bar.cell
    filled = "█" * max(round(11 * cell.hours / bar.longest), 1) if bar.longest else ""
    sums = (cell.credits, cell.hours, cell.theory, cell.practice)
    share = _centred(wording.share(cell.hours, bar.whole))
    return (cell.label, *(_number(value) for value in sums), share, Cell(filled, ink=_INK))


def course_matches(writer: DocxWriter, found: Iterable[CourseMatch]) -> None:
    """Courses of the standard with the plan's courses that serve them."""
    table: list[Row] = [
        (
            words.flat(match.statement.label, 60),
            _verdict(*wording.status(match)),
            rows.hits(match) or "—",
            words.flat(match.note) or "—",
        )
        for match in found
    ]
    writer.table((4.4, 2.4, 5.6, 3.6), table, ("标准中的课程（内容）", "结论", "方案中的课程", "说明"))


def room_table(writer: DocxWriter, plan: PlanView, found: Iterable[ClauseFinding]) -> None:
    """Training rooms with the equipment that the plan lists and does not list."""
    table: list[Row] = [
        (
            words.flat(room.statement.label, 40),
            _verdict(words.GRADES[room.grade], room.grade),
            "、".join(room.found) or "—",
            "、".join(room.missing) or "—",
            _cited(plan, room.evidence[:2], room.note),
        )
        for room in found
    ]
    writer.table((2.6, 1.7, 3.0, 5.4, 3.3), table, ("实训室", "结论", "已列设备", "未见设备", "依据"))


def clause_table(writer: DocxWriter, plan: PlanView, found: Iterable[ClauseFinding]) -> None:
    """Provisions with what of them the plan says."""
    table: list[Row] = [
        (
            rows.clause_text(clause, 140),
            _verdict(words.GRADES[clause.grade], clause.grade),
            rows.clause_parts(clause) or "—",
            _cited(plan, clause.evidence[:2]),
        )
        for clause in found
    ]
    if table:
        writer.table((5.2, 1.8, 3.8, 5.2), table, ("标准条款", "结论", "有与缺", "方案原文"))


def code_table(writer: DocxWriter, plan: PlanView) -> None:
    """Codes of major, industry and occupations beside those of the standard."""
    table: list[Row] = [
        (
            code.label,
            words.flat(code.expected, 80),
            words.flat(code.stated, 80) or "—",
            _verdict(*wording.agrees(code)),
            _cited(plan, code.evidence[:1], code.note),
        )
        for code in plan.audit.codes
    ]
    if table:
        writer.table((2.6, 3.6, 3.6, 1.8, 4.4), table, ("项目", "标准", "方案", "结论", "依据"))


def matrix_table(writer: DocxWriter, plan: PlanView) -> None:
    """The support matrix, courses down, competencies across, with what it shows."""
    matrix = rows.Matrix(plan)
    for line in matrix.findings:
        writer.paragraph(line)
    if not matrix.rows:
        writer.paragraph("没有可以列出的支撑关系。")
        return
    writer.paragraph(matrix.legend)
    names = [statement.id for statement in matrix.competencies]
    width = min(0.78, 12.2 / max(len(names), 1))
    widths = (16.0 - width * len(names), *(width for _ in names))
    table: list[Row] = [(name, *map(_centred, marks)) for _, name, marks in matrix.rows]
    writer.table(widths, table, ("课程", *(name.removeprefix("Q") for name in names)))


def finding_table(writer: DocxWriter, plan: PlanView) -> None:
    """Orphans, duplicates, merged and split courses."""
    table: list[Row] = [
        (
            _centred(number),
            _centred(wording.FINDINGS[finding.kind]),
            words.flat(finding.what),
            _cited(plan, finding.evidence[:2]),
        )
        for number, finding in enumerate(plan.audit.findings, 1)
    ]
    writer.table((1.0, 2.6, 7.6, 4.8), table, ("序号", "类别", "情况", "依据"))


def contradiction_table(writer: DocxWriter, plan: PlanView) -> None:
    """Contradictions with their arithmetic, the cells, and the rules that may turn on them."""
    table = [_contradiction(plan, number, item) for number, item in enumerate(plan.contradictions, 1)]
    writer.table((1.0, 1.9, 7.3, 4.1, 1.7), table, ("序号", "类别", "矛盾与计算", "依据", "影响的规定"))


def _contradiction(plan: PlanView, number: int, item: Contradiction) -> Row:
    return (
        _centred(number),
        _centred(wording.CONTRADICTIONS[item.kind]),
        "\n".join([wording.spaced(words.flat(item.what)), *rows.sums(item)]),
        _cited(plan, item.evidence[:_QUOTES]),
        Cell("\n".join(item.affects) or "—", centred=True),
    )


def _cited(plan: PlanView, items: tuple[Evidence, ...], note: str = "") -> str:
    return "\n".join([*filter(None, [words.flat(note)]), *map(plan.cited, items)]) or "—"


def _verdict(text: str, grade: int) -> Cell:
    return Cell(text, FILLS[grade], centred=True)


def _centred(value: object) -> Cell:
    return Cell(str(value), centred=True)


def _number(value: float, fill: str = "") -> Cell:
    return Cell(wording.hours(value) if value else "—", fill, centred=True)
