"""Where a page's runs stand across a gutter: the stretches are exactly what the runs cover."""

from __future__ import annotations

from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from corpora.parsers.pdf.columns import _stretches
from corpora.parsers.pdf.lines import Run

HEIGHTS = st.integers(0, 12).map(float)


@given(st.lists(st.tuples(HEIGHTS, HEIGHTS), max_size=8), HEIGHTS | st.floats(0, 12))
def test_stretches_cover_what_the_runs_cover(boxes: list[tuple[float, float]], height: float) -> None:
    """A height lies inside a stretch exactly when it lies inside a run; borders belong to neither."""
    runs = [Run("字", 0.0, top, 10.0, bottom, 10.0) for top, bottom in boxes]
    found = _stretches(runs)
    assert found == sorted(found)
    at = bisect_left([start for start, _ in found], height) - 1
    inside = at >= 0 and height < found[at][1]
    assert inside == any(run.y0 < height < run.y1 for run in runs)
