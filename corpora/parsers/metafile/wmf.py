"""Reads the records of a Windows Metafile ([MS-WMF]), and the Enhanced Metafile that newer programs hide inside one."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress

from corpora.parsers.metafile.canvas import WHITE, Canvas, Point
from corpora.parsers.metafile.emf import bmp_file, font_of

PLACEABLE = b"\xd7\xcd\xc6\x9a"
_PLACEABLE_SIZE, _HEADER_SIZE = 22, 18
_PS_NULL, _BS_NULL = 5, 1
_RECT_OPTIONS = 0x0006
_ESCAPE, _COMMENT, _HIDDEN = 0x0626, 15, b"WMFC"
_CODECS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs"}
_SAVE = 0x001E
_OTHER_OBJECTS = (0x00F7, 0x01F9, 0x0142, 0x06FF)
_MOST_RECORDS = 500_000


def is_wmf(data: bytes) -> bool:
    """Whether the bytes are a Windows Metafile, with the placeable header or without."""
    return data.startswith(PLACEABLE) or (len(data) > _HEADER_SIZE and data[:4] in (b"\1\0\x09\0", b"\2\0\x09\0"))


def hidden_emf(data: bytes) -> bytes | None:
    """The Enhanced Metafile that the comments of a Windows Metafile hold, whole; None when there is none."""
    pieces: list[bytes] = []
    total = 0
    for function, body in records(data):
        if function == _ESCAPE and struct.unpack_from("<H", body)[0] == _COMMENT and body[4:8] == _HIDDEN:
            size, _, total = struct.unpack_from("<III", body, 26)
            pieces.append(body[38 : 38 + size])
    found = b"".join(pieces)
    return found if found and len(found) == total else None


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Function number and parameters of each record."""
    place = _HEADER_SIZE + (_PLACEABLE_SIZE if data.startswith(PLACEABLE) else 0)
    for _ in range(_MOST_RECORDS):
        if place + 6 > len(data):
            return
        words, function = struct.unpack_from("<IH", data, place)
        if words < 3 or place + 2 * words > len(data):
            return
        yield function, data[place + 6 : place + 2 * words]
        place += 2 * words


