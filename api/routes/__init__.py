"""All routes. A route reads its arguments, calls one service and answers; it asks the database nothing itself."""

from __future__ import annotations

from fastapi import FastAPI

from api.routes import case, operations
from api.routes.pages import account, audits, compare, dashboard, documents, home, report, reviews, standards
from api.routes.v1 import accounts, comparisons, dashboards, decisions, problems, search
from api.routes.v1 import audits as v1_audits
from api.routes.v1 import documents as v1_documents
from api.routes.v1 import reports as v1_reports
from api.routes.v1 import standards as v1_standards

API = (
    v1_documents,
    v1_reports,
    v1_audits,
    v1_standards,
    search,
    decisions,
    comparisons,
    dashboards,
    accounts,
    problems,
)
PAGES = (home, documents, report, audits, compare, dashboard, reviews, standards, account)


def add_routes(app: FastAPI) -> None:
    """Give the application all its routes."""
    for module in API:
        app.include_router(module.router, prefix="/api/v1")
    app.include_router(case.router, prefix="/ims/case/v1p1")
    app.include_router(operations.router)
    for module in PAGES:
        app.include_router(module.router, include_in_schema=False)
