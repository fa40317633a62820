"""What routes ask for: the service and who calls."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from api.auth.forgery import check_token
from api.auth.identify import identify
from api.auth.principal import Principal
from api.service import Service
from api.services.paging import MOST, PageRequest


def get_service(request: Request) -> Service:
    """The running service."""
    service: Service = request.app.state.service
    return service


async def get_principal(request: Request) -> Principal:
    """Who calls; raises NotSignedInError where accounts are on and nobody is signed in, ForgeryError without token."""
    principal = await run_in_threadpool(identify, request, get_service(request))
    await check_token(request, principal)
    return principal


def get_page(limit: int = 50, after: str = "") -> PageRequest:
    """The page of a list that is asked for."""
    return PageRequest(max(1, min(limit, MOST)), after)


ServiceDep = Annotated[Service, Depends(get_service)]
PrincipalDep = Annotated[Principal, Depends(get_principal)]
PageDep = Annotated[PageRequest, Depends(get_page)]
