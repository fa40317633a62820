"""Pages: the standards at hand, one standard whole, import with a preview, search."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from api.auth.limits import count_upload
from api.auth.principal import ConflictError, ForbiddenError, Right, require
from api.http.deps import PrincipalDep, ServiceDep, get_principal
from api.http.forms import read_file
from api.http.pages import page, see_other, wants_fragment, with_query
from api.i18n import mark
from api.routes.pages.standard_words import ELEMENT_LEVELS, RULE_FORCES, STATEMENT_KINDS
from api.services import covering, standards
from api.services.search import LONGEST, search
from api.services.standard_view import expression, rules_of, view_of
from corpora.errors import DuibiaoError, StandardFormatError, UsageError
from corpora.standard import COURSE_KINDS

router = APIRouter(dependencies=[Depends(get_principal)])

#: What a standard's page is told besides the standard.
_WORDS: dict[str, Any] = {
    "kinds": STATEMENT_KINDS,
    "levels": ELEMENT_LEVELS,
    "forces": RULE_FORCES,
    "expression": expression,
    "course_kinds": COURSE_KINDS,
}
#: Questions that the empty search page offers.
_EXAMPLES = (mark("哪条要求提到用户画像？"), mark("岗位实习"), mark("“双师型”教师"), mark("数据可视化"))


@router.get("/standards")
def list_standards(request: Request, service: ServiceDep, removed: str = "", bank: str = "") -> HTMLResponse:
    """Every standard at hand."""
    cards = standards.list_standards(service)
    return page(request, "pages/standards/list.html.j2", cards=cards, removed=removed, bank=bank)


@router.get("/standards/import")
def import_form(request: Request, principal: PrincipalDep) -> HTMLResponse:
    """The form that takes a file of standards."""
    require(principal, Right.STANDARDS)
    return page(request, "pages/standards/import.html.j2", problem=None, code="")


@router.post("/standards/import")
def understand(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    file: Annotated[UploadFile, File()],
    code: Annotated[str, Form()] = "",
) -> Response:
    """Read a file; on to what was understood, or back to the form with the reason."""
    count_upload(request, principal)
    try:
        sent = read_file(service.settings.service, file)
        shown = standards.preview(service, principal, sent.name, sent.data, code)
    except ForbiddenError:
        raise
    except DuibiaoError as error:
        return page(request, "pages/standards/import.html.j2", status=422, problem=error, code=code)
    return see_other(f"/standards/import/{shown.id}")


@router.get("/standards/import/{preview}")
def show_preview(request: Request, preview: str, service: ServiceDep, principal: PrincipalDep) -> HTMLResponse:
    """What was understood of a file, before anything is saved."""
    return _preview_page(request, preview, service, principal)


@router.post("/standards/import/{preview}")
def confirm(
    request: Request,
    preview: str,
    service: ServiceDep,
    principal: PrincipalDep,
    codes: Annotated[list[str] | None, Form()] = None,
    replace: Annotated[bool, Form()] = False,
) -> Response:
    """Put the chosen standards in place; back to the preview where something stands against it."""
    try:
        if not codes:
            raise UsageError("没有选择要导入的标准", advice="请至少选择一部")
        done = standards.import_standards(service, principal, preview, codes, replace)
    except (UsageError, ConflictError) as error:
        return _preview_page(request, preview, service, principal, error)
    bank = next((item.bank_aside for item in done if item.bank_aside), "")
    one = f"/standards/{done[0].code}" if len(done) == 1 else "/standards"
    return see_other(with_query(one, imported=len(done), bank=bank))


def _preview_page(
    request: Request,
    preview: str,
    service: ServiceDep,
    principal: PrincipalDep,
    problem: DuibiaoError | None = None,
) -> HTMLResponse:
    shown = standards.find_preview(service, principal, preview)
    return page(
        request,
        "pages/standards/preview.html.j2",
        status=409 if problem else 200,
        shown=shown,
        states=standards.standing(service, shown),
        views={i.standard.code: view_of(i.standard, i.report.unplaced) for i in shown.standards[:8]},
        rules_of=rules_of,
        problem=problem,
        **_WORDS,
    )


@router.get("/standards/{code}")
def show_standard(request: Request, code: str, service: ServiceDep, imported: str = "", bank: str = "") -> HTMLResponse:
    """One standard, whole."""
    standard = standards.open_standard(service, code)
    return page(
        request,
        "pages/standards/show.html.j2",
        standard=standard,
        sections=view_of(standard),
        rules=rules_of(standard),
        counts=standards.counts_of(standard),
        is_imported=standards.is_imported(service, code),
        imported=imported,
        bank=bank,
        **_WORDS,
    )


@router.post("/standards/{code}/remove")
def remove(code: str, service: ServiceDep, principal: PrincipalDep) -> Response:
    """Remove an imported standard."""
    bank = standards.remove_standard(service, principal, code)
    return see_other(with_query("/standards", removed=code, bank=bank))


@router.get("/standards/{code}/documents")
def covering_documents(
    request: Request, code: str, service: ServiceDep, principal: PrincipalDep, statement: str
) -> HTMLResponse:
    """Which documents cover a statement, by their latest reports."""
    found = covering.covering(service, principal, code, statement)
    return page(request, "pages/standards/documents.html.j2", found=found, kinds=STATEMENT_KINDS)


@router.get("/search")
def search_page(
    request: Request, service: ServiceDep, principal: PrincipalDep, text: str = "", standard: str = ""
) -> HTMLResponse:
    """The search page; its list alone where htmx asks as one types."""
    result, problem = None, None
    if text.strip():
        try:
            result = search(service, text, standard or None, 30)
        except (UsageError, StandardFormatError) as error:
            problem = error
    template = "found.html.j2" if wants_fragment(request) else "search.html.j2"
    return page(
        request,
        f"pages/standards/{template}",
        text=text,
        chosen=standard,
        cards=standards.list_standards(service),
        result=result,
        problem=problem,
        reported=covering.reported(service, principal, result.by_standard() if result else ()),
        examples=_EXAMPLES,
        longest=LONGEST,
        kinds=STATEMENT_KINDS,
    )
