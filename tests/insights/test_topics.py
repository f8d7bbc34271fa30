from collections import Counter

from takefive.insights.topics import phrase_counts, topics


def test_names_keep_their_capitals_and_common_nouns_lose_them() -> None:
    found = topics("The Linux kernel uses a Scheduler queue. The scheduler queue of Linux is fair to background tasks.")
    assert any("Linux" in topic for topic in found)
    assert 1 <= len(found) <= 4


def test_empty_words_are_no_topics() -> None:
    assert topics("It was a lot of things at the end of the day.") == ()
    assert topics("") == ()


def test_what_the_episode_keeps_coming_back_to_comes_first() -> None:
    text = "The compiler team met the garbage collector in a shed near the harbour."
    often = Counter({"garbage collector": 9})
    assert topics(text, often)[0] == "garbage collector"


def test_phrases_are_counted_over_texts() -> None:
    assert phrase_counts(["The memory model is new.", "We need a memory model."])["memory model"] == 2


def test_who_is_spoken_to_is_no_topic_and_names_keep_their_case() -> None:
    text = "Jacob Kaplan-Moss of Django told us that, Jerod, about the race conditions."
    found = topics(text, people=frozenset({"jerod", "santo"}))
    assert "Jacob Kaplan-Moss" in found
    assert "Jerod" not in found


def test_decades_and_stumps_are_no_topics() -> None:
    found = topics("That was a weird turning point for the compiler team in the '80s, none of it fine.")
    assert not {"80 s", "weird turning", "none", "fine"} & set(found)


def test_a_known_subject_stands_for_the_phrases_around_it() -> None:
    found = [topics(text) for text in ("We fund open source projects.", "Open source forks are tired.")]
    assert found == [("open source",), ("open source",)]


def test_the_known_subject_is_taken_however_it_is_written() -> None:
    assert topics("Every code review finds trade-offs and technical debts.") == (
        "code review",
        "technical debts",
        "trade-offs",
    )


def test_common_nouns_and_what_is_described_in_passing_are_no_topics() -> None:
    found = topics("The broadest appeal of a vast series is a clue to the abomination that Kubernetes can be.")
    assert found == ("Kubernetes",)


def test_a_broad_word_said_once_is_no_topic_but_one_that_comes_again_is_where_there_is_no_other() -> None:
    assert topics("The team was late.") == ()
    assert topics("The team was late.", Counter({"team": 9})) == ("team",)


def test_a_script_without_spaces_gives_no_topic_cut_in_a_word() -> None:
    assert topics("สิ่งสำคัญที่สุดคืออย่าโทษทีมเมื่อเกิดความผิดพลาด งานวิจัยพบว่าคนที่เดินวันละสามสิบนาที") == ()
    assert topics("大切なのは Kubernetes です。") in ((), ("Kubernetes",))
