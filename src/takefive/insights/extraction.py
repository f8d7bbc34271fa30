"""What comes of looking for an episode's insights: those that passed the door, which engine wrote each, and what was dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from takefive.insights import local
from takefive.insights.admit import Evidence, Tally, admit_all
from takefive.insights.values import DraftInsight
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import TimedText

SPARE = 4
"""Insights asked of the engine beyond those wanted, for those that the door turns away."""


@dataclass(frozen=True, slots=True)
class Written:
    """An insight and the engine that wrote it."""

    insight: DraftInsight
    engine: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What came of an episode, best first. `tally` counts what was published, mended and dropped.

    `engine`: who was asked. `note` says what went wrong or was split, "" where nothing; `unasked`: the language model's provider
    failed, which may pass.
    """

    insights: tuple[Written, ...]
    tally: Tally
    engine: str = local.ENGINE
    note: str = ""
    unasked: bool = False


def locally(
    text: TimedText, *, top: int = 12, title: str = "", names: Iterable[str] = (), source: str = ""
) -> Extraction:
    """At most `top` insights by the local engine, each grounded. `names`: of the show and its people."""
    evidence = Evidence.of(sentences(text), title=title, names=names)
    drafts, tally = admit_all(local.extract(text, top=top + SPARE, title=title, source=source), evidence)
    kept = tuple(Written(draft, local.ENGINE) for draft in drafts[:top])
    return Extraction(kept, replace(tally, published=len(kept)))
