"""Elements stated in the standard's own words."""

from __future__ import annotations

import pytest

from alignment.passages import read_passages
from alignment.prepared import PreparedStandard
from alignment.verbatim import stated_verbatim
from corpora.segments import segment
from index.protocols import Encoder
from tests.alignment.conftest import MakeDocument


@pytest.mark.parametrize(
    ("lines", "stated"),
    [
        (("#一、课程目标", "掌握果树修剪方法。"), ["C1.R1.e1"]),
        (("#一、课程目标", "了解果园，掌握 果树修剪方法；能够调制蛋糕面糊"), ["C1.R1.e1", "C2.R1.e2"]),
        (("#一、课程目标", "掌握果树修剪方法的历史沿革"), []),
        (("#五、教材与参考资料", "掌握果树修剪方法"), []),
        ((), []),
    ],
)
def test_whole_clauses_of_teaching_passages(
    lines: tuple[str, ...], stated: list[str], make_document: MakeDocument, prepared: PreparedStandard, encoder: Encoder
) -> None:
    """Alone or among others, spaces aside; not inside a longer clause, and not in a list of books."""
    passages = read_passages(segment(make_document(*lines)), encoder)
    found = stated_verbatim(prepared, passages)
    assert [e.id for e, yes in zip(prepared.elements, found, strict=True) if yes] == stated
