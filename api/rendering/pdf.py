"""The report as PDF: the HTML page laid out by WeasyPrint (the ``pdf`` extra)."""

from __future__ import annotations

from importlib import import_module

from alignment.model import GapReport
from api.rendering.html import page
from corpora.errors import MissingExtraError

_ADVICE = (
    "安装 pip install 'duibiao[pdf]'（Debian 另需 libpango-1.0-0、libpangoft2-1.0-0），或改用 html 格式，由浏览器打印"
)


def render(report: GapReport) -> bytes:
    """The PDF's bytes, A4 with page numbers.

    Raises
    ------
    MissingExtraError : WeasyPrint, or the Pango library that it needs, is not installed.
    """
    try:
        weasyprint = import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise MissingExtraError(
            f"缺少 PDF 排版库 WeasyPrint（{error}）",
            advice=_ADVICE,
        ) from error
    data: bytes = weasyprint.HTML(string=page(report, paper=True), url_fetcher=_refuse).write_pdf()
    return data


def _refuse(url: str) -> dict[str, str]:
    raise ValueError(f"报告不读取外部资源：{url}")
