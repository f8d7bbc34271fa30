"""What a visitor may send us."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms


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
