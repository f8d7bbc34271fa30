"""What a reader wrote back, understood by plain rules: "mute crypto", "more like 2", "pause until Monday". Pure.

Only what stands above the quoted mail counts, a line or a sentence at a time. What no rule knows is said back as not understood,
and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr

from takefive.common.errors import MailError
from takefive.common.text import plain
from takefive.delivery.clean import line

MOST_WISHES = 10
_MOST_LINES = 15
_LONGEST_TOPIC = 60

_QUOTED = re.compile(
    r"""^\s*(
        >                                                   # what was quoted
      | --\s*$ | __+\s*$ | —\s*$                            # the signature begins
      | -{2,}\s*(original\ message|forwarded|weitergeleitet|ursprüngliche)
      | (on|am|le|el|il|op|den)\b.{0,200}\b(wrote|schrieb|écrit|escribió|scritto|schreef|skrev)\b.{0,40}:?\s*$
      | (from|von|de|da|van|sent|gesendet)\s*:\s.*          # Outlook quotes with headers
      | (sent|gesendet)\ from\ my\b | sent\ via\b | get\ outlook\ for\b
      | TAKEFIVE\b.*\d{4}\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BEGUN = re.compile(r"^\s*(on|am|le|el|il|op|den)\b.{5,200}$", re.IGNORECASE)  # an attribution over two lines
_WROTE = re.compile(r"\b(wrote|schrieb|écrit|escribió|scritto|schreef|skrev)\b.{0,40}:\s*$", re.IGNORECASE)

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
}
_NUMBER = (
    r"(?:#|no\.?\s*|number\s+|the\s+)?(?P<number>\d|one|two|three|four|five|first|second|third|fourth|fifth)(?:\s+one)?"
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_UNITS = {"day": 1, "week": 7, "month": 30}
_LONGEST_PAUSE = timedelta(days=731)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One thing that was asked for. `do` is one of: stop, resume, pause, frequency, more, less, save, mute show, mute, unmute,
    unknown. `number` counts the brief's items from 1; `words` are a topic, a frequency, or what was not understood.
    """

    do: str
    number: int | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a person wrote: from which address (lower case), under which Message-ID and subject (as they came), and their words."""

    author: str
    message_id: str
    subject: str
    words: str


def read(raw: bytes, *, sender: str) -> Letter | None:
    """The letter that this mail is; None where no person wrote it. Raises MailError for one that cannot be read.

    `sender` is the envelope's. Python's parser reads headers as they are asked for, and stumbles over some, such as
    "From: <", with errors of any kind.
    """
    try:
        message = message_from_bytes(raw, policy=policy.default)
        if is_automatic(message, sender):
            return None
        return Letter(
            author=parseaddr(str(message.get("From", "")))[1].strip().lower(),
            message_id=str(message.get("Message-ID", "")).strip(),
            subject=str(message.get("Subject", "")),
            words=own_words(message),
        )
    except Exception as error:
        raise MailError(f"a mail that cannot be read ({type(error).__name__} in its headers or parts)") from error


def is_automatic(message: EmailMessage, sender: str) -> bool:
    """Whether no person wrote it: out of office, a bounce, a list, our own. Such mail is never answered (RFC 3834).

    `sender` is the envelope's, empty for bounces.
    """
    said = {name: str(message.get(name, "")).strip().lower() for name in ("Auto-Submitted", "Precedence")}
    named = any(message.get(name) for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Loop"))
    answers = said["Auto-Submitted"] not in {"", "no"} or said["Precedence"] in {"bulk", "junk", "list", "auto_reply"}
    report = message.get_content_type() in {"multipart/report", "message/delivery-status"}
    return not sender.strip("<> ") or named or answers or report


def own_words(message: EmailMessage) -> str:
    """What the reader wrote, without what was quoted and the signature: some lines at the most."""
    lines: list[str] = []
    told = _text(message).splitlines()
    for number, row in enumerate(told):
        after = told[number + 1] if number + 1 < len(told) else ""
        if _QUOTED.match(row) or (_BEGUN.match(row) and _WROTE.search(after)):
            break
        if row.strip():
            lines.append(line(row, 300))
    return "\n".join(lines[:_MOST_LINES])


def wishes(words: str, *, today: date) -> list[Wish]:
    """What these words ask for, in their order; `today` is the reader's. Empty where nothing was said."""
    pieces = [
        piece
        for row in words.splitlines()
        for piece in re.split(r"[;.!](?:\s|$)|\s+and\s+(?=(?:more|less|mute|pause|save|stop|weekly|daily)\b)", row)
    ]
    found = [_wish(_bare(piece), today) for piece in pieces if _bare(piece)]
    known = [wish for wish in found if wish is not None and wish.do != "unknown"]
    unknown = [wish for wish in found if wish is not None and wish.do == "unknown"]
    return [*dict.fromkeys(known), *unknown[:1]][:MOST_WISHES]


def _wish(piece: str, today: date) -> Wish | None:
    if _POLITE.fullmatch(piece):
        return None
    for pattern, make in _RULES:
        if (found := pattern.fullmatch(piece)) is not None and (wish := make(found.groupdict(), today)) is not None:
            return wish
    return Wish(do="unknown", words=piece[:100])


def _bare(piece: str) -> str:
    """Lower case, without "please" and marks around it."""
    bare = re.sub(r"\b(please|pls|kindly|bitte)\b", " ", piece.casefold())
    return " ".join(bare.split()).strip(" ,.;:!?\"'“”‘’*-–—")


def _text(message: EmailMessage) -> str:
    """The plain half, or the words of the HTML half. Never raises: what cannot be decoded is shown as it can be."""
    part = message.get_body(("plain", "html"))
    if part is None or part.is_multipart():
        return ""
    data = part.get_payload(decode=True)
    charset = part.get_content_charset("utf-8")
    octets = data if isinstance(data, bytes) else b""
    try:
        text = octets[:200_000].decode(charset, "replace")
    except LookupError:
        text = octets[:200_000].decode("utf-8", "replace")
    return plain(text) if part.get_content_subtype() == "html" else text


def _about(do: str) -> Callable[[Mapping[str, str], date], Wish]:
    def make(said: Mapping[str, str], _today: date) -> Wish:
        return Wish(do=do, number=_number(said["number"]))

    return make


def _number(said: str) -> int:
    return _NUMBERS.get(said) or int(said)


def _topic(do: str) -> Callable[[Mapping[str, str], date], Wish | None]:
    def make(said: Mapping[str, str], _today: date) -> Wish | None:
        topic = said["topic"].strip("\"'“”‘’ ")
        return Wish(do=do, words=topic) if 1 < len(topic) <= _LONGEST_TOPIC else None

    return make


def _plainly(do: str, words: str = "") -> Callable[[Mapping[str, str], date], Wish]:
    return lambda _said, _today: Wish(do=do, words=words)


def _frequency(said: Mapping[str, str], _today: date) -> Wish:
    word = said["frequency"].replace(" ", "")
    by_word = {"everyday": "daily", "workdays": "weekdays", "onceaweek": "weekly", "everyweek": "weekly"}
    return Wish(do="frequency", words=by_word.get(word, word))


def _pause(said: Mapping[str, str], today: date) -> Wish | None:
    until = _day(said, today)
    return Wish(do="pause", until=until) if until and today < until <= today + _LONGEST_PAUSE else None


def _day(said: Mapping[str, str], today: date) -> date | None:
    if said.get("count"):
        many = 1 if said["count"] in {"a", "one", "an"} else _NUMBERS.get(said["count"]) or int(said["count"])
        return today + timedelta(days=many * _UNITS[said["unit"]])
    if said.get("weekday"):
        ahead = (_DAYS.index(said["weekday"]) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead)
    if said.get("iso"):
        return _date(*map(int, said["iso"].split("-")))
    if said.get("month"):
        month = next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(said["month"][:3]))
        this_year = _date(today.year, month, int(said["day"]))
        return this_year if this_year and this_year > today else _date(today.year + 1, month, int(said["day"]))
    return today + timedelta(days=1 if said.get("tomorrow") else 7)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _MONTHS)
