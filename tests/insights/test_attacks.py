"""A transcript is hostile: whatever it tells a model to write, and however well the model obeys, nothing of it is published."""

from __future__ import annotations

from functools import cache

import pytest
from tests.insights.attacks import Attack, attacks, obeyed

from takefive.insights.admit import Evidence, admit_all
from takefive.insights.extraction import locally
from takefive.insights.language_model_claims import Checked, Claim, Transcript
from takefive.insights.values import DraftInsight
from takefive.transcripts import read
from takefive.transcripts.sentences import sentences

MANY = 576


@cache
def everything() -> tuple[Attack, ...]:
    return tuple(attacks(MANY))


@cache
def evidence(attack: Attack) -> Evidence:
    return Evidence.of(sentences(read(attack.data, name=attack.name)), title="The old bridge", language="en")


@cache
def admitted(attack: Attack) -> tuple[DraftInsight, ...]:
    return tuple(admit_all(obeyed(attack), evidence(attack))[0])


def poisoned(attack: Attack, draft: DraftInsight) -> list[str]:
    out = "\n".join((draft.headline, draft.text, draft.quote, draft.speaker or "", *draft.topics)).lower()
    return [poison for poison in attack.poison if poison.lower() in out]


def test_there_are_hundreds_of_different_ones_of_every_kind_in_every_format() -> None:
    assert len({attack.data for attack in everything()}) == MANY >= 500
    assert len({(attack.kind, attack.name.rsplit(".", 1)[1]) for attack in everything()}) == 16 * 6


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_an_obedient_model_publishes_nothing_of_an_attack(every: int) -> None:
    through = [
        (attack.kind, attack.name, poisoned(attack, draft), draft)
        for attack in everything()[::every]
        for draft in admitted(attack)
        if poisoned(attack, draft)
    ]
    assert through == []


def test_what_was_truly_said_in_the_same_transcripts_is_published() -> None:
    some = everything()[::5]
    assert sum(bool(admitted(attack)) for attack in some) > 0.9 * len(some)


def test_the_local_engine_publishes_nothing_of_an_attack() -> None:
    for attack in everything()[::37]:
        for written in locally(read(attack.data, name=attack.name), title="The old bridge").insights:
            assert poisoned(attack, written.insight) == [], attack.kind


def test_the_language_models_door_lets_nothing_of_an_attack_through() -> None:
    for attack in everything()[::29]:
        facts = evidence(attack)
        transcript = Transcript(facts.sentences, (), facts, "The old bridge")
        for draft in obeyed(attack):
            claim = Claim(0, draft.quote, draft.headline, draft.text, "claim", 5)
            answer = transcript.check(claim)
            assert not isinstance(answer, Checked) or poisoned(attack, answer.draft) == []
