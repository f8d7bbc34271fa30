"""The public page of rates: how many insights passed, and why others did not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from takefive.insights.admit import Tally
from takefive.store.models import Extraction
from takefive.store.rates import in_words, rates

Make = Callable[..., Any]
TALLIES = (Tally(9, 2, {"NUMBER": 2, "NAME": 1}), Tally(5, 0, {"NUMBER": 1}), Tally())


@pytest.fixture
def counted(an_episode: Make) -> None:
    for tally in TALLIES:
        Extraction.objects.create(episode=an_episode(), engine="local", tally=tally.as_json())
    Extraction.objects.create(episode=an_episode(), engine="local")  # of a version that counted nothing


def test_the_rates_are_the_tallies_of_all_episodes_added_up(counted: None) -> None:
    assert rates() == Tally(14, 2, {"NUMBER": 3, "NAME": 1})
    assert in_words() == "14 of 18 proposed insights published (78%), 2 of them mended"


def test_the_page_shows_them_with_the_reasons_most_frequent_first(counted: None, client: Client) -> None:
    page = client.get(reverse("proof")).content.decode()
    assert "<strong>18</strong> insights proposed so far, <strong>14</strong> were published (77.8%)" in page
    assert page.index("a number in it is not said near the quote") < page.index(
        "a name in it is not said near the quote"
    )


def test_a_reason_of_an_older_version_is_shown_and_escaped(an_episode: Make, client: Client) -> None:
    tally = Tally(1, 0, {"<B>GONE_REASON": 1}).as_json()
    Extraction.objects.create(episode=an_episode(), engine="local", tally=tally)
    page = client.get(reverse("proof")).content.decode()
    assert "&lt;b&gt;gone reason" in page


def test_before_anything_was_read_it_says_so_and_every_page_links_to_it(client: Client, db: None) -> None:
    assert "No episode has been read yet" in client.get(reverse("proof")).content.decode()
    assert reverse("proof") in client.get(reverse("about")).content.decode()
