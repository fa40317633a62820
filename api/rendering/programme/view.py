"""A programme audit arranged for readers: verdict, rules with their readings, contradictions. All formats use it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from alignment.model import Evidence, Reading, RuleVerdict
from alignment.programme.model import ClauseFinding, Contradiction, CourseMatch, ProgrammeAudit
from api.rendering import decided, words
from api.rendering.programme import wording
from api.rendering.view import ReportView

#: A count of things, and their list behind it.
_LISTED = re.compile(r"^(缺|未见|包含) ?(\d+ 项)：.*$", re.DOTALL)
#: What a rule on a list asks for, behind its title: （课程）, （内容（课程名称由学校自主确定））.
_WHAT = re.compile(r"（(?:课程|主题|内容)(?:（[^（）]*）)?）$")
_FORCE_ORDER = ("must", "should", "may")
_VERDICT_ORDER = ("fail", "cannot_determine", "pass")
#: Chapters that a plan has and no other teaching document; without two of them and a schedule it is hardly one.
_OWN_CHAPTERS = ("专业名称及代码", "入学要求", "修业年限", "职业面向", "毕业要求")
#: Kinds of courses that the standard demands, not only recommends.
_DEMANDED = ("public_required", "public_required_or_elective", "foundation_course", "core_course")


@dataclass(frozen=True)
class RuleView:
    """One rule's verdict in words."""

    rule: RuleVerdict
    title: str
    text: str
    value: str

    @property
    def label(self) -> str:
        """``总学时（NR04）``; the id alone for a rule without a title."""
        return f"{self.title}（{self.rule.id}）" if self.title else self.rule.id

    @property
    def expected(self) -> str:
        """The expectation with readable signs."""
        return wording.expected(self.rule.expected)

    @property
    def force(self) -> str:
        """必须, 一般应 or 可以."""
        return words.FORCES[self.rule.force]

    @property
    def verdict(self) -> str:
        """符合, 不符合 or 无法判定."""
        return words.VERDICTS[self.rule.verdict]

    @property
    def decided(self) -> str:
        """``人工改判`` or the like where a person decided; else empty."""
        return decided.tag(self.rule)

    @property
    def told(self) -> str:
        """Who decided what and why, beside what the system says; empty where nobody did."""
        return decided.told(self.rule)

    @property
    def grade(self) -> int:
        """2 pass, 1 cannot determine, 0 fail."""
        return wording.VERDICT_GRADES[self.rule.verdict]

    @property
    def turning(self) -> tuple[Reading, ...]:
        """Readings under which the verdict changes."""
        return self.rule.turning

    @property
    def steady(self) -> tuple[Reading, ...]:
        """Other readings, under which the verdict stays."""
        return tuple(reading for reading in self.rule.readings if reading.verdict == self.rule.verdict)

    def amount(self, reading: Reading) -> str:
        """A reading's value with its unit."""
        return wording.amount(reading.value, self.rule.expected)

    @property
    def arithmetic(self) -> str:
        """The sum with its numbers, set apart so that it can be read and broken."""
        return wording.spaced(self.rule.arithmetic)

    def sum_of(self, reading: Reading) -> str:
        """A reading's sum with its value at the end, where the sum does not show it; in few words for a list."""
        value = self.amount(reading)
        if self.is_list:
            return _head(value)
        known = value == "—" or value.split(" ")[0] in reading.arithmetic
        return wording.spaced(reading.arithmetic) + ("" if known else f"，{value}" if reading.arithmetic else value)

    @property
    def is_list(self) -> bool:
        """Whether the rule asks for a list of things."""
        return bool(_LISTED.match(self.expected))

    @property
    def brief_value(self) -> str:
        """The value in a few words, without the list of what is missing."""
        return words.flat(_head(self.value), 48)

    @property
    def missing(self) -> str:
        """What is missing of a list that is asked for: ``缺：党史、新中国史``; empty for other rules."""
        _, found, names = self.value.partition(" 项：")
        return f"缺：{names}" if found and _LISTED.match(self.value) else ""

    @property
    def brief_expected(self) -> str:
        """The expectation in a few words."""
        return words.flat(_head(self.expected), 40)

    @property
    def short(self) -> str:
        """``总学时（NR04）：1354 学时（要求 ≥ 2500 学时）``."""
        value = f"：{self.brief_value}" if self.value != "—" else ""
        asked = self.brief_expected
        return f"{self.label}{value}（要求{'' if asked.startswith('包') else ' '}{asked}）"


