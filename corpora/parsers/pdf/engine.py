"""Opens a PDF and reads its pages: characters with boxes, ruled lines. The only file that imports pdfium.

All coordinates are points from the top left corner of the page as it is read: a page whose text runs upward (a table
set sideways, a ``/Rotate`` entry) is turned first, text a quarter turn off is kept apart, and text in any other
direction (watermarks) is left out.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import degrees, hypot
from typing import Any

from corpora.errors import DamagedDocumentError, EncryptedDocumentError
from corpora.parsers.cleaning import unify
from corpora.parsers.pdf.content import Char, PageContent
from corpora.parsers.pdf.paths import PathReader, Point

_PASSWORD_ERROR = 4
_BLANKS = (0x20, 0xA0, 0x3000)
_HYPHENS = (0x02, 0xFFFE)
_BOLD_NAMES = ("bold", "black", "heavy", "simhei", "heiti", "-hei", "黑体", "hei-gb")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Style:
    """What the characters of one text object share; ``clip`` is the box outside of which they are not drawn."""

    angle: int
    size: float
    bold: bool
    clip: Box | None = None

    def shows(self, x: float, y: float) -> bool:
        """Whether a point, measured in the file's own axes, lies inside the clip."""
        return self.clip is None or (self.clip[0] <= x <= self.clip[2] and self.clip[1] <= y <= self.clip[3])


@dataclass(slots=True)
class _Found:
    """A character as the file places it, y upward: corners (left, bottom, right, top) and origin."""

    text: str
    style: _Style
    corners: Box
    origin: Point
    spaced: bool


class _Spot:
    """Where the characters of a text page stand, in the file's own axes; what pdfium writes to is made once."""

    def __init__(self, raw: Any, page: Any) -> None:
        self._page, self._box, self._x, self._y = page, raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        self._to_box, self._to_x, self._to_y = ctypes.byref(self._box), ctypes.byref(self._x), ctypes.byref(self._y)
        self._find_box, self._find_origin = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharOrigin

    def box(self, index: int) -> Box:
        """Left, bottom, right and top of a character."""
        box = self._box
        self._find_box(self._page, index, self._to_box)
        return box.left, box.bottom, box.right, box.top

    def origin(self, index: int) -> Point:
        """Where its baseline begins."""
        self._find_origin(self._page, index, self._to_x, self._to_y)
        return self._x.value, self._y.value


class PdfFile:
    """An open PDF.

    Parameters
    ----------
    data : the file's bytes.
    name : the file's name, for messages.

    Raises
    ------
    EncryptedDocumentError : it asks for a password.
    DamagedDocumentError : pdfium cannot open it.
    """

    def __init__(self, data: bytes, name: str) -> None:
        import pypdfium2  # type: ignore[import-untyped]

        try:
            self._pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
                raise EncryptedDocumentError("PDF 设有打开密码", where=name, advice="请先解除密码再提交") from error
            raise DamagedDocumentError("PDF 已损坏，无法打开", where=name, advice="请用阅读器重新导出后再试") from error
        self.pages = len(self._pdf)

    @property
    def title(self) -> str:
        """The title in the file's metadata, "" where there is none."""
        return str(self._pdf.get_metadata_dict(skip_empty=True).get("Title", "")).strip()

    def page(self, number: int) -> PageContent:
        """Read one page, counted from 1.

        Raises
        ------
        Exception : whatever pdfium finds wrong with the page; the caller records it and goes on.
        """
        page = self._pdf[number - 1]
        try:
            return _PageReader(page, number).read()
        finally:
            page.close()

    def picture(self, number: int, dots_per_inch: float) -> Any:
        """The page, counted from 1, rendered as an RGB array of shape (height, width, 3)."""
        page = self._pdf[number - 1]
        try:
            return page.render(scale=dots_per_inch / 72.0, rev_byteorder=True).to_numpy()[:, :, :3]
        finally:
            page.close()

    def close(self) -> None:
        """Release pdfium's memory."""
        self._pdf.close()


