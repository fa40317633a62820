"""The optional judge with a language model: the fitted judge's verdicts, looked at again where an answer can turn them.

Off unless asked for. Whatever the server does, the fitted verdicts stand where no usable answer came, and the verdicts'
``notes`` say so. Text of the document reaches the model as JSON strings, as data; an answer counts only when its quote
is found verbatim in a passage that was shown, and even then it moves the fitted probability by a bounded step.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from email.utils import parsedate_to_datetime
from socket import gaierror
from typing import TYPE_CHECKING, Any

import numpy as np

from alignment.judge import JudgeModel, Verdicts
from alignment.language_model import Chat, ChatError, Conversation, Limits, ModelOptions, Reply, Schema
from alignment.logistic import log_odds, sigmoid
from alignment.model_answers import AnswerCache
from alignment.model_verdicts import (
    INSTRUCTIONS,
    VERDICTS_SCHEMA,
    Answer,
    Question,
    as_data,
    cite,
    question_of,
    read_answer,
    read_verdicts,
)
from alignment.passages import Passages
from alignment.prepared import PreparedStandard
from corpora.errors import MissingExtraError

if TYPE_CHECKING:
    from alignment.aligner import DocumentJudge

#: Log odds by which an answer moves a probability: 9 to 1, a prior, not a measurement.
STEP = float(np.log(9))

#: Only elements whose probability lies this near a threshold, in log odds, are asked about: 3 to 1.
NEAR = float(np.log(3))

#: Elements in one call.
BATCH = 8


class LanguageModelJudge:
    """A judge like ``alignment.judge.Judge`` that puts the near cases before a language model.

    Parameters
    ----------
    fitted : gives the verdicts to start from, and the thresholds.
    chat : the model.
    cache : keeps its answers.
    limits : what one document may cost.
    sleep : waits between attempts.
    """

    def __init__(
        self,
        fitted: DocumentJudge,
        chat: Chat,
        cache: AnswerCache,
        limits: Limits | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.fitted, self.chat, self.cache = fitted, chat, cache
        self.limits, self.sleep = limits or Limits(), sleep

    def model_for(self, prepared: PreparedStandard) -> JudgeModel:
        """See ``Judge.model_for``."""
        return self.fitted.model_for(prepared)

    def judge(self, prepared: PreparedStandard, passages: Passages, title: str) -> Verdicts:
        """See ``Judge.judge``; ``notes`` of the verdicts tell what the model decided and what it did not answer."""
        verdicts = self.fitted.judge(prepared, passages, title)
        thresholds = self.model_for(prepared).thresholds
        distance = thresholds.distance(verdicts.p_touched, verdicts.p_covered)
        rows = np.argsort(distance, kind="stable")[: np.count_nonzero(distance < NEAR)]
        if not verdicts.segments.shape[1] or not len(rows):
            return verdicts
        questions = [question_of(prepared, passages, verdicts, int(row), self.chat.name) for row in rows]
        conversation = Conversation(self.chat, self.limits, self.sleep)
        answers = self._answers(conversation, questions)
        cited = {q.row: cite(passages, q, answers[q.name]) for q in questions if q.name in answers}
        for question in questions:
            place = cited.get(question.row)
            if place is not None:
                verdicts = moved(verdicts, question.row, answers[question.name].grade, place)
        notes = _notes(self.chat.name, len(questions), cited, conversation)
        return replace(verdicts, notes=(*verdicts.notes, *notes))

    def _answers(self, conversation: Conversation, questions: Sequence[Question]) -> dict[str, Answer]:
        """Answers by cache name, from the cache or the model; questions that nobody answered are left out."""
        known = {q.name: answer for q in questions if (answer := read_answer(self.cache.get(q.name)))}
        open_questions = [q for q in questions if q.name not in known]
        for start in range(0, len(open_questions), BATCH):
            batch = open_questions[start : start + BATCH]
            items = [{"n": n, **question.item} for n, question in enumerate(batch, 1)]
            found = conversation.ask(INSTRUCTIONS, as_data({"items": items}), VERDICTS_SCHEMA, read_verdicts)
            for n, answer in (found or {}).items():
                if 1 <= n <= len(batch):
                    known[batch[n - 1].name] = answer
                    self.cache.put(batch[n - 1].name, vars(answer))
            if conversation.stopped:
                break
        return known


def moved(verdicts: Verdicts, row: int, grade: int, segment: int) -> Verdicts:
    """Verdicts with one element's probabilities moved by ``STEP`` towards a grade, the cited passage first."""
    touched, covered = verdicts.p_touched.copy(), verdicts.p_covered.copy()
    touched[row] = _stepped(touched[row], up=grade >= 1)
    covered[row] = min(_stepped(covered[row], up=grade == 2), touched[row])
    changed = replace(verdicts, p_touched=touched, p_covered=covered)
    place = np.flatnonzero(verdicts.segments[row] == segment)
    return _led_by(changed, row, int(place[0])) if len(place) else changed


