"""Settings as fields of dataclasses: each read from a named text, checked, and described for the documentation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from corpora.errors import UsageError

T = TypeVar("T")
Check = Callable[[str], str]

_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Variable:
    """A setting as the documentation lists it: the variable's name, its meaning in both languages, its default."""

    name: str
    zh: str
    en: str
    default: str


def setting(
    default: Any,
    zh: str,
    en: str,
    *,
    least: float = -math.inf,
    check: Check | None = None,
    secret: bool = False,
    shown: str | None = None,
) -> Any:
    """A field of a settings class.

    Parameters
    ----------
    default : value where the variable is not set, or empty.
    zh, en : what it means.
    least : smallest number that it may be.
    check : says what is wrong with a text ("" for nothing).
    secret : whether it stays out of representations.
    shown : the default in words, where its value says too little.
    """
    return field(
        default=default,
        repr=not secret,
        metadata={"zh": zh, "en": en, "least": least, "check": check, "shown": shown},
    )


def read_fields(kind: type[T], prefix: str, values: Mapping[str, str], **given: Any) -> T:
    """An object of a settings class from texts; the variable of a field is the prefix and its name in capitals.

    ``given`` are the fields that no text decides.

    Raises
    ------
    UsageError : a variable has a value that it cannot have.
    """
    hints = get_type_hints(kind)
    found: dict[str, Any] = {}
    for item in fields(kind):  # type: ignore[arg-type]
        name = prefix + item.name.upper()
        if item.metadata and name in values:
            found[item.name] = _value(name, values[name], hints[item.name], item.default, item.metadata)
    return kind(**given, **found)


def variables(kind: type, prefix: str) -> Iterator[Variable]:
    """The variables of a settings class."""
    for item in fields(kind):
        if item.metadata:
            shown = item.metadata["shown"]
            default = shown if shown is not None else _shown(item.default)
            yield Variable(prefix + item.name.upper(), item.metadata["zh"], item.metadata["en"], default)


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "1" if default else "0"
    if isinstance(default, tuple):
        return ", ".join(default)
    return f"{default:g}" if isinstance(default, float) else str(default)


def _value(name: str, text: str, hint: Any, default: Any, notes: Mapping[str, Any]) -> Any:
    """A text as a value of the field's type."""
    stripped = text.strip()
    if get_origin(hint) in (Union, UnionType):
        if text and not stripped:  # a blank says: none
            return None
        hint = next(part for part in get_args(hint) if part is not NoneType)
    if not stripped:
        return default
    if hint is bool:
        return _truth(name, stripped)
    if hint in (int, float):
        return hint(_number(name, stripped, notes["least"], whole=hint is int))
    if get_origin(hint) is Literal:
        return _one_of(name, stripped, get_args(hint))
    if get_origin(hint) is tuple:
        return tuple(part.strip() for part in stripped.split(",") if part.strip())
    what, _, advice = (notes["check"](stripped) if notes["check"] else "").partition("；")
    if what:
        raise UsageError(what, where=name, advice=advice)
    return stripped


def _truth(name: str, text: str) -> bool:
    if text.lower() not in (*_TRUE, *_FALSE):
        raise UsageError(f"不认识“{text}”", where=name, advice="可用：1、0")
    return text.lower() in _TRUE


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise UsageError(f"不认识“{text}”", where=name, advice=f"可用：{'、'.join(allowed)}")
    return text


def _number(name: str, text: str, least: float, whole: bool) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value < 1e12 or (whole and value != int(value)):
        kind = "整数" if whole else "数"
        raise UsageError(f"“{text}”不是可用的{kind}", where=name, advice=f"应不小于 {least:g}")
    return value


def web_address(text: str) -> str:
    """What is wrong with an http(s) address."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    usable = usable and text.isascii() and not any(char.isspace() for char in text)
    return "" if usable else "不是可用的网址；例如 http://localhost:8000/v1"


def sendable(text: str) -> str:
    """What is wrong with a secret that goes into an HTTP header."""
    return "" if text.isascii() and text.isprintable() else "密钥里有不能发送的字符；"


def database_address(text: str) -> str:
    """What is wrong with the address of a PostgreSQL database."""
    usable = urlsplit(text).scheme in ("postgresql", "postgresql+psycopg", "postgres")
    return (
        ""
        if usable
        else "不是 PostgreSQL 数据库的地址；例如 postgresql://duibiao:口令@localhost/duibiao，不设则用 SQLite"
    )
