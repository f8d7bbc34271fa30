"""Podcasts for the operator: how each does, what was its last error, when it is polled next; and what can be done."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from takefive.store.admin_tables import Table, shown
from takefive.store.models import Podcast, Subscription
from takefive.store.models.podcasts import PodcastQuerySet

_HEALTH = {
    "failing": Q(failures__gt=0, retired_at=None),
    "given up": Q(retired_at__isnull=False),
    "paused": Q(paused_at__isnull=False, retired_at=None),
    "well": Q(failures=0, retired_at=None, paused_at=None),
}


class _HealthFilter(admin.SimpleListFilter):
    """Those that do well, fail, rest or were given up."""

    title = "health"
    parameter_name = "health"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """The words, each its own value."""
        return [(word, word) for word in _HEALTH]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Podcast]) -> QuerySet[Podcast]:
        """Those of the chosen word; all where none is chosen."""
        chosen = _HEALTH.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


@admin.register(Podcast)
class PodcastAdmin(Table):
    """A private feed's address is what its owner paid for: it is never shown whole, nor can it be searched for."""

    list_display = ("__str__", "health", "last_error", "polled", "next_poll", "private", "address")
    list_filter = (_HealthFilter, "private", "blocked", "opt_out", "language")
    list_select_related = ("subscription",)
    search_fields = ("title", "author")
    ordering = ("title",)
    exclude = ("feed_url", "etag", "last_modified")
    readonly_fields = ("address",)
    editable = ("private", "blocked", "next_poll_at")
    actions = ("poll_now", "pause", "resume", "mark_private", "retire", "take_back")

    @admin.display(description="feed address")
    def address(self, podcast: Podcast) -> str:
        """As it may stand in a log; of a private feed the host alone."""
        return shown(podcast.feed_url, private=podcast.private)

    @admin.display(ordering="-failures")
    def health(self, podcast: Podcast) -> str:
        """In one or two words."""
        if podcast.retired_at:
            return "given up"
        if podcast.paused_at:
            return "paused"
        if podcast.opt_out:
            return "left alone: its publisher wants no machine to read along"
        if podcast.failures:
            return f"failing ({podcast.failures})"
        return (
            "well, pushed by its hub" if podcast.is_pushed(timezone.now()) else "well" if podcast.polled_at else "new"
        )

    @admin.display(ordering="error", empty_value="")
    def last_error(self, podcast: Podcast) -> str:
        """What the last poll that failed said."""
        return podcast.error[:120]

    @admin.display(ordering="polled_at")
    def polled(self, podcast: Podcast) -> str:
        """How long ago."""
        return _when(podcast.polled_at)

    @admin.display(ordering="next_poll_at")
    def next_poll(self, podcast: Podcast) -> str:
        """How soon; never for those that are not polled."""
        return "" if podcast.retired_at or podcast.paused_at else _when(podcast.next_poll_at)

    @admin.action(description="Poll now", permissions=["change"])
    def poll_now(self, request: HttpRequest, chosen: PodcastQuerySet) -> None:
        """Those that are polled at all become due."""
        self._done(request, chosen.active().update(next_poll_at=timezone.now()), "due now")

    @admin.action(description="Pause", permissions=["change"])
    def pause(self, request: HttpRequest, chosen: PodcastQuerySet) -> None:
        """No more polls until they are resumed; what was found stays."""
        self._done(request, chosen.filter(paused_at=None).update(paused_at=timezone.now()), "paused")

    @admin.action(description="Resume", permissions=["change"])
    def resume(self, request: HttpRequest, chosen: PodcastQuerySet) -> None:
        """Poll the paused ones again, at once."""
        paused = chosen.exclude(paused_at=None)
        self._done(request, paused.update(paused_at=None, next_poll_at=timezone.now()), "resumed")

    @admin.action(description="Mark private: no public page from now on", permissions=["change"])
    def mark_private(self, request: HttpRequest, chosen: PodcastQuerySet) -> None:
        """Nothing of them is shown to others any more, and no hub hears of them."""
        Subscription.objects.filter(podcast__in=chosen).let_go()
        self._done(request, chosen.filter(private=False).update(private=True), "private")

    @admin.action(description="Give up: never poll again", permissions=["change"])
    def retire(self, request: HttpRequest, chosen: PodcastQuerySet) -> None:
        """As if the publisher had said that the feed is gone."""
        self._done(request, chosen.filter(retired_at=None).update(retired_at=timezone.now()), "given up")

    @admin.action(description="Take up again what was given up", permissions=["change"])
    def take_back(self, request: HttpRequest, chosen: PodcastQuerySet) -> None:
        """Poll them again, at once and as if nothing had failed."""
        again = {"retired_at": None, "failures": 0, "error": "", "next_poll_at": timezone.now()}
        self._done(request, chosen.exclude(retired_at=None).update(**again), "taken up again")

    def _done(self, request: HttpRequest, many: int, what: str) -> None:
        self.message_user(request, f"{many} podcast{'' if many == 1 else 's'}: {what}.")


@admin.register(Subscription)
class SubscriptionAdmin(Table):
    """Which hubs tell us of changes, and until when; the secret halves of it are shown to nobody."""

    list_display = ("podcast", "hub", "asked_at", "leased_until", "pushed_at", "error")
    list_select_related = ("podcast",)
    search_fields = ("podcast__title", "hub")
    exclude = ("key", "secret", "topic")


def _when(moment: datetime | None) -> str:
    return str(naturaltime(moment)) if moment else ""
