"""Pages of lists as answers: the items as models, the next page as a link (RFC 8288)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request, Response

from api.schemas.service import PageOut
from api.services.paging import Page

R = TypeVar("R")
M = TypeVar("M")


def page_out(request: Request, response: Response, page: Page[R], convert: Callable[[R], M]) -> PageOut[M]:
    """A page of rows as a page of models; the header ``Link`` names the next one, as an address on this server."""
    if page.next:
        query = request.url.include_query_params(after=page.next).query
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    return PageOut(items=[convert(row) for row in page.items], next=page.next)
