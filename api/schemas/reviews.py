"""What the API takes and gives of persons' judgement: decisions, the review of a report, its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.schemas.parts import Model
from api.schemas.service import Identifier, RequestModel
from api.services.decided import settled
from api.services.deciding import LONGEST, LONGEST_QUOTE
from api.services.reviews import HistoryItem
from api.store import models
from api.store.models import DecisionAction, ReviewState, TargetKind

GradeValue = Literal[0, 1, 2]
VerdictName = Literal["pass", "fail", "cannot_determine"]
Reason = Annotated[str, Field(description="理由；改判与提出异议时必填", max_length=LONGEST)]
Quote = Annotated[str, Field(description="能证明结论的文件原文", max_length=LONGEST_QUOTE)]


class ElementDecisionRequest(RequestModel):
    """A person's verdict on an element.

    To accept, ``grade`` may name the proposal that the person saw. To override, a grade above the system's needs a
    quote that stands in the document word for word.
    """

    action: Literal["accept", "override"]
    grade: Annotated[GradeValue | None, Field(description="2 已覆盖，1 部分涉及，0 未覆盖")] = None
    level: Annotated[int | None, Field(description="文中的层次，1 了解 … 6 设计", ge=1, le=6)] = None
    quote: Quote = ""
    reason: Reason = ""


class RuleDecisionRequest(RequestModel):
    """A person's verdict on a rule of a programme plan; to accept, ``verdict`` may name what the person saw."""

    action: Literal["accept", "override"]
    verdict: VerdictName | None = None
    quote: Quote = ""
    reason: Reason = ""


class SecondRequest(RequestModel):
    """The word of a second reviewer on the decision that stands."""

    agree: bool
    reason: Reason = ""


class ReviewRequest(RequestModel):
    """A step of a report's review; ``from`` is the state that the caller saw."""

    to: ReviewState
    seen: Annotated[ReviewState, Field(alias="from", description="调用者看到的状态；已被他人改变时答 412")]
    comment: Annotated[str, Field(description="意见；退回时必填", max_length=LONGEST)] = ""


class ProposalOut(Model):
    """What the system said when the decision was made: ``grade`` and ``level``, or ``verdict``."""

    grade: GradeValue | None = None
    level: int | None = None
    verdict: VerdictName | None = None


class DecisionOut(Model):
    """One decision; ``stands`` while no later one took its place, ``disputed`` while a second reviewer objects."""

    id: Identifier
    target_kind: TargetKind
    target: str
    text: str
    action: DecisionAction
    proposed: ProposalOut
    grade: GradeValue | None
    level: int | None
    verdict: VerdictName | None
    quote: str | None
    start: int | None
    end: int | None
    reason: str
    author: str
    created_at: datetime
    stands: bool = False
    disputed: bool = False

    @classmethod
    def from_row(cls, row: models.Decision, stands: bool = False, disputed: bool = False) -> DecisionOut:
        """From the table."""
        same = ("id", "target_kind", "action", "grade", "level", "verdict", "quote", "start", "end", "reason")
        return cls(
            **{name: getattr(row, name) for name in same},
            target=row.target_id,
            text=row.target_text,
            proposed=ProposalOut.model_validate(row.proposed),
            author=row.author_name,
            created_at=row.created_at,
            stands=stands,
            disputed=disputed,
        )


class DecisionsOut(Model):
    """All decisions on a report's document against its standard, the oldest first."""

    items: list[DecisionOut]

    @classmethod
    def from_rows(cls, rows: Sequence[models.Decision]) -> DecisionsOut:
        """From the table, in time order."""
        standing = {found.decision.id: found for found in settled(rows).values()}
        return cls(
            items=[
                DecisionOut.from_row(row, row.id in standing, row.id in standing and standing[row.id].disputed)
                for row in rows
            ]
        )


class HistoryItemOut(Model):
    """One thing that happened to a report; see ``kind`` and ``action``."""

    at: datetime
    kind: Literal["decision", "review", "job"]
    author: str
    action: str
    target: str
    text: str


class HistoryOut(Model):
    """What happened to a report, the oldest first."""

    items: list[HistoryItemOut]

    @classmethod
    def of(cls, items: Sequence[HistoryItem]) -> HistoryOut:
        """From the service."""
        return cls(items=[HistoryItemOut.model_validate(item) for item in items])
