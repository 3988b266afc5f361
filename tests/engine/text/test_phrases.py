import pytest

from lianqiao_engine.text.phrases import Phrases


def test_found_gives_every_occurrence_the_longest_of_a_place_first():
    phrases = Phrases(["工程", "工程造价", "造价", "造价员"])

    assert list(phrases.found("工程造价员")) == [(0, "工程造价"), (0, "工程"), (2, "造价员"), (2, "造价")]


def test_apart_gives_no_two_that_overlap():
    phrases = Phrases(["工程", "工程造价", "造价", "造价员"])

    assert list(phrases.apart("工程造价员")) == [(0, "工程造价")]


def test_found_in_a_text_that_ends_within_a_phrase_is_nothing():
    assert list(Phrases(["工程造价"]).found("工程")) == []


def test_phrases_of_one_character_are_refused():
    with pytest.raises(ValueError, match="two characters"):
        Phrases(["楼"])


@pytest.mark.parametrize(
    ("text", "found"), [("会用BI做报表", True), ("会用BIM建模", False), ("3DBI", False), ("BI", True)]
)
def test_letters_are_found_as_whole_words_only(text, found):
    assert bool(list(Phrases(["BI"]).found(text))) is found
