"""A service with accounts, its users, and how each of them calls it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.auth.cookies import cookie_name, digest, new_secret
from api.auth.principal import Principal
from api.service import Service
from api.services import accounts, log
from api.settings import Settings
from api.store.models import LogEntry, LoginSession, User, now
from tests.service import make_client, make_settings

PASSWORD = "correct horse battery"
ADDRESS = "198.51.100.7"


@dataclass
class House:
    """A running service with accounts.

    Parameters
    ----------
    client : a client without cookies of its own.
    """

    client: TestClient
    settings: Settings
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def service(self) -> Service:
        """The service behind the client."""
        service: Service = self.client.app.state.service  # type: ignore[attr-defined]
        return service

    def sign_in(self, user_id: str) -> tuple[str, str]:
        """Secret and forgery token of a new session of a user."""
        secret, csrf = new_secret(), new_secret()
        end = now() + timedelta(hours=1)
        with self.service.store.begin() as session:
            session.add(LoginSession(digest=digest(secret), user_id=user_id, csrf=csrf, expires_at=end))
        return secret, csrf

    def headers(self, who: Principal | None) -> dict[str, str]:
        """What the browser of a user sends along; None is nobody."""
        if who is None:
            return {}
        if who.id not in self.keys:
            self.keys[who.id] = self.sign_in(who.id)
        secret, csrf = self.keys[who.id]
        return {"Cookie": f"{cookie_name(self.settings.service)}={secret}", "X-CSRF-Token": csrf}

    def call(self, who: Principal | None, method: str, path: str, **sent: Any) -> Any:
        """A request by a user's browser, which follows no redirect."""
        headers = {**self.headers(who), **sent.pop("headers", {})}
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, follow_redirects=False, **sent)

    def make_user(self, login: str, role: str = "teacher", password: str = PASSWORD, **fields: Any) -> User:
        """A new user with a password."""
        asked = {"login": login, "name": login, "role": role, "password": password, **fields}
        return accounts.create_user(self.service, SHELL, **asked)

    def entries(self, action: str = "") -> list[LogEntry]:
        """The log, newest first."""
        page = log.list_log(self.service, SHELL, log.PageRequest(200), log.LogFilter(action=action))
        return list(page.items)


#: Whoever makes users in tests.
SHELL = Principal("local", "local", "命令行", "admin", method="local")


@contextmanager
def housing(folder: Path, address: str = ADDRESS, **service: Any) -> Iterator[House]:
    """A service with accounts in a folder of its own."""
    settings = make_settings(folder, **{"auth": True, **service})
    with make_client(settings, address) as client:
        client.base_url = "http://127.0.0.1"  # type: ignore[assignment]
        yield House(client, settings)
