import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.insights.grammar import FEWEST_WORDS, WHOLE_WORDS
from takefive.insights.headline import headline, is_name, lines, opening


def texts(passage: str, speaker: str | None = None, **around: str) -> list[str]:
    return [line.text for line in lines(passage, speaker, **around)]


def test_the_clause_that_claims_most_becomes_the_headline() -> None:
    line = headline("You might wonder why. The smaller team was faster because nobody waited for a meeting.")
    assert line == "The smaller team was faster because nobody waited for a meeting"


def test_what_the_speaker_did_is_given_to_the_speaker() -> None:
    line = headline("I lost 40 customers in one weekend.", "Ada Lovelace")
    assert line == "Ada Lovelace: I lost 40 customers in one weekend"


@pytest.mark.parametrize(
    ("passage", "never"),
    [
        ("If you run a tiny server, then large companies can copy your whole product quickly.", "Large companies"),
        ("You need a backup unless your data is worthless.", "You need a backup"),
        (
            "Big teams move slowly until somebody removes the meetings from the calendar of everyone.",
            "Big teams move slowly",
        ),
        ("Imagine the server burns. The company loses its data.", "The server burns"),
        ("Let's say it's valid; you have a parser that takes parentheses.", "You have a parser that takes parentheses"),
        ("Does the cache make the server fast?", "Cache make the server fast"),
        ("People say that Rust is slow, and compilers are hard.", "Compilers are hard"),
        ('They said "Our servers never crash and the customers love it."', "Our servers never crash"),
        (
            "We tell that to clients every day; we typically do, unless the news is bad.",
            "We tell that to clients every day",
        ),
        ("Had I had the right tool, I would have torqued the nut.", "I would have torqued the nut"),
        ("In that case, you've decoupled the problems.", "You've decoupled the problems"),
        ("A site can be a little bit more dynamic, or a little bit less.", "A site can be a little bit more dynamic"),
        ("If the disk dies, the backup helps. You have massive amounts of users.", "You have massive amounts of users"),
        ("The database was cheap, but the licences were not.", "The database was cheap"),
        ("I don't think Rust is slow in production.", "Rust is slow in production"),
        ("You could ship another version, and it could earn less than the old one.", "You could ship another version"),
        ("Builds are checked so that people see one result. Nobody added a virus to it.", "Nobody added a virus to it"),
        ("You could have trained hard. The outcome was out of your control.", "The outcome was out of your control"),
        ("Teams own one cluster each, so every person pays. And that's really bad.", "Teams own one cluster each"),
        (
            'The effort has an error in it. He fails while daring greatly." So said Roosevelt.',
            "The effort has an error in it",
        ),
        (
            "The speed doubled, because if clients try less, they are faster.",
            "The speed doubled, because if clients try less",
        ),
        ("Payments get cheaper, and fees fall, if everybody upgrades the software.", "Payments get cheaper"),
        (
            "Moves fail because teams build a platform and you force it on them.",
            "Moves fail because teams build a platform",
        ),
        ("People think the chain is anonymous. Coins leave no trace.", "Coins leave no trace"),
    ],
)
def test_a_claim_is_never_cut_loose_from_what_it_hangs_on(passage: str, never: str) -> None:
    assert not any(line.removesuffix(" …") == never for line in texts(passage))


def test_a_pair_of_nouns_is_never_cut_in_two() -> None:
    found = texts("The difference between websites and web apps is smaller than most people in the field will admit.")
    assert all("and web apps" in line for line in found)


def test_what_the_speaker_puts_right_at_once_is_no_headline() -> None:
    assert "Our team is in the lead, almost doubling" not in texts(
        "Our team is in the lead, almost doubling - no, more than doubling the other team's points."
    )


def test_a_claim_after_but_or_because_stands_on_its_own() -> None:
    said = "Many people want tests, but most datasets are tiny, because the drilling is expensive."
    assert "Most datasets are tiny" in texts(said)


def test_a_condition_goes_with_its_claim() -> None:
    passage = "So if you skip the backup, you lose your data."
    assert texts(passage) == ["If you skip the backup, you lose your data"]


def test_a_claim_that_the_next_sentence_takes_back_is_no_headline() -> None:
    passage = "Known holes are no danger for you. But the fix is not safe and never was."
    assert not any(line.startswith("Known holes") for line in texts(passage))
    assert not any(
        line.startswith("Known holes")
        for line in texts("Known holes are no danger for you.", after="But the fix is not safe.")
    )