@dataclass(frozen=True)
class Line:
    """One line of the verdict: what it is about, what it says, and how it is to be taken (good, warn, bad)."""

    label: str
    text: str
    tone: str = ""
    items: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The text with its items."""
        listed = "；".join(f"{number}. {item}" for number, item in enumerate(self.items, 1))
        return "：".join(part for part in (self.text, listed) if part)


@dataclass(frozen=True)
class PlanView:
    """An audit with its report."""

    view: ReportView
    audit: ProgrammeAudit

    def place(self, evidence: Evidence) -> str:
        """Position of a quote in words."""
        return self.view.place(evidence.locator)

    def cited(self, evidence: Evidence, limit: int = 60) -> str:
        """``“608”（表8 行17 列7）``."""
        return f"“{words.flat(evidence.quote, limit)}”（{self.place(evidence)}）"

    @property
    def name(self) -> str:
        """Major with code and year, as far as the plan tells them."""
        programme = self.audit.programme
        code = f"（{programme.code}）" if programme.code else ""
        grade = f"{programme.grade}级" if programme.grade.isdigit() else programme.grade
        return words.flat(f"{grade}{programme.name or '（专业名称未载明）'}{code}")

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files that the plan was read from, numbered where there are several."""
        names = [words.flat(name) for name in self.view.files] or [words.flat(self.view.report.document.name)]
        if len(names) == 1:
            return tuple(names)
        return tuple(f"{words.circled(number)} {name}" for number, name in enumerate(names, 1))

    def sources(self, items: tuple[Evidence, ...], shown: int = 4) -> str:
        """Quotes with their places in one line, the first few of them."""
        more = f" 等 {len(items)} 处" if len(items) > shown else ""
        return "；".join(self.cited(item) for item in items[:shown]) + more

    @cached_property
    def rules(self) -> tuple[RuleView, ...]:
        """Every rule in the report's order."""
        return tuple(self._rule(rule) for rule in self.view.report.rules)

    def _rule(self, rule: RuleVerdict) -> RuleView:
        text = words.flat(rule.text or self.view.rule_text(rule))
        title = _WHAT.sub("", words.flat(rule.title))
        value = wording.amount(rule.value, rule.expected)
        if rule.verdict == "cannot_determine" and value.startswith("缺"):
            value = f"未见{value[1:]}"
        return RuleView(rule, title, text, value)

    @cached_property
    def ranked(self) -> tuple[RuleView, ...]:
        """Rules with what fails and binds first."""
        return tuple(sorted(self.rules, key=_rank))

    def with_verdict(self, verdict: str, *forces: str) -> tuple[RuleView, ...]:
        """Rules with a verdict, of the given forces (all of them without any)."""
        return tuple(r for r in self.ranked if r.rule.verdict == verdict and (not forces or r.rule.force in forces))

    @cached_property
    def turning(self) -> tuple[RuleView, ...]:
        """Rules whose verdict another reading changes."""
        return tuple(rule for rule in self.ranked if rule.turning)

    @property
    def counts(self) -> str:
        """``28 条：符合 12，不符合 9，无法判定 7``."""
        if not self.rules:
            return "所对照的标准没有可核算的规定"
        parts = (f"{name} {len(self.with_verdict(verdict))} 条" for verdict, name in words.VERDICTS.items())
        return f"共 {len(self.rules)} 条，{'，'.join(parts)}"

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Contradictions, those first that a binding or failing rule may turn on."""
        forces = {rule.rule.id: rule.rule.force for rule in self.rules}

        def weight(item: Contradiction) -> tuple[int, int]:
            binding = sum(forces.get(name) == "must" for name in item.affects)
            return -binding, -len(item.affects)

        return tuple(sorted(self.audit.contradictions, key=weight))

    @cached_property
    def absent(self) -> tuple[CourseMatch, ...]:
        """Demanded courses that the plan does not offer."""
        absent = (m for m in self.audit.courses if wording.status(m)[0] == wording.STATUSES["absent"])
        return tuple(match for match in absent if match.statement.kind in _DEMANDED)

    @property
    def absent_by_kind(self) -> tuple[tuple[str, str], ...]:
        """Kind of course with the absent ones' names."""
        kinds = dict.fromkeys(match.statement.kind for match in self.absent)
        return tuple(
            (wording.COURSE_KINDS[kind], _names(m for m in self.absent if m.statement.kind == kind)) for kind in kinds
        )

    @property
    def missing_chapters(self) -> tuple[str, ...]:
        """Expected chapters that were not found."""
        return tuple(chapter.title for chapter in self.audit.chapters if not chapter.found)

    @property
    def rooms(self) -> tuple[ClauseFinding, ...]:
        """Findings on the standard's training rooms."""
        return tuple(clause for clause in self.audit.clauses if clause.statement.kind == "training_room")

    @property
    def cautions(self) -> tuple[str, ...]:
        """What a reader must know before anything else: no plan at all, or one of another major."""
        return tuple(self._cautions())

    def _cautions(self) -> Iterator[str]:
        own = [chapter.found for chapter in self.audit.chapters if chapter.title in _OWN_CHAPTERS]
        if not self.audit.programme.schedule.courses and own and sum(own) < 2:
            yield "这份文档不像人才培养方案：没有课程表，也没有方案应有的章节；若是课程标准、教材等，请不要按方案审核"
        name = next((code for code in self.audit.codes if code.label == "专业名称"), None)
        if name is not None and name.agrees is False:
            standard = self.view.report.standard
            other = f"{standard.name}（{standard.code}）"
            yield f"方案的专业是{self.major}，所对照的是{other}的标准：课程与内容的结论只供参考"

    @property
    def major(self) -> str:
        """Name and code of the major, as far as the plan tells them."""
        programme = self.audit.programme
        return words.flat(f"{programme.name}（{programme.code}）" if programme.code else programme.name)

    @cached_property
    def conclusion(self) -> tuple[Line, ...]:
        """The verdict, line by line."""
        return tuple(line for line in self._lines() if line.text or line.items)

    def _lines(self) -> Iterable[Line]:
        musts, shoulds = self.with_verdict("fail", "must"), self.with_verdict("fail", "should", "may")
        unknown = self.with_verdict("cannot_determine")
        yield Line("请注意", "", "bad", self.cautions)
        yield Line("规定核算", self.counts, "bad" if musts else "warn" if shoulds or unknown else "good")
        yield Line(decided.TITLE, self.view.decided)
        yield _listed("必须达到而不符合", musts, "bad")
        yield _listed("一般应达到而不符合", shoulds, "warn")
        turning = (f"{r.label}：按方案自己的算法{r.verdict}；{turning_words(r)}" for r in self.turning)
        yield _counted("结论随算法改变", "条", turning, "warn")
        lacking = (f"{r.label}：{words.flat(r.rule.note, 80) or '缺少所需数据'}" for r in unknown)
        yield _counted("无法判定", "条", lacking, "warn")
        found = self.contradictions
        worst = tuple(words.flat(item.what, 120) for item in found[:3])
        more = f"，先看这 {len(worst)} 处" if len(found) > len(worst) else ""
        yield Line(
            f"方案内部矛盾 {len(found)} 处{more}" if found else "方案内部矛盾",
            "" if found else "未发现",
            "warn" if found else "good",
            worst,
        )
        yield from self._conditions()
        yield Line("拟定意见", self.opinion, "bad" if musts else "")

    def _conditions(self) -> Iterable[Line]:
        kinds = self.absent_by_kind
        absent = tuple(f"{kind}：{names}" for kind, names in kinds)
        yield Line(f"未开设的课程 {len(self.absent)} 门", "", "bad", absent)
        yield Line("缺少的章节", "、".join(self.missing_chapters), "warn")
        if self.rooms:
            grades = [room.grade for room in self.rooms]
            missing = "、".join(words.flat(r.statement.label, 20) for r in self.rooms if r.grade == 0)
            text = f"标准列 {len(grades)} 类，已具备 {grades.count(2)} 类，部分具备 {grades.count(1)} 类"
            yield Line("实训室", text + (f"，未见 {missing}" if missing else ""), "warn" if missing else "")
        problems = (f"{p.where}：{p.what}" for p in self.audit.programme.schedule.problems)
        yield _counted("课程表未能读全", "处", problems, "bad")
        yield Line("校级规则与标准冲突", "", "bad", tuple(f"{c.rule}：{c.what}" for c in self.audit.conflicts))
        others = "、".join(self.audit.others)
        yield Line("同一文件中的其他专业", others and f"{others}（本报告未审核，可用 --major 选择）")

    @property
    def opinion(self) -> str:
        """What the figures suggest; the person who signs decides."""
        musts, rest = len(self.with_verdict("fail", "must")), len(self.with_verdict("fail", "should", "may"))
        if musts:
            return f"建议修改后重新审核（{musts} 条必须达到的规定不符合），由审核人决定"
        if rest or self.contradictions or self.absent:
            return "建议修改后通过，由审核人决定"
        return "未发现不符合的规定，由审核人决定"


