"""`/api/audit` and `/api/audit/verify`: whoever changes the trail by SQL is found, at the first wrong entry."""

import pytest
from django.db import connection

from lianqiao.core import audit
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
ENTRY = "core_auditentry"
HEAD = "core_audithead"


@pytest.fixture
def auditor(caller):
    program = caller(make.position(Role.AUDITOR))
    for name in ("一", "二", "三", "四", "五", "六", "七"):
        audit.record(make.actor_of(make.position(Role.AUDITOR)), "login", after={"login": name})
    return program


def sql(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def verdict(program, **query):
    answer = program.get("/audit/verify", **query)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    return told["whole"], told["bad"], told["problem"]


def test_whole_trail_is_told_with_its_head(auditor):
    head = audit.head()

    answer = auditor.get("/audit/verify").json()

    assert answer == {
        "whole": True,
        "entries": AuditEntry.objects.count(),
        "head": head,
        "bad": None,
        "problem": "",
    }
    assert verdict(auditor, head=head) == (True, None, "")


def test_system_administrator_may_verify_but_not_read(caller):
    admin = caller(make.position(Role.SYSTEM_ADMIN))

    assert verdict(admin) == (True, None, "")
    assert admin.get("/audit").status_code == 403


@pytest.mark.parametrize(
    ("statements", "bad", "problem"),
    [
        ([f"UPDATE {ENTRY} SET name = 'x' WHERE id = 4"], 4, "edited"),
        ([f"UPDATE {ENTRY} SET after = after || ' ' WHERE id = 3"], 3, "edited"),
        ([f"DELETE FROM {ENTRY} WHERE id = 4"], 4, "missing"),
        ([f"DELETE FROM {ENTRY} WHERE id = 1"], 1, "missing"),
        (
            [
                f"UPDATE {ENTRY} SET id = 1000 WHERE id = 3",
                f"UPDATE {ENTRY} SET id = 3 WHERE id = 5",
                f"UPDATE {ENTRY} SET id = 5 WHERE id = 1000",
            ],
            3,
            "edited",
        ),
        (
            [
                f"INSERT INTO {ENTRY} SELECT 1000, at, request_id, person_id, name, position_id, position_label, "
                f"network, action, subject_type, subject_id, subject_label, before, after, previous, hash "
                f"FROM {ENTRY} WHERE id = 2"
            ],
            1000,
            "inserted",
        ),
        ([f"DELETE FROM {ENTRY} WHERE id > 5"], 6, "truncated"),
        ([f"DELETE FROM {ENTRY}"], 1, "truncated"),
    ],
    ids=[
        "edit",
        "edit_of_a_blank",
        "deletion",
        "deletion_of_the_first",
        "swap",
        "insertion",
        "truncation",
        "all",
    ],
)
def test_change_by_sql_is_found_at_the_first_wrong_entry(auditor, statements, bad, problem):
    sql(*statements)

    assert verdict(auditor) == (False, bad, problem)


def test_truncation_that_also_moved_the_head_is_found_by_a_head_noted_outside(auditor):
    noted = audit.head()
    sql(
        f"DELETE FROM {ENTRY} WHERE id > 5",
        f"UPDATE {HEAD} SET last_id = 5, hash = (SELECT hash FROM {ENTRY} WHERE id = 5)",
    )

    assert verdict(auditor) == (True, None, "")
    assert verdict(auditor, head=noted) == (False, 6, "truncated")


@pytest.mark.parametrize(
    "head", ["x", "5", "5:abc", "-1:" + "0" * 64, "²:" + "0" * 64, "9" * 20 + ":" + "0" * 64]
)
def test_head_that_is_none_is_refused_by_name(auditor, head):
    answer = auditor.get("/audit/verify", head=head)

    assert (answer.status_code, list(answer.json().get("fields", {}))) in [(422, ["head"]), (200, [])]


def test_audit_list_tells_newest_first_and_filters(auditor):
    told = auditor.get("/audit", action="login", limit=2).json()

    assert [row["after"] for row in told["items"]] == [{"login": "七"}, {"login": "六"}]
    assert told["total"] == 7
    assert auditor.get("/audit", until="2020-01-01").json()["total"] == 0
    assert auditor.get("/audit", since=str(make.today())).json()["total"] == AuditEntry.objects.count()
