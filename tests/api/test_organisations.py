"""Organisations through the API: the same forms, actions and refusals as on the pages."""

import pytest

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.registry.models import Organisation, ReferenceItem
from tests import factories as make

pytestmark = pytest.mark.django_db
CODE = "91320300MA1X2Y3Z4R"
NEW = {"name": "云川博智工程咨询有限公司", "kind": "enterprise"}


@pytest.fixture
def held(db):
    return make.position(Role.OFFICE_ADMIN)


@pytest.fixture
def office(caller, held):
    return caller(held)


def industry(code, name):
    ReferenceItem.objects.create(kind="industry", code=code, name=name, valid_from=make.LONG_AGO)


def fields(answer):
    assert answer.status_code == 422, answer.content
    return answer.json()["fields"]


def test_organisation_add_registers_what_the_form_takes(office, held):
    industry("7481", "工程管理服务")

    answer = office.post(
        "/organisations",
        NEW
        | {
            "short_names": ["博智咨询"],
            "former_names": ["云川博智造价事务所"],
            "classification": "non_public",
            "industries": ["7481"],
            "size": "small",
            "business": "工程造价咨询\n招标代理",
            "address": "云川区建设路 1 号",
        },
    )

    assert answer.status_code == 201
    row = Organisation.objects.get(name=NEW["name"])
    assert answer.json() == office.get(f"/organisations/{row.pk}").json()
    assert answer.json() == {
        "id": row.pk,
        "name": "云川博智工程咨询有限公司",
        "name_en": "",
        "kind": "enterprise",
        "classification": "non_public",
        "credit_code": None,
        "industries": ["7481"],
        "region": "",
        "size": "small",
        "business": "工程造价咨询\n招标代理",
        "address": "云川区建设路 1 号",
        "short_names": ["博智咨询"],
        "former_names": ["云川博智造价事务所"],
        "state": "active",
        "merged_into": None,
        "version": row.version,
        "changed_at": answer.json()["changed_at"],
    }
    entry = AuditEntry.objects.get(action="registry.add_organisation")
    assert (entry.person_id, entry.position_id, entry.subject_id) == (held.person_id, held.pk, str(row.pk))
    assert entry.request_id == answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "建" * 121}, "name"),
        ({"name": "云川\u0000建设"}, "name"),
        ({"name": "云川\u202e建设"}, "name"),
        ({"name": 1}, "name"),
        ({"name": None}, "name"),
        ({"kind": "company"}, "kind"),
        ({"credit_code": "91320300MA1X2Y3Z41"}, "credit_code"),
        ({"credit_code": "123"}, "credit_code"),
        ({"industries": ["9999"]}, "industries"),
        ({"industries": "7481"}, "industries"),
        ({"industries": ["1"] * 21}, "industries"),
        ({"region": "990000"}, "region"),
        ({"state": "closed"}, "state"),
        ({"is_another": "yes"}, "is_another"),
    ],
    ids=str,
)
def test_organisation_add_names_the_wrong_field_and_writes_nothing(office, wrong, field):
    before = Organisation.objects.count()

    answer = office.post("/organisations", NEW | wrong)

    assert [name.split(".")[0] for name in fields(answer)] == [field]
    assert Organisation.objects.count() == before


def test_organisation_add_warns_of_a_likely_duplicate_until_told_otherwise(office, held):
    known = make.organisation("云川博智工程咨询有限公司", registered_by=held.organisation)

    refused = office.post("/organisations", NEW)
    assert (refused.status_code, refused.json()["code"]) == (409, "likely_duplicates")
    assert known.name in refused.json()["message"]
    assert office.post("/organisations", NEW | {"is_another": True}).status_code == 201


def test_organisation_likely_gives_reasons(office, held):
    known = make.organisation("云川博智工程咨询有限公司", registered_by=held.organisation)

    answer = office.get("/organisations/likely", name="云川博智工程咨询有限公司").json()

    assert [one["organisation"]["id"] for one in answer] == [known.pk]
    assert answer[0]["reasons"]


