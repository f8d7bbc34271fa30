"""The flow, on one screen.

    scan        podcasts that are due        -> episodes           feeds polled politely, all the time
    transcribe  episodes picked              -> transcripts        the publisher's own first, speech recognition else (recognise)
    extract     transcripts                  -> insights           each grounded in a quote, or dropped
    relate      new insights                 -> relations          same point merged and counted, related linked
    brief       readers + fresh insights     -> briefs             once per reader per local day
    deliver     briefs whose hour has come   -> deliveries         once

Each step loads rows, asks its stage with no transaction open, saves in one short transaction, and asks for the next step
(`then`) in that same transaction. A step that finds its work done does nothing; a step that died is swept up and done again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.utils import timezone

from takefive.accounts import challenges
from takefive.pipeline import recording
from takefive.pipeline.queue import defer_missing, job, revive
from takefive.pipeline.steps import brief as briefs
from takefive.pipeline.steps import chart as maps
from takefive.pipeline.steps import check as times
from takefive.pipeline.steps import choose as audio
from takefive.pipeline.steps import collect as answers
from takefive.pipeline.steps import confirm as confirmations
from takefive.pipeline.steps import deliver as deliveries
from takefive.pipeline.steps import extract as insights
from takefive.pipeline.steps import language_model
from takefive.pipeline.steps import name as names
from takefive.pipeline.steps import podping as pings
from takefive.pipeline.steps import post as posts
from takefive.pipeline.steps import recognise as speech
from takefive.pipeline.steps import reembed as vectors
from takefive.pipeline.steps import relate as relations
from takefive.pipeline.steps import reply as replies
from takefive.pipeline.steps import scan as episodes
from takefive.pipeline.steps import subscribe as hubs
from takefive.pipeline.steps import transcribe as transcripts

log = logging.getLogger(__name__)


@job(queue="scan")
def scan() -> None:
    """Look for new episodes in every feed that is due, and choose which audio the day's budget has room for."""
    episodes.run(now=timezone.now(), then=lambda episode: transcribe.defer(episode=episode))
    audio.run(now=timezone.now(), then=lambda episode: recognise.defer(episode=episode))


@job(queue="scan")
def subscribe() -> None:
    """Ask the hubs of feeds that name one to tell us of changes."""
    hubs.run(now=timezone.now())


@job(queue="scan")
def podpings() -> None:
    """Hear which feeds their publishers say have changed; nothing where no node of Hive is named."""
    pings.listen(now=timezone.now, then=scan.defer)


@job(queue="transcribe")
def transcribe(episode: int) -> None:
    """Get the transcript of a picked episode."""
    now = timezone.now()
    transcripts.run(
        episode, now=now, then=lambda: (check if times.begins(episode, now=now) else extract).defer(episode=episode)
    )


@job(queue="speech")
def check(episode: int) -> None:
    """Move a publisher's times onto the audio that listeners get, where advertisements were put into it."""
    times.run(episode, now=timezone.now(), then=lambda: extract.defer(episode=episode))


@job(queue="speech")
def recognise(episode: int) -> None:
    """Make the transcript of an episode whose audio was chosen, by speech recognition."""
    speech.run(episode, now=timezone.now(), then=lambda: extract.defer(episode=episode))


@job(queue="extract")
def extract(episode: int) -> None:
    """Find the insights of a transcript, each with its proof."""
    insights.run(episode, now=timezone.now(), then=lambda: _extracted(episode))


def _extracted(episode: int) -> None:
    relate.defer(episode=episode)
    name.defer(episode=episode)


@job(queue="extract")
def collect() -> None:
    """Fetch what language models answered by batch."""
    answers.run(now=timezone.now(), then=lambda episode: extract.defer(episode=episode))


@job(queue="relate")
def relate(episode: int) -> None:
    """Link an episode's insights to all others."""
    relations.run(episode, now=timezone.now(), then=relink.defer)
    maps.settle(episode)


@job(queue="relate")
def relink() -> None:
    """Choose anew the links of whoever is near what came or went."""
    relations.catch_up()


@job(queue="relate")
def reembed() -> None:
    """Make all vectors anew by another embedder, where an operator asked for that."""
    if vectors.run():
        relink.defer()


@job(queue="relate", priority=-1)
def chart() -> None:
    """Draw the map of ideas anew."""
    maps.run(now=timezone.now())


@job(queue="relate")
def name(episode: int) -> None:
    """Link an episode's insights to their topics and people."""
    names.run(episode, now=timezone.now())


@job(queue="relate")
def rename() -> None:
    """Name anew whatever rested on what was deleted or hidden."""
    names.settle()


@job(queue="brief")
def brief() -> None:
    """Choose the five for every reader whose hour has come."""
    briefs.run(now=timezone.now(), then=lambda _: deliver.defer(), more=brief.defer)


@job(queue="deliver")
def deliver() -> None:
    """Mail up to a hundred briefs, each once. Where more wait, another worker is asked to share the work."""
    deliveries.run(then=deliver.defer)


@job(queue="deliver")
def post(delivery: int) -> None:
    """Hand one brief to the reader's own webhook, chat or podcast."""
    posts.run(delivery, now=timezone.now())


@job(queue="deliver", priority=1)
def confirm(challenge: int) -> None:
    """Mail a link and a code to an address that was typed in; before any brief, since somebody waits for it."""
    confirmations.run(challenge, now=timezone.now())


@job(queue="deliver", priority=1)
def answer(reply: int) -> None:
    """Mail a reader what was done for their reply."""
    replies.run(reply, now=timezone.now())


@job(queue="scan")
def sweep() -> None:
    """Ask again for whatever the tables say is missing, and give the jobs of dead workers to others."""
    now = timezone.now()
    parts: tuple[Callable[[], object], ...] = (
        revive,
        lambda: defer_missing(transcribe, transcripts.waiting(now), "episode"),
        lambda: defer_missing(recognise, speech.waiting(now), "episode"),
        speech.purge,
        lambda: insights.again(now),
        lambda: language_model.purge(now),
        lambda: defer_missing(extract, insights.waiting(now), "episode"),
        lambda: defer_missing(relate, relations.waiting(now), "episode"),
        lambda: defer_missing(name, names.waiting(), "episode"),
        lambda: rename.defer() if names.stale() else None,
        lambda: reembed.defer() if vectors.waiting() else None,
        lambda: relink.defer() if relations.stale() else None,
        lambda: chart.defer() if maps.stale() else None,
        lambda: deliver.defer() if deliveries.waiting(now) else None,
        lambda: defer_missing(confirm, confirmations.waiting(now), "challenge"),
        lambda: posts.begin(now),
        lambda: recording.purge(now),
        lambda: defer_missing(answer, replies.waiting(now), "reply"),
        lambda: defer_missing(post, posts.waiting(now), "delivery"),
        lambda: challenges.purge(now),
        lambda: deliveries.purge(now),
    )
    for part in parts:
        try:
            part()
        except Exception:  # what one part cannot do must not keep the others from being done
            log.exception("a part of the sweep failed")


scan.every("* * * * *")
subscribe.every("*/10 * * * *")
podpings.every("* * * * *")
sweep.every("* * * * *")
collect.every("*/5 * * * *")
brief.every("*/5 * * * *")
chart.every("40 3 * * *")
