"""One topic, or one person: what was said on it, or by them, how often, where, beside what; and its feeds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_http_methods

from takefive.accounts.models import Reader
from takefive.accounts.wishes import change, document_of
from takefive.briefs.profile import ProfileDocument
from takefive.relations.entities import from_slug, topic_key
from takefive.store import entities, shown, spoken
from takefive.store.models import Entity, Insight
from takefive.store.models.entities import Kind
from takefive.web.answers import page_of, public
from takefive.web.chart import chart, over_time
from takefive.web.views import feed
from takefive.web.visitor import for_reader

_LISTS = {Kind.TOPIC: ("follow_topics", "mute_topics"), Kind.PERSON: ("follow_people", "mute_people")}
_BESIDE, _SHOWS = 10, 6
_ORDERS = {
    "best": ("-insight__score", "-insight_id"),
    "first": ("day", "insight_id"),
    "newest": ("-day", "-insight_id"),
}


@public
def page(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Newest first; `?by=best` the strongest, `?by=first` the oldest, `?page=` from 1. Other names lead to the one page."""
    entity = _meant(kind, slug)
    if entity is None:
        return _several(request, kind, slug)
    if entity.slug != slug:
        return HttpResponsePermanentRedirect(reverse(kind, kwargs={"slug": entity.slug}))
    by = request.GET.get("by", "") if request.GET.get("by") in _ORDERS else "newest"
    named = entity.named.filter(insight__in=_points(entity).values("pk")).order_by(*_ORDERS[by])
    links = page_of(named.values_list("insight", flat=True), request)
    shows, beside = spoken.shows(entity), spoken.beside(entity, _BESIDE)
    ways = [way for way in sorted(entities.ways(entity)) if way != entity.name]
    context = {
        "entity": entity,
        "links": links,
        "insights": shown.in_order(list(links)),
        "by": by,
        "shows": shows[:_SHOWS],
        "on_shows": len(shows),
        "ways": _unlike(entity.name, ways)[:6],
        "chart": chart(over_time(spoken.months(entity))),
        "people": beside[Kind.PERSON] if kind == Kind.TOPIC else [],
        "topics": beside[Kind.TOPIC],
        "other_half": _other_half(entity),
    }
    return render(request, "entity.html", context)


@public
@conditional_page
def atom(_request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Its newest insights."""
    entity, (here, there) = _or_404(kind, slug), _addresses(kind, slug, "atom")
    return feed.as_atom(f"Takefive: {entity}", here, there, _points(entity))


@public
@conditional_page
def as_json(_request: HttpRequest, kind: str, slug: str) -> JsonResponse:
    """The same as JSON Feed 1.1."""
    entity, (here, there) = _or_404(kind, slug), _addresses(kind, slug, "json")
    return feed.as_json(f"Takefive: {entity}", here, there, _points(entity))


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def follow(request: HttpRequest, reader: Reader, kind: str, slug: str) -> HttpResponse:
    """GET asks for one click, POST follows or mutes it in the reader's profile, or takes that back."""
    entity = _or_404(kind, slug)
    if request.method == "POST":
        said = _told(request.POST.get("do", ""), entity)
        change(reader.pk, said[0])
        messages.success(request, said[1])
        return redirect(f"{kind}-follow", slug=entity.slug)
    followed, muted = (_holds(document_of(reader), name, entity) for name in _LISTS[Kind(kind)])
    notices = [str(message) for message in messages.get_messages(request)]
    context = {"entity": entity, "followed": followed, "muted": muted, "notices": notices}
    return render(request, "follow.html", context)


def _meant(kind: str, slug: str) -> Entity | None:
    """The entity of this address; None where there is none, or where people share the name."""
    key = from_slug(slug)
    own = Entity.objects.filter(kind=kind, key=key, insights__gt=0).first()
    if own or kind == Kind.TOPIC:
        return own or entities.find(kind, key)
    called = _called(key)[:2]
    return called[0] if len(called) == 1 else None if called else entities.find(kind, key)


def _called(key: str) -> QuerySet[Entity]:
    return Entity.objects.people().filter(named__key=key).distinct().order_by("-insights", "key")


def _several(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Those who are all called so."""
    called = list(_called(from_slug(slug))[:50]) if kind == Kind.PERSON else []
    if not called:
        raise Http404
    return render(request, "namesakes.html", {"people": called, "shows": spoken.shows_of(called)})


def _or_404(kind: str, slug: str) -> Entity:
    entity = _meant(kind, slug)
    if entity is None:
        raise Http404
    return entity


def _addresses(kind: str, slug: str, form: str) -> tuple[str, str]:
    return reverse(kind, kwargs={"slug": slug}), reverse(f"{kind}-{form}", kwargs={"slug": slug})


def _points(entity: Entity) -> QuerySet[Insight]:
    return shown.points_among(Q(named__entity=entity))


def _unlike(name: str, ways: list[str]) -> list[str]:
    """The ways of writing a name that differ from it in more than capitals and marks."""
    seen, kept = {"".join(filter(str.isalnum, name)).casefold()}, []
    for way in ways:
        if (bare := "".join(filter(str.isalnum, way)).casefold()) not in seen:
            seen.add(bare)
            kept.append(way)
    return kept


def _other_half(entity: Entity) -> Entity | None:
    """The page of what others say of a person, or by the person whose name a topic is."""
    if entity.kind == Kind.PERSON:
        return Entity.objects.topics().filter(key=topic_key(entity.name)).first() if " " in entity.name else None
    return (
        Entity.objects.people().filter(name=entity.name).order_by("-insights").first() if " " in entity.name else None
    )


def _holds(document: ProfileDocument, name: str, entity: Entity) -> bool:
    return bool(_same(document, name, entity))


def _same(document: ProfileDocument, name: str, entity: Entity) -> list[str]:
    """Whatever in this list of the profile means the entity, however it is written there."""
    meant = {way.casefold() for way in (entity.name, *entities.ways(entity))}
    return [told for told in getattr(document, name) if told.casefold() in meant]


def _told(do: str, entity: Entity) -> tuple[Any, str]:
    """How the profile changes, and what is said then."""
    follow, mute = _LISTS[Kind(entity.kind)]

    def changed(document: ProfileDocument) -> ProfileDocument:
        for name in (follow, mute):
            for told in _same(document, name, entity):
                document = document.without_name(name, told)
        wanted = {"follow": follow, "mute": mute}.get(do)
        return document.with_name(wanted, entity.name) if wanted else document

    words = {"follow": f"You follow {entity}.", "mute": f"You will get nothing {_ON[entity.kind]} {entity}."}
    return changed, words.get(do, "Taken back.")


_ON = {Kind.TOPIC.value: "on", Kind.PERSON.value: "from"}
