"""The outer wall: hosts, this machine, forgery, security headers, proxies."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.auth.middleware import POLICY
from tests.api.auth.house import House, housing
from tests.service import People, make_client, make_settings

LOCAL = {"auth": False}


def status(house: House, host: str, **headers: str) -> int:
    """Status of a request that names a host."""
    return house.client.get("/api/v1/standards", headers={"Host": host, **headers}).status_code  # type: ignore[no-any-return]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "duibiao.localhost:80", "127.8.8.8"])
def test_local_mode_answers_to_names_of_this_machine(tmp_path: Path, host: str) -> None:
    """Loopback names and addresses, with any port."""
    with housing(tmp_path, "127.0.0.1", **LOCAL) as house:
        assert status(house, host) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "192.168.1.5", "", "[::1", "127.0.0.1.nip.io"]
)
def test_local_mode_refuses_rebound_names(tmp_path: Path, host: str) -> None:
    """A name of somebody else's that was made to point here is no way in, and neither is a public address."""
    with housing(tmp_path, "127.0.0.1", **LOCAL, hosts=("duibiao.school.example",)) as house:
        assert status(house, host) == 400
        assert status(house, "duibiao.school.example") == 400


@pytest.mark.parametrize("address", ["192.0.2.4", "10.0.0.1", "2001:db8::1", "testclient", ""])
def test_local_mode_serves_this_machine_only(tmp_path: Path, address: str) -> None:
    """Whoever comes from elsewhere is refused, however they name the host."""
    with housing(tmp_path, address, **LOCAL) as house:
        answer = house.client.get("/api/v1/me", headers={"Host": "localhost"})
        assert answer.status_code == 400
        assert "--auth" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host"])
def test_local_mode_is_not_reached_through_a_proxy(tmp_path: Path, name: str) -> None:
    """A proxy on this machine would open the one account to all who reach the proxy."""
    with housing(tmp_path, "127.0.0.1", **LOCAL) as house:
        assert status(house, "localhost") == 200
        assert status(house, "localhost", **{name: "203.0.113.9"}) == 400


def test_with_accounts_hosts_are_those_of_the_settings(tmp_path: Path) -> None:
    """Names of the settings, addresses, and this machine's names; no others."""
    with housing(tmp_path, hosts=("Duibiao.School.example",)) as house:
        known = {
            host: house.client.get("/sign-in", headers={"Host": host}).status_code
            for host in (
                "duibiao.school.example",
                "DUIBIAO.school.example:443",
                "192.168.1.5:8000",
                "localhost",
                "x.example",
            )
        }
    assert list(known.values()) == [200, 200, 200, 200, 400]


SITES = [
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"}, True),
    ({"Origin": "http://localhost"}, True),
    ({"Origin": "http://localhost:9000"}, False),
    ({"Origin": "http://evil.example"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
    ({}, True),
]


@pytest.mark.parametrize(("headers", "taken"), SITES)
def test_local_mode_refuses_what_other_sites_send(tmp_path: Path, headers: dict[str, str], taken: bool) -> None:
    """What the browser says of where a request comes from decides; programs say nothing."""
    with housing(tmp_path, "127.0.0.1", **LOCAL) as house:
        sent = {"Host": "localhost", **headers}
        answer = house.client.post("/api/v1/departments", json={"name": "院系"}, headers=sent)
        assert answer.status_code == (201 if taken else 403)
        assert house.client.get("/api/v1/departments", headers=sent).status_code == 200
        assert len(house.client.get("/api/v1/departments", headers={"Host": "localhost"}).json()) == int(taken)


def test_a_session_needs_its_own_token(house: House, crowd: People) -> None:
    """Missing, empty, wrong or another session's token: nothing is done; the header or the form carries it."""
    mine, other = house.headers(crowd.admin), house.headers(crowd.teacher)
    cookie = {"Cookie": mine["Cookie"]}
    for token in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": other["X-CSRF-Token"]}):
        answer = house.client.post("/api/v1/departments", json={"name": "院系"}, headers={**cookie, **token})
        assert answer.status_code == 403
        form = {"name": "院系", **({"csrf_token": token["X-CSRF-Token"]} if token else {})}
        assert house.client.post("/departments", data=form, headers=cookie).status_code == 403
    assert len(house.client.get("/api/v1/departments", headers=cookie).json()) == 2
    form = {"name": "院系", "csrf_token": mine["X-CSRF-Token"]}
    assert house.client.post("/departments", data=form, headers=cookie, follow_redirects=False).status_code == 303
    assert house.client.post("/api/v1/departments", json={"name": "又一"}, headers=mine).status_code == 201
    assert len(house.client.get("/api/v1/departments", headers=cookie).json()) == 4


def test_an_upload_form_carries_the_token_as_a_field(house: House, crowd: People) -> None:
    """Multipart forms too: with a wrong field nothing is kept."""
    mine = house.headers(crowd.teacher)
    file = {"file": ("大纲.md", "# 课程".encode())}
    cookie = {"Cookie": mine["Cookie"]}
    post = house.client.post
    assert post("/api/v1/documents", files=file, data={"csrf_token": "x"}, headers=cookie).status_code == 403
    assert house.call(crowd.teacher, "GET", "/api/v1/documents").json()["items"] == []
    right = {"csrf_token": mine["X-CSRF-Token"]}
    assert post("/api/v1/documents", files=file, data=right, headers=cookie).status_code == 201


def test_a_session_from_another_site_is_refused_even_with_the_token(house: House, crowd: People) -> None:
    """Both walls stand."""
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        answer = house.call(crowd.admin, "POST", "/api/v1/departments", json={"name": "院系"}, headers=headers)
        assert answer.status_code == 403


def test_every_answer_has_the_security_headers(house: House) -> None:
    """Pages, API answers, static files, problems, refusals of the wall itself."""
    sheet = next(line for line in house.client.get("/sign-in").text.split('"') if line.endswith("app.css"))
    for path, host in (("/sign-in", ""), ("/api/v1/me", ""), ("/nowhere", ""), (sheet, ""), ("/sign-in", "x.example")):
        answer = house.client.get(path, headers={"Host": host} if host else {})
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in answer.headers
        private = answer.headers.get("Cache-Control") == "no-store"
        assert private == (path != sheet)
    assert "unsafe" not in POLICY


def test_behind_tls_browsers_are_told_to_stay_there(tmp_path: Path) -> None:
    """HSTS, only when the settings say that browsers come through TLS."""
    with housing(tmp_path, https=True) as house:
        assert house.client.get("/sign-in").headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize(("proxies", "seen"), [(("198.51.100.7",), "203.0.113.9"), ((), "198.51.100.7")])
def test_only_a_trusted_proxy_tells_the_address(tmp_path: Path, proxies: tuple[str, ...], seen: str) -> None:
    """What a proxy of the settings says of the client's address is kept in the log; nobody else is believed."""
    with housing(tmp_path, proxies=proxies) as house:
        house.make_user("anna")
        sent = {"login": "anna", "password": "wrong password"}
        house.client.post("/api/v1/session", json=sent, headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"})
        assert house.entries("session.fail")[0].address == seen


def test_a_stream_passes_through_as_it_comes(tmp_path: Path) -> None:
    """The wall holds no answer back: the CSV of the log comes in pieces, with its headers."""
    with make_client(make_settings(tmp_path)) as client, client.stream("GET", "/api/v1/log/export") as answer:
        pieces = list(answer.iter_bytes())
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"".join(pieces).startswith("\ufeff时间".encode())
