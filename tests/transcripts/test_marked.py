"""However people write who speaks and when, both are told from the words."""

from __future__ import annotations

import json

import pytest

from takefive.transcripts import read

SAID = [("Ada Lovelace", 10.0, "Hello there."), ("Bob", 72.0, "Yes, we do."), ("Ada Lovelace", 85.0, "So be it.")]
FORMS = {
    "dash, stamp, colon": "{name} – {stamp}: {text}",
    "stamp, colon": "{name} {stamp}: {text}",
    "stuck together": "{name}:{stamp}\n{text}",
    "bar": "{name} | {stamp}\n{text}",
    "comma": "{name}, {stamp}\n{text}",
    "brackets": "{name} ({stamp}): {text}",
    "stamp in the bold name": "**{name} ({stamp}):** {text}",
    "stamp first in the bold name": "**[{stamp}] {name}:** {text}",
    "stamp behind the bold name": "**{name}** {stamp}\n\n{text}",
    "bold, then brackets": "**{name}** [{stamp}]: {text}",
    "from and to": "{stamp} - {stamp} {name}: {text}",
    "from and to in brackets": "[{stamp} --> {stamp}] {name}: {text}",
    "voice": "{stamp} <v {name}>{text}</v>",
    "list": "- {name} [{stamp}]: {text}",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_name_and_a_stamp_are_read_in_any_form(form: str) -> None:
    lines = [
        FORMS[form].format(name=name, stamp=f"00:{int(start) // 60:02}:{int(start) % 60:02}", text=text)
        for name, start, text in SAID
    ]

    found = read("\n\n".join(lines).encode(), name="a.md")

    assert [(one.speaker, one.start, one.text) for one in found.segments] == SAID


@pytest.mark.parametrize("form", ["### {name}\n\n{text}", "- {name}: {text}", "{name}: {text}"])
def test_a_name_is_read_without_a_stamp(form: str) -> None:
    text = "\n\n".join(form.format(name=name, text=text) for name, _, text in [*SAID, *SAID])

    found = read(text.encode(), name="a.md")

    assert [(one.speaker, one.text) for one in found.segments] == [(name, text) for name, _, text in [*SAID, *SAID]]


def test_headings_that_come_again_among_others_are_no_names() -> None:
    text = "## Taproot\n\nIt is new.\n\n## Schnorr\n\nIt is old.\n\n## Fees\n\nHigh.\n\n## Taproot\n\nAgain."

    found = read(text.encode(), name="a.md")

    assert [(one.speaker, one.text) for one in found.segments] == [
        (None, "It is new."),
        (None, "It is old."),
        (None, "High."),
        (None, "Again."),
    ]


def test_a_time_of_day_in_talk_is_no_stamp() -> None:
    text = "Ada: We met at 10:30: it was late.\n\nBob: Yes.\n\nAda: At 3:15 we left\n\nBob: No."

    found = read(text.encode(), name="a.txt")

    assert [(one.speaker, one.start, one.text) for one in found.segments] == [
        ("Ada", None, "We met at 10:30: it was late."),
        ("Bob", None, "Yes."),
        ("Ada", None, "At 3:15 we left"),
        ("Bob", None, "No."),
    ]


def test_a_bold_mark_that_a_publisher_left_open_is_no_word() -> None:
    text = "**Ada:** ** **Sure.\n\n**0xB10C:** Hi.\n\nAda:** Again, \\[00:03:49.08\\\\] and later."
    text += " [100:08] End.\n\n**0xB10C:** Yes."

    found = read(text.encode(), name="a.md")

    assert [(one.speaker, one.start, one.text) for one in found.segments] == [
        ("Ada", None, "Sure."),
        ("0xB10C", None, "Hi."),
        ("Ada", None, "Again,"),
        ("Ada", 229.08, "and later."),
        ("Ada", 6008.0, "End."),
        ("0xB10C", None, "Yes."),
    ]


def test_what_each_said_on_end_is_read_where_a_recogniser_gives_no_words() -> None:
    turns = [
        {"speaker": "A", "start": 250, "end": 62_000, "text": "Hello there. " + "So it went on. " * 40},
        {"speaker": "B", "start": 63_000, "end": 64_000, "text": "Yes."},
    ]

    found = read(json.dumps({"words": None, "utterances": turns, "language_code": "en_us"}).encode())
    plain = read(json.dumps({"text": "Hello there. So.", "words": None, "utterances": None}).encode())

    assert [(one.speaker, one.start, one.end) for one in found.segments] == [
        ("Speaker A", 0.25, 62.0),
        ("Speaker B", 63.0, 64.0),
    ]
    assert [one.text for one in plain.segments] == ["Hello there. So."]


def test_the_voice_of_podlove_is_the_name_not_its_short_form() -> None:
    items = [
        {"start": "00:00:01.000", "end": "00:00:02.000", "speaker": "tim", "voice": "Tim Pritlove", "text": "Hallo."}
    ]

    assert read(json.dumps(items).encode()).segments[0].speaker == "Tim Pritlove"
