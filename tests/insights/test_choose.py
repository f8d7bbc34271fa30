import numpy as np

from takefive.insights.choose import apart, spread
from takefive.insights.values import Passage


def passage(first: int, last: int) -> Passage:
    return Passage(first=first, last=last, text="", speaker=None, start=None, end=None)


def test_no_two_chosen_passages_share_a_sentence() -> None:
    rows = [passage(0, 2), passage(2, 4), passage(5, 6)]
    assert apart(rows, np.array([1.0, 2.0, 0.5]), 3) == [1, 2]
    assert apart([], np.array([]), 3) == []


def test_a_twin_next_door_steps_back_behind_a_weaker_one_far_away() -> None:
    scores, places = np.array([1.0, 0.95, 0.9]), np.array([0.0, 2.0, 90.0])
    likeness = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.1], [0.1, 0.1, 1.0]])
    assert spread(scores, places, likeness, 3, near=0.0, alike=0.0) == [0, 1, 2]
    assert spread(scores, places, likeness, 3, near=0.3, alike=0.5) == [0, 2, 1]
