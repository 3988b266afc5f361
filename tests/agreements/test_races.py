"""Sixteen people do the same thing to one agreement at the same moment."""

import os
import signal
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from lianqiao.agreements.actions import moves, signing
from lianqiao.agreements.actions.drafting import draft_from_pairing
from lianqiao.agreements.actions.keeping import keep
from lianqiao.agreements.actions.moves import reopen
from lianqiao.agreements.actions.reviewing import agree
from lianqiao.agreements.models import Agreement, Obligation, ObligationDate, Signature
from lianqiao.agreements.queries import parties_of
from lianqiao.core.audit import verify
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import Refused
from lianqiao.notices.models import Notice
from tests import factories as make
from tests.agreements import rows

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 16


def at_once(steps):
    """What became of each, sorted."""
    outcomes, start = [], threading.Barrier(len(steps))

    def run(step):
        start.wait()
        try:
            step()
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        except ValidationError as error:
            outcomes.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_sixteen_sign_for_two_parties_at_once_each_signs_once(pair):
    rows.match(pair)
    row = rows.final(pair)
    college, firm, party = parties_of(row)
    rows.sign(party)
    outcomes = at_once([lambda p=p: rows.sign(p) for p in (college, firm) for _n in range(THREADS // 2)])
    row.refresh_from_db()

    assert outcomes.count("done") == 2
    assert set(outcomes) <= {"done", "state_moved", "这一方已在这一版上签字。"}
    assert (row.state, Signature.objects.count(), Obligation.objects.count()) == ("signed", 3, 3)
    assert ObligationDate.objects.count() == 22
    assert AuditEntry.objects.filter(action="agreements.conclude").count() == 1


def test_sixteen_sign_and_one_reopens_no_signature_counts_for_another_text(pair):
    rows.match(pair)
    row = rows.final(pair)
    steps = [lambda p=p: rows.sign(p) for p in parties_of(row) for _n in range(5)]
    at_once([*steps, lambda: reopen(row, by=rows.SYSTEM, now=timezone.now())])
    row.refresh_from_db()
    live = Signature.objects.filter(voided_at=None).count()

    assert (row.state, live) in (("draft", 0), ("signed", 3))


def test_all_parties_agree_at_once_and_it_is_final_once(pair):
    rows.match(pair)
    row = rows.sent(pair)
    college, *others = parties_of(row)
    type(college).objects.filter(pk=college.pk).update(approved_version=1)
    now = timezone.now()
    steps = [
        lambda p=p: agree(p, by=rows.SYSTEM, now=now, version=1)
        for p in (college, *others)
        for _n in range(5)
    ]
    outcomes = at_once(steps)
    row.refresh_from_db()

    assert set(outcomes) <= {"done", "state_moved"}
    assert (row.state, row.serial) == ("final", 1)
    assert AuditEntry.objects.filter(action="agreements.finalise").count() == 1


def test_agreements_that_become_final_at_once_have_numbers_of_their_own(here, school, firm, party):
    made = []
    for _n in range(4):
        of = rows.pairing(here, school, None, make.member(here))
        rows.match(of)
        made.append(rows.sent(of))
    at_once([lambda row=row: rows.agree_all(row) for row in made])

    assert sorted(Agreement.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]


def test_one_pairing_is_drafted_once_by_sixteen(pair):
    now = timezone.now()
    outcomes = at_once([lambda: draft_from_pairing(pair, "other", by=rows.SYSTEM, now=now)] * THREADS)

    assert outcomes.count("done") == Agreement.objects.count() == 1
    # Whoever comes second is told so, on a database that lets both come as far as writing too.
    assert len(outcomes) == THREADS


def test_promise_is_kept_once_by_sixteen(pair):
    rows.match(pair)
    rows.signed(pair)
    first = ObligationDate.objects.first()
    facts = {"by": rows.SYSTEM, "now": timezone.now(), "done_on": make.today(), "note": "已办"}
    outcomes = at_once([lambda: keep(first, **facts)] * THREADS)

    assert outcomes == ["done"] + ["state_moved"] * (THREADS - 1)


@pytest.mark.parametrize("place", ["record", "conclude", "promise", "tell_parties"])
def test_last_signature_killed_in_the_middle_leaves_nothing_and_can_be_done_again(pair, place):
    rows.match(pair)
    row = rows.final(pair)
    *others, last = parties_of(row)
    for party in others:
        rows.sign(party)
    before = written()
    connections.close_all()

    child = os.fork()
    if not child:
        try:
            module = signing if place in ("record", "conclude") else moves
            real = getattr(module, place)

            def killed(*args, **facts):
                assert connection.in_atomic_block
                real(*args, **facts)
                os.kill(os.getpid(), signal.SIGKILL)

            setattr(module, place, killed)
            rows.sign(last)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)

    row.refresh_from_db()
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (row.state, written()) == ("final", before)
    rows.sign(last)
    row.refresh_from_db()
    assert (row.state, Signature.objects.count(), Obligation.objects.count()) == ("signed", 3, 3)
    assert verify().is_whole


def written():
    return [model.objects.count() for model in (Signature, Obligation, ObligationDate, AuditEntry, Notice)]