def _led_by(verdicts: Verdicts, row: int, place: int) -> Verdicts:
    """Verdicts in which one candidate of an element stands before the others, no less probable than they."""
    order = np.array([place, *(i for i in range(verdicts.segments.shape[1]) if i != place)])
    arrays = {name: getattr(verdicts, name).copy() for name in ("segments", "passage", "similarity")}
    arrays["passage"][row, place] = arrays["passage"][row].max()
    for array in arrays.values():
        array[row] = array[row][order]
    return replace(verdicts, **arrays)


def _stepped(probability: np.float32, up: bool) -> np.float32:
    step = STEP if up else -STEP
    return np.float32(sigmoid(np.array([float(log_odds(probability)) + step], np.float32))[0])


def _notes(model: str, asked: int, cited: dict[int, int | None], conversation: Conversation) -> Iterator[str]:
    """What a reader of the report should know of the model's part in it."""
    taken = sum(place is not None for place in cited.values())
    yield f"接近界限的 {asked} 项要素交语言模型 {model} 复核，采纳 {taken} 项回答"
    if len(cited) > taken:
        yield f"{len(cited) - taken} 项回答的引文在文件中找不到，未采纳，按内置判定"
    if asked > len(cited):
        why = conversation.stopped or "回答不合格式"
        yield f"{asked - len(cited)} 项没有得到语言模型的回答（{why}），按内置判定"


class LangchainChat:
    """A model on an OpenAI-compatible server through langchain-openai.

    Parameters
    ----------
    options : which model on which server.

    Raises
    ------
    MissingExtraError : langchain-openai is not installed.
    """

    def __init__(self, options: ModelOptions) -> None:
        self.options = options
        try:
            from langchain_openai import ChatOpenAI
        except ImportError as error:
            advice = '请安装：pip install "duibiao[llm]"'
            raise MissingExtraError("使用语言模型需要 langchain-openai", advice=advice) from error
        self._model = ChatOpenAI(
            model=options.model,
            base_url=options.url,
            api_key=lambda: options.key or "none",  # never the environment's key for another server
            timeout=options.timeout,
            temperature=options.temperature,
            max_retries=0,
            use_responses_api=False,
        )

    @property
    def name(self) -> str:
        """The model's name."""
        return self.options.model

    def ask(self, system: str, user: str, schema: Schema) -> Reply:
        """See ``Chat.ask``."""
        import openai

        strict = True if self.options.method == "json_schema" else None
        chain = self._model.with_structured_output(schema, method=self.options.method, include_raw=True, strict=strict)
        try:
            found: Any = chain.invoke([("system", system), ("human", user)])
            usage = found["raw"].usage_metadata
        except openai.APITimeoutError as error:
            raise ChatError(f"{self.options.timeout:g} 秒内没有回答", "busy") from error
        except openai.APIConnectionError as error:
            unreachable = any(isinstance(cause, ConnectionRefusedError | gaierror) for cause in _causes(error))
            raise ChatError("连不上语言模型的服务器", "refused" if unreachable else "busy") from error
        except openai.APIStatusError as error:
            raise _of_status(error.status_code, error.response.headers.get("retry-after", "")) from error
        except (openai.OpenAIError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise ChatError("回答不合格式") from error
        if found["parsed"] is None:
            raise ChatError("回答不合格式")
        tokens = usage["total_tokens"] if usage else None
        return Reply(found["parsed"], tokens if isinstance(tokens, int) and tokens > 0 else None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what lies under it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _of_status(status: int, retry_after: str) -> ChatError:
    if status in (408, 409, 425, 429) or status >= 500:
        what = "请求太频繁" if status == 429 else "服务器出错"
        return ChatError(f"{what}（HTTP {status}）", "busy", retry_seconds(retry_after, time.time()))
    what = {401: "密钥不对", 403: "没有权限", 404: "没有这个地址或模型"}.get(status, "服务器拒绝了请求")
    return ChatError(f"{what}（HTTP {status}）", "refused")


def retry_seconds(header: str, now: float) -> float | None:
    """Seconds that a Retry-After header asks to wait, None when it says nothing usable.

    Parameters
    ----------
    header : a number of seconds or an HTTP date (RFC 9110, 10.2.3).
    now : seconds since the epoch.
    """
    try:
        return max(float(header), 0.0)
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(header).timestamp() - now, 0.0)
    except (ValueError, TypeError, OverflowError):
        return None
