"""Signing in by an OpenID Connect provider."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from api.auth import oidc
from api.services import accounts
from api.services.accounts import UserChange
from api.settings import ServiceSettings
from api.store.models import User
from corpora.errors import MissingExtraError, UsageError
from tests.api.auth.house import PASSWORD, SHELL, House, housing
from tests.api.auth.provider import CLIENT, SECRET, Provider, providing


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A running provider."""
    with providing() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, provider: Provider) -> Iterator[House]:
    """A service that trusts the provider."""
    found = {"oidc_issuer": provider.issuer, "oidc_client": CLIENT, "oidc_secret": SECRET, "oidc_name": "校园网"}
    with housing(tmp_path, **found) as opened:
        yield opened


def depart(house: House, wanted: str = "/documents") -> str:
    """Press the button; the address back, as the provider gives it."""
    house.client.cookies.clear()
    start = house.client.get("/sign-in/provider", params={"next": wanted}, follow_redirects=False)
    assert start.status_code == 303, start.text
    return httpx2.get(start.headers["Location"]).headers["Location"]


def travel(house: House, **options: Any) -> Any:
    """There and back; the answer to coming back."""
    return house.client.get(depart(house, **options), follow_redirects=False)


def users(house: House) -> list[User]:
    """All users, the newest first."""
    return list(accounts.list_users(house.service, SHELL, accounts.PageRequest()).items)


def test_who_comes_for_the_first_time_becomes_a_teacher(house: House, provider: Provider) -> None:
    """Signed in by a session as by a password, and led to the page that was asked for."""
    assert "用校园网登录" in house.client.get("/sign-in").text
    answer = travel(house)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/documents")
    me = house.client.get("/api/v1/me").json()
    assert (me["login"], me["name"], me["role"], me["method"]) == ("li.na", "李娜", "teacher", "session")
    assert users(house)[0].subject == f"{provider.issuer} u-1"
    assert [entry.action for entry in house.entries()][:2] == ["session.open", "user.create"]


def test_who_comes_again_is_the_same_user(house: House, provider: Provider) -> None:
    """By the subject, whatever the name is by then; the role that was given here stays."""
    travel(house)
    user = users(house)[0]
    accounts.change_user(house.service, SHELL, user.id, UserChange(role="reviewer"))
    provider.person = {"sub": "u-1", "preferred_username": "li.na.married", "name": "李娜娜"}
    provider.rotate()
    assert travel(house).status_code == 303
    assert [each.id for each in users(house)] == [user.id]
    assert house.client.get("/api/v1/me").json()["role"] == "reviewer"


def test_a_name_that_is_taken_is_never_shared(house: House, provider: Provider) -> None:
    """Whoever is called like a user here gets an account of their own."""
    boss = house.make_user("li.na", "admin")
    provider.person["sub"] = "an attacker"
    assert travel(house).status_code == 303
    me = house.client.get("/api/v1/me").json()
    assert me["id"] != boss.id
    assert me["login"].startswith("li.na-")
    assert me["role"] == "teacher"


@pytest.mark.parametrize("person", [{"sub": "1"}, {"sub": "x y z"}, {"sub": "2", "preferred_username": "local"}])
def test_people_without_a_usable_name_get_one(house: House, provider: Provider, person: dict[str, str]) -> None:
    """Only the subject is sure to be there."""
    provider.person = person
    assert travel(house).status_code == 303
    assert house.client.get("/api/v1/me").json()["login"] not in ("", "local")


def test_who_is_disabled_here_stays_out(house: House) -> None:
    """Whatever the provider says."""
    travel(house)
    accounts.create_user(house.service, SHELL, login="boss", name="b", role="admin", password=PASSWORD)
    user = next(each for each in users(house) if each.login == "li.na")
    accounts.change_user(house.service, SHELL, user.id, UserChange(active=False))
    answer = travel(house)
    assert answer.status_code == 401
    assert "账号已停用" in answer.text
    assert house.client.get("/api/v1/me").status_code == 401
    assert house.entries("session.fail")[0].user_id == user.id


HOUR = 3600
LIES: list[tuple[dict[str, Any], set[str]]] = [
    ({"iss": "http://evil.example"}, set()),
    ({"aud": "somebody else"}, set()),
    ({"aud": [CLIENT, "somebody else"], "azp": "somebody else"}, set()),
    ({"nonce": "another"}, set()),
    ({"nonce": None}, set()),
    ({"exp": int(time.time()) - HOUR}, set()),
    ({"exp": None}, set()),
    ({"iat": int(time.time()) + 24 * HOUR}, set()),
    ({"sub": None}, set()),
    ({"sub": ""}, set()),
    ({"sub": 7}, set()),
    ({"at_hash": "wrong"}, set()),
    ({}, {"key"}),
    ({}, {"none"}),
    ({}, {"hmac"}),
    ({}, {"down"}),
]


