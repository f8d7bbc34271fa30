"""Any file that holds a transcript is read, whatever it is called; any other is refused with its reason."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takefive.common.errors import TranscriptError
from takefive.transcripts import read
from takefive.transcripts.formats import WRITERS
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Segment, TimedText

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(path for path in GOLDEN.iterdir() if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_golden_file_gives_exactly_its_segments(path: Path) -> None:
    expected = json.loads(path.with_suffix("").with_suffix(".expected.json").read_text("utf-8"))

    text = read(path.read_bytes(), name=path.name)

    found = [[segment.start, segment.end, segment.speaker, segment.text] for segment in text.segments]
    assert found == expected["segments"]
    assert text.language == expected["language"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_wrong_name_and_type_change_nothing(path: Path) -> None:
    if path.suffix in (".md", ".txt"):
        pytest.skip("plain text and markdown are told apart by their names only")

    misled = read(path.read_bytes(), name="transcript.txt", type="text/plain; charset=utf-8")

    assert misled == read(path.read_bytes(), name=path.name)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"ID3\x04rest", "MP3 audio"),
        (b"%PDF-1.7", "PDF"),
        (b"\x00\x01\x02\x03" * 500, "binary"),
        (random.Random(5).randbytes(30_000), "binary"),
        (b"\xff\xfe" + random.Random(5).randbytes(30_000), "binary"),
        (b"\xff\xfeW", "binary"),
        (b"12 34 -- 56\n", "no spoken words"),
        (b'{"segments": [', "broken JSON"),
        (b'{"chapters": []}', "neither segments nor words"),
        (b"[" * 100_000, "JSON nested too deep"),
        (b"WEBVTT\n\nNOTE nothing\n", "no spoken words"),
        (b"<html><body><script>x()</script></body></html>", "no spoken words"),
    ],
)
def test_what_is_no_transcript_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(TranscriptError, match=reason):
        read(data, type="application/json" if data.startswith(b"[[") else None)


def test_a_file_larger_than_any_transcript_is_refused() -> None:
    with pytest.raises(TranscriptError, match="bytes"):
        read(b"a" * 50_000_001)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nÄrger – it’s naïve, and long enough to tell the encoding.\n"

    segment = read(text.encode(encoding), name="a.srt").segments[0]

    assert segment.text == "Ärger – it’s naïve, and long enough to tell the encoding."


LEGACY = {
    "cp1251": (
        "Привет, это подкаст о программировании и базах данных. Сегодня у нас гость, который всё расскажет.",
        "ru",
    ),
    "koi8-r": (
        "Привет, это подкаст о программировании и базах данных. Сегодня у нас гость, который всё расскажет.",
        "ru",
    ),
    "shift_jis": ("こんにちは、これはポッドキャストです。今日はデータベースについて話します。" * 2, "ja"),
    "gb18030": ("你好，这是一个播客。今天我们谈谈数据库和程序设计的历史，以及将来的发展。" * 2, "zh"),
    "cp1253": ("Γεια σας, αυτό είναι ένα podcast για τις βάσεις δεδομένων και τον κόσμο της πληροφορικής.", "el"),
    "cp1250": (
        "Cześć, to jest podcast o bazach danych, gdzie mówimy też o śmiesznych rzeczach. Że się nie da? Da się.",
        "pl",
    ),
}


@pytest.mark.parametrize("encoding", LEGACY)
def test_charsets_of_before_unicode_are_told_by_their_letters(encoding: str) -> None:
    words, language = LEGACY[encoding]

    found = read(f"1\n00:00:01,000 --> 00:00:09,000\n{words}\n".encode(encoding), name="a.srt")

    assert found.segments[0].text == words
    assert found.language == language


def test_one_byte_from_elsewhere_spoils_no_utf8() -> None:
    data = "Ada: Это хорошо, и это правда.\n\nBob: It’s “fine”".encode() + b" \x96 he said."

    assert [one.text for one in read(data, name="a.txt").segments][1] == "Bob: It’s “fine” – he said."


def test_a_page_says_its_charset_itself() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body><p>Да, так.</p></body></html>'

    assert read(page.encode("cp1251"), type="text/html").segments[0].text == "Да, так."


def test_the_language_is_the_files_then_the_hint_then_the_names_then_detected() -> None:
    spoken = b"1\n00:00:01,000 --> 00:00:02,000\nund das ist nicht so, wie ich es mir dachte, aber es ist auch gut so\n"

    assert read(b"WEBVTT\nLanguage: fr\n\n00:01.000 --> 00:02.000\nbonjour\n", language="en").language == "fr"
    assert read(spoken, language="nl").language == "nl"
    assert read(spoken, name="talk.es.srt").language == "es"
    assert read(spoken).language == "de"


@pytest.mark.parametrize("form", ["vtt", "srt", "json"])
def test_what_is_written_is_read_again(form: str) -> None:
    text = TimedText(
        segments=(
            Segment(text="It was R&D <then>.", start=1.0, end=2.5, speaker="Ada Lovelace"),
            Segment(text="The thing: it works.", start=2.5, end=3.0, speaker="Charles Babbage"),
            Segment(text="1984", start=3661.25, end=3662.0, speaker="Ada Lovelace"),
        ),
        language="en",
    )

    again = read(WRITERS[form](text).encode(), name=f"a.{form}", language="en")

    assert again == text


def test_text_for_people_keeps_words_and_speakers() -> None:
    text = TimedText(
        segments=(
            Segment(text="Hello there.", start=61.0, end=62.0, speaker="Ada Lovelace"),
            Segment(text="Nobody said this.", start=3661.0, end=3662.0),
        )
    )

    again = read(WRITERS["text"](text).encode(), name="a.txt")

    assert [(segment.text, segment.start) for segment in again.segments] == [
        ("Hello there.", 61.0),
        ("Nobody said this.", 3661.0),
    ]


MARKS = [
    *(
        "WEBVTT",
        "\n\n",
        "\n",
        "00:00:01.000 --> 00:00:02.000",
        "-->",
        "1",
        "**A B:** ",
        "A B: ",
        "[00:12]",
        "\\[99:99\\]",
        "<v Bob>",
    ),
    *(
        "<",
        ">",
        "&#0;",
        "&amp;",
        "{",
        "}",
        "[",
        "]",
        '"segments"',
        ":",
        ",",
        '"words"',
        '{"start":1e999,"text":"x"}',
        "---",
    ),
    *("<cite>", "<time>", "\ud7ff", "\u202e", "word ", "Speaker 1 0:07", "NaN", "(x)", "𝟙:𝟚𝟛", "\x00", "é"),
]
NAMES = ["", "a.vtt", "a.srt", "a.json", "a.html", "a.md", "a.txt"]


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(MARKS), max_size=40),
    st.sampled_from(NAMES),
)
def test_no_mixture_of_marks_breaks_it_and_times_never_go_back(pieces: list[str], name: str) -> None:
    try:
        text = read("".join(pieces).encode("utf-8", "surrogatepass"), name=name)
    except TranscriptError:
        return

    starts = [segment.start for segment in text.segments if segment.start is not None]
    spoken = [sentence.start for sentence in sentences(text) if sentence.start is not None]
    assert starts == sorted(starts)
    assert spoken == sorted(spoken)
    assert all(segment.text == " ".join(segment.text.split()) != "" for segment in text.segments)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(NAMES))
def test_no_bytes_break_it(data: bytes, name: str) -> None:
    with suppress(TranscriptError):
        sentences(read(data, name=name))


KEYS = ["segments", "words", "start", "end", "text", "body", "speaker", "language", "results"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_no_json_breaks_it(document: object) -> None:
    try:
        text = read(json.dumps(document).encode(), name="a.json")
    except TranscriptError:
        return

    assert json.dumps([segment.text for segment in text.segments], ensure_ascii=False).encode("utf-8")


def test_what_is_no_speech_is_left_out_and_parts_what_is() -> None:
    text = """---
