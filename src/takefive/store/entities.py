"""Which insights name which topics and people: kept by the step that names, made anew as a whole, mended by the operator.

What an insight is linked to depends only on which insights, feeds and rules there are, never on their order: whatever new
evidence or a new rule changes is linked again at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.db import connection, transaction

from takefive.relations.entities import topic_key
from takefive.relations.people import person_name
from takefive.store.models import Departed, Entity, EntityRule, Evidence, Insight, Named
from takefive.store.models.entities import Kind
from takefive.store.naming import Resolver, changed, gather, link, link_those_of, parts, rename, written_ways

_ONE_AT_A_TIME = 5_2029  # an advisory lock: two episodes named at once would each miss the other's evidence
_KEPT = 300  # seconds
_MOST_WAYS = 50


def name(episodes: Collection[int]) -> None:
    """Link the insights of these episodes to their topics and people, and all others that this tells more about."""
    with _our_turn():
        gather(episodes)
        fresh = Insight.objects.filter(episode__in=episodes).values_list("pk", flat=True)
        told = Evidence.objects.filter(episode__in=episodes).values_list("kind", "key").distinct()
        link({*fresh, *changed(list(told))})


def stale() -> bool:
    """Whether names went that others' links may rest on."""
    return Departed.objects.exists()


def settle() -> None:
    """Link and call anew whatever that which was deleted or hidden had a say in."""
    with _our_turn():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM store_departed RETURNING kind, key")
            gone = sorted(set(cursor.fetchall()))
        for part in parts(sorted(changed(gone))):
            link(part)
        rows = Entity.objects.filter(key__in={key for _, key in gone}).order_by("pk")
        for part in parts(rows.values_list("pk", flat=True)):
            rename(part)


def rebuild(progress: Callable[[int, int], None] | None = None) -> int:
    """Make all of it what it should be now, a part at a time: the pages go on meanwhile. How many insights were linked."""
    public = Insight.objects.public().order_by("pk")
    for part in parts(public.order_by("episode").values_list("episode", flat=True).distinct()):
        with _our_turn():
            gather(part)
    with _our_turn():
        Evidence.objects.exclude(episode__in=public.values("episode")).delete()
        Named.objects.exclude(insight__in=public.values("pk")).delete()
    ids = list(public.values_list("pk", flat=True))
    for part in parts(ids):
        with _our_turn():
            link(part)
        if progress:
            progress(part[-1], ids[-1])
    for part in parts(Entity.objects.order_by("pk").values_list("pk", flat=True)):
        with _our_turn():
            rename(part)
    return len(ids)


def merge(entity: Entity, into: Entity) -> None:
    """The operator says that they are one. Kept as a rule, so that it holds for what comes and for what is made anew."""
    rules = EntityRule.objects.filter(kind=entity.kind)
    with _our_turn():
        rules.filter(key=into.key).delete()
        rules.filter(into=entity.key).update(into=into.key)
        rules.update_or_create(kind=entity.kind, key=entity.key, defaults={"into": into.key})
        link_those_of(entity.kind, {entity.key, into.key})


def split(entity: Entity) -> None:
    """The operator says that it is several: each abbreviation by itself, no earlier merge; a person, of each show their own."""
    rules = EntityRule.objects.filter(kind=entity.kind)
    with _our_turn():
        keys = set(entity.named.values_list("key", flat=True).distinct()) | {entity.key}
        keys |= set(rules.filter(into=entity.key).values_list("key", flat=True))
        rules.filter(into=entity.key).delete()
        apart = {entity.key: EntityRule.EACH_SHOW} if entity.kind == Kind.PERSON else {key: key for key in keys}
        for key, own in apart.items():
            rules.update_or_create(kind=entity.kind, key=key, defaults={"into": own})
        link_those_of(entity.kind, keys)


def unrule(rules: Iterable[EntityRule]) -> None:
    """Take back what the operator decided."""
    with _our_turn():
        for rule in list(rules):
            rule.delete()
            link_those_of(rule.kind, {rule.key, rule.into}, by_show=rule.into == EntityRule.EACH_SHOW)


def find(kind: str, key: str) -> Entity | None:
    """The entity that is meant by this key: its own, or that where what is written so belongs."""
    shown = Entity.objects.filter(kind=kind, insights__gt=0)
    if own := shown.filter(key=key).first():
        return own
    if kind == Kind.TOPIC:
        meant = topic_key(key)
        return shown.filter(key=Resolver({meant}, ()).topic(meant)).first()
    return shown.filter(key__in=EntityRule.objects.filter(kind=kind, key=key).values("into")).first()


def ways(entity: Entity) -> dict[str, int]:
    """How it is written, each with how often."""
    return written_ways([entity.pk]).get(entity.pk, {})


def ways_of(kind: str, names: Iterable[str]) -> frozenset[str]:
    """These names and every other way in which the same topics or people are written."""
    found = set(names)
    for told in tuple(found):
        found |= _ways_of(kind, told, int(time.time()) // _KEPT)
    return frozenset(found)


@lru_cache(maxsize=10_000)
def _ways_of(kind: str, told: str, _minutes: int) -> frozenset[str]:
    """For a name that many readers follow it is looked up once in some minutes."""
    if kind == Kind.TOPIC:
        entity = find(kind, topic_key(told))
        return frozenset(ways(entity)) if entity else frozenset()
    name = person_name(told)
    if name is None or not name.full:
        return frozenset()
    rows = Named.objects.filter(entity__kind=kind, key=name.key).values("entity")
    meant = Named.objects.filter(entity__in=rows).values_list("written", flat=True)
    return frozenset(meant.distinct()[:_MOST_WAYS])


@contextmanager
def _our_turn() -> Iterator[None]:
    """A transaction that nobody else names in."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        yield
