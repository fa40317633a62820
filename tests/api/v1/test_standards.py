"""Standards over the API: list, whole content, export, import with a preview, removal, search."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.auth.principal import LOCAL, ForbiddenError
from api.services import standard_preview, standards
from corpora.case import to_case
from corpora.errors import StandardFormatError
from corpora.standard_json import load_standard, standard_from_json, standard_to_json
from tests.conftest import ROOT
from tests.service import People, make_client, make_settings

V1 = "/api/v1"
SHIPPED = "530701"
FILES = ROOT / "tests" / "corpora" / "standards"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestClient]:
    """A client of a fresh service."""
    with make_client(make_settings(tmp_path)) as opened:
        yield opened


def preview(desk: TestClient, name: str = "460301.docx", data: bytes | None = None, **fields: str) -> Any:
    """The answer to a file of standards."""
    sent = (FILES / name).read_bytes() if data is None else data
    return desk.post(f"{V1}/standards/preview", files={"file": (name, sent)}, data=fields)


def imported(desk: TestClient, name: str = "460301.docx") -> str:
    """Import a file; the code of its standard."""
    shown = preview(desk, name).json()
    done = desk.post(f"{V1}/standards", json={"preview": shown["id"]})
    assert done.status_code == 201, done.text
    code: str = done.json()[0]["code"]
    return code


def as_json(code: str = SHIPPED, **changes: Any) -> bytes:
    """An exported standard with fields changed."""
    return json.dumps(standard_to_json(load_standard(SHIPPED)) | {"code": code} | changes, ensure_ascii=False).encode()


def codes(desk: TestClient) -> list[str]:
    """Codes of all standards at hand."""
    return [card["code"] for card in desk.get(f"{V1}/standards").json()]


def test_the_list_says_what_each_standard_holds(desk: TestClient) -> None:
    """Counts by kind, and whether it was imported."""
    (card,) = desk.get(f"{V1}/standards").json()
    assert (card["code"], card["imported"], card["shipped"], card["problem"]) == (SHIPPED, False, True, "")
    assert (card["counts"]["competency"], card["counts"]["core_course"]) == (16, 8)
    assert card["counts"]["element"] == len(load_standard(SHIPPED).elements)


def test_a_standard_is_read_whole(desk: TestClient) -> None:
    """The answer reads back to an equal standard; with its tag the second answer is empty."""
    answer = desk.get(f"{V1}/standards/{SHIPPED}")
    assert standard_from_json(answer.json()) == load_standard(SHIPPED)
    again = desk.get(f"{V1}/standards/{SHIPPED}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert desk.get(f"{V1}/standards/999999").status_code == 404


def test_exports_are_files(desk: TestClient) -> None:
    """JSON that can be imported, and the CASE package that the command line exports."""
    answer = desk.get(f"{V1}/standards/{SHIPPED}/export")
    assert "attachment" in answer.headers["content-disposition"]
    assert standard_from_json(answer.json()) == load_standard(SHIPPED)
    case = desk.get(f"{V1}/standards/{SHIPPED}/export", params={"format": "case"}).json()
    same = to_case(load_standard(SHIPPED))
    assert [item["identifier"] for item in case["CFItems"]] == [item["identifier"] for item in same["CFItems"]]
    assert desk.get(f"{V1}/standards/{SHIPPED}/export", params={"format": "xml"}).status_code == 422


@pytest.mark.parametrize("name", ["460301.docx", "460301.pdf", "460301.html", "460301.md", "460301.txt"])
def test_a_preview_saves_nothing_and_the_import_confirms_it(desk: TestClient, name: str) -> None:
    """What the preview showed is what is read afterwards."""
    shown = preview(desk, name)
    assert shown.status_code == 200, shown.text
    (item,) = shown.json()["standards"]
    assert (item["code"], item["state"], item["unplaced"]) == ("460301", "new", [])
    assert (item["counts"]["core_course"], item["placed_ratio"]) == (7, 1.0)
    assert codes(desk) == [SHIPPED]
    done = desk.post(f"{V1}/standards", json={"preview": shown.json()["id"]})
    assert (done.status_code, done.json()[0]["replaced"]) == (201, False)
    read = desk.get(f"{V1}/standards/460301").json()
    assert standard_from_json(read) == standard_from_json(item["standard"])
    assert codes(desk) == ["460301", SHIPPED]


def test_the_same_content_has_the_same_preview(desk: TestClient) -> None:
    """Its id is a digest of what was understood."""
    assert preview(desk).json()["id"] == preview(desk).json()["id"] != preview(desk, "520201.docx").json()["id"]


def test_a_preview_says_what_was_not_understood(desk: TestClient) -> None:
    """A paragraph that belongs nowhere is named with its section and the reason, and the share falls."""
    text = (FILES / "460301.txt").read_text("utf-8").replace("\n# 8 ", "\n这一段没有编号，也不在开头\n# 8 ", 1)
    (item,) = preview(desk, "460301.txt", text.encode()).json()["standards"]
    (left,) = item["unplaced"]
    assert (left["text"], left["section"], bool(left["reason"])) == ("这一段没有编号，也不在开头", "7", True)
    assert 0.9 < item["placed_ratio"] < 1


@pytest.mark.parametrize(
    ("name", "data", "status", "said"),
    [
        ("a.json", b"[]", 422, "不是一部标准的 JSON"),
        ("a.txt", "今天天气很好。".encode(), 422, "没有找到培养规格"),
        ("a.docx", b"PK\x03\x04broken", 422, ""),
        ("a.json", as_json("../../x"), 422, "不合规"),
        ("a.json", as_json(""), 422, "不合规"),
    ],
)
def test_what_is_no_standard_is_refused(desk: TestClient, name: str, data: bytes, status: int, said: str) -> None:
    """With the reason, and nothing is kept."""
    answer = preview(desk, name, data)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.text
    assert codes(desk) == [SHIPPED]


def test_a_code_may_be_given(desk: TestClient) -> None:
    """Where the file names none; a code that is no file name is refused."""
    text = (FILES / "460301.txt").read_text("utf-8").replace("（460301）", "")
    refused = preview(desk, "a.txt", text.encode())
    assert (refused.status_code, "专业代码" in refused.json()["detail"]) == (422, True)
    assert "--code" not in refused.text
    (item,) = preview(desk, "a.txt", text.encode(), code="990001").json()["standards"]
    assert item["code"] == "990001"
    assert preview(desk, "a.txt", text.encode(), code="../x").status_code == 400


def test_other_content_is_replaced_only_when_asked(desk: TestClient) -> None:
    """A shipped standard is covered by an imported one of its code, and is back when that is removed."""
    shown = preview(desk, "改.json", as_json(name="电子商务（校改）")).json()
    assert shown["standards"][0]["state"] == "other"
    refused = desk.post(f"{V1}/standards", json={"preview": shown["id"]})
    assert (refused.status_code, "电子商务（校改）" in refused.text) == (409, True)
    assert desk.get(f"{V1}/standards/{SHIPPED}").json()["name"] == "电子商务"
    done = desk.post(f"{V1}/standards", json={"preview": shown["id"], "replace": True})
    assert done.json()[0]["replaced"] is True
    assert desk.get(f"{V1}/standards/{SHIPPED}").json()["name"] == "电子商务（校改）"
    assert (
        desk.get(f"{V1}/search", params={"text": "用户画像"}).json()["hits"][0]["standard_name"] == "电子商务（校改）"
    )
    assert desk.delete(f"{V1}/standards/{SHIPPED}").status_code == 204
    assert desk.get(f"{V1}/standards/{SHIPPED}").json()["name"] == "电子商务"


def test_the_same_content_may_be_imported_again(desk: TestClient) -> None:
    """It replaces nothing and needs no consent."""
    imported(desk)
    shown = preview(desk).json()
    assert shown["standards"][0]["state"] == "same"
    again = desk.post(f"{V1}/standards", json={"preview": shown["id"]})
    assert (again.status_code, again.json()[0]["replaced"]) == (201, False)


def test_only_imported_standards_are_removed(desk: TestClient) -> None:
    """A shipped one stays; one that is not there is told."""
    code = imported(desk)
    assert desk.delete(f"{V1}/standards/{SHIPPED}").status_code == 409
    assert desk.delete(f"{V1}/standards/{code}").status_code == 204
    assert desk.delete(f"{V1}/standards/{code}").status_code == 404
    assert codes(desk) == [SHIPPED]


def test_an_expression_bank_that_fits_no_more_is_kept_aside(desk: TestClient, tmp_path: Path) -> None:
    """A person's work is not lost with the standard it was made for, and spoils no report of the new one."""
    folder = tmp_path / "data" / "standards"
    code = imported(desk)
    bank = folder / f"{code}.expressions.jsonl"
    bank.write_text('{"element": "C9.R9.e9", "grade": 2, "form": "content", "text": "装配"}\n', encoding="utf-8")
    changed = desk.get(f"{V1}/standards/{code}").json() | {"name": "改名"}
    shown = preview(desk, "改.json", json.dumps(changed, ensure_ascii=False).encode()).json()
    (done,) = desk.post(f"{V1}/standards", json={"preview": shown["id"], "replace": True}).json()
    assert not bank.exists()
    assert "C9.R9.e9" in (folder / done["bank_aside"]).read_text("utf-8")


