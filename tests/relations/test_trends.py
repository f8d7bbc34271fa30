from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from takefive.relations.trends import Spoken, trending

USUAL = {n: Spoken(lately=4, shows=3, before=24) for n in range(10)}
SPOKEN = st.dictionaries(
    st.integers(0, 30),
    st.builds(Spoken, lately=st.integers(0, 50), shows=st.integers(0, 5), before=st.integers(0, 300)),
)


def stands_out(one: Spoken) -> bool:
    return 99 in [id_ for id_, _ in trending({**USUAL, 99: one})]


def test_what_is_said_much_more_than_before_stands_out() -> None:
    assert stands_out(Spoken(lately=10, shows=4, before=6))
    assert stands_out(Spoken(lately=5, shows=2, before=0))


def test_what_is_said_as_ever_or_once_more_or_on_one_show_does_not() -> None:
    assert not stands_out(Spoken(lately=10, shows=4, before=60))
    assert not stands_out(Spoken(lately=2, shows=2, before=0))
    assert not stands_out(Spoken(lately=30, shows=1, before=0))


def test_more_episodes_in_all_make_no_trend() -> None:
    assert trending({n: Spoken(lately=40, shows=4, before=24) for n in range(10)}) == []


@given(SPOKEN)
def test_any_counts_give_a_short_list_the_surest_first(spoken: dict[int, Spoken]) -> None:
    found = trending(spoken, most=5)
    assert len(found) <= 5
    assert [z for _, z in found] == sorted((z for _, z in found), reverse=True)
    assert trending(dict(reversed(spoken.items())), most=5) == found