class _PageReader:
    def __init__(self, page: Any, number: int) -> None:
        import pypdfium2.raw as raw  # type: ignore[import-untyped]

        self._raw, self._page, self._number = raw, page, number
        self._left, self._bottom, right, top = page.get_cropbox()
        self._width, self._height = abs(right - self._left), abs(top - self._bottom)
        self._styles: dict[bytes, _Style] = {}
        self._bold_fonts: dict[int, bool] = {}

    def read(self) -> PageContent:
        found, unmapped = self._characters()
        angle = Counter(one.style.angle for one in found).most_common(1)[0][0] if found else 0
        turn = _turning(angle, self._width, self._height)
        paths = PathReader(self._raw, self._page.raw, (self._left, self._bottom, self._width, self._height))
        edges = tuple(paths.edges(turn))
        width, height = (self._height, self._width) if angle in (90, 270) else (self._width, self._height)
        placed = [self._placed(one, turn, angle) for one in found if (one.style.angle - angle) % 90 == 0]
        seen = [c for c in placed if c.x1 > 0 and c.y1 > 0 and c.x0 < width and c.y0 < height and c.x1 > c.x0]
        chars, aside = (tuple(c for c in seen if bool(c.turn) is turned) for turned in (False, True))
        return PageContent(self._number, width, height, chars, edges, unmapped, paths.pictured, aside)

    def _placed(self, one: _Found, turn: Callable[[float, float], Point], angle: int) -> Char:
        x0, y0, x1, y1 = one.corners
        (ax, ay), (bx, by) = turn(x0, y0), turn(x1, y1)
        left, right, top, bottom = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        style, baseline = one.style, turn(*one.origin)[1]
        aside = (style.angle - angle) % 360
        return Char(one.text, left, top, right, bottom, baseline, style.size, style.bold, one.spaced, aside)

    def _characters(self) -> tuple[list[_Found], float]:
        """Visible characters, and the share of those that the font gives no meaning."""
        raw, textpage = self._raw, self._page.get_textpage()
        page, found, unmapped, left, bottom = textpage.raw, list[_Found](), 0, self._left, self._bottom
        is_generated, is_unmapped, owner_of = (
            raw.FPDFText_IsGenerated,
            raw.FPDFText_HasUnicodeMapError,
            raw.FPDFText_GetTextObject,
        )
        spot = _Spot(raw, page)
        spaced = False
        for index, text in self._texts(page):
            if text == " ":
                spaced = spaced or is_generated(page, index) == 0
                continue
            owner = owner_of(page, index)
            if not owner or is_generated(page, index) == 1:
                continue
            if text == "\ufffd" or is_unmapped(page, index) == 1:
                unmapped += 1
                continue
            style = self._style(page, index, owner)
            x0, y0, x1, y1 = spot.box(index)
            if style.clip is None or style.shows((x0 + x1) / 2, (y0 + y1) / 2):
                x, y = spot.origin(index)
                corners = (x0 - left, y0 - bottom, x1 - left, y1 - bottom)
                found.append(_Found(text, style, corners, (x - left, y - bottom), spaced))
            spaced = False
        textpage.close()
        return found, unmapped / max(len(found) + unmapped, 1)

    def _texts(self, page: Any) -> Iterator[tuple[int, str]]:
        """Index and text of each character, any blank as one; pairs of surrogates count as one."""
        raw, high = self._raw, 0
        for index in range(raw.FPDFText_CountChars(page)):
            code = raw.FPDFText_GetUnicode(page, index)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            high = 0
            if code in _HYPHENS:
                yield index, "-"
            elif code in _BLANKS:
                yield index, " "
            elif code == 0 or code > 0x20:
                yield index, unify(chr(code)) if code else "\ufffd"

    def _style(self, page: Any, index: int, owner: Any) -> _Style:
        key = bytes(owner)  # the address
        if key not in self._styles:
            raw, matrix = self._raw, self._raw.FS_MATRIX()
            raw.FPDFText_GetMatrix(page, index, matrix)
            size = raw.FPDFText_GetFontSize(page, index) * (hypot(matrix.c, matrix.d) or 1.0)
            angle = -degrees(raw.FPDFText_GetCharAngle(page, index)) % 360
            mode = raw.FPDFTextObj_GetTextRenderMode(owner)
            bold = mode == 2 or self._is_bold(owner)
            self._styles[key] = _Style(_quarter(angle), size, bold, self._clip(owner))
        return self._styles[key]

    def _clip(self, owner: Any) -> Box | None:
        raw = self._raw
        clip = raw.FPDFPageObj_GetClipPath(owner)
        x, y, xs, ys = ctypes.c_float(), ctypes.c_float(), list[list[float]](), list[list[float]]()
        for path in range(max(raw.FPDFClipPath_CountPaths(clip), 0) if clip else 0):
            points = []
            for index in range(raw.FPDFClipPath_CountPathSegments(clip, path)):
                raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, index), x, y)
                points.append((x.value, y.value))
            if points:
                xs.append([p[0] for p in points])
                ys.append([p[1] for p in points])
        if not xs:
            return None
        return max(map(min, xs)), max(map(min, ys)), min(map(max, xs)), min(map(max, ys))

    def _is_bold(self, owner: Any) -> bool:
        raw = self._raw
        font = raw.FPDFTextObj_GetFont(owner)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self._bold_fonts:
            buffer = ctypes.create_string_buffer(256)
            raw.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("utf-8", "replace").lower()
            self._bold_fonts[key] = raw.FPDFFont_GetWeight(font) >= 600 or any(mark in name for mark in _BOLD_NAMES)
        return self._bold_fonts[key]


def _quarter(angle: float) -> int:
    """The nearest quarter turn, or the angle itself when it is none (slanted text)."""
    nearest = round(angle / 90) * 90
    return int(nearest % 360) if abs(angle - nearest) < 2 else round(angle)


def _turning(angle: int, width: float, height: float) -> Callable[[float, float], Point]:
    """Maps page space (y upward) to reading space (y downward) for text that runs in the direction ``angle``."""
    turns: dict[int, Callable[[float, float], Point]] = {
        90: lambda x, y: (y, x),
        180: lambda x, y: (width - x, y),
        270: lambda x, y: (height - y, width - x),
    }
    return turns.get(angle, lambda x, y: (x, height - y))
