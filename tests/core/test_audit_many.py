"""Many entries of the audit trail at once: the same trail as one by one."""

import pytest

from lianqiao.core.actor import at_the_terminal
from lianqiao.core.audit import record, record_many, verify
from lianqiao.core.models import AuditEntry, AuditHead
from tests import factories as make

TERMINAL = at_the_terminal("test")


@pytest.mark.django_db
def test_record_many_appends_one_entry_for_each_and_keeps_the_chain_whole():
    first, second = make.organisation("甲公司"), make.organisation("乙公司")
    before = AuditEntry.objects.count()

    count = record_many(TERMINAL, "test.seen", ((row, None, {"name": row.name}) for row in (first, second)))
    record(TERMINAL, "test.seen", first)

    told = list(AuditEntry.objects.order_by("id").values_list("subject_label", "after"))[before:]
    assert count == 2
    assert told == [("甲公司", '{"name":"甲公司"}'), ("乙公司", '{"name":"乙公司"}'), ("甲公司", "")]
    assert verify().is_whole
    assert AuditHead.objects.get(pk=1).last_id == before + 3


@pytest.mark.django_db
def test_record_many_of_nothing_leaves_the_trail_as_it_is():
    record(TERMINAL, "test.seen", about="x")
    head = str(AuditHead.objects.get(pk=1))

    assert record_many(TERMINAL, "test.seen", []) == 0
    assert str(AuditHead.objects.get(pk=1)) == head
