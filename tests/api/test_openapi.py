"""The whole API against its own description, by schemathesis: no answer that is not described, no mistake of ours.

Every operation is called with data of all shapes, by an administrator with a session, on a service that holds
documents, reports, decisions, batches, users and standards: identifiers are real ones three times out of four.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode

from api.app import create_app
from api.auth.principal import LOCAL
from api.services import accounts, departments, reviews
from api.services.reports import open_report
from api.settings import ServiceSettings, Settings
from tests.service import SAMPLES, work_off

V1 = "/api/v1"
PASSWORD = "correct horse battery"
STANDARDS = SAMPLES.parents[1] / "tests" / "corpora" / "standards"
PLAN = "直播电商专业_人才培养方案.docx"

pytestmark = pytest.mark.slow

api = schemathesis.pytest.from_fixture("described")


@dataclass
class World:
    """A service with something of everything, and an administrator who calls it."""

    client: TestClient
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    made: int = 0
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def __post_init__(self) -> None:
        """Make it all."""
        self._make_people()
        self._make_reports()
        audit = self.post("/audits", files=[("files", (f"{n}.txt", f"用户画像 {n}".encode())) for n in range(2)])
        self.ids["audit_id"] = audit["id"]
        work_off(self.service)
        self._find_targets()
        self._make_case_ids()

    @property
    def service(self) -> Any:
        """The running service."""
        return self.client.app.state.service  # type: ignore[attr-defined]

    def post(self, path: str, **options: Any) -> dict[str, Any]:
        """What a request of the administrator's makes."""
        answer = self.client.post(V1 + path, headers=self.headers, **options)
        assert answer.status_code < 300, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def case_id(self, path: str) -> str:
        """The identifier of a CASE object of the kind that a path is about."""
        kind = path.split("/")[4] if path.startswith("/ims/") else ""
        return self.ids.get(kind, "")

    def _make_case_ids(self) -> None:
        base = "/ims/case/v1p1"
        document = self.client.get(f"{base}/CFDocuments", headers=self.headers).json()["CFDocuments"][0]["identifier"]
        package = self.client.get(f"{base}/CFPackages/{document}", headers=self.headers).json()
        self.ids |= {"CFDocuments": document, "CFPackages": document}
        self.ids["CFItems"] = self.ids["CFItemAssociations"] = package["CFItems"][0]["identifier"]
        self.ids["CFAssociations"] = package["CFAssociations"][0]["identifier"]
        self.ids["CFItemTypes"] = package["CFDefinitions"]["CFItemTypes"][0]["identifier"]

    def make(self, name: str) -> str:
        """The identifier of a new thing, for a call that will end it."""
        self.made += 1
        if name == "document_id":
            return self.document(f"用户画像 {self.made}")
        if name == "report_id":
            return str(self.post("/reports", json={"document": self.document(f"用户画像 {self.made}")})["id"])
        if name == "audit_id":
            return str(self.post("/audits", files={"files": (f"{self.made}.txt", b"text %d" % self.made)})["id"])
        if name == "token_id":
            return str(self.post("/tokens", json={"name": "程序"})["id"])
        if name == "department_id":
            return str(self.post("/departments", json={"name": f"院系{self.made}"})["id"])
        if name == "user_id":
            body = {"login": f"user{self.made}", "name": "李", "role": "teacher", "password": PASSWORD}
            return str(self.post("/users", json=body)["id"])
        return self.ids[name]

    def _make_people(self) -> None:
        self.ids["department_id"] = departments.create_department(self.service, LOCAL, "电子商务学院").id
        for login, role in (("root", "admin"), ("li", "teacher")):
            user = accounts.create_user(
                self.service,
                LOCAL,
                login=login,
                name=login,
                role=role,
                password=PASSWORD,
                departments=[self.ids["department_id"]],
            )
        self.ids["user_id"] = user.id
        self.sign_in()
        self.ids["token_id"] = self.post("/tokens", json={"name": "程序"})["id"]

    def sign_in(self) -> None:
        """A session for the administrator."""
        answer = self.client.post(f"{V1}/session", json={"login": "root", "password": PASSWORD})
        self.headers = {"X-CSRF-Token": answer.json()["csrf_token"]}
        self.cookies = dict(self.client.cookies)

    def document(self, text: str = "掌握用户画像分析方法") -> str:
        """A new document."""
        return str(self.post("/documents", files={"file": ("大纲.txt", text.encode())})["id"])

    def _make_reports(self) -> None:
        plan = self.post("/documents", files={"file": (PLAN, (SAMPLES / PLAN).read_bytes())}, data={"kind": "plan"})
        self.ids["document_id"] = self.document()
        for name, document in (("report_id", self.ids["document_id"]), ("plan_id", plan["id"])):
            self.ids[name] = self.post("/reports", json={"document": document})["id"]

    def _find_targets(self) -> None:
        """An element and a rule to decide on."""
        report, plan = (open_report(self.service, LOCAL, self.ids[name]).report for name in ("report_id", "plan_id"))
        self.ids |= {"element_id": report.matches[0].element.id, "rule_id": plan.rules[0].id}
        self.decide()

    def decide(self) -> None:
        """Somebody else decides on both."""
        for report, kind, target in (("report_id", "element", "element_id"), ("plan_id", "rule", "rule_id")):
            reviews.decide(self.service, LOCAL, self.ids[report], kind, self.ids[target], action="accept")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service with accounts."""
    service = ServiceSettings(
        workers=0, auth=True, hosts=("testserver",), sign_ins_per_minute=10**6, uploads_per_minute=10**6
    )
    app = create_app(Settings(data=tmp_path_factory.mktemp("data"), service=service))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield World(client)


#: Operations after which the thing is another, or no more: each call gets a thing of its own.
ENDING = ("DELETE", "/cancel", "/retry", "/password", "/review")


def real(case: Any, world: World) -> None:
    """Put identifiers of real things in place of made-up ones, where the case is one that should be answered."""
    label = f"{case.method} {case.path}"
    world.calls[label] += 1
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE or world.calls[label] % 4 == 0:
        return
    for name in case.path_parameters:
        ending = any(word in label for word in ENDING)
        known = {"position": 0, "slug": "not-found", "code": "530701", "sourcedId": world.case_id(case.path)}
        known |= {"rule_id": world.ids["rule_id"], "element_id": world.ids["element_id"]}
        if name == "report_id" and "/rules/" in label:
            known["report_id"] = world.ids["plan_id"]
        if name not in known:
            known[name] = world.make(name) if ending else world.ids[name]
        case.path_parameters[name] = known[name]
    for name, value in (("report", [world.ids["report_id"], world.ids["plan_id"]]), ("standard", "530701")):
        if name in case.query:
            case.query[name] = value
    if case.path in (f"{V1}/reports",) and isinstance(case.body, dict):
        case.body |= {"document": world.ids["document_id"], "standard": "530701", "courses": []}


@pytest.fixture(scope="module")
def described(world: World) -> Any:
    """The service as it describes itself."""
    checks = {
        "positive_data_acceptance": {"enabled": False}
    }  # what is sound in form may still ask for what is not there
    config = schemathesis.Config.from_dict({"checks": checks, "generation": {"deterministic": True}})
    return schemathesis.openapi.from_asgi("/api/openapi.json", world.client.app, config=config)


@pytest.fixture(autouse=True)
def named(request: pytest.FixtureRequest) -> None:
    """What schemathesis 4.32 takes a test's name from; pytest 9.2 has renamed it."""
    request.node._nodeid = request.node.nodeid


