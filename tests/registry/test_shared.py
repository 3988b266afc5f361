"""An organisation that several chains share, and offices: what one side may not do alone."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.models import Person
from lianqiao.core.actor import COMMAND, Actor, Role
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted
from lianqiao.registry.actions.merging import OtherKind, merge_organisations, undo_merge
from lianqiao.registry.actions.organisations import (
    SharedOrganisation,
    close_organisation,
    describe_organisation,
    edit_organisation,
)
from lianqiao.registry.models import Merge, Organisation
from lianqiao.registry.queries import chains_of, instructors_for
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


@pytest.fixture
def shared(staff):
    row = make.member(staff.chain)
    make.membership(make.chain(), row)
    return row


def test_merge_of_another_office_is_refused_so_its_chains_stay_its_own(login, staff):
    other = make.chain()
    make.membership(staff.chain, other.office)
    whole = make.position(Role.OFFICE_STAFF, chain=None, organisation=staff.chain.office)
    client = login(whole)

    for gone, kept in ((other.office, staff.chain.office), (staff.chain.office, other.office)):
        client.post(reverse("organisation_merge", args=[gone.pk]), {"kept": kept.pk})

    assert not Merge.objects.exists()
    assert chains_of(whole) == [staff.chain.pk]


@pytest.mark.parametrize("view", ["organisation_edit", "organisation_close", "organisation_merge"])
def test_another_office_is_not_edited_closed_or_merged_and_the_refusal_is_recorded(login, staff, view):
    other = make.chain().office
    make.membership(staff.chain, other)

    facts = {"name": "改名", "kind": "enterprise"}
    assert login(staff).post(reverse(view, args=[other.pk]), facts).status_code == 404

    row = Organisation.objects.get(pk=other.pk)
    assert (row.name, row.kind, row.state) == (other.name, "office", "active")
    refused = AuditEntry.objects.get(action="refused")
    assert (refused.subject_id, refused.person_id) == (str(other.pk), staff.person_id)
    assert '"permission":"registry.' in refused.after


def test_own_office_is_edited(staff):
    edit_organisation(staff.organisation, name="云川更名管理处", by=make.actor_of(staff))

    assert Organisation.objects.get(pk=staff.organisation_id).name == "云川更名管理处"


def test_edit_organisation_shared_refuses_its_identity_and_takes_the_rest(login, staff, shared):
    url = reverse("organisation_edit", args=[shared.pk])
    facts = {"name": "改名有限公司", "kind": "enterprise", "address": "新址"}
    page = login(staff).post(url, facts)

    assert list(page.context["form"].errors) == ["name"]
    assert page.context["form"].errors["name"] == [str(SharedOrganisation(name=shared.name))]

    edit_organisation(shared, address="新址", name=shared.name, by=make.actor_of(staff))
    describe_organisation(shared, business="设计", by=make.actor_of(staff))
    row = Organisation.objects.get(pk=shared.pk)
    assert (row.name, row.address, row.business) == (shared.name, "新址", "设计")


def test_close_and_merge_of_a_shared_organisation_are_refused(login, staff, shared):
    by, own = make.actor_of(staff), make.member(staff.chain)
    with pytest.raises(SharedOrganisation):
        close_organisation(shared, by=by)
    for gone, kept in ((shared, own), (own, shared)):
        with pytest.raises(SharedOrganisation):
            merge_organisations(gone, kept, by=by, now=timezone.now())

    page = login(staff).get(reverse("organisation_detail", args=[shared.pk])).context
    assert (page["is_shared"], page["moves"], page["may_merge"], page["may_edit"]) == (True, [], False, True)
    assert not Merge.objects.exists()


def test_close_organisation_whose_membership_elsewhere_has_ended_is_done(staff):
    row = make.member(staff.chain)
    make.membership(make.chain(), row, ends_on=make.yesterday())

    assert close_organisation(row, by=make.actor_of(staff)).state == "closed"


def test_command_closes_a_shared_organisation(shared):
    assert close_organisation(shared, by=Actor(role=COMMAND)).state == "closed"


def test_merge_of_different_kinds_is_refused_with_the_reason(login, staff):
    gone, kept = make.member(staff.chain), make.member(staff.chain, kind="school")

    page = login(staff).post(reverse("organisation_merge", args=[gone.pk]), {"kept": kept.pk})

    facts = {"gone": gone, "gone_kind": "企业", "kept": kept, "kept_kind": "院校"}
    assert page.context["form"].non_field_errors() == [str(OtherKind(**facts))]
    assert not Merge.objects.exists()


def test_merge_and_undo_end_the_sessions_of_whoever_was_moved(staff):
    gone, kept = make.member(staff.chain), make.member(staff.chain)
    moved = make.position(Role.ENTERPRISE_CONTACT, staff.chain, organisation=gone).person
    stays = make.position(Role.ENTERPRISE_CONTACT, staff.chain, organisation=kept).person
    by = make.actor_of(staff)

    merge = merge_organisations(gone, kept, by=by, now=timezone.now())
    epochs = [Person.objects.get(pk=person.pk).epoch for person in (moved, stays)]
    undo_merge(merge, by=by)

    assert epochs == [moved.epoch + 1, stays.epoch]
    assert Person.objects.get(pk=moved.pk).epoch == moved.epoch + 2


def test_merge_undo_from_a_chain_that_would_lose_what_is_given_back_is_refused(login, staff):
    gone, kept = make.member(staff.chain), make.member(staff.chain)
    merge = merge_organisations(gone, kept, by=make.actor_of(staff), now=timezone.now())
    stranger = make.position(Role.OFFICE_STAFF)
    make.membership(stranger.chain, kept, starts_on=date(2021, 1, 1))

    assert login(stranger).post(reverse("merge_undo", args=[merge.pk])).status_code in (403, 404)
    with pytest.raises(NotPermitted):
        undo_merge(merge, by=make.actor_of(stranger))
    merge.refresh_from_db()
    assert (merge.state, Organisation.objects.get(pk=gone.pk).state) == ("done", "merged")

    answer = login(staff).post(reverse("merge_undo", args=[merge.pk]))
    assert answer.url == reverse("organisation_detail", args=[kept.pk])


def test_merge_keeps_the_kind_of_each_name_and_undo_gives_back_exactly(staff):
    gone, kept = make.member(staff.chain), make.member(staff.chain)
    gone.names.create(kind="short", name="宏达")
    gone.names.create(kind="former", name="宏达一建")
    kept.names.create(kind="short", name="老宏达")
    by = make.actor_of(staff)

    merge = merge_organisations(gone, kept, by=by, now=timezone.now())
    assert set(kept.names.values_list("kind", "name")) == {
        ("former", gone.name),
        ("short", "宏达"),
        ("former", "宏达一建"),
        ("short", "老宏达"),
    }

    undo_merge(merge, by=by)
    assert list(kept.names.values_list("kind", "name")) == [("short", "老宏达")]
    assert set(gone.names.values_list("kind", "name")) == {("short", "宏达"), ("former", "宏达一建")}


def test_organisation_merge_into_a_likely_duplicate_takes_one_press(login, staff):
    gone = make.member(staff.chain, "云川宏达建设有限公司")
    kept = make.member(staff.chain, "云川宏达建设公司")
    client, url = login(staff), reverse("organisation_merge", args=[gone.pk])

    assert "并入这一条" in client.get(url).content.decode()
    answer = client.post(url, {"into": kept.pk})

    assert answer.url == reverse("organisation_detail", args=[kept.pk])
    assert Organisation.objects.get(pk=gone.pk).merged_into_id == kept.pk


def test_organisation_merge_into_a_likely_duplicate_of_a_long_register(login, staff, monkeypatch):
    monkeypatch.setattr("lianqiao.registry.forms.pick.MOST_LISTED", 0)
    gone, kept = make.member(staff.chain), make.member(staff.chain)

    login(staff).post(reverse("organisation_merge", args=[gone.pk]), {"into": kept.pk})

    assert Organisation.objects.get(pk=gone.pk).merged_into_id == kept.pk


def test_instructors_are_todays_liaisons_and_no_contact_has_their_list(login, staff):
    today, once = make.person("联络员甲"), make.person("联络员乙")
    make.position(Role.LIAISON, staff.chain, today)
    make.position(Role.LIAISON, staff.chain, once, ends_on=make.yesterday())
    make.position(Role.LIAISON)
    contact = make.position(Role.ENTERPRISE_CONTACT, staff.chain)

    assert list(instructors_for(make.actor_of(staff))) == [today]
    assert list(instructors_for(make.actor_of(contact))) == []
    page = login(contact).get(reverse("branch_list") + f"?instructor={today.pk}")
    assert (page.status_code, "联络员" in page.content.decode()) == (200, False)


def test_branch_edit_by_a_liaison_of_another_branch_is_recorded(login, staff):
    branch, liaison = make.branch(make.member(staff.chain)), make.position(Role.LIAISON, staff.chain)

    assert login(liaison).get(reverse("branch_edit", args=[branch.pk])).status_code == 404

    entry = AuditEntry.objects.get(action="refused")
    assert (entry.subject_type, entry.subject_id) == ("registry.partybranch", str(branch.pk))
    assert entry.after == '{"permission":"registry.edit_branch","reason":"out_of_reach"}'
