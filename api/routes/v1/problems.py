"""What the ``type`` of a problem means; open to everybody."""

from __future__ import annotations

from fastapi import APIRouter

from api.auth.principal import NotFoundError
from api.http.problem_kinds import KINDS, Kind
from api.schemas.service import ProblemKindOut

router = APIRouter(prefix="/problems", tags=["问题"])


@router.get("", summary="列出各种问题")
def list_kinds() -> list[ProblemKindOut]:
    """Every kind of problem that the API answers with."""
    return [_out(kind) for kind in KINDS.values()]


@router.get("/{slug}", summary="查看一种问题的含义")
def get_kind(slug: str) -> ProblemKindOut:
    """One kind of problem: what the ``type`` of a problem refers to."""
    if slug not in KINDS:
        raise NotFoundError("没有这种问题", where=slug)
    return _out(KINDS[slug])


def _out(kind: Kind) -> ProblemKindOut:
    return ProblemKindOut(
        type=kind.type, status=kind.status, title=kind.title, title_en=kind.title_en, detail_en=kind.detail_en
    )