@api.parametrize()
@settings(max_examples=4, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_described(case: Any, world: World) -> None:
    """Status, type and body of each answer are among those that the description tells; none is an error of ours."""
    real(case, world)
    answer = case.call_and_validate(headers=world.headers, cookies=world.cookies)
    world.statuses[f"{case.method} {case.path}"][answer.status_code] += 1
    if case.path == f"{V1}/session":
        world.sign_in()


class Sound:
    """Calls that are sound in sense and not only in form, each answer held against the description."""

    def __init__(self, world: World, described: Any) -> None:
        self.world, self.described = world, described

    def __call__(self, method: str, path: str, *ids: str, **options: Any) -> Any:
        """The body of the answer, which must be a success."""
        address = re.sub(r"{\w+}", "%s", path) % ids
        answer = self.world.client.request(method, address, headers=self.world.headers, **options)
        assert answer.status_code < 300, answer.text
        self.described[path][method].validate_response(answer)
        self.world.statuses[f"{method} {path}"][answer.status_code] += 1
        return answer.json() if answer.content else None


def call_soundly(call: Sound) -> None:
    """What data made by chance does not reach: states and secrets that must be right, files that must be readable."""
    world, ids = call.world, call.world.ids
    audit = call("POST", f"{V1}/audits", files={"files": ("一.txt", b"text one")})["id"]
    call("POST", f"{V1}/audits/{{audit_id}}/cancel", audit)
    call("POST", f"{V1}/audits/{{audit_id}}/retry", audit)
    report = world.make("report_id")
    call("POST", f"{V1}/reports/{{report_id}}/cancel", report)
    call("POST", f"{V1}/reports/{{report_id}}/retry", report)
    decision = f"{V1}/reports/{{report_id}}/elements/{{element_id}}/decision"
    world.decide()
    call("POST", f"{decision}/second", ids["report_id"], ids["element_id"], json={"agree": True})
    call("DELETE", decision, ids["report_id"], ids["element_id"])
    rule = f"{V1}/reports/{{report_id}}/rules/{{rule_id}}/decision/second"
    call("POST", rule, ids["plan_id"], ids["rule_id"], json={"agree": True})
    move = {"from": "draft", "to": "submitted"}
    call("POST", f"{V1}/reports/{{report_id}}/review", ids["plan_id"], json=move)
    source = (STANDARDS / "460301.md").read_bytes()
    preview = call("POST", f"{V1}/standards/preview", files={"file": ("460301.md", source)})
    call("POST", f"{V1}/standards", json={"preview": preview["id"]})
    call("DELETE", f"{V1}/standards/{{code}}", "460301")
    user = {"login": "wang", "name": "王", "role": "teacher", "password": PASSWORD}
    made = call("POST", f"{V1}/users", json=user)["id"]
    call("PUT", f"{V1}/users/{{user_id}}/password", made, json={"password": PASSWORD + "?"})
    call("PATCH", f"{V1}/departments/{{department_id}}", ids["department_id"], json={"name": "商学院"})
    call("PUT", f"{V1}/me/password", json={"old": PASSWORD, "new": PASSWORD + "!"})
    call("POST", f"{V1}/session", json={"login": "root", "password": PASSWORD + "!"})


def test_every_operation_does_what_it_is_for(world: World, described: Any) -> None:
    """Each was answered with a success at least once, by made-up calls or by sound ones."""
    call_soundly(Sound(world, described))
    operations = described.raw_schema["paths"].items()
    labels = {f"{method.upper()} {path}" for path, methods in operations for method in methods}
    assert len(labels) > 60
    assert {label for label in labels if not any(status < 300 for status in world.statuses[label])} == set()
