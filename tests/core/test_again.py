"""A change that PostgreSQL gave up because two waited for each other is made again, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory

from lianqiao.core.actor import at_the_terminal
from lianqiao.core.again import TIMES, again
from lianqiao.core.audit import record
from lianqiao.core.models import AuditEntry
from lianqiao.core.writing import locked
from tests import factories as make

BY = at_the_terminal("test")


class Given(Exception):
    sqlstate = "40P01"


def given_up():
    error = OperationalError("deadlock detected")
    error.__cause__ = Given()
    return error


def asked():
    return RequestFactory().post("/")


@pytest.mark.django_db
def test_again_until_it_is_made():
    tries = []

    @again
    def view(request):
        tries.append(1)
        with transaction.atomic():
            record(BY, "test")
            if len(tries) < TIMES:
                raise given_up()
        return "made"

    assert view(asked()) == "made"
    assert (len(tries), AuditEntry.objects.filter(action="test").count()) == (TIMES, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [given_up(), OperationalError("the server is gone")])
def test_again_not_where_something_of_it_stayed_or_the_error_is_another(error):
    tries = []

    @again
    def view(request):
        tries.append(1)
        if error.__cause__:
            record(BY, "test")
        raise error

    with pytest.raises(OperationalError):
        view(asked())
    assert len(tries) == 1


@pytest.mark.django_db(transaction=True)
def test_two_that_lock_two_rows_the_other_way_round_are_both_made():
    rows = [make.chain(), make.chain()]
    meet = Barrier(2, timeout=2)

    @again
    def view(request, order):
        with transaction.atomic():
            locked(order[0])
            # SQLite lets one write at a time: the second comes when the first has ended.
            with suppress(BrokenBarrierError):
                meet.wait()
            locked(order[1])
            record(BY, "test")

    def one(order):
        try:
            view(asked(), order)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, [rows, rows[::-1]]))

    assert AuditEntry.objects.filter(action="test").count() == 2
