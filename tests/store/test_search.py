from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takefive.store.entities import name
from takefive.store.filters import Filters
from takefive.store.models import Episode, Insight, Podcast
from takefive.store.search import LONGEST, corrected, search, tidy
from takefive.store.vocabulary import learn

Make = Callable[..., Insight]
_number = count(1)


def axis(number: int, also: float = 0.0) -> np.ndarray[Any, Any]:
    """A unit vector along one axis, leaning a little to the next."""
    vector = np.zeros(384, dtype=np.float32)
    vector[number], vector[number + 1] = 1.0, also
    return vector / np.linalg.norm(vector)


@pytest.fixture
def an_insight(db: None) -> Make:
    def make(
        headline: str,
        private: bool = False,
        show: str = "Show",
        language: str = "en",
        published: datetime = datetime(2022, 5, 3, tzinfo=UTC),
        **fields: Any,
    ) -> Insight:
        n = next(_number)
        podcast = Podcast.objects.create(
            feed_url=f"https://feeds.example/{n}", private=private, title=show, language=language
        )
        episode = Episode.objects.create(podcast=podcast, guid=str(n), title="Episode", published_at=published)
        texts = {"text": "Plain words.", "quote": f"Quote {n}.", "kind": "claim", "score": 0.5, "position": 0}
        return Insight.objects.create(episode=episode, headline=headline, **texts | fields)

    return make


def _found(words: str, vector: Any = None, filters: Filters | None = None, **page: int) -> list[str]:
    hits = search(words, vector=vector, filters=filters or Filters(), **{"limit": 10, **page})
    return [hit.insight.headline for hit in hits]


def test_words_are_found_by_their_stem_headlines_first(an_insight: Make) -> None:
    an_insight("Something else", text="It is about sleeping surgeons.")
    an_insight("Surgeons need sleep")
    an_insight("Nothing of the kind")
    assert _found("sleep") == ["Surgeons need sleep", "Something else"]


def test_meaning_is_found_without_the_words_and_far_ones_are_not(an_insight: Make) -> None:
    an_insight("A nap helps", vector=axis(3, also=0.3))
    an_insight("Taxes rise", vector=axis(200))
    assert _found("sleep", axis(3)) == ["A nap helps"]
    assert _found("sleep") == []


def test_what_is_only_a_little_like_the_query_is_found_too(an_insight: Make) -> None:
    an_insight("A nap helps", vector=axis(3, also=4))  # cosine 0.24
    assert _found("sleep", axis(3)) == ["A nap helps"]


def test_what_is_found_both_ways_comes_first(an_insight: Make) -> None:
    an_insight("Sleep, says a word")
    an_insight("A nap, says the meaning", vector=axis(3))
    an_insight("Sleep, say both", vector=axis(3, also=0.4))
    assert _found("sleep", axis(3))[0] == "Sleep, say both"


def test_nothing_private_is_found_and_a_point_once(an_insight: Make) -> None:
    an_insight("Sleep in secret", private=True, vector=axis(3))
    best = an_insight("Sleep said best", vector=axis(3))
    an_insight("Sleep said also", same_as=best, vector=axis(3))
    assert _found("sleep", axis(3)) == ["Sleep said best"]


def test_many_private_ones_nearby_do_not_hide_the_public_one(an_insight: Make) -> None:
    for _ in range(150):
        an_insight("Private", private=True, vector=axis(3))
    an_insight("Public", vector=axis(3, also=0.5))
    assert _found("x", axis(3)) == ["Public"]


