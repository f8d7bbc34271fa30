from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from takefive.relations import same_point
from takefive.relations.model import CARD

A = "Remote teams ship faster because nobody waits for a meeting."
SAME = "Working remotely speeds up shipping since people do not wait for meetings."
OTHER = "The PostgreSQL planner misjudges joins over more than eight tables."


def surely(a: str, b: str) -> float:
    return float(same_point.score([a], [b])[0])


def test_a_text_makes_the_same_point_as_itself() -> None:
    assert surely(A, A) >= same_point.THRESHOLD


def test_a_paraphrase_makes_the_same_point() -> None:
    assert surely(A, SAME) >= same_point.THRESHOLD


def test_another_subject_is_another_point() -> None:
    assert surely(A, OTHER) < 0.1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Static types make teams faster.", "Static types make teams slower."),
        ("Taxes on sugar work.", "Taxes on sugar do not work."),
        ("Sales of the print edition grew 40 percent.", "Sales of the print edition grew 15 percent."),
    ],
)
def test_the_opposite_is_not_the_same_point(a: str, b: str) -> None:
    assert surely(a, b) < same_point.THRESHOLD


def test_it_does_not_matter_which_text_comes_first() -> None:
    assert surely(A, SAME) == pytest.approx(surely(SAME, A), abs=1e-5)


@pytest.mark.parametrize("text", ["", "...", "\x00", "a" * 5000, "été 東京 🙂"])
def test_any_text_has_a_score_between_0_and_1(text: str) -> None:
    scores = same_point.score([text, text], [text, A])
    assert ((scores >= 0) & (scores <= 1)).all()


def test_no_pairs_give_no_scores() -> None:
    assert same_point.score([], []).shape == (0,)
    assert same_point.sureness(A, [], np.zeros(0)).shape == (0,)


def test_what_is_not_near_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def score(a: Sequence[str], b: Sequence[str], least: float) -> np.ndarray:
        read.extend(b)
        return np.array([0.95, 0.5])

    monkeypatch.setattr(same_point, "score", score)
    sure = same_point.sureness(A, ["far", "near", "nearer"], np.array([0.5, 0.7, 0.9]))
    assert read == ["near", "nearer"]
    assert sure.tolist() == [0, 0.95, 0]


def test_a_contrary_text_can_never_reach_the_threshold() -> None:
    assert same_point.CONTRARY < same_point.THRESHOLD <= same_point.SURE < 1


def test_the_card_states_a_precision_of_at_least_nine_in_ten_on_unseen_topics() -> None:
    assert json.loads(CARD.read_text())["judged_on_unseen_topics"]["precision_elsewhere"] >= 0.9
