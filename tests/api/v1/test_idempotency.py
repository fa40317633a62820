"""Idempotency keys: the same request twice counts once, across restarts, for a day, for each user."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlalchemy import select, update

from api.auth.principal import LOCAL, Principal
from api.errors import InProgressError, KeyReusedError
from api.http import idempotency
from api.http.idempotency import answer_once, fingerprint
from api.service import Service
from api.services.retention import ANSWERS_KEPT
from api.store.models import IdempotencyRecord, now
from corpora.errors import UsageError
from tests.api.v1.conftest import V1, serving

Send = Callable[..., Any]
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


class Thing(BaseModel):
    """What the acts of these tests answer."""

    number: int


class Counter:
    """An act that can be told how often it was done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> tuple[BaseModel, int, Mapping[str, str]]:
        """Count and answer."""
        self.times += 1
        return Thing(number=self.times), 201, {"Location": f"/things/{self.times}"}


def age(service: Service, by: timedelta) -> None:
    """Make all records older."""
    with service.store.begin() as session:
        session.execute(update(IdempotencyRecord).values(created_at=now() - by))


def test_an_upload_sent_twice_is_one_document(idle: TestClient, send: Send) -> None:
    """Status, body and address come again, marked as a repetition; there is one document."""
    first = send(idle, b"once", "一次.txt", headers=KEY)
    again = send(idle, b"once", "一次.txt", headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
    listed = idle.get(f"{V1}/documents", params={"text": "一次.txt"}).json()["items"]
    assert [item["id"] for item in listed] == [first.json()["id"]]


@pytest.mark.parametrize(
    ("data", "name", "fields"),
    [(b"other", "a.txt", {}), (b"text", "b.txt", {}), (b"text", "a.txt", {"kind": "syllabus"})],
)
def test_the_key_with_another_upload_is_refused(
    tmp_path: Path, send: Send, data: bytes, name: str, fields: dict[str, str]
) -> None:
    """Other bytes, another name or another field: 422, and nothing is kept."""
    with serving(tmp_path) as client:
        send(client, b"text", "a.txt", headers=KEY)
        answer = send(client, data, name, headers=KEY, **fields)
        assert (answer.status_code, answer.json()["type"]) == (422, f"{V1}/problems/idempotency-key-reused")
        assert len(client.get(f"{V1}/documents").json()["items"]) == 1


def test_jobs_and_batches_take_keys_too(tmp_path: Path, send: Send) -> None:
    """A report and an audit asked for twice are one each; one key does not serve two routes."""
    with serving(tmp_path) as client:
        body = {"document": send(client, b"text", "a.txt").json()["id"]}
        reports = [client.post(f"{V1}/reports", json=body, headers=KEY).json()["id"] for _ in range(2)]
        assert len(set(reports)) == 1
        other = {"Idempotency-Key": "another"}
        files = [("files", ("b.txt", b"text b")), ("files", ("c.txt", b"text c"))]
        audits = [client.post(f"{V1}/audits", files=files, headers=other).json()["id"] for _ in range(2)]
        assert len(set(audits)) == 1
        assert client.post(f"{V1}/audits", files=files, headers=KEY).status_code == 422
        assert len(client.get(f"{V1}/reports").json()["items"]) == 3


def test_a_repetition_after_a_restart(tmp_path: Path, send: Send) -> None:
    """The first answer is found again by a service started anew on the same data."""
    with serving(tmp_path) as client:
        first = send(client, b"text", "a.txt", headers=KEY)
    with serving(tmp_path) as client:
        again = send(client, b"text", "a.txt", headers=KEY)
        assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
        assert len(client.get(f"{V1}/documents").json()["items"]) == 1


def test_a_failed_request_may_be_sent_again(tmp_path: Path, send: Send) -> None:
    """Nothing was done, so nothing is remembered: the corrected request passes with the same key."""
    with serving(tmp_path) as client:
        assert send(client, b"text", "a.txt", headers=KEY, previous="none").status_code == 404
        assert send(client, b"text", "a.txt", headers=KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "中文".encode()])
