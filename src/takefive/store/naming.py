"""Which topics and people each insight names, by what episodes say of names and operators ruled: the links themselves.

Call all of it inside a transaction that waits for its turn (store/entities.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from takefive.relations.entities import canonical, commonest, expansions, stands_for, topic_key
from takefive.relations.people import PersonName, Sighting, page_of, people, person_name
from takefive.store.models import Entity, EntityRule, Episode, Evidence, Insight, Named
from takefive.store.models.entities import Kind

AT_ONCE = 2_000
_LONGEST = 200  # characters of a written name that are kept


class _Place(NamedTuple):
    """Where an insight stands."""

    episode: int
    podcast: int
    show: str
    day: date


class _Name(NamedTuple):
    """One name on an insight: what kind, as written, what it says by itself, whose it is."""

    kind: str
    written: str
    key: str
    of: str


def gather(episodes: Collection[int]) -> None:
    """Write down what these episodes say of names; nothing of one without insights."""
    Evidence.objects.filter(episode__in=episodes).delete()
    shown = Episode.objects.filter(pk__in=episodes, podcast__private=False, podcast__blocked=False)
    said: defaultdict[int, list[Insight]] = defaultdict(list)
    fields = ("episode_id", "headline", "text", "quote", "topics", "speaker")
    for insight in Insight.objects.filter(episode__in=shown).only(*fields).order_by("position"):
        said[insight.episode_id].append(insight)
    rows = []
    for episode in shown.filter(pk__in=said).only("title", "summary", "description", "persons"):
        rows += [*_abbreviations(episode, said[episode.pk]), *_people_in(episode, said[episode.pk])]
    Evidence.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def _abbreviations(episode: Episode, insights: Sequence[Insight]) -> Iterable[Evidence]:
    found = expansions(f"{episode.title}. {episode.summary[:2000]} {episode.description[:5000]}")
    for insight in insights:
        found |= expansions(f"{insight.headline}. {insight.text} {insight.quote}", tuple(insight.topics))
    return [Evidence(episode=episode, kind=Kind.TOPIC, key=short, form=long) for short, long in sorted(found)]


def _people_in(episode: Episode, insights: Sequence[Insight]) -> Iterable[Evidence]:
    pages = {person_name(one["name"]): page_of(one.get("href") or "") for one in episode.persons}
    names = {*pages, *(person_name(insight.speaker) for insight in insights)} - {None}
    return [
        Evidence(episode=episode, kind=Kind.PERSON, key=one.base, form=one.middle, href=pages.get(one, "")[:500])
        for one in sorted(one for one in names if one is not None)
    ]


@dataclass(frozen=True)
class Resolver:
    """What is known of some names: abbreviations explained, people seen, and all that the operator ruled."""

    shorts: Collection[str]
    bases: Collection[str]

    @cached_property
    def _rules(self) -> Mapping[str, Mapping[str, str]]:
        rules: dict[str, dict[str, str]] = {Kind.TOPIC: {}, Kind.PERSON: {}}
        for kind, key, into in EntityRule.objects.values_list("kind", "key", "into"):
            rules[kind][key] = into
        return rules

    @cached_property
    def _longs(self) -> Mapping[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        rows = Evidence.objects.filter(kind=Kind.TOPIC, key__in=self.shorts).values_list("key", "form").distinct()
        for short, long in rows:
            found[short].add(long)
        return found

    @cached_property
    def _people(self) -> Mapping[tuple[PersonName, str], str]:
        rows = Evidence.objects.filter(kind=Kind.PERSON, key__in=self.bases)
        seen = rows.values_list("key", "form", "episode__podcast__public_id", "href").distinct()
        found = people([Sighting(PersonName(base, middle), show, href) for base, middle, show, href in seen])
        return {(one.name, one.show): key for one, key in sorted(found.items())}

    def topic(self, key: str) -> str:
        """Whose topic this key is."""
        return canonical(key, self._rules[Kind.TOPIC], stands_for(key, self._longs.get(key, ())))

    def person(self, name: PersonName, show: str) -> str:
        """Which person this name is on that show."""
        found = self._people.get((name, show), f"{name.key} {show}")
        ruled = canonical(name.key, self._rules[Kind.PERSON], found)
        if ruled == EntityRule.EACH_SHOW:
            ruled = self._rules[Kind.PERSON].get(f"{name.key} {show}", f"{name.key} {show}")
        return ruled


def link(insights: Collection[int]) -> None:
    """Make the links of these insights what they should be now, and the names of whom that touches."""
    places, written = _names_on(insights)
    found = _resolved(places, written)
    entities = _entities({(one.kind, one.of) for names in found.values() for one in names})
    rows = {
        (insight, entities[one.kind, one.of]): (one, places[insight])
        for insight, names in found.items()
        for one in reversed(names)
    }
    old = {
        (row.insight_id, row.entity_id): row
        for row in Named.objects.filter(insight__in=list(insights)).only("insight", "entity", "key", "written", "day")
    }
    same = {
        pair
        for pair, row in old.items()
        if pair in rows
        and (row.key, row.written, row.day) == (rows[pair][0].key, rows[pair][0].written, rows[pair][1].day)
    }
    Named.objects.filter(pk__in=[row.pk for pair, row in old.items() if pair not in same]).delete()
    new = [
        Named(
            insight_id=pair[0], entity_id=pair[1], podcast_id=at.podcast, key=one.key, written=one.written, day=at.day
        )
        for pair, (one, at) in rows.items()
        if pair not in same
    ]
    Named.objects.bulk_create(new, batch_size=AT_ONCE)
    rename({pair[1] for pair in (old.keys() | rows.keys()) - same})


def _names_on(insights: Collection[int]) -> tuple[dict[int, _Place], dict[int, tuple[list[str], str]]]:
    """Where each public insight of these stands, and its topics and speaker as written."""
    places, written = {}, {}
    rows = Insight.objects.filter(pk__in=list(insights), episode__podcast__in=_shown(insights))
    columns = ("pk", "topics", "speaker", "created_at", "episode_id", "episode__podcast_id")
    for pk, topics, speaker, made, episode, podcast, show, published in rows.values_list(
        *columns, "episode__podcast__public_id", "episode__published_at"
    ):
        places[pk] = _Place(episode, podcast, show, _day(published, made))
        written[pk] = ([topic[:_LONGEST] for topic in topics], speaker[:_LONGEST])
    return places, written


def _shown(insights: Collection[int]) -> list[int]:
    """The podcasts of these insights that may be shown, held so until our transaction ends: none is hidden meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM store_podcast WHERE NOT (private OR blocked) AND id IN (
                SELECT podcast_id FROM store_episode JOIN store_insight ON store_insight.episode_id = store_episode.id
                WHERE store_insight.id = ANY(%s)
            ) ORDER BY id FOR SHARE""",
            [list(insights)],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _day(published: datetime | None, made: datetime) -> date:
    """When it was said, as far as is known: no episode is from the future."""
    return min(published or made, made).astimezone(UTC).date()


def _resolved(places: Mapping[int, _Place], written: Mapping[int, tuple[list[str], str]]) -> dict[int, list[_Name]]:
    """Of each insight its names, each once, with whose they are."""
    keys = {topic: topic_key(topic) for topics, _ in written.values() for topic in topics}
    names = {speaker: person_name(speaker) for _, speaker in written.values()}
    resolver = Resolver(set(keys.values()), {one.base for one in names.values() if one})
    found = {}
    for insight, (topics, speaker) in written.items():
        own = [_Name(Kind.TOPIC, topic, keys[topic], resolver.topic(keys[topic])) for topic in topics if keys[topic]]
        if person := names[speaker]:
            whose = resolver.person(person, places[insight].show)
            own.append(_Name(Kind.PERSON, " ".join(speaker.split()), person.key, whose))
        found[insight] = own
    return found


def _entities(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The number of each of these, made where it is new."""
    Entity.objects.bulk_create(
        [Entity(kind=kind, key=key) for kind, key in sorted(keys)], batch_size=AT_ONCE, ignore_conflicts=True
    )
    rows = Entity.objects.filter(key__in={key for _, key in keys}).values_list("kind", "key", "pk")
    return {(kind, key): pk for kind, key, pk in rows}


