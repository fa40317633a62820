"""Local rule packs in YAML: read and checked, held against the standard, and their course lists judged.

``docs/rule-packs.md`` describes the file. Nothing in a pack changes a rule of the standard: both are judged, and
``conflicts`` names where they part.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from alignment.programme.packs.by_course import judge_required_courses
from alignment.programme.packs.conflicts import conflicts
from alignment.programme.packs.model import PackRule, RequiredCourse, RulePack
from alignment.programme.packs.reading import Mapping, pack_of
from corpora.errors import MissingExtraError, StandardFormatError, UsageError

__all__ = ["PackRule", "RequiredCourse", "RulePack", "conflicts", "judge_required_courses", "load_pack", "read_pack"]

#: Largest pack that is read, in bytes; the longest one imaginable has a few dozen.
LIMIT = 256 * 1024


def load_pack(path: Path | str) -> RulePack:
    """The rule pack of a YAML file.

    Raises
    ------
    UsageError : there is no such file.
    StandardFormatError : it is too large, no YAML, or says something that a pack cannot say; the message tells the
        line, the key and what is allowed.
    """
    path = Path(path)
    if not path.is_file():
        raise UsageError("找不到规则包文件", where=str(path), advice="请检查路径")
    with path.open("rb") as file:
        return read_pack(file.read(LIMIT + 1), path.name)


def read_pack(data: bytes, name: str) -> RulePack:
    """The rule pack of a YAML file's bytes.

    Raises
    ------
    StandardFormatError : as for ``load_pack``.
    """
    if len(data) > LIMIT:
        raise StandardFormatError(f"规则包超过 {LIMIT // 1024} KiB", where=name, advice="请只保留规则")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StandardFormatError("规则包不是 UTF-8 编码", where=name, advice="请另存为 UTF-8") from error
    return pack_of(_parse(text, name), name)


def _parse(text: str, where: str) -> Any:
    """The file's values, mappings with the lines of their keys.

    Only plain YAML is taken: anchors and aliases are refused (they can blow a small file up), and so are tags that
    ask for anything but text, numbers, lists and mappings.
    """
    try:
        import yaml
    except ImportError as error:
        raise MissingExtraError("读取规则包需要 PyYAML", where=where, advice="请执行 pip install PyYAML") from error
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is not None and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise StandardFormatError("规则包里不能用锚点与引用（& 和 *）", where=where, advice="请把内容写全")
        return _value(loader, node, where)
    except yaml.YAMLError as error:
        raise StandardFormatError(
            f"不是正确的 YAML{_problem(error)}", where=_at(error, where), advice=_SPACES
        ) from error
    except RecursionError as error:
        raise StandardFormatError("规则包嵌套过深", where=where, advice="请按文档的格式书写") from error
    finally:
        loader.dispose()


_SPACES = "请检查缩进（用空格，不用制表符）、冒号后的空格和引号"


#: Kinds of value that a pack may hold; "" is an empty file.
_TAGS = ("", "map", "seq", "str", "int", "float", "bool", "null", "timestamp")


def _value(loader: Any, node: Any, where: str) -> Any:
    """A node as plain value; a mapping keeps the line of every key and refuses a key that stands twice."""
    import yaml

    kind = "" if node is None else str(node.tag).removeprefix("tag:yaml.org,2002:")
    if kind not in _TAGS:
        line = node.start_mark.line + 1
        raise StandardFormatError(f"规则包里不能用标签 {node.tag}", where=f"{where} 第{line}行", advice="请去掉标签")
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in found:
                raise StandardFormatError(f"“{key}”写了两次", where=f"{where} 第{line}行", advice="请删去一个")
            found[key], lines[key] = _value(loader, value_node, where), line
        return Mapping(found, lines, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, where) for item in node.value]
    if node is None or kind == "timestamp":
        return node and node.value
    return loader.construct_object(node, deep=True)


#: What the reader of YAML says of the slips that people make, and what they are called here.
_PROBLEMS = (
    (r"cannot start any token", "有不能用的字符，例如制表符"),
    (r"mapping values are not allowed", "缩进没有对齐，或冒号用错了地方（含冒号的文字要加引号）"),
    (r"could not find expected ':'", "缺冒号，或冒号后缺空格"),
    (r"expected <block end>|block sequence entries|did not find expected", "缩进没有对齐，或引号后面还有文字"),
    (r"unexpected end of stream|quoted scalar", "引号没有配对"),
    (r"expected ',' or", "方括号或花括号没有配对"),
)


def _problem(error: Exception) -> str:
    """What is wrong in Chinese, with a colon before it; empty for what has no name here."""
    said = str(getattr(error, "problem", None) or "")
    return next((f"：{name}" for words, name in _PROBLEMS if re.search(words, said)), "")


def _at(error: Exception, where: str) -> str:
    mark = getattr(error, "problem_mark", None)
    return where if mark is None else f"{where} 第{mark.line + 1}行"
