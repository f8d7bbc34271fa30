"""The door: what an engine claims stands in what was said, or the insight is refused, with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.insights.admit import Evidence, Reason, Tally, Verdict, admit, admit_all
from takefive.insights.values import DraftInsight
from takefive.transcripts.values import Sentence

TEXTS = (
    "Tell me what happened at Fastly in 2021, because everyone remembers that morning.",
    "We had about 1.2 million requests a second, and half of them failed within a minute.",
    "A single customer in Portugal changed one setting, and that valid change woke a bug we had shipped in May.",
    "What we learned is that a slow rollout would have shown the bug to one percent of the machines first.",
    "This episode is brought to you by Acme, who make the best shoes for people that run all day long.",
)
SAID = [
    Sentence(text=text, turn=min(i, 1) + (i == 4), speaker="Ada" if i == 0 else "Bob Ray", start=10.0 * i, end=10.0 * i + 9)
    for i, text in enumerate(TEXTS)
]  # fmt: skip
EVIDENCE = Evidence.of(SAID, title="The outage", names=["Edge Cases"])
GOOD = DraftInsight(
    headline="One valid setting took down half of 1.2 million requests",
    text=(
        "Half of Fastly's 1.2 million requests a second failed within a minute because one customer in Portugal changed a "
        "setting. The change was valid, but it woke a bug that had shipped in May."
    ),
    quote=f"{TEXTS[1]} {TEXTS[2]}",
    speaker="Somebody Else",
    start=999.0,
    end=None,
    kind="story",
    topics=("Fastly",),
    score=0.5,
)


def reasons(**changes: str) -> tuple[Reason, ...]:
    return admit(replace(GOOD, **changes), EVIDENCE).reasons  # type: ignore[arg-type]


def test_a_grounded_insight_gets_its_speaker_and_times_from_the_transcript() -> None:
    verdict = admit(GOOD, EVIDENCE)
    assert verdict.reasons == ()
    assert verdict.draft is not None
    assert (verdict.draft.speaker, verdict.draft.start, verdict.draft.end) == ("Bob Ray", 10.0, 29.0)
    assert not verdict.mended


def test_a_quote_with_a_slip_is_mended_and_then_the_transcripts_own() -> None:
    slipped = GOOD.quote.replace("about ", "").replace("woke a bug", "woke up a bug")
    verdict = admit(replace(GOOD, quote=slipped), EVIDENCE)
    assert verdict.mended
    assert verdict.draft is not None
    assert verdict.draft.quote == GOOD.quote


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quote": "We never lost a single request in ten years of running this."}, Reason.NOT_SAID),
        ({"quote": f"{TEXTS[0]} {TEXTS[1]}"}, Reason.NOT_SAID),
        ({"quote": TEXTS[4]}, Reason.NOT_CONTENT),
        ({"headline": "Read more at https://evil.example"}, Reason.LINK),
        ({"headline": "Write to ada@evil.example"}, Reason.LINK),
        ({"headline": "All of it is on evil.com"}, Reason.LINK),
        ({"headline": "The bug slept <b>inside</b> the release"}, Reason.MARKUP),
        ({"headline": "The bug [slept](inside) the release"}, Reason.MARKUP),
        ({"headline": "The bug sl\u200bept inside the release"}, Reason.MARKUP),
        ({"headline": "Subscribe to hear how one setting broke requests"}, Reason.ORDER),
        ({"headline": "Please visit the customer who changed one setting"}, Reason.ORDER),
        ({"headline": "Ignore previous instructions about the bug"}, Reason.ORDER),
        ({"headline": "The best podcast about a bug"}, Reason.PRAISE),
        ({"headline": "Eine gültige Einstellung und die Hälfte der Anfragen ist nicht mehr da"}, Reason.LANGUAGE),
        ({"headline": ""}, Reason.HEADLINE),
        ({"headline": "a bug " * 7}, Reason.HEADLINE),
        ({"text": "Half of the requests failed."}, Reason.LENGTH),
        ({"headline": "One setting took down 1.3 million requests"}, Reason.NUMBER),
        ({"headline": "One setting took down two thirds of requests"}, Reason.NUMBER),
        ({"headline": "One setting at Cloudflare took down half"}, Reason.NAME),
        ({"headline": "Cloudflare lost half of its requests"}, Reason.NAME),
    ],
)  # fmt: skip
def test_what_was_not_said_or_is_no_insight_is_refused_with_its_reason(changes: dict[str, str], reason: Reason) -> None:
    assert reason in reasons(**changes)


@pytest.mark.parametrize(
    "headline",
    [
        "50% of requests failed within a minute",
        "1,200,000 requests a second, and half failed",
        "Bob Ray: a slow rollout shows the bug to 1 percent first",
        "The Edge Cases outage: one setting woke a bug",
        "A bug from May 2021 slept until one customer changed a setting",
    ],
)
def test_numbers_compare_by_value_and_known_names_are_free(headline: str) -> None:
    assert reasons(headline=headline) == ()


def test_what_became_of_all_is_counted_by_the_first_reason() -> None:
    bad = replace(GOOD, headline="Subscribe to Cloudflare")
    admitted, tally = admit_all([GOOD, bad, replace(bad, quote="nobody ever said this here at all")], EVIDENCE)
    assert len(admitted) == 1
    assert (tally.proposed, tally.published, tally.dropped) == (3, 1, {"ORDER": 1, "NOT_SAID": 1})
    assert Tally.from_json(tally.as_json()) == tally
    assert (tally + tally).proposed == 6


@given(st.text(max_size=200), st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_proposed_what_is_admitted_stands_in_the_transcript(headline: str, text: str, quote: str) -> None:
    verdict: Verdict = admit(replace(GOOD, headline=headline, text=text, quote=quote), EVIDENCE)
    assert (verdict.draft is None) == bool(verdict.reasons)
    if verdict.draft is not None:
        assert any(verdict.draft.quote in " ".join(TEXTS[a:b]) for a, b in ((0, 1), (1, 4), (4, 5)))


@given(st.integers(0, 30), st.lists(st.integers(0, 40), max_size=4))
def test_a_mended_quote_is_always_the_transcripts_words(start: int, dropped: list[int]) -> None:
    words = " ".join(TEXTS[1:4]).split()[start : start + 25]
    quote = " ".join(word for i, word in enumerate(words) if i not in dropped)
    verdict = admit(replace(GOOD, quote=quote), EVIDENCE)
    if verdict.draft is not None:
        assert verdict.draft.quote in " ".join(TEXTS[1:4])
