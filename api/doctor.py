"""What is installed and what it will do: the facts that a report's quality and speed rest on."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version

from alignment.judge import load_judge
from api.services.diagnosis import service_facts
from api.settings import read_settings
from corpora import __version__
from corpora.errors import DuibiaoError
from corpora.standard_json import standard_files
from corpora.tokens import segmenter
from index.encoders import builtin_encoder
from index.faiss_backend import load_faiss
from index.kernel import loaded_libraries
from index.native import instruction_sets

_LIBRARIES = (
    "faiss-cpu",
    "numpy",
    "jieba",
    "rjieba",
    "lxml",
    "pyarrow",
    "pypdfium2",
    "sentence-transformers",
    "torch",
    "langchain",
)
_EXTRAS = (
    ("rapidocr", "扫描件与图片", "ocr"),
    ("weasyprint", "PDF 报告", "pdf"),
    ("langchain-openai", "语言模型复核与起草", "llm"),
    ("scikit-learn", "重新拟合模型", "train"),
    ("ray", "多机批量审核", "cluster"),
    ("pymilvus", "Milvus 向量库", "milvus"),
)


def diagnose() -> Iterator[tuple[str, str]]:
    """Named facts, in Chinese, in the order of a person's interest."""
    settings = read_settings()
    yield "duibiao", f"{__version__}，Python {platform.python_version()}，{platform.system()} {platform.machine()}"
    yield "数据文件夹", str(settings.data)
    yield from service_facts(settings)
    yield "标准", "、".join(sorted(standard_files(settings.standards)))
    yield "编码模型", settings.encoder or _checked(_builtin)
    yield "判定模型", _checked(lambda: f"由 {len(load_judge().documents)} 份标注文档拟合")
    yield "分词", segmenter().name
    load_faiss()
    for library in loaded_libraries():
        kernel = f"，内核 {library.kernel}" if library.kernel else ""
        yield (
            "向量运算",
            f"{library.file}（{f'{library.api} {library.version}'.strip()}{kernel}，{library.threads} 线程）",
        )
    kernels = "、".join(instruction_sets())
    yield "检索内核", kernels or "未编译或处理器不支持，由 faiss 代替（结果相同，较慢）"
    for name in _LIBRARIES:
        yield name, _version(name) or "未安装"
    for name, purpose, extra in _EXTRAS:
        yield f"附加包 {extra}", f"{purpose}：" + (_version(name) or f'未安装，pip install "duibiao[{extra}]"')
    yield "LibreOffice", shutil.which("soffice") or "未安装（读 .doc 需要）"


def _builtin() -> str:
    encoder = builtin_encoder()
    return f"内置，{encoder.dimension} 维，{encoder.fingerprint}"


def _checked(fact: Callable[[], str]) -> str:
    try:
        return fact()
    except DuibiaoError as error:
        return str(error)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
