"""Hostile words in every field from outside, in mails and pages, in a real browser: nothing runs and no header breaks.

Thirty here; all of the 5,000 with TAKEFIVE_TESTS_PAYLOADS=5000. The browser gets the HTML without our Content-Security-Policy: what
is tested is the first wall alone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from delivery.examples import FIVE, NOW, content
from delivery.test_message import HEADERS
from payloads import payloads
from takefive.delivery.message import compose
from takefive.delivery.values import MessageContent, RelatedItem
from takefive.store.models import Episode, Insight, Podcast

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright (in the group dev)")

MANY = int(os.environ.get("TAKEFIVE_TESTS_PAYLOADS", "30"))
AT_ONCE = 20
# Frames of one page: each with its own document, in which a script would run if there were one.
SHOW = """htmls => Promise.all(htmls.map(html => new Promise(done => {
  const frame = document.createElement("iframe");
  frame.onload = () => setTimeout(() => done(), 30);
  frame.srcdoc = "<script>function hit() { top.hits.push(1) }</script>" + html;
  document.body.append(frame);
})))"""


@pytest.fixture
def show() -> Iterator[Callable[[list[str]], Any]]:
    """Shows some documents in a browser: how often something ran, and what was asked of the network or opened.

    Ask for it after the fixtures that use tables: while the browser lives, an event loop runs in this thread.
    """
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("needs the program chromium or google-chrome")

    def render(htmls: list[str]) -> tuple[int, list[str]]:
        page, asked = context.new_page(), []
        page.on("dialog", lambda dialog: (asked.append("dialog"), dialog.dismiss()))
        page.on("popup", lambda _: asked.append("popup"))
        page.route("**", lambda route: (asked.append(route.request.url), route.abort()))
        page.set_content("<body><script>hits = []</script></body>")
        page.evaluate(SHOW, htmls)
        hits = page.evaluate("hits.length")
        page.close()
        return hits, [url for url in asked if "/static/" not in url]

    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context()
        yield render
        browser.close()


def poisoned(bad: str) -> MessageContent:
    related = RelatedItem(headline=bad, podcast=bad, url=bad)
    fields = dict.fromkeys(("headline", "text", "speaker", "podcast", "episode", "reason", "url", "play_url"), bad)
    both = (related, replace(related, same_point=True))
    item = replace(FIVE[0], **fields, quote=f"{bad} x", related=both)
    other = replace(item, url="https://a.example/", play_url=f"https://a.example/{bad}")
    return content(items=(item, other))


def test_the_browser_would_see_a_script_that_runs(show: Callable[[list[str]], Any]) -> None:
    hits, _ = show(["<script>hit()</script>", "<img src=x onerror=hit()>", "<p>fine</p>"])
    assert hits == 2


def test_there_are_five_thousand_payloads() -> None:
    assert len(set(payloads(5_000))) == 5_000


def test_no_payload_runs_in_a_mail_or_breaks_its_headers(show: Callable[[list[str]], Any]) -> None:
    words = payloads(MANY)
    for first in range(0, len(words), AT_ONCE):
        halves = []
        for bad in words[first : first + AT_ONCE]:
            raw = compose(poisoned(bad), now=NOW).as_bytes()
            read = message_from_bytes(raw, policy=default)
            assert set(read.keys()) <= HEADERS, bad
            assert len(read.keys()) == len(set(read.keys())), bad
            assert not read.defects, bad
            assert max(map(len, raw.split(b"\r\n"))) <= 998, bad
            assert b"\n" not in raw.replace(b"\r\n", b""), bad
            plain, rich = (read.get_body((kind,)) for kind in ("plain", "html"))
            assert plain is not None
            assert rich is not None
            assert "\r" not in plain.get_content().replace("\r\n", ""), bad
            halves.append(rich.get_content())
        assert show(halves) == (0, []), words[first : first + AT_ONCE]


def row(number: int, bad: str) -> Insight:
    """An insight with the payload in every text, of a podcast and an episode that have it too."""
    texts = {"title": bad, "description": bad, "link": bad}
    podcast = Podcast.objects.create(feed_url=f"https://f.example/{number}", **texts, image=bad, author=bad)
    episode = Episode.objects.create(podcast=podcast, guid=bad, **texts, audio_url=bad)
    words = {"headline": bad, "text": bad, "quote": f"{bad} x", "speaker": bad, "topics": [bad], "kind": "data"}
    return Insight.objects.create(episode=episode, position=1, start=1.0, end=2.0, score=0.5, **words)


@pytest.fixture
def pages(db: None, client: Client) -> list[str]:
    """Every page that shows one of them, then those that show many, as they are served."""
    paths = ["/", *(f"/search/?{urlencode({'q': bad[:200]})}" for bad in payloads(10))]
    for number, bad in enumerate(payloads(MANY)):
        one = row(number, bad)
        paths = [f"/i/{one.public_id}/", f"/e/{one.episode.public_id}/", f"/p/{one.episode.podcast.public_id}/", *paths]
    answers = [client.get(path) for path in paths]
    assert all("script-src 'self'" in answer["Content-Security-Policy"] for answer in answers)
    assert {answer.status_code for answer in answers} == {200}
    return [answer.content.decode() for answer in answers]


def test_no_payload_runs_in_a_page(pages: list[str], show: Callable[[list[str]], Any]) -> None:
    for first in range(0, len(pages), AT_ONCE):
        hits, asked = show(pages[first : first + AT_ONCE])
        assert hits == 0, pages[first : first + AT_ONCE]
        assert not [url for url in asked if not url.startswith(("data:", "https:", "http:"))]
