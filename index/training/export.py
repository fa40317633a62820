"""Stage 4: the table as a sentence-transformers folder: one byte a component, one scale a token.

``StaticEmbedding`` reads ``embeddings`` times ``weights`` as float32, so that the shipped model is exactly what
sentence-transformers loads; the rounding to a byte changes a cosine by less than 0.01.
"""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from index.training.corpus import Out

MODULES = (
    ("0", "", "sentence_transformers.models.StaticEmbedding"),
    ("1", "1_Normalize", "sentence_transformers.models.Normalize"),
)


def main(
    out: Out,
    model: Annotated[Path, typer.Option(help="folder of the model")] = Path("index/static_model"),
    name: str = "table.npy",
) -> None:
    """Write the model folder."""
    table = np.load(out / name)
    rotated = table @ principal_axes(table, np.load(out / "counts.npy"))
    write_model(rotated, out / "tokenizer.json", model)
    typer.echo(f"{sum(f.stat().st_size for f in model.rglob('*') if f.is_file()) / 1e6:.1f} MB")


def write_model(table: NDArray[np.float32], tokenizer: Path, folder: Path) -> None:
    """A folder that ``SentenceTransformer(folder)`` and ``StaticEncoder(folder)`` load.

    Parameters
    ----------
    table : (tokens, d); a row's length is its weight.
    tokenizer : a saved tokenizer with as many tokens.
    folder : made if missing; other files in it stay.
    """
    (folder / MODULES[1][1]).mkdir(parents=True, exist_ok=True)
    rows, scales = quantised(table)
    (folder / "model.safetensors").write_bytes(safetensors({"embeddings": rows, "weights": scales}))
    if tokenizer.resolve() != (folder / "tokenizer.json").resolve():
        shutil.copyfile(tokenizer, folder / "tokenizer.json")
    modules = [{"idx": int(i), "name": i, "path": path, "type": kind} for i, path, kind in MODULES]
    _write_json(folder / "modules.json", modules)
    _write_json(folder / "config_sentence_transformers.json", {"similarity_fn_name": "cosine"})


def principal_axes(table: NDArray[np.float32], counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Rotation (d, d) that puts the directions in which tokens differ most first.

    No cosine changes; a vector cut to its leading components and normalised again keeps as much as a cut can.
    Principal components about zero, tokens weighted by the square root of their occurrences.

    Parameters
    ----------
    table : (tokens, d).
    counts : (tokens,), occurrences.
    """
    weights = np.sqrt(counts.astype(np.float64))
    _, axes = np.linalg.eigh(table.T.astype(np.float64) @ (table * weights[:, None]))
    return np.ascontiguousarray(axes[:, ::-1]).astype(np.float32)


def quantised(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers -127..127 (tokens, d) and the scale of each row (tokens,)."""
    scales = np.maximum(np.abs(table).max(axis=1), 1e-12).astype(np.float32) / 127
    return np.rint(table / scales[:, None]).astype(np.int8), scales


def safetensors(tensors: dict[str, NDArray[np.int8] | NDArray[np.float32]]) -> bytes:
    """The arrays in the safetensors format, its header padded so that every array is aligned."""
    header, start, body = {}, 0, b""
    for name, array in sorted(tensors.items(), key=lambda item: -item[1].itemsize):
        data = array.tobytes()
        kind = {"int8": "I8", "float32": "F32"}[array.dtype.name]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [start, start + len(data)]}
        start, body = start + len(data), body + data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
