"""Suggestions on the page of an entry, which is answered before they are there."""

import threading

import pytest
from django.urls import reverse

from lianqiao.lists import engine, preparing
from lianqiao.matching import nearness
from tests.matching.sides import sides

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 10


@pytest.fixture
def held(monkeypatch):
    """Whoever prepares the lists of a chain stays at it until this is set."""
    engine.SPACES.clear()
    nearness.PREPARED.clear()
    gate, usual = threading.Event(), nearness.prepared

    def prepared(*args, **kwargs):
        assert gate.wait(SOON)
        return usual(*args, **kwargs)

    monkeypatch.setattr(nearness, "prepared", prepared)
    yield gate
    gate.set()
    settle()


def settle():
    for work in list(preparing.WORK.values()):
        work.result(SOON)


def test_entry_suggestions_come_after_the_page(login, held):
    here = sides()
    client = login(here.held["office"])
    part = reverse("entry_suggestions", args=[here.need.pk])
    before = client.get(reverse("entry_detail", args=[here.need.pk])).content.decode()
    still = client.get(part, headers={"HX-Request": "true"}).content.decode()
    held.set()
    settle()
    after = client.get(part, headers={"HX-Request": "true"}).content.decode()
    offer = reverse("match_invite", args=[here.need.pk, here.offer.pk])

    assert [f'hx-get="{part}"' in text for text in (before, still, after)] == [True, True, False]
    assert [offer in text for text in (before, still, after)] == [False, False, True]
    assert client.get(part).url == reverse("entry_detail", args=[here.need.pk])
