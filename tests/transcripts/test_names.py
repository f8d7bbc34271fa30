"""Speakers are found where a line names them; a label is not a name, and a wrong name is worse than none."""

from __future__ import annotations

import pytest

from takefive.transcripts.names import cleaned, plausible, same_people, speakers, with_persons
from takefive.transcripts.values import Segment, TimedText


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "Ludwig van Beethoven", "Speaker 1", "SL", "V Körbes", "James O’Beirne"]
)
def test_names_look_like_names(name: str) -> None:
    assert plausible(name)


@pytest.mark.parametrize(
    "words", ["Here is the thing", "The Changelog", "Question", "so", "Note", "My point", "we said that Ada"]
)
def test_labels_and_sentences_do_not(words: str) -> None:
    assert not plausible(words)


@pytest.mark.parametrize("label", ["Unknown", "UNKNOWN SPEAKER", "Break", " jingle ", "", None, "x" * 100])
def test_nobody_is_nobody(label: str | None) -> None:
    assert cleaned(label) is None


def test_a_name_needs_to_be_seen_twice_or_be_a_full_name_among_others() -> None:
    assert speakers(["Spoken", "Bekah", "Bekah"]) == {"Bekah"}
    assert speakers(["Ada Lovelace"]) == set()
    assert speakers(["Ada Lovelace", "Charles Babbage", "Ada", "Spoken"]) == {"Ada Lovelace", "Charles Babbage", "Ada"}


def test_initials_and_first_names_lead_to_the_full_name_if_only_one_can_be_meant() -> None:
    assert same_people(["Michael Flaxman (MF)", "MF"])["MF"] == "Michael Flaxman"
    assert same_people(["Bekah Hawrot Weigel", "Bekah"])["Bekah"] == "Bekah Hawrot Weigel"
    assert same_people(["Adam Stacoviak", "Adam Jacob", "Adam"])["Adam"] == "Adam"


@pytest.mark.parametrize(
    ("label", "named"),
    [
        ("MC", "Matt Corallo"),
        ("matt corallo", "Matt Corallo"),
        ("Matt", "Matt Corallo"),
        ("Adam", "Adam"),
        ("Speaker 1", "Speaker 1"),
        ("Zoe", "Zoe"),
    ],
)
def test_a_label_takes_the_name_of_the_one_person_it_fits(label: str, named: str) -> None:
    text = TimedText(segments=(Segment(text="Hi.", speaker=label), Segment(text="Oh.")))

    found = with_persons(text, ["Matt Corallo", "Adam Jonas", "Adam Stacoviak"])

    assert [segment.speaker for segment in found.segments] == [named, None]
