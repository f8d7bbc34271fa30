"""The best of the offered transcripts comes first."""

from __future__ import annotations

from takefive.feeds.values import TranscriptLink
from takefive.transcripts.choose import choose, kind


def order(*links: TranscriptLink, language: str | None = "en") -> list[str]:
    return [link.url for link in choose(links, language=language)]


def test_times_and_speakers_go_before_plain_text() -> None:
    forms = ["text/plain", "text/html", "application/srt", "text/vtt", "application/json"]

    found = order(*(TranscriptLink(url=form, type=form) for form in forms))

    assert found == ["application/json", "text/vtt", "application/srt", "text/html", "text/plain"]


def test_the_language_of_the_episode_goes_before_the_format() -> None:
    links = [
        TranscriptLink(url="de", type="application/json", language="de"),
        TranscriptLink(url="?", type="application/json"),
        TranscriptLink(url="gb", type="text/html", language="en-GB"),
        TranscriptLink(url="us", type="text/plain", language="en_US"),
    ]

    assert order(*links, language="en-US") == ["us", "gb", "?", "de"]
    assert order(*links, language=None)[0] == "de"


def test_captions_have_times_whatever_their_type() -> None:
    assert order(
        TranscriptLink(url="a", type="text/html"), TranscriptLink(url="b", type="text/plain", rel="captions")
    ) == ["b", "a"]


def test_what_we_cannot_read_and_what_comes_twice_is_left_out() -> None:
    links = [
        TranscriptLink(url="a.pdf", type="application/pdf"),
        *[TranscriptLink(url="a.vtt", type="text/vtt; charset=utf-8")] * 2,
    ]

    assert order(*links) == ["a.vtt"]


def test_a_type_that_nobody_registered_is_known_or_told_by_the_address() -> None:
    for type, form in (("srt", "srt"), ("text/x-srt", "srt"), ("text/x-subrip", "srt"), ("application/vtt", "vtt")):
        assert kind(TranscriptLink(url="https://example.org/a", type=type)) == form
    assert kind(TranscriptLink(url="https://example.org/a.srt", type="text/subtitles")) == "srt"
    assert kind(TranscriptLink(url="https://example.org/a", type="text/subtitles")) is None
    assert kind(TranscriptLink(url="https://example.org/a.txt", type="application/pdf")) is None


def test_a_missing_or_empty_type_is_told_by_the_address() -> None:
    assert kind(TranscriptLink(url="https://example.org/a.SRT?x=1")) == "srt"
    assert kind(TranscriptLink(url="https://example.org/a.vtt", type="application/octet-stream")) == "vtt"
    assert kind(TranscriptLink(url="https://example.org/a")) == "text"
