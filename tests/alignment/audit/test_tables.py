"""Rows as Parquet: the schema is written down, parts and tables are whole or not there."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from alignment.audit.columns import DOCUMENT, ROWS, TABLES
from alignment.audit.model import SCHEMA, AuditedDocument, DocumentRow, ElementRow, GapRow, ProblemRow, RuleRow
from alignment.audit.tables import GROUP, Placed, read_part_keys, read_table, write_part, write_tables
from alignment.audit.work import Auditor
from corpora.errors import IndexFormatError
from tests.alignment.audit.conftest import NAMELESS

ROOT = Path(__file__).resolve().parents[3]
KINDS = {"documents": DocumentRow, "elements": ElementRow, "gaps": GapRow, "rules": RuleRow, "problems": ProblemRow}
#: Types of columns by the annotation of a row's field.
TYPES = {
    "str": {"string"},
    "int": {"int8", "int32", "int64"},
    "float": {"double"},
    "bool": {"bool"},
    "tuple[str, ...]": {"strings"},
    "tuple[float, ...]": {"doubles"},
}


@pytest.fixture
def audited(auditor: Auditor) -> AuditedDocument:
    """The rows of a small document."""
    return auditor.audit("第1周.txt", NAMELESS.encode())


@pytest.mark.parametrize("name", KINDS)
def test_columns_are_the_fields_of_the_rows(name: str) -> None:
    """Every field of a row has its column of the same name and kind, in the same order."""
    columns = DOCUMENT if name == "documents" else ROWS[name]
    assert [column for column, _ in columns] == [field.name for field in fields(KINDS[name])]
    for field, (_, kind) in zip(fields(KINDS[name]), columns, strict=True):
        annotation = str(field.type).removesuffix(" | None")
        assert kind in TYPES.get(annotation, {"string"})


def test_every_column_is_explained() -> None:
    """``docs/audit.md`` says what each column of each table means."""
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    assert SCHEMA in text
    for name, columns in TABLES.items():
        section = text.partition(f"### {name}")[2].partition("\n#")[0]
        assert [column for column, _ in columns if f"`{column}`" not in section] == []


def test_what_is_kept_comes_back(tmp_path: Path, audited: AuditedDocument) -> None:
    """Rows that went through a part are those of the result, each value of its own type."""
    part = tmp_path / "a.parquet"
    write_part(part, [replace(audited, key="x"), audited])
    kept = read_part_keys(part)
    assert [(place.line, place.by_name, place.retry) for place in kept.values()] == [(0, True, False), (1, True, False)]
    write_tables(tmp_path, [Placed("系/一.txt", "系", "", kept[audited.key])], {})
    for name, rows in (("elements", audited.elements), ("gaps", audited.gaps), ("problems", audited.problems)):
        names = [field.name for field in fields(KINDS[name])]
        (group,) = read_table(tmp_path, name, ["document", *names]) if rows else ({},)
        read = [tuple(map(_plain, values)) for values in zip(*(group[n] for n in names), strict=True)] if rows else []
        assert read == [tuple(_plain(getattr(row, n)) for n in names) for row in rows]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def test_groups_are_seamless(tmp_path: Path, audited: AuditedDocument) -> None:
    """More documents than are in memory at once: all rows in order, no matter how many groups."""
    small = replace(audited, elements=audited.elements[:2])
    paths = [f"{n:04}.txt" for n in range(2 * GROUP + 3)]
    write_tables(tmp_path, (Placed(path, "", "", small) for path in paths), {}, [("垃圾.tmp", "系统文件")])
    found = [path for group in read_table(tmp_path, "elements", ["document"]) for path in group["document"]]
    assert found == [path for path in paths for _ in range(2)]
    problems = [path for group in read_table(tmp_path, "problems", ["document"]) for path in group["document"]]
    assert problems[-1] == "垃圾.tmp"


def test_half_characters_do_not_stop_an_audit(tmp_path: Path, audited: AuditedDocument) -> None:
    """Text that UTF-8 cannot say, as damaged files hold it, is written with question marks."""
    row = replace(audited.elements[0], quote="网\ud800店", quotes=("网\ud800店",))
    write_tables(tmp_path, [Placed("a.txt", "", "", replace(audited, elements=(row,)))], {})
    (group,) = read_table(tmp_path, "elements", ["quote", "quotes"])
    assert group == {"quote": ["网?店"], "quotes": [["网?店"]]}


@pytest.mark.parametrize("data", [b"", b"PAR1 no table PAR1"])
def test_a_foreign_file_is_refused(tmp_path: Path, data: bytes) -> None:
    """It is told by its name, in the user's words."""
    (tmp_path / "elements.parquet").write_bytes(data)
    with pytest.raises(IndexFormatError, match=r"elements\.parquet"):
        list(read_table(tmp_path, "elements", ["document"]))


def test_a_table_is_no_part(tmp_path: Path, audited: AuditedDocument) -> None:
    """A file of the same schema number but another form is refused, too."""
    write_tables(tmp_path, [Placed("a.txt", "", "", audited)], {})
    with pytest.raises(IndexFormatError):
        read_part_keys(tmp_path / "documents.parquet")
