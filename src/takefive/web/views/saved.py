"""What a reader saved, to read again and to take along."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from takefive.accounts.models import Reader
from takefive.store import shown
from takefive.store.models import Feedback, Insight
from takefive.web.answers import page_of
from takefive.web.environment import printable, timestamp, when
from takefive.web.present import address
from takefive.web.views.steer import buttons
from takefive.web.visitor import for_reader

_MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>#"})


@require_safe
@for_reader
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The newest first, each with its buttons."""
    rows = page_of(_saved(reader), request)
    context = {"page": rows, "steering_of": buttons(reader, list(rows), timezone.now())}
    return render(request, "saved.html", context)


@require_safe
@for_reader
def export(_request: HttpRequest, reader: Reader) -> HttpResponse:
    """All of it as one Markdown file."""
    text = "# Saved from Takefive\n\n" + "\n".join(as_markdown(insight) for insight in _saved(reader))
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="takefive-saved-{timezone.localdate()}.md"'
    return response


def as_markdown(insight: Insight) -> str:
    """An insight with its proof; nothing that was said becomes markup."""
    episode = insight.episode
    moment = f"at {timestamp(insight.start)}" if insight.start is not None else ""
    source = filter(None, [insight.speaker, episode.podcast.title, episode.title, when(episode.published_at), moment])
    lines = [
        f"## {_plain(insight.headline)}",
        _plain(insight.text),
        f"> “{_plain(insight.quote)}”",
        f"— {_plain(', '.join(source))}",
        f"<{address(insight)}>",
    ]
    return "\n\n".join(lines) + "\n"


def _saved(reader: Reader) -> QuerySet[Insight]:
    """The public insights that the reader saved, the latest saved first."""
    kept = Feedback.objects.standing().filter(reader=reader, kind=Feedback.Kind.SAVE)
    mine = shown.insights().filter(feedback__in=kept)
    return mine.annotate(saved_at=F("feedback__at")).order_by("-saved_at", "pk")  # one such row for each insight


def _plain(words: str) -> str:
    return " ".join(str(printable(words)).translate(_MARKDOWN).split())
