"""Who gets what: a row for every route of the application.

A right is a word of eight letters, one for each of ``WHO``: ``+`` is served, ``s`` sent to sign in (401 for programs),
``3`` refused with 403, ``4`` told that there is no such thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

WHO = ("nobody", "owner", "colleague", "reviewer", "foreign_reviewer", "auditor", "foreign_auditor", "admin")

OPEN = "++++++++"
SIGNED_IN = "s+++++++"
SEES = "s+4+4+4+"  # the owner, the department's reviewers and auditors, admins
CHANGES = "s+43434+"  # the owner and admins; who sees it may know of it
JUDGES = "s+4+434+"  # the owner, the department's reviewers, admins
OWN = "s+444444"  # the owner alone
UPLOADS = "s+++++++"
OVERSEES = "s33+++++"
LOG = "s3333+++"
ADMINS = "s333333+"


@dataclass(frozen=True)
class Row:
    """A route, who may use it, and a request for it.

    Parameters
    ----------
    method, path : of the route, as the application has it.
    right : a letter for each of ``WHO``.
    needs : what there must be: see ``World.place``; an unsafe request gets a fresh one each time.
    sent : keywords of the request; texts may name what there is in braces.
    refused : statuses besides success that tell that the request was let in, and refused for what it says.
    """

    method: str
    path: str
    right: str
    needs: str = ""
    sent: dict[str, Any] = field(default_factory=dict)
    refused: tuple[int, ...] = ()


def form(**fields: Any) -> dict[str, Any]:
    """A page's form."""
    return {"data": fields}


def body(**fields: Any) -> dict[str, Any]:
    """A JSON body."""
    return {"json": fields}


def query(**fields: Any) -> dict[str, Any]:
    """A query."""
    return {"params": fields}


FILE = ("大纲.md", b"# \xe8\xaf\xbe\xe7\xa8\x8b")
ACCEPT = {"action": "accept"}
V1, CASE = "/api/v1", "/ims/case/v1p1"
_REPORT, _PAGE = f"{V1}/reports/{{report_id}}", "/reports/{report_id}"
_ELEMENT, _RULE = f"{_REPORT}/elements/{{element_id}}/decision", f"{_REPORT}/rules/{{rule_id}}/decision"

API = [
    Row("GET", "/api/openapi.json", OPEN),
    Row("POST", f"{V1}/documents", UPLOADS, sent={"files": {"file": FILE}}),
    Row("GET", f"{V1}/documents", SIGNED_IN),
    Row("GET", f"{V1}/documents/{{document_id}}", SEES, "done"),
    Row("DELETE", f"{V1}/documents/{{document_id}}", CHANGES, "done"),
    Row("GET", f"{V1}/documents/{{document_id}}/files/{{position}}", SEES, "done"),
    Row("POST", f"{V1}/reports", CHANGES, "done", body(document="{document_id}", standard="530701")),
    Row("GET", f"{V1}/reports", SIGNED_IN),
    Row("GET", _REPORT, SEES, "done"),
    Row("GET", f"{_REPORT}/result", SEES, "done"),
    Row("POST", f"{_REPORT}/cancel", CHANGES, "queued"),
    Row("POST", f"{_REPORT}/retry", CHANGES, "failed"),
    Row("DELETE", _REPORT, CHANGES, "done"),
    Row("GET", f"{_REPORT}/events", SEES, "done"),
    Row("POST", f"{V1}/audits", UPLOADS, sent={"files": {"files": FILE}}),
    Row("GET", f"{V1}/audits", SIGNED_IN),
    Row("GET", f"{V1}/audits/{{audit_id}}", SEES, "audit"),
    Row("POST", f"{V1}/audits/{{audit_id}}/cancel", CHANGES, "audit queued"),
    Row("POST", f"{V1}/audits/{{audit_id}}/retry", CHANGES, "audit failed"),
    Row("DELETE", f"{V1}/audits/{{audit_id}}", CHANGES, "audit"),
    Row("GET", f"{V1}/audits/{{audit_id}}/export", SEES, "audit"),
    Row("GET", f"{V1}/audits/{{audit_id}}/events", SEES, "audit"),
    Row("GET", f"{V1}/standards", SIGNED_IN),
    Row("GET", f"{V1}/standards/{{code}}", SIGNED_IN),
    Row("GET", f"{V1}/standards/{{code}}/export", SIGNED_IN),
    Row("POST", f"{V1}/standards/preview", ADMINS, "standard", {"files": {"file": "{file}"}}),
    Row("POST", f"{V1}/standards", ADMINS, "standard", body(preview="{preview}")),
    Row("DELETE", f"{V1}/standards/{{code}}", ADMINS, "imported"),
    Row("GET", f"{V1}/search", SIGNED_IN, sent=query(text="用户画像")),
    Row("GET", f"{_REPORT}/decisions", SEES, "done"),
    Row("PUT", _ELEMENT, JUDGES, "done", body(action="accept")),
    Row("PUT", _RULE, JUDGES, "plan", body(action="accept")),
    Row("DELETE", _ELEMENT, JUDGES, "decided"),
    Row("DELETE", _RULE, JUDGES, "ruled"),
    Row("POST", f"{_ELEMENT}/second", "s34+434+", "decided", body(agree=True)),
    Row("POST", f"{_RULE}/second", "s34+434+", "ruled", body(agree=True)),
    Row("POST", f"{_REPORT}/review", CHANGES, "done", body(**{"from": "draft", "to": "submitted"})),
    Row("POST", f"{_REPORT}/review", "s34+434+", "submitted", body(**{"from": "submitted", "to": "approved"})),
    Row("GET", f"{_REPORT}/history", SEES, "done"),
    Row("GET", f"{V1}/reviews", SIGNED_IN),
    Row("GET", f"{V1}/decisions/export", "s33+4+4+", "decided", sent=query(standard="530701")),
    Row("GET", f"{V1}/comparisons", SEES, "pair", query(report=["{report_id}", "{other_id}"])),
    Row("GET", f"{V1}/comparisons/export", SEES, "pair", query(report=["{report_id}", "{other_id}"])),
    Row("GET", f"{V1}/dashboard", OVERSEES, sent=query(standard="530701")),
    Row("GET", f"{V1}/dashboard/export", OVERSEES, sent=query(standard="530701")),
    Row("GET", f"{V1}/problems", OPEN),
    Row("GET", f"{V1}/problems/{{slug}}", OPEN),
]

