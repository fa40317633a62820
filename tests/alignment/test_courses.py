"""Course detection."""

from __future__ import annotations

import numpy as np
import pytest

from alignment.courses import COURSE_FEATURES, course_features, named_courses
from alignment.prepared import PreparedStandard, prepare
from corpora.standard import Standard
from index.encoders import word_vectors
from index.protocols import Encoder

TOUCH = np.array([0, 1, 0.9, 0.2, 0.1, 0.3], np.float32)


def features(prepared: PreparedStandard, title: str, encoder: Encoder) -> list[dict[str, float]]:
    """Named features of each course."""
    rows = course_features(prepared, title, TOUCH, encoder).tolist()
    return [dict(zip(COURSE_FEATURES, row, strict=True)) for row in rows]


def test_a_courses_touch_is_that_of_its_elements(prepared: PreparedStandard, encoder: Encoder) -> None:
    """Means over tasks and requirements, against the other courses, and the share above one half."""
    first, second = features(prepared, "", encoder)
    assert first["mean_touch"] == pytest.approx(0.7)
    assert second["mean_touch"] == pytest.approx(0.2)
    assert first["mean_above_rest"] == pytest.approx(0.5)
    assert second["mean_above_rest"] == pytest.approx(-0.5)
    assert [first["share_touched"], second["share_touched"]] == pytest.approx([2 / 3, 0])


@pytest.mark.parametrize(("title", "course"), [("《果树栽培》课程标准", 0), ("果园管理教学大纲", 0), ("面包制作", 1)])
def test_a_title_is_near_its_course(title: str, course: int, prepared: PreparedStandard, encoder: Encoder) -> None:
    """By name, by alias, by the title of a typical task."""
    found = features(prepared, title, encoder)
    assert found[course]["title_containment"] == 1
    assert found[1 - course]["title_containment"] == 0
    assert found[course]["title_similarity"] > found[1 - course]["title_similarity"]


def test_no_title_is_near_nothing(prepared: PreparedStandard, encoder: Encoder) -> None:
    """An empty title says nothing of any course."""
    for row in features(prepared, "", encoder):
        assert row["title_containment"] == row["title_similarity"] == 0


def test_a_standard_without_core_courses_has_no_rows(mini: Standard, encoder: Encoder) -> None:
    """Official profiles list abilities only."""
    abilities = Standard("1", "一", statements=mini.statements[:1])
    made = prepare(abilities, (), encoder, word_vectors())
    assert course_features(made, "果树栽培", np.ones(1, np.float32), encoder).shape == (0, len(COURSE_FEATURES))


def test_named_courses(mini: Standard) -> None:
    """Names and aliases inside a title, white space aside, in the standard's order."""
    assert named_courses(mini, "《果 树栽培》课程标准") == ("C1",)
    assert named_courses(mini, "烘焙工艺与果园管理") == ("C1", "C2")
    assert named_courses(mini, "面包制作") == ()
    assert named_courses(mini, "") == ()
