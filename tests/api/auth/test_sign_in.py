"""Signing in and out: cookies, passwords, limits, what ends a session."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from api.auth import passwords
from api.auth.cookies import digest
from api.auth.identify import principal_of
from api.auth.limits import RateLimit, address_key
from api.errors import TooManyRequestsError
from api.services import accounts
from api.services.accounts import UserChange
from api.store.models import LoginSession, User, now
from corpora.errors import UsageError
from tests.api.auth.house import PASSWORD, SHELL, House, housing
from tests.service import People

WRONG = "wrong password"


def sign_in(house: House, login: str, password: str = PASSWORD, **headers: str) -> Any:
    """An attempt by the API."""
    house.client.cookies.clear()
    return house.client.post("/api/v1/session", json={"login": login, "password": password}, headers=headers)


def test_signing_in_sets_a_cookie_that_no_script_reads(house: House) -> None:
    """The answer tells who it is and the forgery token; the database holds a digest of the secret only."""
    user = house.make_user("anna", "admin")
    answer = sign_in(house, "anna")
    assert answer.status_code == 201
    assert (answer.json()["login"], answer.json()["method"]) == ("anna", "session")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("duibiao_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie
    secret = cookie.split("=", 1)[1].split(";")[0]
    assert len(secret) == 43
    with house.service.store.read() as session:
        kept = session.scalars(select(LoginSession)).one()
    assert (kept.digest, kept.user_id) == (digest(secret), user.id)
    assert secret not in (kept.digest, kept.csrf)
    assert house.client.get("/api/v1/me").json() == answer.json()


def test_behind_tls_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    """Secure, and the prefix that no other host and no plain connection can set."""
    with housing(tmp_path, https=True) as house:
        house.make_user("anna")
        cookie = sign_in(house, "anna").headers["Set-Cookie"]
        assert cookie.startswith("__Host-duibiao_session=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        plain = {"Cookie": "duibiao_session=" + cookie.split("=", 1)[1].split(";")[0]}
        assert house.client.get("/api/v1/me", headers=plain).status_code == 401


def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    """A copy of the cookie is of no use afterwards."""
    house.make_user("anna")
    token = sign_in(house, "anna").json()["csrf_token"]
    copy = {"Cookie": f"duibiao_session={house.client.cookies['duibiao_session']}"}
    assert house.client.delete("/api/v1/session", headers={"X-CSRF-Token": token}).status_code == 204
    assert "duibiao_session" not in house.client.cookies
    assert house.client.get("/api/v1/me", headers=copy).status_code == 401
    assert [entry.action for entry in house.entries()][:2] == ["session.close", "session.open"]


@pytest.mark.parametrize("login", ["ANNA", " anna ", "ａｎｎａ"])
def test_a_login_is_the_same_however_it_is_written(house: House, login: str) -> None:
    """Case, blanks around it and wide letters do not matter."""
    house.make_user("Anna")
    assert sign_in(house, login).status_code == 201


def test_who_fails_is_not_told_why(house: House) -> None:
    """Wrong password, unknown login, no password, disabled, the user of local mode: the same answer."""
    house.make_user("anna")
    house.make_user("boss", "admin")
    gone = house.make_user("gone")
    accounts.change_user(house.service, SHELL, gone.id, UserChange(active=False))
    with house.service.store.begin() as session:
        session.add(User(login="sso", name="sso", role="teacher", subject="x"))
    tries = [
        ("anna", WRONG),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("sso", PASSWORD),
        ("local", PASSWORD),
        ("", "x"),
    ]
    answers = [sign_in(house, *each) for each in tries]
    assert [answer.status_code for answer in answers] == [401] * 5 + [422]
    bodies = [answer.json() for answer in answers[:5]]
    assert all(body == bodies[0] for body in bodies)
    assert all("Set-Cookie" not in answer.headers for answer in answers)


def test_an_unknown_login_costs_as_much_as_a_known_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is checked in any case: the time that it takes tells nobody which logins there are."""
    checked: list[str] = []
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, hash: str, password: str) -> bool:
        checked.append(hash)
        return real(self, hash, password)

    house.make_user("anna")
    monkeypatch.setattr(PasswordHasher, "verify", verify)
    for login in ("anna", "nobody"):
        assert sign_in(house, login, WRONG).status_code == 401
    assert len(checked) == 2
    known, unknown = (hash.split("$")[:4] for hash in checked)
    assert known == unknown


def test_a_failed_try_is_logged_without_what_was_typed(house: House) -> None:
    """Somebody may have typed a password into the wrong field."""
    user = house.make_user("anna")
    sign_in(house, "anna", WRONG)
    sign_in(house, "my secret password", "x")
    unknown, known = house.entries("session.fail")
    assert (known.user_id, known.user_name) == (user.id, "anna")
    assert (unknown.user_id, unknown.user_name, unknown.detail) == ("", "", {})
    assert unknown.address == "198.51.100.7"


