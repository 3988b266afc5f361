"""What waits for whom, on the home page."""

import pytest

from lianqiao.agreements.models import ObligationDate
from lianqiao.agreements.queries import parties_of
from lianqiao.portal.todos import agreement_todos
from tests import factories as make
from tests.agreements import rows

pytestmark = pytest.mark.django_db


def codes(who):
    return [todo.code for todo in agreement_todos(make.actor_of(who), make.today())]


def test_text_under_review_waits_for_the_parties_then_for_the_school(
    pair, office, staff, contact, teacher, coordinator
):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    before = [codes(who) for who in (staff, contact, teacher, coordinator)]
    college = parties_of(row)[0]
    type(college).objects.filter(pk=college.pk).update(agreed_version=1)

    assert before == [["agreement_to_answer"]] * 3 + [[]]
    assert [codes(who) for who in (teacher, coordinator)] == [[], ["agreement_to_approve"]]


def test_final_text_waits_for_signatures(pair, office, staff, contact, teacher):
    rows.match(pair)
    row = rows.final(pair, by=office)
    rows.sign(parties_of(row)[1])

    assert [codes(who) for who in (staff, contact, teacher)] == [
        ["agreement_to_sign"],
        [],
        ["agreement_to_sign"],
    ]


def test_promise_that_is_due_soon_waits_for_who_owes_it(pair, office, staff, contact):
    rows.match(pair)
    rows.signed(pair, by=office)
    ObligationDate.objects.update(state="done", done_on=make.today())
    first = ObligationDate.objects.first()
    ObligationDate.objects.filter(pk=first.pk).update(state="due", due_on=make.today())

    assert [codes(who) for who in (staff, contact)] == [["obligation_due"], ["obligation_due"]]


def test_home_names_what_waits(login, pair, office, contact):
    rows.match(pair)
    row = rows.sent(pair, by=office)

    assert f"“{row.title}”等您看过后表示意见" in login(contact).get("/").content.decode()
