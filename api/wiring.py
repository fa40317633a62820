"""The one place where parts are chosen and put together."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from alignment.aligner import Aligner
from alignment.exemplars.live import LiveExemplars
from alignment.finder import StatementFinder
from alignment.judge import Judge, load_judge
from api.settings import JudgeName, Settings
from corpora.errors import UsageError
from corpora.expressions import Expression, load_expressions
from corpora.standard import Standard
from corpora.standard_json import load_standard
from index.encoders import load_encoder

if TYPE_CHECKING:
    from alignment.draft_expressions import ExpressionDrafter
    from alignment.exemplars.store import ExemplarStore
    from alignment.judge_langchain import LangchainChat
    from alignment.language_model import Limits
    from api.service import Service


def build_aligner(settings: Settings, encoder: str = "", judge: JudgeName | None = None) -> Aligner:
    """The aligner with the encoder and the judge asked for, the settings' ones, or the built-in ones.

    Raises
    ------
    UsageError : the judge that asks a language model is wanted, and the settings name no model.
    MissingExtraError : and langchain-openai is not installed.
    LanguageModelError : and its answers cannot be kept in the data folder.
    """

    def banks(standard: Standard) -> tuple[Expression, ...]:
        return load_expressions(standard.code, settings.standards)

    chosen = load_encoder(encoder or settings.encoder or None)
    exemplars = LiveExemplars(settings.corpus, chosen, settings.standards)
    if (judge or settings.judge) == "builtin":
        return Aligner.default(chosen, banks, exemplars)

    from alignment.judge_langchain import LanguageModelJudge
    from alignment.model_answers import AnswerCache

    chat = build_chat(settings)
    shipped = load_judge()
    fitted = Judge(chosen, shipped.bank, shipped.bankless)
    asking = LanguageModelJudge(fitted, chat, AnswerCache(settings.answers), _limits(settings))
    return Aligner(chosen, asking, banks, exemplars)


def build_chat(settings: Settings) -> LangchainChat:
    """The language model that the settings name.

    Raises
    ------
    UsageError : they name none.
    MissingExtraError : langchain-openai is not installed.
    """
    from alignment.judge_langchain import LangchainChat
    from alignment.language_model import ModelOptions

    llm = settings.llm
    missing = [n for n, value in (("DUIBIAO_LLM_URL", llm.url), ("DUIBIAO_LLM_MODEL", llm.model)) if not value]
    if missing:
        raise UsageError("没有设置语言模型", advice=f"请设置环境变量 {'、'.join(missing)}（见 README 的“设置”）")
    return LangchainChat(ModelOptions(llm.url, llm.model, llm.key, llm.method, llm.timeout, llm.temperature))


def build_drafter(settings: Settings) -> ExpressionDrafter:
    """What drafts expression banks with the settings' language model; raises as ``build_chat`` does."""
    from alignment.draft_expressions import ExpressionDrafter
    from alignment.model_answers import AnswerCache

    return ExpressionDrafter(build_chat(settings), AnswerCache(settings.answers), _limits(settings))


def _limits(settings: Settings) -> Limits:
    from alignment.language_model import Limits

    return Limits(settings.llm.calls, settings.llm.tokens)


def find_standard(settings: Settings, code: str) -> Standard:
    """An imported or shipped standard.

    Raises
    ------
    UnknownStandardError : there is none of this code.
    """
    return load_standard(code, settings.standards)


def build_finder(settings: Settings, code: str) -> StatementFinder:
    """Search over the statements of one standard, with the setting's encoder or the built-in one."""
    return StatementFinder(find_standard(settings, code), load_encoder(settings.encoder or None))


def build_exemplars(settings: Settings) -> LiveExemplars:
    """The suggestion corpus, with the setting's encoder or the built-in one."""
    return LiveExemplars(settings.corpus, load_encoder(settings.encoder or None), settings.standards)


def build_exemplar_store(settings: Settings) -> ExemplarStore:
    """The user's part of the suggestion corpus, to be changed."""
    from alignment.exemplars.store import ExemplarStore

    return ExemplarStore(settings.corpus, settings.standards)


def build_service(settings: Settings) -> Service:
    """The running service: database migrated, jobs taken up where they were left.

    Raises
    ------
    UsageError : the database cannot be used.
    """
    from api.jobs.queue import Jobs
    from api.service import Service
    from api.shelf import StandardShelf
    from api.store.database import Store

    store = Store.open(settings)
    shelf = StandardShelf(settings)
    return Service(
        settings=settings,
        store=store,
        jobs=Jobs.open(settings, store),
        aligner=cache(lambda: build_aligner(settings)),
        standard=shelf.standard,
        finder=shelf.finder,
    )
