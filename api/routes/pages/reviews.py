"""Page: the desk of reviews."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.auth.principal import Right
from api.http.deps import PageDep, PrincipalDep, ServiceDep
from api.http.pages import page
from api.i18n import mark
from api.routes.pages.list_words import standard_names
from api.services import review_queue

router = APIRouter()

_NAMES = {"waiting": mark("待我审"), "returned": mark("退回给我"), "sent": mark("我提交的"), "approved": mark("已通过")}
#: Title and text of an empty queue.
_EMPTY = {
    "waiting": (mark("没有等你审的报告"), mark("老师提交之后，会出现在这里。")),
    "returned": (mark("没有退回的报告"), mark("审核人退回的报告和意见会出现在这里，改好后再提交。")),
    "sent": (mark("没有正在等审核的报告"), mark("在报告页上点“提交审核”，就会送到审核人那里。")),
    "approved": (mark("还没有通过的报告"), mark("审核通过的报告留在这里备查。")),
}


@router.get("/reviews")
def reviews(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    asked: PageDep,
    queue: Annotated[str, Query(max_length=20)] = "",
    standard: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """One queue of the desk; the reviewer's first, for others what came back."""
    may_review = principal.may(Right.REVIEW)
    name = queue or ("waiting" if may_review else "returned")
    return page(
        request,
        "pages/reviews/queue.html.j2",
        found=review_queue.queue(service, principal, name, asked, standard=standard),
        sizes=review_queue.sizes(service, principal),
        queues={k: v for k, v in _NAMES.items() if may_review or k != "waiting"},
        queue=name,
        empty_words=_EMPTY[name],
        asked=asked,
        standard=standard,
        names=standard_names(service),
    )
