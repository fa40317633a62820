"""Reads PDF files.

``engine`` and ``paths`` (pdfium) -> ``content`` (characters, ruled lines) -> ``lattice`` (grids) and ``lines`` (runs,
rows) -> ``columns`` (reading order), ``tables``, ``open_tables`` -> ``furniture``, ``pages`` (what stands on a page) ->
``paragraphs`` (what the line and the page broke is joined) -> ``parser``.
"""

from corpora.parsers.pdf.parser import PdfParser

__all__ = ["PdfParser"]
