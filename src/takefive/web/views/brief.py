"""Today's brief on a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from takefive.web.answers import personal
from takefive.web.five import todays_five


@personal
def page(request: HttpRequest) -> HttpResponse:
    """The newest brief that the visitor may see, with its reasons; else the strongest five of the day."""
    return render(request, "brief.html", {"five": todays_five(request)})
