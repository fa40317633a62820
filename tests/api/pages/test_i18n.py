"""Every text of the pages is in two languages, and the catalogues hold nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.i18n import CATALOGUES, catalogue, language, read_catalogue, translate
from tests.conftest import ROOT

_API = ROOT / "api"
_IN_TEMPLATE = re.compile(r"""\b(?:t|mark)\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_NAMES = re.compile(r"\{(\w+)\}")
_BRACKETS = re.compile(r"\([^)]*\)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def _of_templates() -> Iterator[tuple[str, Path]]:
    for path in sorted((_API / "templates").rglob("*.j2")):
        for literal in _IN_TEMPLATE.findall(path.read_text("utf-8")):
            yield ast.literal_eval(literal), path


def _of_code() -> Iterator[tuple[str, Path]]:
    for path in sorted(_API.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _called(node) in ("t", "mark"):
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.value, path


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _texts() -> dict[str, Path]:
    return dict([*_of_templates(), *_of_code()])


def test_every_text_has_its_english() -> None:
    """A text of a template or of the code stands in a catalogue of ``api/i18n/en``."""
    missing = [f"{path.relative_to(ROOT)}: {text}" for text, path in _texts().items() if text not in catalogue()]
    assert not missing, "\n".join(missing)


def test_catalogues_hold_no_text_that_is_not_used() -> None:
    """What no template and no code says any more is gone from the catalogues."""
    used = _texts()
    unused = [f"{path.name}: {key}" for path in _catalogues() for key in read_catalogue(path) if key not in used]
    assert not unused, "\n".join(unused)


def test_catalogues_agree() -> None:
    """A text that stands in two catalogues has the same English in both."""
    seen: dict[str, tuple[str, str]] = {}
    quarrels = []
    for path in _catalogues():
        for key, value in read_catalogue(path).items():
            other = seen.setdefault(key, (value, path.name))
            if other[0] != value:
                quarrels.append(f"{key}: {other[1]} says {other[0]!r}, {path.name} says {value!r}")
    assert not quarrels, "\n".join(quarrels)


def test_english_keeps_the_values_and_has_no_chinese() -> None:
    """``{name}`` of the Chinese is in the English too; Chinese stands in the English in brackets only."""
    for key, value in catalogue().items():
        assert sorted(_NAMES.findall(key)) == sorted(_NAMES.findall(value)), key
        assert not _CHINESE.search(_BRACKETS.sub("", value)), key


def test_templates_say_nothing_but_through_the_catalogue() -> None:
    """Chinese stands in the pages' templates only inside ``t(…)`` and comments."""
    loose = []
    for folder in ("pages", "parts"):
        for path in sorted((_API / "templates" / folder).rglob("*.j2")):
            text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
            text = _IN_TEMPLATE.sub("", text)
            loose += [f"{path.name}: {line.strip()}" for line in text.splitlines() if _is_loose(line)]
    assert not loose, "\n".join(loose)


def _is_loose(line: str) -> bool:
    rest = line.replace(">中文</a>", "").replace("（{{", "").replace("}}）", "").replace('join("、")', "")
    return bool(_CHINESE.search(rest))


@pytest.mark.parametrize(
    ("lang", "text", "values", "expected"),
    [
        ("zh", "共 {n} 个文件", {"n": 3}, "共 3 个文件"),
        ("en", "共 {n} 个文件", {"n": 3}, "3 files"),
        ("en", "没有译文的字", {}, "没有译文的字"),
        ("zh", "带{花括号}的原文", {}, "带{花括号}的原文"),
    ],
)
def test_translating(lang: str, text: str, values: dict[str, int], expected: str) -> None:
    """Values are put in; a text without English is shown as it is."""
    assert translate(language(lang), text, **values) == expected


@pytest.mark.parametrize("cookie", [None, "", "de", "EN", "zh"])
def test_chinese_unless_english_is_chosen(cookie: str | None) -> None:
    """Any other value of the cookie means Chinese."""
    assert language(cookie) == "zh"


def _catalogues() -> list[Path]:
    return sorted(CATALOGUES.glob("*.yaml"))
