"""Speakers are found where a line names them; a label is not a name, and a wrong name is worse than none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.transcripts.names import cleaned, plausible, same_people, speakers, with_persons
from takefive.transcripts.values import Segment, TimedText


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "Ludwig van Beethoven", "Speaker 1", "SL", "V Körbes", "James O’Beirne"]
)
def test_names_look_like_names(name: str) -> None:
    assert plausible(name)


@pytest.mark.parametrize(
    "words",
    [
        "Here is the thing",
        "The Changelog",
        "Question",
        "so",
        "Note",
        "My point",
        "we said that Ada",
        "Breaking News",
        "Real Talk",
        "Hot Take",
        "Fun Fact",
        "Key Point",
        "Big Picture",
        "Reason One",
        "Bottom Line",
    ],
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
        ("Matt C", "Matt Corallo"),
        ("M. Corallo", "Matt Corallo"),
        ("Matt Coralo", "Matt Corallo"),
        ("Mátt Corallo", "Matt Corallo"),
        ("Matt Morehouse", "Matt Morehouse"),
        ("Mary Corallo", "Mary Corallo"),
        ("Adam J", "Adam Jonas"),
        ("Matt Corallo (host)", "Matt Corallo"),
        ("Mattia Corallo", "Mattia Corallo"),
    ],
)
def test_a_label_takes_the_name_of_the_one_person_it_fits(label: str, named: str) -> None:
    text = TimedText(segments=(Segment(text="Hi.", speaker=label), Segment(text="Oh.")))

    found = with_persons(text, ["Matt Corallo", "Adam Jonas", "Adam Stacoviak"])

    assert [segment.speaker for segment in found.segments] == [named, None]


@pytest.mark.parametrize("office", ["CEO", "CTO"])
def test_an_office_is_nobodys_initials(office: str) -> None:
    text = TimedText(segments=(Segment(text="So.", speaker=office),))
    assert with_persons(text, ["Carl E Olsen", "Carol T Olsen"]).segments[0].speaker == office


def test_initials_of_two_people_are_nobody_and_keep_two_speakers_apart() -> None:
    text = TimedText(segments=tuple(Segment(text="So.", speaker=name) for name in ("MC", "MC", "Bob")))

    found = with_persons(text, ["Matt Corallo", "Mary Clark", "Bob Ross"])

    assert [segment.speaker for segment in found.segments] == [None, None, "Bob Ross"]
    assert all(segment.after_break for segment in found.segments[:2])


@pytest.mark.parametrize(
    ("label", "persons"),
    [
        ("Mr. Jones", ["Mary Jones", "Tom Jones"]),
        ("Ms. Lee", ["Mark Lee", "Anna Lee"]),
        ("Dr. Smith", ["Dana Smith", "John Smith"]),
        ("Mrs. Smith", ["John Smith"]),
        ("Al Smith", ["Amy Smith"]),
        ("ED MILLER", ["Emma Miller"]),
        ("Ed Miller", ["Emma Miller"]),
        ("Jo Cox", ["Jim Cox"]),
        ("AI", ["Anna Ivanova"]),
        ("It", ["Ines Torres"]),
        ("Ed", ["Emma Davis"]),
    ],
)
def test_a_title_a_short_first_name_or_a_word_makes_nobody_of_the_feed(label: str, persons: list[str]) -> None:
    text = TimedText(segments=(Segment(text="Hi.", speaker=label),))

    assert with_persons(text, persons).segments[0].speaker == label


@pytest.mark.parametrize("label", ["AJ Towns", "A. Towns", "Dr. Anthony Towns", "Dr. A. Towns", "AT"])
def test_initials_in_capitals_and_a_title_before_a_whole_name_do_no_harm(label: str) -> None:
    text = TimedText(segments=(Segment(text="Hi.", speaker=label),))

    assert with_persons(text, ["Anthony Towns", "Mary Clark"]).segments[0].speaker == "Anthony Towns"


def test_labels_of_paragraphs_in_a_plain_text_are_no_speakers() -> None:
    heads = ["Maria Chen", "Tom Ray", "Fun Fact", "Maria Chen", "Key Point", "Tom Ray", "Big Picture", "Fun Fact"]

    assert speakers(heads) == {"Maria Chen", "Tom Ray"}


PEOPLE = ["Matt Corallo", "Matt Morehouse", "Mary Clark", "Adam Gibson", "Sjors Provoost", "Aaron van Wirdum", "Murch"]


@given(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=5), st.text(alphabet="MCmcatryGA. vW", max_size=12))
def test_a_name_is_given_only_to_what_could_be_it_and_to_one_person(persons: list[str], label: str) -> None:
    text = TimedText(segments=(Segment(text="So.", speaker=label or None), Segment(text="Yes.", speaker="Murch")))

    found = with_persons(text, persons)

    assert found.segments[0].speaker in (label or None, None, *persons)
    if found.segments[0].speaker not in (label or None, None):
        assert label.strip(" .")[0].casefold() == (found.segments[0].speaker or "")[0].casefold()
    assert [one.text for one in found.segments] == ["So.", "Yes."]
    assert found.segments[1].speaker == "Murch"


@given(st.permutations(PEOPLE))
def test_the_order_of_the_people_does_not_matter(persons: list[str]) -> None:
    labels = ["MC", "Matt", "Sjors Provost", "A. Gibson", "Aaron", "AvW", "Murch"]
    text = TimedText(segments=tuple(Segment(text="So.", speaker=label) for label in labels))

    found = [one.speaker for one in with_persons(text, persons).segments]

    assert found == [None, "Matt", "Sjors Provoost", "Adam Gibson", "Aaron van Wirdum", "Aaron van Wirdum", "Murch"]