@pytest.mark.parametrize("rare", [0, 100])
def test_private_ones_that_are_newer_take_no_place_from_public_ones(
    rare: int, an_insight: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takefive.store.search._COMPETE", 3)
    monkeypatch.setattr("takefive.store.search._RARE", rare)
    best = an_insight("Sleep in public")
    for _ in range(4):
        an_insight("Sleep in public", same_as=best)
        an_insight("Sleep in secret", private=True)
    assert _found('"sleep"') == ["Sleep in public"]


def test_of_very_many_matches_the_newest_compete_however_far_back_they_lie(
    an_insight: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takefive.store.search._COMPETE", 2)
    monkeypatch.setattr("takefive.store.search._RARE", 0)
    monkeypatch.setattr("takefive.store.search._guess", lambda matches: 1_000)  # and far too high
    for n in range(4):
        an_insight(f"Sleep {n}")
    for _ in range(20):
        an_insight("Something else")
    assert sorted(_found("sleep")) == ["Sleep 2", "Sleep 3"]
    assert sorted(_found("sleep", filters=Filters(kind="claim"))) == ["Sleep 2", "Sleep 3"]


def test_private_ones_do_not_make_many_of_few(an_insight: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takefive.store.search._FEW", 2)
    for n in range(4):
        an_insight("Sleep", kind="data", private=n < 2, vector=axis(3, also=n / 10))
    with CaptureQueriesContext(connection) as asked:
        assert len(_found("x", axis(3), Filters(kind="data"))) == 2
    assert any(") + 0)" in query["sql"] for query in asked)  # each is compared


def test_a_point_is_found_by_whoever_says_it(an_insight: Make) -> None:
    best = an_insight("Sleep debt", show="Alpha", speaker="Ada", vector=axis(3))
    said = {"same_as": best, "text": "The zorblax of sleep debt.", "vector": axis(3, also=0.1)}
    day = datetime(2024, 5, 3, tzinfo=UTC)
    an_insight("Sleep debt in Beta", show="Beta", speaker="Bo", language="de", published=day, **said)
    an_insight("Sleep debt in Beta again", show="Beta", score=0.1, **said)
    assert _found("zorblax") == _found("zorblax", axis(3)) == ["Sleep debt in Beta"]
    assert _found("sleep", axis(3)) == _found("sleep") == ["Sleep debt"]
    assert _found("sleep", axis(3), Filters(podcast="Alpha")) == ["Sleep debt"]
    for narrowed in ({"podcast": "Beta"}, {"person": "Bo"}, {"language": "de"}, {"since": date(2023, 1, 1)}):
        filters = Filters(**narrowed)  # type: ignore[arg-type]
        assert _found("", filters=filters) == _found("nap", axis(3), filters) == ["Sleep debt in Beta"]
        assert _found("sleep", filters=filters) == ["Sleep debt in Beta"]


def test_the_syntax_of_web_searches_works(an_insight: Make) -> None:
    an_insight("Sleep helps surgeons")
    an_insight("Sleep helps children")
    assert _found("sleep -children") == ["Sleep helps surgeons"]
    assert _found('"helps children"') == ["Sleep helps children"]
    assert len(_found("surgeons or children")) == 2


def test_leaving_out_alone_finds_nothing_rather_than_everything(an_insight: Make) -> None:
    an_insight("Sleep")
    assert _found("-taxes") == _found("sleep or -taxes") == _found("the") == []


def test_a_phrase_or_a_word_left_out_is_meant_literally(an_insight: Make) -> None:
    an_insight("Children nap", vector=axis(3))
    an_insight("Sleep helps", vector=axis(3, also=0.3))
    assert _found("sleep -children", axis(3)) == _found('"sleep helps"', axis(3)) == ["Sleep helps"]
    assert len(_found("sleep well-known", axis(3))) == 2


def test_matches_are_marked_in_plain_text(an_insight: Make) -> None:
    an_insight("Sleep <b>well</b>", text="They who sleep, learn.")
    hit = search("sleep -taxes", vector=None, limit=1)[0]
    assert ("Sleep", True) in hit.headline
    assert "".join(piece for piece, _ in hit.headline) == "Sleep <b>well</b>"
    assert ("sleep", True) in hit.snippet


def test_pages_follow_on_each_other(an_insight: Make) -> None:
    for n in range(5):
        an_insight(f"Sleep {n}")
    pages = [_found("sleep", limit=2, offset=offset) for offset in (0, 2, 4, 6, 10**9)]
    assert [len(page) for page in pages] == [2, 2, 1, 0, 0]
    assert len({headline for page in pages for headline in page}) == 5


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "\x00",
        "'",
        '"',
        "& | ! <-> :*",
        "a:b:c",
        "--",
        "-",
        "or",
        "the and or",
        "(((",
        "%_\\",
        "'; drop table",
        "‮",
        "-" * 100,
        "- " * 100 + "sleep",
        "!-" * 100,
    ],
)
def test_no_syntax_breaks_it(query: str, an_insight: Make) -> None:
    an_insight("Sleep")
    search(query, vector=axis(3), limit=10)


def test_a_query_of_a_megabyte_is_cut() -> None:
    assert len(tidy("sleep " * 200_000)) <= LONGEST
    assert tidy(" a\n\tb\x00 c ") == "a b c"


@pytest.mark.parametrize(
    "filters",
    [
        Filters(podcast="slow talk"),
        Filters(person="ada night"),
        Filters(topic="Sleep"),
        Filters(kind="data"),
        Filters(language="de"),
        Filters(since=date(2023, 1, 1)),
        Filters(until=date(2023, 2, 1), since=date(2023, 2, 1)),
        Filters(podcast="Slow Talk", person="Ada Night", topic="sleep", kind="data", language="DE"),
    ],
    ids=repr,
)
def test_each_filter_narrows_words_and_meaning_down_and_lists_alone(filters: Filters, an_insight: Make) -> None:
    day = datetime(2023, 2, 1, 23, 59, tzinfo=UTC)
    fields = {"speaker": "Ada Night", "topics": ["sleep"], "kind": "data"}
    an_insight("Sleep here", show="Slow Talk", language="de-AT", published=day, vector=axis(3), **fields)
    an_insight("Sleep there", vector=axis(3))
    an_insight("Sleep hidden", private=True, show="Slow Talk", language="de", published=day, **fields)
    assert _found("sleep", filters=filters) == ["Sleep here"]
    assert _found("nap", axis(3), filters) == ["Sleep here"]
    assert _found("", filters=filters) == ["Sleep here"]


def test_a_show_is_also_named_by_its_address_and_an_unknown_one_has_nothing(an_insight: Make) -> None:
    one = an_insight("Sleep")
    assert _found("sleep", filters=Filters(podcast=one.episode.podcast.public_id)) == ["Sleep"]
    assert _found("sleep", axis(3), Filters(podcast="unheard of")) == []


def test_a_topic_or_a_person_is_found_however_it_is_written(an_insight: Make) -> None:
    one = an_insight("Models learn", topics=["large language models"], speaker="Ada M. Night")
    other = an_insight("Models err", topics=["LLM"], speaker="Ada Night")
    name([one.episode_id, other.episode_id])
    assert sorted(_found("", filters=Filters(topic="LLMs"))) == ["Models err", "Models learn"]
    assert sorted(_found("", filters=Filters(person="ADA NIGHT"))) == ["Models err", "Models learn"]


def test_where_a_filter_leaves_many_the_index_finds_enough(an_insight: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takefive.store.search._FEW", 2)
    for n in range(5):
        an_insight(f"Sleep {n}", kind="data", vector=axis(3, also=n / 10))
        an_insight(f"Tax {n}", vector=axis(3))
    assert _found("x", axis(3), Filters(kind="data")) == [f"Sleep {n}" for n in range(5)]


def test_a_slip_is_corrected_to_a_word_that_public_insights_have(an_insight: Make) -> None:
    an_insight("Kubernetes schedules containers")
    an_insight("Zeppelins are secret", private=True)
    learn(["Kubernetes schedules containers", "Zeppelins are secret"])
    assert corrected("kuberntes  containres") == "kubernetes containers"
    assert corrected("kubernetes") == "kubernetes"
    assert corrected("Scheduling") == "Scheduling"  # another form of a word that is there
    assert corrected("zepelins") == "zepelins"
    assert corrected('"kuberntes here" -containres') == '"kuberntes here" -containres'
    assert corrected("kuberntes or containers") == "kubernetes or containers"  # one that is found hides no slip
    assert corrected("-kuberntes kuberntes.io cat xyzzyplugh") == "-kuberntes kuberntes.io cat xyzzyplugh"


def test_words_that_were_hidden_later_stand_in_nobody_s_way(an_insight: Make) -> None:
    an_insight("Kubernetes schedules containers")
    hidden = [f"kubernet{letter}s" for letter in "abcdfghijklm"] + ["kuberntess"]
    an_insight(" ".join(hidden), private=True)
    learn(["Kubernetes schedules containers", *hidden])
    assert corrected("kuberntes") == corrected("kuberntess") == corrected("kubernetas") == "kubernetes"


def test_a_query_of_another_width_than_the_index_finds_by_words(an_insight: Make) -> None:
    an_insight("Sleep", vector=axis(3))
    assert _found("sleep", [1.0, 0.0]) == ["Sleep"]


_AWKWARD = st.text(alphabet=st.sampled_from(list("a\"'-()|&!:*<>\\%\x00\t é中🙂\u202e\ud800or ")), max_size=60)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=_AWKWARD | st.text(max_size=40).map(lambda text: text * 300), filtered=_AWKWARD)
def test_no_query_nor_filter_at_all_breaks_it(query: str, filtered: str, db: None) -> None:
    words = {name: tidy(filtered) for name in ("podcast", "person", "topic", "kind", "language")}
    assert search(corrected(query), vector=axis(3), limit=10, filters=Filters(**words)) == []
