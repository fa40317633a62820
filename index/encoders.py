"""Text to vectors: the built-in static model without torch, and any sentence-transformers model by name or path.

The built-in model is a sentence-transformers folder: a tokenizer, and one vector per token whose length is the token's
weight. A text's vector is the normalised sum of its tokens' vectors. ``SentenceTransformer(folder)`` gives the same
vectors as ``StaticEncoder`` does, which needs only numpy and the tokenizers library.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpora.errors import IndexFormatError, MissingExtraError, UsageError
from index.compiled_texts import CompiledTexts
from index.protocols import Encoder, Ids, Vectors
from index.summing import sums
from index.tokenizing import UnitTokenizer, units_of

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

#: The shipped model.
STATIC_MODEL = Path(__file__).with_name("static_model")

#: The name by which a user asks for it.
BUILTIN = "builtin"

_WEIGHTS, _TOKENIZER = "model.safetensors", "tokenizer.json"
_BATCH = 1024  # texts taken at once: the rows of their units fit the cache
_DTYPES: dict[str, Any] = {"I8": np.dtype("<i1"), "F16": np.dtype("<f2"), "F32": np.dtype("<f4")}


@dataclass(frozen=True)
class TokenVectors:
    """The tokens of one text.

    Parameters
    ----------
    tokens : as the model cuts the text.
    vectors : (n, dimension), unit rows, zero for a token that the model does not know.
    weights : (n,), how much each token counts in the vector of its text.
    """

    tokens: tuple[str, ...]
    vectors: Vectors
    weights: Vectors


class StaticEncoder:
    """The static model, run without torch.

    Parameters
    ----------
    folder : a folder as ``index.training.export`` writes it; the shipped one by default.
    compiled : use the compiled extension where there is one; the vectors are the same without it.

    Raises
    ------
    IndexFormatError : a file of the folder is missing, truncated or of another kind.
    """

    def __init__(self, folder: Path = STATIC_MODEL, compiled: bool = True) -> None:
        self._folder = folder
        tensors = _read_safetensors(folder / _WEIGHTS)
        try:
            self._rows, self._scales = tensors["embeddings"], tensors["weights"]
        except KeyError:
            raise IndexFormatError(
                "不是内置静态模型的权重", where=str(folder), advice="请重新安装，或改用其他模型"
            ) from None
        self._compiled = CompiledTexts.read(folder / _TOKENIZER, self._rows, self._scales) if compiled else None
        if self._compiled is None and len(self._tokenizer) != len(self._rows):
            raise IndexFormatError("词表与权重的行数不一致", where=str(folder), advice="请重新安装")

    @property
    def compiled(self) -> bool:
        """Whether it uses the compiled extension, which lets threads work side by side."""
        return self._compiled is not None

    @cached_property
    def _tokenizer(self) -> UnitTokenizer:
        return UnitTokenizer(self._folder / _TOKENIZER)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._rows.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the model's files."""
        digest = hashlib.sha256()
        for name in (_WEIGHTS, _TOKENIZER):
            digest.update((self._folder / name).read_bytes())
        return f"static-{digest.hexdigest()[:16]}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, dimension); zero for a text without a known token."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            vectors[start : start + _BATCH] = self._summed(texts[start : start + _BATCH])
        return _unit(vectors)

    def token_vectors(self, text: str) -> TokenVectors:
        """The tokens of a text with their own vectors and weights, for word-level comparison."""
        tokens, ids = self._tokenizer.pieces(text)
        rows = self._rows_of(ids)
        return TokenVectors(tokens, _unit(rows), np.linalg.norm(rows, axis=1))

    def _summed(self, texts: Sequence[str]) -> Vectors:
        """Sums of the tokens' vectors of texts."""
        if self._compiled is None:
            return self._summed_by_units(texts)
        vectors, odd = self._compiled.sums(texts)
        if odd.size:
            vectors[odd] = self._summed_by_units([texts[n] for n in odd.tolist()])
        return vectors

    def _summed_by_units(self, texts: Sequence[str]) -> Vectors:
        """Sums of the tokens' vectors of each of the texts' units, then of the units."""
        units = units_of(texts)
        ids, counts = self._tokenizer.ids(units.distinct)
        parts = sums(self._rows_of, ids, counts, self.dimension)
        return sums(lambda places: parts[places], units.places, units.counts, self.dimension)

    def _rows_of(self, ids: Ids) -> Vectors:
        return np.multiply(self._rows[ids], self._scales[ids, None], dtype=np.float32)


