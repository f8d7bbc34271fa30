from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from relations.points import at_angle
from takefive.common.errors import ModelError
from takefive.relations import same_point
from takefive.relations.embed import default_embedder

A = "Remote teams ship faster because nobody waits for a meeting."
SAME = "Working remotely speeds up shipping since people do not wait for meetings."
OTHER = "The PostgreSQL planner misjudges joins over more than eight tables."


def feature(name: str, a: str, b: str) -> float:
    row = same_point.features([a], [b], at_angle(0)[None], at_angle(20)[None])[0]
    return float(row[same_point.FEATURES.index(name)])


def surely(a: str, b: str) -> float:
    va, vb = default_embedder().encode([a, b])
    return float(same_point.score([a], [b], va[None], vb[None])[0])


def test_a_text_makes_the_same_point_as_itself() -> None:
    assert surely(A, A) >= same_point.THRESHOLD


def test_another_subject_is_another_point() -> None:
    assert surely(A, OTHER) < surely(A, SAME)
    assert surely(A, OTHER) < 0.2


def test_the_opposite_is_less_sure_than_the_same() -> None:
    assert surely("Static types make teams faster.", "Static types make teams slower.") < same_point.THRESHOLD
    assert surely("Taxes on sugar work.", "Taxes on sugar do not work.") < same_point.THRESHOLD


def test_it_does_not_matter_which_text_comes_first() -> None:
    assert surely(A, SAME) == pytest.approx(surely(SAME, A), abs=1e-5)


def test_features_tell_numbers_denials_and_opposites() -> None:
    assert feature("numbers differ", "it grew 40 percent", "it grew 15 percent") == 1
    assert feature("numbers differ", "it grew 40 percent", "growth of 40 percent") == 0
    assert feature("negation differs", "it does not scale", "it scales") == 1
    assert feature("opposites", "it is cheap", "it is expensive") == 2
    assert feature("words shared", "PostgreSQL", "PostgreSQL") == 1


@pytest.mark.parametrize("text", ["", "...", "\x00", "a" * 5000, "été 東京 🙂"])
def test_any_text_has_a_score_between_0_and_1(text: str) -> None:
    scores = same_point.score([text, text], [text, A], np.stack([at_angle(0)] * 2), np.stack([at_angle(3)] * 2))
    assert ((scores >= 0) & (scores <= 1)).all()


def test_no_pairs_give_no_scores() -> None:
    assert same_point.score([], [], np.zeros((0, 384), np.float32), np.zeros((0, 384), np.float32)).shape == (0,)


def test_a_changed_model_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in same_point.DATA.glob("same_point.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes() + (b" " if file.suffix == ".npz" else b""))
    monkeypatch.setattr(same_point, "DATA", tmp_path)
    same_point._model.cache_clear()
    try:
        with pytest.raises(ModelError, match="install takefive again"):
            same_point.score([A], [A], at_angle(0)[None], at_angle(0)[None])
    finally:
        same_point._model.cache_clear()


def test_the_card_states_a_precision_of_at_least_nine_in_ten() -> None:
    assert same_point._card()["cross_validated_by_topic"]["precision"] >= 0.9
    assert 0 < same_point.THRESHOLD < 1
