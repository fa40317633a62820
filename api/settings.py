"""Settings, read once from the environment and one file; lower floors receive what they need as arguments.

Run as a module, it prints the table of docs/settings.md.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from api.settings_fields import (
    Variable,
    database_address,
    read_fields,
    sendable,
    setting,
    variables,
    web_address,
)
from corpora.errors import UsageError

JudgeName = Literal["builtin", "llm"]
MethodName = Literal["json_schema", "function_calling", "json_mode"]

_PREFIX = "DUIBIAO_"
_LLM = "DUIBIAO_LLM_"

#: Names the settings file; by default ``duibiao.toml`` in the data folder.
_CONFIG = Variable(
    "DUIBIAO_CONFIG", "设置文件（TOML），见下", "the settings file (TOML), see below", "数据文件夹里的 duibiao.toml"
)
_DATA = Variable(
    "DUIBIAO_DATA",
    "数据文件夹：导入的标准、数据库、上传的文件、缓存",
    "data folder: imported standards, database, uploaded files, caches",
    "系统的用户数据文件夹",
)


@dataclass(frozen=True)
class LanguageModelSettings:
    """The optional language model: which one, and what one document may cost."""

    url: str = setting(
        "",
        "OpenAI 兼容服务的地址，如 http://localhost:8000/v1；不设则不用语言模型",
        "address of an OpenAI-compatible server; without it no language model is used",
        check=web_address,
    )
    model: str = setting("", "模型名称", "the model's name there")
    key: str = setting("", "密钥；不设则不发送真实密钥", "its key", check=sendable, secret=True)
    method: MethodName = setting(
        "json_schema",
        "约束回答格式的方式：json_schema、function_calling 或 json_mode",
        "how the answer's form is enforced: json_schema, function_calling or json_mode",
    )
    temperature: float | None = setting(
        0.0, "采样温度；设为空格则由服务决定", "of sampling; a blank leaves it to the server", least=0
    )
    timeout: float = setting(60.0, "等待回答的秒数", "seconds to wait for an answer", least=0.01)
    calls: int = setting(60, "每份文档（或每次起草）最多调用几次", "most calls for one document (or draft)", least=1)
    tokens: int = setting(
        200_000, "每份文档（或每次起草）最多用多少 token", "most tokens for one document (or draft)", least=1
    )


@dataclass(frozen=True)
class ServiceSettings:
    """The service: where it keeps things, who may come in, how much they may send."""

    database: str = setting(
        "",
        "PostgreSQL 数据库的地址；不设则用数据文件夹里的 SQLite",
        "address of a PostgreSQL database; without it SQLite in the data folder",
        check=database_address,
        secret=True,
    )
    auth: bool = setting(
        False,
        "是否启用账号（同 serve --auth）；不启用时只供本机一人使用",
        "whether accounts are on (as serve --auth); without them the service is for one person on this machine",
    )
    hosts: tuple[str, ...] = setting(
        (),
        "允许访问的主机名，逗号分隔；本机名称总是允许",
        "host names it answers to besides those of this machine, by commas",
    )
    https: bool = setting(
        False,
        "浏览器是否经 HTTPS 访问（决定 Cookie 的 Secure 与 HSTS）",
        "whether browsers come through TLS: secure cookies, HSTS",
    )
    proxies: tuple[str, ...] = setting(
        (),
        "可信反向代理的地址，逗号分隔",
        "addresses of reverse proxies whose word on the client's address is taken, by commas",
    )
    session_hours: int = setting(12, "登录保持的小时数", "hours that a sign-in lasts", least=1)
    workers: int = setting(
        1,
        "同时处理几份文档，每份一个进程",
        "documents aligned at the same time, each in a process of its own",
        least=1,
    )
    job_seconds: int = setting(600, "一份文档最多处理多少秒", "seconds after which a document is given up", least=1)
    worker_name: str = setting(
        "worker",
        "有多个处理进程时各自的名称，重启后不变",
        "name of this worker among several, the same after a restart",
    )
    upload_mb: int = setting(50, "单个文件的上限（MB）", "largest file, MB", least=1)
    batch_mb: int = setting(500, "一批文件的上限（MB）", "largest batch, MB", least=1)
    batch_files: int = setting(
        500, "一批最多几个文件（zip 内的也计）", "most files of a batch, those in a zip counted", least=1
    )
    retention_days: int = setting(
        0,
        "文档保存的天数，到期连同报告、意见一并删除；0 为不删",
        "days after which a document is deleted with its reports and decisions; 0 keeps it",
        least=0,
    )
    uploads_per_minute: int = setting(120, "每人每分钟最多上传几次", "most uploads of a user in a minute", least=1)
    sign_ins_per_minute: int = setting(
        10, "每个账号、每个地址每分钟最多尝试登录几次", "most sign-ins of an account or address in a minute", least=1
    )
    log_format: Literal["text", "json"] = setting(
        "text", "日志格式：text 或 json", "of the log on stderr: text or json"
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "日志级别：debug、info、warning、error", "debug, info, warning or error"
    )
    oidc_issuer: str = setting(
        "",
        "OpenID Connect 提供方的地址；设了才有统一登录",
        "address of an OpenID Connect provider to sign in with",
        check=web_address,
    )
    oidc_client: str = setting("", "在提供方登记的客户端编号", "the client id registered there")
    oidc_secret: str = setting("", "客户端密钥", "its secret", check=sendable, secret=True)
    oidc_name: str = setting("统一身份认证", "登录按钮上的名称", "what the sign-in button says")


@dataclass(frozen=True)
class Settings:
    """What the environment and the settings file decide; ``data`` is the data folder."""

    data: Path
    encoder: str = setting(
        "",
        "sentence-transformers 模型的名称或路径",
        "name or path of a sentence-transformers model",
        shown="内置静态模型",
    )
    judge: JudgeName = setting(
        "builtin",
        "builtin 只用内置判定；llm 把接近界限的要素再交给语言模型（同 report --judge llm）",
        "builtin, or llm: near cases are put before a language model too (as report --judge llm)",
    )
    llm: LanguageModelSettings = LanguageModelSettings()
    service: ServiceSettings = ServiceSettings()

    @property
    def standards(self) -> Path:
        """Folder of imported standards."""
        return self.data / "standards"

    @property
    def corpus(self) -> Path:
        """Folder of the user's suggestion corpus."""
        return self.data / "corpus"

    @property
    def answers(self) -> Path:
        """File of a language model's answers."""
        return self.data / "answers.sqlite"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from environment variables and, where they are silent, the settings file.

    Raises
    ------
    UsageError : a variable has a value that it cannot have, or the file cannot be read or names an unknown setting.
    """
    environment = os.environ if environment is None else environment
    named = environment.get(_DATA.name, "").strip()
    data = Path(named).expanduser() if named else _user_data()
    values = {**_file_values(environment, data), **environment}
    return read_fields(
        Settings,
        _PREFIX,
        values,
        data=data,
        llm=read_fields(LanguageModelSettings, _LLM, values),
        service=read_fields(ServiceSettings, _PREFIX, values),
    )


def all_variables() -> list[Variable]:
    """Every variable, in the order of the documentation."""
    return [
        _DATA,
        _CONFIG,
        *variables(Settings, _PREFIX),
        *variables(ServiceSettings, _PREFIX),
        *variables(LanguageModelSettings, _LLM),
    ]


def table() -> str:
    """The table of docs/settings.md."""
    lines = ["| 变量 variable | 含义 | meaning | 默认 default |", "|---|---|---|---|"]
    lines += [f"| `{item.name}` | {item.zh} | {item.en} | {item.default} |" for item in all_variables()]
    return "\n".join(lines)


def _file_values(environment: Mapping[str, str], data: Path) -> dict[str, str]:
    """What the settings file says, as the variables would."""
    named = environment.get(_CONFIG.name, "").strip()
    path = Path(named).expanduser() if named else data / "duibiao.toml"
    if not named and not path.is_file():
        return {}
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"设置文件读不出来（{error.strerror}）", where=str(path), advice=f"请检查 {_CONFIG.name}"
        ) from error
    except ValueError as error:
        raise UsageError(f"设置文件不是正确的 TOML（{error}）", where=str(path)) from error
    known = {item.name for item in all_variables()} - {_DATA.name, _CONFIG.name}
    values = {_PREFIX + key.upper(): _text(value) for key, value in held.items()}
    unknown = [name.removeprefix(_PREFIX).lower() for name in values if name not in known]
    if unknown:
        raise UsageError(f"不认识的设置：{'、'.join(unknown)}", where=str(path), advice="可用的设置见 docs/settings.md")
    return values


def _text(value: Any) -> str:
    """A value of the file as the variable would hold it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _user_data() -> Path:
    from platformdirs import user_data_path

    return user_data_path("duibiao", appauthor=False)


if __name__ == "__main__":
    print(table())
