"""A benchmark as a picture: a panel for each question, a bar for each method, whiskers over all of its rounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpora.errors import MissingExtraError
from eval.bench.report import Panel, Report

_OURS, _OTHERS = "#c8402a", "#9aa5b1"
#: Fonts with Chinese characters, in the order in which they are taken where installed.
_FONTS = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei",
          "Noto Serif CJK SC", "Noto Serif CJK JP", "WenQuanYi Micro Hei", "Arial Unicode MS")  # fmt: skip
_BAR_INCHES, _MARGIN_INCHES, _WIDTH_INCHES = 0.26, 0.75, 6.2


def draw(report: Report, path: Path) -> None:
    """Draw the panels of a report, two beside each other.

    Parameters
    ----------
    report : with at least one panel.
    path : of the picture; the suffix tells the kind (png, svg, pdf).

    Raises
    ------
    MissingExtraError : matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise MissingExtraError("没有安装 matplotlib", advice="请运行 pip install 'duibiao[bench]'") from error
    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"font.sans-serif": [*_FONTS, "DejaVu Sans"], "font.family": "sans-serif"}):
        columns = min(2, len(report.panels))
        rows = -(-len(report.panels) // columns)
        height = _MARGIN_INCHES + _BAR_INCHES * max(len(panel.bars) for panel in report.panels)
        figure = Figure(figsize=(_WIDTH_INCHES * columns, height * rows + 0.5), layout="constrained")
        figure.suptitle(report.title, fontsize=12)
        places = figure.subplots(rows, columns, squeeze=False).ravel()
        for place, panel in zip(places, report.panels, strict=False):
            _bars(place, panel)
        for place in places[len(report.panels) :]:
            place.set_axis_off()
        figure.savefig(path, dpi=110)


def _bars(axes: Any, panel: Panel) -> None:
    bars = sorted(panel.bars, key=lambda bar: bar.value)
    values = [bar.value for bar in bars]
    errors = [[bar.value - bar.low for bar in bars], [bar.high - bar.value for bar in bars]]
    colours = [_OURS if bar.ours else _OTHERS for bar in bars]
    axes.barh(range(len(bars)), values, color=colours, xerr=errors, error_kw={"elinewidth": 0.8, "ecolor": "#333"})
    axes.set_yticks(range(len(bars)), [bar.label for bar in bars], fontsize=8)
    for place, bar in enumerate(bars):
        axes.annotate(f" {_short(bar.value)}", (bar.high, place), fontsize=7, va="center")
    axes.set_xlim(0, max((bar.high for bar in bars), default=1.0) * 1.18)
    axes.set_title(panel.title, fontsize=9, loc="left")
    axes.set_xlabel(panel.unit, fontsize=8)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.tick_params(axis="x", labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
