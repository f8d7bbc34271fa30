"""What readers told and did, as the stage that chooses for them wants it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.accounts.wishes import document_of
from takefive.briefs import learn
from takefive.briefs.profile import ProfileDocument
from takefive.briefs.tired import MUTES, SOURCE_ALL, SOURCE_FROM
from takefive.briefs.values import Profile
from takefive.pipeline.remembered import Past, pasts
from takefive.store.entities import ways_of
from takefive.store.models import Insight, Podcast
from takefive.store.models.publicids import public_id


def tastes(
    reader: Reader, document: ProfileDocument, now: datetime, *, before: datetime | None = None
) -> tuple[Profile, list[learn.Feedback]]:
    """The reader's profile by this document and what they were sent, and their feedback, oldest first.

    `before` leaves out what was sent since: what would have been. A reader without a row was sent nothing.
    """
    past = Past() if reader._state.adding else pasts([reader], now, before=before)[reader.pk]
    return profile_of(document, now.astimezone(reader.tzinfo).date(), past=past), past.feedback


def profile_of(
    document: ProfileDocument, today: date, known: Mapping[str, Podcast] | None = None, past: Past | None = None
) -> Profile:
    """The wishes of a document, with the past; names of podcasts that are not read here have no effect yet.

    `known` are the podcasts that names mean, where they were looked up for many readers at once.
    """
    known, past = podcasts(podcasts_in(document)) if known is None else known, past or Past()
    profile = Profile(
        interests=document.interests,
        not_interests=document.not_interests,
        followed_podcasts=_ids(document.follow_podcasts, known),
        muted_podcasts=_ids((*document.mute_podcasts, *document.resting("snooze_podcasts", today)), known),
        followed_topics=ways_of("topic", document.follow_topics),
        followed_people=ways_of("person", document.follow_people),
        muted_topics=ways_of("topic", (*document.mute_topics, *document.resting("snooze_topics", today))),
        muted_people=ways_of("person", (*document.mute_people, *document.resting("snooze_people", today))),
        languages=frozenset(document.languages),
        serendipity=document.serendipity,
        sent_insights=frozenset(past.insights),
        sent_points=past.points,
        sent_vectors=np.stack(list(past.sent.values())) if past.sent else None,
    )
    return learn.remember(profile, past.feedback)


def podcasts(names: Collection[str]) -> dict[str, Podcast]:
    """The public podcasts that these names mean: addresses of feeds, of now or as we first knew them, and titles."""
    if not names:
        return {}
    first = {public_id("podcast", name): name for name in names}
    titles: dict[str, list[str]] = {}
    for name in names:
        titles.setdefault(name.casefold(), []).append(name)
    rows = Podcast.objects.public().annotate(lower=Lower("title"))
    found: dict[str, Podcast] = {}
    for row in rows.filter(Q(feed_url__in=names) | Q(public_id__in=first) | Q(lower__in=titles)).order_by("-pk"):
        for name in (*titles.get(row.title.casefold(), ()), first.get(row.public_id), row.feed_url):
            if name in names:
                found[str(name)] = row
    return found


def followers() -> Counter[int]:
    """How many readers follow each podcast, by our id."""
    told = Reader.objects.filter(status=Reader.Status.ACTIVE, wishes__has_key="follow_podcasts")
    named: Counter[str] = Counter()
    for names in told.values_list("wishes__follow_podcasts", flat=True):
        named.update(name for name in names if isinstance(name, str))
    known = podcasts(list(named))
    counts: Counter[int] = Counter()
    for name, many in named.items():
        if name in known:
            counts[known[name].pk] += many
    return counts


def with_addresses(document: ProfileDocument) -> ProfileDocument:
    """The same with the addresses of the feeds in place of titles, where we know them: titles change, and two may share one."""
    return _renamed(document, {name: row.feed_url for name, row in podcasts(podcasts_in(document)).items()})


def with_titles(document: ProfileDocument) -> ProfileDocument:
    """The same to read: titles in place of addresses, where the title leads back to that podcast."""
    known = podcasts(podcasts_in(document))
    back = podcasts({row.title for row in known.values()})
    return _renamed(document, {name: row.title for name, row in known.items() if back.get(row.title) == row})


def unknown(document: ProfileDocument) -> list[str]:
    """The podcasts in it that are not read here."""
    names = podcasts_in(document)
    known = podcasts(names)
    return [name for name in names if name not in known]


@dataclass(frozen=True, slots=True)
class PressedDown:
    """Something of which a reader said "less": what, how often beyond liking it, whether that mutes it, of which insights."""

    about: str
    times: int
    muted: bool
    insights: list[Insight]


def pressed_down(reader: Reader) -> list[PressedDown]:
    """All that is pressed down for a reader since they said "less"; taking back what was said of the insights ends it."""
    said = history(reader)
    wishes = profile_of(document_of(reader), timezone.now().astimezone(reader.tzinfo).date())
    tired = learn.remember(wishes, said).tired
    less = Insight.objects.with_show().filter(pk__in=[told.insight for told in said if told.signal == "less"])
    rows = {row.pk: row for row in less}
    subjects = [(" · ".join(rows[n].headline for n in s.insights), s.times, MUTES, s.insights) for s in tired.subjects]
    shows = {row.episode.podcast_id: row.episode.podcast.title for row in rows.values()}
    names = [(f"the topic “{topic}”", times, MUTES, ()) for topic, times in tired.topics.items() if times >= MUTES]
    names += [(f"what {who} says", n, SOURCE_ALL, ()) for who, n in tired.people.items() if n > SOURCE_FROM]
    names += [(shows[show], n, SOURCE_ALL, ()) for show, n in tired.podcasts.items() if n > SOURCE_FROM]
    return [PressedDown(about, n, n >= mutes, [rows[pk] for pk in of]) for about, n, mutes, of in [*subjects, *names]]


def history(reader: Reader) -> list[learn.Feedback]:
    """What the reader said of insights and did not take back, oldest first, with the signals each was chosen by."""
    return pasts([reader], timezone.now())[reader.pk].feedback


def _ids(names: Collection[str], known: Mapping[str, Podcast]) -> frozenset[int]:
    return frozenset(known[name].pk for name in names if name in known)


def podcasts_in(document: ProfileDocument) -> list[str]:
    """Every name of a podcast that the document has."""
    names = (*document.follow_podcasts, *document.mute_podcasts, *document.snooze_podcasts)
    return list(dict.fromkeys(names))


def _renamed(document: ProfileDocument, told: Mapping[str, str]) -> ProfileDocument:
    return replace(
        document,
        follow_podcasts=tuple(dict.fromkeys(told.get(name, name) for name in document.follow_podcasts)),
        mute_podcasts=tuple(dict.fromkeys(told.get(name, name) for name in document.mute_podcasts)),
        snooze_podcasts={told.get(name, name): day for name, day in document.snooze_podcasts.items()},
    )
