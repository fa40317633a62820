"""What reports say of their own reliability."""

from __future__ import annotations

from dataclasses import replace

from alignment.agreement import load_agreement
from alignment.model import GapReport
from api.rendering import markdown, xlsx
from api.rendering.agreement import TITLE, agreement_lines
from api.rendering.html import page


def measured(report: GapReport) -> GapReport:
    """The report as if made with the encoder that was measured."""
    return replace(report, provenance=replace(report.provenance, encoder=load_agreement().encoder))


def test_figures_are_those_that_were_measured(report: GapReport) -> None:
    """Numbers of documents, kappa; nothing more where standard and encoder are the measured ones."""
    found, lines = load_agreement(), agreement_lines(measured(report))
    assert f"{found.documents} 份" in lines[0]
    assert f"{found.kappa:.2f}" in lines[3]
    assert not any("未做过同样的测量" in line for line in lines)


def test_another_encoder_is_said(report: GapReport) -> None:
    """The figures do not hold for it."""
    other = replace(report, provenance=replace(report.provenance, encoder="static-other"))
    assert "另一向量模型" in agreement_lines(other)[-1]


def test_every_long_form_holds_them(report: GapReport) -> None:
    """Page, Markdown, workbook."""
    line = agreement_lines(report)[1]
    assert TITLE in page(report)
    assert line in page(report)
    assert line in markdown.render(report).decode()
    assert xlsx.render(report)
