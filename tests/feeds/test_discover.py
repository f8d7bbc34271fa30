"""From the page of a show to its feed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.feeds.discover import apple_id, find_feed

PAGE = "https://show.example/about/"


def found(html: str) -> list[str]:
    return find_feed(html.encode(), base=PAGE)


def test_the_declared_feed_is_found() -> None:
    assert found('<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>') == [
        "https://show.example/feed.xml"
    ]


def test_the_podcast_comes_before_the_blog_and_comments_last() -> None:
    html = """<link rel=alternate type=application/rss+xml title="Comments" href="/comments/feed">
        <link rel="alternate" type="application/atom+xml" title="Blog" href="/blog.atom">
        <link rel="Alternate Home" type="Application/RSS+XML; charset=utf-8" title="The Podcast" href="pod.xml">"""
    assert found(html) == [
        "https://show.example/about/pod.xml",
        "https://show.example/blog.atom",
        "https://show.example/comments/feed",
    ]


def test_links_that_look_like_feeds_are_second_best() -> None:
    assert found(
        '<a href="/x.html">x</a><a href="https://feeds.other.example/abc">RSS</a><a href="/podcast.rss">r</a>'
    ) == [
        "https://feeds.other.example/abc",
        "https://show.example/podcast.rss",
    ]


def test_the_base_of_the_page_counts() -> None:
    assert found('<base href="https://cdn.example/"><link rel=alternate type=application/rss+xml href=f>') == [
        "https://cdn.example/f"
    ]


@pytest.mark.parametrize("href", ["javascript:alert(1)", "file:///etc/passwd", "data:text/xml,x", "http://[", ""])
def test_an_address_that_is_none_is_not_given(href: str) -> None:
    assert found(f'<link rel="alternate" type="application/rss+xml" href="{href}">') == []


@given(st.binary(max_size=300))
def test_any_bytes_give_a_list(data: bytes) -> None:
    assert isinstance(find_feed(b"<link rel=alternate type=text/xml href='" + data, base=PAGE), list)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("https://podcasts.apple.com/us/podcast/the-changelog/id341623264", 341623264),
        ("https://podcasts.apple.com/de/podcast/id341623264?i=1000", 341623264),
        ("http://itunes.apple.com/podcast/x/id341623264?mt=2 ", 341623264),
        ("https://podcasts.apple.example/us/podcast/id341623264", None),
        ("https://evil.example/https://podcasts.apple.com/id341623264", None),
        ("the changelog", None),
    ],
)
def test_the_number_of_a_show_at_apple_is_read(text: str, number: int | None) -> None:
    assert apple_id(text) == number
