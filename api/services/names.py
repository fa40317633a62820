"""Names of uploaded files: shown and kept, never used as paths."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 200
_UNNAMED = "未命名"
#: Categories of control, format, surrogate, private and unassigned characters.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
#: Control characters besides tab and line ends, halves of characters, and direction marks.
_UNWRITTEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean_name(name: str) -> str:
    """The last part of a name, without control and direction marks, of bounded length; its suffix stays.

    >>> clean_name("C:\\\\教案\\\\网店运营.docx"), clean_name("../../x")
    ('网店运营.docx', 'x')
    """
    kept = _printable(name.replace("\\", "/").rstrip("/").rpartition("/")[2])
    if kept.strip(".") == "":
        return _UNNAMED
    if len(kept) > _LONGEST:
        stem, dot, suffix = kept.rpartition(".")
        kept = stem[: _LONGEST - len(suffix) - 1] + dot + suffix if dot and len(suffix) < 10 else kept[:_LONGEST]
    return kept


def clean_title(text: str) -> str:
    """A title that users give, in one line without control and direction marks, of bounded length; "" for none."""
    return " ".join(_printable(text).split())[:_LONGEST]


def clean_text(text: str) -> str:
    """What users write in sentences, without control characters and marks that turn the direction of writing."""
    return _UNWRITTEN.sub("", text).strip()


def _printable(text: str) -> str:
    shown = (char if char != "\n" else " " for char in unicodedata.normalize("NFC", text))
    return "".join(char for char in shown if unicodedata.category(char) not in _UNSEEN).strip()
