"""Reads the records of an Enhanced Metafile ([MS-EMF]): the calls that draw text and lines, and pictures inside."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress

from corpora.parsers.metafile.canvas import WHITE, Canvas, Font, Point

SIGNATURE = b" EMF"
_STOCK_PENS = {0x80000006: False, 0x80000007: True, 0x80000008: False}
_STOCK_BRUSHES = {0x80000000: False, 0x80000005: False}
_PS_NULL, _BS_NULL = 5, 1
_PAIRS, _GLYPH_NUMBERS = 0x2000, 0x0010
_PLUS, _PLUS_STRINGS = b"EMF+", (0x401C, 0x4036)
_SMALL_CHARS, _NO_RECT = 0x200, 0x100
_WHITENESS = 0x00FF0062
_NO_SOURCE = (0x00F00021, 0x00000042, 0x005A0049)  # PATCOPY, BLACKNESS, PATINVERT
_MOST_RECORDS = 500_000


class EmfReader:
    """Plays an EMF on a canvas.

    Parameters
    ----------
    data : the file's bytes.
    canvas : what is drawn on.

    Attributes
    ----------
    bitmaps : device independent bitmaps drawn, as the bytes of bmp files.
    unread : number of strings that are drawn in ways not read here: by GDI+ alone, or as glyph numbers.
    """

    def __init__(self, data: bytes, canvas: Canvas) -> None:
        self._data, self._canvas = data, canvas
        self._objects: dict[int, tuple[str, object]] = {}
        self.bitmaps: list[bytes] = []
        self.unread = 0

    def play(self) -> None:
        """Read all records; one that makes no sense is passed over."""
        for kind, body in records(self._data):
            plain, action = _PLAIN.get(kind), _ACTIONS.get(kind)
            if plain is not None:
                plain(self._canvas)
            if action is not None:
                with suppress(struct.error, ValueError, OverflowError):
                    action(self, body)

    def _window_extent(self, body: bytes) -> None:
        self._canvas.set(window_extent=_pair(body))

    def _window_origin(self, body: bytes) -> None:
        self._canvas.set(window_origin=_pair(body))

    def _viewport_extent(self, body: bytes) -> None:
        self._canvas.set(viewport_extent=_pair(body))

    def _viewport_origin(self, body: bytes) -> None:
        self._canvas.set(viewport_origin=_pair(body))

    def _map_mode(self, body: bytes) -> None:
        self._canvas.set(mode=_u32(body))

    def _align(self, body: bytes) -> None:
        self._canvas.set(align=_u32(body))

    def _set_world(self, body: bytes) -> None:
        self._canvas.transform(struct.unpack_from("<6f", body), 4)

    def _modify_world(self, body: bytes) -> None:
        self._canvas.transform(struct.unpack_from("<6f", body), _u32(body, 24))

    def _restore(self, body: bytes) -> None:
        self._canvas.restore(struct.unpack_from("<i", body)[0])

    def _create_pen(self, body: bytes) -> None:
        number, style, _, _, colour = struct.unpack_from("<IIiiI", body)
        self._objects[number] = "pen", style & 0xF != _PS_NULL and colour & WHITE != WHITE

    def _create_long_pen(self, body: bytes) -> None:
        number, _, _, _, _, style, _, _, colour = struct.unpack_from("<9I", body)
        self._objects[number] = "pen", style & 0xF != _PS_NULL and colour & WHITE != WHITE

    def _create_brush(self, body: bytes) -> None:
        number, style, colour = struct.unpack_from("<III", body)
        self._objects[number] = "brush", style != _BS_NULL and colour & WHITE != WHITE

    def _create_font(self, body: bytes) -> None:
        number, height, _, escapement, _, weight = struct.unpack_from("<I5i", body)
        self._objects[number] = "font", font_of(height, escapement, weight)

    def _select(self, body: bytes) -> None:
        number = _u32(body)
        if number in _STOCK_PENS:
            self._canvas.set(pen=_STOCK_PENS[number])
        elif 0x80000000 <= number <= 0x80000005:
            self._canvas.set(brush=_STOCK_BRUSHES.get(number, True))
        elif number in self._objects:
            kind, made = self._objects[number]
            self._canvas.set(**{kind: made})

    def _delete(self, body: bytes) -> None:
        self._objects.pop(_u32(body), None)

    def _move(self, body: bytes) -> None:
        self._canvas.move(*_pair(body))

    def _line(self, body: bytes) -> None:
        self._canvas.line_to(*_pair(body))

    def _polyline(self, body: bytes, code: str = "i") -> None:
        self._canvas.polyline(_points(body, 16, code))

    def _polyline16(self, body: bytes) -> None:
        self._polyline(body, "h")

    def _polygon(self, body: bytes, code: str = "i") -> None:
        self._canvas.polyline(_points(body, 16, code), closed=True)

    def _polygon16(self, body: bytes) -> None:
        self._polygon(body, "h")

    def _polyline_to(self, body: bytes, code: str = "i") -> None:
        for point in _points(body, 16, code):
            self._canvas.line_to(*point)

    def _polyline_to16(self, body: bytes) -> None:
        self._polyline_to(body, "h")

    def _many(self, body: bytes, code: str, closed: bool) -> None:
        figures = _u32(body, 16)
        lengths = struct.unpack_from(f"<{min(figures, len(body) // 4)}I", body, 24)
        points, start = _points(body, 20, code, 24 + 4 * figures), 0
        for length in lengths:
            self._canvas.polyline(points[start : start + length], closed)
            start += length

    def _polylines(self, body: bytes) -> None:
        self._many(body, "i", closed=False)

    def _polylines16(self, body: bytes) -> None:
        self._many(body, "h", closed=False)

    def _polygons(self, body: bytes) -> None:
        self._many(body, "i", closed=True)

    def _polygons16(self, body: bytes) -> None:
        self._many(body, "h", closed=True)

    def _rectangle(self, body: bytes) -> None:
        self._canvas.box(*struct.unpack_from("<4i", body))

    def _bit_blt(self, body: bytes) -> None:
        x, y, width, height, operation = struct.unpack_from("<4iI", body, 16)
        if operation in _NO_SOURCE:
            self._canvas.box(x, y, x + width, y + height, outlined=False)
        elif operation != _WHITENESS:
            self._bitmap(body, 76)

    def _stretch_blt(self, body: bytes) -> None:
        self._bitmap(body, 76)

    def _stretch_bits(self, body: bytes) -> None:
        self._bitmap(body, 40)

    def _bitmap(self, body: bytes, at: int) -> None:
        head, head_size, bits, bits_size = struct.unpack_from("<4I", body, at)
        information, pixels = body[head - 8 : head - 8 + head_size], body[bits - 8 : bits - 8 + bits_size]
        if head >= 8 and len(information) >= 40 and pixels:
            self.bitmaps.append(bmp_file(information, pixels))

    def _comment(self, body: bytes) -> None:
        """GDI+ records in a comment: their strings are counted only, for most files draw them by GDI too."""
        at = 8 if body[4:8] == _PLUS else len(body)
        while at + 12 <= len(body):
            kind, _, size = struct.unpack_from("<HHI", body, at)
            self.unread += kind in _PLUS_STRINGS
            at += max(size, 12)

    def _text_wide(self, body: bytes) -> None:
        self._text(body, wide=True)

    def _text_narrow(self, body: bytes) -> None:
        self._text(body, wide=False)

    def _text(self, body: bytes, wide: bool, at: int = 28) -> None:
        x, y, count, offset, options = struct.unpack_from("<iiIII", body, at)
        place = struct.unpack_from("<I", body, at + 36)[0]
        if options & _GLYPH_NUMBERS:
            self.unread += 1
            return
        text = _string(body, offset - 8, count, wide)
        step = 2 if options & _PAIRS else 1
        room = max(0, min(count * step, (len(body) - place + 8) // 4)) if place >= 8 else 0
        widths = struct.unpack_from(f"<{room}i", body, place - 8)[::step] if room else ()
        self._canvas.text(x, y, text, widths)

    def _poly_text_wide(self, body: bytes) -> None:
        for number in range(min(_u32(body, 28), 10_000)):
            self._text(body, True, 32 + 40 * number)

    def _small_text(self, body: bytes) -> None:
        x, y, count, options = struct.unpack_from("<iiII", body)
        at = 28 if options & _NO_RECT else 44
        self._canvas.text(x, y, _string(body, at, count, not options & _SMALL_CHARS), ())


_PLAIN: dict[int, Callable[[Canvas], None]] = {
    33: Canvas.save,
    59: Canvas.begin_path,
    61: Canvas.close_figure,
    62: lambda canvas: canvas.end_path(stroke=False, fill=True),
    63: lambda canvas: canvas.end_path(stroke=True, fill=True),
    64: lambda canvas: canvas.end_path(stroke=True, fill=False),
    67: lambda canvas: canvas.end_path(stroke=False, fill=False),
    68: lambda canvas: canvas.end_path(stroke=False, fill=False),
}
_ACTIONS: dict[int, Callable[[EmfReader, bytes], None]] = {
    3: EmfReader._polygon,
    4: EmfReader._polyline,
    6: EmfReader._polyline_to,
    7: EmfReader._polylines,
    8: EmfReader._polygons,
    9: EmfReader._window_extent,
    10: EmfReader._window_origin,
    11: EmfReader._viewport_extent,
    12: EmfReader._viewport_origin,
    17: EmfReader._map_mode,
    22: EmfReader._align,
    27: EmfReader._move,
    34: EmfReader._restore,
    35: EmfReader._set_world,
    36: EmfReader._modify_world,
    37: EmfReader._select,
    38: EmfReader._create_pen,
    39: EmfReader._create_brush,
    40: EmfReader._delete,
    43: EmfReader._rectangle,
    54: EmfReader._line,
    70: EmfReader._comment,
    76: EmfReader._bit_blt,
    77: EmfReader._stretch_blt,
    81: EmfReader._stretch_bits,
    82: EmfReader._create_font,
    83: EmfReader._text_narrow,
    84: EmfReader._text_wide,
    86: EmfReader._polygon16,
    87: EmfReader._polyline16,
    89: EmfReader._polyline_to16,
    90: EmfReader._polylines16,
    91: EmfReader._polygons16,
    95: EmfReader._create_long_pen,
    97: EmfReader._poly_text_wide,
    108: EmfReader._small_text,
}


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and body (behind its eight bytes of type and size) of each record."""
    place = 0
    for _ in range(_MOST_RECORDS):
        if place + 8 > len(data):
            return
        kind, size = struct.unpack_from("<II", data, place)
        if size < 8 or place + size > len(data):
            return
        yield kind, data[place + 8 : place + size]
        place += size