def test_organisation_list_filters_and_pages(office, held):
    chain = held.chain
    place = make.segment(chain)
    firms = [make.member(chain, f"云川第{number}号建材有限公司", place, size="small") for number in "甲乙丙"]
    make.member(chain, "云川建筑职业学院", kind="school")

    first = office.get("/organisations", q="建材", size="small", segment=place.pk, limit=2).json()
    rest = office.client.get(first["next"]).json()

    assert (first["total"], rest["total"], rest["next"]) == (3, 3, None)
    assert {row["id"] for row in first["items"] + rest["items"]} == {firm.pk for firm in firms}
    assert [row["kind"] for row in office.get("/organisations", kind="school").json()["items"]] == ["school"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 201},
        {"limit": "1_0"},
        {"offset": -1},
        {"offset": 1_000_001},
        {"kind": "company"},
        {"segment": 2**64},
        {"q": "a\x00"},
        {"q": "建" * 101},
    ],
    ids=str,
)
def test_organisation_list_names_the_wrong_filter(office, query):
    assert list(fields(office.get("/organisations", **query))) == list(query)


def test_organisation_edit_changes_only_what_is_given(office, held):
    row = make.organisation(
        "云川启平建设有限公司", registered_by=held.organisation, business="总承包", size="large"
    )

    answer = office.patch(f"/organisations/{row.pk}", {"name": "云川启平建筑工程有限公司"})

    assert answer.status_code == 200
    told = answer.json()
    assert (told["name"], told["former_names"]) == ("云川启平建筑工程有限公司", ["云川启平建设有限公司"])
    assert (told["business"], told["size"], told["version"]) == ("总承包", "large", 1)


def test_organisation_edit_refuses_what_somebody_else_was_faster_with(office, held):
    row = make.organisation(registered_by=held.organisation)
    assert office.patch(f"/organisations/{row.pk}", {"address": "一号", "seen": 0}).status_code == 200

    late = office.patch(f"/organisations/{row.pk}", {"address": "二号", "seen": 0})

    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert Organisation.objects.get(pk=row.pk).address == "一号"


def test_organisation_describe_is_open_to_its_own_contact_alone(caller):
    chain = make.chain()
    own, other = make.member(chain), make.member(chain)
    contact = caller(make.position(Role.ENTERPRISE_CONTACT, chain, organisation=own))

    assert contact.post(f"/organisations/{own.pk}/describe", {"business": "劳务分包"}).status_code == 200
    assert contact.post(f"/organisations/{other.pk}/describe", {"business": "劳务分包"}).status_code == 403
    assert contact.post(f"/organisations/{own.pk}/describe", {"name": "改名"}).status_code == 422
    assert contact.patch(f"/organisations/{own.pk}", {"name": "改名"}).status_code == 403
    assert Organisation.objects.get(pk=own.pk).business == "劳务分包"


def test_organisation_close_and_reopen_move_the_state_once(office, held):
    row = make.organisation(registered_by=held.organisation)
    path = f"/organisations/{row.pk}"

    assert office.post(f"{path}/close").json()["state"] == "closed"
    again = office.post(f"{path}/close")
    assert (again.status_code, again.json()["code"]) == (409, "state_moved")
    assert office.post(f"{path}/reopen").json()["state"] == "active"
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True))[-2:] == [
        "registry.close_organisation",
        "registry.reopen_organisation",
    ]


def test_organisation_merged_away_says_into_which(office, held):
    kept = make.organisation(registered_by=held.organisation)
    gone = make.organisation(registered_by=held.organisation)
    Organisation.objects.filter(pk=gone.pk).update(state="merged", merged_into=kept)

    assert office.get(f"/organisations/{gone.pk}").json()["merged_into"] == kept.pk
    assert office.patch(f"/organisations/{gone.pk}", {"address": "一号"}).status_code == 404
    assert gone.pk not in {row["id"] for row in office.get("/organisations").json()["items"]}
