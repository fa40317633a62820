"""The page in two languages: Chinese text is the key, English stands in the catalogues of ``en/``, one file an area."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

Language = Literal["zh", "en"]
Translate = Callable[..., str]

#: Name of the cookie that holds the language of the page.
COOKIE = "lang"
CATALOGUES = Path(__file__).with_name("en")


def language(value: str | None) -> Language:
    """The language that a cookie or an address names; Chinese where it names none."""
    return cast(Language, value) if value in get_args(Language) else "zh"


def translate(lang: Language, text: str, **values: object) -> str:
    """A text of the page in a language, with ``{name}`` replaced by values; Chinese where there is no English.

    Texts stand where they are used as literals, ``t("中文")`` or ``mark("中文")``: a test reads them and asks for their
    English.
    """
    found = catalogue().get(text, text) if lang == "en" else text
    return found.format_map(values) if values else found


def translator(lang: Language) -> Translate:
    """``translate`` for one language: what templates and pages call ``t``."""

    def t(text: str, **values: object) -> str:
        return translate(lang, text, **values)

    return t


def mark(text: str) -> str:
    """A Chinese text that is translated later, where it is shown."""
    return text


@cache
def catalogue() -> dict[str, str]:
    """Chinese -> English, all areas together."""
    return {key: value for path in sorted(CATALOGUES.glob("*.yaml")) for key, value in read_catalogue(path).items()}


def read_catalogue(path: Path) -> dict[str, str]:
    """One area's texts."""
    found = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return cast("dict[str, str]", found or {})
