"""What OCR read from pictures, and pages that were not read: said beside everything that rests on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from alignment.model import Evidence, RuleVerdict
from alignment.programme.model import Contradiction
from corpora.document import Document

_CHECK = "数字由程序从图片中识别，可能认错，请先对照原件核对"
_UNREAD = re.compile(r"第 \d+ 页")


def recognition_notes(document: Document) -> tuple[str, ...]:
    """Which pages have no text layer and were read by OCR, in Chinese; nothing where there is none."""
    pages = {
        block.locator.page
        for block in document.blocks
        if block.locator.page and _is_recognised(document, block.locator.start)
    }
    if not document.recognised:
        return ()
    where = f"第 {_ranges(sorted(pages))} 页" if pages and not document.parts else "一部分页面"
    return (f"{where}没有文字层，文字和{_CHECK}",)


def with_doubts(verdicts: Iterable[RuleVerdict], document: Document) -> tuple[RuleVerdict, ...]:
    """The verdicts, with a note on those whose figures OCR read, and on failures while pages were not read."""
    unread = sum(_UNREAD.search(error.where) is not None for error in document.errors)
    missing = f"文件有 {unread} 页没有读出，结论可能因此不同" if unread else ""
    return tuple(
        replace(verdict, note="；".join(filter(None, (verdict.note, *_doubts(verdict, document, missing)))))
        for verdict in verdicts
    )


def _doubts(verdict: RuleVerdict, document: Document, missing: str) -> tuple[str, str]:
    read = _CHECK if _rests_on_pictures(verdict.evidence, document) else ""
    return read, missing if verdict.verdict == "fail" else ""


def doubted(contradictions: Iterable[Contradiction], document: Document) -> tuple[Contradiction, ...]:
    """The contradictions, with a remark on those between figures that OCR read."""
    return tuple(
        replace(one, what=f"{one.what}（{_CHECK}）") if _rests_on_pictures(one.evidence, document) else one
        for one in contradictions
    )


def _rests_on_pictures(evidence: Sequence[Evidence], document: Document) -> bool:
    return any(_is_recognised(document, item.locator.start) for item in evidence)


def _is_recognised(document: Document, offset: int) -> bool:
    return any(start <= offset < end for start, end in document.recognised)


def _ranges(pages: Sequence[int]) -> str:
    """``1–3、7`` for 1, 2, 3, 7."""
    runs = [[page for _, page in run] for _, run in groupby(enumerate(pages), lambda pair: pair[1] - pair[0])]
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
