"""Real files whole: no word is lost, two formats agree, what we write is read again, another episode's transcript is refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from takefive.common.errors import TranscriptError
from takefive.feeds.values import TranscriptLink
from takefive.transcripts import read
from takefive.transcripts.choose import choose
from takefive.transcripts.formats import WRITERS
from takefive.transcripts.judge import judge
from takefive.transcripts.names import with_persons
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import TimedText

VTT = "transcripts-talkpython/009-Docker-and-Python-with-Patrick-Chanozen.vtt"
SRT = "syntax-srt-shownotes/Syntax148.srt"
WORDS = "transcripts-datastories-words/101.json"
MARKDOWN = "transcripts-bitcoin/stephan-livera-podcast/2021-08-09-rusty-russell.md"


def of(shared_data: Path, name: str) -> TimedText:
    path = shared_data / name
    return read(path.read_bytes(), name=path.name)


def words(text: TimedText) -> list[str]:
    return re.findall(r"[^\W_]+", " ".join(segment.text for segment in text.segments).lower())


@pytest.mark.parametrize("name", [VTT, SRT, WORDS, MARKDOWN])
@pytest.mark.parametrize("form", ["vtt", "srt", "json"])
def test_what_is_written_of_a_real_file_is_read_again_the_same(shared_data: Path, name: str, form: str) -> None:
    text = of(shared_data, name)

    again = read(WRITERS[form](text).encode(), name=f"a.{form}", language=text.language)

    assert [(one.text, one.speaker) for one in again.segments] == [(one.text, one.speaker) for one in text.segments]
    timed = [(one.start, one.end) for one in text.segments]
    if None not in {time for pair in timed for time in pair}:
        assert [(one.start, one.end) for one in again.segments] == timed


@pytest.mark.parametrize("name", [VTT, SRT])
def test_no_word_of_subtitles_is_lost_and_times_never_go_back(shared_data: Path, name: str) -> None:
    source = (shared_data / name).read_text("utf-8")
    plain = re.sub(r"(?m)^(?:WEBVTT.*|\d+|.* --> .*)$|^(?:Announcer|Unknown|Wes Bos|Scott Tolinski): ", " ", source)
    text = of(shared_data, name)

    assert Counter(words(text)) == Counter(re.findall(r"[^\W_]+", plain.lower()))
    starts = [one.start for one in sentences(text) if one.start is not None]
    assert starts == sorted(starts)


def test_two_formats_of_one_episode_give_the_same_words(shared_data: Path) -> None:
    assert words(of(shared_data, VTT)) == words(of(shared_data, VTT.replace(".vtt", ".txt")))


def test_speakers_are_those_of_the_metadata(shared_data: Path) -> None:
    text = with_persons(of(shared_data, MARKDOWN), ["Stephan Livera", "Rusty Russell"])

    assert {one.speaker for one in text.segments} == {"Stephan Livera", "Rusty Russell"}


def test_another_episodes_another_languages_and_a_machines_gibberish_are_refused(shared_data: Path) -> None:
    text = of(shared_data, VTT)
    judge(text, duration=3000, language="en")

    with pytest.raises(TranscriptError, match=r"do not fit an episode of 200 minutes|ends in minute"):
        judge(text, duration=12_000, language="en")
    with pytest.raises(TranscriptError, match=r"runs to minute|do not fit"):
        judge(text, duration=900, language="en")
    with pytest.raises(TranscriptError, match=r"another language \(en\)"):
        judge(text, duration=3000, language="de")
    looped = TimedText(segments=text.segments[100:104] * 60)
    with pytest.raises(TranscriptError, match="repeats itself"):
        judge(looped)


def test_of_the_same_words_in_three_formats_the_one_with_times_and_names_is_read(shared_data: Path) -> None:
    links = [
        TranscriptLink(url="https://example.org/009.txt", type="text/plain"),
        TranscriptLink(url="https://example.org/009.de.vtt", type="text/vtt", language="de"),
        TranscriptLink(url="https://example.org/009.vtt", type="text/vtt", language="en"),
    ]

    assert [link.url.rpartition("/")[2] for link in choose(links, language="en")] == [
        "009.vtt",
        "009.txt",
        "009.de.vtt",
    ]


def test_the_words_and_the_turns_of_a_recogniser_agree(shared_data: Path) -> None:
    document = json.loads((shared_data / WORDS).read_text("utf-8"))
    said = re.findall(r"[^\W_]+", " ".join(one["text"] for one in document["words"]).lower())

    assert words(of(shared_data, WORDS)) == said


def test_a_transcript_of_other_people_on_other_matters_is_refused(shared_data: Path) -> None:
    text = of(shared_data, MARKDOWN)
    judge(text, title="Lightning offers and BOLT 12", people=["Stephan Livera", "Rusty Russell"])
    judge(text, title="Something wholly different here", people=["Rusty Russell"])
    judge(text, title="Lightning offers and BOLT 12", people=["Producer Nobodyknows"])
    judge(text, title="Something wholly different here")

    with pytest.raises(TranscriptError, match="another episode's"):
        judge(text, title="Gardening through winter storms", people=["Martha Greenfinger", "Hortense Spade"])
