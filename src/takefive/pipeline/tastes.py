"""What one reader told and did, as the stage that chooses for them wants it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import Q, Value
from django.db.models.functions import Lower

from takefive.accounts.models import Reader
from takefive.briefs import learn
from takefive.briefs.profile import ProfileDocument
from takefive.briefs.values import Profile
from takefive.store.models import BriefItem, Feedback, Podcast
from takefive.store.models.publicids import public_id


def tastes(
    reader: Reader, document: ProfileDocument, now: datetime, *, before: datetime | None = None
) -> tuple[Profile, list[learn.Feedback]]:
    """The reader's profile by this document and what they were sent, and their feedback, oldest first.

    `before` leaves out what was sent since: what would have been. A reader without a row was sent nothing.
    """
    if reader._state.adding:
        return profile_of(document, now.date()), []
    told = history(reader)
    profile = learn.remember(profile_of(document, now.astimezone(reader.tzinfo).date()), told)
    return _with_sent(profile, reader, before), told


def profile_of(document: ProfileDocument, today: date) -> Profile:
    """The wishes of a document; names of podcasts that are not read here have no effect yet."""
    resting = [name for name, until in document.snooze_podcasts.items() if today < until]
    known = podcasts({*document.follow_podcasts, *document.mute_podcasts, *resting})
    return Profile(
        interests=document.interests,
        not_interests=document.not_interests,
        followed_podcasts=_ids(document.follow_podcasts, known),
        muted_podcasts=_ids((*document.mute_podcasts, *resting), known),
        followed_topics=frozenset(document.follow_topics),
        followed_people=frozenset(document.follow_people),
        muted_topics=frozenset(document.mute_topics),
        muted_people=frozenset(document.mute_people),
        languages=frozenset(document.languages),
        serendipity=document.serendipity,
    )


def podcasts(names: Collection[str]) -> dict[str, Podcast]:
    """The public podcasts that these names mean: addresses of feeds, of now or as we first knew them, and titles."""
    if not names:
        return {}
    first = {public_id("podcast", name): name for name in names}
    titles = {name.casefold(): name for name in names}
    rows = Podcast.objects.public().annotate(lower=Lower("title"))
    found: dict[str, Podcast] = {}
    for row in rows.filter(Q(feed_url__in=names) | Q(public_id__in=first) | Q(lower__in=titles)).order_by("-pk"):
        for name in (titles.get(row.title.casefold()), first.get(row.public_id), row.feed_url):
            if name in names:
                found[str(name)] = row
    return found


def with_addresses(document: ProfileDocument) -> ProfileDocument:
    """The same with the addresses of the feeds in place of titles, where we know them: titles change, and two may share one."""
    return _renamed(document, {name: row.feed_url for name, row in podcasts(_podcasts_in(document)).items()})


def with_titles(document: ProfileDocument) -> ProfileDocument:
    """The same to read: titles in place of addresses, where the title leads back to that podcast."""
    known = podcasts(_podcasts_in(document))
    back = podcasts({row.title for row in known.values()})
    return _renamed(document, {name: row.title for name, row in known.items() if back.get(row.title) == row})


def unknown(document: ProfileDocument) -> list[str]:
    """The podcasts in it that are not read here."""
    names = _podcasts_in(document)
    known = podcasts(names)
    return [name for name in names if name not in known]


def history(reader: Reader) -> list[learn.Feedback]:
    """What the reader said of insights and did not take back, oldest first, with the signals each was chosen by."""
    rows = (
        Feedback.objects.standing()
        .filter(reader=reader)
        .exclude(insight__vector=None)
        .order_by("at", "pk")
        .values_list(
            "kind",
            "insight_id",
            "insight__vector",
            "insight__episode__podcast_id",
            "insight__headline",
            "insight__text",
            "insight__topics",
        )
    )
    signals = dict(BriefItem.objects.filter(brief__reader=reader).values_list("insight_id", "signals"))
    return [
        learn.Feedback(
            signal=kind,  # type: ignore[arg-type]  # the column's choices are these
            vector=np.asarray(vector, dtype=np.float32),
            podcast=podcast,
            signals=signals.get(insight, {}),
            text=" ".join((headline, text, *topics)),
        )
        for kind, insight, vector, podcast, headline, text, topics in rows
    ]


def _with_sent(profile: Profile, reader: Reader, before: datetime | None) -> Profile:
    """With what the reader was sent, or spoke of on a page. `sent_points` says how many voices made each point then."""
    items = BriefItem.objects.filter(brief__reader_id=reader.pk).exclude(insight__vector=None)
    spoken = Feedback.objects.standing().filter(reader_id=reader.pk).exclude(insight__vector=None)
    if before is not None:
        items, spoken = items.filter(brief__created_at__lt=before), spoken.filter(at__lt=before)
    columns = ("insight_id", "insight__same_as_id", "insight__vector")
    rows: list[tuple[int, int | None, Any, int]] = [
        *spoken.values_list(*columns, Value(1)),
        *items.values_list(*columns, "voices"),
    ]
    points: dict[int, int] = {}
    for insight, same_as, _, voices in rows:
        points[same_as or insight] = max(voices, points.get(same_as or insight, 0))
    vectors = {insight: vector for insight, _, vector, _ in rows}
    return replace(
        profile,
        sent_insights=frozenset(vectors),
        sent_points=points,
        sent_vectors=np.array(list(vectors.values()), dtype=np.float32) if vectors else None,
    )


def _ids(names: Collection[str], known: Mapping[str, Podcast]) -> frozenset[int]:
    return frozenset(known[name].pk for name in names if name in known)


def _podcasts_in(document: ProfileDocument) -> list[str]:
    names = (*document.follow_podcasts, *document.mute_podcasts, *document.snooze_podcasts)
    return list(dict.fromkeys(names))


def _renamed(document: ProfileDocument, told: Mapping[str, str]) -> ProfileDocument:
    return replace(
        document,
        follow_podcasts=tuple(dict.fromkeys(told.get(name, name) for name in document.follow_podcasts)),
        mute_podcasts=tuple(dict.fromkeys(told.get(name, name) for name in document.mute_podcasts)),
        snooze_podcasts={told.get(name, name): day for name, day in document.snooze_podcasts.items()},
    )
