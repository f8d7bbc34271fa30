import pytest

from takefive.common import minilm
from takefive.common.errors import ModelError
from takefive.insights import headline_likeness
from takefive.insights.headline import SIGNS
from takefive.insights.headline_likeness import likeness, unattributed


def liked(*lines: str) -> list[float]:
    return likeness(minilm.load().encode(lines).astype("float64"), [[0.0] * len(SIGNS)] * len(lines)).tolist()


def test_a_claim_reads_more_like_a_headline_than_talk_about_nothing() -> None:
    claim, talk = liked("Most places don't ship the result of validated design", "I'm going to highlight a few")
    assert claim > talk + 0.1


def test_the_name_of_who_said_it_and_the_mark_of_a_cut_do_not_count() -> None:
    assert unattributed("Suz Hinton: we threw the prototype away …") == "we threw the prototype away"
    assert unattributed("If it hurts, do it more often") == "If it hurts, do it more often"


def test_a_model_file_that_was_changed_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    headline_likeness._model.cache_clear()
    (tmp_path / "headlines.npz").write_bytes(b"other")
    monkeypatch.setattr(headline_likeness, "FOLDER", tmp_path)
    with pytest.raises(ModelError):
        liked("Any line")
