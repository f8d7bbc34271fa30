"""Who else makes a point: counted by shows, the first named with its day, each with its own proof."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from takefive.store.models import Insight

Make = Callable[..., Any]
Said = Callable[..., "Insight"]


def on(day: int) -> datetime:
    return datetime(2024, 5, day, tzinfo=UTC)


@pytest.fixture
def said(an_insight: Make, an_episode: Make, a_podcast: Make) -> Said:
    """An insight of a day in May 2024, on a show of its own unless told."""

    def make(day: int | None, *, show: Any = None, **fields: Any) -> Insight:
        published = on(day) if day else None
        episode = an_episode(podcast=show or a_podcast(title=f"Show of {day}"), published_at=published)
        return an_insight(episode=episode, **fields)  # type: ignore[no-any-return]

    return make


def heading(client: Client, insight: Insight) -> str:
    page = client.get(f"/i/{insight.public_id}/").content.decode()
    found = re.search(r'id="others">(.*?)</h2>', page)
    return found[1] if found else ""


def test_shows_are_counted_and_the_first_voice_is_named_with_its_day(client: Client, said: Said) -> None:
    here = said(20)
    show = said(3, speaker="Dr. Ann Lee", same_as=here).episode.podcast
    said(9, show=show, speaker="Ann Lee", same_as=here)
    said(12, speaker="Bo Ek", same_as=here)
    assert heading(client, here) == "Also said on 2 shows, first by Dr. Ann Lee on 3 May 2024"


def test_one_who_repeats_a_point_on_the_same_show_is_no_other_show(client: Client, said: Said) -> None:
    here = said(20, speaker="Ann Lee")
    for day in (3, 9):
        said(day, show=here.episode.podcast, speaker="Ann Lee", same_as=here)
    assert heading(client, here) == "Also said at other times on this show, first by Ann Lee on 3 May 2024"


def test_who_is_first_here_is_told_so(client: Client, said: Said) -> None:
    here = said(3)
    said(4, same_as=here)
    assert heading(client, here) == "Also said on 1 show, first here on 3 May 2024"


@pytest.mark.parametrize("nobody", ["", "Speaker 1", "Host"])
def test_a_first_voice_without_a_name_is_told_by_its_show(client: Client, said: Said, nobody: str) -> None:
    here = said(20)
    said(3, speaker=nobody, same_as=here)
    assert heading(client, here) == "Also said on 1 show, first on Show of 3 on 3 May 2024"


@pytest.mark.parametrize("days", [(3, 3), (3, None), (None, 3)])
def test_nobody_is_called_the_first_where_the_days_do_not_tell(
    client: Client, said: Said, days: tuple[int | None, int | None]
) -> None:
    here = said(20)
    for day in days:
        said(day, same_as=here)
    assert heading(client, here) == "Also said on 2 shows"


def test_nobody_is_called_the_first_where_our_own_day_is_unknown(client: Client, said: Said) -> None:
    here = said(None)
    said(3, same_as=here)
    assert heading(client, here) == "Also said on 1 show"


def test_in_one_episode_the_earlier_second_is_the_first(client: Client, said: Said, an_insight: Make) -> None:
    here = said(20)
    later = said(3, speaker="Bo Ek", start=60.0, same_as=here)
    an_insight(episode=later.episode, speaker="Ann Lee", start=5.0, same_as=here)
    assert heading(client, here) == "Also said on 1 show, first by Ann Lee on 3 May 2024"


def test_each_voice_has_its_own_proof_the_oldest_first(client: Client, said: Said) -> None:
    here = said(20)
    said(12, speaker="Bo Ek", quote="Tired hands are slow.", start=61.5, same_as=here)
    said(3, speaker="Ann Lee", quote="I was <slow> that day.", start=3723.0, same_as=here)
    page = client.get(f"/i/{here.public_id}/").content.decode().split('id="others"')[1].split("</section>")[0]
    voices = page.split("<li")[1:]
    for shown in (
        "Ann Lee",
        "Show of 3",
        "3 May 2024",
        "I was &lt;slow&gt; that day.",
        "Play from 1:02:03",
        "#t=3723.0",
    ):
        assert shown in voices[0], shown
    for shown in ("Bo Ek", "Show of 12", "12 May 2024", "Tired hands are slow.", "Play from 1:01", "#t=61.5"):
        assert shown in voices[1], shown


def test_a_hidden_show_is_neither_counted_nor_the_first(client: Client, said: Said, a_podcast: Make) -> None:
    here = said(20)
    said(1, show=a_podcast(private=True), speaker="Zeppelin", same_as=here)
    said(3, speaker="Ann Lee", same_as=here)
    assert heading(client, here) == "Also said on 1 show, first by Ann Lee on 3 May 2024"


def test_more_voices_than_are_listed_are_all_counted(
    client: Client, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takefive.web.voices.LISTED", 2)
    here = said(20)
    for day in (3, 4, 5):
        said(day, speaker="Ann Lee", same_as=here)
    assert heading(client, here) == "Also said on 3 shows, first by Ann Lee on 3 May 2024"
