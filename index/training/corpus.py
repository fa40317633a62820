"""Training text by name: which file counts how much, and reading it."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

#: Options that the stages share.
Data = Annotated[Path, typer.Option(help="folder of the training text")]
Out = Annotated[Path, typer.Option(help="folder of what the stages write")]

#: Share of the documents read, by the start of the file's name (first match). Machine-translated and statute text is
#: plentiful and far from a syllabus; business, education, media and data text is read whole.
SHARES = (
    ("biz_quant_blogs", 0.5),
    ("law_", 0.2),
    ("news_techcrunch", 0.25),
    ("gen_lifehacker", 0.3),
    ("gen_hackernews", 0.3),
    ("gen_simpleprogrammer", 0.5),
    ("tech_ibooker", 0.3),
    ("tech_edureka", 0.5),
    ("tech_geekdoc", 0.3),
    ("tech_weixueyuan", 0.3),
)

#: Times a document is counted, by the start of the name.
WEIGHTS = (("edu_", 3), ("media_", 3), ("biz_techworld", 2), ("biz_internet", 2), ("biz_mask", 2), ("moe_profiles", 4))

Document = list[str]


def documents(data: Path) -> Iterator[tuple[str, Document]]:
    """(file name, lines) of each sampled document; headings start with ``# ``. The same sample every time."""
    for path in sorted((data / "raw").glob("*.txt.zst")):
        name = path.name.removesuffix(".txt.zst")
        share = _first(SHARES, name, 1.0)
        chance = random.Random(zlib.crc32(name.encode()))
        for document in _split(read_zst(path)):
            if share >= 1 or chance.random() < share:
                yield name, document
    for path in sorted((data.parent / "real" / "moe_profiles").glob("*.md")):
        for profile in path.read_text(encoding="utf-8").split("专业代码 "):
            yield "moe_profiles", [line.strip() for line in profile.split("\n") if line.strip()]


def weight(name: str) -> int:
    """How many times the document of a file counts."""
    return _first(WEIGHTS, name, 1)


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a ``.jsonl`` or ``.jsonl.zst`` file."""
    text = read_zst(path) if path.suffix == ".zst" else path.read_text(encoding="utf-8")
    return (json.loads(line) for line in text.split("\n") if line.strip())


def read_zst(path: Path) -> str:
    """The whole text of a zstandard file."""
    import zstandard

    with path.open("rb") as stream:
        return zstandard.ZstdDecompressor().stream_reader(stream).read().decode("utf-8", "ignore")


def _split(text: str) -> Iterator[Document]:
    lines: Document = []
    for line in text.split("\n"):
        if line.strip():
            lines.append(line.strip())
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _first(table: tuple[tuple[str, Any], ...], name: str, default: Any) -> Any:
    return next((value for start, value in table if name.startswith(start)), default)
