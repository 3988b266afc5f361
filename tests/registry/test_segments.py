import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.registry.models import Segment, SegmentLink
from tests import factories as make
from tests.registry.lines import line

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


def written():
    return AuditEntry.objects.filter(action__startswith="registry.").count()


def test_segment_add_without_a_code_takes_the_initials(login, staff):
    facts = {"name": "勘察设计", "column": 0}

    answer = login(staff).post(reverse("segment_add", args=[staff.chain.pk]), facts)

    segment = Segment.objects.get()
    assert (segment.chain, segment.code) == (staff.chain, "kcsj")
    assert answer.url == f"{reverse('chain_detail', args=[staff.chain.pk])}?segment={segment.pk}"


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "检测监测", "同名"),
        ("code", "testing", "此代码"),
        ("code", "a b", "有效"),
        ("column", "-1", "0"),
        ("column", "99999999", "99"),
        ("industries", "9999", "9999"),
        ("description", "长" * 501, "500"),
    ],
)
def test_segment_add_bad_input_names_field_and_reason(login, staff, field, typed, reason):
    make.segment(staff.chain, "检测监测", code="testing")
    facts = {"name": "勘察设计", "code": "design", "column": "0"} | {field: typed}

    page = login(staff).post(reverse("segment_add", args=[staff.chain.pk]), facts)

    assert reason in "".join(page.context["form"].errors[field])
    assert page.context["form"][field].value() == typed
    assert (Segment.objects.count(), written()) == (1, 0)


def test_segment_edit_changes_and_is_audited(login, staff):
    segment = make.segment(staff.chain, "检测")
    facts = {"name": "检测监测", "code": segment.code, "column": 2, "seen": 0}

    login(staff).post(reverse("segment_edit", args=[segment.pk]), facts)

    segment.refresh_from_db()
    assert (segment.name, segment.column, segment.version) == ("检测监测", 2, 1)
    assert AuditEntry.objects.get(action="registry.edit_segment").subject_id == str(segment.pk)


def test_segment_remove_takes_an_empty_one_with_its_links(login, staff):
    first, empty = line(staff.chain, 1, 0)

    login(staff).post(reverse("segment_remove", args=[empty.pk]))

    assert list(Segment.objects.all()) == [first]
    assert f'"fed_by":[{first.pk}]' in AuditEntry.objects.get(action="registry.remove_segment").before


def test_segment_remove_with_members_is_refused(login, staff):
    (segment,) = line(staff.chain, 1)

    answer = login(staff).post(reverse("segment_remove", args=[segment.pk]))

    assert (answer.status_code, Segment.objects.count()) == (409, 1)


@pytest.mark.parametrize("direction", ["up", "down"])
def test_segment_link_connects_in_the_direction_asked(login, staff, direction):
    here, other = make.segment(staff.chain), make.segment(staff.chain)

    login(staff).post(reverse("segment_link", args=[here.pk]), {"direction": direction, "other": other.pk})

    expected = (other, here) if direction == "up" else (here, other)
    assert [(link.upstream, link.downstream) for link in SegmentLink.objects.all()] == [expected]


def test_segment_link_that_closes_a_circle_names_the_way_at_the_field(login, staff):
    first, second, third = line(staff.chain, 1, 1, 1)

    page = login(staff).post(
        reverse("segment_link", args=[third.pk]), {"direction": "down", "other": first.pk}
    )

    (error,) = page.context["form"].errors["other"]
    assert f"{first} → {second} → {third}" in error
    assert page.context["form"]["other"].value() == str(first.pk)
    assert (SegmentLink.objects.count(), written()) == (2, 0)


def test_segment_link_twice_to_itself_or_to_another_chain_is_refused_at_the_field(login, staff):
    first, second = line(staff.chain, 1, 1)
    stranger = make.segment(make.chain())
    url = reverse("segment_link", args=[first.pk])
    for other in (second, first, stranger):
        page = login(staff).post(url, {"direction": "down", "other": other.pk})
        assert list(page.context["form"].errors) == ["other"]

    assert SegmentLink.objects.count() == 1


def test_segment_unlink_takes_the_link_away(login, staff):
    _, second = line(staff.chain, 1, 1)
    link = SegmentLink.objects.get()

    answer = login(staff).post(reverse("segment_unlink", args=[link.pk]), {"here": second.pk})

    assert (SegmentLink.objects.count(), answer.url) == (0, reverse("segment_link", args=[second.pk]))


@pytest.mark.parametrize(
    "name", ["segment_add", "segment_edit", "segment_remove", "segment_link", "segment_unlink"]
)
def test_segment_pages_of_another_chain_are_as_if_not_there(login, staff, name):
    first, _ = line(make.chain(), 0, 0)
    ids = {"segment_add": first.chain_id, "segment_unlink": SegmentLink.objects.get().pk}

    answer = login(staff).post(reverse(name, args=[ids.get(name, first.pk)]), {"name": "改名"})

    assert (answer.status_code, Segment.objects.count(), SegmentLink.objects.count()) == (404, 2, 1)
