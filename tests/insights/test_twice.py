from dataclasses import replace

from takefive.insights.admit import Evidence, Reason, admit_all
from takefive.insights.twice import each_point_once, same_point
from takefive.insights.values import DraftInsight
from takefive.transcripts.values import Sentence

ROLLOUT = DraftInsight(
    headline="A slow rollout would have shown the bug",
    text="Half of the requests failed because a valid change reached every machine at once. Sent to one percent first, the change "
    "would have failed where nobody minded.",
    quote="If we had sent the change to one percent of the machines first, the bug would have failed where nobody minded it.",
    speaker="Ada", start=10.0, end=19.0, kind="claim", topics=(), score=0.9,
)  # fmt: skip
AGAIN = replace(
    ROLLOUT,
    headline="Sending the change to one percent first would have shown the bug",
    text="A valid change went to every machine at once, and half of the requests failed. If one percent of the machines had got it "
    "first, it would have failed where nobody minded.",
    quote="So again, one percent of the machines, that is all I ask, and this outage stays a footnote that nobody has to write up.",
    start=900.0,
)  # fmt: skip
OTHER = replace(
    ROLLOUT,
    headline="The on-call engineer was asleep because the pager was muted",
    text="The first alarm went to a phone that its owner had silenced for a school play, so twelve minutes passed before anyone "
    "looked at the dashboards that had turned red.",
    quote="Her phone was silent because of the school play, so for twelve minutes nobody looked at the dashboards at all.",
)  # fmt: skip


def test_the_same_claim_at_two_places_is_one_point_and_two_claims_are_two() -> None:
    assert same_point(ROLLOUT, AGAIN)
    assert not same_point(ROLLOUT, OTHER)


def test_two_claims_on_the_same_words_are_one_point() -> None:
    assert same_point(ROLLOUT, replace(OTHER, quote=ROLLOUT.quote + " Truly."))


def test_of_each_point_the_first_stays() -> None:
    assert each_point_once([ROLLOUT, OTHER, AGAIN], lambda draft: draft) == [ROLLOUT, OTHER]


def test_the_door_lets_each_point_in_once_and_counts_the_rest() -> None:
    said = [
        Sentence(text="Half of the requests failed, since the valid change reached every machine at once.", turn=0),
        *(Sentence(text=draft.quote, turn=0) for draft in (ROLLOUT, OTHER, AGAIN)),
    ]
    admitted, tally = admit_all([ROLLOUT, OTHER, AGAIN], Evidence.of(said))
    assert [draft.headline for draft in admitted] == [ROLLOUT.headline, OTHER.headline]
    assert tally.dropped == {Reason.TWICE.name: 1}
