"""The 审核意见书 of a programme plan: the verdict, the standard's chapters in order, signatures, annexes."""

from __future__ import annotations

import re

from alignment.model import GapReport
from api.rendering import words
from api.rendering.docx import Paper, numeral
from api.rendering.docx_writer import Cell, Row
from api.rendering.programme import docx_tables as tables
from api.rendering.programme import rows, sections
from api.rendering.programme.docx_annex import course_table, statement_table, union_table
from api.rendering.programme.view import PlanView
from api.rendering.view import ReportView

_AND = re.compile(r"[及和与、]")


def render(report: GapReport) -> bytes:
    """The bytes of a docx file.

    Parameters
    ----------
    report : of a programme plan, with its audit.
    """
    view = ReportView(report)
    assert report.programme is not None
    paper = PlanPaper(view, PlanView(view, report.programme))
    paper.cover()
    paper.verdict()
    paper.structure()
    for chapter in sections.chapters(paper.plan):
        paper.chapter(chapter)
    paper.contradictions()
    paper.local_rules()
    paper.annexed_courses()
    paper.contents()
    paper.decisions()
    paper.signatures()
    paper.annexes()
    return paper.writer.save()


class PlanPaper(Paper):
    """Writes the sections of a programme plan's opinion in turn."""

    name = "专业人才培养方案审核意见书"
    gaps_shown = 40

    def __init__(self, view: ReportView, plan: PlanView) -> None:
        super().__init__(view)
        self.plan = plan
        self._annexes = 0
        self._signed = False

    def section(self, title: str) -> None:
        """A numbered heading; behind the signatures that of an annex."""
        if self._signed:
            self.annex(title)
        else:
            super().section(title)

    def annex(self, title: str, new_page: bool = False) -> None:
        """``附录一　课程表``."""
        self._annexes += 1
        self.writer.heading(f"附录{numeral(self._annexes)}　{title}", new_page=new_page)

    def cover(self) -> None:
        """Title and the facts of the plan and its files."""
        view, facts = self.view, self.report.document
        self.writer.title(self.name)
        self.writer.subtitle(view.quoted_title)
        self.section("审核对象")
        lines = [
            ("专业", self.plan.name),
            ("文件名称", "\n".join(self.plan.files)),
            ("篇幅", view.size),
            ("对照标准", view.standard_name),
            ("审核日期", words.date(self.report.generated_at)),
            ("文件指纹", f"SHA-256 {facts.sha256[:32]}…"),
        ]
        lines += [("未能读取", f"{error.where}：{error.what}") for error in facts.errors]
        lines += [("判定说明", words.flat(note)) for note in self.report.provenance.notes]
        self.writer.table((3.0, 13.0), [(Cell(name, tables.LABEL, True), text) for name, text in lines])

    def verdict(self) -> None:
        """Counts by force, then the verdict line by line."""
        self.section("审核结论")
        tables.counts(self.writer, self.plan)
        tables.conclusion(self.writer, self.plan.conclusion)

    def structure(self) -> None:
        """Which of the expected chapters the plan has."""
        self.section("方案结构")
        chapters = self.plan.audit.chapters
        if not chapters:
            self.writer.paragraph("未核对方案的章节。")
            return
        found = sum(chapter.found for chapter in chapters)
        self.writer.paragraph(f"应有章节 {len(chapters)} 个，方案具备 {found} 个。")
        tables.chapter_table(self.writer, self.plan)

    def chapter(self, chapter: sections.Chapter) -> None:
        """One chapter of the standard: what it asks, and what the plan has."""
        self.section(chapter.title or f"标准第 {chapter.number} 章")
        self._headings_of(chapter)
        if chapter.number == "5":
            tables.code_table(self.writer, self.plan)
        for part in chapter.parts:
            if len(chapter.parts) > 1 or "." in part.number:
                self.writer.heading(part.heading, 2)
            self._part(part)
        if chapter.number == "7":
            self.writer.heading("培养规格与课程的支撑关系", 2)
            tables.matrix_table(self.writer, self.plan)
        if chapter.number == "8" and self.plan.audit.findings:
            self.writer.heading("课程之间的重复、合并与缺少对应", 2)
            tables.finding_table(self.writer, self.plan)

    def _headings_of(self, chapter: sections.Chapter) -> None:
        names = [name for name in _AND.split(chapter.title) if len(name) > 1]
        found = [c for c in self.plan.audit.chapters if c.found and c.heading and _about(c.title, names)]
        headings = "、".join(dict.fromkeys(f"“{words.flat(c.heading, 40)}”" for c in found))
        if headings:
            self.writer.paragraph(f"标准第 {chapter.number} 章，对应方案 {headings}。")
        elif not chapter.parts and chapter.number not in ("5", "7"):
            self.writer.paragraph(f"标准第 {chapter.number} 章没有可以核算的规定，内容见“课程内容覆盖”。")

    def _part(self, part: sections.Part) -> None:
        if part.title.startswith("学时安排"):
            tables.hour_table(self.writer, self.plan)
        tables.rule_table(self.writer, self.plan, part.rules)
        if part.courses:
            tables.course_matches(self.writer, part.courses)
        rooms = [clause for clause in part.clauses if clause.statement.kind == "training_room"]
        if rooms:
            tables.room_table(self.writer, self.plan, rooms)
        tables.clause_table(self.writer, self.plan, [clause for clause in part.clauses if clause not in rooms])

    def contradictions(self) -> None:
        """What the plan says twice and differently."""
        self.section("方案内部的矛盾")
        found = self.plan.contradictions
        if not found:
            self.writer.paragraph("方案所列的合计、比例与各表之间未发现矛盾。")
            return
        self.writer.paragraph(f"方案自己的数字之间有 {len(found)} 处对不上，可能影响规定核算的列在前面。")
        tables.contradiction_table(self.writer, self.plan)

    def local_rules(self) -> None:
        """Rules of local packs, and where they contradict the standard."""
        found, conflicts = sections.local_rules(self.plan), self.plan.audit.conflicts
        if not found and not conflicts:
            return
        self.section("校级（省级）规则与其他规定")
        tables.rule_table(self.writer, self.plan, found)
        for conflict in conflicts:
            text = f"{conflict.pack} {conflict.rule} 与标准 {conflict.against} 冲突：{words.flat(conflict.what)}"
            self.writer.paragraph(f"{text}。两者都已核算，取舍由学校决定。")

    def annexed_courses(self) -> None:
        """Course standards annexed to the plan, and what all courses teach together."""
        union = rows.Union(self.plan)
        annex = self.plan.audit.annex
        if not annex and not union.summary:
            return
        self.section("附件课程标准与全部课程的合力")
        if union.summary:
            self.writer.paragraph(union.summary)
        table: list[Row] = [
            (
                words.flat(course.title, 50),
                "、".join(course.scope) or "—",
                *(Cell(str(count), centred=True) for count in rows.annex_counts(course)),
                Cell(words.percent(course.coverage_ratio), centred=True),
                self.view.place(course.locator),
            )
            for course in annex
        ]
        header = ("课程标准", "对应课程", "已覆盖", "部分涉及", "未覆盖", "覆盖率", "位置")
        if table:
            self.writer.table((4.8, 2.2, 1.6, 1.9, 1.6, 1.6, 2.3), table, header)

    def contents(self) -> None:
        """The element report in one paragraph and one table; its details stand in the annexes."""
        self.section("课程内容覆盖")
        self.writer.paragraph(self.view.summary())
        header = ("课程", "要素数", "已覆盖", "部分涉及", "未覆盖", "待复核", "覆盖率")
        table = [self._counts(group) for group in self.view.scoped]
        self.writer.table((4.6, 1.8, 1.9, 2.1, 1.9, 1.8, 1.9), table, header)

    def signatures(self) -> None:
        """Lines for the verdict and the signatures of people."""
        self.section("审核人意见")
        version = self.report.provenance.version
        self.writer.paragraph(f"本意见书的核算由 duibiao 对标 {version} 生成，供审核参考，不代替审核人的判断。")
        date = "\n　　　　　　　　　　　　　　　　　年　　月　　日"
        lines = [
            ("审核结论", "□ 通过　　□ 修改后通过　　□ 修改后重新审核"),
            ("修改意见", "\n\n\n\n"),
            ("审核人（签字）", date),
            ("专业（群）负责人（签字）", date),
            ("教务处（盖章）", date),
        ]
        self.writer.table((4.8, 11.2), [(Cell(name, tables.LABEL, True), text) for name, text in lines])

    def annexes(self) -> None:
        """Behind the signatures: course table, union, the standard item by item, advice."""
        self._signed = True
        course_table(self, self.plan)
        union_table(self, self.plan)
        statement_table(self, self.plan)
        self.gaps()
        self.appendix()


def _about(title: str, names: list[str]) -> bool:
    return any(name in title or title in name for name in names)
