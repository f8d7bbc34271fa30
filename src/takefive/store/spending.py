"""What language models have cost so far: the sums that the caps are held against, and that the operator is shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from takefive.store.models import Spending


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens and dollars, with what is under way at its worst."""

    tokens: int
    dollars: Decimal


def spent(**of: Any) -> Spent:
    """What the rows of `Spending` chosen by these columns have cost."""
    sums = Spending.objects.filter(**of).aggregate(Sum("tokens_in"), Sum("tokens_out"), Sum("dollars"))
    tokens = (sums["tokens_in__sum"] or 0) + (sums["tokens_out__sum"] or 0)
    return Spent(tokens, sums["dollars__sum"] or Decimal(0))


def of_today() -> str:
    """What today (UTC) has cost of what it may cost, in words."""
    now = spent(day=timezone.now().date())
    dollars = "" if settings.LLM_DAY_DOLLARS is None else f" of ${settings.LLM_DAY_DOLLARS}"
    return f"today {now.tokens:,} of {settings.LLM_DAY_TOKENS:,} tokens, ${now.dollars:.4f}{dollars}"
