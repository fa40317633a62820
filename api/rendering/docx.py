"""The report as a Word file: an 审核意见 that a teacher can hand in and sign."""

from __future__ import annotations

from collections.abc import Iterator

from alignment.model import Evidence, GapReport, Match, RuleVerdict
from api.rendering import decided, words
from api.rendering.agreement import TITLE
from api.rendering.docx_writer import Cell, DocxWriter, Row
from api.rendering.view import GroupView, ReportView, advice, suggestion_text

FILLS = {2: "E0F3EA", 1: "FFF0D2", 0: "FDE9EA"}
_VERDICT_GRADE = {"pass": 2, "cannot_determine": 1, "fail": 0}
_NUMERALS = "一二三四五六七八九十"


def render(report: GapReport) -> bytes:
    """The bytes of a docx file: of a programme plan that was audited the 审核意见书, else the 审核意见."""
    if report.programme is not None:
        from api.rendering.programme.docx import render as render_plan

        return render_plan(report)
    paper = Paper(ReportView(report))
    paper.cover()
    paper.conclusion()
    paper.comparison()
    paper.gaps()
    paper.levels_and_hours()
    paper.rules()
    paper.decisions()
    paper.signatures()
    paper.appendix()
    return paper.writer.save()


def numeral(number: int) -> str:
    """A Chinese numeral for 1 to 99."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return head + (_NUMERALS[ones - 1] if ones else "")


class Paper:
    """Writes the sections in turn and numbers them; evidence is numbered as it is first cited."""

    name = "教学文件对标审核意见"
    gaps_shown: int | None = None

    def __init__(self, view: ReportView) -> None:
        self.view, self.report = view, view.report
        self.writer = DocxWriter(f"{view.title} {self.name.removeprefix('教学文件')}", self.name)
        self._sections = 0
        self._cited: dict[tuple[str, int], tuple[int, Evidence, list[str]]] = {}

    def section(self, title: str) -> None:
        """A numbered heading: ``三、逐条对照``."""
        self._sections += 1
        self.writer.heading(f"{numeral(self._sections)}、{title}")

    def annex(self, title: str, new_page: bool = False) -> None:
        """A heading after the signatures."""
        self.writer.heading(f"附录　{title}", new_page=new_page)

    def cite(self, evidence: Evidence, element: str) -> int:
        """The number of a piece of evidence, from 1; the same passage keeps its number."""
        key = (evidence.quote, evidence.locator.start)
        number, _, elements = self._cited.setdefault(key, (len(self._cited) + 1, evidence, []))
        elements.append(element)
        return number

    def cover(self) -> None:
        """Title and the facts of the document."""
        view, facts = self.view, self.report.document
        self.writer.title(self.name)
        self.writer.subtitle(view.quoted_title)
        self.section("审核对象")
        rows = [
            ("文件名称", words.flat(facts.name)),
            ("文件类型与篇幅", view.size),
            ("对照标准", view.standard_name),
            ("对应课程", view.courses + (f"；也可能涉及：{view.maybe}" if view.maybe else "")),
            ("学时", view.hours or "未载明"),
            ("审核日期", words.date(self.report.generated_at)),
            ("文件指纹", f"SHA-256 {facts.sha256[:32]}…"),
        ]
        rows += [("未能读取", f"{error.where}：{error.what}") for error in facts.errors]
        rows += [("判定说明", words.flat(note)) for note in self.report.provenance.notes]
        self.writer.table((3.4, 12.6), [(Cell(name, "F3F5F8", True), text) for name, text in rows])

    def conclusion(self) -> None:
        """The summary paragraph and the counts per course."""
        self.section("总体结论")
        self.writer.paragraph(self.view.summary())
        groups = self.view.scoped
        rows = [self._counts(group) for group in groups]
        header = ("课程", "要素数", "已覆盖", "部分涉及", "未覆盖", "待复核", "覆盖率")
        self.writer.table((4.6, 1.8, 1.9, 2.1, 1.9, 1.8, 1.9), rows, header)

    def comparison(self) -> None:
        """A table for each course in scope: requirement, element, verdict, evidence, level."""
        self.section("逐条对照")
        if not self.report.scope:
            self.writer.paragraph(f"{words.NO_COURSE}，逐条结果从略，可见工作簿（xlsx）或网页报告。")
            return
        self.writer.paragraph("“证”后的数字为附录中证据的编号。")
        for group in self.view.scoped:
            self.writer.heading(f"{group.title}（{group.id}）", 2)
            header = ("标准要求", "要素", "结论", "证据", "层次")
            self.writer.table((4.4, 3.6, 1.8, 4.4, 1.8), self._comparison_rows(group), header)

    def gaps(self) -> None:
        """Gaps with what to write and where."""
        self.section("差距与修改建议")
        if not self.report.gaps:
            self.writer.paragraph(self.view.no_gaps)
            return
        rows = [
            (
                Cell(str(number), centred=True),
                f"{gap.element.text}\n（{gap.element.id}）",
                Cell(f"{words.GAPS[gap.kind]}\n重要程度{words.SEVERITY[gap.severity]}", centred=True),
                suggestion_text(gap),
                advice(gap) or "—",
            )
            for number, gap in enumerate(self.report.gaps[: self.gaps_shown], 1)
        ]
        header = ("序号", "要素", "问题", "修改建议", "写在哪里")
        self.writer.table((1.0, 3.4, 2.1, 5.3, 4.2), rows, header)
        rest = len(self.report.gaps) - len(rows)
        if rest:
            self.writer.paragraph(f"另有 {rest} 处，见工作簿（xlsx）的“差距”表。")

    def levels_and_hours(self) -> None:
        """Level shortfalls, and whether the hours agree."""
        self.section("层次与学时核对")
        short = self.view.shortfalls
        if short:
            self.writer.paragraph(f"下列 {len(short)} 项已覆盖，但教学层次低于标准要求：")
            rows = [self._short(match) for match in short]
            self.writer.table((5.4, 2.2, 2.2, 6.2), rows, ("要素", "标准要求", "文中层次", "文中依据"))
        elif self.view.tally.covered:
            self.writer.paragraph("已覆盖的要素中，没有发现教学层次低于标准要求的。")
        else:
            self.writer.paragraph("没有已覆盖的要素，未作层次核对。")
        self.writer.paragraph(f"学时：{self.view.hours or '文件未载明'}。")

    def rules(self) -> None:
        """Verdicts on the standard's rules, for a programme plan."""
        if not self.report.rules:
            return
        self.section("规定核对")
        rows = [
            (
                Cell(rule.id, centred=True),
                f"{words.FORCES[rule.force]}　{rule.expected}\n{self.view.rule_text(rule)}".rstrip(),
                words.plain(rule.value),
                Cell(words.VERDICTS[rule.verdict] + _below(rule), FILLS[_VERDICT_GRADE[rule.verdict]], centred=True),
                "\n".join(text for text in (rule.arithmetic, rule.note, self._rule_evidence(rule.evidence)) if text)
                or "—",
            )
            for rule in self.report.rules
        ]
        self.writer.table((1.5, 5.6, 2.0, 2.0, 4.9), rows, ("编号", "标准要求", "文中数值", "结论", "计算与说明"))

    def decisions(self) -> None:
        """What persons decided, with the system's verdict beside it."""
        if not self.view.decisions:
            return
        self.section(decided.TITLE)
        self.writer.paragraph(self.view.decided)
        rows: list[Row] = [(Cell(line.id, centred=True), *line.cells[1:]) for line in self.view.decisions]
        self.writer.table((1.9, 3.4, 2.4, 2.0, 2.1, 2.6, 1.6), rows, decided.HEADER)

    def signatures(self) -> None:
        """Lines for the verdict and the signatures of people."""
        self.section("审核人意见")
        version = self.report.provenance.version
        self.writer.paragraph(f"本表比对结果由 duibiao 对标 {version} 生成，供审核参考，不代替审核人的判断。")
        self.writer.table(
            (4.0, 12.0),
            [
                (Cell("审核结论", "F3F5F8", True), "□ 通过　　□ 修改后通过　　□ 修改后重新审核"),
                (Cell("补充意见", "F3F5F8", True), "\n\n\n"),
                (Cell("审核人（签字）", "F3F5F8", True), "\n　　　　　　　　　　　　　　　　　年　　月　　日"),
                (Cell("教研室负责人（签字）", "F3F5F8", True), "\n　　　　　　　　　　　　　　　　　年　　月　　日"),
            ],
        )

    def appendix(self) -> None:
        """Every cited passage, verbatim, with its place; and how far the verdicts can be trusted."""
        if self._cited:
            self._excerpts()
        self.annex(TITLE)
        for line in self.view.agreement:
            self.writer.paragraph(line)

    def _excerpts(self) -> None:
        self.annex("证据摘录", new_page=True)
        rows = [
            (
                Cell(str(number), centred=True),
                words.flat(evidence.quote, 400),
                self.view.whole_place(evidence),
                "\n".join(elements),
            )
            for number, evidence, elements in self._cited.values()
        ]
        self.writer.table((1.1, 7.4, 4.5, 3.0), rows, ("编号", "原文", "位置", "支持的要素"))

    def _counts(self, group: GroupView) -> Row:
        tally = group.tally
        counts = (tally.total, tally.covered, tally.touched, tally.missing, tally.review, words.percent(tally.ratio))
        return (group.title, *(Cell(str(count), centred=True) for count in counts))

    def _comparison_rows(self, group: GroupView) -> Iterator[Row]:
        for entry in group.statements:
            label = Cell(f"{entry.statement.id}　{entry.statement.text}\n{words.COVERAGE[entry.coverage.coverage]}")
            for place, match in enumerate(entry.matches):
                yield (Cell(joined=True) if place else label, *self._verdict(match))

    def _verdict(self, match: Match) -> Row:
        element = match.element
        review = f"\n{words.REVIEW}" if match.review else ""
        level = "—" if element.affective else words.level_pair(element.level, match.level_found).replace("，", "\n")
        cited = [(self.cite(item, element.id), item) for item in match.evidence]
        return (
            element.text,
            Cell(words.GRADES[match.grade] + review + _below(match), FILLS[match.grade], centred=True),
            "\n".join(f"证{number}　{words.flat(item.quote, 60)}" for number, item in cited) or "—",
            Cell(
                level + ("\n层次不足" if match.level_short else ""), FILLS[1] if match.level_short else "", centred=True
            ),
        )

    def _short(self, match: Match) -> Row:
        return (
            match.element.text,
            Cell(words.level(match.element.level), centred=True),
            Cell(words.level(match.level_found), centred=True),
            words.flat(match.evidence[0].quote, 120) if match.evidence else "—",
        )

    def _rule_evidence(self, items: tuple[Evidence, ...]) -> str:
        return "\n".join(f"“{words.flat(item.quote, 60)}”（{self.view.place(item.locator)}）" for item in items)


def _below(item: Match | RuleVerdict) -> str:
    """The mark of a person's decision on a line of its own."""
    return f"\n{decided.tag(item)}" if item.decided else ""
