"""A reader's wish, done; and the words that say what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from takefive.accounts.models import Reader
from takefive.accounts.wishes import change
from takefive.delivery.reply import Wish
from takefive.pipeline.steer import act, steps
from takefive.store.models import Brief, BriefItem


def grant(brief: Brief, wish: Wish, now: datetime) -> str:
    """Do it for the reader of this brief; what to tell them. Doing it twice is doing it once."""
    return _GRANTS[wish.do](brief, wish, now)


def _stop(brief: Brief, _wish: Wish, _now: datetime) -> str:
    Reader.objects.filter(pk=brief.reader_id).update(status=Reader.Status.STOPPED)
    return "Stopped: no further brief is sent to this address. Your account starts it again."


def _resume(brief: Brief, _wish: Wish, _now: datetime) -> str:
    """Ends a pause. Who had stopped agrees anew on the account page: a mail is no consent that could be shown."""
    Reader.objects.filter(pk=brief.reader_id).update(pause_until=None)
    stopped = Reader.objects.filter(pk=brief.reader_id, status=Reader.Status.STOPPED).exists()
    return "You had stopped the mail: start it again in your account." if stopped else "The pause is over."


def _pause(brief: Brief, wish: Wish, _now: datetime) -> str:
    assert wish.until is not None
    Reader.objects.filter(pk=brief.reader_id).update(pause_until=wish.until)
    return f"Paused: the next brief comes on {_day(wish.until)} or later. Say “resume” to have it before."


def _frequency(brief: Brief, wish: Wish, _now: datetime) -> str:
    change(brief.reader_id, lambda document: replace(document, frequency=wish.words))
    told = {"daily": "every day", "weekdays": "from Monday to Friday", "weekly": "once a week, on Mondays"}
    return f"From now on the brief comes {told[wish.words]}."


def _about(brief: Brief, wish: Wish, now: datetime) -> str:
    """More, less, save, mute show: about the item of that number."""
    item = _item(brief, wish.number)
    if item is None:
        return f"Your brief of {_day(brief.day)} had no number {wish.number}: nothing was done about it."
    act(brief.reader_id, item.insight, wish.do, now)
    said = next(step.done for step in steps(item.insight) if step.name == wish.do)
    return f"{wish.number}. “{item.insight.headline}”: {said}"


def _mute(brief: Brief, wish: Wish, now: datetime) -> str:
    """A show of this brief by its name, else a topic."""
    for item in _items(brief):
        if item.insight.episode.podcast.title.casefold() == wish.words:
            act(brief.reader_id, item.insight, "mute show", now)
            return f"You will get nothing from {item.insight.episode.podcast.title}."
    change(brief.reader_id, lambda document: document.with_name("mute_topics", wish.words))
    return f"You will get nothing on “{wish.words}”. Say “unmute {wish.words}” to take it back."


def _unmute(brief: Brief, wish: Wish, now: datetime) -> str:
    for item in _items(brief):
        if item.insight.episode.podcast.title.casefold() == wish.words:
            act(brief.reader_id, item.insight, "undo mute show", now)
    change(brief.reader_id, lambda document: document.without_name("mute_topics", wish.words))
    return f"“{wish.words}” is no longer muted."


def _unknown(_brief: Brief, wish: Wish, _now: datetime) -> str:
    return f"Not understood, so nothing was done about it: “{wish.words}”."


def _item(brief: Brief, number: int | None) -> BriefItem | None:
    return next((item for item in _items(brief) if item.rank == number), None)


def _items(brief: Brief) -> list[BriefItem]:
    return list(brief.items.select_related("insight__episode__podcast"))


def _day(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"


_GRANTS: dict[str, Callable[[Brief, Wish, datetime], str]] = {
    "stop": _stop,
    "resume": _resume,
    "pause": _pause,
    "frequency": _frequency,
    "more": _about,
    "less": _about,
    "save": _about,
    "mute show": _about,
    "mute": _mute,
    "unmute": _unmute,
    "unknown": _unknown,
}
