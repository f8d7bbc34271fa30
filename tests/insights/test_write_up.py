from takefive.insights.clean import begun
from takefive.insights.passages import passage_of
from takefive.insights.write_up import core, write_up
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Segment, Sentence, TimedText

TALK = (
    "Our invoices came from one script that nobody had touched since the company was founded by two students. "
    "And so they went and looked at it for a while, and it took them the better part of a summer. "
    "Old invoice scripts fail silently and cost real money. "
    "It had dropped every customer whose name was longer than thirty letters, and that made up about a tenth of them."
)


def said() -> list[Sentence]:
    return sentences(TimedText(segments=(Segment(text=TALK, speaker="Ada Lovelace", start=0.0, end=40.0),)))


def test_a_passage_grows_by_the_sentence_that_says_it_best_and_its_quote_with_it() -> None:
    sentence = said()
    found = write_up([passage_of(sentence, 0, 1)], sentence)
    assert [draft.headline for draft in found] == ["Old invoice scripts fail silently and cost real money"]
    assert "Old invoice scripts fail silently and cost real money." in found[0].quote
    assert "Old invoice scripts fail silently and cost real money." in found[0].text


def test_no_two_insights_share_a_sentence() -> None:
    sentence = said()
    found = write_up([passage_of(sentence, 0, 2), passage_of(sentence, 2, 3)], sentence)
    assert len(found) == 1


def test_the_sentence_of_the_headline_is_in_the_text() -> None:
    sentence = said()
    first, last = core(passage_of(sentence, 0, 3), sentence, 3)
    assert first <= 3 <= last


def test_a_text_opens_without_the_word_that_ties_it_to_what_came_before() -> None:
    assert begun("And so the cost of a chip fell.") == "The cost of a chip fell."
    assert begun("But, yeah, tests pay off.") == "Tests pay off."
    assert begun("No amount of work helps.") == "No amount of work helps."
    assert begun("And no amount of work helps.") == "No amount of work helps."
    assert begun("So far nobody knows.") == "So far nobody knows."
    assert begun("Because of the rain we stayed.") == "Because of the rain we stayed."
