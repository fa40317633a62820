"""What is kept is for nobody else, and goes when it is deleted; what is approved stays as it was approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select, update

from alignment.compare import MOST
from api.auth.principal import LOCAL, ConflictError, StaleError
from api.http.idempotency import answer_once
from api.service import Service
from api.services import audits, comparisons, documents, reports, reviews
from api.services.retention import ANSWERS_KEPT, expire
from api.store.models import IdempotencyRecord, Report, now
from corpora.errors import UsageError
from tests.service import make_client, make_settings, note, work_off


class _Told(BaseModel):
    """An answer that shows a thing's id and a name."""

    id: str
    name: str = "秘密.md"


def _answered(service: Service, key: str, id: str) -> None:
    answer_once(service, LOCAL, key, [key], lambda: (_Told(id=id), 201, {}))


def _keys(service: Service) -> Sequence[str]:
    with service.store.read() as session:
        return session.scalars(select(IdempotencyRecord.key).order_by(IdempotencyRecord.key)).all()


def test_answers_kept_for_repetitions_go_with_what_they_show(service: Service) -> None:
    """They tell names of files; those of other documents stay."""
    document, other = (documents.upload(service, LOCAL, [note(name, f"{name}.md")]) for name in "甲乙")
    report = reports.start(service, LOCAL, document.id, "530701")
    audit = audits.create(service, LOCAL, name="批", files=[note("丙", "丙.md")], standard="530701")
    for key, id in {"a": document.id, "b": report.id, "c": audit.id, "d": other.id}.items():
        _answered(service, key, id)
    documents.delete_document(service, LOCAL, document.id)
    assert _keys(service) == ["c", "d"]
    audits.delete_audit(service, LOCAL, audit.id)
    assert _keys(service) == ["d"]


def test_answers_kept_for_repetitions_go_after_a_day(service: Service) -> None:
    """Also where nobody sends a key any more."""
    for key in ("old", "young"):
        _answered(service, key, key)
    with service.store.begin() as session:
        old = update(IdempotencyRecord).where(IdempotencyRecord.key == "old")
        session.execute(old.values(created_at=now() - ANSWERS_KEPT - timedelta(minutes=1)))
    expire(service.settings, service.store)
    assert _keys(service) == ["young"]


def test_other_users_of_the_machine_read_nothing(tmp_path: Path) -> None:
    """Neither the folder nor, where the folder was there before, a file in it."""
    with make_client(make_settings(tmp_path)) as client:
        client.post("/api/v1/documents", files={"file": ("a.txt", b"text")})
        data = tmp_path / "data"
        assert data.stat().st_mode & 0o777 == 0o700
        files = [path for path in data.glob("*.sqlite*") if path.is_file()]
        assert len(files) >= 2
        assert {path.name: oct(path.stat().st_mode & 0o077) for path in files} == {path.name: "0o0" for path in files}
        assert (data / "blobs").stat().st_mode & 0o077 == 0


def _approved(service: Service) -> Report:
    document = documents.upload(service, LOCAL, [note("能够策划店铺促销活动。")])
    report = reports.start(service, LOCAL, document.id, "530701")
    work_off(service)
    for state in ("submitted", "approved"):
        reviews.move(service, LOCAL, report.id, state)  # type: ignore[arg-type]
    return reports.find_report(service, LOCAL, report.id)


def test_what_is_approved_is_not_made_anew(service: Service) -> None:
    """Else other verdicts would stand under the approval; once returned it may be."""
    report = _approved(service)
    with pytest.raises(ConflictError, match="已经通过"):
        reports.retry(service, LOCAL, report.id)
    assert reports.find_report(service, LOCAL, report.id).attempt == 1
    reviews.move(service, LOCAL, report.id, "returned", "请重做")
    assert reports.retry(service, LOCAL, report.id).attempt == 2


def test_what_is_made_anew_meanwhile_is_not_approved(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The approval is of what the reviewer saw: a job that began after the look is in time to stop it."""
    document = documents.upload(service, LOCAL, [note("能够策划店铺促销活动。")])
    report = reports.start(service, LOCAL, document.id, "530701")
    work_off(service)
    reviews.move(service, LOCAL, report.id, "submitted")
    check = reviews._check_move

    def checked(*arguments: Any) -> None:
        check(*arguments)
        with service.store.begin() as session:
            session.execute(update(Report).where(Report.id == report.id).values(state="queued"))

    monkeypatch.setattr(reviews, "_check_move", checked)
    with pytest.raises(StaleError):
        reviews.move(service, LOCAL, report.id, "approved")
    assert reports.find_report(service, LOCAL, report.id).review_state == "submitted"


def test_too_many_are_not_even_opened(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks to compare fifty reports costs no more than who asks for none."""
    opened: list[str] = []
    monkeypatch.setattr(comparisons, "open_report", lambda *sent: opened.append(sent[2]))
    with pytest.raises(UsageError, match=f"{MOST + 1} 份"):
        comparisons.compare(service, LOCAL, [str(number) for number in range(MOST + 1)])
    assert not opened
    with service.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 0
