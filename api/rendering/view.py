"""A report arranged for readers: requirements grouped by course, counts, headline, summary. All renderers use it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from alignment.gaps import worst
from alignment.model import Evidence, Gap, GapReport, Match, RuleVerdict, StatementCoverage
from api.rendering import decided as persons
from api.rendering import words
from api.rendering.agreement import agreement_lines
from corpora import bundle
from corpora.document import Locator
from corpora.standard import Statement


@dataclass(frozen=True)
class Tally:
    """How many elements have which grade, and how many a person should look at."""

    covered: int
    touched: int
    missing: int
    review: int

    @classmethod
    def of(cls, matches: Iterable[Match]) -> Tally:
        """Counts over matches."""
        found = tuple(matches)
        grades = [match.grade for match in found]
        return cls(grades.count(2), grades.count(1), grades.count(0), sum(match.review for match in found))

    @property
    def total(self) -> int:
        """All elements counted."""
        return self.covered + self.touched + self.missing

    @property
    def ratio(self) -> float:
        """Share of covered elements in 0..1; 0 for none."""
        return self.covered / self.total if self.total else 0.0


@dataclass(frozen=True)
class StatementView:
    """One statement with its coverage and the matches of its elements."""

    coverage: StatementCoverage
    matches: tuple[Match, ...]

    @property
    def statement(self) -> Statement:
        """The statement itself."""
        return self.coverage.statement

    @cached_property
    def tally(self) -> Tally:
        """Counts over its elements."""
        return Tally.of(self.matches)


@dataclass(frozen=True)
class GroupView:
    """A core course, or a kind of statement outside courses (培养规格).

    ``probability`` that the document serves the course; None where it was not detected. ``in_scope``: its elements
    decide the headline.
    """

    id: str
    title: str
    in_scope: bool
    probability: float | None
    statements: tuple[StatementView, ...]

    @cached_property
    def tally(self) -> Tally:
        """Counts over its elements."""
        return Tally.of(match for view in self.statements for match in view.matches)


@dataclass(frozen=True)
class ReportView:
    """A report with its groups: courses in scope first, then the others in the standard's order."""

    report: GapReport

    @cached_property
    def groups(self) -> tuple[GroupView, ...]:
        """All groups that have elements."""
        report = self.report
        coverage = {item.statement.id: item for item in report.statements}
        matches: dict[str, list[Match]] = {}
        for match in report.matches:
            matches.setdefault(match.element.statement, []).append(match)
        members: dict[str, list[StatementView]] = {}
        for statement, found in matches.items():
            item = coverage[statement]
            group = report.standard.course_of(statement) or item.statement.kind
            members.setdefault(group, []).append(StatementView(item, tuple(found)))
        groups = [self._group(name, views) for name, views in members.items()]
        order = {name: place for place, name in enumerate(report.scope)}
        return tuple(sorted(groups, key=lambda group: (order.get(group.id, len(order)), group.id not in self._courses)))

    @cached_property
    def _courses(self) -> dict[str, Statement]:
        return {course.id: course for course in self.report.standard.core_courses}

    def _group(self, name: str, views: Sequence[StatementView]) -> GroupView:
        course = self._courses.get(name)
        title = course.label if course else words.STATEMENT_KINDS.get(name, "其他条目")
        fits = {fit.course.id: fit.probability for fit in self.report.courses}
        return GroupView(name, words.clean(title), name in self.report.scope, fits.get(name), tuple(views))

    @property
    def scoped(self) -> tuple[GroupView, ...]:
        """Groups that decide the headline; all of them when no course fits."""
        return tuple(group for group in self.groups if group.in_scope) or self.groups

    @property
    def others(self) -> tuple[GroupView, ...]:
        """Groups outside the scope."""
        return tuple(group for group in self.groups if group not in self.scoped)

    @cached_property
    def tally(self) -> Tally:
        """The headline's counts."""
        return Tally.of(self.report.scoped_matches)

    @cached_property
    def shortfalls(self) -> tuple[Match, ...]:
        """Covered elements of the scope that are taught below the required level."""
        return tuple(match for match in self.report.scoped_matches if match.level_short)

    @cached_property
    def worst(self) -> tuple[Gap, ...]:
        """The three weightiest gaps, each of another statement."""
        return worst(self.report.gaps)

    @cached_property
    def gap_of(self) -> dict[str, Gap]:
        """The weightiest gap of each element."""
        found: dict[str, Gap] = {}
        for gap in self.report.gaps:
            found.setdefault(gap.element.id, gap)
        return found

    def statement_of(self, element_id: str) -> Statement:
        """The statement that an element belongs to."""
        return self.report.standard.by_id[self.report.match_of[element_id].element.statement]

    @cached_property
    def _rule_texts(self) -> dict[str, str]:
        return {rule.id: rule.text for rule in (*self.report.standard.rules, *self.report.standard.other_rules)}

    def rule_text(self, rule: RuleVerdict) -> str:
        """The wording of a rule in the standard; empty for a rule that is not among its own."""
        return self._rule_texts.get(rule.id, "")

    def place(self, locator: Locator) -> str:
        """A position in words; for a document that was joined from files with the file's number (``② 表8 第3行``)."""
        audit = self.report.programme
        if audit is None:
            return words.place(locator, self.report.document.name)
        document = audit.programme.document
        text, part = bundle.place(document, locator), bundle.part_of(document, locator)
        return text.replace(part.name, words.circled(self.files.index(part.name) + 1), 1) if part else text

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Names of the files that the document was joined from, each once; empty for a single file."""
        audit = self.report.programme
        return tuple(dict.fromkeys(part.name for part in audit.programme.document.parts)) if audit else ()

    def whole_place(self, evidence: Evidence) -> str:
        """Heading path and position of a quote in one line."""
        return "　".join(part for part in (words.path(evidence), self.place(evidence.locator)) if part)

    @property
    def title(self) -> str:
        """The document's own title, else its file name without the suffix."""
        facts = self.report.document
        return words.flat(facts.title or facts.name.removesuffix(PurePath(facts.name).suffix), 60)

    @property
    def quoted_title(self) -> str:
        """The title in 《》; such marks within it become 〈〉."""
        return f"《{self.title.replace('《', '〈').replace('》', '〉')}》"

    @property
    def standard_name(self) -> str:
        """``高等职业教育专科电子商务专业教学标准（试行），530701``."""
        standard = self.report.standard
        edition = f"（{standard.edition}）" if standard.edition else ""
        return f"{standard.title or standard.name}{edition}，{standard.code}"

    @property
    def courses(self) -> str:
        """The courses that the document serves, each with its probability; what else when none fits."""
        if self.whole:
            return f"全部 {len(self.report.scope)} 门专业核心课程"
        return "、".join(course_label(self.report, name) for name in self.report.scope) or words.NO_COURSE

    @property
    def whole(self) -> bool:
        """Whether the scope is every core course of the standard, and more than one."""
        return len(self.report.scope) == len(self.report.standard.core_courses) > 1

    @property
    def maybe(self) -> str:
        """Detected courses outside the scope, each with its probability; empty when there are none."""
        found = (fit.course.id for fit in self.report.courses if fit.course.id not in self.report.scope)
        return "、".join(course_label(self.report, name) for name in found)

    @property
    def hours(self) -> str:
        """Stated hours and the table's sum, and whether they contradict; empty when neither is known."""
        hours = self.report.document.hours
        parts = [f"载明 {words.number(hours.stated)} 学时"] if hours.stated is not None else []
        if hours.table_sum is not None:
            parts.append(f"教学安排表合计 {words.number(hours.table_sum)} 学时")
        if hours.table_sum is not None and self.report.document.kind == "plan":
            return "，".join(parts) + "（供选择的课程只计一次）"
        return "，".join(parts) + ("，两者不一致，请核对" if self.hours_contradict else "")

    @property
    def hours_contradict(self) -> bool:
        """Whether the stated hours and the table's sum cannot both be right; of a plan the audit tells."""
        return self.report.document.hours.contradict and self.report.document.kind != "plan"

    @property
    def size(self) -> str:
        """Kind, characters and pages of the document."""
        facts = self.report.document
        pages = f"，{facts.pages} 页" if facts.pages else ""
        return f"{words.KINDS[facts.kind]}，{facts.chars:,} 字{pages}"

    @property
    def empty(self) -> bool:
        """Whether the document has no text to judge."""
        return all(match.nearest is None and not match.evidence for match in self.report.matches)

    def summary(self) -> str:
        """The conclusion as one paragraph of official Chinese."""
        report, tally, standard = self.report, self.tally, self.report.standard
        lines = [f"将{self.quoted_title}与《{standard.title or standard.name}》（{standard.code}）逐条比对。"]
        lines.append(
            f"该文件对应核心课程：{self.courses}，共含教学要素 {tally.total} 项。"
            if report.scope
            else f"{words.NO_COURSE}，以下按标准的全部 {tally.total} 项要素统计。"
        )
        lines.append(
            f"其中已覆盖 {tally.covered} 项（{words.percent(tally.ratio)}），"
            f"部分涉及 {tally.touched} 项，未覆盖 {tally.missing} 项。"
        )
        if self.shortfalls:
            lines.append(f"另有 {len(self.shortfalls)} 项虽已覆盖，但教学层次低于标准要求。")
        if tally.review:
            lines.append(f"{tally.review} 项结论接近判定界限，建议人工复核。")
        lines.append(self.decided)
        if self.hours_contradict:
            lines.append(f"学时：{self.hours}。")
        failed = sum(rule.verdict == "fail" for rule in report.rules)
        if report.rules:
            lines.append(f"核对方案类规定 {len(report.rules)} 条，不符合 {failed} 条。")
        lines += self._first_gaps()
        return "".join(lines)

    @cached_property
    def decided(self) -> str:
        """How many verdicts persons decided, as a sentence; empty where they decided none."""
        return persons.summary(self.report)

    @cached_property
    def decisions(self) -> tuple[persons.DecisionLine, ...]:
        """What persons decided."""
        return persons.decision_lines(self.report)

    @cached_property
    def agreement(self) -> tuple[str, ...]:
        """How far the system agrees with reviewers, in sentences."""
        return agreement_lines(self.report)

    @property
    def no_gaps(self) -> str:
        """What to say where there is no gap to list."""
        return "未发现需要补充的要素。" if self.tally.missing == 0 else "没有列出差距：文件与标准的课程对应不上。"

    def _first_gaps(self) -> list[str]:
        if not self.report.gaps:
            return [self.no_gaps]
        first = (words.flat(gap.element.text, 40) for gap in self.worst)
        return [f"建议优先完善：{'；'.join(first)}。"]


