from takefive.insights.training.measure import WordIndex, figures, interval

REFERENCES = [((0, 40), 5), ((100, 140), 3)]


def test_a_passage_hits_when_half_of_the_shorter_run_is_shared_and_each_reference_only_once() -> None:
    row = figures(REFERENCES, [(0, 40), (10, 50), (120, 180), (130, 131), None])
    assert row.p5 == 2 / 5
    assert row.r12 == 1.0
    assert row.not_verbatim == 1


def test_a_passage_over_ninety_words_is_cut() -> None:
    assert figures(REFERENCES, [(20, 400)]).p5 == 1 / 5
    assert figures([((200, 240), 4)], [(0, 400)]).p5 == 0.0


def test_bracketed_marks_and_typography_do_not_count() -> None:
    index = WordIndex(r"It’s \[04:04\] a fee market \[laughs\] now, friends.")
    assert index.find("it's a fee market now") == (0, 5)
    assert index.find("a fee market then now") is None
    assert index.find("a fee") is None


def test_the_interval_holds_the_mean() -> None:
    low, high = interval([0.0, 0.2, 0.4, 0.6, 0.4])
    assert low <= 0.32 <= high