ACCOUNTS = [
    Row("POST", f"{V1}/session", OPEN, "user", body(login="{login}", password="{password}")),
    Row("DELETE", f"{V1}/session", SIGNED_IN),
    Row("GET", f"{V1}/me", SIGNED_IN),
    Row("PUT", f"{V1}/me/password", SIGNED_IN, sent=body(old="x", new="a good long one"), refused=(400,)),
    Row("GET", f"{V1}/tokens", SIGNED_IN),
    Row("POST", f"{V1}/tokens", SIGNED_IN, sent=body(name="t")),
    Row("DELETE", f"{V1}/tokens/{{token_id}}", OWN, "token"),
    Row("GET", f"{V1}/users", ADMINS),
    Row("POST", f"{V1}/users", ADMINS, sent=body(login="{fresh}", name="n", password="a good long one")),
    Row("GET", f"{V1}/users/{{user_id}}", ADMINS, "user"),
    Row("PATCH", f"{V1}/users/{{user_id}}", ADMINS, "user", body(role="reviewer")),
    Row("DELETE", f"{V1}/users/{{user_id}}", ADMINS, "user"),
    Row("PUT", f"{V1}/users/{{user_id}}/password", ADMINS, "user", body(password="a good long one")),
    Row("GET", f"{V1}/departments", SIGNED_IN),
    Row("POST", f"{V1}/departments", ADMINS, sent=body(name="{fresh}")),
    Row("PATCH", f"{V1}/departments/{{department_id}}", ADMINS, "department", body(name="{fresh}")),
    Row("DELETE", f"{V1}/departments/{{department_id}}", ADMINS, "department"),
    Row("GET", f"{V1}/log", LOG),
    Row("GET", f"{V1}/log/export", LOG),
    Row("GET", "/sign-in", OPEN),
    Row("POST", "/sign-in", OPEN, "user", form(login="{login}", password="{password}")),
    Row("GET", "/sign-in/provider", "44444444"),
    Row("GET", "/sign-in/provider/back", "44444444"),
    Row("POST", "/sign-out", "ssssssss"),
    Row("GET", "/users", ADMINS),
    Row("POST", "/users", ADMINS, sent=form(login="{fresh}", name="n", password="a good long one")),
    Row("GET", "/users/{user_id}", ADMINS, "user"),
    Row("POST", "/users/{user_id}", ADMINS, "user", form(name="n", role="reviewer")),
    Row("POST", "/users/{user_id}/active", ADMINS, "user", form(active="false")),
    Row("POST", "/users/{user_id}/password", ADMINS, "user", form(password="a good long one")),
    Row("POST", "/users/{user_id}/delete", ADMINS, "user"),
    Row("GET", "/departments", ADMINS),
    Row("POST", "/departments", ADMINS, sent=form(name="{fresh}")),
    Row("POST", "/departments/{department_id}", ADMINS, "department", form(name="{fresh}")),
    Row("POST", "/departments/{department_id}/delete", ADMINS, "department"),
    Row("GET", "/log", LOG),
    Row("GET", "/log/export", LOG),
    Row("GET", "/account", SIGNED_IN),
    Row("POST", "/account/password", SIGNED_IN, sent=form(old="x", new="a good long one"), refused=(400,)),
    Row("POST", "/account/tokens", SIGNED_IN, sent=form(name="t", days="30")),
    Row("POST", "/account/tokens/{token_id}/delete", OWN, "token"),
]

