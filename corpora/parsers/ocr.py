"""Pictures of pages, read by OCR: the only file that touches rapidocr (with OpenCV and Pillow, which come with it).

A recognised line becomes characters spread over its box, and ruled lines found in the picture become edges, so that
reading order, paragraphs and tables are made by the same code as for a PDF with a text layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from math import atan2, degrees
from statistics import median
from typing import Any

from corpora.document import Document
from corpora.document_builder import DocumentBuilder
from corpora.errors import DamagedDocumentError, EmptyDocumentError, MissingExtraError, UnsupportedFormatError
from corpora.parsers.base import Source
from corpora.parsers.cleaning import is_cjk
from corpora.parsers.outline import add_pieces
from corpora.parsers.pdf.content import Char, Edge, PageContent
from corpora.parsers.pdf.pages import RawPage, flow_of, raw_page
from corpora.parsers.pdf.paragraphs import pieces_of

_PAGE_WIDTH = 595.0
_MAX_SIDE = 4000
_LETTER = 0.8
_SAME_SIZE = (0.75, 1.22)
_MIN_SKEW = 0.15
_LONG_LINE = 6.0
_LINE_SHARE = 30
_UPRIGHT = 1.8

Picture = Any  # array of shape (height, width, 3), RGB, uint8
Box = tuple[tuple[float, float], ...]  # four corners in pixels, from the top left one clockwise


class OcrParser:
    """Reads pictures of pages: png, jpg, tiff (each frame a page), bmp, webp."""

    def parse(self, source: Source) -> Document:
        """Read a picture.

        Raises
        ------
        UnsupportedFormatError : the caller switched OCR off.
        MissingExtraError : the ``ocr`` extra is not installed.
        DamagedDocumentError : the picture cannot be decoded.
        EmptyDocumentError : there is no text in it.
        """
        if not source.options.ocr:
            raise UnsupportedFormatError("图片需要文字识别，而文字识别未启用", where=source.name)
        _engine()
        builder = DocumentBuilder(source.name, source.data, "image")
        pages = [recognise(picture, number) for number, picture in enumerate(_frames(source), start=1)]
        add_pieces(builder, pieces_of(flow_of(pages)))
        builder.pages = len(pages)
        builder.recognised_pages |= {page.number for page in pages}
        document = builder.build()
        if not document.blocks:
            raise EmptyDocumentError(
                "图片中没有识别出文字", where=source.name, advice="请检查图片是否清晰、方向是否正确"
            )
        return document


def recognise(picture: Picture, page: int) -> RawPage:
    """Text and tables of one picture, in points of a page 595 points wide.

    Raises
    ------
    MissingExtraError : the ``ocr`` extra is not installed.
    """
    result = _engine()(picture)
    height, width = picture.shape[:2]
    scale = _PAGE_WIDTH / width
    if result.boxes is None or result.txts is None:
        return raw_page(PageContent(page, _PAGE_WIDTH, height * scale, (), ()))
    boxes = [tuple((float(x), float(y)) for x, y in box) for box in result.boxes]
    angle = _skew(boxes)
    if abs(angle) >= _MIN_SKEW:
        picture, boxes = _straightened(picture, boxes, angle)
    found = list(zip(result.txts, boxes, strict=True))
    chars = [char for text, box in found for char in _spread(text, box, scale, _usual_height(boxes))]
    edges = tuple(edge for edge in _ruled_lines(picture, scale) if not any(_inside(edge, b, scale) for b in boxes))
    return raw_page(PageContent(page, _PAGE_WIDTH, height * scale, tuple(chars), edges))


@cache
def _engine() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise MissingExtraError(
            "没有文字层的页面需要文字识别，而文字识别组件未安装", advice='请运行 pip install "duibiao[ocr]"'
        ) from error
    return RapidOCR(params={"Global.log_level": "error"})


def _frames(source: Source) -> Iterator[Picture]:
    import numpy
    from PIL import Image, ImageFile, ImageOps, ImageSequence

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on where it has been imported
    try:
        with Image.open(BytesIO(source.data)) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if number >= source.options.max_pages:
                    return
                upright = ImageOps.exif_transpose(frame).convert("RGBA")
                upright.thumbnail((_MAX_SIDE, _MAX_SIDE))
                paper = Image.new("RGBA", upright.size, "white")
                yield numpy.asarray(Image.alpha_composite(paper, upright).convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DamagedDocumentError(
            "图片已损坏或过大，无法解码", where=source.name, advice="请重新扫描或导出"
        ) from error


def _usual_height(boxes: Sequence[Box]) -> float:
    return median(_height(box) for box in boxes)


def _height(box: Box) -> float:
    """Height of a line, or width of an upright one."""
    tall, wide = abs(box[3][1] - box[0][1]), abs(box[1][0] - box[0][0])
    return min(tall, wide) if tall > _UPRIGHT * wide else tall


def _skew(boxes: Sequence[Box]) -> float:
    """The page's slant in degrees: that of its long lines' upper edges, each weighing as much as it is long."""
    slants = sorted(
        (degrees(atan2(box[1][1] - box[0][1], box[1][0] - box[0][0])), box[1][0] - box[0][0])
        for box in boxes
        if box[1][0] - box[0][0] > _LONG_LINE * _height(box)
    )
    half, passed = sum(length for _, length in slants) / 2, 0.0
    for slant, length in slants:
        passed += length
        if passed >= half:
            return slant
    return 0.0


def _straightened(picture: Picture, boxes: Sequence[Box], angle: float) -> tuple[Picture, list[Box]]:
    import cv2

    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    flat = cv2.warpAffine(picture, turn, (width, height), borderValue=(255, 255, 255))
    turned = [
        tuple(
            (float(turn[0, 0] * x + turn[0, 1] * y + turn[0, 2]), float(turn[1, 0] * x + turn[1, 1] * y + turn[1, 2]))
            for x, y in box
        )
        for box in boxes
    ]
    return flat, turned


def _spread(text: str, box: Box, scale: float, usual: float) -> Iterator[Char]:
    """The characters of a recognised line, set evenly over its box; Chinese letters twice as wide as Latin ones."""
    xs, ys = [x * scale for x, _ in box], [y * scale for _, y in box]
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    height = _height(box)
    size = _LETTER * scale * (usual if _SAME_SIZE[0] < height / usual < _SAME_SIZE[1] else height)
    upright = bottom - top > _UPRIGHT * (right - left) and len(text) > 1
    weights = [2.0 if is_cjk(c) or upright else 1.1 for c in text]
    step, offset = ((bottom - top) if upright else (right - left)) / sum(weights), 0.0
    for character, weight in zip(text, weights, strict=True):
        start, end = offset * step, (offset + weight) * step
        offset += weight
        if character.isspace():
            continue
        if upright:
            yield Char(character, left, top + start, right, top + end, top + end - 0.2 * size, size, False)
        else:
            yield Char(character, left + start, top, left + end, bottom, bottom - 0.2 * (bottom - top), size, False)


def _inside(edge: Edge, box: Box, scale: float) -> bool:
    """Whether a stroke lies within a line of text: part of a large letter rather than a rule."""
    xs, ys = [x * scale for x, _ in box], [y * scale for _, y in box]
    across, along = (xs, ys) if edge.vertical else (ys, xs)
    return min(across) <= edge.position <= max(across) and min(along) <= edge.start + 1 and edge.end - 1 <= max(along)


def _ruled_lines(picture: Picture, scale: float) -> Iterator[Edge]:
    """Long straight dark strokes of the picture."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    length = max(picture.shape[1] // _LINE_SHARE, 20)
    for vertical in (False, True):
        shape = (1, length) if vertical else (length, 1)
        strokes = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, shape))
        outlines, _ = cv2.findContours(strokes, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for outline in outlines:
            x, y, width, height = cv2.boundingRect(outline)
            thick, long = (width, height) if vertical else (height, width)
            if thick <= max(long / 8, 6):
                middle, start = (x + width / 2, y) if vertical else (y + height / 2, x)
                yield Edge(vertical, middle * scale, start * scale, (start + long) * scale)
