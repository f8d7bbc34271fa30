"""Today's brief on a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from takefive.web.answers import personal
from takefive.web.five import todays_five
from takefive.web.views.steer import buttons
from takefive.web.visitor import reader_of


@personal
def page(request: HttpRequest) -> HttpResponse:
    """The newest brief that the visitor may see, with its reasons; else the strongest five of the day."""
    five, reader = todays_five(request), reader_of(request)
    steering = buttons(reader, [item.insight for item in five.items], timezone.now()) if reader else {}
    return render(request, "brief.html", {"five": five, "steering_of": steering})
