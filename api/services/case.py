"""All standards at hand as CASE 1.1 objects: documents, packages, items, associations, each found by its identifier.

``corpora.case`` makes a package whose addresses are ``urn:uuid:``; here they become addresses of this service, and the
links that CASE asks of a single object are added (``CFPackageURI``, ``CFDocumentURI``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from api.auth.principal import NotFoundError
from api.services.standards import changed_at, open_standard
from corpora.case import to_case
from corpora.errors import StandardFormatError, UsageError
from corpora.standard_json import standard_files

if TYPE_CHECKING:
    from datetime import datetime

    from api.service import Service
    from corpora.standard import Standard

Json = dict[str, Any]
CodeMinor = Literal["unknownobject", "invalid_uuid", "invalid_selection_field", "invalid_sort_field"]

#: Fields of a CFDocument that CASE 1.1 knows: what may be asked for and sorted by.
_FIELDS = """
identifier uri frameworkType caseVersion creator title lastChangeDateTime officialSourceURL publisher description
subject subjectURI language version adoptionStatus statusStartDate statusEndDate licenseURI notes CFPackageURI
extensions
"""
DOCUMENT_FIELDS = tuple(_FIELDS.split())


class CaseError(UsageError):
    """A request that CASE refuses, with the word that CASE has for the reason."""

    def __init__(self, what: str, minor: CodeMinor, where: str = "") -> None:
        super().__init__(what, where=where)
        self.minor = minor


@dataclass(frozen=True)
class DocumentPage:
    """Some CFDocuments, and how many there are."""

    documents: tuple[Json, ...]
    total: int


@dataclass(frozen=True)
class _Framework:
    """One standard's package, its objects by identifier."""

    package: Json
    items: dict[str, Json]
    associations: dict[str, Json]
    types: dict[str, Json]


def documents(
    service: Service,
    base: str,
    *,
    limit: int = 100,
    offset: int = 0,
    sort: str = "",
    order: Literal["asc", "desc"] = "asc",
    fields: Sequence[str] = (),
) -> DocumentPage:
    """CFDocuments of all standards, by title, or sorted by a field; ``base`` is the address of the CASE service.

    Raises
    ------
    CaseError : a field to sort by or to select is none of CFDocument's.
    """
    if sort and sort not in DOCUMENT_FIELDS:
        raise CaseError(f"CFDocument 没有字段“{sort}”", "invalid_sort_field", where="sort")
    if unknown := [name for name in fields if name not in DOCUMENT_FIELDS]:
        raise CaseError(f"CFDocument 没有字段“{unknown[0]}”", "invalid_selection_field", where="fields")
    found = [_document(framework, base) for framework in _frameworks(service)]
    found.sort(key=lambda document: str(document.get(sort or "title", "")), reverse=order == "desc")
    chosen = [{k: v for k, v in d.items() if not fields or k in fields} for d in found[offset : offset + limit]]
    return DocumentPage(tuple(chosen), len(found))


def document(service: Service, base: str, id: str) -> Json:
    """One CFDocument.

    Raises
    ------
    CaseError : the identifier is no UUID.
    NotFoundError : there is no such object; so too the other functions here.
    """
    return _document(_framework(service, id), base)


def package(service: Service, base: str, id: str) -> Json:
    """One CFPackage, by the identifier of its document."""
    found = _framework(service, id)
    return {
        "CFDocument": _at(found.package["CFDocument"], "CFDocuments", base),
        "CFItems": [_item(item, base) for item in found.package["CFItems"]],
        "CFAssociations": [_association(link, found, base) for link in found.package["CFAssociations"]],
        "CFDefinitions": {"CFItemTypes": [_at(kind, "CFItemTypes", base) for kind in found.types.values()]},
    }


def item(service: Service, base: str, id: str) -> Json:
    """One CFItem, with the link to its document."""
    found, chosen = _holder(service, "items", id)
    return _item(chosen, base) | {"CFDocumentURI": _link(found.package["CFDocument"], "CFDocuments", base)}


