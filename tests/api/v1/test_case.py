"""CASE 1.1 at the addresses that it names: documents, packages, items, associations, and its errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpora.standard_json import load_standard
from tests.api.v1.test_standards import imported
from tests.service import make_client, make_settings

CASE = "/ims/case/v1p1"
HOME = f"http://localhost{CASE}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service with the shipped standard and two imported ones."""
    with make_client(make_settings(tmp_path_factory.mktemp("case"))) as opened:
        for name in ("460301.docx", "520201.docx"):
            imported(opened, name)
        yield opened


def read(desk: TestClient, path: str, **query: Any) -> Any:
    """An answer's body."""
    answer = desk.get(f"{CASE}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def shipped(desk: TestClient) -> dict[str, Any]:
    """The package of the shipped standard."""
    documents = read(desk, "CFDocuments")["CFDocuments"]
    (found,) = [d for d in documents if "530701" in d["notes"]]
    package: dict[str, Any] = read(desk, f"CFPackages/{found['identifier']}")
    return package


def test_documents_in_pages(desk: TestClient) -> None:
    """limit and offset cut them; the headers tell how many there are and where the others stand."""
    titles = [d["title"] for d in read(desk, "CFDocuments")["CFDocuments"]]
    answer = desk.get(f"{CASE}/CFDocuments", params={"limit": 1, "offset": 1})
    assert [d["title"] for d in answer.json()["CFDocuments"]] == titles[1:2]
    assert answer.headers["x-total-count"] == "3"
    links = {rel: address for address, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"])}
    assert set(links) == {"first", "prev", "next", "last"}
    following = desk.get(links["next"])
    assert [d["title"] for d in following.json()["CFDocuments"]] == titles[2:]
    assert "next" not in following.headers["link"]


def test_documents_are_sorted_and_narrowed_to_fields(desk: TestClient) -> None:
    """By any field of a document, in both directions."""
    up = read(desk, "CFDocuments", sort="identifier", fields="identifier,title")["CFDocuments"]
    down = read(desk, "CFDocuments", sort="identifier", orderBy="desc", fields="identifier,title")["CFDocuments"]
    assert up == down[::-1] == sorted(up, key=lambda d: d["identifier"])
    assert all(set(d) == {"identifier", "title"} for d in up)


def test_every_object_is_found_at_its_own_address(desk: TestClient, shipped: dict[str, Any]) -> None:
    """A package's document, items, item types and associations each lead to themselves."""
    document = shipped["CFDocument"]
    assert document["uri"] == f"{HOME}/CFDocuments/{document['identifier']}"
    alone = desk.get(document["uri"]).json()
    assert alone["CFPackageURI"]["uri"] == f"{HOME}/CFPackages/{document['identifier']}"
    assert {k: v for k, v in alone.items() if k != "CFPackageURI"} == document
    for item in shipped["CFItems"][::60]:
        found = desk.get(item["uri"]).json()
        assert found.pop("CFDocumentURI")["identifier"] == document["identifier"]
        assert found == item
    kind = shipped["CFItems"][0]["CFItemTypeURI"]
    assert desk.get(kind["uri"]).json()["CFItemTypes"][0]["title"] == kind["title"]
    association = shipped["CFAssociations"][7]
    found = desk.get(association["uri"]).json()
    assert found.pop("CFDocumentURI")["identifier"] == document["identifier"]
    assert found == association
    ends = [desk.get(association[end]["uri"]).status_code for end in ("originNodeURI", "destinationNodeURI")]
    assert ends == [200, 200]


def test_identifiers_do_not_change(desk: TestClient, shipped: dict[str, Any]) -> None:
    """The same standard has the same identifiers in every export and in every process."""
    from corpora.case import to_case

    same = to_case(load_standard("530701"))
    assert shipped["CFDocument"]["identifier"] == same["CFDocument"]["identifier"]
    assert [i["identifier"] for i in shipped["CFItems"]] == [i["identifier"] for i in same["CFItems"]]
    assert read(desk, "CFDocuments") == read(desk, "CFDocuments")


def test_an_item_with_its_associations(desk: TestClient, shipped: dict[str, Any]) -> None:
    """A course: itself, its parent, its tasks and requirements."""
    course = next(item for item in shipped["CFItems"] if item["humanCodingScheme"] == "C1")
    found = read(desk, f"CFItemAssociations/{course['identifier']}")
    assert found["CFItem"]["identifier"] == course["identifier"]
    ends = [(a["originNodeURI"]["identifier"], a["destinationNodeURI"]["identifier"]) for a in found["CFAssociations"]]
    assert all(course["identifier"] in pair for pair in ends)
    children = [a for a in found["CFAssociations"] if a["destinationNodeURI"]["identifier"] == course["identifier"]]
    assert len([a for a in children if a["associationType"] == "isChildOf"]) == 7 + 4


#: An identifier that no object has.
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("path", "status", "minor"),
    [
        (f"CFDocuments/{NOBODY}", 404, "unknownobject"),
        (f"CFPackages/{NOBODY}", 404, "unknownobject"),
        (f"CFItems/{NOBODY}", 404, "unknownobject"),
        (f"CFAssociations/{NOBODY}", 404, "unknownobject"),
        (f"CFItemAssociations/{NOBODY}", 404, "unknownobject"),
        (f"CFItemTypes/{NOBODY}", 404, "unknownobject"),
        ("CFItems/C1", 404, "invalid_uuid"),
        ("CFDocuments?sort=colour", 400, "invalid_sort_field"),
        ("CFDocuments?fields=title&fields=colour", 400, "invalid_selection_field"),
        ("CFDocuments?limit=0", 400, "invalid_selection_field"),
    ],
)
def test_errors_have_the_form_that_case_names(desk: TestClient, path: str, status: int, minor: str) -> None:
    """imsx_StatusInfo with the word for the reason."""
    answer = desk.get(f"{CASE}/{path}")
    body = answer.json()
    assert (answer.status_code, body["imsx_codeMajor"], body["imsx_severity"]) == (status, "failure", "error")
    assert body["imsx_description"]
    (field,) = body["imsx_codeMinor"]["imsx_codeMinorField"]
    assert field["imsx_codeMinorFieldValue"] == minor


def test_strangers_are_told_in_the_same_form(tmp_path: Path) -> None:
    """With accounts, standards are for those who are signed in."""
    with make_client(make_settings(tmp_path, auth=True)) as guarded:
        answer = guarded.get(f"{CASE}/CFDocuments")
    (field,) = answer.json()["imsx_codeMinor"]["imsx_codeMinorField"]
    assert (answer.status_code, field["imsx_codeMinorFieldValue"]) == (401, "unauthorised_request")
