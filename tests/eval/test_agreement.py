"""Agreement with labels over hand-made grades."""

from __future__ import annotations

import numpy as np
import pytest

from eval.agreement import FIGURES, Quality, Scored


def scored(truth: list[int], predicted: list[int], undecided: tuple[int, ...] = ()) -> Scored:
    """A document of hand-made grades; ``undecided`` are positions disputed between 1 and 2."""
    open_at = np.array([i not in undecided for i in range(len(truth))])
    everywhere = np.ones(len(truth), bool)
    return Scored("d", np.array(truth), {1: everywhere, 2: open_at}, np.array(predicted))


QUALITY = Quality("x", (scored([2, 1, 0, 0], [2, 0, 1, 0]), scored([1, 0], [2, 0], undecided=(0,))))


def test_pooled_figures_of_hand_made_grades() -> None:
    """Counts add up over documents, and what is disputed at a threshold is left out there and of kappa."""
    touched, covered = QUALITY.at(1), QUALITY.at(2)
    assert (touched.true_positives, touched.predicted, touched.actual) == (2, 3, 3)
    assert (covered.true_positives, covered.predicted, covered.actual) == (1, 1, 1)
    assert QUALITY.kappa == pytest.approx(Quality("x", (scored([2, 1, 0, 0, 0], [2, 0, 1, 0, 0]),)).kappa)
    assert Quality("x", (scored([0, 1, 2], [0, 1, 2]),)).kappa == 1


def test_intervals_stand_around_the_same_figures() -> None:
    """F1 and kappa of the summed counts are those of the decisions themselves."""
    for figure, value in (("f1_touched", QUALITY.at(1).f1), ("f1_covered", QUALITY.at(2).f1)):
        assert QUALITY.pooled(figure).value == pytest.approx(value)
    assert QUALITY.pooled("weighted_kappa").value == pytest.approx(QUALITY.kappa)


def test_a_mean_leaves_out_documents_where_it_is_undefined() -> None:
    """A document of another field of which nothing is claimed is right, but has neither F1 nor kappa."""
    empty = scored([0, 0, 0], [0, 0, 0])
    for figure in FIGURES:
        alone = Quality("x", (scored([2, 1, 0], [2, 0, 1]),)).mean(figure)
        beside = Quality("x", (scored([2, 1, 0], [2, 0, 1]), empty)).mean(figure)
        assert alone is not None
        assert beside == alone
        assert Quality("x", (empty,)).mean(figure) is None
    false_alarm = Quality("x", (scored([0, 0], [1, 0]),)).mean("f1_touched")
    assert false_alarm is not None
    assert false_alarm.value == 0


def test_a_better_system_is_ahead_and_the_worse_one_behind() -> None:
    """Differences change sign with the order, p does not."""
    good = Quality("good", tuple(scored([2, 1, 0], [2, 1, 0]) for _ in range(4)))
    bad = Quality("bad", tuple(scored([2, 1, 0], [0, 0, 2]) for _ in range(4)))
    for figure in FIGURES:
        ahead, behind = good.against(bad, figure), bad.against(good, figure)
        assert ahead.difference.value > 0
        assert ahead.difference.value == pytest.approx(-behind.difference.value)
        assert ahead.p_exchange == behind.p_exchange == ahead.smallest == 2 / 16
