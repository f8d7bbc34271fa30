"""What Podcasting 2.0 lets a publisher say."""

from __future__ import annotations

import pytest

from takefive.feeds.fields import MOST_LINKS
from takefive.feeds.parse import parse_feed

SPACES = """xmlns:podcast='https://podcastindex.org/namespace/1.0' xmlns:xhtml='http://www.w3.org/1999/xhtml'
 xmlns:access='http://www.bloglines.com/about/specs/fac-1.0' xmlns:tdm='http://www.w3.org/ns/tdmrep/'"""


def show(inside: str):
    text = f"<rss {SPACES}><channel><title>Show</title>{inside}<item><guid>1</guid></item></channel></rss>"
    return parse_feed(text.encode(), source="https://show.example/feed")


@pytest.mark.parametrize(
    "sign",
    [
        "<access:restriction relationship='deny'/>",
        "<xhtml:meta name='robots' content='noindex, follow'/>",
        "<xhtml:meta name='ROBOTS' content='noai'/>",
        "<tdm:reservation>1</tdm:reservation>",
        "<podcast:txt purpose='ai-training'>No</podcast:txt>",
        "<podcast:txt purpose='robots'>noai</podcast:txt>",
    ],
)
def test_a_publisher_who_wants_no_machines_is_heard(sign: str) -> None:
    assert show(sign).opt_out


@pytest.mark.parametrize(
    "sign",
    [
        "",
        "<access:restriction relationship='allow'/>",
        "<xhtml:meta name='robots' content='index'/>",
        "<xhtml:meta name='author' content='none'/>",
        "<tdm:reservation>0</tdm:reservation>",
        "<podcast:txt purpose='verify'>no</podcast:txt>",
        "<podcast:txt purpose='ai-training'>yes</podcast:txt>",
        "<podcast:txt purpose='airport'>no</podcast:txt>",
    ],
)
def test_nobody_is_said_to_refuse_who_does_not(sign: str) -> None:
    assert not show(sign).opt_out


def test_a_broadcast_is_announced_and_is_no_episode() -> None:
    feed = show(
        "<podcast:liveItem status='pending' start='2026-01-02T10:00:00Z'><title>Live</title></podcast:liveItem>"
    )
    assert [(live.title, live.status, live.end) for live in feed.live] == [("Live", "pending", None)]
    assert feed.live[0].start is not None
    assert [item.guid for item in feed.items] == ["1"]


def test_payments_are_ignored() -> None:
    assert show("<podcast:value type='lightning'><podcast:valueRecipient address='x'/></podcast:value>") == show("")


def test_any_number_of_recommended_shows_is_bounded() -> None:
    roll = "<podcast:remoteItem feedGuid='g'/>" * 1_000
    assert len(show(f"<podcast:podroll>{roll}</podcast:podroll>").podroll) == MOST_LINKS
