"""What a person asks of a programme audit besides the standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alignment.programme.packs.loading import RulePack


@dataclass(frozen=True)
class PlanOptions:
    """Choices for one audit.

    Parameters
    ----------
    major : name (or part of it) or code of the major to audit, for a file that holds several; "" takes the first.
    packs : local rule packs, whose rules are judged beside the standard's.
    """

    major: str = ""
    packs: tuple[RulePack, ...] = ()
