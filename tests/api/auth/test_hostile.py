"""What comes in with ill will or at a bad time: large bodies of strangers, a database that is away, a full disk."""

from __future__ import annotations

import errno
import inspect
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from api.auth.middleware import POLICY
from api.errors import TooManyRequestsError
from api.http import streams
from api.http.body_limit import SMALL, UPLOADS
from api.http.streams import MOST, Streams
from api.services import accounts, reports
from api.services.accounts import UserChange
from api.store.database import Store
from api.store.models import LoginSession
from tests.api.auth.house import SHELL, House
from tests.service import People, note

V1 = "/api/v1"
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'


def test_a_stranger_cannot_send_files(house: House) -> None:
    """Who is not signed in is told so before the upload is read and kept in a file."""
    answer = house.call(None, "POST", f"{V1}/documents", headers=MULTIPART, content=_big(16))
    assert answer.status_code == 401
    assert answer.headers["content-security-policy"] == POLICY
    browser = house.call(None, "POST", "/upload", headers={**MULTIPART, "Accept": "text/html"}, content=_big(16))
    assert (browser.status_code, browser.headers["location"]) == (303, "/sign-in")


def _big(megabytes: int) -> bytes:
    return HEAD + bytes(megabytes << 20) + b"\r\n--b--\r\n"


JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        *((f"{V1}/session", JSON), (f"{V1}/session", MULTIPART["Content-Type"]), (f"{V1}/tokens", JSON)),
        *((f"{V1}/reports", JSON), ("/sign-in", FORM), ("/sign-in", MULTIPART["Content-Type"]), ("/upload", FORM)),
    ],
)
def test_where_no_files_are_sent_little_is_read(house: House, crowd: People, path: str, kind: str) -> None:
    """A megabyte is enough for every form and every JSON body, for everybody."""
    for who in (None, crowd.teacher):
        answer = house.call(who, "POST", path, headers={"Content-Type": kind}, content=b"[" * (SMALL + 1))
        assert answer.status_code == 413, answer.text


def test_the_addresses_of_uploads_are_those_that_take_files(house: House) -> None:
    """No route that takes files is left out, and none is named that takes none."""
    routes = list(iter_route_contexts(house.client.app.routes))  # type: ignore[attr-defined]
    taking = {route.path for route in routes if "UploadFile" in str(inspect.signature(route.endpoint or abs))}
    assert taking == UPLOADS


def _away(*_: object, **__: object) -> None:
    raise OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked"))


def _full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_database_that_is_away_is_told_and_comes_back(
    house: House, crowd: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with a time to come again, the security headers with it; afterwards all is as before."""
    house.headers(crowd.teacher)
    with monkeypatch.context() as broken:
        broken.setattr(Store, "read", _away)
        answer = house.call(crowd.teacher, "GET", f"{V1}/documents")
        assert (answer.status_code, answer.json()["type"]) == (503, "/api/v1/problems/unavailable")
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["content-security-policy"] == POLICY
        page = house.call(crowd.teacher, "GET", "/documents", headers={"Accept": "text/html"})
        assert page.status_code == 503
        assert "数据库暂时不能用" in page.text
    assert house.call(crowd.teacher, "GET", f"{V1}/documents").status_code == 200


def test_a_full_disk_keeps_nothing_by_half(house: House, crowd: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """507, no row, no half-written file; with room again the same upload is taken."""

    def send() -> Any:
        return house.call(crowd.teacher, "POST", f"{V1}/documents", files={"file": ("a.txt", b"text")})

    with monkeypatch.context() as broken:
        broken.setattr("api.store.blobs.os.fsync", _full)
        answer = send()
    assert (answer.status_code, answer.json()["type"]) == (507, "/api/v1/problems/no-space")
    assert house.call(crowd.teacher, "GET", f"{V1}/documents").json()["items"] == []
    assert [path for path in house.service.store.blobs.folder.rglob("*") if path.is_file()] == []
    assert send().status_code == 201


def test_a_mistake_of_ours_has_the_headers_of_every_answer(
    house: House, crowd: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also 500 says what browsers may load, and under which number the log tells the rest."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    house.headers(crowd.teacher)
    monkeypatch.setattr(Store, "read", fail)
    answer = house.call(crowd.teacher, "GET", f"{V1}/documents")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


def test_a_user_holds_so_many_streams_and_no_more() -> None:
    """Each is counted until it ends, each user for themselves."""
    counted = Streams(2)
    counted.take("a")
    counted.take("a")
    counted.take("b")
    with pytest.raises(TooManyRequestsError):
        counted.take("a")
    counted.give_back("a")
    counted.take("a")


def test_streams_are_given_back_when_they_end(house: House, crowd: People) -> None:
    """More streams than a user may hold at a time, one after the other; too many at a time are refused."""
    report = _waiting(house, crowd)
    reports.cancel(house.service, crowd.teacher, report)
    for address in (f"{V1}/reports/{report}/events", f"/reports/{report}/live"):
        for _ in range(MOST + 1):
            assert house.call(crowd.teacher, "GET", address).status_code == 200
    held: Streams = house.client.app.state.streams  # type: ignore[attr-defined]
    for _ in range(MOST):
        held.take(crowd.teacher.id)
    for address in (f"{V1}/reports/{report}/events", f"/reports/{report}/live"):
        assert house.call(crowd.teacher, "GET", address).status_code == 429
        assert house.call(crowd.reviewer, "GET", address).status_code == 200


def _waiting(house: House, crowd: People) -> str:
    from api.services import documents

    document = documents.upload(house.service, crowd.teacher, [note("促销")], department_id=crowd.department)
    return reports.start(house.service, crowd.teacher, document.id, "530701").id


def _sign_out(house: House, crowd: People) -> None:
    with house.service.store.begin() as session:
        session.execute(delete(LoginSession).where(LoginSession.user_id == crowd.reviewer.id))


def _disable(house: House, crowd: People) -> None:
    accounts.change_user(house.service, SHELL, crowd.reviewer.id, UserChange(active=False))


def _move_away(house: House, crowd: People) -> None:
    accounts.change_user(house.service, SHELL, crowd.reviewer.id, UserChange(departments=[crowd.elsewhere]))


def _degrade(house: House, crowd: People) -> None:
    accounts.change_user(house.service, SHELL, crowd.reviewer.id, UserChange(role="teacher"))


@pytest.mark.parametrize("change", [_sign_out, _disable, _move_away, _degrade])
@pytest.mark.parametrize("address", ["/api/v1/reports/{}/events", "/reports/{}/live"])
def test_a_stream_ends_when_the_reader_is_another(
    house: House,
    crowd: People,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[House, People], None],
    address: str,
) -> None:
    """Of a job that never ends: the stream does, once its reader is signed out, disabled, moved or of another role."""
    monkeypatch.setattr(streams, "CHECK", 0.0)
    house.make_user("keeper", "admin")
    report = _waiting(house, crowd)
    house.headers(crowd.reviewer)
    changed: list[bool] = []
    real = streams.identify

    def identify(request: Any, service: Any) -> Any:
        if request.url.path.endswith(("events", "live")) and not changed:
            changed.append(True)
            change(house, crowd)
        return real(request, service)

    monkeypatch.setattr(streams, "identify", identify)
    answer = house.call(crowd.reviewer, "GET", address.format(report))
    assert answer.status_code == 200
    assert changed
    assert report not in answer.text
