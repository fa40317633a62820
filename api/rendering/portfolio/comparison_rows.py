"""A comparison as tables, in the words of a reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alignment.compare import Change, Changes, Comparison, ElementRow
from alignment.model import Match
from api.rendering import words
from api.rendering.sheets import Line, Sheet
from api.services.comparisons import Compared

_FACTS = (
    ("文件", 44),
    ("覆盖率", 9),
    ("已覆盖", 9),
    ("部分涉及", 9),
    ("未覆盖", 9),
    ("独有的要素", 11),
    ("独有的是", 70),
)
_CHANGES = (
    *(("变化", 12), ("课程", 20), ("要素编号", 12), ("要素", 36), ("原结论", 10), ("现结论", 10), ("原层次", 9)),
    *(("现层次", 9), ("原文依据", 50), ("现文依据", 50)),
)
_RULES = (
    *(("编号", 10), ("规定", 50), ("原结论", 11), ("现结论", 11), ("原数值", 16), ("现数值", 16), ("原计算", 40)),
    ("现计算", 40),
)
_GAPS = (("课程", 20), ("要素编号", 12), ("要素", 40), ("最好的结论", 11), ("标准要求", 9))


def sheets(found: Compared) -> Iterator[Sheet]:
    """All tables."""
    comparison = found.comparison
    yield Sheet("并排比较", _FACTS, tuple(_facts(comparison)), "B2")
    yield _statements(comparison)
    yield element_sheet(comparison)
    yield Sheet("共同的差距", _GAPS, tuple(_gap(comparison, row) for row in comparison.common_gaps))
    yield _overlap(comparison)
    for number, changes in enumerate(shown_changes(found), 1):
        again = f" {number}" if number > 1 else ""
        yield Sheet(f"变化{again}", _CHANGES, tuple(change_lines(comparison, changes)), "E2")
        if changes.rules:
            yield Sheet(f"规定的变化{again}", _RULES, tuple(rule_lines(changes)), "C2")


def shown_changes(found: Compared) -> tuple[Changes, ...]:
    """What changed from one to the next: of two documents, or of versions of a text."""
    return found.comparison.changes if found.versions or len(found.rows) == 2 else ()


def _facts(comparison: Comparison) -> Iterator[Line]:
    rows = zip(comparison.names, comparison.ratios, comparison.counts, strict=True)
    for number, (name, ratio, (missing, touched, covered)) in enumerate(rows):
        unique = comparison.unique(number)
        texts = "；".join(row.element.text for row in unique)
        yield [words.flat(name), ratio, covered, touched, missing, len(unique), texts]


def _statements(comparison: Comparison) -> Sheet:
    columns = [("条目", 10), ("内容", 50), *((words.flat(name, 40), 16) for name in comparison.names), ("最好", 30)]
    lines: list[Line] = [
        [
            *(row.statement.id, row.statement.label),
            *row.ratios,
            "、".join(words.flat(comparison.names[place], 40) for place in row.best),
        ]
        for row in comparison.statements
    ]
    return Sheet("条目", columns, tuple(lines), "C2", frozenset(range(2, len(columns) - 1)))


def element_sheet(comparison: Comparison) -> Sheet:
    """Every element with its grade and level in each document."""
    columns = [("课程", 20), ("条目", 10), ("要素编号", 12), ("要素", 40), ("标准要求", 9)]
    for name in comparison.names:
        columns += [(words.flat(name, 40), 14), ("文中层次", 9)]
    return Sheet("要素", columns, tuple(_element(comparison, row) for row in comparison.elements), "E2")


def _element(comparison: Comparison, row: ElementRow) -> Line:
    element = row.element
    line: list[str] = [
        *(comparison.standard.course_title(element.statement), element.statement, element.id, element.text),
        words.level(element.level),
    ]
    for match in row.matches:
        line += [words.GRADES[match.grade], level_found(match)]
    return line


def level_found(match: Match) -> str:
    """The level that a document reaches, empty where it holds nothing."""
    return words.level(match.level_found) if match.level_found else ""


def _gap(comparison: Comparison, row: ElementRow) -> Line:
    element = row.element
    return [
        *(comparison.standard.course_title(element.statement), element.id, element.text),
        *(words.GRADES[max(row.grades)], words.level(element.level)),
    ]


def _overlap(comparison: Comparison) -> Sheet:
    """Of each two documents, what both cover over what either covers."""
    columns = [("讲授内容的重合", 44), *((words.flat(name, 40), 16) for name in comparison.names)]
    pairs = zip(comparison.names, comparison.overlap, strict=True)
    lines: list[Line] = [[words.flat(name), *line] for name, line in pairs]
    return Sheet("重合", columns, tuple(lines), "B2", frozenset(range(1, len(columns))))


def change_lines(comparison: Comparison, changes: Changes) -> Iterator[Line]:
    """Elements that got better, that were lost, and whose level changed."""
    kinds = (("改善", changes.better), ("退步", changes.lost), ("层次变化", changes.levels))
    for name, found in kinds:
        for change in found:
            yield _change(comparison, name, change)


def _change(comparison: Comparison, name: str, change: Change) -> Line:
    element, before, after = change.element, change.before, change.after
    return [
        *(name, comparison.standard.course_title(element.statement), element.id, element.text),
        *(words.GRADES[before.grade], words.GRADES[after.grade], level_found(before), level_found(after)),
        *(_quotes(before), _quotes(after)),
    ]


def _quotes(match: Match) -> str:
    return "\n".join(words.flat(item.quote) for item in match.evidence)


def rule_lines(changes: Changes) -> Iterator[Sequence[str]]:
    """Rules whose verdict or value changed."""
    for change in changes.rules:
        sides = (change.before, change.after)
        verdicts = [words.VERDICTS[side.verdict] if side else "—" for side in sides]
        values = [words.plain(side.value) if side else "—" for side in sides]
        sums = [side.arithmetic if side else "" for side in sides]
        yield [change.rule.id, change.rule.text or change.rule.expected, *verdicts, *values, *sums]
