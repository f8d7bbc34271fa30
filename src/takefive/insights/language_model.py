"""The language-model engine: the local engine proposes passages, a language model writes them up and may add its own.

the local engine's insights -> the episode in parts that fit the model -> what it writes -> each claim checked by code
-> those refused written once more -> what still fails gives way to the local engine's own words, or is dropped.

Whatever the model does, answers nothing, lies or obeys what it read: what leaves here is grounded, and no fewer than the local
engine found. Its judgement moves a score by a bounded step, so that no flattery in a transcript carries an episode to the top.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil, exp, log
from statistics import median

from takefive.common.errors import BudgetError, LanguageModelError
from takefive.insights import local
from takefive.insights.admit import Evidence, Reason, Tally
from takefive.insights.extraction import Extraction, Written, locally
from takefive.insights.language_model_claims import Checked, Transcript
from takefive.insights.language_model_parts import proposals
from takefive.insights.language_model_reading import Asked, Reading
from takefive.insights.prompts import prompt
from takefive.insights.twice import each_point_once
from takefive.insights.values import DraftInsight
from takefive.transcripts.sentences import sentences as split
from takefive.transcripts.values import TimedText

OFFERED = 2.0
"""Passages offered for each insight wanted."""
SWAY = 0.5
"""Log-odds that each step of the model's strength is worth, from 1 to 5; not tuned: no real model was at hand."""
PASSED_OVER = 1.0
"""Log-odds that a passage loses which the model saw and did not write up."""


def engine(model: Asked) -> str:
    """Name and version of the engine as each insight keeps it: the model and the prompts that it was given."""
    return f"{model.name} prompts {prompt('write').version}.{prompt('mend').version}"


def extract(
    text: TimedText,
    *,
    model: Asked,
    top: int = 12,
    title: str = "",
    names: Iterable[str] = (),
    language: str = "",
    source: str = "",
) -> Extraction:
    """At most `top` insights of an episode, best first, each grounded. A model that fails is a `note`, never an error.

    `title` of the episode; `names` of its show and people; `language`: a BCP 47 tag to write in, "" for the transcript's
    own; `source` as in the local engine.
    """
    names = tuple(names)
    base = locally(text, top=ceil(top * OFFERED), title=title, names=names, source=source)
    said = split(text)
    evidence = Evidence.of(said, title=title, names=names, language=language or None)
    offered = proposals([row.insight for row in base.insights], said)
    reading = Reading(model, Transcript(said, offered, evidence, title), language or text.language or "")
    note, unasked = "", False
    try:
        reading.whole(top)
    except LanguageModelError as error:  # what was written before that stands
        unasked = error.retry and not isinstance(error, BudgetError)
        note = f"{error}; the local engine went on alone"
    rows, twice = _merged(reading, engine(model))
    tally = base.tally + reading.tally + Tally(dropped={Reason.TWICE.name: twice} if twice else {})
    note = "; ".join(filter(None, [*reading.notes, note]))
    return Extraction(tuple(rows[:top]), replace(tally, published=len(rows[:top])), engine(model), note, unasked)


def _merged(reading: Reading, by: str) -> tuple[list[Written], int]:
    """The model's insights, each place once, and the local engine's for all other places, best first; and how many came twice.

    What lies in the parts that the model answered for and was passed over by it steps back. What is to be in another language than
    was spoken is the model's alone, if it wrote anything: the local engine knows no other words than those said.
    """
    offered = reading.transcript.offered
    usual = median(offer.draft.score for offer in offered) if offered else 0.5
    taken: list[tuple[int, int]] = []
    rows: list[Written] = []
    twice = 0
    for one in sorted(reading.accepted, key=lambda one: -one.claim.strength):
        if _overlaps(one, taken):
            twice += 1
            continue
        taken.append((one.first, one.last))
        score = one.proposal.draft.score if one.proposal else usual
        rows.append(Written(_moved(one.draft, score, SWAY * (one.claim.strength - 3)), by))
    for offer in () if rows and reading.transcript.evidence.translated else offered:
        if not any(offer.first <= last and offer.last >= first for first, last in taken):
            lost = PASSED_OVER if reading.answered(offer.first) else 0.0
            rows.append(Written(_moved(offer.draft, offer.draft.score, -lost), local.ENGINE))
    best_first = sorted(rows, key=lambda row: -row.insight.score)
    once = each_point_once(best_first, lambda row: row.insight)
    return once, twice + len(best_first) - len(once)


def _overlaps(one: Checked, taken: Sequence[tuple[int, int]]) -> bool:
    return any(one.first <= last and one.last >= first for first, last in taken)


def _moved(draft: DraftInsight, score: float, step: float) -> DraftInsight:
    """The draft with this probability, moved by so many log-odds."""
    score = min(max(score, 0.001), 0.999)
    return replace(draft, score=round(1 / (1 + exp(-(log(score / (1 - score)) + step))), 4))
