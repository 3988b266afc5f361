"""Two records of one organisation, merged and given back through the API."""

import pytest

from lianqiao.core.actor import Role
from lianqiao.registry.models import Merge, Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(db):
    return make.position(Role.OFFICE_STAFF)


@pytest.fixture
def office(caller, held):
    return caller(held)


@pytest.fixture
def pair(held):
    return make.member(held.chain, "云川宏达"), make.member(held.chain, "云川宏达建设有限公司")


def told(answer):
    return answer.status_code, answer.json()["code"]


def test_merge_and_undo(office, pair):
    gone, kept = pair
    branch = make.branch(gone)

    merged = office.post("/merges", {"gone": gone.pk, "kept": kept.pk})

    row = Merge.objects.get()
    assert (merged.status_code, merged.json()) == (
        201,
        {
            "id": row.pk,
            "gone": {"id": gone.pk, "name": "云川宏达"},
            "kept": {"id": kept.pk, "name": "云川宏达建设有限公司"},
            "state": "done",
            "merged_at": merged.json()["merged_at"],
        },
    )
    assert office.get(f"/organisations/{gone.pk}").json()["merged_into"] == kept.pk
    assert office.get(f"/branches/{branch.pk}").json()["organisation"]["id"] == kept.pk
    assert [one["id"] for one in office.get("/merges", kept=kept.pk, state="done").json()["items"]] == [
        row.pk
    ]
    assert office.post(f"/merges/{row.pk}/undo").json()["state"] == "undone"
    assert office.get(f"/branches/{branch.pk}").json()["organisation"]["id"] == gone.pk
    assert told(office.post(f"/merges/{row.pk}/undo")) == (409, "cannot_undo")


def test_merge_refuses_itself_other_kinds_and_what_was_merged(office, held, pair):
    gone, kept = pair
    school = make.member(held.chain, kind="school")

    assert told(office.post("/merges", {"gone": gone.pk, "kept": gone.pk})) == (409, "cannot_merge")
    assert told(office.post("/merges", {"gone": gone.pk, "kept": school.pk})) == (409, "other_kind")
    assert office.post("/merges", {"gone": gone.pk, "kept": kept.pk}).status_code == 201
    again = office.post("/merges", {"gone": gone.pk, "kept": kept.pk})
    assert (again.status_code, list(again.json()["fields"])) == (422, ["gone"])
    assert Merge.objects.count() == 1


def test_merge_of_an_organisation_shared_with_another_office_is_refused(office, pair):
    gone, kept = pair
    make.membership(make.chain(), kept)

    assert told(office.post("/merges", {"gone": gone.pk, "kept": kept.pk})) == (403, "shared_organisation")
    assert Organisation.objects.filter(state="merged").count() == 0


def test_merge_by_others_is_refused_and_of_others_unknown(caller, held, office, pair):
    gone, kept = pair
    theirs = make.member(make.chain())
    contact = caller(make.position(Role.ENTERPRISE_CONTACT, held.chain, organisation=kept))

    assert told(contact.post("/merges", {"gone": gone.pk, "kept": kept.pk})) == (403, "not_permitted")
    answer = office.post("/merges", {"gone": theirs.pk, "kept": kept.pk})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["gone"])
    assert Merge.objects.count() == 0


def test_merge_of_another_chain_is_as_if_it_were_not_there(caller, office, pair):
    gone, kept = pair
    office.post("/merges", {"gone": gone.pk, "kept": kept.pk})
    other = caller(make.position(Role.OFFICE_ADMIN))

    assert other.get("/merges").json()["items"] == []
    assert told(other.post(f"/merges/{Merge.objects.get().pk}/undo")) == (404, "not_found")
