"""Dashboards and comparisons as short official papers to sign."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from alignment.compare import Change, Changes, Comparison, ElementRow
from alignment.portfolio import Entry, Held
from api.rendering import words
from api.rendering.docx import numeral
from api.rendering.docx_writer import Cell, DocxWriter, Row
from api.rendering.portfolio import comparison_rows, rows
from api.services.comparisons import Compared
from api.services.dashboards import Dashboard

#: Lines that a table of a paper has at most; the rest is counted and stands in the workbook.
SHOWN = 60


def dashboard(found: Dashboard) -> bytes:
    """审核意见 on what many documents cover together."""
    put, standard = found.portfolio, found.standard
    paper = _Paper("教学文件对标情况审核意见", f"《{standard.title or standard.name}》（{standard.code}）")
    paper.section("审核范围与总体情况")
    paper.facts(rows.facts(found))
    paper.section("总体结论")
    paper.writer.paragraph(_conclusion(found))
    paper.section("各门课程的覆盖情况")
    paper.table((4.6, 2.2, 9.2), ("课程", "合力覆盖率", "对应的文件"), list(_courses(found)))
    of_courses_first = sorted(put.orphans, key=lambda held: not standard.course_of(held.element.statement))
    paper.elements("无人讲授的要求", of_courses_first, "没有一份文件讲授或涉及下列要素，建议在相应课程中补充：")
    paper.elements("薄弱的要求", put.thin, "下列要素只有涉及，或只有一份文件讲授：", _who)
    paper.elements("重复讲授", put.repeated, "下列要素有三份以上文件讲授，建议协调分工：", _who)
    paper.elements("层次不足", put.shortfalls, "下列要素有文件讲授，但层次都低于标准要求：", _levels)
    paper.section("人才培养方案的规定")
    paper.table((1.6, 7.4, 7.0), ("编号", "标准原文", "不符合的方案"), list(_broken(found)))
    paper.homeless(put.homeless)
    return paper.signed()


def comparison(found: Compared) -> bytes:
    """审核意见 on documents side by side, or on a revision."""
    put = found.comparison
    paper = _Paper(
        "教学文件修订对照意见" if found.versions else "教学文件并排比较意见", f"对照标准 {put.standard.code}"
    )
    paper.section("总体结论")
    paper.writer.paragraph(_comparison_conclusion(put))
    header = ("文件", "覆盖率", "已覆盖", "部分涉及", "未覆盖", "独有")
    paper.table((7.0, 1.8, 1.8, 1.8, 1.8, 1.8), header, list(_sides(put)))
    paper.section("共同的差距")
    gaps = [_gap(put, row) for row in put.common_gaps]
    paper.table((4.0, 2.4, 7.2, 2.4), ("课程", "编号", "要素", "最好的结论"), gaps)
    shown = comparison_rows.shown_changes(found)
    for number, changes in enumerate(shown, 1):
        paper.changes(changes, f"（{number}）" if len(shown) > 1 else "")
    return paper.signed()


class _Paper:
    """Writes numbered sections one after the other."""

    def __init__(self, name: str, subject: str) -> None:
        self.writer = DocxWriter(name, name)
        self._sections = 0
        self.writer.title(name)
        self.writer.subtitle(words.flat(subject))

    def section(self, title: str) -> None:
        """A numbered heading."""
        self._sections += 1
        self.writer.heading(f"{numeral(self._sections)}、{title}")

    def facts(self, items: Iterable[tuple[str, str]]) -> None:
        """Names and what is to be said of them."""
        self.writer.table((4.4, 11.6), [(Cell(name, "F3F5F8", True), words.flat(text)) for name, text in items])

    def table(self, widths: Sequence[float], header: Sequence[str], lines: Sequence[Row]) -> None:
        """A table of at most ``SHOWN`` lines; a sentence where there is none."""
        if not lines:
            self.writer.paragraph("无。")
            return
        self.writer.table(widths, lines[:SHOWN], header)
        if len(lines) > SHOWN:
            self.writer.paragraph(f"另有 {len(lines) - SHOWN} 项，见工作簿（xlsx）。")

    def elements(self, title: str, found: Sequence[Held], lead: str, tell: Callable[[Held], str] | None = None) -> None:
        """A section that lists elements, with what is to be told of each."""
        self.section(f"{title}（{len(found)} 项）")
        if found:
            self.writer.paragraph(lead)
        header = ("编号", "要素", "情况") if tell else ("编号", "要素")
        lines = [(Cell(h.element.id, centred=True), h.element.text, *((tell(h),) if tell else ())) for h in found]
        self.table((2.4, 6.6, 7.0) if tell else (2.4, 13.6), header, lines)

    def changes(self, changes: Changes, again: str) -> None:
        """What got better, what was lost, levels and rules that changed; ``again`` tells one pair from another."""
        header = ("要素", "原结论", "现结论", "现文依据")
        for name, items in (("改善", changes.better), ("退步", changes.lost), ("层次变化", changes.levels)):
            self.section(f"{name}{again}")
            self.table((5.0, 2.6, 2.6, 5.8), header, [_change(item) for item in items])
        lines = [tuple(map(str, line[:4])) for line in comparison_rows.rule_lines(changes)]
        if lines:
            self.section(f"规定的变化{again}")
            self.table((1.8, 8.2, 3.0, 3.0), ("编号", "规定", "原结论", "现结论"), lines)

    def homeless(self, found: Sequence[Entry]) -> None:
        """Documents that fit no course."""
        self.section(f"未识别出对应课程的文件（{len(found)} 份）")
        self.table((16.0,), ("文件",), [(words.flat(entry.title),) for entry in found])

    def signed(self) -> bytes:
        """The paper with lines for people's verdict and signatures."""
        self.section("审核人意见")
        self.writer.paragraph("本表由 duibiao 对标汇总，审核人已作的结论计入其中；供审核参考，不代替审核人的判断。")
        blank = "\n　　　　　　　　　　　　　　　　　年　　月　　日"
        signatures = [("审核意见", "\n\n\n"), ("审核人（签字）", blank), ("负责人（签字）", blank)]
        self.writer.table((4.0, 12.0), [(Cell(name, "F3F5F8", True), text) for name, text in signatures])
        return self.writer.save()


