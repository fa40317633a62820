"""Vector back-ends by name, imported when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from corpora.errors import MissingExtraError, UsageError
from index.protocols import VectorBackend


@dataclass(frozen=True, slots=True)
class BackendEntry:
    """Where a back-end's class is, and the extra that installs what it needs ("" for none)."""

    module: str
    name: str
    extra: str = ""


BACKENDS: dict[str, BackendEntry] = {
    "exact": BackendEntry("index.exact", "ExactBackend"),
    "faiss": BackendEntry("index.faiss_backend", "FaissBackend"),
    "screened": BackendEntry("index.screened", "ScreenedBackend"),
    "clustered": BackendEntry("index.clustered", "ClusteredBackend"),
    "half": BackendEntry("index.faiss_approximate", "HalfBackend"),
    "ivf-rabitq": BackendEntry("index.faiss_approximate", "RaBitQBackend"),
    "ivf-pq": BackendEntry("index.faiss_approximate", "FastScanBackend"),
    "ivf-sq8": BackendEntry("index.faiss_approximate", "ByteBackend"),
    "milvus": BackendEntry("index.milvus_backend", "MilvusBackend", "milvus"),
}

DEFAULT = "screened"


def backend_class(name: str) -> type[VectorBackend]:
    """The class of a back-end.

    Raises
    ------
    UsageError : no back-end has this name.
    MissingExtraError : its library is not installed; the message names the extra.
    """
    entry = BACKENDS.get(name)
    if entry is None:
        raise UsageError(f"没有名为“{name}”的向量后端", advice=f"可用：{'、'.join(BACKENDS)}")
    try:
        found: type[VectorBackend] = getattr(import_module(entry.module), entry.name)
    except ImportError as error:
        advice = f"请运行 pip install 'duibiao[{entry.extra}]'" if entry.extra else "请重新安装 duibiao"
        raise MissingExtraError(f"向量后端“{name}”所需的库没有安装（{error}）", advice=advice) from error
    return found


def create_backend(name: str, dimension: int, **options: Any) -> VectorBackend:
    """An empty back-end.

    Parameters
    ----------
    name : a key of ``BACKENDS``.
    dimension : length of a vector.
    options : what the back-end's constructor takes beside the dimension.

    Raises
    ------
    UsageError, MissingExtraError : as ``backend_class``.
    """
    make: Any = backend_class(name)
    backend: VectorBackend = make(dimension, **options)
    return backend
