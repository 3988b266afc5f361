import pytest

from .annotated import Annotated, captured, entries_missed_and_made_up, pairs_missed_and_made_up, texts_of

ALL = [text for half in ("first", "second", "third", "fourth", "fifth") for text in texts_of(half)]
each_text = pytest.mark.parametrize("annotated", ALL, ids=[text.name for text in ALL])


def test_there_are_texts_of_every_sort():
    assert len(ALL) >= 40


@each_text
def test_what_is_found_stands_in_the_text_where_it_says(annotated: Annotated):
    found = captured(annotated)

    for one in (*found.entries, *found.agreements, *found.activities):
        assert annotated.text[one.offset :].startswith(one.sentence)
        assert one.sentence.strip() == one.sentence != ""


@each_text
def test_pairs_are_those_that_were_signed_and_no_others(annotated: Annotated):
    assert pairs_missed_and_made_up(annotated, captured(annotated)) == ([], [])


@each_text
def test_entries_are_those_that_somebody_said(annotated: Annotated):
    assert entries_missed_and_made_up(annotated, captured(annotated)) == ([], [])


def test_texts_of_other_kinds_are_read_as_well_as_they_were():
    """Minutes of an office, logs, other cities' news and colloquial chats: what is missed or made up stays so rare."""
    texts = texts_of("sixth")
    faults = [entries_missed_and_made_up(text, captured(text)) for text in texts]

    assert sum(len(text.of("entry")) for text in texts) == 54
    assert sum(len(missed) for missed, _ in faults) <= 11
    assert sum(len(made_up) for _, made_up in faults) <= 8
    assert [pairs_missed_and_made_up(text, captured(text)) for text in texts] == [([], [])] * len(texts)


@each_text
def test_organisations_and_their_kinds(annotated: Annotated):
    found = {(one.kind, one.name) for one in captured(annotated).organisations if one.kind != "party_branch"}

    assert found == {tuple(fact) for fact in annotated.of("organisation")}


@each_text
def test_agreements_have_their_parties_as_the_text_calls_them(annotated: Annotated):
    found = {frozenset(one.parties) for one in captured(annotated).agreements}

    assert {frozenset(parties) for parties in annotated.of("agreement")} <= found


@each_text
def test_activities_have_their_day_and_place(annotated: Annotated):
    found = {
        (one.period.first.isoformat() if one.period and one.period.first else "", one.place)
        for one in captured(annotated).activities
    }

    assert found == {tuple(fact) for fact in annotated.of("activity")}
