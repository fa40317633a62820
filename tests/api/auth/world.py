"""Real rows for every route: documents, reports in every state, audits, standards, users of all kinds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import func, select, update

from api.auth.identify import principal_of
from api.auth.principal import Principal
from api.service import Service
from api.services import accounts, audits, departments, documents, reports, reviews, sessions
from api.store.models import Base, Report, User
from tests.api.auth.house import PASSWORD, SHELL, House
from tests.service import incoming, make_people, note, work_off

CODE = "530701"
_PLAN = "电子商务专业_人才培养方案.docx"
#: Tables whose rows a request that is refused may add: the log, and that of the session itself.
_ASIDE = ("log_entries", "login_sessions")


@dataclass
class World:
    """A service with users of every kind, and a maker of what requests are about."""

    house: House

    def __post_init__(self) -> None:
        """Users; a syllabus and a plan aligned once, so that the same bytes are done at once from then on."""
        self._numbers = count()
        people = make_people(self.service.store)
        self.department = people.department
        with self.service.store.begin() as session:
            far = User(
                login="far",
                name="far",
                role="auditor",
                departments=departments.find_departments(session, [people.elsewhere]),
            )
            session.add(far)
        self.who: dict[str, Principal | None] = {
            "nobody": None,
            "owner": people.teacher,
            "colleague": people.colleague,
            "reviewer": people.reviewer,
            "foreign_reviewer": people.foreign_reviewer,
            "auditor": people.auditor,
            "foreign_auditor": principal_of(far, "session"),
            "admin": people.admin,
        }
        self.owner, self.admin = people.teacher, people.admin
        self._kept: dict[str, dict[str, Any]] = {}
        for sample in (self._syllabus(), incoming(_PLAN)):
            self._report(sample)
        work_off(self.service)

    @property
    def service(self) -> Service:
        """The running service."""
        return self.house.service

    def place(self, needs: str, fresh: bool) -> dict[str, Any]:
        """What a request is about, by the names that its path and body use; the same each time unless ``fresh``."""
        if fresh:
            return self._make(needs)
        if needs not in self._kept:
            self._kept[needs] = self._make(needs)
        return self._kept[needs]

    def counts(self) -> dict[str, Any]:
        """How many rows there are, and where the reports stand: what a refused request must leave alone."""
        with self.service.store.read() as session:
            tables = [table for table in Base.metadata.sorted_tables if table.name not in _ASIDE]
            found: dict[str, Any] = {
                table.name: session.scalar(select(func.count()).select_from(table)) for table in tables
            }
            states = select(Report.id, Report.state, Report.review_state, Report.attempt).order_by(Report.id)
            found["states"] = session.execute(states).all()
            found["users"] = session.execute(
                select(User.id, User.role, User.active, User.password_hash).order_by(User.id)
            ).all()
        found["standards"] = sorted(self.service.settings.standards.glob("*"))
        return found

    def _make(self, needs: str) -> dict[str, Any]:
        fresh = f"fresh{next(self._numbers)}"
        common = {"fresh": fresh, "code": CODE, "slug": "not-found", "lang": "en", "position": 0, "number": 0}
        makers: dict[str, Callable[[], dict[str, Any]]] = {
            "": dict,
            "done": lambda: self._report(self._syllabus()),
            "plan": lambda: self._report(incoming(_PLAN)),
            "pair": self._pair,
            "queued": lambda: self._report(note(f"了解{fresh}。")),
            "failed": self._failed,
            "decided": lambda: self._decided("element", self._report(self._syllabus())),
            "ruled": lambda: self._decided("rule", self._report(incoming(_PLAN))),
            "submitted": self._submitted,
            "audit": lambda: self._audit(self._syllabus()),
            "user": lambda: self._user(fresh),
            "department": lambda: {"department_id": departments.create_department(self.service, SHELL, fresh).id},
            "token": lambda: {"token_id": sessions.create_token(self.service, self.owner, "t")[0].id},
            "audit queued": lambda: self._audit(note(f"了解{fresh}。")),
            "audit failed": self._failed_audit,
            "standard": self._preview,
            "imported": self._imported,
            "sample": lambda: {"name": "course"},
            "static": self._static,
        }
        made = self._case(needs) if needs.startswith("case") else makers[needs]()
        return {**common, **made}

    def _syllabus(self) -> Any:
        return note("掌握关键词优化知识，能够策划店铺促销活动。了解电子商务法律法规。")

    def _report(self, sample: Any) -> dict[str, Any]:
        document = documents.upload(self.service, self.owner, [sample], department_id=self.department)
        report = reports.start(self.service, self.owner, document.id, CODE)
        made = {"document_id": document.id, "report_id": report.id, "part": "courses", "start": 20, "end": 30}
        if report.state != "done":
            return made
        opened = reports.open_report(self.service, self.owner, report.id).report
        rules = opened.rules[0].id if opened.rules else ""
        return {**made, "element_id": opened.matches[0].element.id, "rule_id": rules}

    def _pair(self) -> dict[str, Any]:
        made = self._report(self._syllabus())
        return {**made, "other_id": self._report(self._syllabus())["report_id"]}

    def _failed(self) -> dict[str, Any]:
        made = self._report(note(f"了解{next(self._numbers)}。"))
        with self.service.store.begin() as session:
            session.execute(update(Report).where(Report.id == made["report_id"]).values(state="failed"))
        return made

    def _decided(self, kind: Any, made: dict[str, Any]) -> dict[str, Any]:
        target = made[f"{kind}_id"]
        reviews.decide(self.service, self.owner, made["report_id"], kind, target, action="accept")
        return made

    def _submitted(self) -> dict[str, Any]:
        made = self._report(self._syllabus())
        reviews.move(self.service, self.owner, made["report_id"], "submitted")
        return made

    def _audit(self, sample: Any) -> dict[str, Any]:
        made = audits.create(
            self.service, self.owner, name="a", files=[sample], standard=CODE, department_id=self.department
        )
        return {"audit_id": made.id}

    def _failed_audit(self) -> dict[str, Any]:
        made = self._audit(note(f"了解{next(self._numbers)}。"))
        with self.service.store.begin() as session:
            session.execute(update(Report).where(Report.audit_id == made["audit_id"]).values(state="failed"))
        return made

    def _user(self, login: str) -> dict[str, Any]:
        row = accounts.create_user(self.service, SHELL, login=login, name=login, role="teacher", password=PASSWORD)
        return {"user_id": row.id, "login": login, "password": PASSWORD}

    def _ask(self, method: str, path: str, **sent: Any) -> Any:
        answer = self.house.call(self.admin, method, path, **sent)
        assert answer.status_code < 300, answer.text
        return answer

    def _preview(self) -> dict[str, Any]:
        code = f"57{next(self._numbers):04}"
        exported = self._ask("GET", f"/api/v1/standards/{CODE}/export").text
        file = ("标准.json", exported.replace(CODE, code).encode())
        preview = self._ask("POST", "/api/v1/standards/preview", files={"file": file}).json()
        return {"file": file, "preview": preview["id"], "code": code}

    def _imported(self) -> dict[str, Any]:
        made = self._preview()
        self._ask("POST", "/api/v1/standards", json={"preview": made["preview"]})
        return made

    def _static(self) -> dict[str, Any]:
        page = self.house.call(None, "GET", "/sign-in").text
        found = re.search(r"/static(/[^\"]+app\.css)", page)
        assert found
        return {"rest": found[1]}

    def _case(self, needs: str) -> dict[str, Any]:
        root = "/ims/case/v1p1"
        document = self._ask("GET", f"{root}/CFDocuments").json()["CFDocuments"][0]["identifier"]
        if needs == "case":
            return {"sourcedId": document}
        package = self._ask("GET", f"{root}/CFPackages/{document}").json()
        if needs == "case type":
            return {"sourcedId": package["CFDefinitions"]["CFItemTypes"][0]["identifier"]}
        name = {"case item": "CFItems", "case association": "CFAssociations"}[needs]
        return {"sourcedId": package[name][0]["identifier"]}


def filled(sent: Any, made: dict[str, Any]) -> Any:
    """What a request sends, with the names in braces replaced by what there is."""
    if isinstance(sent, dict):
        return {key: filled(value, made) for key, value in sent.items()}
    if isinstance(sent, list):
        return [filled(value, made) for value in sent]
    if isinstance(sent, str) and re.fullmatch(r"\{\w+\}", sent):
        return made[sent[1:-1]]
    return sent
