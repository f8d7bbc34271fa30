"""How many insights pass the door, and why the others do not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from takefive.insights.admit import Reason
from takefive.store.rates import rates
from takefive.web.answers import public


@public
def page(request: HttpRequest) -> HttpResponse:
    """The counts of all episodes, most frequent reason first. Reasons of older versions are shown by their name."""
    tally = rates()
    words = {reason.name: reason.value for reason in Reason}
    rows = sorted(tally.dropped.items(), key=lambda row: -row[1])
    dropped = [(words.get(name, name.lower().replace("_", " ")), count, count / tally.proposed) for name, count in rows]
    return render(request, "proof.html", {"tally": tally, "dropped": dropped})
