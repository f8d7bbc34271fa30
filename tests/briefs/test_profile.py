from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.briefs.profile import ProfileDocument, dumps, loads
from takefive.common.errors import UsageError

NAMES = st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60), max_size=5).map(tuple)
ANN = ProfileDocument(
    interests=("how small teams ship", "sleep"),
    not_interests=("crypto prices",),
    follow_podcasts=("https://feeds.example/founders.xml",),
    mute_people=('Ann "the voice" Lee',),
)
WRITTEN = r"""# What you want to hear about, in your own words.
interests = ["how small teams ship", "sleep"]

# What you do not want.
not_interests = ["crypto prices"]

# Podcasts by feed address or title; topics as the insights name them.
follow_podcasts = ["https://feeds.example/founders.xml"]
follow_topics = []

# Never from these, on these, by these.
mute_podcasts = []
mute_topics = []
mute_people = ["Ann \"the voice\" Lee"]

# Codes such as "en"; none means all.
languages = []

# How many of the day's insights may come from outside your subjects.
serendipity = 1
"""


def test_a_profile_is_written_so_that_a_reader_can_edit_it():
    assert dumps(ANN) == WRITTEN


@given(
    st.builds(ProfileDocument, interests=NAMES, mute_people=NAMES, follow_podcasts=NAMES, serendipity=st.integers(0, 5))
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
        ("admin = true", "unknown key 'admin'"),
        (f"interests = {['x'] * 51}", "may hold 50 texts"),
        ("a" * 300_000, "longer than"),
        ("a = " + "[" * 100_000, "no TOML"),
    ],
)
def test_what_cannot_be_read_is_one_line_that_says_what_to_mend(text, line):
    with pytest.raises(UsageError, match=line) as caught:
        loads(text)
    assert "\n" not in str(caught.value)
