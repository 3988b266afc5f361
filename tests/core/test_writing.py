import json
import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from lianqiao.core.actor import Role
from lianqiao.core.audit import record
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted, Stale, StateMoved
from lianqiao.core.writing import locked
from lianqiao.registry.actions.organisations import add_organisation, close_organisation, edit_organisation
from lianqiao.registry.models import Organisation
from tests import factories as make


def test_change_audits_who_position_what_before_and_after(db):
    on = make.chain()
    staff = make.actor(Role.OFFICE_STAFF, on)
    row = make.member(on, "云川宏达建设有限公司")

    edit_organisation(row, by=staff, size="small")

    entry = AuditEntry.objects.get(action="registry.edit_organisation")
    assert (entry.person_id, entry.position_id, entry.subject_label) == (
        staff.person_id,
        staff.position_id,
        "云川宏达建设有限公司",
    )
    assert (json.loads(entry.before), json.loads(entry.after)) == ({"size": ""}, {"size": "small"})


def test_change_of_a_name_tells_the_name_and_not_the_search_text_made_from_it(db):
    on = make.chain()
    row = make.member(on, "云川宏达建设有限公司")

    edit_organisation(row, by=make.actor(Role.OFFICE_STAFF, on), name="云川鸿基建设有限公司")

    entry = AuditEntry.objects.get(action="registry.edit_organisation")
    assert json.loads(entry.after) == {"name": "云川鸿基建设有限公司"}


def test_change_that_changes_nothing_leaves_no_entry(db):
    on = make.chain()
    row = make.member(on)

    edit_organisation(row, by=make.actor(Role.OFFICE_STAFF, on), size="")

    assert not AuditEntry.objects.exists()


def test_change_after_somebody_else_is_refused_as_stale(db):
    on = make.chain()
    staff = make.actor(Role.OFFICE_STAFF, on)
    row = make.member(on)
    edit_organisation(row, by=staff, size="small", seen=0)

    with pytest.raises(Stale):
        edit_organisation(row, by=staff, size="large", seen=0)
    assert Organisation.objects.get(pk=row.pk).size == "small"


def test_change_refused_by_validation_writes_nothing(db):
    on = make.chain()
    row = make.member(on)

    with pytest.raises(ValidationError):
        edit_organisation(row, by=make.actor(Role.OFFICE_STAFF, on), credit_code="123", size="small")
    assert (Organisation.objects.get(pk=row.pk).size, AuditEntry.objects.count()) == ("", 0)


def test_creation_without_permission_writes_nothing(db):
    contact = make.actor(Role.ENTERPRISE_CONTACT)
    before = Organisation.objects.count()

    with pytest.raises(NotPermitted):
        add_organisation(name="云川新城建设有限公司", by=contact)
    assert Organisation.objects.count() == before


def test_move_that_was_made_already_is_refused(db):
    on = make.chain()
    staff = make.actor(Role.OFFICE_STAFF, on)
    row = make.member(on)
    close_organisation(row, by=staff)

    with pytest.raises(StateMoved):
        close_organisation(row, by=staff)


@pytest.mark.django_db(transaction=True)
def test_move_made_by_two_at_once_happens_once():
    on = make.chain()
    staff = make.actor(Role.OFFICE_STAFF, on)
    row = make.member(on)
    outcomes: list[str] = []

    def close() -> None:
        try:
            close_organisation(row, by=staff)
            outcomes.append("closed")
        except StateMoved:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=close) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(outcomes) == ["closed", "refused", "refused", "refused"]
    assert AuditEntry.objects.filter(action="registry.close_organisation").count() == 1


def test_row_of_a_locked_chain_is_written_while_its_holder_goes_on(transactional_db):
    """Both tell the audit trail: whoever comes to its head first must not have to wait for the other."""
    on, outcomes = make.chain(), []
    office, contact = make.actor(Role.OFFICE_STAFF, on), make.actor(Role.OFFICE_STAFF, on)
    start = threading.Barrier(2)
    record(office, "core.start_job", on)

    def step(work):
        start.wait()
        try:
            with transaction.atomic():
                work()
            outcomes.append("done")
        except OperationalError as error:
            outcomes.append(str(error))
        finally:
            connection.close()

    def hold():
        locked(on)
        time.sleep(0.3)
        record(office, "core.start_job", on)

    def refer():
        make.segment(on)
        record(contact, "core.start_job", on)
        time.sleep(0.6)

    threads = [threading.Thread(target=step, args=[work]) for work in (hold, refer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == ["done", "done"]
