"""A profile goes into a reader's row and comes out as it was; a sentence means what it says until it is edited."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.accounts.models import Reader
from takefive.accounts.wishes import adopt, document_of
from takefive.briefs.profile import ProfileDocument, dumps, loads

ODD = ProfileDocument(
    interests=("no code tools", "never split the difference", "how to say no, kindly", "one; two"),
    not_interests=("Go, the language",),
)
PHRASE = st.text(st.sampled_from("no t;,-.“x\t"), min_size=1, max_size=12).filter(str.strip).map(str.strip)
PHRASES = st.lists(PHRASE, max_size=4).map(tuple)


def kept(document: ProfileDocument, **row: Any) -> Reader:
    reader = Reader(**row)
    adopt(reader, document)
    return reader


def test_the_lists_of_a_document_are_kept_as_lists() -> None:
    reader = kept(ODD)
    assert document_of(reader) == ODD
    assert document_of(kept(loads(dumps(document_of(reader))))) == ODD


@given(wanted=PHRASES, unwanted=PHRASES, words=st.text(st.sampled_from("no t;,x"), max_size=20))
def test_whatever_a_document_says_and_whatever_was_typed_before_it_comes_back(
    wanted: tuple[str, ...], unwanted: tuple[str, ...], words: str
) -> None:
    document = ProfileDocument(interests=wanted, not_interests=unwanted)
    assert document_of(kept(document, interests=words)) == document


def test_a_typed_sentence_is_read_and_keeps_its_words() -> None:
    reader = Reader(interests="I love sleep, and whales; not crypto")
    document = document_of(reader)
    assert (document.interests, document.not_interests) == (("sleep", "whales"), ("crypto",))
    adopt(reader, document)
    assert (reader.interests, reader.wishes) == ("I love sleep, and whales; not crypto", {})


def test_a_sentence_typed_later_counts_and_of_the_lists_only_what_still_stands_in_it() -> None:
    reader = kept(ODD)
    reader.interests += "; whales; not football"
    document = document_of(reader)
    assert document.interests == (*ODD.interests, "whales")
    assert document.not_interests == (*ODD.not_interests, "football")
    reader.interests = "no meat; not Go, the language"
    document = document_of(reader)
    assert (document.interests, document.not_interests) == ((), ("meat", "Go, the language"))


@pytest.mark.parametrize("line", ["how to say no, kindly\r\nwhales", " whales ;how to say no, kindly ", "Whales"])
def test_lines_and_blanks_part_what_stands_too(line: str) -> None:
    reader = kept(ODD)
    reader.interests = line
    assert {phrase.lower() for phrase in document_of(reader).interests} <= {"how to say no, kindly", "whales"}
    assert document_of(reader).not_interests == ()
