"""Typer's help and its complaints about a call, in Chinese."""

from __future__ import annotations

import re
from typing import Any

import typer.core

_LABELS = (
    ("Usage:", "用法："),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]…"),
    ("Arguments:", "参数："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("Show this message and exit.", "显示帮助。"),
    ("[required]", "[必填]"),
    ("[default: ", "[默认："),
)

#: Typer's complaints as patterns, with what they say; the first that matches is taken.
_COMPLAINTS = (
    (r"Missing (?:argument|option|parameter) ?'?(?P<name>[^'.]*)'?\..*", "缺少 {name}"),
    (r"Missing command\.", "缺少命令"),
    (r"No such command '(?P<name>.*?)'\..*mean (?P<rest>.*)\?", "没有命令 {name}，是不是 {rest}"),
    (r"No such command '(?P<name>.*?)'\..*", "没有命令 {name}"),
    (r"No such option: (?P<name>\S+) .*: (?P<rest>--.*)\)", "没有选项 {name}，是不是 {rest}"),
    (r"No such option: (?P<name>\S+)(?P<rest>.*)", "没有选项 {name}"),
    (r"Option '(?P<name>.*)' requires an argument\.", "选项 {name} 后面缺少值"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((?P<name>.*)\)", "多出的参数：{name}"),
    (r"Invalid value for '(?P<name>.*?)':.*?is not one of (?P<rest>.*?)\.?", "{name} 的值不对，可用：{rest}"),
    (r"Invalid value for '(?P<name>.*?)': .*less than or equal to (?P<rest>\S+)", "{name} 的值太大，最大 {rest}"),
    (r"Invalid value for '(?P<name>.*?)': .*greater than or equal to (?P<rest>\S+)", "{name} 的值太小，最小 {rest}"),
    (r"Invalid value for '(?P<name>.*?)': .*valid (?:integer|number).*", "{name} 的值应是数"),
    (r"Invalid value for '(?P<name>.*?)': (?P<rest>.*)", "{name} 的值不对（{rest}）"),
)


class Group(typer.core.TyperGroup):
    """A group of commands with its help in Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        return _in_chinese(super().get_help(ctx))


class Command(typer.core.TyperCommand):
    """A command with its help in Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        return _in_chinese(super().get_help(ctx))


def complaint(message: str) -> str:
    """What Typer says of a wrong call, in Chinese; its own words where they are not known."""
    flat = " ".join(message.split())
    for pattern, words in _COMPLAINTS:
        found = re.fullmatch(pattern, flat)
        if found:
            return words.format(**{name: (value or "").replace("'", "") for name, value in found.groupdict().items()})
    return flat


def _in_chinese(text: str) -> str:
    for english, chinese in _LABELS:
        text = text.replace(english, chinese)
    return text
