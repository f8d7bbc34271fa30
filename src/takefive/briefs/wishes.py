"""What a reader must never get: muted, had already, in a language they do not read."""

from __future__ import annotations

import re
from collections.abc import Callable

from takefive.briefs.values import Candidate, Profile

Test = Callable[[Candidate], bool]


def refuses(profile: Profile) -> Test:
    """Whether the reader's wishes, or what they had already, keep an insight out."""
    tests: list[Test] = [lambda c: c.id in profile.sent_insights or c.podcast in profile.muted_podcasts]
    tests += [_said_by(profile.muted_people)] if profile.muted_people else []
    tests += [_about(profile.muted_topics)] if profile.muted_topics else []
    tests += [_not_in(profile.languages)] if profile.languages else []
    return lambda candidate: any(test(candidate) for test in tests)


def _said_by(people: frozenset[str]) -> Test:
    names = {name.casefold() for name in people}
    return lambda c: c.speaker is not None and c.speaker.casefold() in names


def _about(topics: frozenset[str]) -> Test:
    """Whether one of the topics, or its very words, stands on the insight."""
    words = "|".join(re.escape(topic.casefold()) for topic in sorted(topics))
    muted = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    return lambda c: muted.search("\n".join((c.headline, c.text, *c.topics)).casefold()) is not None


def _not_in(languages: frozenset[str]) -> Test:
    """Whether the insight is in a language that the reader does not read; "pt-BR" counts as "pt"."""
    read = {language.casefold().split("-")[0] for language in languages}
    return lambda c: c.language is not None and c.language.casefold().split("-")[0] not in read