OUTSIDE = [
    Row("GET", f"{CASE}/CFDocuments", SIGNED_IN),
    Row("GET", f"{CASE}/CFDocuments/{{sourcedId}}", SIGNED_IN, "case"),
    Row("GET", f"{CASE}/CFPackages/{{sourcedId}}", SIGNED_IN, "case"),
    Row("GET", f"{CASE}/CFItems/{{sourcedId}}", SIGNED_IN, "case item"),
    Row("GET", f"{CASE}/CFItemAssociations/{{sourcedId}}", SIGNED_IN, "case item"),
    Row("GET", f"{CASE}/CFAssociations/{{sourcedId}}", SIGNED_IN, "case association"),
    Row("GET", f"{CASE}/CFItemTypes/{{sourcedId}}", SIGNED_IN, "case type"),
    Row("GET", "/healthz", OPEN),
    Row("GET", "/health", OPEN),
    Row("GET", "/metrics", "4444444+"),
    Row("GET", "/static", OPEN, "static"),
]

PAGES = [
    Row("GET", "/", SIGNED_IN),
    Row("GET", "/recent", SIGNED_IN),
    Row("POST", "/upload", UPLOADS, sent={"files": {"file": FILE}, **form(standard="530701")}),
    Row("POST", "/sample/{name}", UPLOADS, "sample"),
    Row("GET", "/language/{lang}", OPEN),
    Row("GET", "/help", SIGNED_IN),
    Row("GET", "/documents", SIGNED_IN),
    Row("GET", "/documents/{document_id}", SEES, "done"),
    Row("POST", "/documents/{document_id}/delete", CHANGES, "done"),
    Row("POST", "/documents/{document_id}/reports", CHANGES, "done", form(standard="530701")),
    Row("GET", f"{_PAGE}/live", SEES, "done"),
    Row("POST", f"{_PAGE}/cancel", CHANGES, "queued"),
    Row("POST", f"{_PAGE}/retry", CHANGES, "failed"),
    Row("POST", f"{_PAGE}/delete", CHANGES, "done"),
    Row("POST", f"{_PAGE}/review", CHANGES, "done", form(to="submitted")),
    Row("POST", f"{_PAGE}/review", "s34+434+", "submitted", form(to="approved")),
    Row("GET", f"{_PAGE}/document", SEES, "done"),
    Row("GET", f"{_PAGE}/document/{{number}}", SEES, "done"),
    Row("GET", f"{_PAGE}/passages/{{start}}-{{end}}", SEES, "done"),
    Row("GET", f"{_PAGE}/map", SEES, "done"),
    Row("GET", f"{_PAGE}/plan/{{part}}", SEES, "plan"),
    Row("GET", f"{_PAGE}/rules/{{rule_id}}", SEES, "plan"),
    Row("POST", f"{_PAGE}/rules/{{rule_id}}/decision", JUDGES, "plan", form(action="accept")),
    Row("GET", f"{_PAGE}/history", SEES, "done"),
    Row("GET", _PAGE, SEES, "done"),
    Row("GET", f"{_PAGE}/print", SEES, "done"),
    Row("GET", f"{_PAGE}/elements/{{element_id}}", SEES, "done"),
    Row("POST", f"{_PAGE}/elements/{{element_id}}/decision", JUDGES, "done", form(action="accept")),
    Row("GET", "/audits", SIGNED_IN),
    Row("GET", "/audits/{audit_id}", SEES, "audit"),
    Row("GET", "/audits/{audit_id}/live", SEES, "audit"),
    Row("POST", "/audits/{audit_id}/cancel", CHANGES, "audit queued"),
    Row("POST", "/audits/{audit_id}/retry", CHANGES, "audit failed"),
    Row("POST", "/audits/{audit_id}/delete", CHANGES, "audit"),
    Row("GET", "/compare", SEES, "pair", query(report=["{report_id}", "{other_id}"])),
    Row("GET", "/dashboard", OVERSEES),
    Row("GET", "/reviews", SIGNED_IN),
    Row("GET", "/standards", SIGNED_IN),
    Row("GET", "/standards/import", ADMINS),
    Row("POST", "/standards/import", ADMINS, "standard", {"files": {"file": "{file}"}}),
    Row("GET", "/standards/import/{preview}", ADMINS, "standard"),
    Row("POST", "/standards/import/{preview}", ADMINS, "standard", form(codes="{code}")),
    Row("GET", "/standards/{code}", SIGNED_IN),
    Row("POST", "/standards/{code}/remove", ADMINS, "imported"),
    Row("GET", "/standards/{code}/documents", SIGNED_IN, sent=query(statement="C1")),
    Row("GET", "/search", SIGNED_IN, sent=query(text="用户画像")),
]

ROWS = [*API, *ACCOUNTS, *OUTSIDE, *PAGES]
