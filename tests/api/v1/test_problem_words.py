"""The English of problems: complete, about sentences that exist, with every value kept."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.http.problem_words import CATALOGUE, in_english, preferred
from api.i18n import read_catalogue

ROOT = Path(__file__).resolve().parents[3]
#: What a request can meet. What is said at the start of the program, to whoever starts it, is Chinese only.
MET = (
    *(
        "api/auth",
        "api/services",
        "api/routes",
        "api/jobs",
        "api/rendering",
        "api/store/blobs.py",
        "api/store/codec.py",
    ),
    *("api/errors.py", "api/http/forms.py", "api/http/problems.py", "corpora/parsers", "corpora/standard_json.py"),
    *("corpora/standard_import.py", "corpora/standard_parser", "alignment/programme/packs", "alignment/compare.py"),
)


def template(node: ast.AST) -> str:
    """A literal as the catalogue writes it, "" for what is none."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def chinese(text: str) -> bool:
    """Whether there is any Chinese in it."""
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def trees(*places: str) -> Iterator[ast.AST]:
    """The code below some files and folders."""
    for place in places:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield ast.parse(file.read_text("utf-8"))


def said(tree: ast.AST) -> Iterator[str]:
    """The sentences with which errors are raised."""
    for node in ast.walk(tree):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and (name.endswith("Error") or name == "__init__"):
            named = [keyword.value for keyword in node.keywords if keyword.arg in ("what", "advice")]
            yield from filter(chinese, map(template, [*node.args[:1], *named]))


def test_every_sentence_has_its_english() -> None:
    """What the service says of an error, it can say in English."""
    known = read_catalogue(CATALOGUE)
    sentences = {sentence for tree in trees(*MET) for sentence in said(tree)}
    assert len(sentences) > 150
    assert sorted(sentences - known.keys()) == []


def test_the_catalogue_holds_nothing_else() -> None:
    """Every key stands in the code, and its English has the same gaps."""
    known = read_catalogue(CATALOGUE)
    literals = {template(node) for tree in trees("api", "corpora", "alignment") for node in ast.walk(tree)}
    assert sorted(known.keys() - literals) == []
    assert [key for key, value in known.items() if key.count("{}") != value.count("{}")] == []
    assert [value for value in known.values() if value.endswith((".", "。"))] == []


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("文件是空的", "The file is empty"),
        ("文件超过 50 MB", "The file is larger than 50 MB"),
        ("这一批有 7 个文件，每批最多 5 个", "This batch has 7 files; a batch may have 5"),
        ("统一登录没有成功：提供方没有应答", "The single sign-on failed: the provider does not answer"),
        ("一句没有的话", None),
    ],
)
def test_sentences_are_translated_with_their_values(text: str, english: str | None) -> None:
    """Values are put in where they belong; those that are sentences themselves are translated too."""
    assert in_english(text) == english


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("en-US,en;q=0.9,zh-CN;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr, de", "zh"),
        ("EN;q=0.5", "en"),
        ("en;q=nonsense", "zh"),
        ("en;q=0", "zh"),
        ("*", "zh"),
    ],
)
def test_the_language_is_the_readers(accept: str | None, language: str) -> None:
    """Chinese unless English is preferred."""
    assert preferred(accept) == language