_WHEN = rf"""(?:
    for\s+(?P<count>\d{{1,3}}|an?|one|two|three|four|five)\s+(?P<unit>day|week|month)s?
  | (?:until|till|til|to)\s+(?:next\s+|on\s+)?(?:(?P<weekday>{"|".join(_DAYS)})|(?P<tomorrow>tomorrow)
      |(?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})
      |(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{_MONTH}))
)"""
_NONE_OF = "(?:no|nothing) more(?: on| about)?|nothing (?:on|about)"
_OFTEN = "weekly|daily|weekdays|workdays|every day|once a week|every week"
_POLITE = re.compile(
    r"(hi|hello|hey|dear|thanks|thank you|thx|cheers|best|best regards|regards|greetings|yours|danke|ok|okay)\b.{0,30}"
)
_RULES: list[tuple[re.Pattern[str], Callable[[Mapping[str, str], date], Wish | None]]] = [
    (re.compile(r"(?:stop|unsubscribe|cancel|no more mails?|stop (?:it|this|mailing me|the mails?))"), _plainly("stop")),
    (re.compile(r"(?:resume|continue|unpause|go on|end (?:the )?pause)"), _plainly("resume")),
    (re.compile(rf"(?:pause|rest|stop|snooze|hold)(?:\s+{_WHEN})", re.VERBOSE), _pause),
    (re.compile(r"(?:pause|rest)"), _pause),
    (re.compile(rf"(?:only\s+|make it\s+)?(?P<frequency>{_OFTEN})"), _frequency),
    (re.compile(rf"more(?:\s+like|\s+of)?\s+(?:this\s+)?{_NUMBER}"), _about("more")),
    (re.compile(rf"(?:less(?:\s+like|\s+of)?|fewer\s+like|not)\s+(?:this\s+)?{_NUMBER}"), _about("less")),
    (re.compile(rf"(?:save|keep)\s+{_NUMBER}"), _about("save")),
    (re.compile(rf"mute\s+(?:the\s+)?(?:show|podcast)(?:\s+of|\s+in)?\s+{_NUMBER}"), _about("mute show")),
    (re.compile(rf"mute\s+{_NUMBER}"), _about("mute show")),
    (re.compile(r"unmute\s+(?:the\s+(?:show|topic)\s+)?(?P<topic>.+)"), _topic("unmute")),
    (re.compile(rf"(?:mute|{_NONE_OF})\s+(?:the\s+(?:show|topic)\s+)?(?P<topic>.+)"), _topic("mute")),
]  # fmt: skip
