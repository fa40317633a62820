"""Settings, read once from the environment; lower floors receive what they need as arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from corpora.errors import UsageError

JudgeName = Literal["builtin", "llm"]
MethodName = Literal["json_schema", "function_calling", "json_mode"]


@dataclass(frozen=True)
class LanguageModelSettings:
    """The optional language model: which one, and what one document may cost.

    Parameters
    ----------
    url, model : OpenAI-compatible server and the model's name there (``DUIBIAO_LLM_URL``, ``DUIBIAO_LLM_MODEL``).
    key : the server's key, never shown (``DUIBIAO_LLM_KEY``).
    method : how the answer's form is enforced (``DUIBIAO_LLM_METHOD``).
    temperature : None leaves it to the server (``DUIBIAO_LLM_TEMPERATURE``).
    timeout : seconds (``DUIBIAO_LLM_TIMEOUT``).
    calls, tokens : bounds of one document or draft (``DUIBIAO_LLM_CALLS``, ``DUIBIAO_LLM_TOKENS``).
    """

    url: str = ""
    model: str = ""
    key: str = field(default="", repr=False)
    method: MethodName = "json_schema"
    temperature: float | None = 0.0
    timeout: float = 60.0
    calls: int = 60
    tokens: int = 200_000


@dataclass(frozen=True)
class ServiceSettings:
    """The service: where it keeps things, who may come in, how much they may send.

    Parameters
    ----------
    database : address of a PostgreSQL database, empty for SQLite in the data folder (``DUIBIAO_DATABASE``).
    auth : whether accounts are on (``DUIBIAO_AUTH``, ``--auth``).
    hosts : host names that the service answers to, besides those of this machine (``DUIBIAO_HOSTS``).
    https : whether browsers come through TLS, so that cookies are marked secure (``DUIBIAO_HTTPS``).
    proxies : addresses of reverse proxies whose word on the client's address is taken (``DUIBIAO_PROXIES``).
    session_hours : how long a sign-in lasts (``DUIBIAO_SESSION_HOURS``).
    workers : documents aligned at the same time, each in a process of its own (``DUIBIAO_WORKERS``).
    job_seconds : after which a document's alignment is given up (``DUIBIAO_JOB_SECONDS``).
    worker_name : name of this worker among several, the same after a restart (``DUIBIAO_WORKER_NAME``).
    upload_mb : largest file (``DUIBIAO_UPLOAD_MB``).
    batch_mb, batch_files : largest batch, and most files in one, those in a zip counted
        (``DUIBIAO_BATCH_MB``, ``DUIBIAO_BATCH_FILES``).
    retention_days : after which documents are deleted with all that belongs to them; 0 never
        (``DUIBIAO_RETENTION_DAYS``).
    uploads_per_minute, sign_ins_per_minute : most of each a user, or an address, may try
        (``DUIBIAO_UPLOADS_PER_MINUTE``, ``DUIBIAO_SIGN_INS_PER_MINUTE``).
    log_format, log_level : of the service's log on stderr (``DUIBIAO_LOG_FORMAT``, ``DUIBIAO_LOG_LEVEL``).
    oidc_issuer, oidc_client, oidc_secret, oidc_name : an OpenID Connect provider to sign in with, and its name on the
        button (``DUIBIAO_OIDC_ISSUER``, ``DUIBIAO_OIDC_CLIENT``, ``DUIBIAO_OIDC_SECRET``, ``DUIBIAO_OIDC_NAME``).
    """

    database: str = field(default="", repr=False)
    auth: bool = False
    hosts: tuple[str, ...] = ()
    https: bool = False
    proxies: tuple[str, ...] = ()
    session_hours: int = 12
    workers: int = 1
    job_seconds: int = 600
    worker_name: str = "worker"
    upload_mb: int = 50
    batch_mb: int = 500
    batch_files: int = 500
    retention_days: int = 0
    uploads_per_minute: int = 120
    sign_ins_per_minute: int = 10
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    oidc_name: str = "统一身份认证"


@dataclass(frozen=True)
class Settings:
    """What the environment decides.

    Parameters
    ----------
    data : folder of imported standards, stores and caches (``DUIBIAO_DATA``).
    encoder : encoder by name or path, empty for the built-in one (``DUIBIAO_ENCODER``).
    judge : the built-in judge, or the one that also asks a language model (``DUIBIAO_JUDGE``).
    llm : that language model.
    service : what only the service needs.
    """

    data: Path
    encoder: str = ""
    judge: JudgeName = "builtin"
    llm: LanguageModelSettings = LanguageModelSettings()
    service: ServiceSettings = ServiceSettings()

    @property
    def standards(self) -> Path:
        """Folder of imported standards."""
        return self.data / "standards"

    @property
    def answers(self) -> Path:
        """File of a language model's answers."""
        return self.data / "answers.sqlite"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from environment variables; the data folder defaults to the platform's place for user data.

    Raises
    ------
    UsageError : a variable has a value that it cannot have.
    """
    environment = os.environ if environment is None else environment
    data = environment.get("DUIBIAO_DATA", "")
    return Settings(
        data=Path(data).expanduser() if data else _user_data(),
        encoder=environment.get("DUIBIAO_ENCODER", ""),
        judge=cast(JudgeName, _one_of(environment, "DUIBIAO_JUDGE", get_args(JudgeName))),
        llm=_language_model(environment),
    )


def _language_model(environment: Mapping[str, str]) -> LanguageModelSettings:
    temperature = environment.get("DUIBIAO_LLM_TEMPERATURE", "0").strip()
    return LanguageModelSettings(
        url=_address(environment, "DUIBIAO_LLM_URL"),
        model=environment.get("DUIBIAO_LLM_MODEL", "").strip(),
        key=_key(environment, "DUIBIAO_LLM_KEY"),
        method=cast(MethodName, _one_of(environment, "DUIBIAO_LLM_METHOD", get_args(MethodName))),
        temperature=_number(environment, "DUIBIAO_LLM_TEMPERATURE", 0, least=0) if temperature else None,
        timeout=_number(environment, "DUIBIAO_LLM_TIMEOUT", 60, least=0.01),
        calls=int(_number(environment, "DUIBIAO_LLM_CALLS", 60, least=1)),
        tokens=int(_number(environment, "DUIBIAO_LLM_TOKENS", 200_000, least=1)),
    )


def _one_of(environment: Mapping[str, str], name: str, values: tuple[str, ...]) -> str:
    """One of the values, the first where the variable is empty."""
    value = environment.get(name, "").strip() or values[0]
    if value not in values:
        raise UsageError(f"不认识“{value}”", where=name, advice=f"可用：{'、'.join(values)}")
    return value


def _number(environment: Mapping[str, str], name: str, default: float, least: float) -> float:
    text = environment.get(name, "").strip()
    try:
        value = float(text) if text else float(default)
    except ValueError:
        value = float("nan")
    if not least <= value < 1e9:
        raise UsageError(f"“{text}”不是可用的数", where=name, advice=f"应不小于 {least:g}")
    return value


def _address(environment: Mapping[str, str], name: str) -> str:
    url = environment.get(name, "").strip()
    try:
        parts = urlsplit(url)
        usable = not url or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        usable = False
    if not usable or not url.isascii() or any(char.isspace() for char in url):
        raise UsageError("不是可用的网址", where=name, advice="例如 http://localhost:8000/v1")
    return url


def _key(environment: Mapping[str, str], name: str) -> str:
    key = environment.get(name, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise UsageError("密钥里有不能发送的字符", where=name)
    return key


def _user_data() -> Path:
    from platformdirs import user_data_path

    return user_data_path("duibiao", appauthor=False)
