"""The sign-in page, the way by a provider, and signing out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.auth import oidc
from api.auth.addresses import SIGN_IN, local_path
from api.auth.cookies import cookie_options, drop_cookie, read_cookie, set_cookie
from api.auth.identify import client_address, identify
from api.auth.limits import limits_of
from api.auth.principal import NotFoundError, NotSignedInError
from api.http.deps import PrincipalDep, ServiceDep
from api.http.pages import page, page_language, see_other
from api.http.problems import problem_of
from api.service import Service
from api.services import accounts, sessions
from api.settings import ServiceSettings
from corpora.errors import DuibiaoError

router = APIRouter()

_BACK = "/sign-in/provider/back"


@router.get(SIGN_IN)
def show_sign_in(request: Request, service: ServiceDep, next: str = "") -> Response:
    """The form; whoever is signed in already goes on."""
    try:
        identify(request, service)
    except NotSignedInError:
        return _form(request, service, next)
    return see_other(local_path(next))


@router.post(SIGN_IN)
def sign_in(
    request: Request,
    service: ServiceDep,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Sign in and go on to the page that was asked for."""
    try:
        _, secret = sessions.sign_in(service, limits_of(request), login, password, client_address(request))
    except DuibiaoError as error:
        return _form(request, service, next, login, error)
    response = see_other(local_path(next))
    set_cookie(response, service.settings.service, secret)
    return response


@router.get("/sign-in/provider")
def go_to_provider(request: Request, service: ServiceDep, next: str = "") -> Response:
    """Send the browser to the provider."""
    settings = _with_provider(service)
    try:
        departure = oidc.depart(settings, _redirect(request, settings), local_path(next))
    except DuibiaoError as error:
        return _form(request, service, next, error=error)
    response = RedirectResponse(departure.address, 303)
    response.set_cookie(_memory_name(settings), departure.cookie, max_age=oidc.PATIENCE, **cookie_options(settings))
    return response


@router.get(_BACK)
def come_back(request: Request, service: ServiceDep) -> Response:
    """The provider sends the browser back."""
    settings = _with_provider(service)
    try:
        cookie = request.cookies.get(_memory_name(settings), "")
        identity, wanted = oidc.arrive(settings, _redirect(request, settings), request.query_params, cookie)
        _, secret = sessions.sign_in_with(service, identity, client_address(request))
        response: Response = see_other(local_path(wanted))
        set_cookie(response, settings, secret)
    except DuibiaoError as error:
        response = _form(request, service, "", error=error)
    response.delete_cookie(_memory_name(settings), **cookie_options(settings))
    return response


@router.post("/sign-out")
def sign_out(request: Request, service: ServiceDep, principal: PrincipalDep) -> Response:
    """Sign out, and back to the form."""
    response = see_other(SIGN_IN)
    if principal.method == "session":
        sessions.sign_out(service, principal, read_cookie(request, service.settings.service))
        drop_cookie(response, service.settings.service)
    return response


def _with_provider(service: Service) -> ServiceSettings:
    """The settings; NotFoundError where they name no provider."""
    settings = service.settings.service
    if not settings.auth or not settings.oidc_issuer:
        raise NotFoundError("没有设置统一登录")
    return settings


def _form(
    request: Request, service: Service, next: str, login: str = "", error: DuibiaoError | None = None
) -> Response:
    settings = service.settings.service
    problem = problem_of(error) if error else None
    return page(
        request,
        "pages/account/sign_in.html.j2",
        status=problem.kind.status if problem else 200,
        headers=problem.headers if problem and problem.kind.status == 429 else None,
        next=local_path(next, ""),
        login=login,
        problem=problem.detail(page_language(request)) if problem else "",
        provider=settings.oidc_name if settings.oidc_issuer else "",
        unready=settings.auth and not accounts.has_admin(service),
    )


def _redirect(request: Request, settings: ServiceSettings) -> str:
    """Where the provider shall send the browser back to; the host was checked by the outer wall."""
    scheme = "https" if settings.https else request.url.scheme
    return f"{scheme}://{request.headers['host']}{_BACK}"


def _memory_name(settings: ServiceSettings) -> str:
    return "__Host-duibiao_provider" if settings.https else "duibiao_provider"
