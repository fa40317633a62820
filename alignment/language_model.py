"""Asking an optional language model: what goes wrong with it, retries with back-off, and bounds on what it may cost.

Which library talks to the server is behind ``Chat``; here nothing is imported that a report without a model needs not.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

Schema = dict[str, Any]
Method = Literal["json_schema", "function_calling", "json_mode"]
T = TypeVar("T")

#: Seconds to wait before the second attempt; doubled before each further one, up to ``LONGEST_WAIT``.
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class ModelOptions:
    """Which model on which server.

    Parameters
    ----------
    url : base address of an OpenAI-compatible server (http://localhost:8000/v1).
    model : the model's name there.
    key : what the server wants as a key; empty for none. Never shown.
    method : how the answer's form is enforced.
    timeout : seconds to wait for the server at each step of a call.
    temperature : of sampling; None leaves it to the server.
    """

    url: str
    model: str
    key: str = ""
    method: Method = "json_schema"
    timeout: float = 60.0
    temperature: float | None = 0.0

    def __repr__(self) -> str:
        return f"ModelOptions(url={self.url!r}, model={self.model!r}, method={self.method!r})"


@dataclass(frozen=True)
class Limits:
    """What one document (or one draft) may cost.

    Parameters
    ----------
    calls : requests to the server, repeated ones included.
    tokens : tokens as the server counts them, else estimated at one a character.
    attempts : tries of one request.
    """

    calls: int = 60
    tokens: int = 200_000
    attempts: int = 4


@dataclass(frozen=True)
class Reply:
    """One parsed answer and the tokens that the server counted for it, None where it did not say."""

    data: Any
    tokens: int | None = None


class ChatError(Exception):
    """One call failed.

    Parameters
    ----------
    what : what happened, in Chinese, without anything the server wrote.
    kind : ``malformed`` (the answer has not the form asked for), ``busy`` (worth trying again) or ``refused``.
    wait : seconds that the server asks to wait.
    """

    def __init__(
        self, what: str, kind: Literal["malformed", "busy", "refused"] = "malformed", wait: float | None = None
    ) -> None:
        super().__init__(what)
        self.what, self.kind, self.wait = what, kind, wait


class Chat(Protocol):
    """One call to a model, no retries."""

    @property
    def name(self) -> str:
        """The model's name: part of what a cached answer is filed under."""
        ...

    def ask(self, system: str, user: str, schema: Schema) -> Reply:
        """The answer to a message, as data of the schema's form.

        Raises
        ------
        ChatError : there is none.
        """
        ...


class Conversation:
    """Questions to one model within limits; once ``stopped`` says why, no further one is put.

    Parameters
    ----------
    chat : the model.
    limits : bounds of cost.
    sleep : waits a number of seconds.
    """

    def __init__(self, chat: Chat, limits: Limits, sleep: Callable[[float], None] = time.sleep) -> None:
        self.chat, self.limits, self._sleep = chat, limits, sleep
        self.calls = self.tokens = 0
        self.stopped = ""

    def ask(self, system: str, user: str, schema: Schema, read: Callable[[Any], T]) -> T | None:
        """What ``read`` makes of the answer, None when no usable one came.

        Parameters
        ----------
        read : turns the answer's data into a value; a ValueError from it makes the answer malformed.
        """
        estimate = len(system) + len(user)
        for attempt in range(self.limits.attempts):
            if self.stopped or self._spent(estimate):
                return None
            self.calls += 1
            try:
                reply = self.chat.ask(system, user, schema)
                self.tokens += reply.tokens if reply.tokens is not None else estimate + len(str(reply.data))
                return read(reply.data)
            except ValueError:
                continue
            except ChatError as error:
                if error.kind == "malformed":
                    self.tokens += estimate
                else:
                    self._wait_or_stop(error, attempt)
        return None

    def _spent(self, estimate: int) -> bool:
        if self.calls >= self.limits.calls:
            self.stopped = f"已达到 {self.limits.calls} 次调用的上限"
        elif self.tokens + estimate > self.limits.tokens:
            self.stopped = f"已达到 {self.limits.tokens} 个 token 的上限"
        return bool(self.stopped)

    def _wait_or_stop(self, error: ChatError, attempt: int) -> None:
        wait = FIRST_WAIT * 2**attempt if error.wait is None else error.wait
        last = attempt + 1 >= self.limits.attempts
        if error.kind == "refused" or last or not math.isfinite(wait) or wait > LONGEST_WAIT:
            self.stopped = error.what
        else:
            self._sleep(max(wait, 0.0))
