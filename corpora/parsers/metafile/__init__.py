"""Vector pictures (EMF, WMF; also gzipped, as EMZ and WMZ): their text and tables, by reading what they draw.

Office programs paste spreadsheets as such pictures. The records hold the very strings with the widths of their letters,
and the rules of the tables, so nothing has to be recognised and no other program is needed.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from corpora.parsers.metafile.canvas import Canvas
from corpora.parsers.metafile.emf import SIGNATURE, EmfReader
from corpora.parsers.metafile.fitting import fitted
from corpora.parsers.metafile.wmf import WmfReader, hidden_emf, is_wmf
from corpora.parsers.pdf.content import PageContent

_GZIP = b"\x1f\x8b"
_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Metafile:
    """What a vector picture draws.

    Parameters
    ----------
    content : text and lines as of a page.
    bitmaps : the bitmaps inside it, as bmp files.
    unread : number of strings drawn in ways that are not read here.
    """

    content: PageContent
    bitmaps: tuple[bytes, ...] = ()
    unread: int = 0

    @property
    def letters(self) -> int:
        """Number of characters drawn."""
        return len(self.content.chars)


def is_metafile(data: bytes) -> bool:
    """Whether the bytes are an EMF or a WMF."""
    return is_emf(data) or is_wmf(data)


def is_emf(data: bytes) -> bool:
    """Whether the bytes are an EMF."""
    return data[:4] == b"\1\0\0\0" and data[40:44] == SIGNATURE


def unpacked(data: bytes) -> bytes:
    """The picture of an EMZ or WMZ; other bytes as they are, "" when it would be larger than any sane picture."""
    if not data.startswith(_GZIP):
        return data
    try:
        engine = zlib.decompressobj(wbits=31)
        found = engine.decompress(data, _MOST_BYTES)
    except zlib.error:
        return b""
    return b"" if engine.unconsumed_tail else found


def read_metafile(data: bytes, page: int = 1) -> Metafile:
    """Read an EMF or WMF.

    Parameters
    ----------
    data : bytes of the picture; see ``is_metafile``.
    page : number to give to its page.
    """
    canvas = Canvas()
    hidden = data if is_emf(data) else hidden_emf(data)
    reader = EmfReader(hidden, canvas) if hidden else WmfReader(data, canvas)
    reader.play()
    return Metafile(fitted(canvas.content(page)), tuple(reader.bitmaps), reader.unread)
