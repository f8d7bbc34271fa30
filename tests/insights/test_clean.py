import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.insights.clean import pieces, readable, without_opening
from takefive.pipeline import samples
from takefive.transcripts import read
from takefive.transcripts.sentences import sentences


@pytest.mark.parametrize(
    ("spoken", "read"),
    [
        ("Yeah, so, um, we lost it all.", "We lost it all."),
        ("It was, you know, a mess.", "It was a mess."),
        ("We had-- we had a plan.", "We had a plan."),
        ("The the server died.", "The server died."),
        ("It sort of works.", "It works."),
        ("It is a kind of tax.", "It is a kind of tax."),
        ("We laughed [laughter] and left.", "We laughed and left."),
        ("I know that that is true.", "I know that that is true."),
    ],
)
def test_only_what_speech_alone_needs_is_taken_away(spoken: str, read: str) -> None:
    assert readable(spoken) == read


def test_nothing_but_fillers_is_nothing() -> None:
    assert readable("Yeah. Um. Okay.") == ""


@given(st.text(max_size=200))
def test_no_text_is_too_strange_and_no_word_is_added(text: str) -> None:
    read = readable(text)
    assert len(read.split()) <= len(text.replace("—", " — ").replace("--", " -- ").split()) + text.count(
        "["
    ) + text.count("(")


def test_openings_that_only_tie_to_what_came_before_go() -> None:
    assert without_opening("And so, I think the market decides") == "the market decides"


def test_pieces_keep_a_closing_quotation_mark() -> None:
    assert pieces('He said "No." Then he left.') == ['He said "No."', "Then he left."]


@pytest.mark.parametrize(
    "said", ["大切なのは、失敗したときにチームを責めないことです。", "最重要的是，失败的时候不要责怪团队。"]
)
def test_a_sentence_without_spaces_is_no_single_word(said: str) -> None:
    assert readable(said).startswith(said[:-1])


ANSWER = re.compile(r"^(?:(?:yeah|well|oh|and|but),? )*(?:no\b[,.?! –-]*)+", re.IGNORECASE)  # "No, we waited"
TAKEN_BACK = re.compile(r"(?:[\w'’]+ ){0,4}[\w'’]+\s*(?:--|—|…)")  # "it cannot -- it is closed"
DENIAL = re.compile(
    r"\b(?:not|no|never|nobody|nothing|none|neither|nor|without|hardly|cannot|\w+n['’]t)\b", re.IGNORECASE
)


def test_no_sentence_of_the_sample_library_loses_what_it_denies() -> None:
    said = [
        sentence.text
        for file in sorted((samples.folder() / "transcripts").iterdir())
        for sentence in sentences(read(file.read_bytes(), name=file.name))
    ]
    assert sum(bool(DENIAL.search(text)) for text in said) > 300
    for text in said:
        asked = TAKEN_BACK.sub("", ANSWER.sub("", text))
        lost = {word.lower() for word in DENIAL.findall(asked)} - {
            word.lower() for word in DENIAL.findall(readable(text))
        }
        assert not lost or not readable(text), text
