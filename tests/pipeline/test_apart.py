"""What is known of an episode besides its words: chapters are fetched, and what a show says each time is marked."""

from __future__ import annotations

import json
from datetime import timedelta

from django.utils import timezone

from takefive.pipeline import flow, samples
from takefive.pipeline.steps.apart import marked, stored
from takefive.store.models import Episode, Podcast, Transcript
from takefive.transcripts.repeats import fingerprint
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Segment, TimedText

from .conftest import Library

OPENING = (
    "This show is made by three friends who met in a library a long time ago and never stopped talking about what they "
    "read there, and you can hear all of it on the radio every second Sunday of the month, late at night."
)


def said(number: int) -> TimedText:
    words = [f"Point {number * i} cost {number * 7 + i} coins and sold {number * i + 3} times here." for i in range(30)]
    return TimedText(segments=tuple(Segment(text=text, start=i * 10.0) for i, text in enumerate([OPENING, *words])))


def episode(podcast: Podcast, number: int, **values: object) -> Episode:
    row = Episode.objects.create(
        podcast=podcast, guid=str(number), title=str(number), published_at=timezone.now() + timedelta(number), **values
    )
    text = said(number)
    Transcript.objects.create(episode=row, segments=stored(text), fingerprint=fingerprint(text))
    return row


def test_the_file_of_chapters_is_fetched_with_the_transcript(library: Library) -> None:
    library.scan()
    chapters = [{"startTime": 0, "title": "Intro"}, {"startTime": 60.5, "title": "Sponsor: Example"}]
    (library.folder / "chapters.json").write_text(json.dumps({"version": "1.2.0", "chapters": chapters}))
    (library.folder / "broken.json").write_text("<html>")
    names = ["chapters.json", "broken.json", "not-there.json"]
    episodes = list(Episode.objects.filter(stage=Episode.Stage.PICKED).order_by("pk")[:3])
    for row, name in zip(episodes, names, strict=True):
        Episode.objects.filter(pk=row.pk).update(chapters_url=f"http://{samples.HOST}/{name}")

        flow.transcribe(episode=row.pk)

    kept = [Episode.objects.get(pk=row.pk) for row in episodes]
    assert [row.stage for row in kept] == [Episode.Stage.TRANSCRIBED] * 3
    assert [row.chapters for row in kept] == [
        [{"start": 0.0, "title": "Intro"}, {"start": 60.5, "title": "Sponsor: Example"}],
        [],
        [],
    ]
    assert len(bytes(Transcript.objects.get(episode=episodes[0]).fingerprint)) > 1_000


def test_chapters_and_what_a_show_says_each_time_are_marked() -> None:
    podcast = Podcast.objects.create(feed_url="https://shows.example/rss")
    for number in range(1, 4):
        episode(podcast, number)
    row = episode(podcast, 4, chapters=[{"start": 100.0, "title": "Ad"}, {"start": 120.0, "title": "Talk"}])

    marks = {i: one.mark for i, one in enumerate(sentences(marked(row))) if one.mark}

    assert marks == {
        0: ("said in 3 of the last 3 episodes", 0.9),
        10: ("sponsor: chapter “Ad”", 0.9),
        11: ("sponsor: chapter “Ad”", 0.9),
    }


def test_other_shows_say_nothing_of_this_one_and_chapters_nothing_where_times_are_not_sure() -> None:
    for name in "abc":
        episode(Podcast.objects.create(feed_url=f"https://shows.example/{name}"), 1)
    podcast = Podcast.objects.create(feed_url="https://shows.example/rss")
    row = episode(podcast, 4, chapters=[{"start": 100.0, "title": "Ad"}, {"start": 120.0, "title": "Talk"}])
    Transcript.objects.filter(episode=row).update(uncertain=[[0, 300]])

    assert marked(Episode.objects.get(pk=row.pk)).marks == ()


def test_segments_are_stored_without_what_they_do_not_say_and_read_again() -> None:
    text = TimedText(segments=(Segment(text="One.", start=1.0), Segment(text="Two.", after_break=True)))

    assert stored(text)[0] == {"text": "One.", "start": 1.0, "end": None, "speaker": None}
    assert tuple(Segment(**one) for one in stored(text)) == text.segments  # type: ignore[arg-type]
