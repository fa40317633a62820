"""Rows as columns: strings packed into bytes and offsets, decoded only where one is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from corpora.errors import UsageError
from index.protocols import Ids

Group = tuple[str, ...]
#: Owners (n, 2): 16 raw bytes each, as two numbers.
Owners = NDArray[np.uint64]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_NOTHING = b"{}"


@dataclass(frozen=True, slots=True)
class Row:
    """One stored text.

    Parameters
    ----------
    key : its name, unique in the index.
    group : the path it is filed under.
    text : what is shown of it.
    owner : 16 bytes that stand for what it speaks for; a search for distinct owners names each owner once, by its
        best row.
    metadata : JSON values that travel with it.
    """

    key: str
    group: Group
    text: str
    owner: bytes
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Strings:
    """Strings one after another.

    Parameters
    ----------
    data : their UTF-8 bytes, uint8.
    offsets : where each begins and the last one ends, (n + 1,), int64.
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, items: Iterable[str | bytes]) -> Self:
        """Pack strings, or what is encoded already."""
        encoded = [item if isinstance(item, bytes) else to_bytes(item) for item in items]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(item) for item in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), np.uint8), offsets)

    def __post_init__(self) -> None:
        if self.data.dtype != np.uint8 or self.offsets.dtype != np.int64 or self.offsets[-1] != len(self.data):
            raise ValueError(f"{len(self.data)} bytes do not fit their {len(self.offsets)} offsets")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def raw(self, position: int) -> bytes:
        """The bytes of one string."""
        return self.data[self.offsets[position] : self.offsets[position + 1]].tobytes()

    def __getitem__(self, position: int) -> str:
        return self.raw(position).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[n] for n in range(len(self)))

    def pieces(self, positions: Ids) -> list[memoryview]:
        """The bytes of many strings, not copied."""
        view = self.data.data
        starts, ends = self.offsets[positions].tolist(), self.offsets[positions + 1].tolist()
        return [view[start:end] for start, end in zip(starts, ends, strict=True)]


def to_bytes(text: str) -> bytes:
    """UTF-8; lone surrogates of damaged documents pass."""
    return text.encode("utf-8", "surrogatepass")


def to_json(metadata: Mapping[str, Any], key: str) -> bytes:
    """Metadata as it is stored.

    Raises
    ------
    UsageError : it holds something that is no JSON value.
    """
    if not metadata:
        return _NOTHING
    try:
        return to_bytes(_ENCODER.encode(dict(metadata)))
    except (TypeError, ValueError) as error:
        advice = "元数据只能是字符串、数字、真假值、空值及其列表和字典"
        raise UsageError(f"元数据无法保存（{error}）", where=key, advice=advice) from error


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows without their groups and vectors.

    Parameters
    ----------
    keys, texts, metadata : n strings each; metadata as JSON.
    owners : (n, 2), uint64.
    """

    keys: Strings
    texts: Strings
    metadata: Strings
    owners: Owners

    def __post_init__(self) -> None:
        lengths = {len(self.keys), len(self.texts), len(self.metadata), len(self.owners)}
        if len(lengths) > 1 or self.owners.shape[1:] != (2,) or self.owners.dtype != np.uint64:
            raise ValueError(f"columns of {sorted(lengths)} rows, owners {self.owners.shape}")

    @classmethod
    def of(cls, rows: Sequence[Row], metadata: Sequence[bytes]) -> Self:
        """Pack rows; their metadata comes encoded."""
        return cls(
            Strings.of(row.key for row in rows),
            Strings.of(row.text for row in rows),
            Strings.of(metadata),
            owners_of([row.owner for row in rows]),
        )

    def __len__(self) -> int:
        return len(self.keys)

    def row(self, position: int, group: Group) -> Row:
        """One row, decoded."""
        return Row(
            self.keys[position],
            group,
            self.texts[position],
            self.owners[position].tobytes(),
            json.loads(self.metadata[position]),
        )


def owners_of(owners: Sequence[bytes]) -> Owners:
    """Owners of 16 bytes each as an array (n, 2)."""
    joined = np.frombuffer(b"".join(owners), np.uint64).reshape(-1, 2)
    if len(joined) != len(owners):
        raise ValueError("an owner is not 16 bytes long")
    return joined
