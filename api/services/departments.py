"""Departments: listed, made, renamed, deleted when nothing is left in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.auth.principal import ConflictError, NotFoundError, Principal, Right, require
from api.services import log
from api.store.models import Audit, Department, Document, Membership
from corpora.errors import UsageError

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    """A department with how many users and documents are in it."""

    department: Department
    users: int
    documents: int


def list_departments(keeper: log.Keeper, principal: Principal) -> Sequence[Department]:
    """The departments that a user belongs to; all for those who keep the accounts."""
    query = select(Department).order_by(Department.name)
    if not principal.may(Right.ACCOUNTS):
        query = query.where(Department.id.in_(principal.departments))
    with keeper.store.read() as session:
        return session.scalars(query).all()


def survey_departments(keeper: log.Keeper, principal: Principal) -> list[DepartmentFacts]:
    """All departments with what is in them.

    Raises
    ------
    ForbiddenError : the role may not keep the accounts.
    """
    require(principal, Right.ACCOUNTS)
    departments = list_departments(keeper, principal)
    with keeper.store.read() as session:
        users = _counts(session, Membership)
        documents = _counts(session, Document)
    return [DepartmentFacts(found, users.get(found.id, 0), documents.get(found.id, 0)) for found in departments]


def create_department(keeper: log.Keeper, principal: Principal, name: str) -> Department:
    """A new department.

    Raises
    ------
    ForbiddenError : the role may not keep the accounts.
    UsageError : the name is empty or too long.
    ConflictError : there is one of that name.
    """
    require(principal, Right.ACCOUNTS)
    row = Department(name=_checked(name))
    try:
        with keeper.store.begin() as session:
            session.add(row)
            session.flush()
            session.add(log.entry(principal, "department.create", "department", row.id, row.id, name=row.name))
    except IntegrityError:
        raise _taken(name) from None
    return row


def rename_department(keeper: log.Keeper, principal: Principal, department_id: str, name: str) -> Department:
    """Another name; raises as ``create_department``, and NotFoundError."""
    require(principal, Right.ACCOUNTS)
    try:
        with keeper.store.begin() as session:
            row = _find(session, department_id)
            before, row.name = row.name, _checked(name)
            detail = {"before": before, "name": row.name}
            session.add(log.entry(principal, "department.change", "department", row.id, row.id, **detail))
            session.flush()
    except IntegrityError:
        raise _taken(name) from None
    return row


def delete_department(keeper: log.Keeper, principal: Principal, department_id: str, move_to: str = "") -> None:
    """Delete a department; its users, documents and audits go to another one where one is given.

    Raises
    ------
    ForbiddenError : the role may not keep the accounts.
    NotFoundError : there is no such department.
    ConflictError : something is in it, and no other department is given.
    """
    require(principal, Right.ACCOUNTS)
    with keeper.store.begin() as session:
        row = _find(session, department_id)
        if move_to:
            _move(session, row.id, _find(session, move_to).id)
        elif _in_use(session, row.id):
            advice = "请先移走，或指定并入哪个院系"
            raise ConflictError("院系里还有用户、文档或批次", where=row.name, advice=advice)
        session.add(log.entry(principal, "department.delete", "department", row.id, row.id, name=row.name))
        session.delete(row)


def find_departments(session: Session, ids: Sequence[str]) -> list[Department]:
    """The departments of some ids.

    Raises
    ------
    UsageError : one of them is none.
    """
    found = session.scalars(select(Department).where(Department.id.in_(ids))).all()
    if len(found) != len(set(ids)):
        raise UsageError("没有这个院系", advice="请刷新页面后重选")
    return list(found)


def _find(session: Session, department_id: str) -> Department:
    row = session.get(Department, department_id)
    if row is None:
        raise NotFoundError("没有这个院系")
    return row


def _in_use(session: Session, department_id: str) -> bool:
    tables = (Membership, Document, Audit)
    return any(session.scalar(select(func.count()).where(t.department_id == department_id)) for t in tables)


def _move(session: Session, source: str, target: str) -> None:
    if source == target:
        raise UsageError("不能并入自己", advice="请选择另一个院系")
    members = set(session.scalars(select(Membership.user_id).where(Membership.department_id == source)))
    there = set(session.scalars(select(Membership.user_id).where(Membership.department_id == target)))
    session.add_all(Membership(user_id=user, department_id=target) for user in sorted(members - there))
    for table in (Document, Audit):
        session.execute(update(table).where(table.department_id == source).values(department_id=target))


def _counts(session: Session, table: type[Membership] | type[Document]) -> dict[str, int]:
    query = select(table.department_id, func.count()).group_by(table.department_id)
    return {department: count for department, count in session.execute(query) if department}


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise UsageError(f"院系名称应为 1–{_LONGEST} 个字")
    return name


def _taken(name: str) -> ConflictError:
    return ConflictError("已有同名的院系", where=name.strip(), advice="请换一个名称")
