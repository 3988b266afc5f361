import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.writing import snapshot
from lianqiao.registry.actions.merging import CannotMerge, CannotUndo, merge_organisations, undo_merge
from lianqiao.registry.models import Merge, Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


def two(staff):
    """The kept one is a live member already; the one to go has a branch, a unit and a contact."""
    gone, kept = make.member(staff.chain, "云川宏达"), make.member(staff.chain, "云川宏达建设有限公司")
    make.branch(gone)
    make.unit(gone)
    make.position(Role.ENTERPRISE_CONTACT, staff.chain, organisation=gone)
    return gone, kept


def everything(row: Organisation) -> dict:
    row = Organisation.objects.get(pk=row.pk)
    facts = snapshot(row)
    facts.pop("version"), facts.pop("changed_at")
    related = {
        relation.get_accessor_name(): sorted(
            getattr(row, relation.get_accessor_name()).values_list("pk", flat=True)
        )
        for relation in Organisation._meta.related_objects
        if relation.get_accessor_name() not in ("merges_gone", "merges_kept")
    }
    return facts | related


def test_merge_moves_what_does_not_collide_and_undo_gives_everything_back(staff):
    gone, kept = two(staff)
    before = everything(gone), everything(kept)

    merge = merge_organisations(gone, kept, by=make.actor_of(staff), now=timezone.now())
    kept_now = Organisation.objects.get(pk=kept.pk)
    moved = (
        kept_now.branches.count(),
        kept_now.units.count(),
        kept_now.positions.count(),
        kept_now.memberships.count(),
    )
    assert moved == (1, 1, 1, 1)
    assert kept_now.other_names() == ["云川宏达"]

    undo_merge(merge, by=make.actor_of(staff))
    assert (everything(gone), everything(kept)) == before


def test_undo_merge_twice_is_refused(staff):
    gone, kept = two(staff)
    merge = merge_organisations(gone, kept, by=make.actor_of(staff), now=timezone.now())
    undo_merge(merge, by=make.actor_of(staff))

    with pytest.raises(CannotUndo):
        undo_merge(merge, by=make.actor_of(staff))


def test_merge_with_itself_or_one_that_is_gone_is_refused(staff):
    gone, kept = two(staff)
    merge_organisations(gone, kept, by=make.actor_of(staff), now=timezone.now())

    for pair in ((kept, kept), (gone, kept), (kept, gone)):
        with pytest.raises(CannotMerge):
            merge_organisations(*pair, by=make.actor_of(staff), now=timezone.now())


def test_organisation_merge_page_then_merge_undo_page(login, staff):
    gone, kept = two(staff)
    client = login(staff)

    client.post(reverse("organisation_merge", args=[gone.pk]), {"kept": kept.pk})
    assert client.get(reverse("organisation_detail", args=[gone.pk])).url == reverse(
        "organisation_detail", args=[kept.pk]
    )

    client.post(reverse("merge_undo", args=[Merge.objects.get().pk]))
    assert Organisation.objects.get(pk=gone.pk).state == "active"


def test_organisation_merge_into_another_chain_is_as_if_not_there(login, staff):
    gone, _ = two(staff)
    stranger = make.member(make.chain())

    page = login(staff).post(reverse("organisation_merge", args=[gone.pk]), {"kept": stranger.pk})

    assert "kept" in page.context["form"].errors
    assert not Merge.objects.exists()
