"""What fails costs one clear line, the rest goes on, and the failed part is tried again later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from sink import Sink, mail_server
from takefive.accounts.models import Reader
from takefive.pipeline import flow
from takefive.pipeline.progress import complaints
from takefive.pipeline.today import brief_of_today, deliver_now
from takefive.store.models import Delivery, Episode, Podcast

from .conftest import Library


def an_hour_later() -> None:
    """As if the time of the next try had come."""
    Episode.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    Podcast.objects.update(next_poll_at=timezone.now() - timedelta(seconds=1))
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_an_unreadable_feed_is_one_line_and_the_others_are_read(library: Library) -> None:
    whole = (library.folder / "feeds/rfc.xml").read_text()
    library.break_file("feeds/rfc.xml", "this is no feed")
    library.scan()

    assert len(complaints()) == 1
    assert "rfc.xml" in complaints()[0]
    assert Episode.objects.count() == 3
    later = Podcast.objects.exclude(error="").get().next_poll_at
    assert later > timezone.now()

    library.break_file("feeds/rfc.xml", whole)
    an_hour_later()
    flow.scan()

    assert complaints() == []
    assert Episode.objects.count() == 4


def test_a_missing_transcript_is_one_line_and_is_fetched_once_it_is_there(library: Library) -> None:
    name = next(library.folder.glob("transcripts/rfc-*"))
    whole = name.read_bytes()
    name.unlink()
    library.scan()
    library.work()

    waiting = Episode.objects.get(stage=Episode.Stage.PICKED)
    assert "404" in waiting.error
    assert waiting.next_try_at > timezone.now()
    assert Episode.objects.filter(stage=Episode.Stage.RELATED).count() == 3

    name.write_bytes(whole)
    an_hour_later()
    library.work()

    assert Episode.objects.filter(stage=Episode.Stage.RELATED).count() == 4
    assert complaints() == []


def test_a_transcript_of_nothing_is_refused_with_the_reason(library: Library) -> None:
    name = next(library.folder.glob("transcripts/spotlight-*"))
    library.break_file(f"transcripts/{name.name}", "{}")
    library.scan()
    library.work()

    refused = Episode.objects.get(podcast__title__contains="Spotlight")
    assert refused.stage in {Episode.Stage.PICKED, Episode.Stage.FAILED}
    assert "transcript" in refused.error
    assert Episode.objects.filter(stage=Episode.Stage.RELATED).count() == 3


def test_a_mail_server_that_is_down_is_one_line_and_the_mail_goes_out_later(
    library: Library, reader: Reader, settings: Settings
) -> None:
    library.scan()
    library.work()
    settings.SMTP_URL = "smtp://127.0.0.1:9"
    deliver_now(brief_of_today(reader))

    delivery = Delivery.objects.get()
    assert delivery.status == Delivery.Status.WAITING
    assert delivery.next_try_at > timezone.now()
    assert len(complaints()) == 1

    an_hour_later()
    sink = Sink()
    with mail_server(sink) as settings.SMTP_URL:
        library.work()

    assert Delivery.objects.get().status == Delivery.Status.SENT
    assert len(sink.taken) == 1
    assert complaints() == []


@pytest.mark.parametrize(
    ("smtp", "fate"), [("", Delivery.Status.SENT), ("smtp://127.0.0.1:9", Delivery.Status.DOUBTFUL)]
)
def test_a_sender_that_died_leaves_a_doubtful_mail_unless_sending_again_changes_nothing(
    library: Library, reader: Reader, settings: Settings, smtp: str, fate: str
) -> None:
    library.scan()
    library.work()
    brief = brief_of_today(reader)
    long_ago = timezone.now() - timedelta(minutes=3 if smtp else 0)
    Delivery.objects.update(status=Delivery.Status.SENDING, claimed_at=long_ago)
    settings.SMTP_URL = smtp
    deliver_now(brief)

    assert Delivery.objects.get().status == fate


def test_a_fault_of_ours_stops_one_episode_and_not_the_others(library: Library) -> None:
    library.scan()
    library.work()
    Episode.objects.update(stage=Episode.Stage.TRANSCRIBED)
    broken = Episode.objects.order_by("pk").first()
    assert broken is not None
    broken.transcript.segments = [{"unknown": "field"}]
    broken.transcript.save()
    library.work()

    broken.refresh_from_db()
    assert broken.stage == Episode.Stage.TRANSCRIBED
    assert broken.error == "TypeError: a fault of ours, see the log"
    assert Episode.objects.filter(stage=Episode.Stage.RELATED).count() == 3
