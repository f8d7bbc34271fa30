"""The language model of this installation, if it has one: its caps are held and its answers kept in our tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from takefive.common.errors import BudgetError, UsageError
from takefive.common.llm import LanguageModel, Spend
from takefive.store.models import Episode, ModelAnswer, Spending
from takefive.store.spending import Spent, of_today, spent

if TYPE_CHECKING:
    from takefive.common.llm_wire import PydanticWire

__all__ = ["Answers", "Budget", "language_model", "of_today", "purge", "wanted", "wire"]

KEPT = timedelta(days=30)
"""How long an answer is kept: an episode that is read again later is asked anew."""
_COUNTING = 5_2033  # an advisory lock: of two workers at the cap one is refused


def wanted() -> bool:
    """Whether the operator chose a language model."""
    return bool(settings.LLM or settings.LLM_URL)


def wire() -> PydanticWire:
    """The wire to the model. Raises UsageError: what is missing."""
    from takefive.common.llm_wire import Price, connect  # an extra, and seconds to import

    if not settings.LLM:
        raise UsageError(
            "name the language model: TAKEFIVE_LLM=provider:model, with TAKEFIVE_LLM_URL the name it has there."
        )
    tokens_in, tokens_out = settings.LLM_PRICE
    return connect(
        settings.LLM,
        url=settings.LLM_URL,
        key=settings.LLM_KEY,
        timeout=settings.LLM_TIMEOUT,
        context=settings.LLM_CONTEXT,
        price=Price(tokens_in, tokens_out) if tokens_in is not None and tokens_out is not None else None,
    )


def language_model(episode: Episode | None = None) -> LanguageModel:
    """The model to ask about an episode, or about a file that is none of ours. Raises UsageError: what is missing."""
    return LanguageModel(wire(), meter=Budget(settings.LLM, episode), cache=Answers(episode))


class Budget:
    """The meter: a row for each request, written before it goes out. Many workers share the caps."""

    def __init__(self, model: str, episode: Episode | None) -> None:
        self._model, self._episode = model, episode
        self._mine: list[int] = []  # the rows of this run, which stand for the episode where a file is read

    def reserve(self, most: Spend) -> int:
        """Book the worst; raises BudgetError where that would pass a cap."""
        today = timezone.now().date()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTING])
            day, episode = spent(day=today), self._on_episode()
            _hold("the episode's", episode, most, settings.LLM_EPISODE_TOKENS, settings.LLM_EPISODE_DOLLARS)
            _hold("the day's", day, most, settings.LLM_DAY_TOKENS, settings.LLM_DAY_DOLLARS)
            row = Spending.objects.create(episode=self._episode, day=today, model=self._model, **_columns(most))
        self._mine.append(row.pk)
        return row.pk

    def settle(self, number: int, spent: Spend) -> None:
        """Book what it came to."""
        Spending.objects.filter(pk=number).update(settled=True, **_columns(spent))

    def _on_episode(self) -> Spent:
        return spent(episode=self._episode) if self._episode else spent(pk__in=self._mine)


class Answers:
    """The cache. An answer about an episode goes when the episode goes."""

    def __init__(self, episode: Episode | None) -> None:
        self._episode = episode

    def get(self, key: str) -> str | None:
        """The answer as JSON, None where there is none."""
        return ModelAnswer.objects.filter(key=key).values_list("answer", flat=True).first()

    def put(self, key: str, answer: str) -> None:
        """Keep an answer."""
        ModelAnswer.objects.update_or_create(key=key, defaults={"answer": answer, "episode": self._episode})


def purge(now: datetime) -> int:
    """Forget old answers, also those about files that are no episode of ours; how many."""
    return ModelAnswer.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _hold(whose: str, so_far: Spent, most: Spend, tokens: int, dollars: Decimal | None) -> None:
    if so_far.tokens + most.tokens > tokens:
        raise BudgetError(f"{whose} {tokens:,} tokens for the language model are spent ({so_far.tokens:,} so far)")
    if dollars is not None and most.dollars is not None and so_far.dollars + most.dollars > dollars:
        raise BudgetError(f"{whose} ${dollars} for the language model are spent (${so_far.dollars:.4f} so far)")


def _columns(spend: Spend) -> dict[str, int | Decimal | None]:
    return {"tokens_in": spend.tokens_in, "tokens_out": spend.tokens_out, "dollars": spend.dollars}
