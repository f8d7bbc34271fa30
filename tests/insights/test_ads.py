import pytest

from takefive.insights.ads import content, is_housekeeping
from takefive.transcripts.values import Sentence


@pytest.mark.parametrize(
    "text",
    [
        "This episode is brought to you by Fastly.",
        "Head to linode.com slash changelog to get $20 in credit.",
        "Thanks for listening to the show!",
        "Leave us a review on Apple Podcasts.",
        "Welcome back to Practical AI.",
        "Use the code CHANGELOG for 20% off.",
        "Links are in the show notes.",
    ],
)
def test_sponsors_greetings_and_housekeeping_are_known(text: str) -> None:
    assert is_housekeeping(text)


@pytest.mark.parametrize(
    "text",
    [
        "We lost half of our users because the server was slow.",
        "The sponsor of the bill withdrew it in the end.",
        "I learned that a review takes longer than the code.",
    ],
)
def test_plain_talk_is_content(text: str) -> None:
    assert not is_housekeeping(text)


def test_neighbours_of_an_ad_go_too_but_only_in_its_turn() -> None:
    texts = ["They are fast.", "This episode is brought to you by Fastly.", "We use them.", "Far away."]
    rows = [Sentence(text=text, turn=0) for text in texts] + [Sentence(text="Another person.", turn=1)]
    rows = [*rows[:1], *rows[1:]]
    assert content(rows) == [False, False, False, True, True]


def test_one_long_turn_survives_two_ads_in_it() -> None:
    rows = [Sentence(text="Plain words here.", turn=0) for _ in range(40)]
    rows[3] = rows[20] = Sentence(text="Thanks for listening.", turn=0)
    assert sum(content(rows)) == 34
