from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.relations.entities import (
    DATA,
    canonical,
    commonest,
    expansions,
    from_slug,
    singular,
    slug,
    stands_for,
    topic_key,
)

ONE_TOPIC = [
    ("open source", "Open-Source", "open source’s", "opensource", "Open Source"),
    ("large language model", "LLM", "LLMs", "large language models", "Large-language-model"),
    ("postgresql", "Postgres", "PostgreSQL", "postgres", "PostgreSQL's"),
    ("c plus plus", "C++", "cpp"),
    ("c sharp", "C#"),
    ("dot net", ".NET"),
    ("node js", "Node.js", "NodeJS", "node.js"),
    ("united states", "U.S.", "US", "USA", "U.S"),
    ("api", "API", "APIs", "api"),
    ("data center", "data centers", "data centre", "datacenters"),
    ("code review", "code reviews", "Code review"),
    ("artificial intelligence", "AI", "A.I.", "artificial intelligence"),
    ("cafe", "Café", "cafés", "cafe"),
    ("moore law", "Moore’s law", "Moore's Law"),
]
TWO_TOPICS = [
    ("Windows", "windows"),
    ("Apple", "apples"),
    ("C", "C++"),
    ("C#", "C"),
    ("Java", "JavaScript"),
    ("Rails", "rails"),
    ("news", "new"),
    ("glass", "gla"),
    ("open source", "open source software"),
    ("и", "й"),
    ("Teams", "team"),
]
WRITTEN = st.text(max_size=40) | st.sampled_from([way for ways in ONE_TOPIC for way in ways[1:]])


@pytest.mark.parametrize("ways", ONE_TOPIC)
def test_one_topic_has_one_key_however_it_is_written(ways: tuple[str, ...]) -> None:
    assert {topic_key(way) for way in ways[1:]} == {ways[0]}


@pytest.mark.parametrize("two", TWO_TOPICS)
def test_what_only_looks_alike_stays_apart(two: tuple[str, str]) -> None:
    assert topic_key(two[0]) != topic_key(two[1])


@given(WRITTEN)
def test_a_key_is_its_own_key_and_reads_as_an_address(written: str) -> None:
    key = topic_key(written)
    assert from_slug(slug(key)) == key
    assert "-" not in key
    assert key == " ".join(key.split())


@given(st.sampled_from([way for ways in ONE_TOPIC for way in ways]))
def test_merging_twice_is_merging_once(written: str) -> None:
    assert topic_key(topic_key(written)) == topic_key(written)


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("companies", "company"), ("movies", "movie"), ("boxes", "box"), ("batches", "batch"), ("caches", "cache"),
        ("classes", "class"), ("databases", "database"), ("heroes", "hero"), ("shoes", "shoe"), ("analyses", "analysis"),
        ("kubernetes", "kubernetes"), ("economics", "economics"), ("status", "status"), ("gas", "gas"), ("ties", "tie"),
    ],
)  # fmt: skip
def test_nouns_lose_their_plural_and_nothing_else(plural: str, one: str) -> None:
    assert singular(plural) == one
    assert singular(one) == one


@pytest.mark.parametrize(
    "text",
    [
        "We tried Retrieval-Augmented Generation (RAG) first.",
        "RAG (retrieval augmented generation) came later.",
        "RAG, which stands for retrieval-augmented generation, helps.",
        "It is retrieval augmented generation, or RAG.",
        "RAG, short for retrieval augmented generation.",
    ],
)
def test_an_abbreviation_is_explained_where_both_stand_together(text: str) -> None:
    assert expansions(text) == {("rag", "retrieval augmented generation")}


def test_small_words_may_be_passed_over_and_plurals_do_not_matter() -> None:
    assert expansions("the Internet of Things (IoT)") == {("iot", "internet of things")}
    assert expansions("convolutional neural networks (CNNs)") == {("cnn", "convolutional neural network")}
    assert expansions("the Department of Energy (DOE)") == {("doe", "department of energy")}


@pytest.mark.parametrize(
    "text",
    [
        "He left Red Hat (RHEL) early.",
        "The product manager (CEO) said so.",
        "She came (AND) went.",
        "We use RAG and random access generally.",
        "PR and public relations",
        "",
    ],
)
def test_what_does_not_spell_the_letters_explains_nothing(text: str) -> None:
    assert expansions(text) == set()


def test_three_letters_are_explained_by_a_topic_beside_them_and_two_are_not() -> None:
    assert expansions("PKI is hard.", ["public key infrastructure"]) == {("pki", "public key infrastructure")}
    assert expansions("PR is hard.", ["public relations"]) == set()


def test_an_abbreviation_of_two_things_is_neither() -> None:
    assert stands_for("pr", {"pull request"}) == "pull request"
    assert stands_for("pr", {"pull request", "public relation"}) == "pr"
    assert stands_for("pr", ()) == "pr"


@given(st.text(max_size=300))
def test_any_text_may_be_searched_for_abbreviations(text: str) -> None:
    for short, long in expansions(text, [text]):
        assert short != long
        assert short
        assert long


@given(st.lists(st.sampled_from(["a", "a (b)", "A", "c"]), min_size=1), st.randoms(use_true_random=False))
def test_the_name_shown_does_not_depend_on_the_order(written: list[str], dice: random.Random) -> None:
    shuffled = written.copy()
    dice.shuffle(shuffled)
    counted = [{way: ways.count(way) for way in ways} for ways in (written, shuffled)]
    assert commonest(counted[0]) == commonest(counted[1])
    assert written.count(commonest(counted[0])) == max(counted[0].values())


def test_the_operator_has_the_last_word() -> None:
    rules = {"rag": "rag", "ml": "machine learning"}
    assert canonical("rag", rules, "retrieval augmented generation") == "rag"
    assert canonical("ml", rules) == "machine learning"
    assert canonical("llm", {"large language model": "language model"}, "large language model") == "language model"
    assert canonical("go", rules) == "go"


def test_the_table_of_aliases_leads_in_one_step_to_keys() -> None:
    lines = (DATA / "topic-aliases.txt").read_text().splitlines()
    table = dict(
        tuple(part.strip() for part in line.split("=")) for line in lines if line.strip() and not line.startswith("#")
    )
    assert len(table) > 50
    for variant, topic in table.items():
        assert topic not in table, variant
        assert topic_key(variant) == topic, variant
        assert topic_key(topic) == topic, variant
