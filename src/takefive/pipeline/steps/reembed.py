"""All insights' vectors made anew by another embedder, while search and relations go on with the old ones.

The new vectors fill a column beside the old, in small transactions; then their index is built, then the two are exchanged in
one transaction and all links are marked as stale. The old ones stay until they are cleaned away: going back is the same
exchange, after what came since has been given its old vector too. A crash, anywhere: the next run goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db import connection, transaction

from takefive.common.errors import ModelError, UsageError
from takefive.pipeline.embedding import named
from takefive.relations import embed
from takefive.relations.embed import Embedder
from takefive.store import beside
from takefive.store.models import Insight, Neighbourhood, VectorIndex

State = VectorIndex.State
_EPISODES = 25  # whose insights are embedded between two commits
_ROUNDS = 20  # new insights may come while the last are being made
_ONE_AT_A_TIME = 5_2030  # an advisory lock: two at once would pay twice
_LINKING = 5_2031  # that of the step relate: nobody links while vectors are exchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What `run` would do: from one model to another, and how many of the insights wait."""

    old: str
    new: str
    dimension: int
    insights: int
    missing: int


def waiting() -> bool:
    """Whether vectors are being made anew."""
    return VectorIndex.objects.filter(state=State.BUILDING).exists()


def standing() -> tuple[bool, str]:
    """Whether all is as the settings want it, and how it stands, in words."""
    active = VectorIndex.objects.active()
    there = VectorIndex.objects.beside().first()
    says = f"of {_active_model()}"
    if there and there.state == State.BUILDING:
        return False, f"{says}; {beside.missing():,} of {there.model} are still to be made"
    if (active.source if active else "") != settings.EMBEDDER and Insight.objects.exclude(vector=None).exists():
        return False, f"{says}; TAKEFIVE_EMBEDDER names {settings.EMBEDDER or 'the package'}"
    return True, says + (f"; those of {there.model} are kept" if there else "")


def plan(source: str) -> Plan:
    """What it would take to go over to this source. Raises what `begin` raises."""
    embedder = _wanted(source)
    there = VectorIndex.objects.beside().filter(model=embedder.name).exists()
    insights = Insight.objects.exclude(vector=None).count()
    missing = beside.missing() if there else insights
    return Plan(
        old=_active_model(), new=embedder.name, dimension=embedder.dimension, insights=insights, missing=missing
    )


def missing() -> int:
    """How many vectors are still to be made; 0 where none are asked for."""
    return beside.missing() if VectorIndex.objects.beside().exists() else 0


def begin(source: str) -> None:
    """Ask for the vectors of this source. What is half made of the same model is gone on with, of another thrown away.

    Raises UsageError where these vectors are in use already or too wide, ModelError where the model can't be asked.
    """
    embedder = _wanted(source)
    new = VectorIndex(source=source, model=embedder.name, dimension=embedder.dimension, state=State.BUILDING)
    beside.taking_turns(lambda: _begin(new))


def _begin(new: VectorIndex) -> None:
    there = VectorIndex.objects.select_for_update().beside().first()
    if there and (there.model, there.dimension) == (new.model, new.dimension):
        VectorIndex.objects.filter(pk=there.pk).update(state=State.BUILDING, source=new.source)
        return
    _drop()
    beside.add(new.dimension)
    new.save()


def back() -> None:
    """Ask for the vectors that were in use before. Raises UsageError where none are kept."""
    if not VectorIndex.objects.filter(state=State.KEPT).update(state=State.BUILDING):
        raise UsageError("there are no older vectors to go back to.")


def clean() -> bool:
    """Forget the vectors that are not in use, kept or half made; whether there were any."""
    return bool(beside.taking_turns(_drop))


def _drop() -> bool:
    beside.drop()
    return bool(VectorIndex.objects.beside().delete()[0])


def run(told: Callable[[int], None] = lambda _: None) -> bool:
    """Make what is missing and exchange; whether the new ones are in use now. `told` hears how many were made.

    False where nothing is asked for, or another process is at it. Raises ModelError where the embedder fails: what was made
    is kept.
    """
    if not waiting() or not beside.take(_ONE_AT_A_TIME):
        return False
    try:
        new = VectorIndex.objects.get(state=State.BUILDING)
        embedder = named(new.source, new.model)
        for _ in range(_ROUNDS):
            _fill(embedder, told)
            beside.build_index(new.dimension)
            if beside.taking_turns(lambda: _exchange(new)):
                return True
        return False
    finally:
        beside.give_back(_ONE_AT_A_TIME)


def _fill(embedder: Embedder, told: Callable[[int], None]) -> None:
    after = -1
    while rows := beside.next_texts(after, _EPISODES):
        after = rows[-1][0]
        for part in _parts(rows, embedder):
            vectors = embedder.encode([text for _, _, text in part])
            beside.save({one: vector for (_, one, _), vector in zip(part, vectors, strict=True)}, embedder.name)
            told(len(part))


def _parts(rows: list[tuple[int, int, str]], embedder: Embedder) -> list[list[tuple[int, int, str]]]:
    """One episode at a time, as the step relate has them, where a vector depends on what else is in the batch."""
    if embedder.steady:
        return [rows]
    return [list(part) for _, part in groupby(rows, key=lambda row: row[0])]


def _exchange(new: VectorIndex) -> bool:
    """In one transaction; not while something is still missing. Links are stale from now on, and are shown until renewed."""
    _lock(_LINKING)
    beside.hold_writers()
    if beside.missing():
        return False
    Neighbourhood.objects.update(stale=True, reach=-2)
    beside.exchange()
    VectorIndex.objects.filter(pk=new.pk).delete()  # each state is there once: first out of the way
    if not VectorIndex.objects.filter(state=State.ACTIVE).update(state=State.KEPT):
        own = embed.default_embedder()
        VectorIndex.objects.create(source="", model=own.name, dimension=own.dimension, state=State.KEPT)
    VectorIndex.objects.create(source=new.source, model=new.model, dimension=new.dimension, state=State.ACTIVE)
    return True


def adopt() -> None:
    """A library without any vector takes the source of the settings at once: there is nothing to make anew."""
    if VectorIndex.objects.exists() or not settings.EMBEDDER or Insight.objects.exclude(vector=None).exists():
        return
    begin(settings.EMBEDDER)
    run()
    clean()


def save_in_use(insights: Sequence[Insight], vectors: Sequence[object], model: str) -> None:
    """Keep vectors for use, unless others came into use since they were made. Raises ModelError, to be tried again."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE store_insight IN ROW EXCLUSIVE MODE")  # waits for an exchange, and it for us
        if _active_model() != model:
            raise ModelError("other vectors came into use meanwhile", retry=True)
        for insight, vector in zip(insights, vectors, strict=True):
            Insight.objects.filter(pk=insight.pk).update(vector=vector, vector_model=model)


def _active_model() -> str:
    active = VectorIndex.objects.active()
    return active.model if active else embed.default_embedder().name


def _wanted(source: str) -> Embedder:
    embedder = named(source)
    if embedder.name == _active_model():
        raise UsageError(f"the vectors in use are of {embedder.name} already.")
    if embedder.dimension > beside.WIDEST:
        raise UsageError(f"{embedder.name} makes vectors of {embedder.dimension}; the index takes {beside.WIDEST:,}.")
    return embedder


def _lock(key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
