"""The seam between files and the application: one Protocol that every parser fulfils."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from corpora.document import Document

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one parse may use at most.

    Parameters
    ----------
    file_bytes : size of the file itself.
    unpacked_bytes : sum of what a zip container (docx, xlsx, pptx, epub) unpacks to.
    entries : number of entries in a zip container.
    ratio : unpacked to packed bytes of one entry of more than a mebibyte.
    memory_bytes : address space of the parsing process beyond what it needs to start.
    cpu_seconds : CPU time of one parse.
    wall_seconds : elapsed time of one parse.
    """

    file_bytes: int = 200 * MEBIBYTE
    unpacked_bytes: int = 300 * MEBIBYTE
    entries: int = 10_000
    ratio: float = 200.0
    memory_bytes: int = 2048 * MEBIBYTE
    cpu_seconds: float = 120.0
    wall_seconds: float = 180.0


@dataclass(frozen=True, slots=True)
class ParserOptions:
    """What a caller may choose about reading.

    Parameters
    ----------
    ocr : read images and scanned pages by OCR when the ``ocr`` extra is installed.
    max_pages : pages read at most; what lies behind is named in an ErrorItem.
    limits : memory, time and size limits.
    """

    ocr: bool = True
    max_pages: int = 3000
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be parsed: its name without folders, its bytes and the options."""

    name: str
    data: bytes
    options: ParserOptions = field(default_factory=ParserOptions)


class Parser(Protocol):
    """Reads files of one format. Constructed without arguments, inside the parsing process.

    ``parse`` returns a Document (built by ``DocumentBuilder``, with ``format`` equal to the registry's name). It raises
    a DocumentError for a file that cannot be read at all; a page, sheet or part that cannot be read becomes an
    ErrorItem of the document. A file without any text raises EmptyDocumentError.
    """

    def parse(self, source: Source) -> Document:
        """Read one file."""
        ...
