"""All topics, or all people: the most spoken of, by letter, by words; and which topics stand out lately."""

from __future__ import annotations

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from takefive.relations.entities import words_of
from takefive.store import spoken
from takefive.store.models import Entity
from takefive.store.models.entities import EntityQuerySet
from takefive.store.search import tidy
from takefive.web.answers import page_of, public
from takefive.web.chart import chart

_SIZE = 90
_SPARK = (120, 30)


@public
def topics(request: HttpRequest) -> HttpResponse:
    """Trending first; `?q=` words, `?letter=` the first one, `?page=` from 1."""
    context = _list(request, Entity.objects.topics())
    if not context["words"] and not context["letter"]:
        trends = spoken.trends(timezone.now())
        sparks = {trend.topic.pk: _spark(trend.weeks) for trend in trends.topics}
        context |= {"trends": trends, "sparks": sparks}
    return render(request, "topics.html", context)


@public
def people(request: HttpRequest) -> HttpResponse:
    """Those heard most; `?q=`, `?letter=` and `?page=` as for topics."""
    context = _list(request, Entity.objects.people())
    page = context["page"]
    assert isinstance(page, Page)
    return render(request, "people.html", context | {"shows": spoken.shows_of(list(page))})


def _list(request: HttpRequest, rows: EntityQuerySet) -> dict[str, object]:
    words = " ".join(words_of(request.GET.get("q", "")[:100]))
    letter = "".join(words_of(request.GET.get("letter", "")[:1]))[:1]
    letters = spoken.letters(rows)
    listed = rows.filter(insights__gte=spoken.WORTH_A_LINE)
    if words:
        listed = spoken.like(rows, words)
    elif letter:
        listed = listed.filter(key__startswith=letter).order_by("key")
    else:
        listed = listed.order_by("-insights", "key")
    asked = tidy(request.GET.get("q", ""))[:100]
    return {"page": page_of(listed, request, _SIZE), "words": asked, "letter": letter, "letters": letters}


def _spark(weeks: tuple[int, ...]) -> object:
    ago = [f"{len(weeks) - at} weeks ago" for at in range(1, len(weeks))]
    return chart(list(zip([*ago, "the last week"], weeks, strict=True)), width=_SPARK[0], height=_SPARK[1])