@pytest.mark.parametrize(("claims", "lies"), LIES, ids=range(len(LIES)))
def test_nobody_is_signed_in_by_a_token_that_does_not_hold(
    house: House, provider: Provider, claims: dict[str, Any], lies: set[str]
) -> None:
    """Another issuer, audience, nonce, time, subject; another key, no key, the client's secret as key."""
    provider.claims, provider.lies = claims, lies
    answer = travel(house)
    assert answer.status_code == 401
    assert "统一登录没有成功" in answer.text
    assert "duibiao_session" not in house.client.cookies
    assert users(house) == []


@pytest.mark.parametrize("lies", [{"issuer"}, {"nonsense"}])
def test_a_provider_that_is_another_is_not_gone_to(house: House, provider: Provider, lies: set[str]) -> None:
    """The form is shown again with the reason."""
    provider.lies = lies
    answer = house.client.get("/sign-in/provider", follow_redirects=False)
    assert answer.status_code == 401
    assert "统一登录没有成功" in answer.text


def test_a_provider_that_does_not_answer_is_told_of(tmp_path: Path) -> None:
    """Signing in by password goes on working."""
    found = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client": CLIENT}
    with housing(tmp_path, **found) as house:
        assert "提供方没有应答" in house.client.get("/sign-in/provider").text
        house.make_user("anna")
        assert house.client.post("/api/v1/session", json={"login": "anna", "password": PASSWORD}).status_code == 201


def test_an_answer_counts_once_and_for_the_browser_that_asked(house: House) -> None:
    """Another state, another browser's cookie, no cookie, a second time, a refusal: nobody is signed in."""
    back = depart(house)
    parts = urlsplit(back)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}

    def arrive(**changes: str) -> int:
        sent = {name: value for name, value in {**query, **changes}.items() if value}
        return house.client.get(parts.path, params=sent, follow_redirects=False).status_code  # type: ignore[no-any-return]

    memory = dict(house.client.cookies)
    assert arrive(state="another") == 401
    assert "duibiao_provider" not in house.client.cookies
    assert arrive() == 401
    for changes in (
        {"state": ""},
        {"iss": "http://evil.example"},
        {"code": "", "error": "access_denied"},
        {"code": "x"},
    ):
        house.client.cookies.update(memory)
        assert arrive(**changes) == 401
    house.client.cookies.update(memory)
    assert arrive() == 303
    house.client.cookies.clear()
    house.client.cookies.update(memory)
    assert arrive() == 401
    depart(house)
    assert arrive() == 401
    assert len(users(house)) == 1


def test_the_memory_of_the_way_is_kept_from_scripts_and_runs_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cookie that only this service reads, for ten minutes."""
    start = house.client.get("/sign-in/provider", follow_redirects=False)
    cookie = start.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=lax", "Max-Age=600"} <= {part.strip() for part in cookie.split(";")}
    query = parse_qs(urlsplit(start.headers["Location"]).query)
    assert query["state"][0] not in cookie
    assert "code_verifier" not in query
    back = httpx2.get(start.headers["Location"]).headers["Location"]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + oidc.PATIENCE + 5)
    answer = house.client.get(back, follow_redirects=False)
    assert answer.status_code == 401
    assert "用时过长" in answer.text


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_the_way_back_leads_to_a_page_of_ours(house: House, wanted: str) -> None:
    """``next`` cannot lead elsewhere by this way either."""
    assert travel(house, wanted=wanted).headers["Location"] == "/"


def test_behind_tls_the_provider_is_given_our_https_address(tmp_path: Path, provider: Provider) -> None:
    """The address back is built from the host that the wall has checked."""
    found = {"oidc_issuer": provider.issuer, "oidc_client": CLIENT, "oidc_secret": SECRET, "https": True}
    with housing(tmp_path, **found, hosts=("duibiao.school.example",)) as house:
        start = house.client.get(
            "/sign-in/provider", headers={"Host": "duibiao.school.example"}, follow_redirects=False
        )
        query = parse_qs(urlsplit(start.headers["Location"]).query)
        assert query["redirect_uri"] == ["https://duibiao.school.example/sign-in/provider/back"]
        assert start.headers["Set-Cookie"].startswith("__Host-duibiao_provider=")


def test_settings_that_cannot_work_are_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """No client id; the extra is not installed."""
    settings = ServiceSettings(auth=True, oidc_issuer="http://127.0.0.1:9")
    with pytest.raises(UsageError, match="客户端编号"):
        oidc.check_provider(settings)
    oidc.check_provider(replace(settings, oidc_client=CLIENT))
    oidc.check_provider(ServiceSettings())
    monkeypatch.setattr(oidc, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"duibiao\[oidc\]"):
        oidc.check_provider(replace(settings, oidc_client=CLIENT))
