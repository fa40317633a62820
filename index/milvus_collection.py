"""One Milvus collection of ours: its form, its marks, and the calls on it, in batches and with clear errors.

Fields: ``id`` (primary key), ``place`` (a rising key that keeps the order of the rows, see ``index.order_keys``) and
``vector``, compared by inner product. The encoder's fingerprint stands in the collection's properties and description.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from corpora.errors import IndexFormatError, UsageError
from index.order_keys import FIRST, HIGHEST
from index.protocols import Hits, Ids, Vectors

#: Rows that a Milvus server returns at most in one answer.
MOST_ROWS = 16_384
#: A quarter of what one message may hold by default (64 MiB).
_MESSAGE_BYTES = 16 * 2**20
_QUERIES_A_CALL = 1_000
_IDS_A_CALL = 10_000
_MARK = "duibiao.encoder"
_CONNECT = "连接"
_CONNECT_ADVICE = "请确认 Milvus 服务已启动，地址（uri）和令牌（token）正确；.db 文件同时只能由一个进程打开"
_FIELDS = {"id", "place", "vector"}


@dataclass(frozen=True, slots=True)
class MilvusOptions:
    """Where a collection is, and how it is asked.

    Parameters
    ----------
    uri : ``http://host:19530``, or a file that ends in ``.db`` (Milvus Lite).
    collection : its name.
    token : ``user:password`` or an API key; never written to a file.
    encoder_fingerprint : of the encoder that makes the vectors; "" when it is not to be checked.
    index, index_params, search_params : kind of index and its parameters, in Milvus's own names (``nlist``,
        ``nprobe`` …); ``FLAT`` is exact.
    consistency : ``Strong`` reads what was written before; weaker levels are faster and may miss the newest rows.
    timeout : seconds for one call.
    """

    uri: str
    collection: str
    token: str = ""
    encoder_fingerprint: str = ""
    index: str = "FLAT"
    index_params: Mapping[str, Any] = field(default_factory=dict)
    search_params: Mapping[str, Any] = field(default_factory=dict)
    consistency: str = "Strong"
    timeout: float = 60.0


class Collection:
    """The collection that options name, which need not exist yet.

    Parameters
    ----------
    library : the module pymilvus.
    failures : what it raises when the server cannot be reached or refuses.
    options : where it is.

    Raises
    ------
    UsageError : the server cannot be reached; every method that asks it raises this when it fails or refuses.
    """

    def __init__(self, library: Any, failures: tuple[type[Exception], ...], options: MilvusOptions) -> None:
        self.options, self._library, self._name = options, library, options.collection
        self._failures = failures
        with self._asking(_CONNECT):
            self._client = library.MilvusClient(options.uri, token=options.token, timeout=options.timeout)
        self._common = {"timeout": options.timeout, "consistency_level": options.consistency}

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        """Turn the library's exceptions into one clear line."""
        try:
            yield
        except self._failures as error:
            reason = " ".join(str(getattr(error, "message", error)).split())
            advice = _CONNECT_ADVICE if what == _CONNECT else "请确认 Milvus 服务仍在运行，详情见其日志"
            raise UsageError(f"Milvus {what}失败（{reason}）", where=self.options.uri, advice=advice) from error

    def exists(self) -> bool:
        """Whether the server has it."""
        with self._asking("查询集合"):
            return bool(self._client.has_collection(self._name, timeout=self.options.timeout))

    def create(self, dimension: int) -> None:
        """Make it, empty."""
        options, kinds = self.options, self._library.DataType
        mark = json.dumps({_MARK: options.encoder_fingerprint}, ensure_ascii=False)
        schema = self._library.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False, description=mark)
        schema.add_field("id", kinds.INT64, is_primary=True)
        schema.add_field("place", kinds.INT64)
        schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
        indexes = self._library.MilvusClient.prepare_index_params()
        indexes.add_index("vector", index_type=options.index, metric_type="IP", params=dict(options.index_params))
        indexes.add_index("place", index_type="INVERTED")
        with self._asking("新建集合"):
            self._client.create_collection(
                self._name,
                schema=schema,
                index_params=indexes,
                consistency_level=options.consistency,
                properties={_MARK: options.encoder_fingerprint},
                timeout=options.timeout,
            )

    def check(self, dimension: int) -> None:
        """Refuse a collection that is not ours.

        Raises
        ------
        IndexFormatError : other fields, another dimension or another encoder.
        """
        with self._asking("查询集合"):
            facts = self._client.describe_collection(self._name, timeout=self.options.timeout)
        fields = {entry["name"]: entry for entry in facts["fields"]}
        if set(fields) != _FIELDS:
            self._refuse("不是本程序建立的", "请换一个集合名")
        found = int(fields["vector"]["params"]["dim"])
        if found != dimension:
            self._refuse(f"中的向量是 {found} 维，这里需要 {dimension} 维", "请换一个集合名，或用建立它的编码器")
        made_by, encoder = _encoder_of(facts), self.options.encoder_fingerprint
        if encoder and made_by != encoder:
            self._refuse(
                f"由另一个编码器建立（{made_by or '未注明'}，现在是 {encoder}）", "请换一个集合名，或重新建立索引"
            )

    def _refuse(self, what: str, advice: str) -> None:
        raise IndexFormatError(f"集合“{self._name}”{what}", where=self.options.uri, advice=advice)

    def drop(self) -> None:
        """Delete it on the server; a server that cannot be reached any more keeps it."""
        with suppress(UsageError), self._asking("删除集合"):
            self._client.drop_collection(self._name, timeout=self.options.timeout)

    def count(self, condition: str = "") -> int:
        """How many rows meet a condition."""
        with self._asking("计数"):
            rows = self._client.query(self._name, filter=condition, output_fields=["count(*)"], **self._common)
        return int(rows[0]["count(*)"])

    def last_place(self) -> int | None:
        """The highest place, None without rows: found by 63 counts, as Milvus knows no maximum."""
        if not self.count():
            return None
        low, high = -1, HIGHEST  # the highest place is in (low, high]
        middle = FIRST
        while high - low > 1:
            if self.count(f"place > {middle}"):
                low = middle
            else:
                high = middle
            middle = (low + high) // 2
        return high

    def read(self, names: Sequence[str], condition: str = "", row_bytes: int = 64) -> Iterator[list[dict[str, Any]]]:
        """Rows that meet a condition, by batches, in the order of their ids."""
        size = min(MOST_ROWS, _MESSAGE_BYTES // row_bytes)
        with self._asking("读取"):
            rows = self._client.query_iterator(
                self._name, batch_size=size, filter=condition, output_fields=list(names), **self._common
            )
        try:
            while True:
                with self._asking("读取"):
                    batch = rows.next()
                if not batch:
                    return
                yield list(batch)
        finally:
            rows.close()

    def known(self, ids: Ids) -> list[int]:
        """Which of these ids it holds."""
        found: list[int] = []
        for start in range(0, len(ids), _IDS_A_CALL):
            with self._asking("查询"):
                rows = self._client.query(
                    self._name, ids=ids[start : start + _IDS_A_CALL].tolist(), output_fields=["id"], **self._common
                )
            found += (int(row["id"]) for row in rows)
        return found

    def put(self, ids: Ids, places: Ids, vectors: Vectors, replace: bool = False) -> None:
        """Store rows, in batches; with ``replace`` in the place of known ids, else all ids are new."""
        send = self._client.upsert if replace else self._client.insert
        size = max(1, _MESSAGE_BYTES // (vectors.itemsize * vectors.shape[1] + 16))
        for start in range(0, len(ids), size):
            batch = slice(start, start + size)
            rows = [
                {"id": id, "place": place, "vector": vector}
                for id, place, vector in zip(ids[batch].tolist(), places[batch].tolist(), vectors[batch], strict=True)
            ]
            with self._asking("写入"):
                send(self._name, rows, timeout=self.options.timeout)

    def delete(self, ids: Ids) -> None:
        """Drop rows, in batches."""
        for start in range(0, len(ids), _IDS_A_CALL):
            with self._asking("删除"):
                self._client.delete(
                    self._name, ids=ids[start : start + _IDS_A_CALL].tolist(), timeout=self.options.timeout
                )

    def search(self, queries: Vectors, condition: str, hits: Hits) -> None:
        """Fill ``hits`` (queries, k) with what is found, best first; what is left over stays as it is."""
        width = hits.ids.shape[1]
        step = max(1, min(_QUERIES_A_CALL, _MESSAGE_BYTES // (32 * width)))
        for start in range(0, len(queries), step):
            with self._asking("检索"):
                found = self._client.search(
                    self._name,
                    data=list(queries[start : start + step]),
                    filter=condition,
                    limit=width,
                    output_fields=["id"],
                    anns_field="vector",
                    search_params={"metric_type": "IP", "params": dict(self.options.search_params)},
                    **self._common,
                )
            for row, answers in enumerate(found, start):
                hits.ids[row, : len(answers)] = [answer["id"] for answer in answers]
                hits.similarities[row, : len(answers)] = [answer["distance"] for answer in answers]


def _encoder_of(facts: Mapping[str, Any]) -> str:
    """The fingerprint that a description of a collection names; servers differ in which of the two places they keep."""
    properties = facts.get("properties") or {}
    if _MARK in properties:
        return str(properties[_MARK])
    with suppress(ValueError, AttributeError):
        return str(json.loads(facts.get("description") or "{}").get(_MARK, ""))
    return ""
