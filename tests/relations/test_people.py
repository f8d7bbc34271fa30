from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.relations.people import PersonName, Sighting, page_of, people, person_name


def seen(written: str, show: str = "one", href: str = "") -> Sighting:
    name = person_name(written)
    assert name is not None, written
    return Sighting(name, show, page_of(href))


def same(*sightings: Sighting) -> bool:
    return len(set(people(sightings).values())) == 1


@pytest.mark.parametrize(
    ("written", "base", "middle"),
    [
        ("Dr. Jane A. Smith (JS)", "jane smith", "a"),
        ("Jane Smith, PhD", "jane smith", ""),
        ("Jane Smith, CEO of Acme", "jane smith", ""),
        ("Prof. José Valim", "jose valim", ""),
        ("Guido van Rossum", "guido van rossum", ""),
        ("Tim O’Reilly", "tim oreilly", ""),
        ("Jacob Kaplan-Moss", "jacob kaplanmoss", ""),
        ("Robert Downey, Jr.", "robert downey", "jr"),
        ("J.R. Smith", "j smith", "r"),
        ("Adam", "adam", ""),
    ],
)
def test_a_name_is_read_without_titles_and_marks(written: str, base: str, middle: str) -> None:
    assert person_name(written) == PersonName(base, middle)


@pytest.mark.parametrize(
    "label",
    ["Speaker 1", "SPEAKER_00", "Host", "Ann and Bob", "Ann & Bob", "Ann / Bob", "Q", "", "...", "Break", "Audience Member",
     "Changelog Robot", "x" * 100],
)  # fmt: skip
def test_labels_that_name_nobody_or_several_are_no_people(label: str) -> None:
    assert person_name(label) is None


def test_a_full_name_is_one_person_on_every_show_however_it_is_written() -> None:
    assert same(seen("José Valim", "a"), seen("Jose Valim", "b"), seen("Dr. José Valim", "c"), seen("jose valim", "d"))
    assert people([seen("José Valim")]) == {seen("José Valim"): "jose valim"}


def test_a_first_name_or_an_initial_is_somebody_of_that_show_only() -> None:
    assert not same(seen("Adam", "a"), seen("Adam", "b"))
    assert same(seen("Adam", "a"), seen("adam", "a"))
    assert not same(seen("J. Smith", "a"), seen("J. Smith", "b"))
    assert not same(seen("Adam", "a"), seen("Adam Stacoviak", "a"))


def test_a_middle_initial_may_be_left_out_but_two_of_them_are_two_people() -> None:
    assert same(seen("Jane Smith", "a"), seen("Jane A. Smith", "b"), seen("Jane Ann Smith", "c"))
    found = people([seen("Jane Smith", "a"), seen("Jane A. Smith", "b"), seen("Jane B. Smith", "c")])
    assert sorted(found.values()) == ["jane a smith", "jane b smith", "jane smith"]


def test_a_middle_name_may_be_left_out_only_on_the_same_show_or_page() -> None:
    assert not same(seen("Bekah Weigel", "a"), seen("Bekah Hawrot Weigel", "b"))
    assert same(seen("Bekah Weigel", "a"), seen("Bekah Hawrot Weigel", "a"))
    page = "https://people.example/bekah"
    assert same(seen("Bekah Weigel", "a", page), seen("Bekah Hawrot Weigel", "b", page))


def test_father_and_son_are_two() -> None:
    assert not same(seen("Robert Downey", "a"), seen("Robert Downey Jr.", "a"))


def test_pages_of_one_site_that_differ_tell_namesakes_apart() -> None:
    one = seen("John Smith", "a", "https://twitter.com/john")
    other = seen("John Smith", "b", "https://x.com/johnny/")
    third = seen("John Smith", "c", "https://X.com/JOHN")
    nowhere = seen("John Smith", "d")
    assert not same(one, other)
    found = people([one, other, third, nowhere])
    assert found[one] == found[third]
    assert len({found[one], found[other], found[nowhere]}) == 3


def test_pages_of_different_sites_say_nothing_nor_do_those_of_one_show() -> None:
    assert same(seen("John Smith", "a", "https://x.com/john"), seen("John Smith", "b", "https://john.example"))
    assert same(seen("John Smith", "a", "https://a.example/1"), seen("John Smith", "a", "https://a.example/2"))


NAMES = [
    "Jane Smith",
    "Jane A. Smith",
    "Jane B. Smith",
    "Jane Ann Smith",
    "Jane Smith Jr.",
    "Jane",
    "J. Smith",
    "Ann Lee",
]
PAGES = ["", "https://x.com/jane", "https://x.com/other", "https://jane.example"]
SIGHTINGS = st.lists(
    st.builds(seen, st.sampled_from(NAMES), st.sampled_from(["one", "two", "three"]), st.sampled_from(PAGES)),
    max_size=12,
)


@given(SIGHTINGS, st.randoms(use_true_random=False))
def test_the_order_and_repeats_of_sightings_change_nothing(sightings: list[Sighting], dice: random.Random) -> None:
    shuffled = sightings + sightings[:3]
    dice.shuffle(shuffled)
    assert people(shuffled) == people(sightings)


@given(SIGHTINGS)
def test_nobody_has_two_middle_names_and_one_name_of_a_show_is_one_person(sightings: list[Sighting]) -> None:
    found = people(sightings)
    for one, key in found.items():
        for other, its in found.items():
            if key == its:
                assert one.name.base == other.name.base
                assert {one.name.middle, other.name.middle} not in ({"a", "b"}, {"ann", "b"}, {"", "jr"})
            if (one.name, one.show) == (other.name, other.show):
                assert key == its


@given(SIGHTINGS)
def test_other_names_change_nothing(sightings: list[Sighting]) -> None:
    with_others = people([*sightings, seen("Someone Else", "one", "https://x.com/jane")])
    assert {one: with_others[one] for one in sightings} == people(sightings)


@given(st.text(max_size=60))
def test_any_label_may_be_read(label: str) -> None:
    name = person_name(label)
    assert name is None or name.base
