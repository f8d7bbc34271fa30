"""Sponsor reads: the signs of one, the brand they name, and how far the read goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from takefive.transcripts.values import Sentence

READ = 8
"""Sentences that a sponsor read may go on between two signs of it by one speaker."""
STEP = 6
"""The same where speakers change, or between two mentions of the brand."""
LONGEST = 30
"""Sentences of a sponsor read before or after any sure sign of it."""
SURE = 0.95
"""Confidence of a sign that speaks of sponsors in so many words."""


class Sign(NamedTuple):
    """What tells a kind of sentence, and how surely."""

    reason: str
    confidence: float
    pattern: re.Pattern[str]


def sign(reason: str, confidence: float, *patterns: str) -> Sign:
    """A sign that any of the patterns gives, whatever the case."""
    return Sign(reason, confidence, re.compile("|".join(patterns), re.IGNORECASE))


_DOMAIN = r"\b[a-z0-9-]+ ?(?:\.| dot ) ?(?:com|comm|io|dev|co|org|fm|net|ai|app|sh|cloud|tech|so|me|space|xyz|gg|tv|fyi|shop)\b"
_NOT_STUDIED = "".join(f"(?<!{word})" for word in ("study", "studies", "trial", "paper", "research", "science", "bill"))
"""What others than shows are sponsored for: talk of it is content."""
_SHOW = r"(?:show|podcast|episode|interview|conversation|program(?:me)?)"
_BREAK = re.compile(
    rf"\bback to (?:the|our|this) {_SHOW} (?:in (?:a|just a) |right after|after |shortly|soon)"
    r"|\bwe(?:'|’)?(?:ll| will) be (?:right )?back (?:after|in a)\b"
    r"|\b(?:right )?after (?:this|these|a|the) (?:(?:short|quick|brief) )?(?:break|messages?|words?)\b"
    r"|\btake a (?:quick|short|brief) (?:break|pause)\b",
    re.IGNORECASE,
)
"""What opens a break, and what closes it: all between them is a sponsor's if anything of it is."""
_BACK = re.compile(
    r"^(?:(?:and|so|okay|ok|alright|all right|anyway|now|let(?:'|’)?s(?: get| go)?),? )*(?:right )?"
    rf"back to (?:the|our|this) {_SHOW}\b.{{0,25}}$|"
    r"^(?:and |so |okay,? |alright,? )*we(?:'|’)?(?:re| are) back\b",
    re.IGNORECASE,
)
BREAK = 60
"""Sentences that a break may have."""
_SLASH = r"(?: ?/ ?| (?:forward |forwards |ford |for )?slash )\w"
SPONSOR = (
    sign(
        "sponsor",
        0.95,
        r"\b(?:is|are|was|it's|been) (?:also )?brought to you by\b",
        rf"{_NOT_STUDIED} (?:is|are|it's|been) (?:also )?sponsored by\b",
        r"\b(?:episode|show|podcast|portion)\b.{0,30}\b(?:brought to you|sponsored|made possible) by\b",
        r"\b(?:thanks?|thank you|shout-?out) to (?:both |all )?(?:our |today's |this week's )?(?:\w+ "
        r")?(?:friends|partners|sponsors?)\b",
        r"\bthank(?:s| you)(?: so much| again)?,?(?: to)? .{2,60} for (?:constantly |again "
        r")?(?:sponsoring|supporting (?:the|this|our|us|talk))\b",
        r"\bthanks? .{2,40} for (?:being a sponsor|sponsor(?:ing|ship))\b",
        r"\b(?:word|break|message|moment) (?:from|for|to (?:thank|hear from)) (?:one of "
        r")?(?:our|today's|one of our) (?:\w+ )?sponsors?\b",
        r"\bour (?:\w+ )?sponsors?,? (?:at|over at|for (?:today|this)|today|this week|is|on this show)\b",
        r"\b(?:from|by|thanks?|thank you|to|,) our (?:partner|friend)s? (?:at|over at)\b",
        r"\b(?:we are|we're) sponsored by\b|\bsponsors? (?:today|for today)(?:'s episode)?\b[^?]{0,60}\b(?:is|are)\b",
        r"\bwe(?:'ve| have)(?: got)? (?:a|an|two|three|our|some) (?:\w+ )?sponsors?(?: for you)?\b",
        r"\bour (?:first|second|third|other|next) sponsors?\b|\b(?:first|second|next) sponsor(?:ed)? break\b",
        r"\bthis (?:portion|part|segment|episode) of .{2,40}(?:brought|sponsored)\b",
        r"(?<!no )\bsupport for (?:this|the) (?:podcast|show)(?:,| is| comes| also| today| was| provided|[.!]|$)",
        r"\bshameless(?:ly)? plugs?\b",
        r"\bquick (?:announcement|update|word)\b.{0,60}\b(?:before we|our .{0,30}courses?)|\bbefore we get "
        r"to the interview\b",
        r"\bwant to level up your\b|\bour everything bundle\b|\bdon't forget the discount code\b",
        r"\bcheck out what (?:they're|they are|the) offer|\bit really helps support the show\b",
        rf"\bsponsors of (?:the|this|our|today's) {_SHOW}\b|, our sponsors?[.!]?$|\bthank(?:s for being)? our sponsors?\b",
        r"\bthank(?:s| you) (?:again |so much )?for sponsoring (?:us|me|this|the|our)\b",
        r"\b(?:time for|now for|here's) (?:some |a |our )?sponsored\b",
        rf"\b{_SHOW} is (?:also )?(?:supported|presented|powered) by\b",
        r"\binterested in (?:sponsoring|advertising)\b.{0,60}\b(?:web ?site|email|contact|find out|touch)\b"
        r"|\bif you(?: want|(?: would|(?:'|’)d) like) to (?:advertise|sponsor us)\b",
        r"\bditch the ads\b|\bfor supporting (?:our|my) (?:work|show|podcast)\b",
    ),
    sign(
        "sponsor",
        0.85,
        r"\b(?:promo|coupon|discount|referral) code\b",
        r"\b(?:use|using|enter|with) (?:the |our |my )?(?:offer |coupon )?(?-i:code) \W?(?:(?-i:[A-Z])|[a-z]+\d+\b)",
        r"\b(?:go to|click|use|hit|follow) the .{2,40} link in the (?:show ?notes|description)\b",
        r"\bfor (?:a|your) discount\b.{0,40}$",
        r"\b(?:save|get|for|an?|massive) (?:\w+ ){0,3}\d+ ?(?:%|percent)(?: "
        r"off)?\b.{0,40}\b(?:license|price|course|code|year|pro|plans?|off)\b",
        r"\b\d+ ?(?:%|percent) off\b(?! (?:(?:its?|their|his|her|the|all-time|record|recent) )*(?:highs?|peaks?|lows?|tops?)\b)"
        r"|\bbucks off\b",
        r"\bmoney[- ]back guarantee\b",
        r"(?<!had to )(?<!have to )\bsign up (?:today|now|for free|for the year|at [a-z]+)\b(?! or\b)",
        rf"\b(?:head|go|going|visit|learn more|find out "
        rf"more|check|try|get|download|browse|using|just)\b[^.?!]{{0,60}}{_DOMAIN}{_SLASH}",
        rf"\b(?:visit|check (?:it|them|us) out|head on over|head over)\b[^?!]{{0,30}}(?:{_DOMAIN}|@)",
        rf"\b(?:located|is|at|now)\b ?\w*@\w+\.(?:com|io)\b|{_DOMAIN},? (?:forward |forwards |ford )slash "
        rf"(?:syntax|pro|courses)\b",
        r"\blet them know (?:we|that we|you came) (?:sent|from)\b",
        r"\bthank them (?:for|on)\b|\btell them thanks for\b|\bhow did you hear about\b",
        r"\bno credit card (?:required|needed)\b",
        r"\b(?:days?|months?|weeks?|try \w+(?: \w+)?|account|download \w+) (?:for "
        r")?free\b.{0,40}\b(?:at|by|for|across|today|using|to|trial)\b",
        r"\bcheck out our (?:new )?\w* ?(?:course|bundle)\b|\bsend us a note at\b",
        r"\bsupport (?:us|the show|our show)\b.{0,40}\b(?:patreon|paypal|donation)",
    ),
    sign(
        "sponsor",
        0.6,
        rf"\b(?:learn more|get started|check (?:it|them) out|sign up|try it)\b[^.?!]{{0,40}}{_DOMAIN}",
        r"\btry (?:it|them|\w+) (?:today|for free)\b",
        rf"^(?:so |and |just |now |again,? )*(?:go|head)(?: on)?(?: over)? to {_DOMAIN}|\b(?:available|it|them) over at {_DOMAIN}",
        r"^(?:so |and |just )*go (?:and |ahead and )?(?:sign up|find out more)\b",
        r"\b(?:start|get|with|your) (?:a |your )?free (?:\w+[- ]day )?trial\b",
        r"\b\d+[- ]day (?:unrestricted |free )?trial\b|\$\d+ (?:in )?(?:\w+ )?credits?\b",
        r"\b(?:plug|learn) (?:all of )?my courses?\b|\bmy new course\b|\bcourse on\b.{0,40}\bcheck it out\b",
    ),
)


