"""Set and ordinal rules: what must be included (courses, topics, parties) and what rank is asked for (副高, 本科)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpora.standard import Rule, Standard, Statement, Strength
from corpora.standard_parser.numeric_rules import TEACHERS, force
from corpora.standard_parser.wording import names

_RANKS = (
    (
        "职称",
        re.compile(
            r"(?P<value>正高|副高|高级|中级|初级)(?:级)?(?:及)?以上\S*?(?:专业技术)?职称|"
            r"(?P<other>副高|中级)\S{0,6}职称"
        ),
    ),
    ("学历", re.compile(r"(?P<value>博士|硕士|研究生|本科|大专|专科)(?:研究生)?(?:及)?以上(?:学历|学位)")),
)
_QUALIFICATION = re.compile(r"具有(?P<what>[^，。；]{0,6}教师资格(?:证书?)?)")
_AGREEMENT = re.compile(r"签[订署](?P<parties>[^，。；]+?)(?:三方|双方|两方|多方)协议")


def set_rules(standard: Standard) -> tuple[Rule, ...]:
    """Rules in the standard's order: listed courses, topics, ranks of teachers, agreements."""
    found = [*_course_sets(standard), *_topics(standard), *_teachers(standard), *_agreements(standard)]
    return tuple(replace(rule, id=f"OR{n:02d}") for n, rule in enumerate(found, 1))


def _course_sets(standard: Standard) -> Iterator[Rule]:
    for kind, subject in (
        ("public_required", "公共基础必修课程"),
        ("public_required_or_elective", "公共基础必修或选修课程"),
    ):
        for provision, ids in _by_parent(standard, kind):
            yield _includes(provision, subject, "课程", ids, force(provision.text))
    lead = next((s for s in standard.statements if s.section == "8.1.2" and "包括以下" in s.text), None)
    content = tuple(s.id for s in standard.of_kind("foundation_course", "core_course"))
    if lead and content:
        yield _includes(lead, "专业基础与专业核心课程", "内容（课程名称由学校自主确定）", content, force(lead.text))
    for provision, ids in _by_parent(standard, "extension_course"):
        yield _includes(provision, "专业拓展课程", "课程", ids, force(provision.text))


def _topics(standard: Standard) -> Iterator[Rule]:
    for provision, ids in _by_parent(standard, "cross_cutting"):
        if re.search(r"开设|讲座", provision.text):
            yield _includes(
                provision, "拓展课程或专题讲座（活动）", "主题", ids, force(provision.text.split("拓展")[0])
            )


def _teachers(standard: Standard) -> Iterator[Rule]:
    for statement in standard.of_kind("faculty"):
        who = TEACHERS.get(statement.section, "教师")
        qualification = _QUALIFICATION.search(statement.text)
        if qualification:
            text = qualification.group()
            yield _rule(
                "set", statement, who, "资格", "includes", (qualification["what"],), text, force(statement.text)
            )
        for quantity, pattern in _RANKS:
            rank = pattern.search(statement.text)
            if rank:
                name = "专业技术职称" if "专业技术职称" in rank.group() else quantity
                text = statement.text[: rank.end()]
                value = rank["value"] or rank.groupdict().get("other")
                yield _rule("ordinal", statement, who, name, ">=", value, text, force(text))


def _agreements(standard: Standard) -> Iterator[Rule]:
    for statement in standard.of_kind("internship_place"):
        found = _AGREEMENT.search(statement.text)
        parties = names(found["parties"]) if found else ()
        if found and len(parties) > 1:
            yield _rule(
                "set", statement, "实习协议", "签署方", "includes", parties, found.group(), force(statement.text)
            )


def _by_parent(standard: Standard, kind: str) -> Iterator[tuple[Statement, tuple[str, ...]]]:
    groups: dict[str, list[str]] = {}
    for statement in standard.of_kind(kind):
        if statement.parent:
            groups.setdefault(statement.parent, []).append(statement.id)
    for parent, ids in groups.items():
        yield standard.by_id[parent], tuple(ids)


def _includes(provision: Statement, subject: str, quantity: str, ids: tuple[str, ...], strength: Strength) -> Rule:
    return _rule("set", provision, subject, quantity, "includes", ids, provision.text, strength)


def _rule(
    type_: str,
    statement: Statement,
    subject: str,
    quantity: str,
    operator: str,
    value: object,
    text: str,
    strength: Strength,
) -> Rule:
    return Rule("", type_, subject, quantity, operator, value, strength, text, statement.section, statement.id)
