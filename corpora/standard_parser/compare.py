"""Two standards side by side, per kind: what is the same, what differs, what is missing, what is extra."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corpora.standard import Rule, Standard, Statement

#: Fields of a statement that must be equal to count as the same.
STATEMENT_FIELDS = ("kind", "text", "section", "parent", "number", "equipment", "courses", "course_refs", "activities")
RULE_FIELDS = ("type", "operator", "value", "unit", "strength", "text", "statement")


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One kind: ids that are equal, that differ (with the fields), that only the expected or only the found one has."""

    kind: str
    same: tuple[str, ...]
    differ: tuple[tuple[str, tuple[str, ...]], ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]


def compare_standards(expected: Standard, found: Standard) -> tuple[ComparisonRow, ...]:
    """One row a kind of statement, then numeric and other rules, matched by id."""
    kinds = tuple(dict.fromkeys(s.kind for s in (*expected.statements, *found.statements)))
    rows = [
        _row(kind, _by_id(expected.of_kind(kind)), _by_id(found.of_kind(kind)), STATEMENT_FIELDS, _field)
        for kind in kinds
    ]
    rows += [
        _row("numeric_rule", _by_id(expected.rules), _by_id(found.rules), RULE_FIELDS, _field),
        _row("other_rule", _by_id(expected.other_rules), _by_id(found.other_rules), RULE_FIELDS, _field),
    ]
    return tuple(rows)


def comparison_table(rows: Iterable[ComparisonRow]) -> str:
    """The rows as a table to print."""
    lines = [f"{'kind':<28}{'same':>6}{'differ':>8}{'missing':>9}{'extra':>7}"]
    for row in rows:
        counts = (len(row.same), len(row.differ), len(row.missing), len(row.extra))
        lines.append(f"{row.kind:<28}{counts[0]:>6}{counts[1]:>8}{counts[2]:>9}{counts[3]:>7}")
        lines += [f"    {name}: {', '.join(fields)}" for name, fields in row.differ]
    return "\n".join(lines)


def _by_id(items: Iterable[Statement] | Iterable[Rule]) -> dict[str, Any]:
    return {item.id: item for item in items}


def _field(item: Any, name: str) -> Any:
    value = getattr(item, name)
    return tuple(value) if isinstance(value, list) else value


def _row(
    kind: str,
    expected: Mapping[str, Any],
    found: Mapping[str, Any],
    fields: tuple[str, ...],
    read: Callable[[Any, str], Any],
) -> ComparisonRow:
    same: list[str] = []
    differ: list[tuple[str, tuple[str, ...]]] = []
    for name in expected.keys() & found.keys():
        wrong = tuple(f for f in fields if read(expected[name], f) != read(found[name], f))
        if wrong:
            differ.append((name, wrong))
        else:
            same.append(name)
    return ComparisonRow(
        kind,
        tuple(sorted(same)),
        tuple(sorted(differ)),
        tuple(sorted(expected.keys() - found.keys())),
        tuple(sorted(found.keys() - expected.keys())),
    )
