"""The application as a whole: what it says of itself, and what holds for all its addresses."""

from __future__ import annotations

import lxml.html
import pytest
from fastapi.testclient import TestClient

from api.http.problem_kinds import KINDS
from corpora import __version__
from tests.service import make_client, make_settings

Operation = dict[str, object]


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Operation]:
    """Every operation that the application describes."""
    with make_client(make_settings(tmp_path_factory.mktemp("app"))) as client:
        described = client.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert described["info"]["version"] == __version__
    assert {"token", "session"} <= set(described["components"]["securitySchemes"])
    return {f"{m.upper()} {path}": o for path, methods in described["paths"].items() for m, o in methods.items()}


def test_the_api_has_what_others_build_on(operations: dict[str, Operation]) -> None:
    """Documents, reports, audits, standards, search, decisions, comparisons, accounts, CASE and health."""
    expected = {
        *("POST /api/v1/documents", "GET /api/v1/documents/{document_id}/files/{position}"),
        *("POST /api/v1/reports", "GET /api/v1/reports/{report_id}/result", "GET /api/v1/reports/{report_id}/events"),
        *("POST /api/v1/audits", "GET /api/v1/audits/{audit_id}/export", "GET /api/v1/audits/{audit_id}/events"),
        *("GET /api/v1/standards", "GET /api/v1/search", "GET /api/v1/comparisons", "GET /api/v1/dashboard"),
        *("GET /api/v1/problems/{slug}", "GET /ims/case/v1p1/CFDocuments", "GET /health", "GET /metrics"),
        "PUT /api/v1/reports/{report_id}/elements/{element_id}/decision",
    }
    assert expected <= set(operations)


def test_every_operation_is_described_for_people(operations: dict[str, Operation]) -> None:
    """A summary and a group in Chinese, a sentence of explanation."""
    for name, operation in operations.items():
        assert any("\u4e00" <= char <= "\u9fff" for char in str(operation.get("summary"))), name
        assert operation.get("tags"), name
        assert str(operation.get("description")).strip().endswith("."), name


def test_every_operation_tells_its_problems(operations: dict[str, Operation]) -> None:
    """Each documents its errors as problem details, those of CASE as CASE names them."""
    for name, operation in operations.items():
        answers = operation["responses"]
        assert isinstance(answers, dict)
        assert {"401", "403", "422", "500", "503"} <= set(answers), name
        assert "{" not in name or "404" in answers, name
        failures = {status: answer for status, answer in answers.items() if status >= "400"}
        if name == "GET /health":  # which tells what is missing, not that it failed
            del failures["503"]
        assert all("application/problem+json" in answer["content"] for answer in failures.values()), name
        assert "HTTPValidationError" not in str(answers), name


def test_uploads_and_jobs_take_idempotency_keys(operations: dict[str, Operation]) -> None:
    """The header is described where it counts."""
    for name in ("POST /api/v1/documents", "POST /api/v1/reports", "POST /api/v1/audits"):
        parameters = operations[name]["parameters"]
        assert isinstance(parameters, list)
        assert "Idempotency-Key" in {parameter["name"] for parameter in parameters}


def test_names_of_operations_are_unique(operations: dict[str, Operation]) -> None:
    """Generated clients need them so."""
    names = [operation["operationId"] for operation in operations.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", ["/", "/nowhere", "/api/v1/documents/none"])
def test_pages_may_load_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    """A page stands alone, and its policy lets it load and send nothing elsewhere and run no script of its own."""
    page = client.get(path, headers={"accept": "text/html"})
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    links = [link for _, _, link, _ in lxml.html.fromstring(page.text).iterlinks() if link.startswith(("http", "//"))]
    assert links == []


def test_the_frameworks_own_pages_are_not_served(client: TestClient) -> None:
    """They load scripts from elsewhere."""
    assert [client.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404, 404, 404]


def test_health_needs_nobody(client: TestClient) -> None:
    """Whether the service is up, and its version."""
    assert client.get("/healthz").json() == {"status": "ok", "version": __version__}


def test_answers_of_the_api_are_not_kept_by_caches(client: TestClient) -> None:
    """What one user may see is nothing for a cache on the way."""
    for path in ("/api/v1/documents", "/api/v1/nowhere", "/api/v1/problems"):
        assert client.get(path).headers["cache-control"] in ("no-store", "private, no-cache")


def test_kinds_of_problems_have_statuses_that_are_documented(operations: dict[str, Operation]) -> None:
    """No kind has a status that no operation tells of, but for addresses and methods that are none."""
    told = {status for operation in operations.values() for status in operation["responses"]}  # type: ignore[attr-defined]
    statuses = {str(kind.status) for kind in KINDS.values()}
    assert statuses - told == {"405", "502"}
