"""Which stretches of a document speak of a programme: its own body, further files, and chapters that majors share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.document import Block
from corpora.programme.model import Programme
from corpora.segments.outline import style_of

Stretch = tuple[int, int]

#: Headings of chapters that a plan of several majors prints once for all of them.
_SHARED = re.compile(
    r"实施保障|保障(?:措施|条件)|师资|教学团队|教学(?:条件|设施|资源|方法|评价|管理)|质量(?:保障|管理|监控)|毕业要求|办学条件"
)


def body_stretches(programme: Programme) -> tuple[Stretch, ...]:
    """Where the plan itself speaks, annexed course standards and reports left out.

    The major's own stretch up to its annex; further files; and, for a file of several majors, top-level chapters
    outside of all that belong to every major (实施保障).
    """
    end = min(programme.annex_start or programme.end, programme.end) if programme.end else len(programme.document.text)
    own = [(programme.start, max(end, programme.start))]
    own += [(part.start, part.end) for part in programme.document.parts[1:] if part.start >= end]
    return tuple(_joined([*own, *_shared(programme)]))


def _shared(programme: Programme) -> list[Stretch]:
    """Stretches of shared chapters outside the major's own, its annex included."""
    outside = programme.end < len(programme.document.text) or programme.start > 0
    if not programme.end or not outside:
        return []
    top = [block for block in programme.document.blocks if _is_top(block)]
    ends = [block.locator.start for block in top[1:]] + [len(programme.document.text)]
    return [
        (block.locator.start, end)
        for block, end in zip(top, ends, strict=False)
        if _SHARED.search(block.text) and not programme.start <= block.locator.start < programme.end
    ]


def _is_top(block: Block) -> bool:
    return block.kind != "table_row" and (
        (block.kind == "heading" and block.level == 1) or (len(block.text) <= 40 and style_of(block.text) == "part")
    )


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Sorted, without overlaps."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined


def within(stretches: Sequence[Stretch], offset: int) -> bool:
    """Whether a character offset lies in one of the stretches."""
    return any(start <= offset < end for start, end in stretches)
