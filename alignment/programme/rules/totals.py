"""Total hours and credits, blocks' hours, weekly hours: what is printed and what the rows give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alignment.programme.counting.ledger import TOTAL_FACTS, Ledger, Stated, near
from alignment.programme.counting.structure import counted_shares, semester_number
from alignment.programme.counting.tally import MEASURE_NAMES, Measure, place_evidence, plain, unique
from alignment.programme.rules.amounts import Amount, figure_amount, own, printed, total_amount
from alignment.programme.rules.facts import PROMISE, fact_count, fact_text, said
from alignment.programme.rules.outcome import Answer, Count, unknown
from corpora.programme.model import Category, FactKind, SemesterCell
from corpora.standard import Rule

_TABLE = "课程设置与教学进程表（学时、学分各列）"


def no_schedule(ledger: Ledger) -> str:
    """Why the schedule gives nothing, for a note."""
    reasons = "；".join(problem.what for problem in ledger.schedule.problems)
    return f"没有读到课程表{'：' + reasons if reasons else ''}，应在{_TABLE}"


def total_hours(ledger: Ledger, _rule: Rule) -> Answer:
    """The plan's total hours."""
    return _total(ledger, "hours")


def total_credits(ledger: Ledger, _rule: Rule) -> Answer:
    """The plan's total credits."""
    return _total(ledger, "credits")


def _total(ledger: Ledger, measure: Measure) -> Answer:
    total, whole = ledger.total(measure), total_amount(ledger, measure)
    if whole is None:
        reason = no_schedule(ledger) if not ledger.courses else total.why
        return unknown(f"{reason}；方案也没有写出总{_name(measure)}", *_promised(ledger, measure))
    text = plain(whole.value)
    evidence = whole.evidence
    if total.computed:
        relation = "与所印合计一致" if total.reproduced else total.why
        text = f"{total.computed.arithmetic}" + (f"；{relation}" if relation else "")
        evidence = unique((*whole.evidence, *total.computed.evidence(ledger.programme)))
    left = _left_out(ledger, measure)
    notes = [total.why, f"方案的合计不含{left}" if left else "", _open_note(ledger, measure, whole)]
    count = Count(whole.value, text, evidence, low=whole.value, high=whole.high + whole.open)
    return Answer(count, tuple(_total_readings(ledger, measure, whole)), "；".join(note for note in notes if note))


def _promised(ledger: Ledger, measure: Measure) -> Iterator[Count]:
    """Totals that the plan only promises (总学时不少于 2500)."""
    norms = said(ledger, TOTAL_FACTS[measure]).norms
    yield from (fact_count(ledger, fact, f"{PROMISE}：{fact_text(fact)}") for fact in norms)


def _open_note(ledger: Ledger, measure: Measure, whole: Amount) -> str:
    rows = ledger.open_rows(measure) if whole.open else ()
    names = "、".join(ledger.courses[n].name for n in rows[:5])
    return f"{names}{' 等' if len(rows) > 5 else ''}没有写{_name(measure)}，合计只能算出下限" if rows else ""


def _left_out(ledger: Ledger, measure: Measure) -> str:
    return "、".join(ledger.courses[n].name for n in sorted(ledger.way(measure).without))


def _total_readings(ledger: Ledger, measure: Measure, whole: Amount) -> Iterator[Count]:
    total, name = ledger.total(measure), _name(measure)
    if total.computed and total.stated and not total.reproduced:
        found = total.computed
        label = f"按课程表各行复算的{name}"
        yield Count(
            found.low, found.arithmetic, found.evidence(ledger.programme), label, low=found.low, high=found.high
        )
    if total.computed:
        rows = printed(ledger, ledger.everything - ledger.way(measure).without, measure)
        if not near(rows.value, total.computed.low):
            label = f"不用小计，按课程表各行复算的{name}"
            yield Count(rows.value, rows.sum, rows.evidence, label, low=rows.value, high=rows.high)
    yield from (_printed_total(ledger, stated) for stated in total.others)
    if ledger.way(measure).without:
        every = printed(ledger, ledger.everything, measure)
        most = every.high + (0.0 if total.stated else ledger.open_amount(measure))
        label = f"印出而未计入的{_left_out(ledger, measure)}也计入"
        yield Count(every.value, every.sum, every.evidence, label, low=every.value, high=most)
    elif ledger.military:
        military = printed(ledger, ledger.military, measure)
        if military.value:
            rest = whole - military
            label, most = f"军事技能不计入总{name}", rest.high + rest.open
            yield Count(rest.value, rest.sum, rest.evidence, label, low=rest.value, high=most)


