"""Accounts: sign in and out, one's own tokens and password; users, departments and the log for those who keep them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.auth.cookies import digest, drop_cookie, read_cookie, set_cookie
from api.auth.identify import client_address
from api.auth.limits import limits_of
from api.http.deps import PageDep, PrincipalDep, ServiceDep
from api.http.lists import page_out
from api.http.openapi import problems
from api.schemas.accounts import (
    DepartmentName,
    LogEntryOut,
    MeOut,
    NewPassword,
    NewToken,
    NewTokenOut,
    NewUser,
    PasswordChange,
    SignIn,
    TokenOut,
    UserOut,
    UserPatch,
)
from api.schemas.service import DepartmentOut, Moment, PageOut
from api.services import accounts, departments, log, sessions
from api.services.accounts import UserChange, require_person
from api.services.sent import attachment

router = APIRouter(tags=["账号"])

_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


def log_filter(
    user: Annotated[str, Query(max_length=64, description="用户的编号")] = "",
    action: Annotated[str, Query(max_length=64, description="操作代码，如 report.open")] = "",
    object_kind: Annotated[str, Query(max_length=64, description="对象种类，如 report")] = "",
    object_id: Annotated[str, Query(max_length=64, description="对象的编号")] = "",
    department: Annotated[str, Query(max_length=64, description="院系的编号")] = "",
    since: Annotated[Moment | None, Query(description="从何时起（含）")] = None,
    until: Annotated[Moment | None, Query(description="到何时止（不含）")] = None,
) -> log.LogFilter:
    """Which entries of the log are asked for."""
    return log.LogFilter(user, action, object_kind, object_id, department, since, until)


LogFilterDep = Annotated[log.LogFilter, Depends(log_filter)]


@router.post("/session", summary="登录", status_code=201, responses=problems(401, 409, 429))
def sign_in(request: Request, response: Response, service: ServiceDep, sent: SignIn) -> MeOut:
    """Sign in: the answer sets the session's cookie and tells the token that unsafe requests carry."""
    address = client_address(request)
    principal, secret = sessions.sign_in(service, limits_of(request), sent.login, sent.password, address)
    set_cookie(response, service.settings.service, secret)
    return MeOut.of(principal)


@router.delete("/session", summary="退出登录", status_code=204)
def sign_out(request: Request, response: Response, service: ServiceDep, principal: PrincipalDep) -> None:
    """Sign out: the session ends and its cookie is taken away."""
    require_person(principal)
    sessions.sign_out(service, principal, read_cookie(request, service.settings.service))
    drop_cookie(response, service.settings.service)


@router.get("/me", summary="我是谁")
def me(principal: PrincipalDep) -> MeOut:
    """Who the caller is."""
    return MeOut.of(principal)


@router.put("/me/password", summary="修改密码", status_code=204)
def change_password(request: Request, service: ServiceDep, principal: PrincipalDep, sent: PasswordChange) -> None:
    """Change one's own password; all other sessions end."""
    kept = digest(read_cookie(request, service.settings.service))
    accounts.change_password(service, limits_of(request), principal, sent.old, sent.new, kept)


@router.get("/tokens", summary="列出访问令牌")
def list_tokens(service: ServiceDep, principal: PrincipalDep) -> list[TokenOut]:
    """One's own tokens."""
    return [TokenOut.of(row) for row in sessions.list_tokens(service, principal)]


@router.post("/tokens", summary="新建访问令牌", status_code=201)
def create_token(service: ServiceDep, principal: PrincipalDep, sent: NewToken) -> NewTokenOut:
    """A new token; its secret is told this once."""
    row, secret = sessions.create_token(service, principal, sent.name, sent.days)
    return NewTokenOut(**TokenOut.of(row).model_dump(), secret=secret)


@router.delete("/tokens/{token_id}", summary="删除访问令牌", status_code=204)
def delete_token(token_id: str, service: ServiceDep, principal: PrincipalDep) -> None:
    """End a token."""
    sessions.delete_token(service, principal, token_id)


