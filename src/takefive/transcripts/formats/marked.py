r"""Plain text and markdown with names and time marks, as people and programs write them.

**Name:** text          Name: text          Name (00:01:02): text          Name: 00:01:02          Name  1:02
[00:01:02] text         00:01:02 Name: text         [Speaker 1] [00:02] text         00:01:02 <v Name>text
Name – 00:01:02: text   ### Name            - Name: text                   **[00:01:02] Name:** text
... and [04:04] inside a text (`\[04:04\]` in markdown).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from takefive.transcripts.clean import spoken, unescaped
from takefive.transcripts.language import tag
from takefive.transcripts.names import NAME, cleaned, plausible, same_people, speakers
from takefive.transcripts.times import STAMP, mended, seconds
from takefive.transcripts.values import Segment, TimedText

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_LANGUAGE = re.compile(r"^lang(?:uage)?:\s*['\"]?([\w-]+)", re.MULTILINE)
_BELOW = re.compile(r"^[#*_\s]*(?:full |episode )?transcript(?:ion)?(?: below| follows)?\s*:?[*_\s]*$", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}\s.*|_[^_]{2,150}_")
_NAMED_HEADING = re.compile(rf"#{{2,6}}\s+({NAME})\s*:?\s*#*")
_UNSPOKEN = re.compile(
    r"[-*_=]{3,}|</?[a-zA-Z][^<>]*>|(?:\* ){2,}\*|\{%.*%\}|!\[[^\]]*\]\([^)]*\)|\[[^\]]+\]:\s*\S+(?:\s+\"[^\"]*\")?|(?:[^:]{1,80}:\s*)?<?https?://\S+>?|```\w*"
)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:<[^<>]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)")
_NOTE = re.compile(r"https?://|^[\w ]{3,30}:\s|^(?:transcript|transcribed|edited) (?:completed )?by\b", re.IGNORECASE)
LONGEST_NOTE = 300
"""Characters of a line above the first name that may be a note; a longer one is speech."""
_HTML = re.compile(r"</?(?:a|abbr|b|br|em|i|p|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_RAISED = re.compile(r"(\b[^\W\d_]|[\d)])<sup>([-+]?(?:[\d,]+|[a-z]))</sup>")
"""A power: "2<sup>32</sup>" is 2^32, not 232."""
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])|(?<![\w`])`([^`\n]+)`(?!\w)")

_UNTIL = rf"(?:\s*(?:-->|[-–—])\s*{STAMP})?"
_BESIDE = r"(?:\s*[:|·–—-]\s*|\s)"
"""What stands between a name and a stamp without brackets."""
_BOLD_STAMP = re.compile(
    rf"(?m)^([-*>]\s+)?(\*\*|__)(?:(\[?{STAMP}\]?\s[^*_\n]{{1,60}}|{NAME} [\[(]?{STAMP}[\])]?\s*:?)\2"
    rf"|({NAME})\2(?={_BESIDE}{STAMP}))"
)
_EMPTY_BOLD = re.compile(r"(?<!\S)\*\*\s+\*\*")
_BOLD = re.compile(rf"(?:[-*>]\s+)?(\*\*|__)({NAME})(:?)\s*\1(\s*:)?\s*(?:[\[(]({STAMP})[\])])?\s*:?\s*")
_VOICE = re.compile(r"<v\s+([^<>\n]{1,80})>\s*")
_BRACKET = re.compile(rf"\[({NAME})\]:?\s*\[({STAMP})\]:?\s*")
_TIMED = re.compile(
    rf"(?:\[({STAMP}){_UNTIL}\]|\(({STAMP}){_UNTIL}\)|({STAMP}){_UNTIL}(?=\s|$))\s*(?:[-–—|]\s+)?(?:({NAME}):(?:\s+|$))?"
)
_NAMED_TIME = re.compile(
    rf"(?:[-*•]\s+)?({NAME})(?:\s*:?\s*[\[(]({STAMP}){_UNTIL}[\])]\s*:?\s*|{_BESIDE}({STAMP})\s*(?:$|:\s+|:$))"
)
_PLAIN = re.compile(rf"(?:[-*•]\s+)?({NAME}) ?:(?:\*\*)?(?:\s+|$)")
_INLINE = re.compile(rf"\[\s*\\?({STAMP})(?::\d\d)?\s*\\?\]|\(((?:\d{{1,2}}:)\d\d:\d\d)\)")


@dataclass(slots=True)
class _Line:
    """What one line says: who begins, when, and the words. `new` where it names somebody, be it "Unknown"; or a heading."""

    text: str
    speaker: str | None = None
    stamp: str | None = None
    new: bool = False
    heading: bool = False


def read(text: str, *, markdown: bool = True) -> TimedText:
    """Turns and stamps of a text. A paragraph or a stamp begins a segment; a name holds until the next name.

    What is not spoken is left out: front matter, headings, lines that are only an address, notes above the first name.
    With `markdown`, escapes, emphasis and links are undone to their words.
    """
    front = _FRONT_MATTER.match(text)
    body = text[front.end() :] if front else text
    language = _LANGUAGE.search(front[1]) if front else None
    body = _VOICE.sub(r"\n\g<0>", unescaped(body) if markdown else body)
    body = body.replace("</v>", "") if "<v " in body else body
    body = _BOLD_STAMP.sub(r"\3\4", body) if "*" in body or "__" in body else body
    lines = [line.strip() for line in body.split("\n")]
    lines = lines[next((i + 1 for i, line in enumerate(lines) if _BELOW.match(line)), 0) :]
    found = _with_pauses(_segments(_without_notes(list(_parsed(lines))), markdown))
    return TimedText(segments=mended(found), language=tag(language[1]) if language else None)


def _parsed(lines: Sequence[str]) -> Iterator[_Line]:
    heads = [_PLAIN.match(line) for line in lines]
    timed = [match[4] for line in lines if (match := _TIMED.match(line))]
    bold = [match[2] for line in lines if (match := _bold(line))]
    stamped = [match[1] for line in lines if (match := _NAMED_TIME.match(line))]
    known = speakers([*(head[1] for head in heads if head), *filter(None, timed), *bold, *stamped])
    if 3 * sum(map(bool, timed)) > 2 * len(timed):  # where each stamp has a name, one seen once is a name too
        known |= {name for name in timed if name and plausible(name)}
    people = same_people(dict.fromkeys([*bold, *sorted(known)]))
    above = _names_above(lines)
    for line in lines:
        if name := above.get(line):
            yield _Line("", _person(name, people), new=True)
        elif _HEADING.fullmatch(line):
            yield _Line("", heading=True)
        elif not _UNSPOKEN.fullmatch(line):
            yield _line(line, known, people)


def _names_above(lines: Sequence[str]) -> dict[str, str]:
    """The headings that say who speaks, by their lines: if two thirds of all headings are names that come again."""
    headings = Counter(line for line in lines if line.startswith("#") and _HEADING.fullmatch(line))
    matches = ((line, _NAMED_HEADING.fullmatch(line)) for line, times in headings.items() if times > 1)
    found = {line: match[1] for line, match in matches if match and plausible(match[1])}
    often = sum(headings[line] for line in found)
    return found if len(found) > 1 and 3 * often >= 2 * sum(headings.values()) else {}


def _bold(line: str) -> re.Match[str] | None:
    match = _BOLD.match(line)
    return match if match and (match[3] or match[4] or match[5]) else None


def _line(line: str, known: frozenset[str], people: dict[str, str]) -> _Line:
    if match := _bold(line):
        return _Line(line[match.end() :], _person(match[2], people), match[5], new=True)
    if match := _VOICE.match(line):
        return _Line(line[match.end() :], cleaned(match[1]), new=True)
    if match := _BRACKET.match(line):
        return _Line(line[match.end() :], cleaned(match[1]), match[2], new=True)
    if match := _TIMED.match(line):
        stamp, name = match[1] or match[2] or match[3], match[4]
        if name in known:
            return _Line(line[match.end() :], _person(name, people), stamp, new=True)
        return _Line(line[match.start(4) if name else match.end() :], None, stamp)
    if (match := _NAMED_TIME.match(line)) and plausible(match[1]):
        return _Line(line[match.end() :], _person(match[1], people), match[2] or match[3], new=True)
    if (match := _PLAIN.match(line)) and (match[1] in known or (plausible(match[1]) and cleaned(match[1]) is None)):
        return _Line(line[match.end() :], _person(match[1], people), new=True)
    return _Line(line)


def _person(name: str, people: dict[str, str]) -> str | None:
    return cleaned(people.get(name, name))


def _without_notes(lines: list[_Line]) -> list[_Line]:
    """Drop what stands at the top and is no speech: short lines with an address, and "Topic: ..." lines.

    The top ends with the first name, the first heading and the first long line that is no note.
    """
    first = next((i for i, line in enumerate(lines) if line.new or line.heading or _is_speech(line)), 0)
    return [line for i, line in enumerate(lines) if i >= first or not _is_note(line)]


def _is_note(line: _Line) -> bool:
    return len(line.text) <= LONGEST_NOTE and bool(_NOTE.search(line.text))


def _is_speech(line: _Line) -> bool:
    return len(line.text) > LONGEST_NOTE / 3 and not _is_note(line)


@dataclass(slots=True)
class _Open:
    """The segment being gathered."""

    speaker: str | None = None
    start: float | None = None
    lines: list[str] = field(default_factory=list)
    silent: bool = False
    after_break: bool = False

    def followed_by(self, line: _Line) -> _Open:
        """The next segment. A stamp that stood alone on its line is for the words to come, but not that of "**Break:**"."""
        waiting = None if self.lines or self.silent else self.start
        silent = line.new and line.speaker is None and not line.text
        return _Open(
            speaker=line.speaker if line.new else self.speaker,
            start=seconds(line.stamp) if line.stamp else waiting,
            silent=silent,
            after_break=silent or line.heading or (self.after_break and not self.lines),
        )


def _segments(lines: Sequence[_Line], markdown: bool) -> Iterator[Segment]:
    current = _Open()
    for line in lines:
        if line.new or line.stamp or not line.text:
            yield from _closed(current, markdown)
            current = current.followed_by(line)
        before, *rest = _INLINE.split(line.text)
        if before.strip():
            current.lines.append(before)
        for one, two, words in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            yield from _closed(current, markdown)
            breaks = current.after_break and not current.lines
            start, said = seconds(one or two), [words] if words.strip() else []
            current = _Open(current.speaker, start, said, after_break=breaks)
    yield from _closed(current, markdown)


def _closed(current: _Open, markdown: bool) -> Iterator[Segment]:
    text = _EMPTY_BOLD.sub("", " ".join(current.lines))
    if markdown:
        text = _EMPHASIS.sub(
            lambda match: match[2] or match[3], _LINK.sub(r"\1", _HTML.sub("", _RAISED.sub(r"\1^\2", text)))
        )
    words = spoken(text)
    if words or current.lines or current.start is not None:
        yield Segment(text=words, start=current.start, speaker=current.speaker, after_break=current.after_break)


def _with_pauses(found: Iterable[Segment]) -> list[Segment]:
    """Without those that have no words. A stamp of nobody ("**Break:** [11:02]") tells when the segment before it ends.

    Who was not understood ("**Ada:** [unintelligible]") has spoken all the same: what follows is no longer the sentence before.
    """
    said: list[Segment] = []
    missed = False
    for segment in found:
        if segment.text:
            said.append(replace(segment, after_break=True) if missed and segment.speaker else segment)
            missed = False
            continue
        missed = missed or (segment.speaker is not None and bool(said) and said[-1].speaker != segment.speaker)
        if segment.speaker is None and said and said[-1].end is None:
            said[-1] = replace(said[-1], end=segment.start)
    return said


def write(text: TimedText) -> str:
    """Text for people: "Name [mm:ss]" above each turn, a paragraph for each segment."""
    lines: list[str] = []
    before: str | None = None
    for segment in text.segments:
        if segment.speaker != before or not lines:
            stamp = f" [{_clock(segment.start)}]" if segment.start is not None else ""
            lines.append(f"{segment.speaker or ''}{stamp}:" if segment.speaker else stamp.strip())
            before = segment.speaker
        lines.append(segment.text)
    return "\n".join(line + ("" if line.endswith(":") else "\n") for line in lines if line)


def _clock(value: float) -> str:
    minutes, rest = divmod(int(value), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes:02}:{rest:02}"
