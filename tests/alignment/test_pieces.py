"""Pieces of passages: clauses, pairs of clauses, items of lists."""

from __future__ import annotations

import numpy as np

from alignment.passages import Passages
from alignment.pieces import MOST, pieces_of, under_heading


def test_the_whole_passage_comes_first() -> None:
    """Also of a passage of one clause, which has no other piece."""
    assert pieces_of("掌握果树修剪方法") == ("掌握果树修剪方法",)
    assert pieces_of("修剪果树，防治病虫害")[0] == "修剪果树，防治病虫害"


def test_clauses_and_their_pairs() -> None:
    """Each clause alone, and each with its neighbour where there are more than two."""
    found = pieces_of("修剪果树，防治病虫害；采收苹果。")
    assert set(found[1:]) == {"修剪果树", "防治病虫害", "采收苹果", "修剪果树，防治病虫害", "防治病虫害，采收苹果"}


def test_items_of_lists() -> None:
    """Coordinated items stand alone; a word that only contains 和 is not cut."""
    assert set(pieces_of("嫁接、修剪和病虫害防治")[1:]) == {"嫁接", "修剪", "病虫害防治"}
    assert pieces_of("和面技巧") == ("和面技巧",)


def test_no_passage_has_endless_pieces() -> None:
    """A list of hundreds of items is cut off; no piece occurs twice."""
    found = pieces_of("、".join(f"品种{n}号" for n in range(300)))
    assert len(found) == MOST == len(set(found))
    assert pieces_of("修剪，修剪，修剪").count("修剪") == 1


def test_heading_over_a_piece() -> None:
    """The nearest heading goes before it; without headings it stands alone."""
    assert under_heading("修剪", ("果树", "冬季管理")) == "冬季管理 修剪"
    assert under_heading("修剪", ()) == "修剪"


def test_rows_of_passages(orchard_passages: Passages) -> None:
    """Rows of the pieces of some passages, in the order asked, each passage's first being its whole text."""
    pieces, segments = orchard_passages.pieces, orchard_passages.segments
    asked = np.array([len(segments) - 1, 0])
    rows, begins = pieces.rows_of(asked)
    assert [pieces.texts[rows[b]] for b in begins] == [segments[n].text for n in asked]
    assert pieces.owners[rows].tolist() == sorted(pieces.owners[rows].tolist(), reverse=True)
    assert len(pieces.texts) == len(pieces.vectors) == pieces.starts[-1]
