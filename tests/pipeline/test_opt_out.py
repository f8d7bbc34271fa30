"""A publisher who wants no machine to read along is left alone, from the moment that the feed says so."""

from __future__ import annotations

import pytest

from takefive.store.models import Episode, Podcast
from takefive.store.shown import episodes

from .conftest import Library

WORDS = '<podcast:txt purpose="ai-training">noai</podcast:txt>'


def says(library: Library, words: str) -> None:
    feed = library.folder / "feeds/rfc.xml"
    feed.write_text(feed.read_text().replace("<channel>", f"<channel>{words}", 1))
    Podcast.objects.update(last_modified="", etag="")


def stages() -> set[str]:
    return set(Episode.objects.filter(podcast__feed_url__endswith="rfc.xml").values_list("stage", flat=True))


@pytest.mark.django_db
def test_nothing_of_a_show_that_opts_out_is_read_or_shown(library: Library) -> None:
    says(library, WORDS)
    library.scan()
    library.work()
    podcast = Podcast.objects.get(feed_url__endswith="rfc.xml")
    assert podcast.opt_out
    assert stages() == {"skipped"}
    assert podcast not in Podcast.objects.public()
    assert not episodes().filter(podcast=podcast).exists()
    assert Episode.objects.exclude(podcast=podcast).exclude(stage="skipped").exists()


@pytest.mark.django_db
def test_what_waits_when_a_show_opts_out_is_not_read_any_more(library: Library) -> None:
    library.scan()
    assert "picked" in stages()
    says(library, WORDS)
    library.scan()
    library.work()
    assert stages() == {"skipped"}