def rename(entities: Collection[int]) -> None:
    """Call each as it is written most often; those that nothing names any more are gone."""
    counts = written_ways(entities)
    called = [Entity(pk=pk, name=commonest(of)) for pk, of in counts.items()]
    Entity.objects.bulk_update(called, ["name"], batch_size=AT_ONCE)
    Entity.objects.filter(pk__in=set(entities) - counts.keys()).delete()


def written_ways(entities: Collection[int]) -> dict[int, dict[str, int]]:
    """By entity, how it is written, each with how often."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entity_id, written, count(*) FROM store_named WHERE entity_id = ANY(%s) GROUP BY 1, 2",
            [list(entities)],
        )
        for entity, way, count in cursor.fetchall():
            counts[entity][way] = count
    return counts


def changed(told: Sequence[tuple[str, str]]) -> set[int]:
    """The insights whose names belong elsewhere, now that this much more is known of these keys."""
    shorts = {key for kind, key in told if kind == Kind.TOPIC}
    bases = {key for kind, key in told if kind == Kind.PERSON}
    resolver = Resolver(shorts, bases)
    forms = Evidence.objects.filter(kind=Kind.PERSON, key__in=bases).values_list("key", "form").distinct()
    names = {name.key: name for name in (PersonName(*form) for form in forms)}
    rows = Named.objects.filter(
        Q(entity__kind=Kind.TOPIC, key__in=shorts) | Q(entity__kind=Kind.PERSON, key__in=names)
    ).values_list("entity__kind", "key", "podcast_id", "podcast__public_id", "entity_id", "entity__key")
    wrong = Q(pk__in=())
    for kind, key, podcast, show, entity, of in rows.distinct():
        if of != (resolver.topic(key) if kind == Kind.TOPIC else resolver.person(names[key], show)):
            wrong |= Q(entity=entity, key=key, podcast=podcast)
    return set(Named.objects.filter(wrong).values_list("insight", flat=True))


def parts(rows: Iterable[int]) -> list[list[int]]:
    """So many at a time that a statement stays short."""
    all_ = list(rows)
    return [all_[at : at + AT_ONCE] for at in range(0, len(all_), AT_ONCE)]


def link_those_of(kind: str, keys: Collection[str], *, by_show: bool = False) -> None:
    """Link again whatever is called so, or belongs there."""
    called = Q(key__in=keys) | Q(entity__key__in=keys)
    if by_show:
        for key in keys:
            called |= Q(entity__key__startswith=f"{key} ")
    rows = Named.objects.filter(called, entity__kind=kind).values_list("insight", flat=True)
    for part in parts(sorted(set(rows))):
        link(part)
