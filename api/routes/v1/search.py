"""Routes: search over standards."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.http.deps import ServiceDep, get_principal
from api.schemas.standards import SearchOut
from api.services import search as searching

router = APIRouter(tags=["标准"], dependencies=[Depends(get_principal)])


@router.get("/search", summary="哪条要求提到这个说法")
def search(
    service: ServiceDep,
    text: Annotated[str, Query(description="Words, or a question: 哪条要求提到用户画像？", max_length=200)],
    standard: Annotated[str, Query(description="Code of the only standard to search; all when empty")] = "",
    top: Annotated[int, Query(ge=1, le=100)] = 10,
) -> SearchOut:
    """The statements that speak of something, with the words marked and the place in the standard."""
    return SearchOut.of(searching.search(service, text, standard or None, top))
