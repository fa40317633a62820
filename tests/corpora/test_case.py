"""A standard as a CASE 1.1 package."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from corpora.case import to_case
from corpora.standard import Standard
from corpora.standard_json import load_standard

CHANGED = datetime(2024, 5, 1, tzinfo=UTC)
DOCUMENT = {"identifier", "uri", "creator", "title", "lastChangeDateTime"}
DOCUMENT_MORE = {"caseVersion", "description", "subject", "language", "version", "adoptionStatus", "notes"}
ITEM = {"identifier", "uri", "fullStatement", "lastChangeDateTime"}
ITEM_MORE = {
    "alternativeLabel",
    "CFItemType",
    "CFItemTypeURI",
    "humanCodingScheme",
    "listEnumeration",
    "abbreviatedStatement",
    "conceptKeywords",
    "notes",
    "language",
}
ASSOCIATION = {
    "identifier",
    "associationType",
    "uri",
    "originNodeURI",
    "destinationNodeURI",
    "lastChangeDateTime",
}
ASSOCIATION_TYPES = {
    "isChildOf",
    "isPeerOf",
    "isPartOf",
    "exactMatchOf",
    "precedes",
    "isRelatedTo",
    "replacedBy",
    "exemplar",
    "hasSkillLevel",
    "isTranslationOf",
}
ITEM_TYPE = {"identifier", "uri", "title", "description", "hierarchyCode", "lastChangeDateTime"}


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard("530701")


@pytest.fixture(scope="module")
def package(standard: Standard) -> dict[str, Any]:
    return to_case(standard, CHANGED)


def test_the_document_has_what_case_requires(package: dict[str, Any]) -> None:
    """Required fields, no field that the package's schema does not know, the version named."""
    document = package["CFDocument"]
    assert document.keys() >= DOCUMENT
    assert document.keys() <= DOCUMENT | DOCUMENT_MORE
    assert document["caseVersion"] == "1.1"
    assert document["adoptionStatus"] in {"Private Draft", "Draft", "Adopted", "Deprecated"}


def test_items_have_what_case_requires(package: dict[str, Any]) -> None:
    """Every item has its required fields, known fields only, strings where strings belong."""
    for item in package["CFItems"]:
        assert item.keys() >= ITEM
        assert item.keys() <= ITEM | ITEM_MORE
        assert all(isinstance(item[key], str) and item[key] for key in ITEM)


def test_identifiers_are_unique_uuids_of_version_5(package: dict[str, Any]) -> None:
    """Each node and association has its own; its URI repeats it."""
    nodes = [package["CFDocument"], *package["CFItems"], *package["CFAssociations"]]
    nodes += package["CFDefinitions"]["CFItemTypes"]
    identifiers = [node["identifier"] for node in nodes]
    assert len(identifiers) == len(set(identifiers))
    assert {UUID(identifier).version for identifier in identifiers} == {5}
    assert all(node["uri"] == f"urn:uuid:{node['identifier']}" for node in nodes)


def test_associations_resolve_and_form_one_tree(package: dict[str, Any]) -> None:
    """Both ends of each association are in the package; every item has one parent and reaches the document."""
    known = {node["identifier"] for node in [package["CFDocument"], *package["CFItems"]]}
    parents: dict[str, str] = {}
    for association in package["CFAssociations"]:
        assert association.keys() >= ASSOCIATION
        assert association.keys() <= ASSOCIATION | {"sequenceNumber"}
        assert association["associationType"] in ASSOCIATION_TYPES
        ends = (association["originNodeURI"], association["destinationNodeURI"])
        assert all(end.keys() == {"title", "identifier", "uri"} and end["identifier"] in known for end in ends)
        if association["associationType"] == "isChildOf":
            assert ends[0]["identifier"] not in parents
            parents[ends[0]["identifier"]] = ends[1]["identifier"]
    root = package["CFDocument"]["identifier"]
    assert parents.keys() == known - {root}
    for node in parents:
        steps = 0
        while node != root:
            node, steps = parents[node], steps + 1
            assert steps < 6


def test_every_statement_element_and_rule_is_an_item(standard: Standard, package: dict[str, Any]) -> None:
    """Coding schemes are the standard's ids; texts are verbatim."""
    items = {item["humanCodingScheme"]: item for item in package["CFItems"]}
    expected = [s.id for s in standard.statements] + [e.id for e in standard.elements]
    expected += [r.id for r in (*standard.rules, *standard.other_rules)]
    assert sorted(items) == sorted(expected)
    assert items["C1.R1"]["fullStatement"] == standard.by_id["C1.R1"].text
    assert items["C1"]["abbreviatedStatement"] == "网店运营"


def test_item_types_are_defined(package: dict[str, Any]) -> None:
    """Each item's type URI names a definition of the package."""
    types = {t["identifier"]: t for t in package["CFDefinitions"]["CFItemTypes"]}
    assert all(t.keys() >= ITEM_TYPE for t in types.values())
    for item in package["CFItems"]:
        assert types[item["CFItemTypeURI"]["identifier"]]["title"] == item["CFItemType"]


def test_exports_are_stable(standard: Standard, package: dict[str, Any]) -> None:
    """The same standard gives the same package; the time stamp is ISO 8601 with its zone."""
    assert json.dumps(to_case(standard, CHANGED)) == json.dumps(package)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", package["CFDocument"]["lastChangeDateTime"])