def test_keys_that_are_none(idle: TestClient, send: Send, key: str | bytes) -> None:
    """Between 1 and 255 visible characters; others are refused before anything is done."""
    answer = send(idle, b"text", "a.txt", headers={b"Idempotency-Key": key if isinstance(key, bytes) else key.encode()})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_without_a_key_every_request_counts(service: Service) -> None:
    """Each is acted on, and none is remembered."""
    act = Counter()
    for _ in range(2):
        answer_once(service, LOCAL, None, ["things"], act)
    assert act.times == 2
    with service.store.read() as session:
        assert session.scalars(select(IdempotencyRecord)).all() == []


def test_users_do_not_share_keys(service: Service) -> None:
    """The same key of another user is another key."""
    act = Counter()
    for user in ("one", "two"):
        answer_once(service, Principal(user, user, user, "teacher"), "key", ["things"], act)
    assert act.times == 2


def test_a_repetition_while_the_first_is_in_progress(service: Service) -> None:
    """It is told to wait; with another content it is refused; both while the first goes on."""
    begun, go_on = threading.Event(), threading.Event()
    act = Counter()

    def slow() -> tuple[BaseModel, int, Mapping[str, str]]:
        begun.set()
        assert go_on.wait(30)
        return act()

    first = threading.Thread(target=answer_once, args=(service, LOCAL, "key", ["things"], slow))
    first.start()
    try:
        assert begun.wait(30)
        with pytest.raises(InProgressError):
            answer_once(service, LOCAL, "key", ["things"], act)
        with pytest.raises(KeyReusedError):
            answer_once(service, LOCAL, "key", ["others"], act)
    finally:
        go_on.set()
        first.join(30)
    assert act.times == 1
    assert answer_once(service, LOCAL, "key", ["things"], act).headers["idempotent-replayed"] == "true"


def test_many_at_once_are_one(service: Service) -> None:
    """Of requests that race with one key, one is acted on; the others wait or get its answer."""
    act, told = Counter(), []

    def ask() -> None:
        try:
            told.append(answer_once(service, LOCAL, "key", ["things"], act).status_code)
        except InProgressError:
            told.append(409)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert act.times == 1
    assert len(told) == 8
    assert set(told) <= {201, 409}


def test_an_answer_is_kept_for_a_day(service: Service) -> None:
    """After it the key is free again."""
    act = Counter()
    answer_once(service, LOCAL, "key", ["things"], act)
    age(service, ANSWERS_KEPT - timedelta(minutes=1))
    answer_once(service, LOCAL, "key", ["things"], act)
    assert act.times == 1
    age(service, ANSWERS_KEPT + timedelta(minutes=1))
    answer_once(service, LOCAL, "key", ["things"], act)
    assert act.times == 2


def test_a_request_that_the_service_died_of_is_taken_up(service: Service) -> None:
    """A record without an answer holds its key for some minutes, then it may be sent again."""
    with service.store.begin() as session:
        session.add(IdempotencyRecord(user_id=LOCAL.id, key="key", fingerprint=fingerprint("things")))
    act = Counter()
    with pytest.raises(InProgressError):
        answer_once(service, LOCAL, "key", ["things"], act)
    age(service, idempotency.LOST + timedelta(seconds=1))
    answer_once(service, LOCAL, "key", ["things"], act)
    assert act.times == 1


def test_an_error_frees_the_key(service: Service) -> None:
    """The error is the caller's to see, and the next request is the first."""

    def fail() -> tuple[BaseModel, int, Mapping[str, str]]:
        raise UsageError("不行")

    with pytest.raises(UsageError):
        answer_once(service, LOCAL, "key", ["things"], fail)
    act = Counter()
    answer_once(service, LOCAL, "key", ["others"], act)
    assert act.times == 1


def test_fingerprints_tell_parts_apart() -> None:
    """Where one part ends matters, not only what all are together."""
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint("ab") != fingerprint("ab", "")
    assert fingerprint("中", b"\x00") == fingerprint("中".encode(), "\x00")
