"""Batches of questions at a language model's provider -> answers.

An episode has one batch at most. While it is open its extraction waits; what a closed one left unanswered is asked directly.

A crash before the batch is handed over, or between that and its handle's being kept: nobody knows whether it will be run, so
its worst stays counted, and after some minutes the episode is asked directly. While answers are fetched: fetched again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from takefive.common.errors import BudgetError, UsageError
from takefive.common.llm import LanguageModel, Refused, Spend
from takefive.common.llm_batch import Batched, BatchWire, Gathering
from takefive.pipeline.steps.language_model import Answers, Budget, wire
from takefive.store.models import Episode, ModelBatch

if TYPE_CHECKING:
    from takefive.insights.language_model_reading import Asked

log = logging.getLogger(__name__)

HANDED_OVER_IN = timedelta(minutes=15)
"""After which one without a handle is given up."""
LONGEST = timedelta(hours=26)
"""After which an answer is no more waited for: providers promise it within a day."""


def waits(episode_id: int) -> bool:
    """Whether an episode's answers are on their way."""
    return ModelBatch.objects.filter(episode=episode_id, closed_at=None).exists()


def hand_over(episode: Episode, model: LanguageModel, read: Callable[[Asked], object]) -> bool:
    """Have the provider answer by batch all that `read` asks and nobody answered before; whether the episode waits for that now.

    False where there is no batch API, nothing to ask, no money for it, or the provider refused: then ask directly.
    """
    provider = _provider() if settings.LLM_BATCH and not ModelBatch.objects.filter(episode=episode).exists() else None
    if provider is None:
        return False
    asked = Gathering(model)
    read(asked)
    if not asked.questions:
        return False
    batch, mine = ModelBatch.objects.get_or_create(episode=episode)
    if not mine:  # another worker was quicker
        return waits(episode.pk)
    try:
        _reserve(batch, asked, provider)
        handle = provider.submit(asked.questions)
    except (BudgetError, Refused) as error:
        answers = {} if isinstance(error, Refused) and error.later else _unrun(batch)
        _close(batch, answers, str(error))
        return False
    ModelBatch.objects.filter(pk=batch.pk).update(handle=handle)
    return True


def in_words() -> str:
    """How this installation asks, for `doctor`. Raises UsageError."""
    if not settings.LLM_BATCH:
        return ""
    waiting = ModelBatch.objects.filter(closed_at=None).count()
    return f"; by batch, {waiting} wait" if _provider() else "; its provider has no batches, so it is asked directly"


def run(*, now: datetime, then: Callable[[int], None]) -> None:
    """Look after every open batch; `then` gets the episodes that need not wait any more, in the transaction that says so."""
    for batch in ModelBatch.objects.filter(closed_at=None).select_related("episode").order_by("pk"):
        try:
            outcome = _outcome(batch, now)
            if outcome is not None:
                _close(batch, *outcome, then)
        except Exception:  # one batch must not keep the others waiting
            log.exception("the batch of episode %s: a fault of ours", batch.episode_id)


def _outcome(batch: ModelBatch, now: datetime) -> tuple[Mapping[str, Batched], str] | None:
    """The answers and what went wrong, None while there is something to wait for."""
    age = now - batch.created_at
    if not batch.handle:
        return ({}, "nobody knows whether it was handed over") if age > HANDED_OVER_IN else None
    try:
        found = _fetched(batch)
    except UsageError as error:  # the operator took the model away
        return {}, str(error)
    except Refused as error:
        return None if error.later and age < LONGEST else ({}, str(error))
    if found is None:
        return None if age < LONGEST else ({}, "no answer in time")
    missing = len(set(batch.questions) - {key for key, one in found.items() if one.answer})
    return {**_unrun(batch), **found}, f"{missing} of {len(batch.questions)} without an answer" if missing else ""


def _fetched(batch: ModelBatch) -> Mapping[str, Batched] | None:
    from takefive.insights.language_model_claims import Answer

    provider = _provider()
    if provider is None:
        raise UsageError("the language model of the settings has no batches")
    return provider.collect(batch.handle, Answer)


def _provider() -> BatchWire | None:
    from takefive.common.llm_wire_batch import batching

    return batching(wire())


def _reserve(batch: ModelBatch, asked: Gathering, provider: BatchWire) -> None:
    """Book the worst of each question and keep its number; raises BudgetError."""
    budget = Budget(settings.LLM, batch.episode)
    try:
        for one in asked.questions:
            batch.questions[one.key] = budget.reserve(provider.most(one))
    finally:
        batch.save(update_fields=["questions"])


def _unrun(batch: ModelBatch) -> dict[str, Batched]:
    """Every question unanswered and unpaid."""
    return dict.fromkeys(batch.questions, Batched(None, Spend(dollars=Decimal(0))))


def _close(
    batch: ModelBatch, answers: Mapping[str, Batched], note: str, then: Callable[[int], Any] | None = None
) -> None:
    """Keep the answers, book what they cost, and go on; once, whoever else fetched them too."""
    budget, kept = Budget(settings.LLM, batch.episode), Answers(batch.episode)
    with transaction.atomic():
        mine = ModelBatch.objects.filter(pk=batch.pk, closed_at=None)
        if not mine.update(closed_at=timezone.now(), note=note):
            return
        for key in batch.questions.keys() & answers.keys():
            one = answers[key]
            if one.answer:
                kept.put(key, one.answer)
            if one.spend:
                budget.settle(batch.questions[key], one.spend)
        if then:
            then(batch.episode_id)
    if note:
        log.warning("%s: by batch: %s", batch.episode, note)
