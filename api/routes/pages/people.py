"""Users and departments, for those who keep the accounts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from api.auth.principal import ForbiddenError, NotFoundError, NotSignedInError, Principal
from api.http.deps import PageDep, PrincipalDep, ServiceDep
from api.http.pages import page, page_language, see_other
from api.http.problems import problem_of
from api.i18n import mark
from api.service import Service
from api.services import accounts, departments
from api.services.accounts import UserChange
from api.services.paging import PageRequest
from corpora.errors import DuibiaoError

router = APIRouter()

ROLES = {
    "teacher": mark("教师"),
    "reviewer": mark("复核人"),
    "auditor": mark("督导"),
    "admin": mark("管理员"),
}

#: The form for a new user, not filled in.
_BLANK: dict[str, Any] = {"login": "", "name": "", "role": "teacher", "departments": []}

Text = Annotated[str, Form(max_length=1000)]
Places = Annotated[list[str] | None, Form(max_length=500)]


def refused(request: Request, error: DuibiaoError) -> tuple[int, str]:
    """Status and words for a form that is shown again; what no form can mend goes on as an error."""
    if isinstance(error, ForbiddenError | NotFoundError | NotSignedInError):
        raise error
    problem = problem_of(error)
    return problem.kind.status, problem.detail(page_language(request))


@router.get("/users")
def show_users(
    request: Request, service: ServiceDep, principal: PrincipalDep, asked: PageDep, text: str = "", done: str = ""
) -> Response:
    """All users, and the form for a new one."""
    return _users(request, service, principal, asked, text=text, done=done)


@router.post("/users")
def create_user(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    login: Text = "",
    name: Text = "",
    role: Text = "teacher",
    password: Text = "",
    places: Places = None,
) -> Response:
    """A new user."""
    sent: dict[str, Any] = {"login": login, "name": name, "role": role, "departments": places or []}
    try:
        accounts.create_user(service, principal, password=password, **sent)
    except DuibiaoError as error:
        status, problem = refused(request, error)
        return _users(request, service, principal, PageRequest(), status, problem=problem, sent=sent)
    return see_other("/users?done=created")


@router.get("/users/{user_id}")
def show_user(request: Request, user_id: str, service: ServiceDep, principal: PrincipalDep, done: str = "") -> Response:
    """One user with all that can be changed."""
    return _user(request, service, principal, user_id, done=done)


@router.post("/users/{user_id}")
def change_user(
    request: Request,
    user_id: str,
    service: ServiceDep,
    principal: PrincipalDep,
    name: Text = "",
    role: Text = "",
    places: Places = None,
) -> Response:
    """Another name, role or other departments."""
    return _change(request, service, principal, user_id, UserChange(name, role, places or []))


@router.post("/users/{user_id}/active")
def switch_user(
    request: Request, user_id: str, service: ServiceDep, principal: PrincipalDep, active: Annotated[bool, Form()]
) -> Response:
    """Disable or enable."""
    return _change(request, service, principal, user_id, UserChange(active=active))


@router.post("/users/{user_id}/password")
def reset_password(
    request: Request, user_id: str, service: ServiceDep, principal: PrincipalDep, password: Text = ""
) -> Response:
    """Another password for a user."""
    try:
        accounts.reset_password(service, principal, user_id, password)
    except DuibiaoError as error:
        status, problem = refused(request, error)
        return _user(request, service, principal, user_id, status, password_problem=problem)
    return see_other(f"/users/{user_id}?done=password")


@router.post("/users/{user_id}/delete")
def delete_user(request: Request, user_id: str, service: ServiceDep, principal: PrincipalDep) -> Response:
    """Delete a user to whom nothing belongs."""
    try:
        accounts.delete_user(service, principal, user_id)
    except DuibiaoError as error:
        status, problem = refused(request, error)
        return _user(request, service, principal, user_id, status, problem=problem)
    return see_other("/users?done=deleted")


@router.get("/departments")
def show_departments(request: Request, service: ServiceDep, principal: PrincipalDep, done: str = "") -> Response:
    """All departments, with what is in them."""
    return _departments(request, service, principal, done=done)


@router.post("/departments")
def create_department(request: Request, service: ServiceDep, principal: PrincipalDep, name: Text = "") -> Response:
    """A new department."""
    try:
        departments.create_department(service, principal, name)
    except DuibiaoError as error:
        status, problem = refused(request, error)
        return _departments(request, service, principal, status, problem=problem, sent=name)
    return see_other("/departments?done=created")


@router.post("/departments/{department_id}")
def rename_department(
    request: Request, department_id: str, service: ServiceDep, principal: PrincipalDep, name: Text = ""
) -> Response:
    """Another name."""
    try:
        departments.rename_department(service, principal, department_id, name)
    except DuibiaoError as error:
        status, problem = refused(request, error)
        return _departments(request, service, principal, status, problem=problem)
    return see_other("/departments?done=renamed")


@router.post("/departments/{department_id}/delete")
def delete_department(
    request: Request, department_id: str, service: ServiceDep, principal: PrincipalDep, move_to: Text = ""
) -> Response:
    """Delete an empty department, or one whose content goes to another."""
    try:
        departments.delete_department(service, principal, department_id, move_to)
    except DuibiaoError as error:
        status, problem = refused(request, error)
        return _departments(request, service, principal, status, problem=problem)
    return see_other("/departments?done=deleted")


def _change(request: Request, service: Service, principal: Principal, user_id: str, change: UserChange) -> Response:
    try:
        accounts.change_user(service, principal, user_id, change)
    except DuibiaoError as error:
        status, problem = refused(request, error)
        return _user(request, service, principal, user_id, status, problem=problem)
    return see_other(f"/users/{user_id}?done=changed")


def _users(
    request: Request,
    service: Service,
    principal: Principal,
    asked: PageRequest,
    status: int = 200,
    **changes: Any,
) -> Response:
    shown = {"text": "", "done": "", "problem": "", "sent": _BLANK, **changes}
    return page(
        request,
        "pages/account/users.html.j2",
        status=status,
        users=accounts.list_users(service, principal, asked, shown["text"]),
        after=asked.after,
        places=departments.list_departments(service, principal),
        roles=ROLES,
        **shown,
    )


def _user(
    request: Request, service: Service, principal: Principal, user_id: str, status: int = 200, **changes: Any
) -> Response:
    shown = {"done": "", "problem": "", "password_problem": "", **changes}
    return page(
        request,
        "pages/account/user.html.j2",
        status=status,
        user=accounts.find_user(service, principal, user_id),
        places=departments.list_departments(service, principal),
        roles=ROLES,
        **shown,
    )


def _departments(
    request: Request, service: Service, principal: Principal, status: int = 200, **changes: Any
) -> Response:
    shown = {"done": "", "problem": "", "sent": "", **changes}
    facts = departments.survey_departments(service, principal)
    return page(request, "pages/account/departments.html.j2", status=status, facts=facts, **shown)
