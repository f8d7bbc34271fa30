from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from takefive.relations.snippet import snippet

LONG = (
    "Nothing of note here at all. " * 20
    + "Kubernetes upgrades broke the cluster twice. "
    + "More of the same talk. " * 20
)


def marked(pieces: list[tuple[str, bool]]) -> list[str]:
    return [piece for piece, match in pieces if match]


def test_matches_are_marked_whatever_their_case_or_ending() -> None:
    assert marked(snippet("Caching helps; a cache hides. CACHES rot.", ["cache"])) == ["Caching", "cache", "CACHES"]


def test_the_window_moves_to_where_the_words_are() -> None:
    pieces = snippet(LONG, ["kubernetes", "cluster"], width=120)
    assert marked(pieces) == ["Kubernetes", "cluster"]
    assert pieces[0] == ("… ", False)
    assert pieces[-1] == (" …", False)


def test_a_beginning_of_three_letters_finds_the_longer_word() -> None:
    assert marked(snippet("Postgres is fine", ["postg"])) == ["Postgres"]
    assert marked(snippet("Postgres is fine", ["po"])) == []


def test_a_text_without_the_words_begins_at_its_start() -> None:
    pieces = snippet(LONG, ["zebra"], width=50)
    assert pieces[0][0].startswith("Nothing of note")
    assert not marked(pieces)


def test_search_syntax_in_the_words_is_harmless() -> None:
    assert marked(snippet("a fast (cache) & more", ['"cache" & !(', "*", ""])) == ["cache"]


@given(st.text(max_size=400), st.lists(st.text(max_size=8), max_size=4), st.integers(1, 120))
def test_the_pieces_are_a_stretch_of_the_folded_text(text: str, words: list[str], width: int) -> None:
    pieces = [piece for piece in snippet(text, words, width=width) if piece not in (("… ", False), (" …", False))]
    assert "".join(piece for piece, _ in pieces) in " ".join(text.split())
    assert all(piece for piece, _ in pieces)
