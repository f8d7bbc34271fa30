"""Chapters are read from their files, and those of sponsors and greetings are no content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.common.errors import TranscriptError
from takefive.transcripts.chapters import Chapter, kind, marks, read
from takefive.transcripts.content import not_content, usable
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Segment, TimedText


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Sponsor: Example", "sponsor"),
        ("Sponsors!", "sponsor"),
        ("Ad break 2", "sponsor"),
        ("Thanks to our sponsors", "sponsor"),
        ("Brought to you by Example", "sponsor"),
        ("Werbung – Beispiel", "sponsor"),
        ("Example (sponsor)", "sponsor"),
        ("Intro", "intro"),
        ("Theme music", "intro"),
        ("Outro", "outro"),
        ("Up next", "housekeeping"),
        ("Patreon", "housekeeping"),
        ("Rate and review", "housekeeping"),
        ("Ad: Example", "sponsor"),
        ("Review", None),
        ("Newsletter", None),
        ("Donations", None),
        ("Announcements", None),
        ("Ads: how Google broke the web", None),
        ("Sponsors – how open source gets paid", None),
        ("Sponsored by taxpayers: who pays for science", None),
        ("Ads in search", None),
        ("Sponsorship models", None),
        ("Intro to databases", None),
        ("Closing thoughts", None),
        ("Opening a shop", None),
        ("Support", None),
    ],
)
def test_a_title_tells_what_a_chapter_is(title: str, expected: str | None) -> None:
    assert kind(title) == expected


def test_the_words_of_a_sponsors_chapter_are_marked_and_no_others() -> None:
    lines = [f"Line number {i} is what we said here." for i in range(60)]
    text = TimedText(segments=tuple(Segment(text=line, start=i * 10.0) for i, line in enumerate(lines)))
    found = marks([Chapter(0, "Begin"), Chapter(100, "Sponsor: Example"), Chapter(160, "More")], text)

    said = sentences(TimedText(segments=text.segments, marks=tuple(found)))

    reason = "sponsor: chapter “Sponsor: Example”"
    assert not_content(said) == [(i, reason, 0.9) for i in range(10, 16)]
    assert [i for i, fine in enumerate(usable(said)) if not fine] == list(range(10, 16))


def test_an_intro_in_the_middle_and_an_outro_at_the_beginning_are_content() -> None:
    text = TimedText(segments=tuple(Segment(text=f"Line {i} is said.", start=i * 10.0) for i in range(60)))
    chapters = [Chapter(0, "Credits"), Chapter(100, "Talk"), Chapter(300, "Opening"), Chapter(350, "Talk")]

    assert marks(chapters, text) == []
    found = marks([Chapter(0, "Opening"), Chapter(50, "Talk"), Chapter(560, "Credits")], text)
    assert [mark.reason for mark in found] == ["intro: chapter “Opening”", "outro: chapter “Credits”"]


def test_two_evidences_are_surer_than_one() -> None:
    lines = ["This episode is brought to you by Example.", "And so we went on."]
    text = TimedText(segments=tuple(Segment(text=line, start=i * 10.0) for i, line in enumerate(lines)))
    known = marks([Chapter(0, "Ad"), Chapter(10, "Talk")], text)

    (only,) = not_content(sentences(TimedText(segments=text.segments, marks=tuple(known))))

    assert only[0] == 0
    assert only[2] == 0.995


def test_chapters_say_nothing_of_a_transcript_without_times_or_when_they_are_far_too_long() -> None:
    text = TimedText(segments=tuple(Segment(text=f"Line {i}.", start=i * 10.0) for i in range(200)))

    assert marks([Chapter(0, "Intro"), Chapter(900, "End")], text) == []
    assert marks([Chapter(0, "Sponsor"), Chapter(90, "End")], TimedText(segments=(Segment(text="Line."),))) == []


def test_chapter_files_of_podcasting_and_podlove_are_read(shared_data: Path) -> None:
    podcasting = read((shared_data / "p20-formats/spec-examples/chapters-example.json").read_bytes())
    podlove = read((shared_data / "p20-formats/podlove/chapters-fg55.json").read_bytes())

    assert podcasting[:2] == [Chapter(0.0, "Intro"), Chapter(168.0, "Hearing Aids")]
    assert podlove[1] == Chapter(43.137, "Begrüßung")


def test_pictures_are_no_chapters_and_what_is_no_chapters_file_is_refused() -> None:
    items = [
        {"startTime": 5, "title": "B"},
        {"startTime": 1, "title": "Logo", "toc": False},
        {"startTime": 0, "title": " A "},
    ]

    assert read(json.dumps({"chapters": items}).encode()) == [Chapter(0.0, "A"), Chapter(5.0, "B")]
    for data in (b"<html>", b"[" * 100_000, b"{}", b"\xff\xfe"):
        with pytest.raises(TranscriptError, match="chapters"):
            read(data)


TIMES = st.floats() | st.integers() | st.none() | st.text(max_size=9)


@given(
    st.lists(st.fixed_dictionaries({"startTime": TIMES, "title": st.sampled_from(["Ad", "x", "", None])}), max_size=6)
)
def test_no_chapters_break_it(items: list[dict[str, object]]) -> None:
    chapters = read(json.dumps({"chapters": items}).encode())
    text = TimedText(segments=(Segment(text="One two. Three four.", start=1.0, end=9.0), Segment(text="Five.")))

    assert [one.start for one in chapters] == sorted(one.start for one in chapters)
    assert all(0 <= mark.first < mark.last for mark in marks(chapters, text))