def _printed_total(ledger: Ledger, stated: Stated) -> Count:
    amount = figure_amount(ledger, stated.figure, stated.where)
    return Count(amount.value, f"{stated.where}所印 {amount.text}", amount.evidence, f"按{stated.where}所印的合计")


def _name(measure: Measure) -> str:
    return MEASURE_NAMES[measure]


def public_hours(ledger: Ledger, _rule: Rule) -> Answer:
    """Hours of the public block."""
    return _block(ledger, "hours", "public_hours", "公共基础课", "public")


def practice_hours(ledger: Ledger, _rule: Rule) -> Answer:
    """Hours of practice, in courses and in practice weeks."""
    return _total(ledger, "practice")


def elective_hours(ledger: Ledger, _rule: Rule) -> Answer:
    """Hours of the electives."""
    return _block(ledger, "hours", "elective_hours", "选修课")


def elective_credits(ledger: Ledger, _rule: Rule) -> Answer:
    """Credits of the electives."""
    return _block(ledger, "credits", "elective_credits", "选修课")


def _block(ledger: Ledger, measure: Measure, kind: FactKind, name: str, *categories: Category) -> Answer:
    rows = ledger.pick(*categories) if categories else ledger.pick(required=(False,))
    facts = said(ledger, kind)
    stated = [fact_count(ledger, f, f"方案写的{name}{_name(measure)}") for f in (*facts.state, *facts.norms)]
    if not rows:
        note = no_schedule(ledger) if not ledger.courses else f"课程表没有标明哪些是{name}"
        return Answer(stated[0], tuple(stated[1:])) if stated else unknown(note)
    amount = own(ledger, rows, measure)
    readings = []
    if not categories and (directions := ledger.pick(required=(None,))):
        more = amount + own(ledger, directions, measure)
        readings.append(Count(more.value, more.sum, more.evidence, "方向课程也算选修", low=more.value, high=more.high))
    count = Count(amount.value, amount.sum, amount.evidence, low=amount.value, high=amount.high)
    return Answer(count, (*stated, *readings))


def weekly_hours(ledger: Ledger, _rule: Rule) -> Answer:
    """The semester with the most weekly hours, from the semester cells, choices once."""
    by_semester = _weekly_cells(ledger)
    if not by_semester:
        return unknown(f"课程表的学期列没有周学时；应在{_TABLE}")
    counts = [_weekly_sum(ledger, semester, cells) for semester, cells in sorted(by_semester.items())]
    top = max(counts, key=lambda count: count.value)
    return Answer(top, tuple(count for count in counts if count is not top))


_WeeklyCell = tuple[SemesterCell, float]


def _weekly_cells(ledger: Ledger) -> dict[int, list[_WeeklyCell]]:
    """Cells of weekly hours by semester, each with the part of it that is counted."""
    found: dict[int, list[_WeeklyCell]] = {}
    shares = counted_shares(ledger)
    for number, course in enumerate(ledger.courses):
        for cell in course.semesters[:1] if course.alternative_semesters else course.semesters:
            semester = semester_number(cell.semester)
            if cell.unit == "hours_per_week" and cell.value and semester and shares[number]:
                found.setdefault(semester, []).append((cell, shares[number]))
    return found


def _weekly_sum(ledger: Ledger, semester: int, cells: Sequence[_WeeklyCell]) -> Count:
    values = [(cell.value or 0.0) * part for cell, part in cells]
    name, document = f"第{semester}学期", ledger.programme.document
    evidence = unique(place_evidence(document, cell.locator, cell.text, name) for cell, _ in cells)
    text = f"{name} {'+'.join(map(plain, values))}={plain(sum(values))}"
    return Count(round(sum(values), 2), text, evidence, name)
