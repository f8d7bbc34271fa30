import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takefive.insights import local
from takefive.insights.passages import leans, ragged
from takefive.transcripts import read
from takefive.transcripts.values import Segment, TimedText

TALK = """
We launched with no tests at all, and within two weeks 40 customers had left because every release broke their invoices. What we
learned is that speed without a safety net is slower: the repair work cost us four months. Now a release takes nine minutes and
nobody is afraid of it. I used to think that process kills small companies. The truth is that fear kills them, since people who
are afraid of the release button ship less, and then each release gets larger and more dangerous.
"""


def talk() -> TimedText:
    host = Segment(text="Welcome to the show. What went wrong?", start=0.0, end=4.0, speaker="Host")
    guest = Segment(text=" ".join(TALK.split()), start=4.0, end=60.0, speaker="Ada Lovelace")
    ad = Segment(
        text="This episode is brought to you by Fastly, who cut our costs by 50% because they are fast and we love "
        "them so much, head to fastly.com slash show today.",
        start=60.0,
        end=80.0,
        speaker="Host",
    )
    return TimedText(segments=(host, guest, ad), language="en")


def test_each_insight_carries_its_quote_word_for_word_with_speaker_and_seconds() -> None:
    found = local.extract(talk())
    assert found
    for draft in found:
        assert draft.quote in " ".join(TALK.split())
        assert draft.speaker == "Ada Lovelace"
        assert draft.start is not None
        assert draft.end is not None
        assert 4.0 <= draft.start < draft.end <= 60.0
        assert 0 < draft.score < 1
        assert len(draft.headline.split()) <= 30


def test_the_same_transcript_gives_the_same_insights() -> None:
    assert local.extract(talk()) == local.extract(talk())


def test_nothing_said_gives_nothing() -> None:
    assert local.extract(TimedText(segments=())) == []
    assert local.extract(TimedText(segments=(Segment(text="  "),))) == []
    assert local.extract(talk(), top=0) == []


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.builds(Segment, text=st.text(max_size=400), speaker=st.sampled_from([None, "A", "B\x00"])), max_size=5)
)
def test_no_transcript_is_too_strange(segments: list[Segment]) -> None:
    for draft in local.extract(TimedText(segments=tuple(segments)), top=3):
        assert draft.quote


def test_real_episodes_give_verbatim_quotes_fast_and_no_advertisements(shared_data: Path) -> None:
    files = sorted((shared_data / "transcripts-changelog").rglob("*.md"), key=lambda file: -file.stat().st_size)[10:12]
    for file in files:
        raw = file.read_text()
        before = time.process_time()
        found = local.extract(read(raw.encode(), name=file.name), top=8, source=raw)
        assert time.process_time() - before < 8
        assert len(found) == 8
        for draft in found:
            assert draft.quote in " ".join(raw.split())
            assert not re.search(r"brought to you|dot com slash|thanks for listening", draft.quote, re.IGNORECASE)


def test_passages_that_the_file_breaks_are_passed_over() -> None:
    source = TALK.replace("four months.", r"four \[04:04\] months.")
    found = local.extract(talk(), source=source)
    assert found
    assert not any("four months" in draft.quote for draft in found)


@pytest.mark.parametrize("text", ["And so that was the reason.", "It broke.", "Yeah, they left."])
def test_a_text_that_points_backwards_leans(text: str) -> None:
    assert leans(text)
    assert not leans("The server broke.")


def test_a_text_that_begins_inside_a_thought_or_holds_half_a_quotation_is_ragged() -> None:
    assert ragged("…and sorry that I had no library yet.")
    assert ragged('You may not count." And then the bots came.')
    assert not ragged('He said "you may not count." And then the bots came.')
