"""Importing: a file becomes one standard of the official template, or the majors of a file of profiles.

The JSON of an export comes back as well, so that a standard can be corrected by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

from corpora.document import Document
from corpora.errors import StandardFormatError
from corpora.profiles import parse_profiles
from corpora.standard import Standard, Strength
from corpora.standard_json import standard_from_bytes, standard_to_json
from corpora.standard_parser import ImportedStandard, ImportReport, parse_standard


def import_standards(document: Document, code: str = "") -> tuple[ImportedStandard, ...]:
    """The standards that a file holds, each with the report of its import.

    Parameters
    ----------
    document : a read standard, or a read file of official major profiles (专业简介).
    code : the standard's code where the file does not name it.

    Raises
    ------
    StandardFormatError : the file is neither.
    """
    profiles = parse_profiles(document)
    if profiles:
        return tuple(ImportedStandard(profile, _profile_report(profile)) for profile in profiles)
    return (parse_standard(document, code),)


def import_json(data: bytes, where: str, code: str = "") -> ImportedStandard:
    """The standard of an exported JSON file, with what it holds.

    Parameters
    ----------
    data : the file's bytes; ``where`` its name, for messages.
    code : replaces the code in the file.

    Raises
    ------
    StandardFormatError : it is no standard's JSON, holds no statement, or a rule has a force that there is not.
    """
    try:
        standard = standard_from_bytes(data)
    except StandardFormatError as error:
        raise StandardFormatError("不是一部标准的 JSON", where=where, advice=_JSON_ADVICE) from error
    if any(_UNSEEN.search(text) for text in _texts(standard_to_json(standard))):
        raise StandardFormatError("里面有控制字符或不完整的字符", where=where, advice="请去掉这些字符后再导入")
    if not standard.statements:
        raise StandardFormatError("里面没有条目（statements）", where=where, advice=_JSON_ADVICE)
    for rule in (*standard.rules, *standard.other_rules):
        if rule.strength not in get_args(Strength):
            allowed = "、".join(get_args(Strength))
            what = f"规则 {rule.id} 的约束力（strength）“{rule.strength}”不可用"
            raise StandardFormatError(what, where=where, advice=f"可写 {allowed}")
    standard = replace(standard, code=code) if code else standard
    counts = {
        **Counter(statement.kind for statement in standard.statements),
        "numeric_rule": len(standard.rules),
        "other_rule": len(standard.other_rules),
        "element": len(standard.elements),
    }
    warnings = () if standard.elements else ("没有能力要素，不能用于对照",)
    return ImportedStandard(standard, ImportReport(counts=counts, warnings=warnings))


#: Control characters besides tab and line ends, and halves of characters.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_JSON_ADVICE = "请导入用 duibiao standard export 导出的 JSON，改动时保持它的格式"


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _profile_report(standard: Standard) -> ImportReport:
    counts = Counter(statement.kind for statement in standard.statements)
    warnings = () if standard.elements else ("没有能力要求，不能用于对照",)
    paragraphs = sum(len(section.paragraphs) for section in standard.sections)
    return ImportReport(paragraphs, counts={**counts, "element": len(standard.elements)}, warnings=warnings)