lang: en
---
Slides: <https://example.org/slides.pdf>

**Ada:** We end here

**Break:**

**Ada:** And begin again. (If this show is new to you, there is a voice that tells you the rest of the story, and then more.)

_Part #2_

**Ada:** It takes 2<sup>32</sup> tries[laughs], at 1,000<sup>th</sup> most. \\[\\00:22:22.11\\] Later.

**Bob:** \\[unintelligible\\]

**Ada:** Yes. ...

## Part 3

**Ada:** No.
"""

    said = sentences(read(text.encode(), name="a.md"))

    assert [one.text for one in said] == [
        "We end here",
        "And begin again.",
        "(If this show is new to you, there is a voice that tells you the rest of the story, and then more.)",
        "It takes 2^32 tries, at 1,000th most.",
        "Later.",
        "Yes. ...",
        "No.",
    ]
    assert len({one.turn for one in said}) == 5
    assert said[4].start == 1342.11


def test_one_line_of_an_announcer_has_its_name_and_who_interrupts_in_a_cue_too() -> None:
    cues = ["Announcer: Here it comes.", "Ada: Hello.", "Bob: Hi.", "Ada: So.", "Bob: Yes."]
    blocks = [f"00:0{i}.000 --> 00:0{i + 1}.000\n{cue}\n" for i, cue in enumerate(cues)]
    blocks.append("00:08.000 --> 00:09.000\n<v Ada>Bob: I say.\n")

    found = read("\n".join(["WEBVTT\n", *blocks]).encode())

    assert [(one.speaker, one.text) for one in found.segments] == [
        ("Announcer", "Here it comes."),
        ("Ada", "Hello."),
        ("Bob", "Hi."),
        ("Ada", "So."),
        ("Bob", "Yes."),
        ("Bob", "I say."),
    ]


def test_signs_without_words_are_no_sentences_and_no_segments() -> None:
    found = read("**Ada:** …\n\n**Bob:** Well. — ... So on. ?\n\n**Ada:** Bye!\n\n💚".encode(), name="a.md")

    assert [one.text for one in sentences(found)] == ["Well.", "— ... So on. ?", "Bye!"]


def test_what_holds_a_link_is_a_note_at_the_top_only() -> None:
    speech = (
        "This is a longer line of real speech, of which nobody would say that it could be a note at all, would they?"
    )
    text = f"Slides: <https://example.org>\n\n{speech}\n\nAnd see https://example.org/more for it.\n\nAda : Why?\n\nAda : So.\n"

    found = read(text.encode(), name="a.md")

    assert [one.text for one in found.segments] == [speech, "And see https://example.org/more for it.", "Why?", "So."]
    assert found.segments[2].speaker == "Ada"
