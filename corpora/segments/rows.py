"""Passages of table rows: content cells under their row's labels and their column's names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpora.document import Cell, Document
from corpora.hours import row_hours
from corpora.segments.noise import is_noise
from corpora.segments.outline import Place, is_label, is_structural
from corpora.segments.passages import Passage, named_cuts
from corpora.table_layout import Layout, is_cover_field, is_form_name, is_number

_LABEL_LENGTH = 40


class RowReader:
    """Reads the rows of a document's tables in order, remembering group rows and labels above.

    Parameters
    ----------
    document : the document.
    layouts : the layouts of its tables, in their order.
    """

    def __init__(self, document: Document, layouts: Sequence[Layout]) -> None:
        self._document = document
        self._layouts = layouts
        self._groups: dict[int, str] = {}

    def passages(self, place: Place) -> Iterator[Passage]:
        """Passages of one table row."""
        locator = place.block.locator
        if locator.table is None or locator.row is None:
            return
        layout = self._layouts[locator.table - 1]
        row = locator.row - 1
        if layout.is_header(row) or layout.is_total(row):
            return
        group = layout.group(row)
        if group and len(group.text) <= _LABEL_LENGTH:
            self._groups[locator.table] = _tidy(group.text)
        above = (self._groups[locator.table],) if locator.table in self._groups and not group else ()
        hours = row_hours(layout, row)
        for cell in layout.rows[row]:
            if cell.row == row and self._holds_text(layout, cell):
                yield from self._cell(place, layout, cell, above, hours)

    @staticmethod
    def _holds_text(layout: Layout, cell: Cell) -> bool:
        skipped = cell.column in layout.skipped or cell.column in layout.hours
        if skipped or not cell.text or is_number(cell.text) or is_noise(cell.text):
            return False
        label = layout.form_label(cell)
        return not (layout.is_form and is_form_name(cell.text)) and not (label and is_cover_field(label.text))

    def _cell(
        self, place: Place, layout: Layout, cell: Cell, above: tuple[str, ...], hours: float | None
    ) -> Iterator[Passage]:
        locator = place.block.locator
        form_label = layout.form_label(cell)
        left = [label for label in layout.label_cells(cell.row) if label.column < cell.column and not layout.is_form]
        left += [form_label] if form_label else []
        labels = (*above, *(_tidy(label.text) for label in left), *layout.names[cell.column])
        if cell.row_span > 1:
            hours = None
        here = replace(locator, start=cell.start, end=cell.end, cell=cell.column + 1)
        if (cell.column in layout.labels and not layout.is_form) or layout.group(cell.row):
            if not is_label(cell.text) and not is_structural(cell.text):
                yield Passage(here, place.path, labels, hours)
            return
        for names, start, end in named_cuts(self._document.text, cell.start, cell.end):
            yield Passage(here.slice(start, end), place.path, labels + names, hours)


def _tidy(text: str) -> str:
    return " ".join(text.split()).rstrip(":：")
