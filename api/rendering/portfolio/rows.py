"""A dashboard as tables, in the words of a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from alignment.portfolio import Entry, Held, Portfolio
from api.rendering import words
from api.rendering.sheets import Line, Sheet
from api.services.dashboards import Dashboard, DashboardRow

REVIEW_STATES = {"draft": "草稿", "submitted": "待审", "returned": "退回", "approved": "通过"}
#: Names that a cell tells of those that hold an element.
_NAMED = 12

_FACTS = (("项目", 24), ("内容", 110))
_DOCUMENTS = (
    *(("文件", 44), ("题名", 34), ("类型", 16), ("对应课程", 34), ("覆盖率", 9), ("已覆盖", 8), ("部分涉及", 9)),
    *(("未覆盖", 8), ("待复核", 8), ("人工结论", 9), ("层次不足", 9), ("审核状态", 9), ("日期", 12)),
)
_ELEMENTS = (
    *(("课程", 20), ("条目", 10), ("条目内容", 40), ("要素编号", 12), ("要素", 34), ("要求层次", 9), ("合力结论", 10)),
    *(("讲授份数", 9), ("讲授的文件", 50), ("只涉及的文件", 40), ("情况", 24)),
)
_RULES = (("编号", 10), ("标准原文", 60), ("不符合份数", 11), ("不符合的方案", 50), ("无法判定的方案", 50))
_TREND = (("批次", 34), ("日期", 12), ("文件数", 8), ("覆盖率", 9), ("已覆盖", 8), ("部分涉及", 9), ("未覆盖", 8))


def sheets(found: Dashboard) -> Iterator[Sheet]:
    """All tables."""
    yield Sheet("总览", _FACTS, tuple(facts(found)))
    yield Sheet("文件", _DOCUMENTS, tuple(_document(found, row) for row in found.rows), "B2")
    yield _matrix(found)
    yield element_sheet(found)
    yield Sheet("规定", _RULES, tuple(rule_lines(found)))
    yield Sheet("历次批次", _TREND, tuple(_trend(found)))


def facts(found: Dashboard) -> Iterator[tuple[str, str]]:
    """What a reader should know first."""
    put, standard = found.portfolio, found.standard
    missing, touched, covered = put.counts
    yield "标准", f"{standard.title or standard.name}，{standard.code}"
    if found.department:
        yield "院系", found.department.name
    if found.audit:
        yield "批次", found.audit.name
    yield "文件", f"{len(found.rows)} 份" + (f"，其中 {len(put.homeless)} 份未识别出对应课程" if put.homeless else "")
    yield "合力覆盖率", f"{words.percent(put.coverage_ratio)}（核心课程的要素至少有一份文件讲授的占比）"
    yield "核心课程的要素", f"有文件讲授 {covered} 项，只有涉及 {touched} 项，无人讲授 {missing} 项"
    yield "无人讲授", f"{len(put.orphans)} 项（含培养规格）"
    yield "只有涉及或只有一份文件讲授", f"{len(put.thin)} 项（含培养规格）"
    yield "三份以上文件重复讲授", f"{len(put.repeated)} 项"
    yield "层次都低于要求", f"{len(put.shortfalls)} 项"
    yield "人工结论", f"{found.decided} 项由审核人确定，另有 {found.to_review} 项建议人工复核"
    states = found.review_states
    counts = (f"{name} {states[state]} 份" for state, name in REVIEW_STATES.items() if state in states)
    yield "审核状态", "，".join(counts) or "—"


def _document(found: Dashboard, row: DashboardRow) -> Line:
    headline = row.headline
    counts = (headline.get(name, 0) for name in ("covered", "touched", "missing", "review", "decided", "level_short"))
    return [
        *(words.flat(row.name), words.flat(row.title), words.KINDS.get(headline.get("kind", ""), "")),
        course_names(found, headline.get("scope", ())),
        float(headline.get("coverage_ratio", 0.0)),
        *counts,
        *(REVIEW_STATES.get(row.review_state, row.review_state), f"{row.created_at:%Y-%m-%d}"),
    ]


def course_names(found: Dashboard, ids: Iterable[str]) -> str:
    """Courses by their titles; what else where there are all, or none."""
    ids = list(ids)
    if len(ids) == len(found.standard.core_courses) > 1:
        return "全部核心课程"
    names = (found.standard.by_id[id].label for id in ids if id in found.standard.by_id)
    return "、".join(map(words.flat, names)) or words.NO_COURSE


def _matrix(found: Dashboard) -> Sheet:
    """Documents by courses and competencies; the last line is all of them together."""
    put = found.portfolio
    wanted = [n for n, s in enumerate(put.statements) if s.kind in ("core_course", "competency")]
    columns = [
        ("文件", 44),
        *((f"{put.statements[n].id} {words.flat(put.statements[n].label, 16)}", 11) for n in wanted),
    ]
    lines: list[Line] = [
        [words.flat(entry.title), *ratios]
        for entry, ratios in zip(put.entries, put.matrix[:, wanted].tolist(), strict=True)
    ]
    lines.append(["全部文件合力", *put.union_ratios[wanted].tolist()])
    return Sheet("覆盖矩阵", columns, tuple(lines), "B2", frozenset(range(1, len(columns))))


def element_sheet(found: Dashboard) -> Sheet:
    """Every element with who holds it and what is wrong with that."""
    return Sheet("要素", _ELEMENTS, tuple(_elements(found.portfolio)), "F2")


def _elements(put: Portfolio) -> Iterator[Line]:
    remarks = _remarks(put)
    held = {row.element.id: row for row in put.held}
    for element, grade in zip(put.elements, put.union.tolist(), strict=True):
        statement, row = put.standard.by_id[element.statement], held[element.id]
        yield [
            *(put.standard.course_title(element.statement), statement.id, statement.text, element.id, element.text),
            *(words.level(element.level), words.GRADES[grade], len(row.covering)),
            *(named(row.covering), named(row.touching), "、".join(remarks.get(element.id, ()))),
        ]


def _remarks(put: Portfolio) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    kinds: tuple[tuple[Sequence[Held], str], ...] = (
        (put.orphans, "无人讲授"),
        ([row for row in put.thin if not row.covering], "只有涉及"),
        ([row for row in put.thin if row.covering], "只有一份文件讲授"),
        (put.repeated, "多份文件重复讲授"),
        (put.shortfalls, "层次都低于要求"),
    )
    for rows, name in kinds:
        for row in rows:
            found.setdefault(row.element.id, []).append(name)
    return found


def named(entries: Sequence[Entry]) -> str:
    """Titles of documents, the rest as a number."""
    titles = "；".join(words.flat(entry.title, 40) for entry in entries[:_NAMED])
    return titles + (f"等 {len(entries)} 份" if len(entries) > _NAMED else "")


def rule_lines(found: Dashboard) -> Iterator[Line]:
    """Rules that a plan breaks, or that could not be checked."""
    for rule in found.portfolio.broken_rules:
        yield [
            *(rule.id, found.rule_text(rule.id) or "（校内规则）", len(rule.failed)),
            *(named(rule.failed), named(rule.undetermined)),
        ]


def _trend(found: Dashboard) -> Iterator[Line]:
    for point in found.trend:
        counts = (point.covered, point.touched, point.missing)
        yield [words.flat(point.name), f"{point.at:%Y-%m-%d}", point.documents, point.coverage_ratio, *counts]