def plan_view(view: ReportView) -> PlanView | None:
    """The view of a report's audit; None for a report without one."""
    audit = view.report.programme
    return PlanView(view, audit) if audit is not None else None


def turning_words(rule: RuleView) -> str:
    """The readings that change a verdict: ``军事技能计入则符合（26.95%）``."""
    return "；".join(
        f"若{words.flat(r.label)}，则{words.VERDICTS[r.verdict]}{_bracketed(rule.amount(r))}" for r in rule.turning
    )


def _bracketed(amount: str) -> str:
    return "" if amount == "—" else f"（{words.flat(_head(amount), 48)}）"


def _head(text: str) -> str:
    """``缺 8 项`` of ``缺 8 项：党史、新中国史…``; the whole text where it lists nothing."""
    return _LISTED.sub(r"\1 \2", text)


def _rank(rule: RuleView) -> tuple[int, int]:
    return _VERDICT_ORDER.index(rule.rule.verdict), _FORCE_ORDER.index(rule.rule.force)


def _listed(label: str, rules: tuple[RuleView, ...], tone: str) -> Line:
    return _counted(label, "条", (rule.short for rule in rules), tone)


def _counted(label: str, unit: str, items: Iterable[str], tone: str) -> Line:
    found = tuple(items)
    return Line(f"{label} {len(found)} {unit}", "", tone, found)


def _names(matches: Iterable[CourseMatch]) -> str:
    return "、".join(words.flat(match.statement.label, 30) for match in matches)