def _conclusion(found: Dashboard) -> str:
    put = found.portfolio
    missing, touched, covered = put.counts
    total = missing + touched + covered
    sentences = [
        f"本次汇总 {len(found.rows)} 份文件，标准的核心课程共有教学要素 {total} 项，",
        f"其中至少有一份文件讲授的 {covered} 项（{words.percent(put.coverage_ratio)}），",
        f"只有涉及的 {touched} 项，无人讲授的 {missing} 项。",
    ]
    if put.shortfalls:
        sentences.append(f"另有 {len(put.shortfalls)} 项虽有文件讲授，层次都低于标准要求。")
    failed = sum(bool(rule.failed) for rule in put.broken_rules)
    if failed:
        sentences.append(f"人才培养方案有 {failed} 条规定不符合。")
    if found.to_review:
        sentences.append(f"{found.to_review} 项结论建议人工复核。")
    return "".join(sentences)


def _courses(found: Dashboard) -> Iterator[Row]:
    put = found.portfolio
    ratios = {s.id: ratio for s, ratio in zip(put.statements, put.union_ratios.tolist(), strict=True)}
    for course in found.standard.core_courses:
        if course.id in ratios:
            serving = rows.named(put.course_documents[course.id])
            share = Cell(words.percent(ratios[course.id]), centred=True)
            yield (f"{course.label}（{course.id}）", share, serving or "没有对应的文件")


def _broken(found: Dashboard) -> Iterator[Row]:
    for rule in found.portfolio.broken_rules:
        if rule.failed:
            text = found.rule_text(rule.id) or "（校内规则）"
            yield (Cell(rule.id, centred=True), text, rows.named(rule.failed))


def _who(held: Held) -> str:
    parts = [f"讲授：{rows.named(held.covering)}"] if held.covering else []
    return "；".join([*parts, *([f"涉及：{rows.named(held.touching)}"] if held.touching else [])])


def _levels(held: Held) -> str:
    return f"要求{words.level(held.element.level)}；讲授：{rows.named(held.covering)}"


def _comparison_conclusion(put: Comparison) -> str:
    names = [f"“{words.flat(name, 60)}”" for name in put.names]
    courses = "、".join(put.standard.by_id[course].label for course in put.scope) or words.NO_COURSE
    best = "、".join(names[place] for place in put.best)
    return (
        f"比较{'、'.join(names)}。共同的范围：{courses}，共含教学要素 {len(put.scoped)} 项。"
        + (f"覆盖最多的是{best}。" if best else "各份文件都没有讲授其中的要素。")
        + f"都没有讲授的有 {len(put.common_gaps)} 项。"
    )


def _sides(put: Comparison) -> Iterator[Row]:
    sides = zip(put.names, put.ratios, put.counts, strict=True)
    for number, (name, ratio, (missing, touched, covered)) in enumerate(sides):
        figures = (words.percent(ratio), covered, touched, missing, len(put.unique(number)))
        yield (words.flat(name), *(Cell(str(figure), centred=True) for figure in figures))


def _gap(put: Comparison, row: ElementRow) -> Row:
    element = row.element
    course = put.standard.course_title(element.statement) or "—"
    return (course, Cell(element.id, centred=True), element.text, Cell(words.GRADES[max(row.grades)], centred=True))


def _change(change: Change) -> Row:
    matches = (change.before, change.after)
    sides = [f"{words.GRADES[m.grade]}\n{comparison_rows.level_found(m)}".rstrip() for m in matches]
    quote = words.flat(change.after.evidence[0].quote, 100) if change.after.evidence else "—"
    return (change.element.text, *(Cell(side, centred=True) for side in sides), quote)
