"""What the ``duibiao index`` commands are made of: documents read into an index, amounts of memory, tables."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.errors import DocumentError, DuibiaoError, UsageError

if TYPE_CHECKING:
    from alignment.exemplars.files import Batch, Incoming
    from index.choice import Choice
    from index.protocols import Encoder
    from index.segment_index import Passage, SegmentIndex
    from index.tuning import Trial, Tuning, Use

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
#: What the settings of a back-end are called.
_NAMES = {"probes": "查看组数", "effort": "查看组数", "refine": "精排倍数", "lists": "组数"}
_USES: dict[str, str] = {"single": "逐条", "batch": "成批"}


def bytes_of(amount: str) -> int | None:
    """Bytes of "2G", "500M" or "1.5GB"; None for "".

    Raises
    ------
    UsageError : it is no amount.
    """
    if not amount:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", amount.strip().upper().replace("IB", "B"))
    if found is None or not float(found[1]):
        raise UsageError(f"内存量“{amount}”看不懂", advice="请写成 500M、2G 这样")
    return int(float(found[1]) * _UNITS[found[2]])


def read_into(index: SegmentIndex, paths: Sequence[Path]) -> None:
    """Read documents, folders and zips into an index; each passage is filed under the names that lead to it.

    Files that cannot be read are told on stderr and left out.

    Raises
    ------
    DocumentError : no file could be read.
    """
    from alignment.exemplars.files import batch_of
    from corpora.parsers import warm_up

    batches = [batch_of(path) for path in paths]
    warm_up()
    for number, (batch, file) in enumerate(found := list(_files(batches)), 1):
        where = _group(batch, file, len(batches) > 1)
        try:
            count = index.add(_passages(file, where))
        except UsageError:
            raise
        except DuibiaoError as error:
            print(f"[{number}/{len(found)}] {file.name}：没有收入，{error.what}", file=sys.stderr)
        else:
            print(f"[{number}/{len(found)}] {file.name}：{count} 段", file=sys.stderr)
    if not len(index):
        raise DocumentError("没有一段文字可以建立索引", advice="原因见上面各行")


def _files(batches: Iterable[Batch]) -> Iterator[tuple[Batch, Incoming]]:
    for batch in batches:
        for skipped in batch.skipped:
            print(f"没有读 {skipped}：不是可读的格式", file=sys.stderr)
        for file in batch.files:
            yield batch, file


def _group(batch: Batch, file: Incoming, several: bool) -> tuple[str, ...]:
    """The folders and the file's name; before them the name of its source, where there is more than one."""
    parts = tuple(file.name.split("/"))
    return (batch.name, *parts) if several and len(batch.files) > 1 else parts


def _passages(file: Incoming, group: tuple[str, ...]) -> list[Passage]:
    from corpora.parsers import read_bytes
    from corpora.segments import segment
    from index.segment_index import Passage

    segmented = segment(read_bytes(group[-1], file.read()))
    return [
        Passage(
            f"{'/'.join(group)}#{item.number}",
            item.text,
            group,
            {
                "role": item.role,
                "heading_path": list(item.heading_path),
                "page": item.locators[0].page if item.locators else None,
            },
        )
        for item in segmented.segments
    ]


def open_index(path: Path, encoder: Encoder) -> SegmentIndex:
    """The index of a file, mapped."""
    from index.segment_index import SegmentIndex

    return SegmentIndex.load(path, encoder, mmap=True)


def tuned(index: SegmentIndex, recall: float, memory: int | None, use: Use) -> Tuning:
    """Measure on everything an index holds."""
    from index.tuning import tune

    def tell(trial: Trial) -> None:
        print(f"试 {trial.backend} {settings_of(trial.options)}：召回率 {trial.recall:.3f}", file=sys.stderr)

    return tune(index.vectors(), recall, memory, use, tell=tell)


def chosen_by_size(index: SegmentIndex, memory: int | None, use: Use) -> Choice:
    """What suits its size."""
    from index.choice import choose

    return choose(len(index), index.encoder.dimension, use, memory)


def settings_of(options: Mapping[str, Any]) -> str:
    """Options of a back-end in words."""
    return "，".join(f"{_NAMES.get(name, name)} {_value(value)}" for name, value in options.items()) or "—"


def _value(value: Any) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def table(tuning: Tuning, everything: bool) -> Iterator[str]:
    """The measurements, tab-separated: those that reach the recall, or all of them; the chosen one is marked."""
    yield "\t".join(("", "后端", "设置", "召回率", "95% 区间", "逐条 µs", "成批 µs", "字节/段", "建立 CPU 秒"))
    shown = [*tuning.sufficient]
    if everything or not shown:
        shown = list(tuning.trials)
    for trial in shown:
        yield "\t".join(
            (
                "→" if trial == tuning.chosen else "",
                trial.backend,
                settings_of(trial.options),
                f"{trial.recall:.4f}",
                f"{trial.low:.4f}–{trial.high:.4f}",
                f"{trial.single * 1e6:.0f}",
                f"{trial.batch * 1e6:.1f}",
                f"{trial.bytes_per_row:.0f}",
                f"{trial.build:.1f}",
            )
        )


def verdict(tuning: Tuning) -> Iterator[str]:
    """What was chosen and why, in words."""
    trial = tuning.chosen
    asked = "索引中随机取出的段（不算自身）" if tuning.own else "给出的问题"
    bound = "" if tuning.memory is None else f"，内存不超过 {_size(tuning.memory)}"
    yield f"{tuning.rows:,} 段，{tuning.dimension} 维；{tuning.questions} 个问题：{asked}"
    reason = "达到要求的设置中最省的（耗时相差四分之一以内视为相同，取召回率高的）"
    if not tuning.reached:
        fits = tuning.memory is None or trial.bytes_per_row * tuning.rows <= tuning.memory
        reason = "没有设置达到要求，取内存以内召回率最高的" if fits else "没有设置放得进内存，取占用最少的"
    yield f"要求：前 {tuning.top} 名的召回率 {tuning.wanted:g}（区间下限也须达到）{bound}，{_USES[tuning.use]}检索最快"
    yield (
        f"选用：{trial.backend}（{settings_of(trial.options)}），召回率 {trial.recall:.4f}"
        f"（{trial.low:.4f}–{trial.high:.4f}），占 {_size(trial.bytes_per_row * tuning.rows)}。{reason}"
    )


def _size(amount: float) -> str:
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if amount >= size:
            return f"{amount / size:.1f} {unit}"
    return f"{amount:.0f} 字节"


def is_index(path: Path) -> bool:
    """Whether a file is one that the program saved, and no document."""
    from index.storage import MAGIC

    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC) - 1) == MAGIC[:-1]


def facts(path: Path) -> dict[str, Any]:
    """What an index file says of itself, whatever encoder made it: its meta, and ``groups``, ``bytes``, ``structure``.

    Raises
    ------
    IndexFormatError : it is no such file, or damaged.
    """
    from index.storage import read_arrays

    stored = read_arrays(path, "segment index", mmap=True)
    own = {name: array.nbytes for name, array in stored.arrays.items() if name.startswith("backend.")}
    structure = sum(own.values()) - own.get("backend.ids", 0) - own.get("backend.vectors", 0)
    groups = len(stored.arrays["starts"]) - 1
    return {**stored.meta, "groups": groups, "bytes": path.stat().st_size, "structure": structure}