@router.get("/users", summary="列出用户")
def list_users(
    request: Request,
    response: Response,
    service: ServiceDep,
    principal: PrincipalDep,
    page: PageDep,
    text: Annotated[str, Query(description="登录名或姓名里有这些字", max_length=200)] = "",
) -> PageOut[UserOut]:
    """Users, newest first."""
    return page_out(request, response, accounts.list_users(service, principal, page, text), UserOut.of)


@router.post("/users", summary="新建用户", status_code=201, responses=problems(409))
def create_user(service: ServiceDep, principal: PrincipalDep, sent: NewUser) -> UserOut:
    """A new user."""
    return UserOut.of(accounts.create_user(service, principal, **sent.model_dump()))


@router.get("/users/{user_id}", summary="查看用户")
def get_user(user_id: str, service: ServiceDep, principal: PrincipalDep) -> UserOut:
    """One user."""
    return UserOut.of(accounts.find_user(service, principal, user_id))


@router.patch("/users/{user_id}", summary="修改用户", responses=problems(409))
def change_user(user_id: str, service: ServiceDep, principal: PrincipalDep, sent: UserPatch) -> UserOut:
    """Name, role, departments, whether active; in force at once."""
    return UserOut.of(accounts.change_user(service, principal, user_id, UserChange(**sent.model_dump())))


@router.delete("/users/{user_id}", summary="删除用户", status_code=204, responses=problems(409))
def delete_user(user_id: str, service: ServiceDep, principal: PrincipalDep) -> None:
    """Delete a user to whom nothing belongs."""
    accounts.delete_user(service, principal, user_id)


@router.put("/users/{user_id}/password", summary="重设用户密码", status_code=204)
def reset_password(user_id: str, service: ServiceDep, principal: PrincipalDep, sent: NewPassword) -> None:
    """Another password; the user is signed out everywhere and all their tokens end."""
    accounts.reset_password(service, principal, user_id, sent.password)


@router.get("/departments", summary="列出院系")
def list_departments(service: ServiceDep, principal: PrincipalDep) -> list[DepartmentOut]:
    """The caller's departments; all for those who keep the accounts."""
    return [DepartmentOut(id=row.id, name=row.name) for row in departments.list_departments(service, principal)]


@router.post("/departments", summary="新建院系", status_code=201, responses=problems(409))
def create_department(service: ServiceDep, principal: PrincipalDep, sent: DepartmentName) -> DepartmentOut:
    """A new department."""
    row = departments.create_department(service, principal, sent.name)
    return DepartmentOut(id=row.id, name=row.name)


@router.patch("/departments/{department_id}", summary="修改院系名称", responses=problems(409))
def rename_department(
    department_id: str, service: ServiceDep, principal: PrincipalDep, sent: DepartmentName
) -> DepartmentOut:
    """Another name."""
    row = departments.rename_department(service, principal, department_id, sent.name)
    return DepartmentOut(id=row.id, name=row.name)


@router.delete("/departments/{department_id}", summary="删除院系", status_code=204, responses=problems(409))
def delete_department(
    department_id: str,
    service: ServiceDep,
    principal: PrincipalDep,
    move_to: Annotated[str, Query(description="里面的用户、文档、批次并入哪个院系", max_length=64)] = "",
) -> None:
    """Delete an empty department, or one whose content goes to another."""
    departments.delete_department(service, principal, department_id, move_to)


@router.get("/log", summary="查看日志")
def read_log(
    request: Request,
    response: Response,
    service: ServiceDep,
    principal: PrincipalDep,
    page: PageDep,
    wanted: LogFilterDep,
) -> PageOut[LogEntryOut]:
    """Who saw and changed what, newest first; auditors see their departments."""
    return page_out(request, response, log.list_log(service, principal, page, wanted), LogEntryOut.of)


@router.get("/log/export", summary="导出日志", response_class=StreamingResponse, responses=_CSV)
def export_log(service: ServiceDep, principal: PrincipalDep, wanted: LogFilterDep) -> StreamingResponse:
    """All entries asked for as CSV."""
    lines = log.export_log(service, principal, wanted)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=attachment("日志.csv"))
