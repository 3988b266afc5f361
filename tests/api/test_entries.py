"""Entries through the API: the same rows, fields, forms, moves and refusals as on the pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.lists.models import Entry
from tests import factories as make

pytestmark = pytest.mark.django_db
MOVES = ["submit", "publish", "withdraw", "confirm-fresh", "pause", "resume", "discard"]


@pytest.fixture
def here():
    return make.chain()


@pytest.fixture
def clerk(here):
    return make.position(Role.OFFICE_STAFF, here)


@pytest.fixture
def owner(here):
    return make.position(Role.ENTERPRISE_CONTACT, here)


@pytest.fixture
def office(caller, clerk):
    return caller(clerk)


@pytest.fixture
def contact(caller, owner):
    return caller(owner)


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["items"]]


def test_entry_add_edit_and_submit_by_contact_then_publish_by_office(contact, office, owner, here):
    category = make.category(here, "need", "技术")
    new = {
        "chain": here.pk,
        "kind": "need",
        "title": "铝板幕墙深化设计人员 3 名",
        "description": "会用 BIM\n十二月前到岗",
        "category": category.pk,
        "dimensions": ["industry", "research"],
        "due_on": "2026-12-20",
        "money": "356000.00",
        "people": 3,
        "contact_name": "李工",
        "contact_phone": "13800001234",
    }
    added = contact.post("/entries", new)
    pk = added.json()["id"]
    hidden_from_office = office.get(f"/entries/{pk}").status_code
    edited = contact.patch(f"/entries/{pk}", {"title": "幕墙深化设计 3 名", "seen": added.json()["version"]})
    submitted = contact.post(f"/entries/{pk}/submit")
    published = office.post(f"/entries/{pk}/publish")

    assert added.status_code == 201
    assert {name: added.json()[name] for name in new if name not in ("category", "chain")} == {
        name: value for name, value in new.items() if name not in ("category", "chain")
    }
    assert added.json() | {
        "state": "draft", "number": None, "source": "api", "category": {"id": category.pk, "name": "技术"},
        "organisation": {"id": owner.organisation_id, "name": owner.organisation.name}, "hidden": [], "chain": here.pk,
    } == added.json()  # fmt: skip
    assert hidden_from_office == 404
    assert (edited.json()["title"], edited.json()["people"], edited.json()["source"]) == (
        "幕墙深化设计 3 名",
        3,
        "api",
    )
    assert [(a.status_code, a.json()["state"]) for a in (submitted, published)] == [
        (200, "submitted"),
        (200, "published"),
    ]
    assert published.json()["number"] == 1
    assert published.json() == office.get(f"/entries/{pk}").json()
    assert list(AuditEntry.objects.filter(action__startswith="lists.").values_list("action", flat=True).order_by("id")) == [
        "lists.add_entry", "lists.edit_entry", "lists.submit", "lists.publish",
    ]  # fmt: skip


def test_entry_list_shows_each_what_the_pages_show(caller, office, contact, owner, here):
    mine = make.entry(on=here, organisation=owner.organisation, state="submitted")
    others = make.entry(on=here)
    unsaid = make.entry(on=here, state="submitted")
    draft = make.entry(
        on=here, organisation=owner.organisation, state="draft", registered_by=owner.organisation
    )
    foreign = make.entry()
    student = caller(make.position(Role.STUDENT, here))
    resource = make.entry("resource", on=here)

    assert ids(office.get("/entries")) == [resource.pk, unsaid.pk, others.pk, mine.pk]
    assert ids(contact.get("/entries")) == [resource.pk, draft.pk, others.pk, mine.pk]
    assert ids(student.get("/entries")) == [resource.pk]
    for row in (foreign, unsaid):
        assert contact.get(f"/entries/{row.pk}").status_code == 404


def test_entry_list_filters_as_the_page_does(office, here):
    category = make.category(here)
    one = make.entry(
        on=here, category=category, title="铝板幕墙", due_on=make.today() + timedelta(days=3), dimensions=["research"],
        urgency="high", source="visit",
    )  # fmt: skip
    over = make.entry(on=here, title="砌筑培训")
    Entry.objects.filter(pk=over.pk).update(state="withdrawn")
    asked = [
        {"q": "幕墙"}, {"q": "lbmq"}, {"kind": "need"}, {"state": "published"}, {"category": category.pk}, {"due": "soon"},
        {"dimension": "research"}, {"urgency": "high"}, {"source": "visit"}, {"chain": here.pk}, {"segment": "none"},
        {"organisation": one.organisation_id},
    ]  # fmt: skip
    unmet = [{"q": "桥梁"}, {"kind": "service"}, {"state": "expired"}, {"category": "none"}, {"due": "over"}]

    assert [ids(office.get("/entries", **query)) for query in asked] == [[one.pk]] * len(asked)
    assert [ids(office.get("/entries", **query)) for query in unmet] == [[]] * len(unmet)
    assert ids(office.get("/entries", every="true")) == [over.pk, one.pk]
    assert ids(office.get("/entries", state="withdrawn")) == [over.pk]


@pytest.mark.parametrize(
    "query", [{"category": "99999"}, {"state": "gone"}, {"due": "never"}, {"wrong": "1"}, {"kind": "x"}]
)
def test_filter_that_is_not_known_is_refused_by_name(query, office):
    answer = office.get("/entries", **query)

    assert (answer.status_code, list(answer.json()["fields"])) == (422, list(query))


def test_filter_that_the_reader_has_not_is_refused_instead_of_passed_over(contact, here):
    make.entry(on=here, source="visit")
    answer = contact.get("/entries", source="visit")

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["source"])


def test_hidden_fields_are_empty_named_and_not_searched(contact, office, here):
    row = make.entry(
        on=here, title="幕墙", contact_name="李四光", contact_phone="13800001234", contact_email="li@example.org",
        money=350000, conditions="可付三十五万", source="roundtable", source_note="座谈第三句",
        visibility={"money": "office", "conditions": "office"},
    )  # fmt: skip
    wish = make.member(here)
    row.wishes.create(organisation=wish, kind="never")
    seen, whole = contact.get(f"/entries/{row.pk}").json(), office.get(f"/entries/{row.pk}").json()
    listed = contact.get("/entries").json()["items"][0]

    kept = {
        name: seen[name] for name in ("money", "conditions", "source", "source_note", "never", "visibility")
    }
    assert kept == {
        "money": None,
        "conditions": "",
        "source": "",
        "source_note": "",
        "never": [],
        "visibility": {},
    }
    assert (seen["contact_name"], seen["contact_phone"], seen["contact_email"]) == (
        "李**",
        "138****1234",
        "l***@example.org",
    )
    assert set(seen["hidden"]) == {
        "money", "conditions", "contact_name", "contact_phone", "contact_email", "source", "source_note",
        "source_sentence", "organisation_name",
    }  # fmt: skip
    assert {name: seen[name] for name in listed} == listed
    assert (whole["money"], whole["contact_phone"], whole["hidden"]) == ("350000.00", "13800001234", [])
    assert whole["never"] == [{"id": wish.pk, "name": wish.name}]
    assert [ids(contact.get("/entries", q=text)) for text in ("李四光", "座谈", "三十五万")] == [[], [], []]


def test_entry_edit_of_what_is_published_goes_back_to_review(contact, owner, here):
    row = make.entry(on=here, organisation=owner.organisation, title="旧的", description="原样")
    answer = contact.patch(f"/entries/{row.pk}", {"title": "新的", "seen": row.version})

    assert [answer.json()[name] for name in ("state", "title", "description")] == [
        "submitted",
        "新的",
        "原样",
    ]


def test_entry_edit_refuses_what_somebody_changed_since(office, here):
    row = make.entry(on=here)
    first = office.patch(f"/entries/{row.pk}", {"title": "一", "seen": row.version})
    second = office.patch(f"/entries/{row.pk}", {"title": "二", "seen": row.version})

    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 409, "stale")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "x" * 121}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"money": "-1"}, "money"),
        ({"money": 3.5}, "money"),
        ({"dimensions": ["all"]}, "dimensions.0"),
        ({"organisation": 999999}, "organisation"),
        ({"category": 999999}, "category"),
        ({"due_on": "明天"}, "due_on"),
        ({"must": ["没有这家公司"]}, "must"),
        ({"capacity": 3}, "capacity"),
        ({"state": "published"}, "state"),
    ],
)
def test_entry_add_names_the_wrong_field(given, field, office, here):
    answer = office.post("/entries", {"chain": here.pk, "kind": "need", "title": "幕墙"} | given)

    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert Entry.objects.count() == 0


def test_entry_add_by_contact_is_for_the_own_organisation_only(contact, owner, here):
    other = make.member(here)
    refused = contact.post("/entries", {"chain": here.pk, "kind": "need", "organisation": other.pk})
    foreign = contact.post("/entries", {"chain": make.chain().pk, "kind": "need", "title": "幕墙"})

    assert list(refused.json()["fields"]) == ["organisation"]
    assert list(foreign.json()["fields"]) == ["chain"]
    assert Entry.objects.count() == 0


def test_entry_add_of_a_resource_keeps_its_calendar(office, here):
    other = make.member(here)
    new = {
        "chain": here.pk, "kind": "resource", "title": "实训车间", "organisation": other.pk,
        "calendar": {"2026-W48": 2, "2026-W49": 0}, "source": "visit", "source_note": "走访",
    }  # fmt: skip
    answer = office.post("/entries", new).json()

    assert {name: answer[name] for name in ("calendar", "source", "source_note")} == {
        "calendar": {"2026-W48": 2, "2026-W49": 0}, "source": "visit", "source_note": "走访",
    }  # fmt: skip


def test_entry_add_sent_twice_is_done_once(office, here):
    new = {"chain": here.pk, "kind": "need", "title": "幕墙"}
    answers = [office.post("/entries", new, **{"Idempotency-Key": "k1"}) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("path", ["/entries", "/categories"])
def test_list_asks_the_same_number_of_queries_for_one_and_three_rows(path, office, here):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert office.get(path).status_code == 200
        return len(queries)

    def grow():
        make.entry(
            on=here, category=make.category(here), segment=make.segment(here),
            organisation=(school := make.member(here, kind="school")), unit=make.unit(school),
        )  # fmt: skip

    grow()
    office.get(path)
    one = asked()
    grow()
    grow()

    assert asked() == one
