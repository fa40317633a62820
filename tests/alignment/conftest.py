"""Fixtures of the alignment tests: a small standard of its own, documents made by hand, the built-in encoder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from alignment.aligner import Aligner
from alignment.passages import Passages, read_passages
from alignment.prepared import PreparedStandard, prepare
from corpora.document import Document
from corpora.document_builder import DocumentBuilder
from corpora.expressions import Expression
from corpora.parsers import read_document
from corpora.segments import segment
from corpora.standard import Element, Standard, Statement, TypicalTask
from corpora.standard_import import import_standards
from corpora.standard_json import load_standard
from index.encoders import load_encoder, word_vectors
from index.protocols import Encoder

MakeDocument = Callable[..., Document]


def _statement(
    id: str, kind: str, parent: str | None, *elements: tuple[str, str, str, int], **more: object
) -> Statement:
    """A statement whose text is its elements' texts; ``elements`` are (text, key, verb, level)."""
    text = "，".join(element[0] for element in elements)
    made = tuple(
        Element(f"{id}.e{n}", id, words, key, (text.index(key), text.index(key) + len(key)), verb, level)
        for n, (words, key, verb, level) in enumerate(elements, 1)
    )
    return Statement(id, kind, text, parent=parent, elements=made, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def mini() -> Standard:
    """Two core courses that have nothing in common, a competency, and a training room that nobody teaches."""
    return Standard(
        "990001",
        "园艺与烘焙",
        statements=(
            _statement("Q01", "competency", None, ("具有食品安全意识", "食品安全意识", "具有", 2)),
            Statement("C1", "core_course", "果树栽培", title="果树栽培", aliases=("果园管理",)),
            _statement("C1.T1", "task", "C1", ("嫁接苹果树苗", "苹果树苗", "嫁接", 4), title="嫁接"),
            _statement(
                "C1.R1",
                "requirement",
                "C1",
                ("掌握果树修剪方法", "果树修剪方法", "掌握", 3),
                ("制定病虫害防治方案", "病虫害防治方案", "制定", 6),
            ),
            Statement(
                "C2",
                "core_course",
                "烘焙工艺",
                title="烘焙工艺",
                typical_tasks=(TypicalTask(1, "面包制作", "制作面包"),),
            ),
            _statement(
                "C2.R1",
                "requirement",
                "C2",
                ("理解酵母发酵原理", "酵母发酵原理", "理解", 2),
                ("能够调制蛋糕面糊", "蛋糕面糊", "调制", 4),
            ),
            Statement("M1", "training_room", "烘焙实训室", title="烘焙实训室"),
        ),
    )


@pytest.fixture(scope="session")
def bank() -> tuple[Expression, ...]:
    """An expression bank of the small standard; it serves the orchard's requirements only."""
    return (
        Expression("C1.R1.e1", 2, "content", "冬季怎样剪枝"),
        Expression("C1.R1.e1", 2, "practice", "到果园动手剪枝"),
        Expression("C1.R1.e1", 1, "content", "认识各种枝条"),
        Expression("C1.R1.e1", 0, "content", "修剪草坪"),
        Expression("C1.R1.e2", 2, "objective", "会写防虫防病的计划"),
    )


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The built-in encoder."""
    return load_encoder()


@pytest.fixture(scope="session")
def prepared(mini: Standard, bank: tuple[Expression, ...], encoder: Encoder) -> PreparedStandard:
    """The small standard with its bank."""
    return prepare(mini, bank, encoder, word_vectors())


@pytest.fixture(scope="session")
def bankless(mini: Standard, encoder: Encoder) -> PreparedStandard:
    """The small standard without a bank."""
    return prepare(mini, (), encoder, word_vectors())


@pytest.fixture(scope="session")
def make_document() -> MakeDocument:
    """Lines -> a document; ``#`` and ``##`` begin headings of level 1 and 2."""

    def make(*lines: str, name: str = "材料.docx") -> Document:
        builder = DocumentBuilder(name, "\n".join(lines).encode(), "docx")
        for line in lines:
            text = line.lstrip("#")
            level = len(line) - len(text)
            builder.add("heading" if level else "paragraph", text, level=level)
        return builder.build()

    return make


@pytest.fixture(scope="session")
def orchard(make_document: MakeDocument) -> Document:
    """A syllabus of the small standard's first course: objectives, content, practice, assessment."""
    return make_document(
        "#《果树栽培》课程标准",
        "#一、课程目标",
        "掌握果树修剪方法。",
        "了解常见病虫害。",
        "#二、课程内容",
        "果园里怎样嫁接苹果树苗。",
        "冬季怎样剪枝，幼树怎样整形。",
        "#三、实训安排",
        "到果园动手剪枝，每人三株。",
        "#四、考核方式",
        "考核果树修剪的操作过程。",
        name="果树栽培.docx",
    )


@pytest.fixture(scope="session")
def orchard_passages(orchard: Document, encoder: Encoder) -> Passages:
    """Its segments with vectors."""
    return read_passages(segment(orchard), encoder)


@pytest.fixture(scope="session")
def no_passages(make_document: MakeDocument, encoder: Encoder) -> Passages:
    """A document without text."""
    return read_passages(segment(make_document()), encoder)


@pytest.fixture(scope="session")
def ecommerce() -> Standard:
    """The shipped standard 530701."""
    return load_standard("530701")


@pytest.fixture(scope="session")
def mechatronics() -> Standard:
    """An imported standard of another major, without an expression bank."""
    file = Path(__file__).resolve().parents[1] / "corpora" / "standards" / "460301.docx"
    return import_standards(read_document(file))[0].standard


@pytest.fixture(scope="session")
def aligner(encoder: Encoder) -> Aligner:
    """The product as shipped; it keeps prepared standards for all tests."""
    return Aligner.default(encoder)