def course_label(report: GapReport, course: str) -> str:
    """``网店运营（C1，概率 96%）``; without the probability where the course was not detected."""
    statement = report.standard.by_id[course]
    chance = {fit.course.id: fit.probability for fit in report.courses}.get(course)
    odds = f"，概率 {words.percent(chance)}" if chance is not None else ""
    return f"{words.flat(statement.label)}（{course}{odds}）"


def advice(gap: Gap) -> str:
    """Where to write what a gap lacks, with hours: ``写入“三、教学内容”，约 2 学时``; empty when neither is known."""
    parts = [f"写入“{_place_to_write(gap.suggestion.where)}”"] if gap.suggestion.where else []
    if gap.suggestion.hours is not None:
        parts.append(f"约 {words.number(gap.suggestion.hours)} 学时")
    return "，".join(parts)


def suggestion_text(gap: Gap) -> str:
    """What to write, and in a line each how others put it: the first two of their passages."""
    return "\n".join((gap.suggestion.text, *(f"他人的写法：{x.text}" for x in gap.suggestion.examples[:2])))


def _place_to_write(path: str) -> str:
    """The headings of a section, the middle ones left out where there are more than three."""
    levels = [words.flat(level) for level in path.split(" > ")]
    return " > ".join(levels if len(levels) <= 3 else [levels[0], "…", *levels[-2:]])
