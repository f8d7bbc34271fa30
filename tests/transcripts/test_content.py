"""Sponsor reads, greetings, good-byes and housekeeping are marked; what is said is not."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path

import pytest

from takefive.transcripts import read
from takefive.transcripts.content import not_content, usable
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Sentence

MARKS = json.loads((Path(__file__).parent / "sponsor_reads.json").read_text("utf-8"))


def marked(*texts: str, at: float = 0.5) -> list[str | None]:
    """The reasons for some sentences that stand at a share of an episode of a hundred."""
    filler = [Sentence(text=f"The engine number {i} is what we built.", turn=i) for i in range(100)]
    place = min(int(at * 100), 100)
    said = [Sentence(text=text, turn=1000) for text in texts]
    reasons = {i: reason for i, reason, _ in not_content([*filler[:place], *said, *filler[place:]])}
    return [reasons.get(place + i) for i in range(len(texts))]


@pytest.mark.parametrize(
    "text",
    [
        "This episode is brought to you by Example.",
        "And now a word from our sponsor.",
        "Use the code PODCAST and get 20% off.",
        "Head to example.com/show and tell them.",
        "Go to example dot com slash show.",
        "But first, let me introduce the sponsors of the podcast.",
        "To learn more, go to the Example link in the show notes.",
        "You get one with the code PODCAST.",
        "If you want to advertise, you can write to me.",
        "It's now time for some Sponsored News!",
    ],
)
def test_a_sponsor_read_is_marked(text: str) -> None:
    assert marked(text) == ["sponsor"]


def test_what_stands_between_two_signs_of_a_sponsor_read_belongs_to_it() -> None:
    read = [
        "This show is sponsored by Example.",
        "Example makes boxes.",
        "They are sturdy.",
        "Go to example.com/show today.",
    ]

    assert marked(*read) == ["sponsor"] * 4


def test_greetings_count_at_the_beginning_and_good_byes_at_the_end_only() -> None:
    assert marked("Welcome to the show.", at=0.0) == ["intro"]
    assert marked("Welcome to the world of trading.", at=0.5) == [None]
    assert marked("Thanks for listening.", at=1.0) == ["outro"]
    assert marked("That is all thanks for your time in prison.", at=0.5) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "We sponsor three maintainers, and it changed the project.",
        "If you use the code generator, you depend on it.",
        "A free trial costs us a hundred dollars a month.",
        "We reviewed it and gave it a bad rating.",
        "We ran the trial with our partners at Stanford and it failed.",
        "The vaccine was made possible by twenty years of basic research.",
        "The study was sponsored by Pfizer.",
        "The study is sponsored by Pfizer.",
        "Stocks are now 20% off their highs.",
        "There was no support for this podcast idea inside the BBC.",
        "I had to sign up now or lose the visa.",
        "We ran it with Code Sponsor at the time.",
        "They are one of our sponsors.",
        "You go back to the show and nobody is left.",
    ],
)
def test_talk_about_sponsors_and_trials_is_content(text: str) -> None:
    assert marked(text) == [None]


def test_a_read_goes_on_while_it_names_its_brand_and_ends_with_it() -> None:
    read = [
        "This portion of the show is brought to you by Rollbar.",
        "Errors are annoying.",
        "With Rollbar you see them first.",
        "It takes a minute to set up.",
        "Get started with Rollbar and see.",
        "What did you build in the end?",
    ]

    assert marked(*read) == ["sponsor"] * 5 + [None]


def test_a_break_is_a_sponsors_from_its_opening_to_its_close() -> None:
    talk = [f"The {i} rivers carry sediment." for i in range(20)]

    assert (
        marked("Back to the show in a moment.", *talk, "Go to example.com/show.", "And now back to the show.")
        == ["sponsor"] * 23
    )
    assert marked("We will be right back after this.", "And we're back.") == ["sponsor"] * 2


def test_a_break_that_no_sponsor_is_heard_in_is_talk() -> None:
    talk = [f"The {i} rivers carry sediment." for i in range(20)]

    assert marked("Let us take a short break from theory.", *talk, "And we're back at the sea.") == [None] * 22


def test_two_signs_without_speakers_take_nothing_between_them_that_names_no_brand() -> None:
    said = ["This episode is sponsored by Example.", *(f"The {i} rivers carry sediment." for i in range(20))]

    assert marked(*said, "Stocks are 20% off today.")[9:21] == [None] * 12


def test_a_brand_is_a_whole_word() -> None:
    said = ["This show is brought to you by Ally.", "Ally is a bank.", "We really did it.", "It was basically done."]

    assert marked(*said) == ["sponsor", "sponsor", None, None]


def test_a_site_alone_takes_no_neighbours_along() -> None:
    said = ["We wrote the editor ourselves.", "Go to example.com/editor and try it.", "It was slow at first."]

    assert marked(*said) == [None, "sponsor", None]


def test_all_after_the_last_words_of_an_episode_is_no_content() -> None:
    assert marked("Thank you for listening.", "Bring a friend along.", at=1.0) == ["outro", "outro"]


def test_reads_that_people_marked_are_known(shared_data: Path) -> None:
    for episode in MARKS:
        if not episode["episode"].startswith("transcripts-talkpython/2"):
            continue
        path = shared_data / episode["episode"]
        said = sentences(read(path.read_bytes(), name=path.name))
        ends = list(accumulate(len(one.text.split()) for one in said))
        in_reads = [i for i, end in enumerate(ends) if any(a < end <= b for a, b, _ in episode["sponsor"])]
        fine = usable(said)

        assert sum(not fine[i] for i in in_reads) > 0.9 * len(in_reads)
        assert sum(fine) > 0.85 * len(fine)
