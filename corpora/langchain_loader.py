"""Our parsers as a LangChain document loader.

The only file of this floor that imports langchain_core; nothing else imports it, so that it is loaded only by those who
work with LangChain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document as LangChainDocument

from corpora.document import Block, Document, Locator, Segment
from corpora.parsers import ParserOptions, read_document
from corpora.segments import segment

Unit = Literal["block", "segment", "document"]


class SyllabusLoader(BaseLoader):
    """Loads files of any readable format as LangChain documents.

    Parameters
    ----------
    paths : one file or several.
    unit : what one LangChain document is: a ``segment`` (a teaching statement with role and hours), a ``block``
        (paragraph, heading, table row) or the whole ``document``.
    options : limits, OCR and page bounds.

    Notes
    -----
    ``page_content`` is verbatim text. ``metadata`` is JSON-ready: ``source``, ``title``, ``format``, ``sha256``,
    ``locators`` (each with page, paragraph, table, row, cell and the offsets of the text in the document), and
    what the unit knows of itself (``kind``, ``level``, ``number``; ``role``, ``heading_path``, ``hours``).
    """

    def __init__(
        self,
        paths: str | Path | Sequence[str | Path],
        unit: Unit = "segment",
        options: ParserOptions | None = None,
    ) -> None:
        self.paths = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
        self.unit, self.options = unit, options or ParserOptions()

    def lazy_load(self) -> Iterator[LangChainDocument]:
        """Read the files one after the other.

        Raises
        ------
        DuibiaoError : a file cannot be read.
        """
        for path in self.paths:
            document = read_document(path, self.options)
            for content, metadata in _units(document, self.unit):
                common = {"source": str(path), "title": document.title, "format": document.format}
                yield LangChainDocument(content, metadata={**common, "sha256": document.sha256, **metadata})


def _units(document: Document, unit: Unit) -> Iterator[tuple[str, dict[str, Any]]]:
    if unit == "document":
        yield document.text, {"locators": [asdict(Locator(0, len(document.text), 1))], "pages": document.pages}
    elif unit == "block":
        for block in document.blocks:
            yield block.text, _of_block(block)
    else:
        for found in segment(document).segments:
            yield found.text, _of_segment(found)


def _of_block(block: Block) -> dict[str, Any]:
    return {
        "locators": [asdict(block.locator)],
        "kind": block.kind,
        "level": block.level,
        "number": block.number,
    }


def _of_segment(found: Segment) -> dict[str, Any]:
    return {
        "locators": [asdict(locator) for locator in found.locators],
        "role": found.role,
        "heading_path": list(found.heading_path),
        "hours": found.hours,
    }
