"""Small EMF and WMF pictures made record by record, for tests."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

CELL_WIDTH, CELL_HEIGHT, LETTER = 80, 20, 12


def emf_record(kind: int, body: bytes = b"") -> bytes:
    """One EMF record, padded to whole words."""
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, 8 + len(body)) + body


@dataclass
class EmfMaker:
    """Collects EMF records."""

    records: list[bytes] = field(default_factory=list)

    def add(self, kind: int, *values: float, code: str = "i") -> None:
        """A record of plain numbers."""
        self.records.append(emf_record(kind, struct.pack(f"<{len(values)}{code}", *values)))

    def font(self, number: int, height: int = -LETTER, escapement: int = 0) -> None:
        """Create a font and select it."""
        self.records.append(emf_record(82, struct.pack("<I5i", number, height, 0, escapement, 0, 400) + b"\0" * 300))
        self.add(37, number)

    def text(self, x: int, y: int, text: str, widths: Sequence[int] | None = None) -> None:
        """``EMR_EXTTEXTOUTW`` with the letters' widths: 12 for a Chinese letter, 6 for any other."""
        raw = text.encode("utf-16-le")
        raw += b"\0" * (-len(raw) % 4)
        if widths is None:
            widths = [LETTER if ord(c) > 0x2E80 else LETTER // 2 for c in text]
        head = struct.pack("<4iIff", 0, 0, 0, 0, 2, 1.0, 1.0)
        run = struct.pack("<iiIII4iI", x, y, len(text), 76, 0, 0, 0, -1, -1, 76 + len(raw))
        self.records.append(emf_record(84, head + run + raw + struct.pack(f"<{len(widths)}i", *widths)))

    def line(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """``EMR_MOVETOEX`` and ``EMR_LINETO``."""
        self.add(27, x0, y0)
        self.add(54, x1, y1)

    def bar(self, x: int, y: int, width: int, height: int) -> None:
        """A filled bar, as spreadsheet programs draw a rule (``EMR_BITBLT`` without a source)."""
        self.records.append(
            emf_record(76, struct.pack("<8iI", 0, 0, 0, 0, x, y, width, height, 0x00F00021) + b"\0" * 56)
        )

    def build(self) -> bytes:
        """The file."""
        body = b"".join(self.records) + emf_record(14, struct.pack("<III", 0, 16, 20))
        head = struct.pack("<8i4sIIIHHIII2i2i", *(0, 0, 400, 400), *(0, 0, 9000, 9000), b" EMF", 0x10000,
                           108 + len(body), len(self.records) + 2, 1, 0, 0, 0, 0, 1000, 1000, 300, 300)  # fmt: skip
        return emf_record(1, head + b"\0" * (100 - len(head))) + body


def emf_table(rows: Sequence[Sequence[str]], bars: bool = False) -> bytes:
    """A ruled table as an EMF; ``bars`` draws the rules as filled bars."""
    made = EmfMaker()
    made.font(1)
    height, width = len(rows) * CELL_HEIGHT, max(map(len, rows)) * CELL_WIDTH
    if bars:
        made.records.append(emf_record(39, struct.pack("<IIII", 2, 0, 0, 0)))
        made.add(37, 2)
    for row in range(len(rows) + 1):
        made.bar(0, row * CELL_HEIGHT, width, 1) if bars else made.line(0, row * CELL_HEIGHT, width, row * CELL_HEIGHT)
    for column in range(max(map(len, rows)) + 1):
        x = column * CELL_WIDTH
        made.bar(x, 0, 1, height) if bars else made.line(x, 0, x, height)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text:
                made.text(column * CELL_WIDTH + 2, row * CELL_HEIGHT + 3, text)
    return made.build()


def glyph_numbers() -> bytes:
    """A string written as glyph numbers of its font, which say nothing without it."""
    made = EmfMaker()
    made.text(0, 0, "课程")
    record = bytearray(made.records[0])
    record[52:56] = (0x10).to_bytes(4, "little")
    return bytes(record)


def wmf_record(function: int, body: bytes = b"") -> bytes:
    """One WMF record, padded to whole words."""
    body += b"\0" * (len(body) % 2)
    return struct.pack("<IH", 3 + len(body) // 2, function) + body


def wmf_file(records: Sequence[bytes], placeable: bool = True) -> bytes:
    """A WMF of records; ``placeable`` puts Aldus' header before it."""
    body = b"".join(records) + wmf_record(0)
    head = struct.pack("<HHHIHIH", 1, 9, 0x300, (18 + len(body)) // 2, 8, 400, 0)
    aldus = b"\xd7\xcd\xc6\x9a" + struct.pack("<HhhhhHIH", 0, 0, 0, 400, 400, 96, 0, 0) if placeable else b""
    return aldus + head + body


def wmf_table(rows: Sequence[Sequence[str]]) -> bytes:
    """A ruled table as a WMF, its text in GBK with widths of bytes."""
    height, width = len(rows) * CELL_HEIGHT, max(map(len, rows)) * CELL_WIDTH
    font = struct.pack("<5h8B", -LETTER, 0, 0, 0, 400, 0, 0, 0, 134, 0, 0, 0, 0) + "宋体".encode("gbk") + b"\0\0"
    records = [
        wmf_record(0x020B, struct.pack("<hh", 0, 0)),
        wmf_record(0x020C, struct.pack("<hh", height, width)),
        wmf_record(0x02FB, font),
        wmf_record(0x012D, struct.pack("<H", 0)),
    ]
    for row in range(len(rows) + 1):
        y = row * CELL_HEIGHT
        records += [wmf_record(0x0214, struct.pack("<hh", y, 0)), wmf_record(0x0213, struct.pack("<hh", y, width))]
    for column in range(max(map(len, rows)) + 1):
        x = column * CELL_WIDTH
        records.append(wmf_record(0x0325, struct.pack("<H4h", 2, x, 0, x, height)))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            records.append(wmf_text(column * CELL_WIDTH + 2, row * CELL_HEIGHT + 3, text))
    return wmf_file(records)


def wmf_text(x: int, y: int, text: str) -> bytes:
    """``META_EXTTEXTOUT``: a Chinese letter's width stands at its first byte."""
    raw = text.encode("gbk")
    widths = [w for c in text for w in ([LETTER, 0] if ord(c) > 0x2E80 else [LETTER // 2])]
    padded = raw + b"\0" * (len(raw) % 2)
    return wmf_record(0x0A32, struct.pack("<hhHH", y, x, len(raw), 0) + padded + struct.pack(f"<{len(raw)}h", *widths))


def with_hidden_emf(wmf: bytes, emf: bytes, piece: int = 300) -> bytes:
    """The WMF with an EMF in its comments, cut in pieces."""
    pieces = [emf[i : i + piece] for i in range(0, len(emf), piece)]
    comments = b""
    for number, data in enumerate(pieces):
        rest = len(emf) - sum(map(len, pieces[: number + 1]))
        head = b"WMFC" + struct.pack("<IIHIIIII", 1, 0x10000, 0, 0, len(pieces), len(data), rest, len(emf))
        comments += wmf_record(0x0626, struct.pack("<HH", 15, len(head) + len(data)) + head + data)
    return wmf[:40] + comments + wmf[40:]
