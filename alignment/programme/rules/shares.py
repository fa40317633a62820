"""Shares of the total hours: public block, practice, electives, under every way of counting a school could defend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from alignment.programme.counting.ledger import Ledger, near
from alignment.programme.counting.structure import taken_rows
from alignment.programme.counting.tally import plain
from alignment.programme.rules.amounts import Amount, amount_of, figure_amount, own, printed, share, total_amount
from alignment.programme.rules.outcome import Answer, Count, unknown
from alignment.programme.rules.stated import StatedShare, printed_text, stated_evidence, stated_shares
from alignment.programme.rules.totals import no_schedule
from corpora.programme.model import Figure, PlanCourse
from corpora.standard import Rule

#: Hours that a practice week can have in a plan.
WEEK_RANGE = (16.0, 36.0)


@dataclass(frozen=True)
class _Way:
    """A way of counting: numerator, denominator, and what is counted how."""

    label: str
    part: Amount
    whole: Amount

    @property
    def count(self) -> Count:
        return share(self.part, self.whole, self.label)


def public_share(ledger: Ledger, _rule: Rule) -> Answer:
    """Hours of the public block in the total."""
    whole, rows = total_amount(ledger), ledger.pick("public")
    stated = stated_shares(ledger, "public_hours", "public_share", "public")
    if whole is None or not rows:
        return _without_rows(ledger, whole, stated, "公共基础课")
    part = own(ledger, rows)
    ways = [_Way("", part, whole), *_by_rows(ledger, rows, part, whole), *_military_ways(ledger, rows, part, whole)]
    open_rows = frozenset(n for n in ledger.pick("other") if ledger.courses[n].category_alt == "public")
    if open_rows - ledger.left_out:
        more = part + own(ledger, open_rows)
        ways.append(_Way("公共选修课也计入公共基础课", more, whole))
        ways += _combined(_military_ways(ledger, rows, more, whole), "公共选修课也计入，")
    strict = ledger.pick("public", required=(True, None))
    if strict and strict != rows:
        fewer = own(ledger, strict)
        ways.append(_Way("只计公共必修课，不计公共限选、选修课", fewer, whole))
        ways += _combined(_military_ways(ledger, strict, fewer, whole), "只计公共必修课，")
    return _decided(ledger, ways, stated, _left_out_note(ledger))


def _by_rows(ledger: Ledger, rows: frozenset[int], part: Amount, whole: Amount) -> Iterator[_Way]:
    """The block by its rows, where its printed subtotal says otherwise."""
    added = printed(ledger, rows - ledger.left_out)
    if not near(added.value, part.value):
        yield _Way("不用小计，按课程表各行复算", added, whole)


def _military_ways(ledger: Ledger, rows: Iterable[int], part: Amount, whole: Amount) -> Iterator[_Way]:
    """Military training the other way round: into the block and the total, or out of them."""
    military = ledger.military & frozenset(taken_rows(ledger))
    hours = printed(ledger, military)
    if not hours.value:
        return
    if military & ledger.left_out:
        yield _Way("军事技能计入公共基础课，也计入总学时", part + hours, whole + hours)
    elif military & frozenset(rows):
        yield _Way("军事技能不计入公共基础课，也不计入总学时", part - hours, whole - hours)
        yield _Way("军事技能只计入总学时，不计入公共基础课", part - hours, whole)
    else:
        yield _Way("军事技能计入公共基础课", part + hours, whole)


def _combined(ways: Iterable[_Way], label: str) -> Iterator[_Way]:
    yield from (replace(way, label=label + way.label) for way in ways)


def elective_share(ledger: Ledger, _rule: Rule) -> Answer:
    """Hours of the electives in the total."""
    whole, rows = total_amount(ledger), ledger.pick(required=(False,))
    stated = stated_shares(ledger, "elective_hours", "elective_share", None)
    if whole is None or not rows:
        return _without_rows(ledger, whole, stated, "选修课", _directions_only(ledger, whole))
    part = own(ledger, rows)
    ways = [_Way("", part, whole), *_by_rows(ledger, rows, part, whole)]
    limited = frozenset(n for n in rows if is_limited(ledger, ledger.courses[n]))
    if unfree := limited - _with_alternative(ledger):
        ways.append(_Way("没有替代课程的限选课不算选修", own(ledger, rows - unfree), whole))
    if limited and limited != rows:
        ways.append(_Way("限选课都不算选修，只计任选课", own(ledger, rows - limited), whole))
    directed = rows & frozenset(n for c in ledger.schedule.choices if c.kind == "direction" for n in c.courses)
    if directed and directed != rows:
        ways.append(_Way("方向课程不算选修", own(ledger, rows - directed), whole))
    if directions := ledger.pick(required=(None,)):
        ways.append(_Way("方向课程也算选修", part + own(ledger, directions), whole))
    return _decided(ledger, ways, stated, "")


def _directions_only(ledger: Ledger, whole: Amount | None) -> tuple[Count, ...]:
    directions = ledger.pick(required=(None,))
    if whole is None or not ledger.courses:
        return ()
    none = share(Amount(0.0, 0.0, "0"), whole, "没有标明选修的课程都算必修")
    return (none, share(own(ledger, directions), whole, "只有方向课程算选修")) if directions else (none,)


def is_limited(ledger: Ledger, course: PlanCourse) -> bool:
    """Whether the row, its block or one of its cells says 限选."""
    if "限选" in f"{course.name}{course.category_text}{course.note}":
        return True
    tables = ledger.programme.document.tables
    if not 0 < course.table <= len(tables):
        return False
    return any(
        "限选" in cell.text for cell in tables[course.table - 1].row_cells(course.row - 1) if len(cell.text) < 12
    )


def _with_alternative(ledger: Ledger) -> frozenset[int]:
    """Rows that can be left for another one."""
    choices = ledger.schedule.choices
    return frozenset(n for c in choices for n in c.courses if c.take is None or c.take < len(c.options))


def practice_share(ledger: Ledger, _rule: Rule) -> Answer:
    """Hours of practice, in courses and weeks, in the total."""
    whole, part = total_amount(ledger), total_amount(ledger, "practice")
    stated = stated_shares(ledger, "practice_hours", "practice_share", "practice")
    if whole is None or part is None:
        return _without_rows(ledger, whole, stated, "实践教学")
    total = ledger.total("practice")
    notes = [total.why]
    if total.computed and part.value > whole.value > 0:
        said, part = part, amount_of(ledger, total.computed)
        notes = [f"所印实践学时 {plain(said.value)} 超过总学时 {plain(whole.value)}，不可信，按课程表小计相加"]
    elif total.computed and total.stated and total.reproduced:
        part = replace(part, text=total.computed.sum_text, evidence=part.evidence)
    if total.stated is None:
        part, note = _with_open_hours(ledger, part)
        notes.append(note)
    ways = [_Way("", part, whole)]
    if total.computed and total.stated and not total.reproduced and not near(part.value, total.computed.low):
        ways.append(_Way("按课程表小计相加的实践学时", amount_of(ledger, total.computed), whole))
    if total.computed:
        rows = printed(ledger, ledger.everything - ledger.way("practice").without - ledger.left_out, "practice")
        ways += [_Way("按课程表各行复算的实践学时", rows, whole)] if not near(rows.value, part.value) else []
    ways += [_Way(f"按{s.where}所印的实践学时", figure_amount(ledger, s.figure), whole) for s in total.others]
    labour = printed(ledger, _remainders(ledger), "hours", _remainder)
    if labour.value:
        ways.append(_Way("只写理论学时的行，其余学时（如劳动周）按实践计", part + labour, whole))
    ways += _practice_military(ledger, part, labour, whole)
    return _decided(ledger, ways, stated, "；".join(note for note in notes if note))


def _with_open_hours(ledger: Ledger, part: Amount) -> tuple[Amount, str]:
    """Practice with what the schedule leaves open: rows that state weeks only, rows without a split."""
    notes = []
    weeks = [n for n in ledger.everything - ledger.left_out if _weeks_only(ledger.courses[n])]
    if weeks:
        gap = _gap(ledger)
        number = sum(f.value for n in weeks if (f := ledger.courses[n].weeks))
        if gap is not None and WEEK_RANGE[0] <= gap.value / number <= WEEK_RANGE[1]:
            part = part + gap
            hours = plain(gap.value / number)
            notes.append(
                f"总学时比各行之和多 {plain(gap.value)}，即只写周数的 {plain(number)} 个实践周，每周 {hours} 学时"
            )
        else:
            part = replace(part, high=part.high + number * WEEK_RANGE[1])
            notes.append(f"{len(weeks)} 行只写周数（共 {plain(number)} 周）没有学时，占比只能给出范围")
    unsplit = _unsplit(ledger)
    if unsplit.value:
        part = replace(part, high=part.high + unsplit.high)
        notes.append("部分课程没有分理论与实践学时，占比只能给出范围")
    return part, "；".join(notes)


def _weeks_only(course: PlanCourse) -> bool:
    return course.hours is None and course.weeks is not None and course.weeks.value > 0


def _gap(ledger: Ledger) -> Amount | None:
    """What a printed total has beyond the rows with hours."""
    total = ledger.total()
    if total.stated is None or total.computed is None or total.stated.figure.value <= total.computed.low:
        return None
    return figure_amount(ledger, total.stated.figure) - amount_of(ledger, total.computed)


def _practice_military(ledger: Ledger, part: Amount, labour: Amount, whole: Amount) -> Iterator[_Way]:
    military = ledger.military & frozenset(taken_rows(ledger))
    hours = printed(ledger, military)
    if not hours.value:
        return
    if military & ledger.left_out:
        yield _Way("军事技能计入实践学时和总学时", part + hours, whole + hours)
        if labour.value:
            yield _Way("劳动周等余下学时和军事技能都计入", part + labour + hours, whole + hours)
    else:
        yield _Way("军事技能不计入实践学时和总学时", part - printed(ledger, military, "practice"), whole - hours)


def _unsplit(ledger: Ledger) -> Amount:
    """Hours of rows without any split into theory and practice."""
    rows = (n for n in ledger.everything - ledger.left_out if _is_unsplit(ledger.courses[n]))
    return printed(ledger, rows)


def _is_unsplit(course: PlanCourse) -> bool:
    return course.category != "practice" and course.theory is None and course.practice is None


def _remainders(ledger: Ledger) -> frozenset[int]:
    return frozenset(n for n in ledger.everything - ledger.left_out if _remainder(ledger.courses[n]))


def _remainder(course: PlanCourse) -> Figure | None:
    """Hours beyond the theory of a row that has theory but no hours of practice."""
    if course.hours is None or course.theory is None or course.practice is not None:
        return None
    rest = course.hours.value - course.theory.value
    return replace(course.hours, value=rest) if rest > 0 and course.theory.value > 0 else None


def _decided(ledger: Ledger, ways: Sequence[_Way], stated: Sequence[StatedShare], note: str) -> Answer:
    """The plan's own way is the one that gives what it prints; without a print, the first."""
    chosen = _chosen(ways, stated)
    count = chosen.count
    match = next((s for s in stated if _agrees(chosen, s)), None)
    others = [way.count for way in ways if way is not chosen]
    others = [replace(c, label=c.label or "按课程表自己的分块") for c in others]
    for s in stated:
        others += _stated_count(ledger, s, count) if not _agrees(chosen, s) else []
    printed_part = _beside(chosen, match) if match else _differs(stated)
    remarks = [note, f"按方案自己的口径：{chosen.label}" if chosen.label else ""]
    evidence = (*count.evidence, *(stated_evidence(ledger, s) for s in stated))
    own_count = replace(count, arithmetic=f"{count.arithmetic}{printed_part}", label="", evidence=evidence)
    return Answer(own_count, tuple(others), "；".join(r for r in remarks if r))