def test_passwords_are_kept_as_argon2id_and_kept_anew_when_parameters_change(house: House) -> None:
    """A hash of weaker parameters is replaced at the next sign-in."""
    user = house.make_user("anna")
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with house.service.store.begin() as session:
        session.execute(update(User).where(User.id == user.id).values(password_hash=weak))
    assert sign_in(house, "anna").status_code == 201
    kept = accounts.find_user(house.service, SHELL, user.id).password_hash
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert sign_in(house, "anna").status_code == 201
    assert accounts.find_user(house.service, SHELL, user.id).password_hash == kept


@pytest.mark.parametrize(
    "password",
    ["", "short", "123456789", "1234567890", "QWERTYUIOP", "aaaaaaaaaaaa", "abababababab", "zhangwei2024", "x" * 257],
)
def test_passwords_that_are_easily_guessed_are_refused(password: str) -> None:
    """Too short, common, of few letters, the login with figures, too long."""
    with pytest.raises(UsageError):
        passwords.check_password(password, "zhangwei")


@pytest.mark.parametrize(
    "password", ["correct horse", "沿着江边一直走到对岸去", "Xk3!pq9#Lm", "zhangwei likes tea", "é" * 4 + "abcdef"]
)
def test_other_passwords_are_taken(password: str) -> None:
    """Length counts, not kinds of characters."""
    passwords.check_password(password, "zhangwei")
    kept = passwords.hash_password(password)
    assert passwords.verify_password(kept, password)
    assert not passwords.verify_password(kept, password + " ")


def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    """é as one character or as two."""
    assert passwords.verify_password(passwords.hash_password("cafe\u0301 au lait"), "caf\u00e9 au lait")


def test_a_damaged_hash_lets_nobody_in() -> None:
    """And is no error either."""
    assert not passwords.verify_password("$argon2id$broken", PASSWORD)
    assert not passwords.verify_password(None, PASSWORD)


def test_sign_ins_are_limited_for_a_login_and_for_an_address(tmp_path: Path) -> None:
    """Ten failures stop the login, from wherever; ten of one address stop the address, for whatever login."""
    with housing(tmp_path, sign_ins_per_minute=3, proxies=("198.51.100.7",)) as house:
        house.make_user("anna")
        house.make_user("bob")
        forwarded = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(9)]
        assert [sign_in(house, "anna", WRONG, **forwarded[n]).status_code for n in range(3)] == [401] * 3
        stopped = sign_in(house, "ANNA", PASSWORD, **forwarded[4])
        assert stopped.status_code == 429
        assert 1 <= int(stopped.headers["Retry-After"]) <= 60
        assert sign_in(house, "bob", PASSWORD, **forwarded[4]).status_code == 201
        tries = [sign_in(house, f"nobody{n}", WRONG, **forwarded[5]).status_code for n in range(4)]
        assert tries == [401, 401, 401, 429]
        assert sign_in(house, "bob", PASSWORD, **forwarded[5]).status_code == 429
        assert sign_in(house, "bob", PASSWORD, **forwarded[6]).status_code == 201


def test_signing_in_rightly_counts_for_no_limit(tmp_path: Path) -> None:
    """A school behind one address can come in on a Monday morning."""
    with housing(tmp_path, sign_ins_per_minute=2) as house:
        for login in ("anna", "bob"):
            house.make_user(login)
        assert {sign_in(house, login).status_code for login in ("anna", "bob", "anna", "bob", "anna")} == {201}


def test_the_page_tells_of_the_limit_and_keeps_what_was_typed(tmp_path: Path) -> None:
    """429 with the form."""
    with housing(tmp_path, sign_ins_per_minute=1) as house:
        sent = {"login": "anna", "password": WRONG}
        assert house.client.post("/sign-in", data=sent).status_code == 401
        answer = house.client.post("/sign-in", data=sent)
        assert answer.status_code == 429
        assert "Retry-After" in answer.headers
        assert 'value="anna"' in answer.text
        assert WRONG not in answer.text


def test_a_limit_slides() -> None:
    """A try is free again a minute after the oldest that counts."""
    moment = [0.0]
    limit = RateLimit("太多", 2, clock=lambda: moment[0])
    for at in (0, 30):
        moment[0] = at
        limit.take("a")
    moment[0] = 45
    with pytest.raises(TooManyRequestsError) as caught:
        limit.take("a")
    assert caught.value.seconds == 15
    limit.take("b")
    moment[0] = 60
    limit.take("a")
    with pytest.raises(TooManyRequestsError):
        limit.take("a")
    limit.give_back("a")
    limit.take("a")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_an_address_counts_with_its_neighbours(address: str, key: str) -> None:
    """Whoever has one IPv6 address has the whole /64."""
    assert address_key(address) == key