def test_an_unknown_or_expired_preview_is_not_imported(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a foreign id nor a path; a day later the next preview forgets the older ones."""
    for id in ("f" * 64, "../standards/530701", ""):
        assert desk.post(f"{V1}/standards", json={"preview": id}).status_code in (404, 422)
    shown = preview(desk).json()
    assert desk.post(f"{V1}/standards", json={"preview": shown["id"], "codes": ["1"]}).status_code == 404
    monkeypatch.setattr(standard_preview, "KEPT_SECONDS", -10)
    preview(desk, "520201.docx")
    assert desk.post(f"{V1}/standards", json={"preview": shown["id"]}).status_code == 404


def test_a_damaged_file_hides_no_other_standard(desk: TestClient, tmp_path: Path) -> None:
    """The list names it with the problem; search goes on without it."""
    folder = tmp_path / "data" / "standards"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "111111.json").write_text("{", encoding="utf-8")
    cards = {card["code"]: card["problem"] for card in desk.get(f"{V1}/standards").json()}
    assert "无法读取" in cards["111111"]
    assert cards[SHIPPED] == ""
    assert desk.get(f"{V1}/search", params={"text": "用户画像"}).json()["hits"]
    assert desk.get("/ims/case/v1p1/CFDocuments").json()["CFDocuments"]


def test_only_administrators_import_and_remove(desk: TestClient) -> None:
    """Reading is for everybody."""
    from tests.service import make_people

    service = desk.app.state.service  # type: ignore[attr-defined]
    people: People = make_people(service.store)
    for principal in (people.teacher, people.reviewer, people.auditor):
        with pytest.raises(ForbiddenError):
            standards.preview(service, principal, "a.json", as_json("990001"))
        with pytest.raises(ForbiddenError):
            standards.remove_standard(service, principal, SHIPPED)
    shown = standards.preview(service, LOCAL, "a.json", as_json("990001"))
    with pytest.raises(ForbiddenError):
        standards.import_standards(service, people.reviewer, shown.id)
    with pytest.raises(StandardFormatError):
        standards.preview(service, people.admin, "a.json", b"{}")


def test_search_answers_a_question(desk: TestClient) -> None:
    """Only what it is about is searched; the very words are marked; the place is told."""
    found = desk.get(f"{V1}/search", params={"text": "哪条要求提到用户画像？", "top": 3}).json()
    assert found["subject"] == "用户画像"
    first, second, *_ = found["hits"]
    assert {first["statement"], second["statement"]} == {"Q07", "C1.R4"}
    hit = next(hit for hit in found["hits"] if hit["statement"] == "C1.R4")
    assert (hit["course"], hit["section_title"], hit["words"]) == ("网店运营", "专业课程", 1.0)
    assert "用户画像" in [piece["text"] for piece in hit["pieces"] if piece["marked"]]
    assert "".join(piece["text"] for piece in hit["pieces"]) == hit["text"]
    assert hit["page"] == f"/standards/{SHIPPED}#C1.R4"


def test_search_over_all_standards_or_one(desk: TestClient) -> None:
    """A new import is found at once; what no standard speaks of finds nothing."""
    assert desk.get(f"{V1}/search", params={"text": "液压与气压传动"}).json()["hits"] == []
    code = imported(desk)
    hits = desk.get(f"{V1}/search", params={"text": "液压与气压传动"}).json()["hits"]
    assert hits[0]["standard"] == code
    alone = desk.get(f"{V1}/search", params={"text": "液压与气压传动", "standard": SHIPPED}).json()
    assert alone["hits"] == []
    assert desk.get(f"{V1}/search", params={"text": "画像", "standard": "999999"}).status_code == 404


@pytest.mark.parametrize("text", ["", "  ？ ", "长" * 201])
def test_search_needs_words(desk: TestClient, text: str) -> None:
    """Nothing to search for, or far too much, is refused."""
    assert desk.get(f"{V1}/search", params={"text": text}).status_code in (400, 422)