def reads(signs: Mapping[int, float], sentences: Sequence[Sentence]) -> Iterator[range]:
    """The runs of sentences that signs of a sponsor, with their confidences, stand for."""
    yield from _breaks(signs, sentences)
    sponsors = _brands(sentences[i].text for i, confidence in signs.items() if confidence >= SURE)
    for group in _merged(list(_groups(list(signs), sentences)), signs, sentences):
        first, last = group[0], group[-1]
        said = _words(" ".join(sentences[i].text for i in group))
        brands = _brands(sentences[i].text for i in group) | (sponsors & said)
        if max(signs[i] for i in group) >= SURE or not brands.isdisjoint(sponsors):
            around = range(max(0, first - LONGEST), min(len(sentences), last + LONGEST + 1))
            named = [i for i in around if not brands.isdisjoint(_words(sentences[i].text))]
            for i in reversed([i for i in named if i < first]):
                first = i if first - i <= STEP else first
            for i in (i for i in named if i > last):
                last = i if i - last <= STEP else last
        yield range(first, last + 1)


def _breaks(signs: Mapping[int, float], sentences: Sequence[Sentence]) -> Iterator[range]:
    """From "back to the show in a moment" to "and now back to the show", where a sponsor is heard between them."""
    opened: int | None = None
    for i, one in enumerate(sentences):
        if _BREAK.search(one.text):
            opened = i
        elif _BACK.search(one.text):
            near = opened is not None and i - opened <= BREAK
            first = opened if opened is not None and near else max((j for j in signs if i - READ <= j < i), default=i)
            if any(first <= j < i for j in signs) or (near and i - first <= 2):
                yield range(first, i + 1)
            opened = None