def test_uploads_are_limited_for_each_user(tmp_path: Path) -> None:
    """429 with Retry-After; another user is not concerned."""
    with housing(tmp_path, uploads_per_minute=2) as house:
        anna, bob = (accounts_principal(house, login) for login in ("anna", "bob"))
        files = {"file": ("大纲.md", "# 课程".encode())}
        got = [house.call(anna, "POST", "/api/v1/documents", files=files) for _ in range(3)]
        assert [answer.status_code for answer in got] == [201, 201, 429]
        assert int(got[2].headers["Retry-After"]) >= 1
        assert house.call(bob, "POST", "/api/v1/documents", files=files).status_code == 201


def accounts_principal(house: House, login: str) -> Any:
    """A new user as principal."""
    return principal_of(house.make_user(login), "session")


def test_sessions_and_tokens_end_with_their_time(house: House) -> None:
    """An expired session is no session; signing in clears the old ones away."""
    user = house.make_user("anna")
    sign_in(house, "anna")
    with house.service.store.begin() as session:
        session.execute(update(LoginSession).values(expires_at=now() - timedelta(seconds=1)))
    assert house.client.get("/api/v1/me").status_code == 401
    sign_in(house, "anna")
    with house.service.store.read() as session:
        assert [row.user_id for row in session.scalars(select(LoginSession))] == [user.id]


def test_a_disabled_user_is_out_everywhere_at_once(house: House) -> None:
    """Sessions and tokens of before are no way in, also after the user is enabled again."""
    house.make_user("boss", "admin")
    user = house.make_user("anna")
    csrf = sign_in(house, "anna").json()["csrf_token"]
    cookie = {"Cookie": f"duibiao_session={house.client.cookies['duibiao_session']}", "X-CSRF-Token": csrf}
    secret = house.client.post("/api/v1/tokens", json={"name": "t"}, headers=cookie).json()["secret"]
    bearer = {"Authorization": f"Bearer {secret}"}
    house.client.cookies.clear()
    assert [house.client.get("/api/v1/me", headers=h).status_code for h in (cookie, bearer)] == [200, 200]
    for active in (False, True):
        accounts.change_user(house.service, SHELL, user.id, UserChange(active=active))
        assert [house.client.get("/api/v1/me", headers=h).status_code for h in (cookie, bearer)] == [401, 401]
    assert sign_in(house, "anna").status_code == 201


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(house: House, crowd: People) -> None:
    """Without signing in anew."""
    house.make_user("boss", "admin")
    assert house.call(crowd.admin, "GET", "/api/v1/users").status_code == 200
    accounts.change_user(house.service, SHELL, crowd.admin.id, UserChange(role="teacher"))
    assert house.call(crowd.admin, "GET", "/api/v1/users").status_code == 403


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/documents?after=x", "/documents?after=x"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("/sign-in", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_goes_to_a_page_of_ours(house: House, wanted: str, place: str) -> None:
    """``next`` never leads elsewhere, neither in the form nor for those already signed in."""
    house.make_user("anna")
    answer = house.client.post(
        "/sign-in", data={"login": "anna", "password": PASSWORD, "next": wanted}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, place)
    again = house.client.get("/sign-in", params={"next": wanted}, follow_redirects=False)
    assert (again.status_code, again.headers["Location"]) == (303, place)


def test_a_page_that_needs_signing_in_leads_there_and_back(house: House) -> None:
    """Browsers are sent to the form, programs get 401."""
    house.make_user("anna")
    html = {"Accept": "text/html"}
    answer = house.client.get("/documents?text=网店", headers=html, follow_redirects=False)
    assert answer.status_code == 303
    form = house.client.get(answer.headers["Location"], headers=html)
    assert 'name="next" value="/documents?text=%E7%BD%91%E5%BA%97"' in form.text
    problem = house.client.get("/api/v1/documents")
    assert (problem.status_code, problem.headers["WWW-Authenticate"].split()[0]) == (401, "Bearer")


def test_without_accounts_there_is_nothing_to_sign_in_to(tmp_path: Path) -> None:
    """Local mode says so; the page leads home, and no token or session can be made."""
    with housing(tmp_path, "127.0.0.1", auth=False) as house:
        house.make_user("anna", "admin")
        assert sign_in(house, "anna").status_code == 409
        assert house.client.get("/sign-in", follow_redirects=False).headers["Location"] == "/"
        assert house.client.post("/api/v1/tokens", json={"name": "t"}).status_code == 403
        assert house.client.delete("/api/v1/session").status_code == 403
        assert "duibiao serve --auth" in house.client.get("/account").text


def test_a_service_without_an_administrator_says_so(house: House) -> None:
    """With the command that makes the first; not after it."""
    assert "duibiao user add" in house.client.get("/sign-in").text
    house.make_user("boss", "admin")
    assert "duibiao user add" not in house.client.get("/sign-in").text
