"""Names of uploaded files: shown and kept, never used as paths."""

from __future__ import annotations

import unicodedata

_LONGEST = 200
_UNNAMED = "未命名"


def clean_name(name: str) -> str:
    """The last part of a name, without control and direction marks, of bounded length; its suffix stays.

    >>> clean_name("C:\\\\教案\\\\网店运营.docx"), clean_name("../../x")
    ('网店运营.docx', 'x')
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")).strip()
    if kept.strip(".") == "":
        return _UNNAMED
    if len(kept) > _LONGEST:
        stem, dot, suffix = kept.rpartition(".")
        kept = stem[: _LONGEST - len(suffix) - 1] + dot + suffix if dot and len(suffix) < 10 else kept[:_LONGEST]
    return kept