def font_of(height: float, escapement: int, weight: int) -> Font:
    """A ``LOGFONT``: a negative height is the letters', a positive one the line's."""
    size = -height if height < 0 else height * 0.85
    return Font(size or 12.0, (escapement % 3600) / 10.0, weight >= 600)


def bmp_file(information: bytes, pixels: bytes) -> bytes:
    """A device independent bitmap as a bmp file."""
    start = 14 + len(information)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + information + pixels


def _u32(body: bytes, at: int = 0) -> int:
    value: int = struct.unpack_from("<I", body, at)[0]
    return value


def _pair(body: bytes) -> Point:
    x, y = struct.unpack_from("<ii", body)
    return float(x), float(y)


def _points(body: bytes, at: int, code: str, begin: int | None = None) -> list[Point]:
    """Points behind their count at ``at``; ``code`` is ``i`` for 32 and ``h`` for 16 bits."""
    begin = at + 4 if begin is None else begin
    count = min(_u32(body, at), (len(body) - begin) // (4 if code == "h" else 8))
    flat = struct.unpack_from(f"<{2 * count}{code}", body, begin)
    return [(float(x), float(y)) for x, y in zip(flat[::2], flat[1::2], strict=True)]


def _string(body: bytes, at: int, count: int, wide: bool) -> str:
    if at < 0:
        return ""
    if wide:
        return body[at : at + 2 * count].decode("utf-16-le", "replace")
    return body[at : at + count].decode("gb18030", "replace")
