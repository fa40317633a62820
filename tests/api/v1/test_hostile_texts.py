"""Texts that no keyboard writes: in standards that are imported, in reasons and comments."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.service import Service
from api.services import reviews
from api.services.names import clean_text
from tests.api.reviews.judging import Desk, desk
from tests.api.v1.conftest import V1

__all__ = ["desk"]


def _standard(client: TestClient, **changes: Any) -> bytes:
    held = client.get(f"{V1}/standards/530701").json()
    return json.dumps({**held, "code": "900001", **changes}).encode()


@pytest.mark.parametrize(
    "made",
    [
        lambda client: _standard(client, name="half \ud800"),
        lambda client: _standard(client, name="nul \x00"),
        lambda client: _standard(client, title="bell \x07"),
        lambda client: _standard(client, duration_years=float("nan")),
        lambda client: _standard(client, duration_years=float("inf")),
        lambda client: _standard(client, code="9" * 65),
        lambda client: _standard(client, code="../900001"),
        lambda _: b"[" * 100_000,
        lambda _: b'{"code":' + b"9" * 10_000 + b"}",
    ],
    ids=["half", "nul", "bell", "nan", "infinite", "long", "path", "deep", "digits"],
)
def test_a_standard_of_ill_will_is_refused(idle: TestClient, made: Callable[[TestClient], bytes]) -> None:
    """With a word of what is wrong, and nothing of it is kept."""
    folder = Path(idle.app.state.service.settings.data) / "previews"  # type: ignore[attr-defined]
    before = sorted(folder.glob("*")) if folder.exists() else []
    answer = idle.post(f"{V1}/standards/preview", files={"file": ("x.json", made(idle))})
    assert (answer.status_code, answer.json()["type"]) == (422, "/api/v1/problems/unreadable-standard")
    assert (sorted(folder.glob("*")) if folder.exists() else []) == before


def test_a_full_disk_leaves_no_half_of_a_preview(idle: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The draft is gone with the attempt."""
    data = _standard(idle, name="voll")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder = Path(idle.app.state.service.settings.data) / "previews"  # type: ignore[attr-defined]
    before = sorted(folder.glob("*")) if folder.exists() else []
    monkeypatch.setattr("api.services.standard_preview.Path.replace", full)
    assert idle.post(f"{V1}/standards/preview", files={"file": ("x.json", data)}).status_code == 400
    assert sorted(folder.glob("*")) == before


def test_reasons_hold_what_can_be_read_on_either_database(desk: Desk, service: Service) -> None:
    """NUL, bells and marks that turn the writing round are left out, lines and emoji stay."""
    hostile, plain = "目标里\x00写明\x07了\u202e\n第二行 😀", "目标里写明了\n第二行 😀"
    missing = desk.of_grade(0).element.id
    made = desk.decide(
        desk.people.teacher, missing, "override", grade=1, level=2, quote="能够策划店铺促销活动", reason=hostile
    )
    assert made.reason == plain
    reviews.move(service, desk.people.teacher, desk.row.id, "submitted", hostile)
    told = reviews.history(service, desk.people.teacher, desk.row.id)
    assert [item.text for item in told if item.kind == "review"] == [plain]


def test_clean_texts() -> None:
    """Nothing else is taken away."""
    assert clean_text(" a\tb\r\nc👩‍🏫 ") == "a\tb\r\nc👩‍🏫"
    assert clean_text("\ud800\u2066x\u2069\x85") == "x"
