"""My account: password and tokens. The pages of sign-in, people and log are joined in here."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from api.auth.cookies import digest, read_cookie
from api.auth.limits import limits_of
from api.auth.principal import Principal
from api.http.deps import PrincipalDep, ServiceDep
from api.http.pages import page, see_other
from api.routes.pages import logbook, people, sign_in
from api.routes.pages.people import ROLES, refused
from api.service import Service
from api.services import accounts, departments, sessions
from corpora.errors import DuibiaoError

router = APIRouter()
router.include_router(sign_in.router)
router.include_router(people.router)
router.include_router(logbook.router)


@router.get("/account")
def show_account(request: Request, service: ServiceDep, principal: PrincipalDep, done: str = "") -> Response:
    """Who I am, my password, my tokens."""
    return _account(request, service, principal, done=done)


@router.post("/account/password")
def change_password(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    old: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Change the password; all other browsers are signed out."""
    kept = digest(read_cookie(request, service.settings.service))
    try:
        accounts.change_password(service, limits_of(request), principal, old, new, kept)
    except DuibiaoError as error:
        status, problem = refused(request, error)
        return _account(request, service, principal, status, password_problem=problem)
    return see_other("/account?done=password")


@router.post("/account/tokens")
def create_token(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    name: Annotated[str, Form(max_length=200)] = "",
    days: Annotated[int, Form(ge=0, le=3650)] = 90,
) -> Response:
    """A new token; this answer alone shows its secret."""
    try:
        _, secret = sessions.create_token(service, principal, name, days)
    except DuibiaoError as error:
        status, problem = refused(request, error)
        return _account(request, service, principal, status, token_problem=problem, token_name=name)
    return _account(request, service, principal, secret=secret)


@router.post("/account/tokens/{token_id}/delete")
def delete_token(token_id: str, service: ServiceDep, principal: PrincipalDep) -> Response:
    """End a token."""
    sessions.delete_token(service, principal, token_id)
    return see_other("/account?done=token")


def _account(request: Request, service: Service, principal: Principal, status: int = 200, **changes: Any) -> Response:
    shown = {"done": "", "secret": "", "password_problem": "", "token_problem": "", "token_name": "", **changes}
    return page(
        request,
        "pages/account/account.html.j2",
        status=status,
        tokens=sessions.list_tokens(service, principal),
        places=[row for row in departments.list_departments(service, principal) if row.id in principal.departments],
        role=ROLES[principal.role],
        **shown,
    )
