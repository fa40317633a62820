"""A Standard as a CASE 1.1 package (1EdTech Competencies and Academic Standards Exchange, CFPackage).

Identifiers are UUIDs of version 5 over the standard's code and the statement's id, so that every export of the same
standard names the same things alike. Statements, elements and rules are CFItems; the tree is in ``isChildOf``
associations; ``same_as`` is ``isPeerOf``, a room's courses ``isRelatedTo``. The package's document and items leave out
the links that CASE keeps for single retrieval (CFPackageURI, CFDocumentURI), as its package schema demands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from corpora.standard import Element, Rule, Standard, Statement

Json = dict[str, Any]

_SPACE = uuid5(NAMESPACE_URL, "urn:duibiao:case")
_ABBREVIATED = 60
_TYPE_NAMES = {
    "competency": "培养规格",
    "core_course": "专业核心课程",
    "foundation_course": "专业基础课程",
    "extension_course": "专业拓展课程",
    "public_required": "公共基础必修课程",
    "public_required_or_elective": "公共基础必修或选修课程",
    "task": "工作内容",
    "requirement": "主要教学内容与要求",
    "provision": "规定",
    "practice_project": "实训项目",
    "practice_comprehensive": "综合实训",
    "internship_position": "实习岗位",
    "cross_cutting": "贯穿内容",
    "faculty": "师资要求",
    "facility": "教学设施",
    "training_room": "实训室",
    "internship_place": "实习场所",
    "teaching_material": "教学资源",
    "quality_assurance": "质量保障",
    "graduation": "毕业要求",
    "element": "要素",
    "numeric": "量化规则",
    "set": "包含规则",
    "ordinal": "等级规则",
}


@dataclass
class _Package:
    """The package being filled: every node once, every association once."""

    standard: Standard
    changed: str
    items: list[Json] = field(default_factory=list)
    associations: list[Json] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    def identifier(self, name: str) -> str:
        """UUID of anything in this standard by its id."""
        return str(uuid5(_SPACE, f"{self.standard.code}/{name}"))

    def link(self, name: str) -> Json:
        """A LinkURI to a node."""
        identifier = self.identifier(name)
        return {"title": self.titles[name], "identifier": identifier, "uri": f"urn:uuid:{identifier}"}

    def item(self, name: str, kind: str, text: str, **fields: Any) -> None:
        """Add a CFItem; empty fields are left out."""
        identifier = self.identifier(name)
        self.titles[name] = text[:_ABBREVIATED]
        type_id = self.identifier(f"type/{kind}")
        item = {
            "identifier": identifier,
            "uri": f"urn:uuid:{identifier}",
            "fullStatement": text,
            "humanCodingScheme": name,
            "CFItemType": _TYPE_NAMES.get(kind, kind),
            "CFItemTypeURI": {
                "title": _TYPE_NAMES.get(kind, kind),
                "identifier": type_id,
                "uri": f"urn:uuid:{type_id}",
            },
            "language": "zh-CN",
            "lastChangeDateTime": self.changed,
            **fields,
        }
        self.items.append({key: value for key, value in item.items() if value not in ("", None, [])})

    def associate(self, kind: str, origin: str, destination: str, sequence: int | None = None) -> None:
        """Add a CFAssociation from one node to another."""
        identifier = self.identifier(f"{kind}/{origin}/{destination}")
        association: Json = {
            "identifier": identifier,
            "associationType": kind,
            "uri": f"urn:uuid:{identifier}",
            "originNodeURI": self.link(origin),
            "destinationNodeURI": self.link(destination),
            "lastChangeDateTime": self.changed,
        }
        if sequence is not None:
            association["sequenceNumber"] = sequence
        self.associations.append(association)


def to_case(standard: Standard, changed: datetime | None = None) -> Json:
    """The standard as a CFPackage: ``CFDocument``, ``CFItems``, ``CFAssociations``, ``CFDefinitions``.

    Parameters
    ----------
    changed : when the standard was last changed, with a time zone; now when left out.
    """
    package = _Package(standard, (changed or datetime.now(UTC)).isoformat(timespec="seconds"))
    package.titles["document"] = standard.title or standard.name
    for statement in standard.statements:
        _add_statement(package, statement)
    rules = (*standard.rules, *standard.other_rules)
    for rule in rules:
        _add_rule(package, rule)
    for sequence, (child, parent) in enumerate(_tree(standard), 1):
        package.associate("isChildOf", child, parent, sequence)
    for statement in standard.statements:
        _relate(package, statement)
    return {
        "CFDocument": _document(package),
        "CFItems": package.items,
        "CFAssociations": package.associations,
        "CFDefinitions": {"CFItemTypes": _item_types(package)},
    }


def _document(package: _Package) -> Json:
    standard, identifier = package.standard, package.identifier("document")
    subject = standard.occupations.major_class
    document = {
        "identifier": identifier,
        "uri": f"urn:uuid:{identifier}",
        "caseVersion": "1.1",
        "creator": "教育部",
        "title": package.titles["document"],
        "lastChangeDateTime": package.changed,
        "description": standard.overview,
        "subject": [subject.name] if subject else [],
        "language": "zh-CN",
        "version": standard.edition,
        "adoptionStatus": "Draft" if standard.edition == "试行" else "Adopted",
        "notes": f"专业代码 {standard.code}；专业名称 {standard.name}；{standard.level}",
    }
    return {key: value for key, value in document.items() if value not in ("", [])}


def _add_statement(package: _Package, statement: Statement) -> None:
    package.item(
        statement.id,
        statement.kind,
        statement.text,
        abbreviatedStatement=statement.title,
        alternativeLabel="；".join(statement.aliases),
        listEnumeration=str(statement.number or ""),
        notes=statement.note,
    )
    for element in statement.elements:
        _add_element(package, element)


def _add_element(package: _Package, element: Element) -> None:
    notes = f"动词：{element.verb}；层级：{element.level}{'（态度，层级仅供参考）' if element.affective else ''}"
    package.item(
        element.id,
        "element",
        element.text,
        abbreviatedStatement=element.key,
        conceptKeywords=[element.key],
        notes=notes,
    )


def _add_rule(package: _Package, rule: Rule) -> None:
    value = "、".join(map(str, rule.value)) if isinstance(rule.value, tuple) else str(rule.value)
    notes = f"{rule.subject}｜{rule.quantity}｜{rule.operator} {value}{rule.unit}｜{rule.strength}"
    package.item(rule.id, rule.type, rule.text, notes=notes)


def _tree(standard: Standard) -> Iterator[tuple[str, str]]:
    """(child, parent) of every item; what has no parent hangs on the document."""
    for statement in standard.statements:
        yield statement.id, statement.parent if statement.parent in standard.by_id else "document"
        for element in statement.elements:
            yield element.id, statement.id
    for rule in (*standard.rules, *standard.other_rules):
        yield rule.id, rule.statement if rule.statement in standard.by_id else "document"


def _relate(package: _Package, statement: Statement) -> None:
    known = package.standard.by_id
    for other in statement.same_as:
        if other in known and statement.id < other:
            package.associate("isPeerOf", statement.id, other)
    for course in statement.course_refs:
        if course in known:
            package.associate("isRelatedTo", statement.id, course)


def _item_types(package: _Package) -> list[Json]:
    """Definitions of the item types that occur."""
    used = dict.fromkeys(item["CFItemType"] for item in package.items)
    kinds = {_TYPE_NAMES.get(kind, kind): kind for kind in _TYPE_NAMES}
    return [
        {
            "identifier": (identifier := package.identifier(f"type/{kinds.get(title, title)}")),
            "uri": f"urn:uuid:{identifier}",
            "title": title,
            "description": title,
            "hierarchyCode": str(n),
            "typeCode": kinds.get(title, title),
            "lastChangeDateTime": package.changed,
        }
        for n, title in enumerate(used, 1)
    ]
