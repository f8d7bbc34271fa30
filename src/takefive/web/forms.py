"""What a visitor may send us."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.briefs.profile import MAX_SERENDIPITY


class SignUpForm(forms.Form):
    """An address; interests in one's own words and the browser's time zone where given."""

    email = forms.EmailField(max_length=254)
    interests = forms.CharField(max_length=500, required=False)
    zone = forms.CharField(max_length=64, required=False)
    website = forms.CharField(max_length=500, required=False)  # no person sees this field: who fills it in is a machine

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def clean_zone(self) -> str:
        """A zone that we know, else UTC."""
        zone = str(self.cleaned_data["zone"])
        return zone if zone in available_timezones() else "UTC"


class SignInForm(forms.Form):
    """An address; nobody but a machine fills in the other field."""

    email = forms.EmailField(max_length=254)
    website = forms.CharField(max_length=500, required=False)

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What a reader may change: these fields and no others, whatever is sent."""

    interests = forms.CharField(max_length=2000, required=False)
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


def code_of(data: Any) -> str:
    """The six digits in what was typed in, however spaced; empty where it is no code."""
    digits = re.sub(r"[\s-]", "", str(data.get("code", ""))[:20])
    return digits if re.fullmatch(r"[0-9]{6}", digits) else ""


@cache
def zones() -> list[str]:
    """The zones to choose from: named by places, without those that only old programs know."""
    places = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [*sorted(places), "UTC"]
