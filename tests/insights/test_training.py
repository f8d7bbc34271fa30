import json
from pathlib import Path

import pytest

from takefive.common.errors import UsageError
from takefive.insights import scorer
from takefive.insights.passages import candidates
from takefive.insights.training import gold, run, wholes

QUOTE = (
    "It turns out that we lost 40% of our users because the page took nine seconds, which nobody believed until we measured it "
    "on a cheap phone in a train."
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one__a", "one__b", "one__c", "one__d", "shipit__a"):
        talk = (
            f"**Host:** Welcome, {name}. How is it going?\n\n**Guest:** Yeah, fine, thanks. {QUOTE} So yeah, cool.\n\n"
        )
        (tmp_path / "transcripts").mkdir(exist_ok=True)
        (tmp_path / "insights").mkdir(exist_ok=True)
        (tmp_path / "transcripts" / f"{name}.md").write_text(talk * 3)
        insight = {"quote": QUOTE, "strength": 4, "kind": "data"} | {"headline": "", "insight": "", "topics": []}
        other = insight | {"kind": "claim", "quote": "So yeah, cool."}
        (tmp_path / "insights" / f"{name}.json").write_text(
            json.dumps({"source": f"{name}.md", "insights": [insight, other]})
        )
    return tmp_path


def test_training_twice_writes_the_same_model_and_says_how_good_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wholes, "FOLDS", 2)
    said: list[str] = []
    for out in ("first.npz", "second.npz"):
        run.train(folder, folder / out, say=said.append)
    assert (folder / "first.npz").read_bytes() == (folder / "second.npz").read_bytes()
    assert any("held-out whole shows" in line for line in said)
    card = json.loads((folder / "first.json").read_text())
    assert "shipit__a" in card["held_out"]
    model = scorer.read(scorer.verified(folder / "first.npz", card["sha256"]))
    assert model.grams.any()
    assert model.whole is not None
    assert model.whole.weights.any()


def test_a_passage_hits_the_reference_that_it_shares_half_of_the_shorter_with(folder: Path) -> None:
    (episode, *_) = gold.read_gold(folder)
    found = wholes.hits(episode, candidates(episode.sentences)).tolist()
    assert found == [4.0] * 4 + [0.0] * 8  # said three times, and the first is the reference
    assert wholes.hits(episode, []).tolist() == []


def test_whole_shows_and_some_of_each_other_are_held_out_whatever_else_is_there() -> None:
    names = [f"one__{i}" for i in range(20)] + ["shipit__1", "tiny__1"]
    held = gold.held_out(names)
    assert "shipit__1" in held
    assert "tiny__1" not in held
    assert sum(name.startswith("one") for name in held) == 2
    assert held == gold.held_out(reversed(names))


def test_a_folder_without_references_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no reference insights"):
        run.train(tmp_path, tmp_path / "out.npz")
