"""Organisations that the register does not know are registered without leaving the import, and taken back with it."""

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.audit import verify
from lianqiao.core.models import AuditEntry
from lianqiao.lists.imports.actions.registering import CannotBeRegistered, register_names
from lianqiao.lists.models import Entry, Import
from lianqiao.registry.models import Organisation
from tests import factories as make
from tests.lists.test_import_pages import row, sent
from tests.lists.workbooks import chain_with_words, checked, needs, office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def on():
    on = chain_with_words()
    make.member(on, "云川博智工程咨询有限公司")
    return on


@pytest.fixture
def client(on, login):
    """Of somebody of the office who has uploaded rows of three organisations that nobody knows."""
    client = login(make.position(Role.OFFICE_STAFF, on))
    rows = [row("新来的建筑公司"), row("云川幕墙学院", "可派教师"), row("云川博智工程咨间有限公司", "要人")]
    client.post(reverse("import_add"), sent(needs(*rows), on))
    return client


def posted(client, *names: str):
    imported = Import.objects.get()
    url = reverse("import_register", args=[imported.pk])
    rows = client.get(url).context["rows"]
    return client.post(url, {line["add"].html_name: "on" for line in rows if line["name"].name in names})


def test_import_register_names_likely_duplicates_beside_each_and_ticks_those_without(client):
    rows = client.get(reverse("import_register", args=[Import.objects.get().pk])).context["rows"]

    told = [
        (line["name"].name, line["add"].value(), line["kind"].value(), [one.name for one in line["likely"]])
        for line in rows
    ]
    assert told == [
        ("新来的建筑公司", True, "enterprise", []),
        ("云川幕墙学院", True, "school", []),
        ("云川博智工程咨间有限公司", False, "enterprise", ["云川博智工程咨询有限公司"]),
    ]


def test_import_register_makes_rows_entries_of_the_new_organisations_and_the_undo_takes_both_back(client):
    before = Organisation.objects.count()

    posted(client, "新来的建筑公司", "云川幕墙学院")
    imported = Import.objects.get()
    made = list(Organisation.objects.order_by("-pk").values_list("name", "kind")[:2])
    client.post(reverse("import_start", args=[imported.pk]))
    whose = list(Entry.objects.order_by("pk").values_list("organisation__name", "state"))
    client.post(reverse("import_undo", args=[imported.pk]))

    assert made == [("云川幕墙学院", "school"), ("新来的建筑公司", "enterprise")]
    assert imported.counts["drafts"] == 1
    assert whose == [("新来的建筑公司", "submitted"), ("云川幕墙学院", "submitted"), (None, "draft")]
    assert (Entry.objects.count(), Organisation.objects.count()) == (0, before)
    assert Import.objects.get().counts["unregistered"] == 2
    actions = AuditEntry.objects.filter(subject_type="registry.organisation").order_by("-id")
    assert [(one.action, bool(one.before), bool(one.after)) for one in actions[:4]] == [
        ("registry.add_organisation", True, False),
        ("registry.add_organisation", True, False),
        ("registry.add_organisation", False, True),
        ("registry.add_organisation", False, True),
    ]
    assert verify().is_whole


def test_import_undo_keeps_an_organisation_that_is_used_meanwhile(client, on):
    posted(client, "新来的建筑公司", "云川幕墙学院")
    used = Organisation.objects.get(name="新来的建筑公司")
    make.entry("need", on, organisation=used)
    imported = Import.objects.get()
    client.post(reverse("import_start", args=[imported.pk]))

    client.post(reverse("import_undo", args=[imported.pk]))

    assert Organisation.objects.filter(name__in=["新来的建筑公司", "云川幕墙学院"]).get() == used


def test_import_drop_takes_back_what_was_registered_for_it(client):
    before = Organisation.objects.count()
    posted(client, "新来的建筑公司")

    client.post(reverse("import_drop", args=[Import.objects.get().pk]))

    assert Organisation.objects.count() == before


def test_import_register_without_a_tick_says_so_and_registers_nothing(client):
    before = Organisation.objects.count()

    answer = posted(client)

    assert "请勾选要登记的单位" in answer.content.decode()
    assert Organisation.objects.count() == before


def test_import_register_is_the_offices_alone(on, login):
    imported = checked(needs(row("新来的建筑公司")), office(on), on)
    names = {one.pk: "enterprise" for one in imported.names.all()}
    url = reverse("import_register", args=[imported.pk])

    for role in (Role.ENTERPRISE_CONTACT, Role.LIAISON, Role.LEADER, Role.AUDITOR):
        assert login(make.position(role, on)).post(url, {}).status_code in (403, 404)

    assert not Organisation.objects.filter(name="新来的建筑公司").exists()
    assert names


def test_register_names_of_one_that_is_no_name_registers_none(on):
    by = office(on)
    imported = checked(needs(row("新来的建筑公司"), row("单位" * 80, "要人")), by, on)
    before = Organisation.objects.count()

    with pytest.raises(CannotBeRegistered):
        register_names(imported, by=by, chosen={one.pk: "enterprise" for one in imported.names.all()})

    assert Organisation.objects.count() == before