def _groups(signs: Sequence[int], sentences: Sequence[Sentence]) -> Iterator[list[int]]:
    """Signs with at most a few sentences of one speaker, or fewer of several, between them."""
    group: list[int] = []
    for i in signs:
        if group and i - group[-1] > (READ if sentences[group[-1]].speaker == sentences[i].speaker else STEP):
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def _merged(groups: list[list[int]], signs: Mapping[int, float], sentences: Sequence[Sentence]) -> Iterator[list[int]]:
    """Groups a whole read apart are one if they name one brand, or if one speaker holds both and one says "sponsor"."""
    whole: list[int] = []
    for group in groups:
        near = bool(whole) and group[0] - whole[-1] <= LONGEST
        alone = near and sentences[whole[-1]].speaker == sentences[group[0]].speaker is not None
        sure = max((signs[i] for i in (*whole, *group)), default=0) >= SURE
        shared = near and _brands(sentences[i].text for i in whole) & _brands(sentences[i].text for i in group)
        if whole and not (near and sure and (shared or alone)):
            yield whole
            whole = []
        whole = [*whole, *group]
    if whole:
        yield whole


_BRAND = re.compile(
    r"(?:brought to you by|sponsored by|support(?:ing|ed)? by|sponsors? (?:today )?(?:is|are)|which "
    r"is|thank(?:s| you)(?: so much)? to"
    r"|friends (?:at|over at)|thank you(?: so much)?,?|brought by|plan of|it's called)\s+(?:the |us "
    r"over at |both |to )?"
    r"((?:[A-Z][\w.]*)(?: [A-Z][\w.]*)?)(?:(?:,| and|, and) ([A-Z]\w+(?: [A-Z]\w+)?))?",
)
_SITE = re.compile(
    r"([a-zA-Z0-9-]{3,}) ?\.(?:com|comm|io|dev|ai|co|net|tech|ci)\b"
    r"|(?:\.fm|\.me|\.com|\.ci) ?(?:/| slash ) ?([a-zA-Z-]{3,})"
)
_NO_BRAND = frozenset(("talkpython", "pythontome", "python", "syntax", "changelog", "podcast", "show", "youtube", "twitter",
                       "github", "google", "sponsors"))  # fmt: skip


def _brands(texts: Iterable[str]) -> set[str]:
    """What the sentences name as sponsor, squashed: "Fresh Books", "freshbooks.com/syntax" and "Freshbooks" are one."""
    found = {
        name
        for text in texts
        for pattern in (_BRAND, _SITE)
        for match in pattern.finditer(text)
        for name in match.groups()
    }
    squashed = {_squashed(name) for name in found if name}
    return {name for name in squashed if len(name) > 3 and name not in _NO_BRAND}


def _words(text: str) -> set[str]:
    """What a brand may stand as in a text: its words, and each two and three of them on end."""
    one = re.findall(r"[a-z0-9]+", text.lower())
    pairs = {a + b for a, b in pairwise(one)}
    return {*one, *pairs, *(a + b + c for a, b, c in zip(one, one[1:], one[2:], strict=False))}


def _squashed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
