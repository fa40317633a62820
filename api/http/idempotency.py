"""Requests that may be sent twice and count once (draft-ietf-httpapi-idempotency-key-header).

The first answer to a request with an ``Idempotency-Key`` is kept for a day, for each user, and given again to its
repetitions. A request that failed is forgotten: nothing was done, and it may be sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.auth.principal import Principal
from api.errors import InProgressError, KeyReusedError
from api.service import Service
from api.services.retention import ANSWERS_KEPT
from api.store.models import IdempotencyRecord, now

#: After which a request that is still unanswered is taken for lost: the service ended while it was at it.
LOST = timedelta(minutes=5)

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="同一个值和同样的内容再次发送，得到第一次的答复，不会重复执行；保存 24 小时",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
    ),
]


def fingerprint(*parts: str | bytes) -> str:
    """What two requests have in common if they are the same: SHA-256 over all that was sent."""
    total = sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.hexdigest()


def json_answer(body: BaseModel, status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An answer of one of our models."""
    return JSONResponse(body.model_dump(mode="json", by_alias=True), status, dict(headers or {}))


def answer_once(
    service: Service,
    principal: Principal,
    key: str | None,
    sent: Iterable[str | bytes],
    act: Callable[[], tuple[BaseModel, int, Mapping[str, str]]],
) -> JSONResponse:
    """Act and answer, or give the answer that the same request got before.

    Parameters
    ----------
    key : the request's idempotency key; None to act in any case.
    sent : all that makes the request what it is, the route's name first.
    act : does what is asked, and returns body, status and headers of the answer.

    Raises
    ------
    KeyReusedError : the key came with another request before.
    InProgressError : the first request with this key is not answered yet.
    """
    if key is None:
        return json_answer(*act())
    known = _take(service, principal, key, fingerprint(*sent))
    if isinstance(known, JSONResponse):
        return known
    try:
        body, status, headers = act()
    except BaseException:
        with service.store.begin() as session:
            session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.id == known))
        raise
    kept: dict[str, Any] = body.model_dump(mode="json", by_alias=True)
    with service.store.begin() as session:
        values = {"status": status, "body": kept, "headers": dict(headers)}
        session.execute(update(IdempotencyRecord).where(IdempotencyRecord.id == known).values(values))
    return JSONResponse(kept, status, dict(headers))


def _take(service: Service, principal: Principal, key: str, digest: str) -> str | JSONResponse:
    """The id of a new record, or the answer that is kept."""
    try:
        with service.store.begin() as session:
            _forget_old(session)
            record = IdempotencyRecord(user_id=principal.id, key=key, fingerprint=digest)
            session.add(record)
        return record.id
    except IntegrityError:
        return _known(service, principal, key, digest)


def _forget_old(session: Session) -> None:
    """Drop answers kept long enough, and records of requests that never got one."""
    moment, made = now(), IdempotencyRecord.created_at
    lost = IdempotencyRecord.status.is_(None) & (made < moment - LOST)
    session.execute(delete(IdempotencyRecord).where((made < moment - ANSWERS_KEPT) | lost))


def _known(service: Service, principal: Principal, key: str, digest: str) -> JSONResponse:
    found = select(IdempotencyRecord).where(IdempotencyRecord.user_id == principal.id, IdempotencyRecord.key == key)
    with service.store.begin() as session:
        record = session.scalars(found).first()
    if record is None or (record.fingerprint == digest and record.status is None):
        raise InProgressError()  # none: forgotten this moment, because it failed
    if record.fingerprint != digest:
        raise KeyReusedError()
    return JSONResponse(record.body, record.status or 200, {**(record.headers or {}), "Idempotent-Replayed": "true"})
