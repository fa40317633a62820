"""Users, departments and tokens: by the API and by the pages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from api.auth.cookies import digest
from api.auth.identify import principal_of
from api.auth.principal import ConflictError, Principal
from api.service import Service
from api.services import accounts, departments, documents
from api.services.accounts import UserChange
from api.store.models import Audit, Document, LoginSession, Token, User, now
from corpora.errors import UsageError
from tests.api.auth.house import PASSWORD, SHELL, House
from tests.service import People, note

V1 = "/api/v1"


def test_a_token_acts_for_its_user_and_is_shown_once(house: House, crowd: People) -> None:
    """It needs no forgery token; its secret is nowhere in the database or in later answers."""
    made = house.call(crowd.admin, "POST", f"{V1}/tokens", json={"name": "教务系统", "days": 30})
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("dbk_")
    bearer = {"Authorization": f"Bearer {secret}", "Sec-Fetch-Site": "cross-site"}
    me = house.call(None, "GET", f"{V1}/me", headers=bearer).json()
    assert (me["login"], me["method"], me["csrf_token"]) == ("admin", "token", "")
    assert house.call(None, "POST", f"{V1}/departments", json={"name": "新"}, headers=bearer).status_code == 201
    listed = house.call(crowd.admin, "GET", f"{V1}/tokens")
    assert secret not in listed.text
    assert listed.json()[0]["used_at"] is not None
    with house.service.store.read() as session:
        kept = session.scalars(select(Token)).one()
    assert kept.digest == digest(secret)
    assert kept.expires_at is not None
    assert timedelta(days=29) < kept.expires_at - now() <= timedelta(days=30)


def test_a_token_that_is_over_or_deleted_or_wrong_is_no_way_in(house: House, crowd: People) -> None:
    """And a good cookie beside a bad token does not help."""
    made = house.call(crowd.teacher, "POST", f"{V1}/tokens", json={"name": "a"}).json()
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    for wrong in ("Bearer", "Bearer ", "Bearer dbk_x", f"bearer {made['secret']}x"):
        answer = house.call(crowd.teacher, "GET", f"{V1}/me", headers={"Authorization": wrong})
        assert answer.status_code == 401
    with house.service.store.begin() as session:
        session.execute(update(Token).values(expires_at=now() - timedelta(seconds=1)))
    assert house.call(None, "GET", f"{V1}/me", headers=bearer).status_code == 401
    with house.service.store.begin() as session:
        session.execute(update(Token).values(expires_at=None))
    assert house.call(None, "GET", f"{V1}/me", headers=bearer).status_code == 200
    path = f"{V1}/tokens/{made['id']}"
    assert house.call(crowd.colleague, "DELETE", path).status_code == 404
    assert house.call(crowd.teacher, "DELETE", path).status_code == 204
    assert house.call(None, "GET", f"{V1}/me", headers=bearer).status_code == 401


def test_a_token_cannot_make_another_or_change_the_password(house: House, crowd: People) -> None:
    """A leaked one must not outlive its being deleted."""
    secret = house.call(crowd.admin, "POST", f"{V1}/tokens", json={"name": "a"}).json()["secret"]
    bearer = {"Authorization": f"Bearer {secret}"}
    assert house.call(None, "POST", f"{V1}/tokens", json={"name": "b"}, headers=bearer).status_code == 403
    sent = {"old": PASSWORD, "new": "another good one"}
    assert house.call(None, "PUT", f"{V1}/me/password", json=sent, headers=bearer).status_code == 403
    assert house.call(None, "DELETE", f"{V1}/session", headers=bearer).status_code == 403


def test_no_token_stands_for_the_user_of_local_mode(house: House) -> None:
    """The owner of what was made without accounts has all rights and no way in."""
    with house.service.store.begin() as session:
        session.add(Token(user_id="local", name="x", digest=digest("dbk_local")))
    assert house.call(None, "GET", f"{V1}/me", headers={"Authorization": "Bearer dbk_local"}).status_code == 401


def test_changing_the_password_ends_the_other_sessions(house: House) -> None:
    """The browser that changed it stays; the old password is of no use."""
    anna = principal_of(house.make_user("anna"), "session")
    other = house.sign_in(anna.id)[0]
    answer = house.call(anna, "PUT", f"{V1}/me/password", json={"old": "not it at all", "new": "another good one"})
    assert answer.status_code == 400
    assert house.call(anna, "PUT", f"{V1}/me/password", json={"old": PASSWORD, "new": "short"}).status_code == 400
    answer = house.call(anna, "PUT", f"{V1}/me/password", json={"old": PASSWORD, "new": "another good one"})
    assert answer.status_code == 204
    assert house.call(anna, "GET", f"{V1}/me").status_code == 200
    assert house.call(None, "GET", f"{V1}/me", headers={"Cookie": f"duibiao_session={other}"}).status_code == 401
    for password, status in ((PASSWORD, 401), ("another good one", 201)):
        sent = {"login": "anna", "password": password}
        assert house.call(None, "POST", f"{V1}/session", json=sent).status_code == status


def test_guessing_the_old_password_is_limited(house: House) -> None:
    """A browser left open is no place to try passwords at."""
    anna = principal_of(house.make_user("anna"), "session")
    sent = {"old": "not it at all", "new": "another good one"}
    got = [house.call(anna, "PUT", f"{V1}/me/password", json=sent).status_code for _ in range(11)]
    assert got == [400] * 10 + [429]


def test_an_admin_keeps_users(house: House, crowd: People) -> None:
    """Made, listed, found by parts of names, changed, reset, disabled, enabled, deleted."""
    sent = {
        "login": "Li.Na",
        "name": "李娜",
        "password": PASSWORD,
        "role": "reviewer",
        "departments": [crowd.department],
    }
    made = house.call(crowd.admin, "POST", f"{V1}/users", json=sent)
    assert made.status_code == 201
    user = made.json()
    assert (user["login"], user["role"], user["active"], user["sign_in"]) == ("li.na", "reviewer", True, ["password"])
    assert "password" not in {key for key in user if key != "sign_in"}
    path = f"{V1}/users/{user['id']}"
    for text, found in (("娜", 1), ("LI.", 1), ("%", 0), ("_", 1), ("", 8)):
        logins = [
            item["login"]
            for item in house.call(crowd.admin, "GET", f"{V1}/users", params={"text": text}).json()["items"]
        ]
        assert len(logins) == found
        assert "local" not in logins
    changed = house.call(
        crowd.admin, "PATCH", path, json={"role": "auditor", "departments": [], "name": " 李  娜 "}
    ).json()
    assert (changed["role"], changed["departments"], changed["name"]) == ("auditor", [], "李 娜")
    assert house.call(crowd.admin, "PUT", f"{path}/password", json={"password": "quite another"}).status_code == 204
    assert house.call(None, "POST", f"{V1}/session", json={"login": "li.na", "password": PASSWORD}).status_code == 401
    assert house.call(crowd.admin, "PATCH", path, json={"active": False}).json()["active"] is False
    assert house.call(crowd.admin, "PATCH", path, json={"active": True}).json()["active"] is True
    assert house.call(crowd.admin, "DELETE", path).status_code == 204
    assert house.call(crowd.admin, "GET", path).status_code == 404
    actions = [entry.action for entry in reversed(house.entries()) if entry.object_id == user["id"]]
    steps = ["create", "change", "password", "disable", "enable", "delete"]
    assert [action for action in actions if action.startswith("user.")] == [f"user.{step}" for step in steps]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"login": "TEACHER"}, 409),
        ({"login": "two words"}, 400),
        ({"login": "local"}, 400),
        ({"login": "x" * 65}, 400),
        ({"name": " "}, 400),
        ({"name": "a\u202eb"}, 400),
        ({"role": "root"}, 422),
        ({"departments": ["nowhere"]}, 400),
        ({"password": "short"}, 400),
        ({"password": "newcomer2024"}, 201),
        ({"password": "newcomer99"}, 400),
        ({"superuser": True}, 422),
    ],
)
def test_users_with_wrong_fields_are_not_made(
    house: House, crowd: People, changes: dict[str, Any], status: int
) -> None:
    """Each is told by what is wrong."""
    login = "newcomer" if changes.get("password", "").startswith("newcomer9") else "someone"
    sent = {"login": login, "name": "新人", "password": PASSWORD, **changes}
    assert house.call(crowd.admin, "POST", f"{V1}/users", json=sent).status_code == status


def test_the_last_admin_stays(house: House, crowd: People) -> None:
    """Neither disabled, nor demoted, nor deleted, nor by oneself; with a second one all of it works."""
    path = f"{V1}/users/{crowd.admin.id}"
    for change in ({"active": False}, {"role": "reviewer"}):
        assert house.call(crowd.admin, "PATCH", path, json=change).status_code == 409
    assert house.call(crowd.admin, "DELETE", path).status_code == 409
    assert house.call(crowd.admin, "GET", f"{V1}/me").json()["role"] == "admin"
    second = house.make_user("second", "admin")
    assert house.call(crowd.admin, "PATCH", f"{V1}/users/{second.id}", json={"active": False}).status_code == 200
    assert house.call(crowd.admin, "PATCH", path, json={"role": "teacher"}).status_code == 409
    assert house.call(crowd.admin, "PATCH", f"{V1}/users/{second.id}", json={"active": True}).status_code == 200
    assert house.call(crowd.admin, "PATCH", path, json={"role": "teacher"}).status_code == 200
    assert house.call(crowd.admin, "GET", f"{V1}/users").status_code == 403


def test_two_admins_cannot_remove_one_another_at_once(service: Service) -> None:
    """Of two that demote each other at the same moment, one stays."""
    users = [
        accounts.create_user(service, SHELL, login=login, name=login, role="admin", password=PASSWORD)
        for login in ("one", "two")
    ]

    def demote(user: User) -> bool:
        try:
            accounts.change_user(service, SHELL, user.id, UserChange(role="teacher"))
        except ConflictError:
            return False
        return True

    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(demote, users))
        assert sorted(done) == [False, True]
        for user in users:
            accounts.change_user(service, SHELL, user.id, UserChange(role="admin"))


def test_a_user_who_owns_something_is_disabled_and_not_deleted(service: Service, people: People) -> None:
    """Deleting would take the documents along."""
    documents.upload(service, people.teacher, [note("了解市场。")])
    with pytest.raises(ConflictError) as caught:
        accounts.delete_user(service, people.admin, people.teacher.id)
    assert "停用" in caught.value.advice
    assert accounts.find_user(service, people.admin, people.teacher.id).active
    accounts.delete_user(service, people.admin, people.colleague.id)


def test_the_user_of_local_mode_cannot_be_changed(house: House, crowd: People) -> None:
    """There is no such user, as far as accounts go."""
    for method, sent in (("GET", None), ("PATCH", {"role": "teacher"}), ("DELETE", None)):
        assert house.call(crowd.admin, method, f"{V1}/users/local", json=sent).status_code == 404
    sent = {"password": PASSWORD}
    assert house.call(crowd.admin, "PUT", f"{V1}/users/local/password", json=sent).status_code == 404


def test_departments_are_kept(house: House, crowd: People) -> None:
    """Made, renamed, listed to their members only, deleted when empty."""
    made = house.call(crowd.admin, "POST", f"{V1}/departments", json={"name": " 外语  学院 "}).json()
    assert made["name"] == "外语 学院"
    path = f"{V1}/departments/{made['id']}"
    assert house.call(crowd.admin, "POST", f"{V1}/departments", json={"name": "外语 学院"}).status_code == 409
    assert house.call(crowd.admin, "PATCH", path, json={"name": "电子商务学院"}).status_code == 409
    assert house.call(crowd.admin, "PATCH", path, json={"name": "国际学院"}).json()["name"] == "国际学院"
    assert [row["name"] for row in house.call(crowd.teacher, "GET", f"{V1}/departments").json()] == ["电子商务学院"]
    assert len(house.call(crowd.admin, "GET", f"{V1}/departments").json()) == 3
    assert house.call(crowd.admin, "DELETE", path).status_code == 204
    assert house.call(crowd.admin, "DELETE", path).status_code == 404


def test_a_department_goes_when_its_content_has_gone_elsewhere(service: Service, people: People) -> None:
    """Users, documents and batches move; nobody is doubled, nothing is lost."""
    row = documents.upload(service, people.teacher, [note("了解市场。")], department_id=people.department)
    with service.store.begin() as session:
        session.add(Audit(name="a", standard="530701", owner_id=people.teacher.id, department_id=people.department))
    both = [people.department, people.elsewhere]
    accounts.change_user(service, people.admin, people.reviewer.id, UserChange(departments=both))
    with pytest.raises(ConflictError):
        departments.delete_department(service, people.admin, people.department)
    with pytest.raises(UsageError):
        departments.delete_department(service, people.admin, people.department, people.department)
    departments.delete_department(service, people.admin, people.department, people.elsewhere)
    with service.store.read() as session:
        found = session.get(Document, row.id)
        assert found is not None
        assert found.department_id == people.elsewhere
        assert set(session.scalars(select(Audit.department_id))) == {people.elsewhere}
    facts = departments.survey_departments(service, people.admin)
    assert [(item.department.id, item.users, item.documents) for item in facts] == [(people.elsewhere, 6, 1)]
    assert documents.find_document(service, member(service, people.foreign_reviewer), row.id).id == row.id


def member(service: Service, principal: Principal) -> Principal:
    """A user as they are now."""
    return principal_of(accounts.find_user(service, SHELL, principal.id), "session")


def test_what_was_made_without_accounts_is_handed_over(service: Service, people: People) -> None:
    """All documents of the user ``local`` become the user's; nobody else's do."""
    from api.auth.principal import LOCAL

    mine = documents.upload(service, LOCAL, [note("了解市场。")])
    other = documents.upload(service, people.colleague, [note("掌握营销。")])
    assert accounts.adopt(service, SHELL, "Teacher") == (1, 0)
    assert documents.find_document(service, people.teacher, mine.id).owner_id == people.teacher.id
    assert documents.find_document(service, people.colleague, other.id).owner_id == people.colleague.id
    assert accounts.adopt(service, SHELL, "teacher") == (0, 0)


def form(house: House, who: Principal, path: str, **fields: Any) -> Any:
    """Send a form of a page."""
    return house.call(who, "POST", path, data={"csrf_token": house.headers(who)["X-CSRF-Token"], **fields})


def test_the_pages_keep_users(house: House, crowd: People) -> None:
    """Every form works without a script, goes on by redirect, and shows what went wrong with what was typed."""
    sent = {"login": "li.na", "name": "李娜", "password": PASSWORD, "role": "reviewer", "places": [crowd.department]}
    wrong = form(house, crowd.admin, "/users", **{**sent, "password": "short"})
    assert wrong.status_code == 400
    assert 'value="李娜"' in wrong.text
    assert "密码太短" in wrong.text
    assert f'value="{crowd.department}" checked' in wrong.text
    assert form(house, crowd.admin, "/users", **sent).headers["Location"] == "/users?done=created"
    page = house.call(crowd.admin, "GET", "/users?text=李").text
    user = page.split('href="/users/')[1].split('"')[0]
    assert form(house, crowd.admin, f"/users/{user}", name="李娜娜", role="auditor").status_code == 303
    assert form(house, crowd.admin, f"/users/{user}/password", password="x").status_code == 400
    assert form(house, crowd.admin, f"/users/{user}/password", password="quite another").status_code == 303
    assert form(house, crowd.admin, f"/users/{user}/active", active="false").status_code == 303
    found = accounts.find_user(house.service, SHELL, user)
    assert (found.name, found.role, found.active, found.departments) == ("李娜娜", "auditor", False, [])
    shown = house.call(crowd.admin, "GET", f"/users/{user}?done=changed").text
    assert "已保存" in shown
    assert "停用" in shown
    assert form(house, crowd.admin, f"/users/{user}/delete").headers["Location"] == "/users?done=deleted"
    last = form(house, crowd.admin, f"/users/{crowd.admin.id}/active", active="false")
    assert last.status_code == 409
    assert "至少要有一位启用的管理员" in last.text


def test_the_pages_keep_departments(house: House, crowd: People) -> None:
    """New, renamed, merged into another, with the reason where it does not go."""
    assert form(house, crowd.admin, "/departments", name="").status_code == 400
    assert form(house, crowd.admin, "/departments", name="外语学院").status_code == 303
    path = f"/departments/{crowd.department}"
    assert form(house, crowd.admin, path, name="外语学院").status_code == 409
    assert form(house, crowd.admin, path, name="商学院").status_code == 303
    assert form(house, crowd.admin, f"{path}/delete").status_code == 409
    assert form(house, crowd.admin, f"{path}/delete", move_to=crowd.elsewhere).status_code == 303
    page = house.call(crowd.admin, "GET", "/departments?done=deleted").text
    assert "商学院" not in page
    assert "6 位用户" in page


def test_the_page_of_my_account(house: House) -> None:
    """The secret of a token is shown once; the password form tells what is wrong."""
    anna = principal_of(house.make_user("anna"), "session")
    made = form(house, anna, "/account/tokens", name="<教务>", days="30")
    assert "dbk_" in made.text
    assert "&lt;教务&gt;" in made.text
    page = house.call(anna, "GET", "/account").text
    assert "dbk_" not in page
    token = page.split("/account/tokens/")[1].split("/")[0]
    assert form(house, anna, f"/account/tokens/{token}/delete").status_code == 303
    assert form(house, anna, "/account/tokens", name="", days="30").status_code == 400
    assert "原密码不对" in form(house, anna, "/account/password", old="x", new="y").text
    assert form(house, anna, "/account/password", old=PASSWORD, new="another good one").status_code == 303
    out = form(house, anna, "/sign-out")
    assert out.headers["Location"] == "/sign-in"
    assert "Max-Age=0" in out.headers["Set-Cookie"]
    with house.service.store.read() as session:
        assert session.scalars(select(LoginSession)).all() == []


def test_names_that_try_to_be_markup_are_shown_as_text(house: House, crowd: People) -> None:
    """In every page that shows a user or a department."""
    evil = "<img src=x onerror=alert(1)>"
    departments.create_department(house.service, SHELL, evil)
    user = house.make_user("mallory", name=evil)
    for path in ("/users", f"/users/{user.id}", "/departments", "/log"):
        page = house.call(crowd.admin, "GET", path).text
        assert evil not in page
        assert "&lt;img src=x" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_speak_both_languages(house: House, crowd: People, lang: str) -> None:
    """The English pages hold no Chinese but names; no page has inline scripts, styles or handlers."""
    cookie = house.headers(crowd.admin)["Cookie"]
    for path in ("/account", "/users", f"/users/{crowd.teacher.id}", "/departments", "/log"):
        page = house.call(crowd.admin, "GET", path, headers={"Cookie": f"{cookie}; lang={lang}"}).text
        for inline in (" style=", "<style", " onclick=", "javascript:"):
            assert inline not in page
        assert "<script>" not in page
        assert (f'<html lang="{"en" if lang == "en" else "zh-CN"}">') in page
        heading = page.split("<h1>")[1].split("</h1>")[0]
        assert heading.isascii() == (lang == "en" or path.count("/") == 2)