@pytest.mark.parametrize(
    "passage",
    [
        "Optimizations can get you 5 or 10% faster code.",
        "A lot of developers, especially developers working on features, didn't know how to get into that mindset.",
        "The amount of data you need increases with the size of the effect that you look for in a test of this kind.",
    ],
)
def test_a_line_ends_where_a_phrase_ends_and_says_so(passage: str) -> None:
    for line in texts(passage):
        assert line.endswith(" …") or passage.rstrip(".").endswith(line[-12:])
        assert not re.search(r"\b(?:a|the|of|to|5 or 10|and|especially developers)(?: …)?$", line)


def test_a_sentence_too_long_is_quoted_to_a_phrase_end_and_marked() -> None:
    passage = "The price of storage has dropped through the floor with the introduction of cheap disks in the years since 2004."
    assert "The price of storage has dropped through the floor …" in texts(passage)


def test_openings_that_say_nothing_go() -> None:
    assert texts("And so I think that the compiler is the bottleneck.") == ["The compiler is the bottleneck"]
    assert texts("What we found is that the compiler was the bottleneck.") == ["The compiler was the bottleneck"]


def test_a_pronoun_gets_its_noun_in_brackets_only_where_that_is_certain() -> None:
    assert "[Deno] compiles the whole program to one binary" in texts(
        "Deno is fast. It compiles the whole program to one binary."
    )
    assert not any("[" in line for line in texts("The cat met the dog. It compiles the whole program to one binary."))


@given(st.text(max_size=300))
def test_any_text_gives_a_line_of_at_most_thirty_words(text: str) -> None:
    assert len(headline(text, "Ada").removesuffix(" …").split()) <= WHOLE_WORDS


WORDS = [
    "the",
    "servers",
    "we",
    "I",
    "crashed",
    "because",
    "if",
    "and",
    "but",
    ",",
    ".",
    "?",
    ";",
    "when",
    "people",
    "say",
    "that",
    "it",
    "was",
    "fast",
    "40",
    "times",
    "Ada",
    "of",
    "to",
    "not",
]


@given(st.lists(st.sampled_from(WORDS), min_size=5, max_size=40))
def test_a_whole_line_only_leaves_words_out(said: list[str]) -> None:
    passage = " ".join(said)
    for line in texts(passage):
        if "…" not in line and "[" not in line:
            left = iter(re.findall(r"\w+", passage.lower()))
            assert all(word in left for word in re.findall(r"\w+", line.lower()))
            assert FEWEST_WORDS <= len(line.split()) <= WHOLE_WORDS


def test_labels_are_no_names() -> None:
    assert is_name("Suz Hinton")
    assert not is_name("Speaker 1")
    assert not is_name("Host")


def test_where_nothing_can_be_said_honestly_the_headline_names_who_speaks_on_what() -> None:
    text = "However, if they don't have that much of a differential on the cost, which is probably high, and the improvement"
    assert opening(text, "Joseph Jacks", ("billions", "business model")) == "Joseph Jacks on business model"


def test_a_whole_claim_with_its_condition_or_reason_may_be_longer_than_twelve_words() -> None:
    text = (
        "If someone leaves your company, you don't have to lock down all your Kubernetes clusters and take away their "
        "tokens. That is a pain that everybody who has run more than a handful of them knows very well by now."
    )
    assert headline(text).startswith("If someone leaves your company, you don't have to lock down all")
    assert not headline(text).endswith("…")


def test_a_like_that_means_about_or_resembles_stays() -> None:
    text = "AWS is responsible for something like three quarters of the profit of Amazon."
    assert texts(text) == [text.rstrip(".")]


def test_a_span_of_years_is_not_cut_in_two() -> None:
    text = "It's definitely taking longer than 2019-2020 predictions everyone was saying back then, of robot taxis everywhere."
    assert not any(line.text.startswith("2020") for line in lines(text))


def test_a_sentence_that_is_shown_whole_is_not_marked_as_cut() -> None:
    text = "The greater the value, the higher the chances that if something goes wrong, it's gonna be big."
    assert opening(text) == text.rstrip(".")


def test_what_someone_says_of_themselves_is_given_to_them() -> None:
    text = "I took stock of the various projects that I'd had over the years, and so on and so forth, you name it, for what."
    assert opening(text, "Saul Pwanson").startswith("Saul Pwanson: I took stock of the various projects")


def test_an_abbreviation_keeps_its_capitals_after_the_speakers_name() -> None:
    text = "AWS was the place we went to for everything that we could not build by ourselves, and it cost us for years."
    assert opening(text, "Ann Lee").startswith("Ann Lee: AWS was the place")


