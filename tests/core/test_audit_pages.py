import pytest
from django.urls import reverse
from django.utils.html import escape

from lianqiao.core.actor import Role
from lianqiao.core.audit import head, record
from lianqiao.core.models import AuditEntry
from lianqiao.core.permissions import LABELS
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(login):
    """One change of an organisation by the office, and its entry."""
    staff = make.position(Role.OFFICE_STAFF)
    row = make.member(staff.chain, "云川宏达建设有限公司")
    login(staff).post(reverse("organisation_close", args=[row.pk]))
    return AuditEntry.objects.get(action="registry.close_organisation")


@pytest.mark.parametrize("rows", [1, 3])
def test_audit_list_same_number_of_queries(login, changed, django_assert_num_queries, rows):
    client = login(make.position(Role.AUDITOR))
    for _ in range(rows):
        client.get(reverse("audit_list") + "?export=xlsx")

    with django_assert_num_queries(11):
        client.get(reverse("audit_list"))


def test_audit_list_shows_the_head_to_note_and_filters_by_action(login, changed):
    client = login(make.position(Role.AUDITOR))

    page = client.get(reverse("audit_list"), {"action": "registry.close_organisation"})

    assert head() in page.content.decode()
    assert list(page.context["listing"].page.object_list) == [changed]


def changes(page) -> list[tuple[str, str, str]]:
    return [(str(label), before, after) for label, before, after in page.context["happening"].changes]


def test_audit_detail_says_before_and_after_in_words_and_keeps_them_as_they_were_written(login, changed):
    page = login(make.position(Role.AUDITOR)).get(reverse("audit_detail", args=[changed.pk]))

    assert changes(page) == [("状态", "正常", "已注销")]
    assert "{&quot;state&quot;:&quot;closed&quot;}" in page.content.decode()


def test_audit_detail_of_a_new_row_names_the_rows_it_points_to(login):
    staff = make.position(Role.OFFICE_STAFF)
    segment = make.segment(staff.chain, "勘察设计")
    row = make.organisation("云川宏达建设有限公司", registered_by=staff.organisation)
    joining = {"organisation": row.pk, "chain": staff.chain.pk, "segments": [segment.pk]}
    login(staff).post(reverse("membership_add"), joining | {"starts_on": "2024-03-01"})
    entry = AuditEntry.objects.get(action="registry.add_membership")

    page = login(make.position(Role.AUDITOR)).get(reverse("audit_detail", args=[entry.pk]))

    assert changes(page) == [
        ("产业链", "", staff.chain.name),
        ("单位", "", "云川宏达建设有限公司"),
        ("加入日期", "", "2024-03-01"),
        ("链环节", "", "勘察设计"),
    ]


def test_audit_detail_of_a_row_that_is_gone_says_its_number(login):
    staff = make.position(Role.OFFICE_STAFF)
    row = make.membership(staff.chain, make.organisation())
    entry = record(make.actor_of(staff), "registry.end_membership", row, before={"unit_id": 77})

    page = login(make.position(Role.AUDITOR)).get(reverse("audit_detail", args=[entry.pk]))

    assert changes(page) == [("二级单位", "编号 77", "")]


@pytest.mark.parametrize(
    ("written", "shown"),
    [("2026-03-02T01:30:00Z", "2026-03-02 09:30"), ("2026-99-99T01:30:00Z", "2026-99-99T01:30:00Z")],
)
def test_audit_detail_tells_a_moment_by_the_clock_of_the_office(login, written, shown):
    person = make.person()
    entry = record(make.actor(Role.SYSTEM_ADMIN), "login", person, after={"last_login": written})

    page = login(make.position(Role.AUDITOR)).get(reverse("audit_detail", args=[entry.pk]))

    assert changes(page) == [("上次登录", "", shown)]


def test_audit_detail_tells_of_a_secret_only_that_it_changed(login):
    staff = make.position(Role.OFFICE_STAFF)
    changed = {"phone": "…8282d193", "state": "suspended", "epoch": 2}
    entry = record(make.actor_of(staff), "accounts.suspend", staff.person, before={}, after=changed)

    page = login(make.position(Role.AUDITOR)).get(reverse("audit_detail", args=[entry.pk]))

    assert sorted(changes(page)) == [
        ("手机号", "", "已隐去（指纹 …8282d193）"),
        ("状态", "", "已停用"),
        ("登录作废次数", "", "2"),
    ]


@pytest.mark.parametrize("kind", ["", "registry.nosuchmodel", "nonsense"])
def test_audit_detail_of_something_without_a_row_tells_its_facts(login, kind):
    staff = make.position(Role.OFFICE_STAFF)
    facts = {"permission": "registry.close_organisation", "rows": 3, "else": [True, {"a": 1}], "none": None}
    entry = record(make.actor_of(staff), "refused", after=facts, about="/audit")
    AuditEntry.objects.filter(pk=entry.pk).update(subject_type=kind)

    page = login(make.position(Role.AUDITOR)).get(reverse("audit_detail", args=[entry.pk]))

    assert changes(page) == [
        ("else", "", '是、{"a": 1}'),
        ("none", "", ""),
        ("权限", "", str(LABELS["registry.close_organisation"])),
        ("行数", "", "3"),
    ]


@pytest.mark.parametrize(
    "text", ["no json", "[1]", '{"state":["open",{"a":1}]}', f'{{"registered_by_id":{9**30}}}', '{"x":null}']
)
def test_audit_detail_of_an_entry_that_was_tampered_with_is_shown_as_it_is(login, changed, text):
    AuditEntry.objects.filter(pk=changed.pk).update(before=text)

    page = login(make.position(Role.AUDITOR)).get(reverse("audit_detail", args=[changed.pk]))

    assert f"<code>{escape(text)}</code>" in page.content.decode()


def test_audit_detail_for_others_is_refused(login, changed):
    assert (
        login(make.position(Role.OFFICE_ADMIN)).get(reverse("audit_detail", args=[changed.pk])).status_code
        == 403
    )
