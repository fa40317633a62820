"""Rows as Parquet: part files while an audit runs, one table of each kind when it is done. The only door of pyarrow.

A part holds the rows of some documents, a line a document, with its elements, gaps, rules and problems as lists in it,
so that a document is kept as a whole or not at all. Tables hold a line for each row, with the document's path in front.
Every file carries the number of the schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from alignment.audit.columns import DOCUMENT, ROWS, TABLES, Columns
from alignment.audit.durable import finish, not_written, write_whole
from alignment.audit.model import SCHEMA, AuditedDocument
from corpora.errors import IndexFormatError
from corpora.parsers.base import MEBIBYTE

if TYPE_CHECKING:
    import pyarrow as pa

#: Documents whose rows are in memory at once while tables are written: a group of rows of each file.
GROUP = 64
_OPEN = 4  # parts kept in memory at once


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the rows of a document are: the part's file and its line there; ``by_name`` and ``retry`` as audited."""

    part: Path
    line: int
    by_name: bool
    retry: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A document as tables list it: its path, department ("" for none), original ("" for none), and its rows."""

    path: str
    department: str
    copy_of: str
    rows: Kept | AuditedDocument


def write_part(path: Path, results: Sequence[AuditedDocument]) -> None:
    """Write a part: aside, synced, then renamed.

    Raises
    ------
    DuibiaoError : the disk does not take it.
    """
    table = _part_table(results)

    def write(aside: Path) -> None:
        import pyarrow.parquet as parquet

        parquet.write_table(table, aside, compression="zstd", write_statistics=False, write_page_checksum=True)

    write_whole(path, write)


def read_part_keys(path: Path) -> dict[str, Kept]:
    """By key, the documents of a part.

    Raises
    ------
    IndexFormatError : the file is truncated, damaged or no part of this schema.
    """
    table = _read_part(path, ["key", "by_name", "retry"])
    lines = zip(*(table.column(name).to_pylist() for name in ("key", "by_name", "retry")), strict=True)
    return {key: Kept(path, line, by_name, retry) for line, (key, by_name, retry) in enumerate(lines)}


def check_part(path: Path) -> None:
    """Read a part to its end; raises as ``read_part_keys``."""
    _read_part(path, None)


def write_tables(
    folder: Path, placed: Iterable[Placed], about: Mapping[str, str], passed_over: Sequence[tuple[str, str]] = ()
) -> None:
    """Write all tables, ``documents.parquet`` and so on: aside, synced, then renamed.

    Parameters
    ----------
    folder : where to.
    placed : the documents in the order of the tables; the rows of ``GROUP`` documents are in memory at once.
    about : further metadata of the files; no times, so that the same audit gives the same bytes.
    passed_over : paths of files that were not read, and why; the last problems.

    Raises
    ------
    DuibiaoError : the disk does not take them.
    IndexFormatError : a part is damaged.
    """
    with ExitStack() as stack:
        writers = {name: stack.enter_context(_Writer(folder / f"{name}.parquet", name, about)) for name in TABLES}
        parts = _Parts()
        for group in _groups(placed):
            for name, table in _group_tables(group, parts).items():
                writers[name].write(table)
        writers["problems"].write(_passed_over(passed_over))


def read_table(folder: Path, name: str, columns: Sequence[str]) -> Iterator[dict[str, list[Any]]]:
    """Columns of a table as lists, a group of rows at a time.

    Raises
    ------
    IndexFormatError : the file is missing, damaged or of another schema.
    """
    import pyarrow.parquet as parquet

    path = folder / f"{name}.parquet"
    try:
        with parquet.ParquetFile(path) as file:
            _check(file.schema_arrow.metadata, name, path)
            for number in range(file.num_row_groups):
                yield file.read_row_group(number, columns=list(columns)).to_pydict()
    except (OSError, _arrow_error()) as error:
        raise _damaged(path, error) from error


class _Writer:
    """One table being written aside; put in its place when all went well.

    Parameters
    ----------
    path : of the table.
    name : of its kind.
    about : further metadata.
    """

    def __init__(self, path: Path, name: str, about: Mapping[str, str]) -> None:
        self._path, self._aside = path, path.with_name(f".{path.name}.tmp")
        self._schema = _schema(TABLES[name]).with_metadata({"schema": SCHEMA, "table": name, **about})

    def __enter__(self) -> _Writer:
        import pyarrow.parquet as parquet

        try:
            self._writer = parquet.ParquetWriter(self._aside, self._schema, compression="zstd")
        except OSError as error:
            raise not_written(self._path, error) from error
        return self

    def write(self, table: pa.Table) -> None:
        """Add rows."""
        if table.num_rows:
            self._writer.write_table(table.replace_schema_metadata(self._schema.metadata), row_group_size=MEBIBYTE)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._writer.close()
            if kind is None:
                finish(self._aside, self._path)
        except OSError as error:
            raise not_written(self._path, error) from error
        finally:
            self._aside.unlink(missing_ok=True)


class _Parts:
    """Parts as tables, the last few kept."""

    def __init__(self) -> None:
        self._open: dict[Path, pa.Table] = {}

    def line(self, kept: Kept) -> pa.Table:
        """The line of a document."""
        table = self._open.pop(kept.part, None)
        if table is None:
            table = _read_part(kept.part, None).combine_chunks()
        self._open[kept.part] = table
        while len(self._open) > _OPEN:
            del self._open[next(iter(self._open))]
        return table.slice(kept.line, 1)


def _groups(placed: Iterable[Placed]) -> Iterator[list[Placed]]:
    group: list[Placed] = []
    for one in placed:
        group.append(one)
        if len(group) == GROUP:
            yield group
            group = []
    if group:
        yield group


def _group_tables(group: Sequence[Placed], parts: _Parts) -> dict[str, pa.Table]:
    """The rows of some documents, by table."""
    import pyarrow as pa

    rows = (_part_table([p.rows]) if isinstance(p.rows, AuditedDocument) else parts.line(p.rows) for p in group)
    lines = pa.concat_tables([line.replace_schema_metadata(None) for line in rows]).combine_chunks()
    paths = np.array([one.path for one in group], dtype=object)
    documents = _rows(lines.column("document").combine_chunks(), paths, "documents")
    for place, name in ((1, "department"), (2, "copy_of")):
        documents = documents.add_column(place, name, pa.array([getattr(p, name) or None for p in group], pa.string()))
    return {"documents": documents, **{name: _listed(lines.column(name), paths, name) for name in ROWS}}


def _listed(column: pa.ChunkedArray, paths: Any, name: str) -> pa.Table:
    lists = column.combine_chunks()
    counts = np.asarray(lists.value_lengths().to_pylist(), dtype=np.int64)
    return _rows(lists.flatten(), np.repeat(paths, counts), name)


def _rows(rows: pa.StructArray, paths: Any, name: str) -> pa.Table:
    import pyarrow as pa

    fields = [field for field, _ in TABLES[name] if field not in ("document", "department", "copy_of")]
    columns = [rows.field(rows.type.get_field_index(field)) for field in fields]
    return pa.table([pa.array(paths, pa.string()), *columns], names=["document", *fields])


def _passed_over(files: Sequence[tuple[str, str]]) -> pa.Table:
    import pyarrow as pa

    values = [(path, "passed_over", "", what, "") for path, what in files]
    return pa.table(list(map(list, zip(*values, strict=True))) or [[]] * 5, schema=_schema(TABLES["problems"]))


def _part_table(results: Sequence[AuditedDocument]) -> pa.Table:
    """Results as the table that a part holds."""
    import pyarrow as pa

    lists = {name: _list_array([getattr(result, name) for result in results], ROWS[name]) for name in ROWS}
    columns = {
        "key": pa.array([result.key for result in results], pa.string()),
        "by_name": pa.array([result.by_name for result in results], pa.bool_()),
        "retry": pa.array([result.retry for result in results], pa.bool_()),
        "document": _struct_array([result.document for result in results], DOCUMENT),
        **lists,
    }
    return pa.table(columns).replace_schema_metadata({"schema": SCHEMA, "table": "part"})


def _list_array(rows: Sequence[Sequence[Any]], columns: Columns) -> pa.ListArray:
    import pyarrow as pa

    ends = pa.array([0, *accumulate(map(len, rows))], pa.int32())
    return pa.ListArray.from_arrays(ends, _struct_array([row for some in rows for row in some], columns))


def _struct_array(rows: Sequence[Any], columns: Columns) -> pa.StructArray:
    import pyarrow as pa

    fields = list(_schema(columns))
    arrays = [_array([getattr(row, field.name) for row in rows], field.type) for field in fields]
    return pa.StructArray.from_arrays(arrays, fields=fields)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Values as a column; half characters, which no UTF-8 can say, become question marks."""
    import pyarrow as pa

    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array(list(map(_encodable, values)), kind)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return [_encodable(item) for item in value] if isinstance(value, tuple) else value


