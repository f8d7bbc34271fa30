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


def takes_back(library: Library) -> None:
    feed = library.folder / "feeds/rfc.xml"
    feed.write_text(feed.read_text().replace(WORDS, ""))
    Podcast.objects.update(last_modified="", etag="")
    library.scan()


def episodes_of_rfc() -> list[tuple[int, str]]:
    return list(Episode.objects.filter(podcast__feed_url__endswith="rfc.xml").values_list("pk", "stage"))


def stages() -> set[str]:
    return {stage for _, stage in episodes_of_rfc()}


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


@pytest.mark.django_db
@pytest.mark.parametrize("first", [True, False])
def test_who_opts_out_no_more_is_read_as_if_nothing_had_been_said(library: Library, first: bool) -> None:
    usual = {}
    if not first:  # else they asked for it from the start
        library.scan()
        usual = dict(episodes_of_rfc())
    says(library, WORDS)
    library.scan()
    assert stages() == {"skipped"}
    takes_back(library)

    assert "picked" in stages()
    assert not usual or dict(episodes_of_rfc()) == usual
    library.work()
    assert "related" in stages()


@pytest.mark.django_db
def test_what_was_skipped_for_another_reason_stays_so(library: Library) -> None:
    library.scan()
    Episode.objects.update(stage="skipped")
    says(library, WORDS)
    library.scan()
    takes_back(library)

    assert stages() == {"skipped"}