def _chosen(ways: Sequence[_Way], stated: Sequence[StatedShare]) -> _Way:
    """The first way that gives the hours and the share of a print, else one of them, else the first of all."""
    both = (way for way in ways if any(_agrees(way, s) and _agrees(way, replace(s, hours=None)) for s in stated))
    either = (way for way in ways if any(_agrees(way, s) for s in stated))
    return next(both, None) or next(either, ways[0])


def _beside(way: _Way, stated: StatedShare) -> str:
    """What is printed, beside the recomputed number that it agrees with."""
    share_off = stated.share is not None and not _agrees(way, replace(stated, hours=None))
    if not share_off:
        return f"（方案所印 {printed_text(stated)}，一致）"
    hours = printed_text(replace(stated, share=None))
    return f"（方案所印 {hours}，一致；所印 {plain(stated.share or 0.0)}% 与复算不符）"


def _differs(stated: Sequence[StatedShare]) -> str:
    return f"（方案所印 {printed_text(stated[0])}，与复算不符）" if stated else ""


def _agrees(way: _Way, stated: StatedShare) -> bool:
    if stated.hours is not None:
        return near(stated.hours, way.part.value)
    return stated.share is not None and abs(stated.share - 100 * way.part.value / way.whole.value) <= stated.slack


def _stated_count(ledger: Ledger, stated: StatedShare, recomputed: Count) -> list[Count]:
    """The printed share, or printed hours over the total."""
    label, evidence = f"按{stated.where}所印的数", (stated_evidence(ledger, stated),)
    if stated.share is not None:
        text = f"{stated.where}所印 {plain(stated.share)}%；复算 {recomputed.arithmetic}"
        return [Count(stated.share, text, evidence, label)]
    whole = total_amount(ledger)
    if whole is None or stated.hours is None:
        return []
    return [share(Amount(stated.hours, stated.hours, plain(stated.hours), evidence), whole, label)]


def _without_rows(
    ledger: Ledger, whole: Amount | None, stated: Sequence[StatedShare], name: str, others: tuple[Count, ...] = ()
) -> Answer:
    """From print alone, where the schedule has no such rows."""
    for s in stated:
        evidence = (stated_evidence(ledger, s),)
        if s.hours is not None and whole is not None:
            count = share(Amount(s.hours, s.hours, plain(s.hours), evidence), whole)
            return Answer(count, others, f"课程表里没有读到{name}各行，按{s.where}所印的数计")
        if s.share is not None:
            note = f"课程表里没有读到{name}各行，只有{s.where}所印的占比，无法复算"
            return Answer(Count(s.share, f"{s.where}所印 {plain(s.share)}%", evidence), others, note)
    if not ledger.courses:
        return unknown(no_schedule(ledger), *others)
    missing = "总学时" if whole is None else f"标明为{name}的课程"
    return unknown(f"课程表没有{missing}，方案也没有写出{name}的学时或占比；应在课程表或学时学分分配表", *others)


def _left_out_note(ledger: Ledger) -> str:
    names = "、".join(ledger.courses[n].name for n in sorted(ledger.left_out))
    return f"方案印出{names}但没有计入总学时" if names else ""