class WmfReader:
    """Plays a WMF on a canvas; see ``EmfReader``."""

    def __init__(self, data: bytes, canvas: Canvas) -> None:
        self._data, self._canvas = data, canvas
        self._slots: list[tuple[str, object] | None] = []
        self._codec = "gb18030"
        self.bitmaps: list[bytes] = []
        self.unread = 0

    def play(self) -> None:
        """Read all records; one that makes no sense is passed over."""
        for function, body in records(self._data):
            action = _ACTIONS.get(function)
            if function == _SAVE:
                self._canvas.save()
            elif function in _OTHER_OBJECTS:
                self._keep("other", None)
            elif action is not None:
                with suppress(struct.error, ValueError, OverflowError):
                    action(self, body)

    def _window_origin(self, body: bytes) -> None:
        y, x = struct.unpack_from("<hh", body)
        self._canvas.set(window_origin=(x, y))

    def _window_extent(self, body: bytes) -> None:
        """A metafile is shown in whatever size is wanted: only the directions of its axes count."""
        y, x = struct.unpack_from("<hh", body)
        self._canvas.set(mode=8, window_extent=(x or 1, y or 1), viewport_extent=(abs(x) or 1, abs(y) or 1))

    def _align(self, body: bytes) -> None:
        self._canvas.set(align=struct.unpack_from("<H", body)[0])

    def _restore(self, body: bytes) -> None:
        self._canvas.restore(struct.unpack_from("<h", body)[0])

    def _keep(self, kind: str, made: object) -> None:
        """A new object takes the lowest free slot."""
        if None in self._slots:
            self._slots[self._slots.index(None)] = (kind, made)
        else:
            self._slots.append((kind, made))

    def _create_pen(self, body: bytes) -> None:
        style, _, _, colour = struct.unpack_from("<HhhI", body)
        self._keep("pen", style & 0xF != _PS_NULL and colour & WHITE != WHITE)

    def _create_brush(self, body: bytes) -> None:
        style, colour = struct.unpack_from("<HI", body)
        self._keep("brush", style != _BS_NULL and colour & WHITE != WHITE)

    def _create_font(self, body: bytes) -> None:
        height, _, escapement, _, weight = struct.unpack_from("<5h", body)
        self._keep("font", (font_of(height, escapement, weight), body[13] if len(body) > 13 else 0))

    def _select(self, body: bytes) -> None:
        number = struct.unpack_from("<H", body)[0]
        held = self._slots[number] if number < len(self._slots) else None
        if held is None or held[0] == "other":
            return
        kind, made = held
        if isinstance(made, tuple):
            made, charset = made
            self._codec = _CODECS.get(charset, "gb18030")
        self._canvas.set(**{kind: made})

    def _delete(self, body: bytes) -> None:
        number = struct.unpack_from("<H", body)[0]
        if number < len(self._slots):
            self._slots[number] = None

    def _move(self, body: bytes) -> None:
        y, x = struct.unpack_from("<hh", body)
        self._canvas.move(x, y)

    def _line(self, body: bytes) -> None:
        y, x = struct.unpack_from("<hh", body)
        self._canvas.line_to(x, y)

    def _polyline(self, body: bytes) -> None:
        self._canvas.polyline(_points(body, 2, struct.unpack_from("<H", body)[0]))

    def _polygon(self, body: bytes) -> None:
        self._canvas.polyline(_points(body, 2, struct.unpack_from("<H", body)[0]), closed=True)

    def _polygons(self, body: bytes) -> None:
        count = struct.unpack_from("<H", body)[0]
        start = 2 + 2 * count
        for length in struct.unpack_from(f"<{count}H", body, 2):
            self._canvas.polyline(_points(body, start, length), closed=True)
            start += 4 * length

    def _rectangle(self, body: bytes) -> None:
        bottom, right, top, left = struct.unpack_from("<4h", body)
        self._canvas.box(left, top, right, bottom)

    def _pat_blt(self, body: bytes) -> None:
        _, height, width, y, x = struct.unpack_from("<I4h", body)
        self._canvas.box(x, y, x + width, y + height, outlined=False)

    def _stretch_bits(self, body: bytes) -> None:
        self._bitmap(body[22:])

    def _dib_stretch(self, body: bytes) -> None:
        self._bitmap(body[20:])

    def _dib_blt(self, body: bytes) -> None:
        self._bitmap(body[16:])

    def _bitmap(self, bitmap: bytes) -> None:
        head, _, _, _, bits, _, _, _, _, colours = struct.unpack_from("<IiiHHIIiiI", bitmap)
        if head == 40:
            size = head + 4 * (colours or (1 << bits if bits <= 8 else 0))
            self.bitmaps.append(bmp_file(bitmap[:size], bitmap[size:]))

    def _text_out(self, body: bytes) -> None:
        count = struct.unpack_from("<H", body)[0]
        at = 2 + count + count % 2
        y, x = struct.unpack_from("<hh", body, at)
        self._text(x, y, body[2 : 2 + count], ())

    def _ext_text_out(self, body: bytes) -> None:
        y, x, count, options = struct.unpack_from("<hhHH", body)
        at = 16 if options & _RECT_OPTIONS else 8
        end = at + count + count % 2
        room = (len(body) - end) // 2
        widths = struct.unpack_from(f"<{count}h", body, end) if room >= count else ()
        self._text(x, y, body[at : at + count], widths)

    def _text(self, x: float, y: float, raw: bytes, widths: tuple[int, ...]) -> None:
        text = raw.decode(self._codec, "replace")
        self._canvas.text(x, y, text, _letter_widths(text, self._codec, widths) if widths else ())


def _letter_widths(text: str, codec: str, widths: tuple[int, ...]) -> list[float]:
    """Widths of letters out of widths of bytes."""
    found, at = [], 0
    for character in text:
        size = len(character.encode(codec, "replace"))
        found.append(float(sum(widths[at : at + size])))
        at += size
    return found


def _points(body: bytes, at: int, count: int) -> list[Point]:
    count = min(count, (len(body) - at) // 4)
    flat = struct.unpack_from(f"<{2 * count}h", body, at)
    return [(float(x), float(y)) for x, y in zip(flat[::2], flat[1::2], strict=True)]


_ACTIONS: dict[int, Callable[[WmfReader, bytes], None]] = {
    0x0127: WmfReader._restore,
    0x012D: WmfReader._select,
    0x012E: WmfReader._align,
    0x01F0: WmfReader._delete,
    0x020B: WmfReader._window_origin,
    0x020C: WmfReader._window_extent,
    0x0213: WmfReader._line,
    0x0214: WmfReader._move,
    0x02FA: WmfReader._create_pen,
    0x02FB: WmfReader._create_font,
    0x02FC: WmfReader._create_brush,
    0x0324: WmfReader._polygon,
    0x0325: WmfReader._polyline,
    0x041B: WmfReader._rectangle,
    0x0521: WmfReader._text_out,
    0x0538: WmfReader._polygons,
    0x061D: WmfReader._pat_blt,
    0x0940: WmfReader._dib_blt,
    0x0A32: WmfReader._ext_text_out,
    0x0B41: WmfReader._dib_stretch,
    0x0F43: WmfReader._stretch_bits,
}
