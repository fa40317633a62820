"""What the API takes and gives of accounts: sessions, tokens, users, departments, the log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.auth.principal import RIGHTS, Principal
from api.schemas.parts import Model
from api.schemas.service import DepartmentOut, Identifier, PersonOut, RequestModel
from api.services.log import ACTIONS
from api.store import models
from api.store.models import RoleName

Word = Annotated[str, Field(min_length=1, max_length=200)]
Password = Annotated[str, Field(min_length=1, max_length=1000, description="至少 10 个字符")]


class SignIn(RequestModel):
    """Login and password."""

    login: Word
    password: Annotated[str, Field(min_length=1, max_length=1000)]


class PasswordChange(RequestModel):
    """One's own password, old and new."""

    old: Annotated[str, Field(min_length=1, max_length=1000)]
    new: Password


class NewPassword(RequestModel):
    """Another password for a user."""

    password: Password


class NewToken(RequestModel):
    """A token to be made; ``days`` until it ends, 0 for never."""

    name: Word
    days: Annotated[int, Field(ge=0, le=3650)] = 90


class NewUser(RequestModel):
    """A user to be made; ``departments`` are identifiers."""

    login: Word
    name: Word
    role: RoleName = "teacher"
    password: Password
    departments: Annotated[list[Identifier], Field(max_length=200, default_factory=list)]


class UserPatch(RequestModel):
    """What shall be different with a user; what is left out stays."""

    name: Word | None = None
    role: RoleName | None = None
    departments: Annotated[list[Identifier], Field(max_length=200)] | None = None
    active: bool | None = None


class DepartmentName(RequestModel):
    """Name of a department."""

    name: Word


class MeOut(Model):
    """Who the caller is and what the role may do; ``csrf_token`` goes with every unsafe request of a browser."""

    id: str
    login: str
    name: str
    role: RoleName
    rights: list[str]
    departments: list[str]
    method: Literal["local", "session", "token"]
    csrf_token: str

    @classmethod
    def of(cls, principal: Principal) -> MeOut:
        """From who calls."""
        return cls(
            id=principal.id,
            login=principal.login,
            name=principal.name,
            role=principal.role,
            rights=sorted(RIGHTS[principal.role]),
            departments=sorted(principal.departments),
            method=principal.method,
            csrf_token=principal.csrf,
        )


class TokenOut(Model):
    """A token, without its secret."""

    id: Identifier
    name: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def of(cls, row: models.Token) -> TokenOut:
        """From the table."""
        plain = ("id", "name", "created_at", "used_at", "expires_at")
        return cls(**{name: getattr(row, name) for name in plain})


class NewTokenOut(TokenOut):
    """A new token with its secret, which is told this once."""

    secret: str


class UserOut(Model):
    """A user; ``sign_in`` tells whether by a password here, by the provider, or both."""

    id: Identifier
    login: str
    name: str
    role: RoleName
    departments: list[DepartmentOut]
    active: bool
    sign_in: list[Literal["password", "provider"]]
    created_at: datetime
    seen_at: datetime | None

    @classmethod
    def of(cls, row: models.User) -> UserOut:
        """From the table."""
        plain = ("id", "login", "name", "role", "active", "created_at", "seen_at")
        ways = {"password": row.password_hash, "provider": row.subject}
        return cls(
            **{name: getattr(row, name) for name in plain},
            departments=[DepartmentOut(id=found.id, name=found.name) for found in row.departments],
            sign_in=[way for way, there in ways.items() if there],  # type: ignore[misc]
        )


class LogEntryOut(Model):
    """One entry of the log; ``action_name`` in Chinese."""

    id: Identifier
    at: datetime
    user: PersonOut
    action: str
    action_name: str
    object_kind: str
    object_id: str
    department: str | None
    address: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, row: models.LogEntry) -> LogEntryOut:
        """From the table."""
        plain = ("id", "at", "action", "object_kind", "object_id", "address", "detail")
        return cls(
            **{name: getattr(row, name) for name in plain},
            user=PersonOut(id=row.user_id, name=row.user_name),
            action_name=ACTIONS.get(row.action, row.action),
            department=row.department_id,
        )
