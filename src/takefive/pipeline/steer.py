"""What a reader does about one insight: say something of it, or change their profile by it; and take that back.

Each thing has one name, the same in mails, on pages and in addresses: "more", "mute show", "mute topic sleep". "undo more" takes
it back. Doing a thing twice is doing it once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from takefive.accounts.models import Reader
from takefive.accounts.wishes import change, document_of
from takefive.briefs.profile import ProfileDocument
from takefive.store.models import BriefItem, Feedback, Insight

SNOOZE = timedelta(days=14)
UNDO = "undo "
_SAID = {
    "more": ("More like this", "You will get more like this."),
    "less": ("Less like this", "You will get less like this."),
    "save": ("Save", "Saved."),
    "play": ("Heard it", "Noted that you heard it."),
}
_OPPOSITE = {"more": "less", "less": "more"}
# What can be done about a show, a topic or a person: the field of the profile that it changes.
_FIELDS = {"follow": "follow_", "snooze": "snooze_", "mute": "mute_"}
_KINDS = {"show": "podcasts", "topic": "topics", "person": "people"}

Change = Callable[[ProfileDocument], ProfileDocument]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done: its name, the words of its button, the words once it is done."""

    name: str
    label: str
    done: str
    pressed: bool = False


def steps(insight: Insight, pressed: Collection[str] = ()) -> list[Step]:
    """All that can be done about an insight, in the order of the buttons; `pressed` are the names of what was done."""
    show = insight.episode.podcast.title or "this show"
    told = [(name, *words) for name, words in _SAID.items()]
    told += _about("show", "show", show)
    for topic in filter(None, insight.topics):
        told += _about("topic", f"topic {topic}", f"“{topic}”")
    if insight.speaker:
        told += _about("person", f"person {insight.speaker}", insight.speaker)
    return [Step(name, label, done, name in pressed) for name, label, done in told]


def _about(kind: str, name: str, title: str) -> list[tuple[str, str, str]]:
    nothing = {"show": "from", "topic": "on", "person": "of"}[kind]
    return [
        (f"follow {name}", f"Follow {title}", f"You follow {title}."),
        (f"snooze {name}", f"Snooze {title} for two weeks", f"{title} rests for two weeks."),
        (f"mute {name}", f"Mute {title}", f"You will get nothing {nothing} {title}."),
    ]


def pressed(reader: Reader, insights: Collection[Insight], now: datetime) -> dict[int, set[str]]:
    """By insight, the names of what the reader has done and not taken back, and of what still holds."""
    document, names = document_of(reader), {insight.pk: set[str]() for insight in insights}
    today = now.astimezone(reader.tzinfo).date()
    for insight in insights:
        names[insight.pk] = {step.name for step in steps(insight) if _stands(document, insight, step.name, today)}
    for insight_id, kind in (
        Feedback.objects.standing().filter(reader=reader, insight__in=names).values_list("insight_id", "kind")
    ):
        names[insight_id].add(kind)
    return names


def act(reader_id: int, insight: Insight, name: str, now: datetime) -> bool:
    """Do what `name` says, or take it back; False where that is nothing that can be done about this insight."""
    undone = name.startswith(UNDO)
    plain = name.removeprefix(UNDO)
    reader = Reader.objects.filter(pk=reader_id).first()
    if reader is None or plain not in {step.name for step in steps(insight)}:
        return False
    if plain in _SAID:
        _say(reader_id, insight, plain, now, undone=undone)
        return True
    return change(reader_id, _change(insight, plain, now.astimezone(reader.tzinfo).date(), undone=undone))


def note_opening(reader: Reader, insight: Insight, now: datetime) -> None:
    """Note that an insight of their briefs was opened, for a reader who asked for that; for others nothing."""
    if document_of(reader).openings and BriefItem.objects.filter(brief__reader=reader, insight=insight).exists():
        _say(reader.pk, insight, Feedback.Kind.OPEN, now, undone=False)


def _say(reader_id: int, insight: Insight, kind: str, now: datetime, *, undone: bool) -> None:
    said = Feedback.objects.standing().filter(reader_id=reader_id, insight=insight)
    with transaction.atomic():
        said.filter(kind=kind if undone else _OPPOSITE.get(kind, "")).update(undone_at=now)
        if not undone:
            row = Feedback(reader_id=reader_id, insight=insight, kind=kind, at=now)
            Feedback.objects.bulk_create([row], ignore_conflicts=True)


def _change(insight: Insight, name: str, today: date, *, undone: bool) -> Change:
    key, value = _field(insight, name)
    if key.startswith("snooze"):
        return lambda document: document.snoozed(key, value, None if undone else today + SNOOZE)
    return lambda document: document.without_name(key, value) if undone else document.with_name(key, value)


def _stands(document: ProfileDocument, insight: Insight, name: str, today: date) -> bool:
    if name in _SAID:
        return False
    key, value = _field(insight, name)
    names = document.resting(key, today) if key.startswith("snooze") else getattr(document, key)
    return value.casefold() in {other.casefold() for other in names}


def _field(insight: Insight, name: str) -> tuple[str, str]:
    """Which part of the profile "mute topic sleep" changes, and what goes into it."""
    verb, kind, *rest = name.split(" ", 2)
    return _FIELDS[verb] + _KINDS[kind], rest[0] if rest else insight.episode.podcast.feed_url
