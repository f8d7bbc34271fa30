from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.briefs.profile import MAX_NAMES, SNOOZES, ProfileDocument, dumps, loads
from takefive.common.errors import UsageError

NAME = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60).map(str.strip).filter(bool)
NAMES = st.lists(NAME, max_size=5).map(tuple)
ANN = ProfileDocument(
    interests=("how small teams ship", "sleep"),
    not_interests=("crypto prices",),
    follow_podcasts=("https://feeds.example/founders.xml",),
    mute_people=('Ann "the voice" Lee',),
    snooze_podcasts={'Slow "Talk"': date(2026, 12, 7)},
    snooze_topics={"elections": date(2026, 12, 8)},
)
WRITTEN = r"""# What you want to hear about, in your own words.
interests = ["how small teams ship", "sleep"]

# What you do not want.
not_interests = ["crypto prices"]

# Podcasts by feed address or title; topics and people as the insights name them.
follow_podcasts = ["https://feeds.example/founders.xml"]
follow_topics = []
follow_people = []

# Never from these, on these, by these.
mute_podcasts = []
mute_topics = []
mute_people = ["Ann \"the voice\" Lee"]

# Codes such as "en"; none means all.
languages = []

# How many of the day's insights may come from outside your subjects; one at least is yours.
serendipity = 1

# "daily", "weekdays" or "weekly".
frequency = "daily"

# Whether to learn a little from what you open on the page of your brief: true or false.
openings = false

# What rests, each until a day, such as "https://example.org/feed.xml" = 2030-01-31
[snooze_podcasts]
"Slow \"Talk\"" = 2026-12-07
[snooze_topics]
"elections" = 2026-12-08
[snooze_people]
"""


def test_a_profile_is_written_so_that_a_reader_can_edit_it():
    assert dumps(ANN) == WRITTEN


@given(
    st.builds(
        ProfileDocument,
        interests=NAMES,
        mute_people=NAMES,
        follow_podcasts=NAMES,
        serendipity=st.integers(0, 5),
        openings=st.booleans(),
        frequency=st.sampled_from(["daily", "weekly"]),
        snooze_podcasts=st.dictionaries(NAME, st.dates(), max_size=3),
        snooze_people=st.dictionaries(NAME, st.dates(), max_size=3),
    )
)
def test_what_is_taken_away_can_be_brought_back(document):
    assert loads(dumps(document)) == document


def test_what_is_left_out_is_as_for_a_new_reader():
    assert loads("") == ProfileDocument()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("interests = sleep", "no TOML"),
        ("interests = 'sleep'", '"interests" in the profile must be a list of texts'),
        ("mute_people = [1]", '"mute_people" in the profile must be a list of texts'),
        ("serendipity = true", '"serendipity" in the profile must be a number from 0 to 5'),
        ("serendipity = 6", '"serendipity" in the profile must be a number from 0 to 5'),
        ("frequency = 'hourly'", '"frequency" in the profile must be one of daily'),
        ("snooze_podcasts = 1", '"snooze_podcasts" in the profile must be names with a day'),
        ("[snooze_podcasts]\na = 2030-01-31T10:00:00", "must be names with a day"),
        ("mute_people = 'Ann'", "must be a list of texts"),
        ('mute_people = ["Ann\\u0000Lee"]', "has a text with a character that cannot be read: 'Ann."),
        ('interests = ["a\\nb"]', "has a text with a character that cannot be read"),
        ('snooze_topics = {"a\\u0000" = 2030-01-31}', "has a text with a character that cannot be read"),
        ("mute_topics = ['']", '"mute_topics" in the profile has a blank text'),
        ("interests = ['  ']", '"interests" in the profile has a blank text'),
        ("snooze_topics = 2030-01-31", "must be names with a day"),
        ("snooze_topics = {' ' = 2030-01-31}", '"snooze_topics" in the profile has a blank text'),
        (
            "languages = ['English']",
            '"languages" in the profile must be codes such as "en" or "pt-BR", not \'English\'',
        ),
        ("languages = ['']", '"languages" in the profile has a blank text'),
        ("admin = true", "unknown key 'admin'"),
        (f"interests = {['x'] * 51}", "may hold 50 texts"),
        ("a" * 2_000_001, "longer than"),
        ("a = " + "[" * 100_000, "no TOML"),
    ],
)
def test_what_cannot_be_read_is_one_line_that_says_what_to_mend(text, line):
    with pytest.raises(UsageError, match=line) as caught:
        loads(text)
    assert "\n" not in str(caught.value)


def test_what_people_write_by_hand_is_read():
    document = loads('languages = ["pt-BR", "EN", "zh-Hans", "gsw"]\nmute_people = [" Zoë\u00a0\u200dLee "]')
    assert document.languages == ("pt-BR", "EN", "zh-Hans", "gsw")
    assert document.mute_people == ("Zoë\u00a0\u200dLee",)


def test_a_name_stands_once_however_it_is_written():
    document = ANN.with_name("mute_topics", "Crypto").with_name("mute_topics", " crypto  prices")
    assert document.mute_topics == ("Crypto", "crypto prices")
    assert document.with_name("mute_topics", "CRYPTO").mute_topics == ("crypto prices", "CRYPTO")
    assert document.without_name("mute_topics", "crypto").mute_topics == ("crypto prices",)


def test_a_full_list_lets_the_oldest_go():
    full = ProfileDocument(mute_topics=tuple(str(n) for n in range(MAX_NAMES)))
    assert full.with_name("mute_topics", "new").mute_topics == (*full.mute_topics[1:], "new")


@pytest.mark.parametrize("key", SNOOZES)
def test_what_is_snoozed_rests_until_its_day_or_until_told(key):
    day = date(2026, 12, 7)
    document = ProfileDocument().snoozed(key, "Slow  Talk", day)
    assert getattr(document, key) == {"Slow Talk": day}
    assert (document.resting(key, date(2026, 12, 6)), document.resting(key, day)) == (("Slow Talk",), ())
    assert document.snoozed(key, "slow talk", None) == ProfileDocument()


def test_a_document_of_full_lists_of_addresses_comes_back():
    names = tuple(f"https://feeds.example/{number:070}" for number in range(MAX_NAMES))
    rests = dict.fromkeys(names, date(2026, 12, 7))
    full = ProfileDocument(follow_podcasts=names, mute_podcasts=names, snooze_podcasts=rests, follow_topics=names)
    assert loads(dumps(full)) == full
