"""The audit of a programme plan as Markdown: verdict, rules, contradictions, courses, matrix, course table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from alignment.model import Evidence
from alignment.programme.model import ClauseFinding, CourseMatch
from api.rendering import words
from api.rendering.programme import rows, sections, wording
from api.rendering.programme.view import PlanView, RuleView

Escape = Callable[[str], str]


class Markdown:
    """Writes the sections of an audit.

    Parameters
    ----------
    plan : the audit.
    escape : makes text literal on one line, in a table cell too.
    """

    def __init__(self, plan: PlanView, escape: Escape) -> None:
        self.plan, self.escape = plan, escape

    def lines(self) -> Iterator[str]:
        """All sections, each with its heading."""
        yield from self._verdict()
        yield from self._hours()
        for chapter in sections.chapters(self.plan):
            yield from self._chapter(chapter)
        yield from self._local()
        yield from self._contradictions()
        yield from self._structure()
        yield from self._matrix()
        yield from self._annex()
        yield from self._courses()

    def _verdict(self) -> Iterator[str]:
        yield from ("", "## 审核结论", "")
        yield f"- 专业：{self.escape(self.plan.name)}"
        for line in self.plan.conclusion:
            yield f"- **{line.label}**{f'：{self.escape(line.text)}' if line.text else ''}"
            yield from (f"  {number}. {self.escape(item)}" for number, item in enumerate(line.items, 1))

    def _hours(self) -> Iterator[str]:
        bars = rows.category_bars(self.plan)
        if not bars:
            return
        yield from ("", "## 学时结构", "")
        yield from self._bars("类别", bars)
        yield ""
        yield from self._bars("学期", rows.semester_bars(self.plan))

    def _bars(self, title: str, bars: Sequence[rows.Bar]) -> Iterator[str]:
        lines = (
            [
                self.escape(bar.cell.label),
                *(wording.hours(value) for value in (bar.cell.credits, bar.cell.hours)),
                *(wording.hours(value) if bar.split else "—" for value in (bar.cell.theory, bar.cell.practice)),
                wording.share(bar.cell.hours, bar.whole),
            ]
            for bar in bars
        )
        yield from _table([title, "学分", "学时", "理论", "实践", "占比"], lines)

    def _chapter(self, chapter: sections.Chapter) -> Iterator[str]:
        codes = self.plan.audit.codes if chapter.number == "5" else ()
        if not chapter.parts and not codes:
            return
        yield from ("", f"## 标准第 {chapter.number} 章　{self.escape(chapter.title)}")
        if codes:
            lines = ([*map(self.escape, (c.label, c.expected, c.stated or "—")), wording.agrees(c)[0]] for c in codes)
            yield from ("", *_table(["项目", "标准", "方案", "结论"], lines))
        for part in chapter.parts:
            if len(chapter.parts) > 1 or "." in part.number:
                yield from ("", f"### {self.escape(part.heading)}")
            yield from self._rules(part.rules)
            yield from self._matches(part.courses)
            yield from self._clauses(part.clauses)

    def _rules(self, found: Sequence[RuleView]) -> Iterator[str]:
        if found:
            header = ["编号", "结论", "要求", "方案数值", "计算、依据与其他算法"]
            yield from ("", *_table(header, map(self._rule, found)))

    def _rule(self, rule: RuleView) -> list[str]:
        reasons = [rule.told, rule.rule.arithmetic, rule.rule.note, self._cited(rule.rule.evidence)]
        reasons += [
            f"若{item.label}：{item.arithmetic}（{rule.amount(item)}，{words.VERDICTS[item.verdict]}）"
            for item in (*rule.turning, *rule.steady)
        ]
        return [
            self.escape(rule.rule.id),
            rule.verdict + (f"（{rule.decided}）" if rule.decided else "") + ("（随算法改变）" if rule.turning else ""),
            f"{self.escape(rule.title)}<br>{rule.force} {self.escape(rule.expected)}",
            self.escape(rule.value),
            "<br>".join(self.escape(text) for text in reasons if text) or "—",
        ]

    def _matches(self, found: Sequence[CourseMatch]) -> Iterator[str]:
        if found:
            lines = (
                [
                    self.escape(match.statement.label),
                    wording.status(match)[0],
                    self.escape("；".join(text for text in (rows.hits(match), match.note) if text)) or "—",
                ]
                for match in found
            )
            yield from ("", *_table(["标准中的课程", "结论", "方案中的课程"], lines))

    def _clauses(self, found: Sequence[ClauseFinding]) -> Iterator[str]:
        if found:
            lines = (
                [
                    self.escape(rows.clause_text(clause, 140)),
                    words.GRADES[clause.grade],
                    "<br>".join(map(self.escape, rows.clause_parts(clause).split("\n"))) or "—",
                    self.escape(self._cited(clause.evidence)) or "—",
                ]
                for clause in found
            )
            yield from ("", *_table(["标准条款", "结论", "有与缺", "方案原文"], lines))

    def _cited(self, items: Iterable[Evidence]) -> str:
        return "；".join(map(self.plan.cited, items))

    def _local(self) -> Iterator[str]:
        found, conflicts = sections.local_rules(self.plan), self.plan.audit.conflicts
        if found or conflicts:
            yield from ("", "## 校级（省级）规则与其他规定")
            yield from self._rules(found)
            yield ""
        for item in conflicts:
            yield f"- {self.escape(f'{item.pack} {item.rule} 与标准 {item.against} 冲突：{item.what}')}"

    def _contradictions(self) -> Iterator[str]:
        yield from ("", "## 方案内部的矛盾", "")
        if not self.plan.contradictions:
            yield "未发现矛盾。"
            return
        lines = (
            [
                wording.CONTRADICTIONS[item.kind],
                *map(self.escape, (item.what, "；".join(rows.sums(item)) or "—", self._cited(item.evidence))),
                self.escape("、".join(item.affects)) or "—",
            ]
            for item in self.plan.contradictions
        )
        yield from _table(["类别", "矛盾", "计算", "依据", "影响的规定"], lines)

    def _structure(self) -> Iterator[str]:
        audit = self.plan.audit
        if audit.chapters:
            lines = (
                [self.escape(c.title), "具备" if c.found else "未见", self.escape(c.heading or c.note) or "—"]
                for c in audit.chapters
            )
            yield from ("", "## 方案章节", "", *_table(["应有章节", "结论", "方案中的标题"], lines))
        if audit.findings:
            found = ([wording.FINDINGS[f.kind], self.escape(f.what)] for f in audit.findings)
            yield from ("", "## 课程之间的重复、合并与缺少对应", "", *_table(["类别", "情况"], found))

    def _matrix(self) -> Iterator[str]:
        matrix = rows.Matrix(self.plan)
        if not matrix.rows:
            return
        yield from ("", "## 培养规格与课程的支撑关系", "")
        yield from (f"- {self.escape(line)}" for line in matrix.findings)
        yield from ("", matrix.legend, "")
        lines = ([self.escape(name), *marks] for _, name, marks in matrix.rows)
        yield from _table(["课程", *(self.escape(s.id) for s in matrix.competencies)], lines)

    def _annex(self) -> Iterator[str]:
        union, annex = rows.Union(self.plan), self.plan.audit.annex
        if not annex and not union.summary:
            return
        yield from ("", "## 附件课程标准与全部课程的合力", "", self.escape(union.summary))
        if annex:
            lines = (
                [
                    *map(self.escape, (course.title, "、".join(course.scope) or "—")),
                    *map(str, rows.annex_counts(course)),
                    words.percent(course.coverage_ratio),
                ]
                for course in annex
            )
            yield from ("", *_table(["课程标准", "对应课程", "已覆盖", "部分涉及", "未覆盖", "覆盖率"], lines))
        for kind, name in rows.UNION_KINDS.items():
            texts = "；".join(map(union.text, union.of(kind)))
            yield from ("", f"**{name}**：{self.escape(texts) or '无'}")

    def _courses(self) -> Iterator[str]:
        yield from ("", "## 课程表（按方案提取）", "")
        for problem in self.plan.audit.programme.schedule.problems:
            yield f"- {self.escape(problem.where)}：{self.escape(problem.what)}"
        found = rows.course_rows(self.plan)
        if not found:
            yield "没有从方案中读出课程表。"
            return
        yield ""
        header = ["序号", "类别", "课程", "性质", "学分", "学时", "理论", "实践", "学期:周学时", "说明", "位置"]
        yield from _table(header, map(self._course, found))

    def _course(self, row: rows.CourseRow) -> list[str]:
        course = row.course
        figures = (course.credits, course.hours or course.weeks, course.theory, course.practice)
        return [
            *(str(row.number), row.category, self.escape(course.name), row.required),
            *map(rows.figure_text, figures),
            *map(self.escape, (row.semesters, row.remark, rows.row_place(self.plan, course))),
        ]


def _table(header: list[str], lines: Iterable[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for line in lines:
        yield f"| {' | '.join(line)} |"
