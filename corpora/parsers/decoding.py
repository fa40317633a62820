"""From bytes of unknown encoding to text: UTF-8, UTF-16, GB18030 or Big5, told apart by how likely the letters are."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from corpora.errors import UnsupportedFormatError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 20_000
_LIKELY = 0.6
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 0.01
_FAULT = 10
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
    "這個們來國時會對發動過說產種後學為於從經與課教務業實習標準課程內容掌握運營理解应教"
)
_PUNCTUATION = frozenset("，。、；：？！（）《》“”‘’【】…—－・「」『』①②③④⑤⑥⑦⑧⑨⑩　％＋＝／")


def decode(data: bytes, declared: str = "", where: str = "") -> str:
    """The text of a file.

    A byte order mark decides; then strict UTF-8; then whichever of UTF-8 with a few faults, GB18030, Big5, UTF-16 and
    the declared encoding reads as the likeliest text; then any other encoding that charset-normalizer finds.

    Parameters
    ----------
    data : the file's bytes.
    declared : name of the encoding that the file claims, "" for none.
    where : the file's name, for messages.

    Raises
    ------
    UnsupportedFormatError : the bytes are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, "replace"), where)
    try:
        return _checked(data.decode("utf-8"), where)
    except (UnicodeDecodeError, UnsupportedFormatError):
        encodings = ["utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"]
    if declared and _is_known(declared):
        encodings.insert(0, declared)
    sample = data[: 2 * _SAMPLE]
    rated = [(_likelihood(sample.decode(name, "replace"), name), -rank, name) for rank, name in enumerate(encodings)]
    best = max(rated)
    return _checked(data.decode(best[2], "replace") if best[0] >= _LIKELY else _guessed(data, where), where)


def _is_known(encoding: str) -> bool:
    try:
        b"a".decode(encoding, "replace")
    except (LookupError, UnicodeError):
        return False
    return True


def _guessed(data: bytes, where: str) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 5 * _SAMPLE]).best()
    if best is None:
        raise UnsupportedFormatError(
            "不是文本文件，或编码无法识别", where=where, advice="请另存为 UTF-8 编码的文本后再试"
        )
    return data.decode(best.encoding, "replace")


def _checked(text: str, where: str) -> str:
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > _CONTROL_SHARE * len(sample):
        raise UnsupportedFormatError("文件是二进制内容，不是文本", where=where, advice="请检查文件扩展名是否正确")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _likelihood(text: str, encoding: str) -> float:
    """Share of characters that ordinary Chinese or English text is made of; common letters add, faults deduct."""
    letters = {character: times for character, times in Counter(text).items() if not character.isspace()}
    if not letters:
        return 0.0
    good = sum(times for character, times in letters.items() if _is_ordinary(character, encoding))
    common = sum(times for character, times in letters.items() if character in _COMMON)
    faults = text.rstrip("\ufffd").count("\ufffd")
    return (good + 0.5 * common - _FAULT * faults) / sum(letters.values())


def _is_ordinary(character: str, encoding: str) -> bool:
    """Printable ASCII, Chinese punctuation, or a letter of the first, frequent level of GB 2312 or Big5."""
    if " " < character < "\x7f" or character in _PUNCTUATION:
        return True
    big5 = "big5" in encoding.lower() or encoding.lower() == "cp950" or encoding.lower().startswith("utf")
    if big5 and b"\xa4" <= character.encode("big5", "ignore")[:1] <= b"\xc6":
        return True
    return "big5" not in encoding.lower() and b"\xb0" <= character.encode("gb2312", "ignore")[:1] <= b"\xd7"
