"""What happens to entries through the API: moves, comments, categories."""

from datetime import timedelta

import pytest

from lianqiao.core.actor import Role
from lianqiao.lists.models import Category, Comment, Entry
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


@pytest.mark.parametrize("move", MOVES)
def test_move_of_an_entry_that_is_not_ones_own_is_refused(move, contact, here):
    others = make.entry(on=here, state="published")
    unseen = make.entry(on=here, state="submitted")
    before = list(Entry.objects.order_by("pk").values())
    statuses = [contact.post(f"/entries/{row.pk}/{move}", {}).status_code for row in (others, unseen)]

    assert statuses[0] in (403, 409, 422)
    assert statuses[1] == (403 if move == "publish" else 404)
    assert list(Entry.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("move", "body", "was", "becomes"),
    [
        ("submit", None, "draft", "submitted"),
        ("publish", None, "submitted", "published"),
        ("return", {"reason": "请写明数量"}, "submitted", "returned"),
        ("withdraw", None, "published", "withdrawn"),
        ("confirm-fresh", None, "published", "published"),
        ("pause", None, "published", "expired"),
        ("resume", {}, "expired", "published"),
    ],
)
def test_move_by_the_office(move, body, was, becomes, office, clerk, here):
    row = make.entry(on=here, state=was, registered_by=clerk.organisation)
    answer = office.post(f"/entries/{row.pk}/{move}", body)
    row.refresh_from_db()

    assert (answer.status_code, answer.json()["state"], row.state) == (200, becomes, becomes)
    if move == "return":
        assert answer.json()["returned_reason"] == "请写明数量"


def test_move_from_another_state_is_refused_with_its_reason(office, here):
    row = make.entry(on=here, state="published")
    answer = office.post(f"/entries/{row.pk}/publish")

    assert (answer.status_code, answer.json()["code"]) == (409, "state_moved")


def test_entry_extend_takes_a_later_day_only(office, here):
    row = make.entry("resource", on=here, ends_on=make.today())
    later = (make.today() + timedelta(days=60)).isoformat()
    done = office.post(f"/entries/{row.pk}/extend", {"ends_on": later, "seen": row.version})
    stale = office.post(f"/entries/{row.pk}/extend", {"ends_on": later, "seen": row.version})
    past = office.post(f"/entries/{row.pk}/extend", {"ends_on": make.yesterday().isoformat()})

    assert (done.json()["ends_on"], stale.json()["code"], past.json()["code"]) == (
        later,
        "stale",
        "ends_in_the_past",
    )


def test_entry_discard_takes_away_a_draft_of_ones_own(contact, owner, here):
    own = {"on": here, "organisation": owner.organisation, "registered_by": owner.organisation}
    draft, said = make.entry(state="draft", **own), make.entry(**own)

    assert contact.post(f"/entries/{draft.pk}/discard").json() == {"id": draft.pk}
    assert contact.post(f"/entries/{said.pk}/discard").status_code == 403
    assert list(Entry.objects.filter(discarded_at=None)) == [said]


def test_entry_submit_sent_twice_with_a_key_is_answered_alike(office, clerk, here):
    row = make.entry(on=here, state="draft", registered_by=clerk.organisation)
    answers = [office.post(f"/entries/{row.pk}/submit", **{"Idempotency-Key": "k2"}) for _ in range(2)]

    assert [(a.status_code, a.json()["number"]) for a in answers] == [(200, 1), (200, 1)]


def test_entry_comment_is_between_asker_and_office(contact, office, caller, owner, here):
    row = make.entry(on=here, organisation=owner.organisation)
    said = contact.post(f"/entries/{row.pk}/comments", {"text": "请周三前回电"})
    other = caller(make.position(Role.ENTERPRISE_CONTACT, here))
    refused = other.post(f"/entries/{row.pk}/comments", {"text": "我也要"})
    read = [ids(who.get(f"/entries/{row.pk}/comments")) for who in (office, contact, other)]
    removed = contact.post(f"/comments/{said.json()['id']}/remove")

    assert (said.status_code, refused.status_code, removed.status_code) == (201, 403, 200)
    assert read == [[said.json()["id"]], [said.json()["id"]], []]
    assert said.json()["person"] == owner.person.name
    assert ids(office.get(f"/entries/{row.pk}/comments")) == []
    assert Comment.objects.get().state == "removed"


def test_comment_edit_and_comment_restore_by_their_writer(contact, office, owner, here):
    row = make.entry(on=here, organisation=owner.organisation)
    said = contact.post(f"/entries/{row.pk}/comments", {"text": "请周三前回电"}).json()
    url = f"/comments/{said['id']}"
    refused = office.patch(url, {"text": "请周五前回电"})
    edited = contact.patch(url, {"text": "请周四前回电"})
    contact.post(f"{url}/remove")
    restored = contact.post(f"{url}/restore")

    assert (refused.status_code, edited.status_code, restored.status_code) == (403, 200, 200)
    assert (said["edited_at"], restored.json()["text"]) == (None, "请周四前回电")
    assert Comment.objects.get().edited_at is not None


def test_comment_list_and_comment_remove_of_an_entry_not_seen_lead_nowhere(contact, here):
    row = make.entry(on=here, state="submitted")
    comment = row.comments.create(
        person=make.person(), position_label="管理处", text="内部", at=row.submitted_at
    )

    assert contact.get(f"/entries/{row.pk}/comments").status_code == 404
    assert contact.post(f"/comments/{comment.pk}/remove").status_code == 404


def test_categories_are_kept_by_the_office_of_the_chain(office, contact, here):
    foreign = make.category(make.chain())
    added = office.post("/categories", {"chain": here.pk, "kind": "need", "name": "技术"})
    pk = added.json()["id"]
    again = office.post("/categories", {"chain": here.pk, "kind": "need", "name": "技术"})
    edited = office.patch(f"/categories/{pk}", {"name": "工艺", "seen": 0})
    retired = office.post(f"/categories/{pk}/retire")
    listed = contact.get("/categories", state="retired").json()["items"]
    revived = office.post(f"/categories/{pk}/revive")

    assert (added.status_code, list(again.json()["fields"])) == (201, ["name"])
    assert (edited.json()["name"], edited.json()["kind"], retired.json()["state"]) == (
        "工艺",
        "need",
        "retired",
    )
    assert listed == [retired.json()]
    assert revived.json()["state"] == "active"
    assert office.patch(f"/categories/{foreign.pk}", {"name": "x"}).status_code == 404
    assert contact.post("/categories", {"chain": here.pk, "kind": "need", "name": "y"}).status_code == 403
    assert ids(office.get("/categories")) == [pk]
    assert Category.objects.count() == 2