def association(service: Service, base: str, id: str) -> Json:
    """One CFAssociation, with the link to its document."""
    found, chosen = _holder(service, "associations", id)
    return _association(chosen, found, base) | {
        "CFDocumentURI": _link(found.package["CFDocument"], "CFDocuments", base)
    }


def item_associations(service: Service, base: str, id: str) -> Json:
    """One CFItem with all associations that begin or end at it."""
    found, chosen = _holder(service, "items", id)
    ends = ("originNodeURI", "destinationNodeURI")
    links = [a for a in found.associations.values() if chosen["identifier"] in (a[end]["identifier"] for end in ends)]
    return {
        "CFItem": item(service, base, id),
        "CFAssociations": [_association(link, found, base) for link in links],
    }


def item_type(service: Service, base: str, id: str) -> Json:
    """One CFItemType, as the set of one that CASE answers with."""
    _, chosen = _holder(service, "types", id)
    return {"CFItemTypes": [_at(chosen, "CFItemTypes", base)]}


def _frameworks(service: Service) -> Iterator[_Framework]:
    for code in sorted(standard_files(service.settings.standards)):
        try:
            standard = open_standard(service, code)
            yield _made(_Held(standard), changed_at(service, code))
        except (StandardFormatError, NotFoundError):
            continue  # damaged, or removed just now


@dataclass(frozen=True, eq=False)
class _Held:
    """A standard as a key: the very object, which the service gives until the standard's file changes."""

    standard: Standard

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.standard is self.standard

    def __hash__(self) -> int:
        return id(self.standard)


@lru_cache(maxsize=128)
def _made(held: _Held, changed: datetime) -> _Framework:
    made = to_case(held.standard, changed)
    return _Framework(
        made,
        {found["identifier"]: found for found in made["CFItems"]},
        {found["identifier"]: found for found in made["CFAssociations"]},
        {found["identifier"]: found for found in made["CFDefinitions"]["CFItemTypes"]},
    )


def _framework(service: Service, id: str) -> _Framework:
    wanted = _identifier(id)
    for found in _frameworks(service):
        if found.package["CFDocument"]["identifier"] == wanted:
            return found
    raise NotFoundError("没有这个 CFDocument", where=id)


def _holder(service: Service, part: Literal["items", "associations", "types"], id: str) -> tuple[_Framework, Json]:
    wanted = _identifier(id)
    for found in _frameworks(service):
        held: dict[str, Json] = getattr(found, part)
        if wanted in held:
            return found, held[wanted]
    raise NotFoundError("没有这个对象", where=id)


def _identifier(id: str) -> str:
    try:
        return str(UUID(id))
    except ValueError as error:
        raise CaseError("不是 UUID", "invalid_uuid", where=id) from error


def _at(node: Json, collection: str, base: str) -> Json:
    """The object with the address under which this service gives it."""
    return node | {"uri": f"{base}/{collection}/{node['identifier']}"}


def _link(node: Json, collection: str, base: str) -> Json:
    title = node.get("title") or node.get("abbreviatedStatement") or node.get("fullStatement", "")[:60]
    return {"title": title, "identifier": node["identifier"], "uri": f"{base}/{collection}/{node['identifier']}"}


def _document(found: _Framework, base: str) -> Json:
    document = found.package["CFDocument"]
    return _at(document, "CFDocuments", base) | {"CFPackageURI": _link(document, "CFPackages", base)}


def _item(node: Json, base: str) -> Json:
    return _at(node, "CFItems", base) | {"CFItemTypeURI": _at(node["CFItemTypeURI"], "CFItemTypes", base)}


def _association(link: Json, found: _Framework, base: str) -> Json:
    ends = {
        end: _at(link[end], "CFItems" if link[end]["identifier"] in found.items else "CFDocuments", base)
        for end in ("originNodeURI", "destinationNodeURI")
    }
    return _at(link, "CFAssociations", base) | ends