def test_an_opening_whose_point_comes_after_the_cut_is_not_used_as_a_headline() -> None:
    said = opening(
        "And when I see the amount of money we send to them every month from Hey, I cry a little, because it hurts.",
        None,
        (),
    )
    assert said.endswith("…")


@pytest.mark.parametrize(
    "passage",
    [
        "They are more durable than proprietary formats.",
        "Another big problem is the stuck payment.",
        "This process costs a lot of money.",
        "I'm sorry, the target is dynamic.",
        'People would argue "Is Linux better?"',
    ],
)
def test_a_line_that_a_stranger_cannot_understand_is_none(passage: str) -> None:
    assert texts(passage, "Ada Lovelace") == []


def test_an_opening_never_leaves_off_before_a_but() -> None:
    text = (
        "Old code should not break at all with the new compiler, but it may run a good deal slower than it did before."
    )
    assert opening(text, "Ada Lovelace", ("compiler",)) == "Ada Lovelace on compiler"


@pytest.mark.parametrize(
    ("said", "opened"),
    [
        ("大切なのは学び続ける姿勢です。値段を倍にしました。", "大切なのは学び続ける姿勢です。"),
        ("最重要的是，失败的时候不要责怪团队。我们把价格提高了一倍。", "最重要的是，失败的时候不要责怪团队。"),
        (
            "สิ่งสำคัญที่สุดคืออย่าโทษทีมเมื่อเกิดความผิดพลาด บริษัทเล็กชนะบริษัทใหญ่ได้เพราะตัดสินใจเร็วกว่า",
            "สิ่งสำคัญที่สุดคืออย่าโทษทีมเมื่อเกิดความผิดพลาด …",
        ),
    ],
)
def test_a_script_without_spaces_is_cut_between_clauses_only(said: str, opened: str) -> None:
    assert opening(said, "Ken", ["x"]) == opened
    assert lines(said) == []


def test_a_sentence_of_up_to_thirty_words_heads_an_insight_whole_with_its_but() -> None:
    text = (
        "New disks are very fast in every test of the magazines, but most disks get slow after a year, "
        "because old blocks have to be erased."
    )
    assert text.replace(" very", "", 1).rstrip(".") in texts(text)


def test_a_claim_and_the_but_of_the_next_sentence_stand_together_or_not_at_all() -> None:
    said = ["Known holes are no danger for you.", "But the fix breaks the old servers."]
    assert "Known holes are no danger for you. But the fix breaks the old servers" in texts(" ".join(said))
    assert "Known holes are no danger for you" not in texts(" ".join(said))
    assert texts(said[0], after=said[1]) == []


def test_a_pronoun_is_not_the_subject_of_a_clause_further_back() -> None:
    said = "Customers enjoy the product, because he cares, and they're going to build a fantastic product."
    assert not any("[" in line for line in texts(said))


def test_what_follows_from_a_supposed_case_is_no_headline() -> None:
    claim = "There's lots of liability for the company."
    assert texts(claim) == ["There's lots of liability for the company"]
    assert texts(f"Let's say a million people use a model. A fifth of the decisions are wrong. {claim}") == []


def test_what_it_is_may_stand_in_the_sentence_before() -> None:
    found = texts("Old tests were the worst part of the release. They had failed for six years.")
    assert "Old tests were the worst part of the release. They had failed for six years" in found
    assert not any(line.startswith("They") for line in found)


def test_sentences_that_are_not_one_thought_are_not_joined() -> None:
    found = texts("Old tests were the worst part of the release. Paris is a large city.")
    assert not any("Paris" in line and "tests" in line for line in found)


@pytest.mark.parametrize(
    "passage",
    [
        "There was an Austin-based company called Factum, which has been working on land titles for years.",
        "It's even more true and even more critical now to understand.",
        "You'll see a similar progression.",
        "There are a huge amount of concerns that are associated with it.",
        "The most efficient component to do that was using a magnetometer.",
        "The new one is still a bit rough.",
    ],
)
def test_a_line_without_its_point_is_none(passage: str) -> None:
    assert texts(passage) in ([], [passage.rstrip(".")][: passage.startswith("There was")])


def test_a_hyphen_inside_a_word_cuts_nothing() -> None:
    text = "Old banks run 30-year-old programs full of dead code."
    assert texts(text) == [text.rstrip(".")]


def test_a_word_goes_only_where_the_article_before_it_still_fits() -> None:
    assert "a very inefficient process" in texts("Batching by hand becomes a very inefficient process with vaults.")[0]
    assert "a slow process" in texts("Batching by hand becomes a very slow process with vaults.")[0]
