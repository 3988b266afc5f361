import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.registry.actions.organisations import add_organisation, edit_organisation
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import containing, listed_organisations
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


def test_edit_organisation_new_name_keeps_the_old_one_as_former_name(staff):
    row = make.member(staff.chain, "云川宏达建设有限公司")

    edit_organisation(row, by=make.actor_of(staff), name="云川鸿基建设有限公司")

    assert Organisation.objects.get(pk=row.pk).other_names() == ["云川宏达建设有限公司"]


@pytest.mark.parametrize("typed", ["博智", "bozhi", "bzgczxyxgs", "BZGC", "智工程咨询", "博智 咨询"])
def test_containing_finds_by_part_pinyin_and_initials(staff, typed):
    row = make.member(staff.chain, "博智工程咨询有限公司")
    make.member(staff.chain, "启平建筑工程有限公司")

    assert list(containing(listed_organisations(make.actor_of(staff)), typed)) == [row]


def test_containing_finds_by_short_and_former_name(staff):
    by = make.actor_of(staff)
    row = add_organisation(
        name="云川宏达建设有限公司", short_names=["宏达"], former_names=["云川第一建筑队"], by=by
    )

    assert list(containing(listed_organisations(by), "一建筑队")) == [row]


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("credit_code", "91320300MA1MXXXX", "应为 18 位"),
        ("credit_code", "91320300MA1M000001", "校验码"),
        ("name", "云川\x07建设有限公司", "U+0007"),
        ("name", "云川建设‮有限公司", "U+202E"),
        ("name", "鏉ュ窞建筑锟斤拷公司", "编码已损坏"),
        ("name", "长" * 121, "120"),
        ("industries", "9999", "9999"),
        ("region", "999999", "999999"),
    ],
)
def test_organisation_add_bad_input_names_field_and_reason_and_keeps_what_was_typed(
    login, staff, field, typed, reason
):
    facts = {"name": "云川新城建设有限公司", "kind": "enterprise"} | {field: typed}
    before = Organisation.objects.count()

    page = login(staff).post(reverse("organisation_add"), facts)

    assert reason in "".join(page.context["form"].errors[field])
    assert page.context["form"][field].value() == typed
    written = AuditEntry.objects.exclude(action="login")
    assert (Organisation.objects.count(), written.count()) == (before, 0)


def test_organisation_add_likely_duplicate_warns_and_writes_only_when_confirmed(login, staff):
    make.member(staff.chain, "云川宏达建设工程有限公司")
    facts = {"name": "云川宏达建设有限公司", "kind": "enterprise"}

    warned = login(staff).post(reverse("organisation_add"), facts)
    assert "云川宏达建设工程有限公司" in warned.content.decode()
    assert not Organisation.objects.filter(name=facts["name"]).exists()

    login(staff).post(reverse("organisation_add"), facts | {"is_another": "on"})
    assert Organisation.objects.get(name=facts["name"]).registered_by == staff.organisation


def test_organisation_add_code_that_exists_is_refused_at_the_field(login, staff):
    make.member(staff.chain, credit_code="91329900MA1M00000D")
    facts = {"name": "云川新城建设有限公司", "kind": "enterprise", "credit_code": "91329900ma1m 00000d"}

    page = login(staff).post(reverse("organisation_add"), facts)

    assert "已在平台登记" in page.content.decode()


def test_organisation_detail_of_another_chain_is_as_if_not_there(login, staff):
    stranger = make.member(make.chain())

    assert login(staff).get(reverse("organisation_detail", args=[stranger.pk])).status_code == 404
    assert login(staff).get(reverse("organisation_detail", args=[999999])).status_code == 404


def test_organisation_edit_by_contact_is_refused(login):
    contact = make.position(Role.ENTERPRISE_CONTACT)
    url = reverse("organisation_edit", args=[contact.organisation_id])

    assert login(contact).post(url, {"name": "改名"}).status_code == 403
    assert AuditEntry.objects.get(action="refused").person_id == contact.person_id


def test_organisation_describe_by_contact_changes_own_organisation_only(login):
    contact = make.position(Role.ENTERPRISE_CONTACT)
    peer = make.member(make.chain())
    facts = {"business": "房屋建筑施工", "size": "small", "address": ""}

    mine = login(contact).post(reverse("organisation_describe", args=[contact.organisation_id]), facts)
    other = login(contact).post(reverse("organisation_describe", args=[peer.pk]), facts)

    assert (mine.status_code, other.status_code) == (302, 404)
    assert Organisation.objects.get(pk=contact.organisation_id).business == "房屋建筑施工"


@pytest.mark.parametrize("rows", [1, 3])
def test_organisation_list_same_number_of_queries(login, staff, django_assert_num_queries, rows):
    for _ in range(rows):
        make.member(staff.chain, "", make.segment(staff.chain))
    client = login(staff)

    with django_assert_num_queries(13):
        page = client.get(reverse("organisation_list"))
    assert page.context["listing"].page.paginator.count == rows + 1


def test_organisation_list_export_is_exactly_what_is_shown(login, staff, tmp_path):
    from python_calamine import CalamineWorkbook

    make.member(staff.chain, "=1+1建设有限公司", size="small")
    make.member(staff.chain, "云川启平建筑工程有限公司", size="large")
    answer = login(staff).get(
        reverse("organisation_list") + "?size=small&columns=name&columns=size&export=xlsx"
    )
    file = tmp_path / "list.xlsx"
    file.write_bytes(answer.content)

    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()

    assert rows == [["单位名称", "规模"], ["=1+1建设有限公司", "小型"]]
    assert AuditEntry.objects.get(action="export").person_id == staff.person_id


def test_organisation_close_and_reopen_are_undone_by_each_other(login, staff):
    row = make.member(staff.chain)
    client = login(staff)

    client.post(reverse("organisation_close", args=[row.pk]))
    assert Organisation.objects.get(pk=row.pk).state == "closed"
    client.post(reverse("organisation_reopen", args=[row.pk]))
    assert Organisation.objects.get(pk=row.pk).state == "active"