class TransformerEncoder:
    """Any sentence-transformers model; loading it imports torch and takes seconds.

    Parameters
    ----------
    name : a model folder, or the name of a model that the hub or its local cache holds.

    Raises
    ------
    UsageError : there is no such folder or model, or it cannot be fetched.
    MissingExtraError : sentence-transformers is not installed.
    """

    def __init__(self, name: str | Path) -> None:
        self._name = str(name)
        self._model = _load_transformer(self._name)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the model's modules, tokenizer and weights, whatever its name."""
        digest = hashlib.sha256(repr(self._model).encode())
        backend = getattr(self._model.tokenizer, "backend_tokenizer", self._model.tokenizer)
        digest.update(backend.to_str().encode() if hasattr(backend, "to_str") else repr(backend).encode())
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode() + np.ascontiguousarray(tensor.cpu().float().numpy()).tobytes())
        return f"transformer-{digest.hexdigest()[:16]}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, dimension); zero for a blank text."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        filled = [i for i, text in enumerate(texts) if text.strip()]
        if filled:
            raw = self._model.encode([texts[i] for i in filled], show_progress_bar=False, convert_to_numpy=True)
            vectors[filled] = np.asarray(raw, dtype=np.float32)
        return _unit(vectors)


def load_encoder(spec: str | None = None) -> Encoder:
    """The encoder that a user names.

    Parameters
    ----------
    spec : None, empty or ``builtin`` for the built-in model; otherwise a folder or the name of a sentence-transformers
        model (``BAAI/bge-small-zh-v1.5``).

    Raises
    ------
    UsageError : there is no such model.
    """
    if not spec or spec == BUILTIN:
        return builtin_encoder()
    return TransformerEncoder(spec)


@cache
def builtin_encoder() -> StaticEncoder:
    """The shipped static model, loaded once in a process."""
    return StaticEncoder()


def word_vectors() -> Callable[[Sequence[str]], Vectors]:
    """Words -> (n, dimension) unit rows of the static model, zero for words without any known piece."""
    return builtin_encoder().encode


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)


def _read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """Arrays of a safetensors file, mapped, not read (format: header length, JSON header, data)."""
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)
        start = 8 + int(data[:8].view("<u8")[0])
        header: dict[str, Any] = json.loads(data[8:start].tobytes())
        return dict(_tensors(header, data[start:]))
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise IndexFormatError("模型权重缺失或已损坏", where=str(path), advice="请重新安装，或换用其他模型") from error


def _tensors(header: dict[str, Any], data: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            yield name, data[start:end].view(_DTYPES[entry["dtype"]]).reshape(entry["shape"])


def _load_transformer(name: str) -> SentenceTransformer:
    local = Path(name).expanduser()
    if not local.is_dir() and (name.startswith((".", "/", "~")) or name.count("/") > 1):
        raise UsageError("没有这个模型文件夹", where=name, advice="请检查路径，或改用内置模型（builtin）")
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingExtraError(
            "未安装 sentence-transformers", where=name, advice="请运行 pip install sentence-transformers"
        ) from error
    try:
        return SentenceTransformer(str(local) if local.is_dir() else name)
    except Exception as error:  # transformers, the hub and the network each raise their own kinds
        raise UsageError(
            f"无法载入编码模型（{type(error).__name__}）",
            where=name,
            advice="请检查名称、网络或模型文件；离线时请给出本地文件夹，或改用内置模型（builtin）",
        ) from error
