"""A judge with a language model on a fake server, for the tests of what it takes and of what it survives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from alignment.judge import JudgeModel, Thresholds, Verdicts, load_judge
from alignment.judge_langchain import LangchainChat, LanguageModelJudge
from alignment.language_model import Limits, ModelOptions
from alignment.model_answers import AnswerCache
from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from tests.fake_model_server import FakeModelServer, Say, verdicts

#: Of the six elements of the small standard: one beyond doubt each way, four that an answer can turn.
TOUCHED = (0.5, 0.8, 0.7, 0.3, 0.01, 0.6)
COVERED = (0.4, 0.78, 0.3, 0.2, 0.005, 0.5)
NEAR = [0, 2, 3, 5]


@dataclass(frozen=True)
class SteadyJudge:
    """A fitted judge whose verdicts are given: candidates are the passages in their order."""

    touched: tuple[float, ...] = TOUCHED
    covered: tuple[float, ...] = COVERED

    def model_for(self, prepared: PreparedStandard) -> JudgeModel:  # noqa: ARG002
        """Thresholds of one half."""
        return replace(load_judge().bankless, thresholds=Thresholds())

    def judge(self, prepared: PreparedStandard, passages: Passages, title: str) -> Verdicts:  # noqa: ARG002
        """The given probabilities."""
        shape = (len(self.touched), len(passages.segments))
        return Verdicts(
            np.array(self.touched, np.float32),
            np.array(self.covered, np.float32),
            np.array([0.9, 0.1], np.float32),
            np.tile(np.arange(shape[1]), (shape[0], 1)),
            np.tile(np.linspace(0.8, 0.1, shape[1], dtype=np.float32), (shape[0], 1)),
            np.tile(np.linspace(0.7, 0.2, shape[1], dtype=np.float32), (shape[0], 1)),
        )


@dataclass
class Bench:
    """A standard and a document before a judge with a language model on the fake server."""

    server: FakeModelServer
    prepared: PreparedStandard
    passages: Passages
    options: ModelOptions
    cache: AnswerCache
    limits: Limits = field(default_factory=Limits)
    slept: list[float] = field(default_factory=list)

    def judge(self, *script: Say, fitted: SteadyJudge | None = None) -> Verdicts:
        """Verdicts while the server answers by a script."""
        self.server.script = list(script)
        chat = LangchainChat(self.options)
        judge = LanguageModelJudge(fitted or SteadyJudge(), chat, self.cache, self.limits, self.slept.append)
        return judge.judge(self.prepared, self.passages, "果树栽培")

    @property
    def fitted(self) -> Verdicts:
        """What the fitted judge says."""
        return SteadyJudge().judge(self.prepared, self.passages, "")


@pytest.fixture
def server() -> Iterator[FakeModelServer]:
    """A language model's server."""
    server = FakeModelServer()
    yield server
    server.close()


@pytest.fixture
def bench(server: FakeModelServer, bankless: PreparedStandard, orchard_passages: Passages) -> Bench:
    """The orchard's syllabus, the small standard, an empty cache."""
    options = ModelOptions(server.url, "small-model", "key-1234", timeout=5)
    return Bench(server, bankless, orchard_passages, options, AnswerCache())


def first(item: dict[str, Any]) -> str:
    """The first passage of an item, whole."""
    return str(item["passages"][0])


def third(item: dict[str, Any]) -> str:
    """The third passage, without its end and with a line break in it."""
    text = str(item["passages"][2])
    return f"{text[:3]}\n{text[3:-1]}"


GOOD = Say(verdicts(2, first))


def same(found: Verdicts, other: Verdicts) -> bool:
    """Whether all arrays agree."""
    names = ("p_touched", "p_covered", "courses", "segments", "passage", "similarity")
    return all(np.array_equal(getattr(found, name), getattr(other, name)) for name in names)