@cache
def _schema(columns: Columns) -> pa.Schema:
    import pyarrow as pa

    kinds = {"strings": pa.list_(pa.string()), "doubles": pa.list_(pa.float64()), "bool": pa.bool_()}
    return pa.schema([(name, kinds.get(kind) or pa.type_for_alias(kind)) for name, kind in columns])


def _read_part(path: Path, columns: list[str] | None) -> pa.Table:
    import pyarrow.parquet as parquet

    try:
        with parquet.ParquetFile(path, page_checksum_verification=True) as file:
            _check(file.schema_arrow.metadata, "part", path)
            return file.read(columns=columns)
    except (OSError, _arrow_error()) as error:
        raise _damaged(path, error) from error


def _check(metadata: Mapping[bytes, bytes] | None, table: str, path: Path) -> None:
    found, kind = (((metadata or {}).get(key) or b"").decode(errors="replace") for key in (b"schema", b"table"))
    if (found, kind) != (SCHEMA, table):
        what = f"不是本程序写的审核文件（{found or '没有版本'} {kind}，需要 {SCHEMA} {table}）"
        raise IndexFormatError(what, where=path.name, advice="请重新审核")


def _arrow_error() -> type[Exception]:
    import pyarrow as pa

    return pa.ArrowException


def _damaged(path: Path, error: Exception) -> IndexFormatError:
    return IndexFormatError(f"审核文件缺失或已损坏（{type(error).__name__}）", where=path.name, advice="请重新审核")
