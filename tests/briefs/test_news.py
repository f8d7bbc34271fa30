from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.examples import insight
from takefive.briefs.news import is_news, reason
from takefive.briefs.values import Profile


@pytest.mark.parametrize(
    ("then", "now", "news"),
    [
        (1, 2, False),
        (1, 3, False),
        (1, 4, True),
        (3, 4, True),
        (4, 5, False),
        (4, 7, False),
        (5, 8, True),
        (1, 9, True),
    ],
)
def test_a_point_is_news_at_the_fourth_voice_and_at_each_doubling(then: int, now: int, news: bool) -> None:
    assert is_news(insight(9, point=1, voices=now, voice=now), Profile(sent_points={1: then})) == news


def test_an_old_voice_is_no_news_however_many_joined_since() -> None:
    assert not is_news(insight(9, point=1, voices=20, voice=1), Profile(sent_points={1: 2}))
    assert is_news(insight(9, point=1, voices=20, voice=8), Profile(sent_points={1: 2}))


def test_a_point_that_was_not_sent_is_no_news() -> None:
    assert not is_news(insight(9, voices=9, voice=9), Profile(sent_points={1: 1}))
    assert is_news(insight(9, voices=9, voice=9), Profile(sent_points={9: 1}))


@given(st.lists(st.integers(1, 500), max_size=60))
def test_however_many_voices_join_one_by_one_news_stays_rare(joined: list[int]) -> None:
    told, voices, sent = 0, 1, 1
    for more in joined:
        voices += more
        if is_news(insight(9, point=1, voices=voices, voice=voices), Profile(sent_points={1: sent})):
            told, sent = told + 1, voices
    assert told <= voices.bit_length() - 2 or told == 0


@pytest.mark.parametrize(
    ("voices", "ordinal"), [(4, "fourth"), (8, "eighth"), (11, "11th"), (21, "21st"), (32, "32nd"), (112, "112th")]
)
def test_the_reason_names_the_voice(voices: int, ordinal: str) -> None:
    assert reason(insight(9, voice=voices, voices=99, speaker="Ada Night")) == f"a {ordinal} voice: Ada Night"
    assert reason(insight(9, voice=voices, voices=99)) == f"a {ordinal} voice: Show 9"
