"""The columns of parts and tables, with their types; ``docs/audit.md`` says what each means.

Types: ``string``, ``int8`` … ``int64``, ``double``, ``bool``, and lists ``strings`` and ``doubles``. A change of any of
them is a new number of ``alignment.audit.model.SCHEMA``.
"""

from __future__ import annotations

from collections.abc import Mapping

Columns = tuple[tuple[str, str], ...]

DOCUMENT: Columns = (
    ("sha256", "string"),
    ("bytes", "int64"),
    ("status", "string"),
    ("kind", "string"),
    ("title", "string"),
    ("pages", "int32"),
    ("chars", "int64"),
    ("hours_stated", "double"),
    ("hours_table_sum", "double"),
    ("courses", "strings"),
    ("course_probabilities", "doubles"),
    ("scope", "strings"),
    ("coverage_ratio", "double"),
    ("covered", "int32"),
    ("touched", "int32"),
    ("missing", "int32"),
    ("review", "int32"),
    ("level_short", "int32"),
    ("gaps", "int32"),
    ("rules_failed", "int32"),
    ("rules_undetermined", "int32"),
)
_PLACE: Columns = (
    ("page", "int32"),
    ("paragraph", "int32"),
    ("table", "int32"),
    ("row", "int32"),
    ("cell", "int32"),
    ("start", "int64"),
    ("end", "int64"),
)
_ELEMENT: Columns = (
    ("element", "string"),
    ("statement", "string"),
    ("course", "string"),
    ("text", "string"),
    ("in_scope", "bool"),
    ("grade", "int8"),
    ("p_touched", "double"),
    ("p_covered", "double"),
    ("review", "bool"),
    ("level_required", "int8"),
    ("level_found", "int8"),
    ("level_short", "bool"),
    ("where", "strings"),
    ("quote", "string"),
    ("similarity", "double"),
    ("heading_path", "strings"),
    *_PLACE,
    ("quotes", "strings"),
)
_GAP: Columns = (
    ("element", "string"),
    ("statement", "string"),
    ("course", "string"),
    ("text", "string"),
    ("kind", "string"),
    ("severity", "int8"),
    ("suggestion", "string"),
    ("suggestion_where", "string"),
    ("suggestion_hours", "double"),
    ("sources", "strings"),
    ("examples", "strings"),
    ("nearest", "string"),
    ("page", "int32"),
    ("paragraph", "int32"),
    ("start", "int64"),
    ("end", "int64"),
)
_RULE: Columns = (
    *((name, "string") for name in ("rule", "verdict", "value", "expected", "force", "arithmetic", "note")),
    *((name, "string") for name in ("title", "text", "section", "source")),
    ("turning", "strings"),
    ("quotes", "strings"),
)
_PROBLEM: Columns = (("kind", "string"), ("where", "string"), ("what", "string"), ("advice", "string"))

#: Columns of each kind of row, as parts hold them.
ROWS: Mapping[str, Columns] = {"elements": _ELEMENT, "gaps": _GAP, "rules": _RULE, "problems": _PROBLEM}
#: Columns of each table: the document's path; in the list of documents also its department and what it is a copy of.
TABLES: Mapping[str, Columns] = {
    "documents": (("document", "string"), ("department", "string"), ("copy_of", "string"), *DOCUMENT),
    **{name: (("document", "string"), *columns) for name, columns in ROWS.items()},
}
