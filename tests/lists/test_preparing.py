"""What is near to an entry is prepared beside the pages: nobody waits for it, and it comes afterwards."""

import threading
import time

import pytest
from django.db import transaction
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.lists import coach, engine, preparing
from lianqiao.lists.coach import counterparts_of, similar_to
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
SEEKS = {"title": "铝板幕墙深化设计", "description": "需要三名幕墙深化设计人员，会用BIM软件"}
GIVES = {"title": "幕墙深化设计师资", "description": "教师五名，可带学生做幕墙深化设计"}
SOON = 10


@pytest.fixture
def need(here):
    return make.entry("need", on=here, **SEEKS)


@pytest.fixture
def offer(here):
    return make.entry("resource", on=here, **GIVES)


@pytest.fixture
def held(monkeypatch):
    """Whoever prepares a list stays at it until this is set; how often one began is kept."""
    gate = threading.Event()
    gate.begun = []
    usual = coach.records_of

    def records_of(rows):
        gate.begun.append(rows.query.model)
        assert gate.wait(SOON)
        return usual(rows)

    monkeypatch.setattr(coach, "records_of", records_of)
    yield gate
    gate.set()
    settle()


def settle():
    for work in list(preparing.WORK.values()):
        work.result(SOON)


def test_page_is_answered_while_the_lists_are_prepared_and_its_part_comes_afterwards(
    login, here, need, offer, held
):
    client = login(make.position(Role.ENTERPRISE_CONTACT, here))
    part = reverse("entry_near", args=[need.pk])
    before = client.get(reverse("entry_detail", args=[need.pk])).content.decode()
    still = client.get(part, headers={"HX-Request": "true"}).content.decode()
    held.set()
    settle()
    after = client.get(part, headers={"HX-Request": "true"}).content.decode()

    assert [f'hx-get="{part}"' in text for text in (before, still, after)] == [True, True, False]
    assert [offer.title in text for text in (before, still, after)] == [False, False, True]


def test_the_link_without_scripts_leads_to_the_page_of_the_entry(login, here, need):
    answer = login(make.position(Role.ENTERPRISE_CONTACT, here)).get(reverse("entry_near", args=[need.pk]))

    assert answer.url == reverse("entry_detail", args=[need.pk])


def test_nobody_waits_for_a_list_and_it_is_prepared_once(office, need, offer, held):
    began = time.monotonic()
    answers = [counterparts_of(need, office) for _ in range(4)]

    assert (answers, len(held.begun)) == ([None] * 4, 1)
    assert time.monotonic() - began < 8 * preparing.AT_ONCE + 1


def test_who_needs_the_answer_waits_for_it(office, need, offer):
    twin = make.entry("need", on=need.chain, **SEEKS)

    assert [near.entry for near in similar_to(need, office, wait=None)] == [twin]


def test_a_list_that_changed_is_answered_from_as_it_was_without_what_is_over(office, need, offer, held):
    held.set()
    counterparts_of(need, office)
    settle()
    held.clear()
    late = make.entry("resource", on=need.chain, **GIVES)
    [known] = engine.SPACES.items.values()
    known.seconds = 0
    meanwhile = [near.entry for near in counterparts_of(need, office)]
    offer.state = "withdrawn"
    offer.save()
    without = counterparts_of(need, office)
    held.set()
    settle()

    assert (meanwhile, without) == ([offer], [])
    assert [near.entry for near in counterparts_of(need, office)] == [late]


def test_in_a_transaction_the_list_holds_what_was_written_in_it(office, need):
    with transaction.atomic():
        offer = make.entry("resource", on=need.chain, **GIVES)

        assert [near.entry for near in counterparts_of(need, office)] == [offer]


def test_what_cannot_be_prepared_is_told_to_who_waits_and_tried_again(caplog):
    def fails():
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            preparing.is_prepared("a list", fails, None)

    assert caplog.text.count("a list could not be prepared") == 2
    assert preparing.WORK == {}
