"""What a visitor may send us."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import F, Max
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.briefs.interests import MAX_TEXT
from takefive.briefs.profile import MAX_SERENDIPITY
from takefive.common.errors import TakefiveError
from takefive.feeds.opml import parse_opml
from takefive.pipeline.tastes import podcasts
from takefive.store.models import Podcast

_MOST_SHOWS = 500
_MOST_BYTES = 2_000_000


class Lines(forms.Field):
    """A field that may be filled in several times."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        """What was filled in, at most ten; a NUL, which no database takes, is left out."""
        told = (text.replace("\0", "").strip()[:500] for text in value or ())
        return [text for text in told if text][:10]


class SignUpForm(forms.Form):
    """An address; interests in one's own words, shows one likes and the browser's time zone where given.

    Shows come by title or feed address, as a list of subscriptions, and from the preview by the names of their pages. Only
    those that are read here are kept: an address may be a secret of its subscriber's.
    """

    email = forms.EmailField(max_length=254)
    interests = forms.CharField(max_length=500, required=False)
    show = Lines(required=False)
    known = forms.CharField(max_length=_MOST_SHOWS * 13, required=False)
    opml = forms.FileField(required=False)
    zone = forms.CharField(max_length=64, required=False)
    website = forms.CharField(max_length=500, required=False)  # no person sees this field: who fills it in is a machine

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean_zone(self) -> str:
        """A zone that we know, else UTC."""
        zone = str(self.cleaned_data["zone"])
        return zone if zone in available_timezones() else "UTC"

    def clean_opml(self) -> list[str]:
        """The addresses in the list of subscriptions."""
        file = self.cleaned_data["opml"]
        if not file:
            return []
        if file.size > _MOST_BYTES:
            raise forms.ValidationError("This file is longer than any list of subscriptions.")
        try:
            return [feed.url for feed in parse_opml(file.read()).feeds]
        except TakefiveError as error:
            raise forms.ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error

    def clean(self) -> dict[str, Any]:
        """Adds `shows`, those that are read here, as `wishes` too, and `strange`: what was typed in that is not."""
        told = super().clean() or self.cleaned_data
        typed, listed = told.get("show", []), told.get("opml") or []
        found = podcasts({*typed, *listed[:5_000]})
        before = Podcast.objects.public().filter(public_id__in=str(told.get("known", "")).split())
        told["shows"] = list(dict.fromkeys([*before, *found.values()]))[:_MOST_SHOWS]
        told["strange"] = [name for name in typed if name not in found]
        told["listed"] = len(listed)
        addresses = [show.feed_url for show in told["shows"]]
        told["wishes"] = {"follow_podcasts": addresses} if addresses else {}
        return told


class SignInForm(forms.Form):
    """An address; nobody but a machine fills in the other field."""

    email = forms.EmailField(max_length=254)
    website = forms.CharField(max_length=500, required=False)

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What a reader may change: these fields and no others, whatever is sent."""

    interests = forms.CharField(max_length=MAX_TEXT, required=False)
    hour = forms.IntegerField(min_value=0, max_value=23)
    serendipity = forms.IntegerField(min_value=0, max_value=MAX_SERENDIPITY)

    class Meta:
        model = Reader
        fields = ("interests", "hour", "zone", "frequency", "pause_until", "serendipity")

    def clean_zone(self) -> str:
        """A zone that there is."""
        zone = str(self.cleaned_data["zone"]).strip()
        if zone not in available_timezones():
            raise forms.ValidationError("Choose a place from the list, for example Europe/Vienna.")
        return zone

    def clean_pause_until(self) -> date | None:
        """A day to come, two years away at the most; one that is over is no pause."""
        day: date | None = self.cleaned_data["pause_until"]
        today = timezone.localdate()
        if day is not None and day > today + timedelta(days=731):
            raise forms.ValidationError("That is too far away. Stop the mail instead, below.")
        return day if day is not None and day > today else None


def titles() -> list[str]:
    """Shows to choose from: those read here that were fruitful last."""
    rows = Podcast.objects.public().exclude(title="").annotate(newest=Max("episodes__published_at"))
    return list(rows.order_by(F("newest").desc(nulls_last=True), "pk").values_list("title", flat=True)[:300])


def code_of(data: Any) -> str:
    """The six digits in what was typed in, however spaced; empty where it is no code."""
    digits = re.sub(r"[\s-]", "", str(data.get("code", ""))[:20])
    return digits if re.fullmatch(r"[0-9]{6}", digits) else ""


@cache
def zones() -> list[str]:
    """The zones to choose from: named by places, without those that only old programs know."""
    places = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [*sorted(places), "UTC"]
